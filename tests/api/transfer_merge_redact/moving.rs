//! Offices that move in the tree, and offices that are succeeded.

use serde_json::json;

use super::{act, assert_verified, audited, transfer_to};
use crate::support::answers::{found, id, pointers};
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_move_ends_old_rights_and_gives_new_ones_at_once,
        a_move_can_be_read_from_the_audit_log,
        nobody_leaves_or_enters_anothers_tree_alone,
        nobody_pulls_an_office_under_itself_by_owning_its_record,
        nobody_founds_a_unit_in_anothers_tree,
        an_office_orders_its_own_tree,
        a_successor_gets_no_rights,
    ]
}

fn a_move_ends_old_rights_and_gives_new_ones_at_once(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::mou_body("Of the unit", &[&parties.unit.id, &parties.b.id]);
    body["visibility"] = json!("private");
    let path = format!("{MOUS}/{}", id(&parties.unit.client.create(MOUS, &body)));
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    let mut look = Look::into(app.database().url());
    let mut epoch = || look.number("SELECT epoch AS number FROM registry_state");
    let before = epoch();
    let homes = [(&parties.c, &parties.a), (&parties.a, &parties.c)];
    for (new, old) in homes {
        any(&parties.registry)
            .patch(&unit, &json!({"parent_id": new.id}))
            .expect(200);
        old.client.get(&path).expect(404);
        any(&old.client).patch(&path, &json!({"tags": ["old"]})).expect(404);
        any(&old.client).delete(&path).expect(404);
        any(&old.client).patch(&unit, &json!({"city": "Old"})).expect(403);
        new.client.get(&path).expect(200);
        any(&new.client).patch(&path, &json!({"tags": [new.id]})).expect(200);
        any(&new.client).patch(&unit, &json!({"city": "New"})).expect(200);
        assert_eq!(found(&new.client, MOUS, &[]), ["Of the unit"]);
        assert_eq!(found(&old.client, MOUS, &[]), [""; 0]);
    }
    assert_eq!(epoch(), before + 2);
    // What is no move changes no rights.
    any(&parties.registry)
        .patch(&unit, &json!({"city": "Seoul"}))
        .expect(200);
    assert_eq!(epoch(), before + 2);
    assert_verified(app);
}

fn a_move_can_be_read_from_the_audit_log(app: &TestApp) {
    let parties = Parties::new(app);
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&unit, &json!({"parent_id": parties.c.id}))
        .expect(200);
    any(&parties.registry)
        .patch(&unit, &json!({"city": "Seoul"}))
        .expect(200);
    any(&parties.registry)
        .post(&format!("{unit}/restore"), &json!({"revision": 1}))
        .expect(200);
    assert_eq!(
        audited(app, &parties.unit.id),
        [
            "office.create 1",
            "office.update 2",
            "office.move 2",
            "office.update 3",
            "office.restore 4",
            "office.move 4"
        ]
    );
}

fn nobody_leaves_or_enters_anothers_tree_alone(app: &TestApp) {
    let parties = Parties::new(app);
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    // The unit owns its own record, and acts for itself, but not for the office above.
    for parent in [json!(null), json!(parties.b.id)] {
        let problem = any(&parties.unit.client)
            .patch(&unit, &json!({"parent_id": parent}))
            .expect(403);
        assert_eq!(pointers(&problem.problem("not-your-part")), ["/parent_id"]);
    }
    // The office above gives no unit away into another's tree, nor goes there itself.
    for (client, office) in [
        (&parties.a.client, &unit),
        (&parties.a.client, &format!("{OFFICES}/{}", parties.a.id)),
    ] {
        any(client)
            .patch(office, &json!({"parent_id": parties.c.id}))
            .expect(403)
            .problem("not-your-part");
        let mut whole = client.get(office).json();
        whole["parent_id"] = json!(parties.c.id);
        any(client).put(office, &whole).expect(403).problem("not-your-part");
    }
    assert_eq!(
        found(&parties.registry, OFFICES, &[("within", &parties.a.id)]),
        ["A", "A1"]
    );
    // A restore is no way around.
    any(&parties.registry)
        .patch(&unit, &json!({"parent_id": null}))
        .expect(200);
    any(&parties.unit.client)
        .post(&format!("{unit}/restore"), &json!({"revision": 1}))
        .expect(403);
}

fn nobody_pulls_an_office_under_itself_by_owning_its_record(app: &TestApp) {
    let parties = Parties::new(app);
    // B keeps the record of an office that works here by itself.
    let other = id(&parties.b.client.create(OFFICES, &make::office_body("Other", "KR")));
    let own = app.client_for(&other, &make::every_scope());
    let mut body = make::mou_body("Of the other", &[&other, &parties.c.id]);
    body["visibility"] = json!("private");
    let secret = format!("{MOUS}/{}", id(&own.create(MOUS, &body)));
    let path = format!("{OFFICES}/{other}");
    any(&parties.b.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    let pulled = any(&parties.b.client)
        .patch(&path, &json!({"parent_id": parties.b.id}))
        .expect(403);
    assert_eq!(pointers(&pulled.problem("not-your-part")), ["/parent_id"]);
    parties.b.client.get(&secret).expect(404);
    // The office itself cannot go there either: it does not act for B, so B would be asked by nobody.
    act(&parties.b.client, &path, &transfer_to(&other)).expect(200);
    any(&own).patch(&path, &json!({"parent_id": parties.b.id})).expect(403);
    any(&parties.registry)
        .patch(&path, &json!({"parent_id": parties.b.id}))
        .expect(200);
    parties.b.client.get(&secret).expect(200);
}

fn nobody_founds_a_unit_in_anothers_tree(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("New", "KR");
    body["parent_id"] = json!(parties.a.id);
    for stranger in [&parties.c.client, &parties.unit.client] {
        let problem = stranger.post(OFFICES, &body).expect(403).problem("not-your-part");
        assert_eq!(pointers(&problem), ["/parent_id"]);
    }
    parties.a.client.create(OFFICES, &body);
    body["parent_id"] = json!(parties.unit.id);
    parties.a.client.create(OFFICES, &body);
    assert_eq!(found(&parties.registry, OFFICES, &[("within", &parties.a.id)]).len(), 4);
}

fn an_office_orders_its_own_tree(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("A2", "KR");
    body["parent_id"] = json!(parties.a.id);
    let second = id(&parties.a.client.create(OFFICES, &body));
    let unit = format!("{OFFICES}/{}", parties.unit.id);
    any(&parties.a.client)
        .patch(&unit, &json!({"parent_id": second}))
        .expect(200);
    assert_eq!(found(&parties.a.client, OFFICES, &[("within", &second)]), ["A1", "A2"]);
    let cycle = any(&parties.a.client).patch(&format!("{OFFICES}/{second}"), &json!({"parent_id": parties.unit.id}));
    assert_eq!(cycle.expect(422).json()["errors"][0]["code"], "cycle");
    // It may let a unit go.
    any(&parties.a.client)
        .patch(&unit, &json!({"parent_id": null}))
        .expect(200);
    any(&parties.a.client)
        .patch(&unit, &json!({"city": "Seoul"}))
        .expect(403);
    assert_verified(app);
}

fn a_successor_gets_no_rights(app: &TestApp) {
    let parties = Parties::new(app);
    let office = format!("{OFFICES}/{}", parties.a.id);
    let unknown = json!({"successor_ids": ["off_".to_owned() + &"0".repeat(26)]});
    let problem = any(&parties.a.client)
        .patch(&office, &unknown)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(problem["errors"][0]["code"], "unknown-reference");
    assert_eq!(pointers(&problem), ["/successor_ids/0"]);

    let secret = format!("{MOUS}/{}", parties.mou("Secret", "private", "recorded"));
    let draft = format!("{MOUS}/{}", parties.mou("Draft", "public", "draft"));
    let open = format!("{MOUS}/{}", parties.mou("Open", "public", "recorded"));
    let named = json!({"successor_ids": [parties.c.id], "valid": {"from": null, "to": "2025-12-31", "open": false}});
    let changed = any(&parties.a.client).patch(&office, &named).expect(200).json();
    assert_eq!(changed["successor_ids"], json!([parties.c.id]));
    let page = parties
        .b
        .client
        .get(&format!("{office}?expand=successors"))
        .expect(200)
        .json();
    assert_eq!(page["expanded"][&parties.c.id]["names"]["en"], "C");

    let successor = &parties.c.client;
    for hidden in [&secret, &draft] {
        successor.get(hidden).expect(404);
        act(successor, hidden, &transfer_to(&parties.c.id)).expect(404);
    }
    for seen in [&open, &office] {
        any(successor).patch(seen, &json!({"tags": ["x"]})).expect(403);
        any(successor).delete(seen).expect(403);
        act(successor, seen, &transfer_to(&parties.c.id)).expect(403);
    }
    assert_eq!(found(successor, MOUS, &[]), ["Open"]);
}
