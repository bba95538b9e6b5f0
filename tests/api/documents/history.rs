//! Revisions, differences, and bringing an old version back.

use serde_json::{Value, json};

use super::{assert_findings, matching, office_path};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::paths::OFFICES;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        revisions_are_paged_newest_first,
        a_difference_is_a_list_and_a_patch,
        an_old_version_comes_back_as_a_new_one,
        a_restored_version_keeps_all_rules,
        a_restore_that_changes_nothing_makes_no_version,
        what_a_restore_names_must_be_there,
    ]
}

/// An office with five versions, whose tags are the number of each.
fn five_versions(admin: &Client) -> String {
    let path = office_path(&new_office(admin, "Old"));
    for version in 1..5 {
        let patch = json!({"tags": [format!("v{}", version + 1)]});
        matching(admin, &format!("\"v{version}\""))
            .patch(&path, &patch)
            .expect(200);
    }
    path
}

fn revisions_are_paged_newest_first(app: &TestApp) {
    let admin = app.admin();
    let path = five_versions(&admin);
    let mut seen = Vec::new();
    let mut next = format!("{path}/revisions?limit=2");
    loop {
        let page = admin.get(&next).expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["version"].as_i64().unwrap()));
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}/revisions?limit=2&cursor={cursor}"),
            None => {
                assert_eq!(page["page"]["has_more"], false);
                let back = page["page"]["prev_cursor"].as_str().expect("there is a page before");
                let back = admin
                    .get(&format!("{path}/revisions?limit=2&cursor={back}"))
                    .expect(200)
                    .json();
                let versions: Vec<_> = back["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| &item["version"])
                    .collect();
                assert_eq!(versions, [&json!(3), &json!(2)]);
                break;
            }
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    for version in 1..=5 {
        let revision = admin.get(&format!("{path}/revisions/{version}")).expect(200);
        assert_eq!(revision.etag(), format!("\"v{version}\""));
        assert_eq!(revision.json()["version"], version);
    }
    admin
        .get(&format!("{path}/revisions/6"))
        .expect(404)
        .problem("record-not-found");
    admin.get(&format!("{path}/revisions?limit=201")).expect(400);
    // A cursor belongs to the record that it was made for.
    let cursor = admin.get(&format!("{path}/revisions?limit=2")).json()["page"]["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = office_path(&new_office(&admin, "Other"));
    admin
        .get(&format!("{other}/revisions?limit=2&cursor={cursor}"))
        .expect(400)
        .problem("invalid-cursor");
}

fn a_difference_is_a_list_and_a_patch(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Before"));
    let patch = json!({"names": {"en": "After"}, "city": "Seoul", "contacts": {"desk": {"function": "general", "email": "a@example.org"}}});
    matching(&admin, "\"v1\"").patch(&path, &patch).expect(200);
    let diff = admin.get(&format!("{path}/diff?from=1&to=2")).expect(200).json();
    assert_eq!((&diff["from"], &diff["to"]), (&json!(1), &json!(2)));
    let pointers: Vec<&str> = diff["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|change| change["pointer"].as_str())
        .collect();
    assert_eq!(pointers, ["/city", "/contacts/desk", "/names/en"], "{diff:#}");
    assert_eq!(diff["changes"][2]["from"], "Before");
    assert_eq!(diff["changes"][2]["to"], "After");
    assert_eq!(diff["patch"]["names"], json!({"en": "After"}));
    // Without parameters: the last change. Backwards, the patch takes it back.
    assert_eq!(admin.get(&format!("{path}/diff")).expect(200).json(), diff);
    let back = admin.get(&format!("{path}/diff?from=2&to=1")).expect(200).json();
    let restored = matching(&admin, "\"v2\"")
        .patch(&path, &back["patch"])
        .expect(200)
        .json();
    let first = admin.get(&format!("{path}/revisions/1")).json();
    for (name, value) in first.as_object().unwrap() {
        if !["version", "updated_at"].contains(&name.as_str()) {
            assert_eq!(&restored[name], value, "{name}");
        }
    }
    let none = admin.get(&format!("{path}/diff?from=1&to=3")).expect(200).json();
    assert_eq!((&none["changes"], &none["patch"]), (&json!([]), &json!({})));
    admin.get(&format!("{path}/diff?from=1&to=9")).expect(404);
    admin.get(&format!("{path}/diff?from=x")).expect(400);
}

fn an_old_version_comes_back_as_a_new_one(app: &TestApp) {
    let admin = app.admin();
    let path = five_versions(&admin);
    let restore = format!("{path}/restore");
    admin.post(&restore, &json!({"revision": 2})).expect(428);
    let reply = matching(&admin, "\"v5\"")
        .post(&restore, &json!({"revision": 2}))
        .expect(200);
    assert_eq!(reply.etag(), "\"v6\"");
    assert_eq!(reply.json()["tags"], json!(["v2"]));
    assert_eq!(admin.get(&path).json(), reply.json());
    let revisions = admin.get(&format!("{path}/revisions?limit=1")).json();
    assert_eq!(revisions["items"][0]["operation"], "restore");
    matching(&admin, "\"v5\"")
        .post(&restore, &json!({"revision": 2}))
        .expect(412);
}

fn a_restored_version_keeps_all_rules(app: &TestApp) {
    let admin = app.admin();
    let parent = new_office(&admin, "Parent");
    let mut body = make::office_body("Unit", "KR");
    body["parent_id"] = json!(parent);
    let path = office_path(&id(&admin.create(OFFICES, &body)));
    matching(&admin, "\"v1\"")
        .patch(&path, &json!({"parent_id": null}))
        .expect(200);
    matching(&admin, "*").delete(&office_path(&parent)).expect(204);
    let reply = matching(&admin, "\"v2\"")
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(422);
    assert_findings(reply, "invalid-document", &[("/parent_id", "unknown-reference")]);
    assert_eq!(admin.get(&path).etag(), "\"v2\"");
}

fn a_restore_that_changes_nothing_makes_no_version(app: &TestApp) {
    let admin = app.admin();
    let path = five_versions(&admin);
    let before = traces(app);
    let reply = matching(&admin, "\"v5\"")
        .post(&format!("{path}/restore"), &json!({"revision": 5}))
        .expect(200);
    assert_eq!(reply.etag(), "\"v5\"");
    assert_eq!(traces(app), before);
}

fn what_a_restore_names_must_be_there(app: &TestApp) {
    let admin = app.admin();
    let path = format!("{}/restore", five_versions(&admin));
    let restore = |body: Value| matching(&admin, "*").post(&path, &body);
    restore(json!({"revision": 9})).expect(404).problem("record-not-found");
    let expected = [("/revision", "required"), ("/version", "unknown-member")];
    assert_findings(
        restore(json!({"version": 1})).expect(422),
        "invalid-document",
        &expected,
    );
    for revision in [json!(0), json!(-1), json!("1"), json!(1.5), json!(null)] {
        restore(json!({ "revision": revision }))
            .expect(422)
            .problem("invalid-document");
    }
    restore(json!([])).expect(422);
}
