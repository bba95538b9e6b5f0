//! What offices do together is recorded by one of them: who names others in an MOU or a program is named there too.

use serde_json::{Value, json};

use crate::support::answers::{id, pointers};
use crate::support::client::{Client, Reply};
use crate::support::parties::{Parties, any};
use crate::support::paths::MOUS;
use crate::support::{Case, TestApp, cases, make};

const PROGRAMS: &str = "/api/v1/programs";

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_stranger_records_nothing_between_others,
        names_are_added_by_those_who_are_named,
        what_names_nobody_else_is_not_asked,
        a_push_and_a_restored_version_are_asked_alike,
    ]
}

/// Both kinds: the collection, the member that names, and a body that names these offices.
fn kinds(offices: &[&str]) -> [(&'static str, &'static str, Value); 2] {
    let named: Value = offices
        .iter()
        .map(|office| ((*office).to_owned(), json!({"roles": ["participant"]})))
        .collect::<serde_json::Map<String, Value>>()
        .into();
    let program = json!({"titles": {"en": "Pact"}, "kind": "training", "offices": named});
    let mou = make::mou_body("Pact", offices);
    [(MOUS, "parties", mou), (PROGRAMS, "offices", program)]
}

/// A role that an office can have there.
fn role_in(member: &str) -> &'static str {
    if member == "parties" { "signatory" } else { "host" }
}

#[track_caller]
fn refuse(reply: Reply, pointer: &str) {
    let problem = reply.expect(403).problem("not-your-part");
    assert_eq!(pointers(&problem), [pointer]);
    let detail = problem["errors"][0]["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("Name your own office too"), "{detail}");
}

fn a_stranger_records_nothing_between_others(app: &TestApp) {
    let parties = Parties::new(app);
    let (first, second) = (parties.a.id.as_str(), parties.b.id.as_str());
    for (collection, member, body) in kinds(&[first, second]) {
        let pointer = format!("/{member}/{}", first.min(second));
        refuse(parties.c.client.post(collection, &body), &pointer);
        // A unit does not act for the office above it; the office above acts for its units.
        let of_b = [parties.b.id.as_str(), parties.unit.id.as_str()];
        let (_, _, with_unit) = kinds(&of_b).into_iter().find(|(path, ..)| *path == collection).unwrap();
        parties.a.client.create(collection, &with_unit);
        refuse(parties.unit.client.post(collection, &body), &pointer);
        parties.a.client.create(collection, &body);
        // The registry enters what happened, whoever took part.
        let mut owned = body.clone();
        owned["owner_office_id"] = json!(parties.c.id);
        owned["titles"]["en"] = json!("Another one");
        let entered = parties.registry.create(collection, &owned);
        // Its owner may correct it, as long as the names stay.
        let path = format!("{collection}/{}", id(&entered));
        any(&parties.c.client).patch(&path, &json!({"tags": ["x"]})).expect(200);
    }
}

fn names_are_added_by_those_who_are_named(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.id, &parties.b.id, &parties.c.id);
    for (collection, member, body) in kinds(&[a, b]) {
        let path = format!("{collection}/{}", id(&parties.a.client.create(collection, &body)));
        let owner: Client = any(&parties.a.client);
        let change = |change: Value| owner.patch(&path, &json!({ member: change }));
        let role = role_in(member);
        change(json!({c: {"roles": [role]}})).expect(200);
        // One's own name taken out while others stay.
        refuse(change(json!({a: null})), &format!("/{member}/{a}"));
        // Both at once: told at the name that is added.
        change(json!({c: null})).expect(200);
        refuse(
            change(json!({a: null, c: {"roles": [role]}})),
            &format!("/{member}/{c}"),
        );
        // In the place of one's own name that of a unit that one acts for.
        change(json!({a: null, parties.unit.id.as_str(): {"roles": [role]}})).expect(200);
        change(json!({a: {"roles": [role]}})).expect(200);
    }
}

fn what_names_nobody_else_is_not_asked(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.id, &parties.b.id, &parties.c.id);
    for (collection, member, body) in kinds(&[]) {
        let mut body = body;
        if collection == MOUS {
            body["stage"] = json!("draft");
        }
        let path = format!("{collection}/{}", id(&parties.a.client.create(collection, &body)));
        let owner = any(&parties.a.client);
        let role = role_in(member);
        let another = owner.patch(&path, &json!({member: {b: {"roles": [role]}}}));
        refuse(another, &format!("/{member}/{b}"));
        // All names taken out again.
        let both = json!({member: {a: {"roles": [role]}, b: {"roles": [role]}}});
        owner.patch(&path, &both).expect(200);
        owner.patch(&path, &json!({member: {a: null, b: null}})).expect(200);
        // A name of others is taken out by an owner who is not named: what it was given by the registry.
        let registry = any(&parties.registry);
        let others = json!({member: {b: {"roles": [role]}, c: {"roles": [role]}}});
        registry.patch(&path, &others).expect(200);
        owner.patch(&path, &json!({member: {c: null}})).expect(200);
    }
}

fn a_push_and_a_restored_version_are_asked_alike(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.id, &parties.b.id, &parties.c.id);
    for (collection, member, body) in kinds(&[b, c]) {
        let pushed = format!("{collection}/by-external/erp/1");
        refuse(parties.a.client.put(&pushed, &body), &format!("/{member}/{}", b.min(c)));
        // What the registry wrote of others comes back by nobody else.
        let mut owned = body.clone();
        owned["owner_office_id"] = json!(a);
        let path = format!("{collection}/{}", id(&parties.registry.create(collection, &owned)));
        let role = role_in(member);
        any(&parties.registry)
            .patch(&path, &json!({member: {a: {"roles": [role]}, c: null}}))
            .expect(200);
        let restored = any(&parties.a.client).post(&format!("{path}/restore"), &json!({"revision": 1}));
        refuse(restored, &format!("/{member}/{c}"));
    }
}
