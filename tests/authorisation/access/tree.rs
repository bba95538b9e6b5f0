//! A token acts for its office and the units below it, by the tree of today.

use serde_json::json;

use crate::support::answers::{found, id, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_office_acts_for_its_units_and_not_the_other_way_round,
        being_named_counts_for_the_whole_house,
        moving_an_office_moves_rights_at_once,
        the_end_of_a_hidden_unit_reaches_the_office_above,
    ]
}

fn an_office_acts_for_its_units_and_not_the_other_way_round(app: &TestApp) {
    let parties = Parties::new(app);
    let (above, unit) = (&parties.a.client, &parties.unit.client);
    let mut body = make::mou_body("Of the unit", &[&parties.unit.id, &parties.b.id]);
    body["stage"] = json!("draft");
    let of_unit = format!("{MOUS}/{}", id(&unit.create(MOUS, &body)));
    above.get(&of_unit).expect(200);
    any(above)
        .patch(&of_unit, &json!({ "tags": ["seen from above"] }))
        .expect(200);
    let created = json!({ "titles": { "en": "For the unit" }, "owner_office_id": parties.unit.id });
    for (name, value) in created.as_object().unwrap() {
        body[name] = value.clone();
    }
    above.create(MOUS, &body);

    let private = format!("{MOUS}/{}", parties.mou("Private", "private", "recorded"));
    unit.get(&private).expect(200);
    let problem = any(unit)
        .patch(&private, &json!({ "tags": ["x"] }))
        .expect(403)
        .problem("not-your-part");
    assert_eq!(pointers(&problem), ["/tags"]);
    any(unit).delete(&private).expect(403).problem("not-your-part");
    let draft = format!("{MOUS}/{}", parties.mou("Draft", "public", "draft"));
    unit.get(&draft).expect(404);
    any(unit).patch(&draft, &json!({ "tags": ["x"] })).expect(404);
    // The unit's own record is its own, and the office above may write it too.
    any(unit)
        .patch(&format!("{OFFICES}/{}", parties.unit.id), &json!({ "city": "Seoul" }))
        .expect(200);
    any(above)
        .patch(&format!("{OFFICES}/{}", parties.unit.id), &json!({ "city": "Suwon" }))
        .expect(200);
    any(unit)
        .patch(&format!("{OFFICES}/{}", parties.a.id), &json!({ "city": "Seoul" }))
        .expect(403);
}

fn being_named_counts_for_the_whole_house(app: &TestApp) {
    let parties = Parties::new(app);
    let make = |named: &str| {
        let mut body = make::mou_body("Among partners", &[&parties.b.id, named]);
        body["visibility"] = json!("partners");
        format!("{MOUS}/{}", id(&parties.b.client.create(MOUS, &body)))
    };
    let names_unit = make(&parties.unit.id);
    let names_office = make(&parties.a.id);
    for path in [&names_unit, &names_office] {
        for (name, client) in parties.callers() {
            let expected = if name == "C" { 404 } else { 200 };
            assert_eq!(client.get(path).status, expected, "{name}");
        }
    }
    let own = |office: &str| json!({ "parties": { office: { "local_ref": "1" } } });
    any(&parties.a.client)
        .patch(&names_unit, &own(&parties.unit.id))
        .expect(200);
    any(&parties.unit.client)
        .patch(&names_office, &own(&parties.a.id))
        .expect(403)
        .problem("not-your-part");
}

fn moving_an_office_moves_rights_at_once(app: &TestApp) {
    let parties = Parties::new(app);
    let body = make::mou_body("Of the unit", &[&parties.unit.id, &parties.b.id]);
    let mut private = body.clone();
    private["visibility"] = json!("private");
    let path = format!("{MOUS}/{}", id(&parties.unit.client.create(MOUS, &private)));
    parties.a.client.get(&path).expect(200);
    parties.c.client.get(&path).expect(404);

    let unit = format!("{OFFICES}/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&unit, &json!({ "parent_id": parties.c.id }))
        .expect(200);
    parties.a.client.get(&path).expect(404);
    assert_eq!(found(&parties.a.client, MOUS, &[]), [""; 0]);
    any(&parties.a.client)
        .patch(&path, &json!({ "tags": ["x"] }))
        .expect(404);
    parties.c.client.get(&path).expect(200);
    any(&parties.c.client)
        .patch(&path, &json!({ "tags": ["x"] }))
        .expect(200);

    any(&parties.registry)
        .patch(&unit, &json!({ "parent_id": null }))
        .expect(200);
    parties.c.client.get(&path).expect(404);
    parties.unit.client.get(&path).expect(200);
}

/// A tombstone belongs to the house that the unit belonged to, also when that house moves later.
fn the_end_of_a_hidden_unit_reaches_the_office_above(app: &TestApp) {
    let parties = Parties::new(app);
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&unit, &json!({ "visibility": "private" }))
        .expect(200);
    let start = parties.a.client.get("/api/v1/changes?since=now").expect(200).json();
    any(&parties.registry).delete(&unit).expect(204);
    let feed = format!("/api/v1/changes?since={}", start["next"].as_str().unwrap());
    let page = parties.a.client.get(&feed).expect(200).json();
    assert_eq!(
        (&page["items"][0]["op"], &page["items"][0]["id"]),
        (&json!("delete"), &json!(parties.unit.id))
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
    assert_eq!(below, ["A", "B"], "what was deleted is in no list");
}
