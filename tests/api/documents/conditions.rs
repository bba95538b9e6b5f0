//! `If-Match`: nobody overwrites what he has not seen.

use serde_json::{Value, json};

use super::{matching, office_path, together};
use crate::support::answers::findings;
use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_form_of_a_tag_is_read,
        changes_elsewhere_are_merged,
        changes_of_the_same_place_overlap,
        an_edit_against_a_removal_overlaps,
        a_stale_deletion_shows_the_record,
        a_version_that_never_was_is_stale,
        one_of_sixteen_wins,
        changes_for_any_version_all_succeed,
    ]
}

fn patch(caller: &Client, path: &str, tag: &str, body: Value) -> crate::support::client::Reply {
    matching(caller, tag).patch(path, &body)
}

fn every_form_of_a_tag_is_read(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Tagged"));
    for tag in ["\"v1\"", "W/\"v1\"", "\"v1-0123456789ab\"", "W/\"v1-ff\"", "*"] {
        patch(&admin, &path, tag, json!({})).expect(200);
    }
    for tag in [
        "v1",
        "\"1\"",
        "\"v\"",
        "\"v0\"",
        "\"v-1\"",
        "\"v1",
        "\"v1\", \"v2\"",
        "**",
        "x",
        "\"v99999999999999999999\"",
    ] {
        patch(&admin, &path, tag, json!({}))
            .expect(400)
            .problem("invalid-header");
        matching(&admin, tag)
            .delete(&path)
            .expect(400)
            .problem("invalid-header");
    }
    let expanded = admin.get(&format!("{path}?expand=owner")).expect(200);
    patch(&admin, &path, expanded.etag(), json!({"city": "Seoul"})).expect(200);
}

fn changes_elsewhere_are_merged(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Merged"));
    patch(
        &admin,
        &path,
        "\"v1\"",
        json!({"city": "Seoul", "names": {"ko": "합침"}}),
    )
    .expect(200);
    let mut whole = admin.get(&format!("{path}/revisions/1")).json();
    whole["tags"] = json!(["mine"]);
    whole["names"]["mn"] = json!("Нэгдсэн");
    let by_put = matching(&admin, "\"v1\"").put(&path, &whole);
    let by_patch = patch(
        &admin,
        &path,
        "\"v1\"",
        json!({"tags": ["mine"], "names": {"mn": "Нэгдсэн"}}),
    );
    let current = admin.get(&path).beside_others();
    for reply in [by_put, by_patch] {
        let reply = reply.expect(412);
        assert_eq!(reply.etag(), "\"v2\"");
        let problem = reply.problem("version-conflict");
        assert_eq!(problem["current"], current);
        assert_eq!(problem["overlaps"], json!([]));
        assert_eq!(problem["merged"]["city"], "Seoul");
        assert_eq!(problem["merged"]["tags"], json!(["mine"]));
        assert_eq!(
            problem["merged"]["names"],
            json!({"en": "Merged", "ko": "합침", "mn": "Нэгдсэн"})
        );
        whole = problem["merged"].clone();
    }
    let written = matching(&admin, "\"v2\"").put(&path, &whole).expect(200).json();
    assert_eq!(written["version"], 3);
    for (name, value) in whole.as_object().unwrap() {
        assert_eq!(&written[name], value, "{name}");
    }
}

fn changes_of_the_same_place_overlap(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Base"));
    patch(
        &admin,
        &path,
        "\"v1\"",
        json!({"names": {"en": "Theirs"}, "tags": ["a"], "city": "Seoul"}),
    )
    .expect(200);
    let mine = json!({"names": {"en": "Mine"}, "tags": ["b"], "city": "Seoul", "website": "https://example.org"});
    let problem = patch(&admin, &path, "\"v1\"", mine)
        .expect(412)
        .problem("version-conflict");
    assert_eq!(problem["merged"], json!(null));
    // The same change on both sides (`city`) is none; an array is one value.
    assert_eq!(
        problem["overlaps"],
        json!([
            {"pointer": "/names/en", "base": "Base", "current": "Theirs", "yours": "Mine"},
            {"pointer": "/tags", "base": null, "current": ["a"], "yours": ["b"]},
        ])
    );
    assert_eq!(problem["current"]["version"], 2);
}

fn an_edit_against_a_removal_overlaps(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Base"));
    let alias = json!({"text": "B", "kind": "short"});
    patch(&admin, &path, "\"v1\"", json!({"aliases": {"b": alias}})).expect(200);
    patch(&admin, &path, "\"v2\"", json!({"aliases": {"b": null}})).expect(200);
    let problem = patch(&admin, &path, "\"v2\"", json!({"aliases": {"b": {"text": "BB"}}}))
        .expect(412)
        .json();
    assert_eq!(problem["merged"], json!(null));
    let overlaps = problem["overlaps"].as_array().unwrap();
    assert_eq!(overlaps.len(), 1, "{problem:#}");
    assert!(
        overlaps[0]["pointer"].as_str().unwrap().starts_with("/aliases"),
        "{problem:#}"
    );
    assert_eq!(overlaps[0]["current"], json!(null));
}

fn a_stale_deletion_shows_the_record(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Changed"));
    patch(&admin, &path, "\"v1\"", json!({"city": "Seoul"})).expect(200);
    let reply = matching(&admin, "\"v1\"").delete(&path).expect(412);
    assert_eq!(reply.etag(), "\"v2\"");
    let problem = reply.problem("version-conflict");
    assert_eq!(problem["current"], admin.get(&path).beside_others());
    assert_eq!(problem["merged"], json!(null));
    assert!(problem["overlaps"].is_array());
    matching(&admin, "\"v2\"").delete(&path).expect(204);
}

fn a_version_that_never_was_is_stale(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Young"));
    let problem = patch(&admin, &path, "\"v7\"", json!({"city": "Seoul"}))
        .expect(412)
        .problem("version-conflict");
    assert_eq!(problem["current"]["version"], 1);
    assert_eq!(problem["merged"], json!(null));
    // What is wrong with the change itself is told first: it could never be sent.
    let problem = patch(&admin, &path, "\"v1\"", json!({"country": "XX"}))
        .expect(422)
        .json();
    assert_eq!(
        findings(&problem),
        [("/country".to_owned(), "invalid-country".to_owned())]
    );
}

fn one_of_sixteen_wins(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Wanted"));
    let replies = together(16, |number| {
        patch(&admin, &path, "\"v1\"", json!({"city": format!("City {number}")}))
    });
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    let lost: Vec<_> = replies.iter().filter(|reply| reply.status == 412).collect();
    assert_eq!((won.len(), lost.len()), (1, 15));
    let stored = admin.get(&path).json();
    assert_eq!(stored, won[0].json());
    assert_eq!(stored["version"], 2);
    for reply in lost {
        let problem = reply.json();
        assert_eq!(problem["current"], won[0].beside_others());
        assert_eq!(problem["overlaps"][0]["pointer"], "/city");
    }
}

fn changes_for_any_version_all_succeed(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Shared"));
    let replies = together(16, |number| {
        let alias = json!({"text": format!("Name {number}"), "kind": "alias"});
        patch(&admin, &path, "*", json!({"aliases": {format!("a{number}"): alias}}))
    });
    let refused: Vec<_> = replies
        .iter()
        .filter(|reply| reply.status != 200)
        .map(|reply| &reply.text)
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
    let stored = admin.get(&path).json();
    assert_eq!(stored["version"], 17);
    assert_eq!(stored["aliases"].as_object().unwrap().len(), 16);
}
