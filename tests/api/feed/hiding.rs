//! What the feed tells somebody whose view of a record ends or begins.

use serde_json::json;

use super::{now, owned, read, told};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_narrowed_record_becomes_hidden,
        a_party_that_is_removed_is_told_once,
        a_moved_office_takes_its_view_along,
    ]
}

/// Operation and version of each change since a position.
#[track_caller]
fn since(client: &Client, position: &str) -> Vec<(String, i64)> {
    let page = read(client, &[("since", position)]);
    for item in page["items"].as_array().unwrap() {
        assert_eq!(item["record"].is_null(), item["op"] != "upsert", "{item}");
    }
    told(&page).into_iter().map(|(op, _, version)| (op, version)).collect()
}

fn a_narrowed_record_becomes_hidden(app: &TestApp) {
    let parties = Parties::new(app);
    let start = now(&parties.c.client);
    let mou = parties.mou("Title", "public", "recorded");
    let path = format!("{MOUS}/{mou}");
    assert_eq!(since(&parties.c.client, &start), owned(&[("upsert", 1)]));
    let middle = now(&parties.c.client);
    let secret = json!({ "visibility": "partners", "tags": ["among us"] });
    any(&parties.a.client).patch(&path, &secret).expect(200);
    assert_eq!(since(&parties.c.client, &middle), owned(&[("hidden", 2)]));
    assert_eq!(since(&parties.b.client, &middle), owned(&[("upsert", 2)]));
    let after = now(&parties.c.client);
    any(&parties.a.client)
        .patch(&path, &json!({ "tags": ["still among us"] }))
        .expect(200);
    assert_eq!(
        since(&parties.c.client, &after),
        owned(&[]),
        "it was told that it is hidden"
    );
    any(&parties.a.client)
        .patch(&path, &json!({ "visibility": "private" }))
        .expect(200);
    assert_eq!(since(&parties.b.client, &after), owned(&[("hidden", 3), ("hidden", 4)]));
    assert_eq!(
        since(&parties.unit.client, &after),
        owned(&[("upsert", 3), ("upsert", 4)])
    );
    any(&parties.a.client).delete(&path).expect(204);
    assert_eq!(since(&parties.c.client, &after), owned(&[]));
    // From the beginning: nothing of it is readable any more, not even what once was.
    assert_eq!(since(&parties.c.client, &start), owned(&[("hidden", 1), ("hidden", 2)]));
    assert!(!parties.c.client.get("/api/v1/changes").text.contains("Title"));
}

fn a_party_that_is_removed_is_told_once(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::mou_body("Title", &[&parties.a.id, &parties.b.id, &parties.c.id]);
    body["visibility"] = json!("partners");
    let path = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &body)));
    let start = now(&parties.c.client);
    let removed = json!({ "parties": { &parties.c.id: null } });
    any(&parties.a.client).patch(&path, &removed).expect(200);
    any(&parties.a.client)
        .patch(&path, &json!({ "tags": ["without C"] }))
        .expect(200);
    assert_eq!(since(&parties.c.client, &start), owned(&[("hidden", 2)]));
    assert_eq!(since(&parties.b.client, &start), owned(&[("upsert", 2), ("upsert", 3)]));
    parties.c.client.get(&path).expect(404);
    // In a public record nothing becomes hidden by that.
    body["visibility"] = json!("public");
    body["titles"]["en"] = json!("Open");
    let open = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &body)));
    let start = now(&parties.c.client);
    any(&parties.a.client).patch(&open, &removed).expect(200);
    assert_eq!(since(&parties.c.client, &start), owned(&[("upsert", 2)]));
}

fn a_moved_office_takes_its_view_along(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::mou_body("Of the unit", &[&parties.unit.id, &parties.b.id]);
    body["visibility"] = json!("private");
    let start = now(&parties.c.client);
    let mou = id(&parties.unit.client.create(MOUS, &body));
    let seen = |client: &Client| {
        let page = read(client, &[("since", start.as_str()), ("kinds", "mou")]);
        told(&page).iter().any(|(op, id, _)| op == "upsert" && *id == mou)
    };
    assert!(seen(&parties.a.client) && !seen(&parties.c.client));
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&unit, &json!({ "parent_id": parties.c.id }))
        .expect(200);
    assert!(!seen(&parties.a.client) && seen(&parties.c.client));
}
