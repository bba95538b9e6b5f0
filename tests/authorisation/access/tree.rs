//! A token acts for its office and the units below it, by the tree of today.

use serde_json::json;

use crate::support::answers::{found, id};
use crate::support::parties::{Parties, any};
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![the_end_of_a_hidden_unit_reaches_the_office_above,]
}

/// A tombstone belongs to the house that the unit belonged to, also when that house moves later.
fn the_end_of_a_hidden_unit_reaches_the_office_above(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("A2", "KR");
    body["parent_id"] = json!(parties.a.id);
    body["visibility"] = json!("private");
    let unit_id = id(&parties.a.client.create(OFFICES, &body));
    let unit = format!("{OFFICES}/{unit_id}");
    let start = parties.a.client.get("/api/v1/changes?since=now").expect(200).json();
    any(&parties.registry).delete(&unit).expect(204);
    let feed = format!("/api/v1/changes?since={}", start["next"].as_str().unwrap());
    let page = parties.a.client.get(&feed).expect(200).json();
    assert_eq!(
        (&page["items"][0]["op"], &page["items"][0]["id"]),
        (&json!("delete"), &json!(unit_id))
    );
    parties.a.client.get(&unit).expect(410);
    parties.b.client.get(&unit).expect(404);
    assert_eq!(parties.b.client.get(&feed).expect(200).json()["items"], json!([]));

    let house = format!("{OFFICES}/{}", parties.a.id);
    any(&parties.registry)
        .patch(&house, &json!({ "parent_id": parties.b.id }))
        .expect(200);
    parties.b.client.get(&unit).expect(410);
    let below: Vec<String> = found(&parties.registry, OFFICES, &[("within", &parties.b.id)]);
    assert_eq!(below, ["A", "A1", "B"], "what was deleted is in no list");
}
