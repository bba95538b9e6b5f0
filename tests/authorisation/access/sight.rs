//! Sight of a restricted record comes from members that its owner alone writes, and of a past version from what that
//! version said: nobody lets themselves or others in by what they write into it.

use serde_json::{Value, json};

use crate::api::feed::{now, owned, read, told};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES, PROGRAMS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_evaluator_does_not_come_to_see_what_was_for_partners,
        a_host_does_not_show_the_record_to_a_third,
        a_version_is_seen_by_those_whom_it_named,
        a_carrier_of_a_commitment_sees_the_record,
        a_draft_tells_nothing_to_whom_it_no_longer_names,
        an_unreadable_base_gives_overlaps_without_it,
        a_survivor_sees_the_versions_that_named_the_merged,
    ]
}

/// The versions that the caller finds in the list of revisions, newest first.
#[track_caller]
fn versions(client: &Client, path: &str) -> Vec<i64> {
    let page = client.get(&format!("{path}/revisions")).expect(200).json();
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["version"].as_i64().expect("a version"))
        .collect()
}

/// What the feed says of one record, from the beginning: operation and version.
#[track_caller]
fn changes(client: &Client, id: &str) -> Vec<(String, i64)> {
    told(&read(client, &[("since", "begin"), ("limit", "200")]))
        .into_iter()
        .filter(|(_, record, _)| record == id)
        .map(|(op, _, version)| (op, version))
        .collect()
}

/// The record is there for this caller: by its id, in its list, in its history.
#[track_caller]
fn assert_sight(client: &Client, list: &str, id: &str, is_seen: bool) {
    let status = if is_seen { 200 } else { 404 };
    for below in ["", "/revisions", "/diff"] {
        assert_eq!(client.get(&format!("{list}/{id}{below}")).status, status, "{below}");
    }
    let page = client.get(&format!("{list}?limit=200")).expect(200).text;
    assert_eq!(page.contains(id), is_seen, "in the list");
}

fn evaluation(evaluator: &str) -> Value {
    json!({"evaluations": {"ours": {"evaluator_id": evaluator, "scheme": {"en": "Integrity"}}}})
}

fn an_evaluator_does_not_come_to_see_what_was_for_partners(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("Known to partners", "KR");
    body["visibility"] = json!("partners");
    body["city"] = json!("zq-secret-city");
    body["owner_office_id"] = json!(parties.a.id);
    let office = id(&parties.a.client.create(OFFICES, &body));
    let path = format!("{OFFICES}/{office}");
    let opened = json!({"visibility": "public", "city": null});
    any(&parties.a.client).patch(&path, &opened).expect(200);
    any(&parties.c.client)
        .patch(&path, &evaluation(&parties.c.id))
        .expect(200);
    assert_eq!(versions(&parties.c.client, &path), [3, 2]);
    for below in ["/revisions/1", "/diff?from=1&to=2", "/diff?from=1"] {
        parties.c.client.get(&format!("{path}{below}")).expect(404);
    }
    assert_eq!(
        changes(&parties.c.client, &office),
        owned(&[("upsert", 2), ("upsert", 3)])
    );
    // Narrowed again, it is hidden from the evaluator as from every other stranger.
    let narrowed = json!({"visibility": "partners"});
    any(&parties.a.client).patch(&path, &narrowed).expect(200);
    assert_sight(&parties.c.client, OFFICES, &office, false);
    let hidden = owned(&[("hidden", 2), ("hidden", 3), ("hidden", 4)]);
    assert_eq!(changes(&parties.c.client, &office), hidden);
    assert_sight(&parties.unit.client, OFFICES, &office, true);
    let feed = parties.c.client.get("/api/v1/changes?limit=200").expect(200).text;
    assert!(!feed.contains("zq-secret-city"));
}

fn a_host_does_not_show_the_record_to_a_third(app: &TestApp) {
    let parties = Parties::new(app);
    let body = json!({
        "titles": {"en": "Among us"}, "kind": "workshop", "stage": "planned", "visibility": "partners",
        "offices": {&parties.a.id: {"roles": ["lead"]}, &parties.b.id: {"roles": ["host"]}},
    });
    let program = id(&parties.a.client.create(PROGRAMS, &body));
    let path = format!("{PROGRAMS}/{program}");
    let start = now(&parties.c.client);
    let count = json!({"value": 7, "qualifier": "exact"});
    let session = json!({"sessions": {"first": {
        "state": "planned",
        "agenda": {"talk": {"title": {"en": "Talk"}, "presenter_office_id": parties.c.id}},
        "participation": {"row": {"role": "teacher", "unit": "person", "from_office_id": parties.c.id,
            "count": count}},
    }}});
    any(&parties.b.client).patch(&path, &session).expect(200);
    assert_sight(&parties.b.client, PROGRAMS, &program, true);
    assert_sight(&parties.c.client, PROGRAMS, &program, false);
    let taken_out = json!({"sessions": {"first": null}});
    any(&parties.b.client).patch(&path, &taken_out).expect(200);
    assert_eq!(told(&read(&parties.c.client, &[("since", &start)])), []);
}

fn a_version_is_seen_by_those_whom_it_named(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::mou_body("Among us", &[&parties.a.id, &parties.b.id]);
    body["visibility"] = json!("partners");
    let mou = id(&parties.a.client.create(MOUS, &body));
    let path = format!("{MOUS}/{mou}");
    let patch = |change: Value| any(&parties.a.client).patch(&path, &change).expect(200);
    let role = json!({"roles": ["signatory"]});
    patch(json!({"parties": {&parties.c.id: role}}));
    patch(json!({"parties": {&parties.b.id: null}}));
    patch(json!({"tags": ["without B"]}));
    patch(json!({"parties": {&parties.b.id: role}}));
    assert_eq!(versions(&parties.a.client, &path), [5, 4, 3, 2, 1]);
    assert_eq!(versions(&parties.unit.client, &path), [5, 4, 3, 2, 1]);
    assert_eq!(versions(&parties.b.client, &path), [5, 2, 1]);
    assert_eq!(versions(&parties.c.client, &path), [5, 4, 3, 2]);
    parties.b.client.get(&format!("{path}/revisions/3")).expect(404);
    parties.b.client.get(&format!("{path}/diff?from=1&to=5")).expect(200);
    parties.b.client.get(&format!("{path}/diff?from=4&to=5")).expect(404);
    parties.c.client.get(&format!("{path}/revisions/1")).expect(404);
    let upserts = |list: &[i64]| {
        list.iter()
            .map(|version| ("upsert".to_owned(), *version))
            .collect::<Vec<_>>()
    };
    assert_eq!(changes(&parties.c.client, &mou), upserts(&[2, 3, 4, 5]));
    let of_b = owned(&[("upsert", 1), ("upsert", 2), ("hidden", 3), ("upsert", 5)]);
    assert_eq!(changes(&parties.b.client, &mou), of_b);
    // A restore needs to see the version that is restored.
    let restore = |client: &Client, version: i64| {
        any(client)
            .post(&format!("{path}/restore"), &json!({"revision": version}))
            .status
    };
    assert_eq!(restore(&parties.c.client, 1), 404);
    assert_eq!(restore(&parties.a.client, 1), 200);
}

fn a_carrier_of_a_commitment_sees_the_record(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::mou_body("Among us", &[&parties.a.id, &parties.b.id]);
    body["visibility"] = json!("partners");
    body["commitments"] = json!({"do-it": {"text": {"en": "Do it"}, "owner_office_ids": [parties.c.id]}});
    let mou = id(&parties.a.client.create(MOUS, &body));
    assert_sight(&parties.c.client, MOUS, &mou, true);
    let path = format!("{MOUS}/{mou}");
    let dropped = json!({"commitments": {"do-it": null}});
    any(&parties.a.client).patch(&path, &dropped).expect(200);
    assert_sight(&parties.c.client, MOUS, &mou, false);
    assert_eq!(changes(&parties.c.client, &mou), owned(&[("hidden", 1), ("hidden", 2)]));
}

fn a_draft_tells_nothing_to_whom_it_no_longer_names(app: &TestApp) {
    let parties = Parties::new(app);
    let start = now(&parties.c.client);
    let mut body = make::mou_body("Not yet", &[&parties.a.id, &parties.b.id, &parties.c.id]);
    body["stage"] = json!("draft");
    let path = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &body)));
    let without = json!({"parties": {&parties.c.id: null}});
    any(&parties.a.client).patch(&path, &without).expect(200);
    assert_eq!(told(&read(&parties.c.client, &[("since", &start)])), []);
}

fn an_unreadable_base_gives_overlaps_without_it(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("Known to partners", "KR");
    body["visibility"] = json!("private");
    body["owner_office_id"] = json!(parties.a.id);
    body["city"] = json!("zq-secret-city");
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &body)));
    let opened = json!({"visibility": "public", "city": "Seoul"});
    any(&parties.a.client).patch(&path, &opened).expect(200);
    let change = json!({"city": "Busan", "version": 1});
    // A version that the caller may not see, and one that never was, are answered alike.
    for base in ["\"v1\"", "\"v99\""] {
        let stale = parties.c.client.header("if-match", base);
        let problem = stale.patch(&path, &change).expect(412).json();
        let overlap = json!([{"pointer": "/city", "base": null, "current": "Seoul", "yours": "Busan"}]);
        assert_eq!(problem["overlaps"], overlap, "{base}");
        assert_eq!(problem["merged"], Value::Null);
        assert!(!problem.to_string().contains("zq-secret-city"));
    }
    let known = parties.a.client.header("if-match", "\"v1\"");
    let problem = known.patch(&path, &json!({"city": "Busan"})).expect(412).json();
    assert_eq!(problem["overlaps"][0]["base"], "zq-secret-city");
}

fn a_survivor_sees_the_versions_that_named_the_merged(app: &TestApp) {
    let parties = Parties::new(app);
    let twin = id(&parties.registry.create(OFFICES, &make::office_body("Twin of C", "KR")));
    let mut body = make::mou_body("Among us", &[&parties.a.id, &twin]);
    body["visibility"] = json!("partners");
    let path = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &body)));
    parties.c.client.get(&path).expect(404);
    let merge = json!({"action": "merge_into", "survivor_id": parties.c.id, "reason": "Twice."});
    any(&parties.registry)
        .post(&format!("{OFFICES}/{twin}/actions"), &merge)
        .expect(200);
    parties.c.client.get(&format!("{path}/revisions/1")).expect(200);
    assert_eq!(versions(&parties.c.client, &path), [1]);
}
