//! What both ids of a merged office mean afterwards: for rights, in documents, in the tree, and for own ids.

use serde_json::{Value, json};

use super::merging::{merge, merge_a_into_c};
use super::{act, assert_verified, transfer_to};
use crate::support::answers::{found, id};
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        partners_are_looked_at_by_what_they_have_become,
        documents_keep_the_ids_that_they_were_written_with,
        units_come_under_the_survivor,
        own_ids_become_the_survivors,
        own_ids_that_contradict_are_told,
        a_twin_is_told_by_whichever_id,
    ]
}

fn partners_are_looked_at_by_what_they_have_become(app: &TestApp) {
    let parties = Parties::new(app);
    parties.mou("Of A", "public", "recorded");
    let program = json!({"titles": {"en": "Program of A"}, "kind": "training",
                         "offices": {&parties.a.id: {"roles": ["host"]}}});
    parties.a.client.create("/api/v1/programs", &program);
    let survivor = json!({"country": "MN", "kind": "education_department"});
    any(&parties.c.client)
        .patch(&format!("{OFFICES}/{}", parties.c.id), &survivor)
        .expect(200);
    merge_a_into_c(&parties);
    let list = |filters: &[(&str, &str)]| found(&parties.b.client, MOUS, filters);
    assert_eq!(list(&[("party", &parties.b.id), ("partner_country", "MN")]), ["Of A"]);
    assert_eq!(
        list(&[("party", &parties.b.id), ("partner_kind", "education_department")]),
        ["Of A"]
    );
    assert_eq!(list(&[("party", &parties.b.id), ("partner_country", "KR")]), [""; 0]);
    // Whoever is asked for by either id is no partner of itself.
    for own in [&parties.a.id, &parties.c.id] {
        assert_eq!(list(&[("party", own), ("partner_country", "MN")]), [""; 0]);
        assert_eq!(list(&[("party", own), ("partner_country", "KR")]), ["Of A"]);
    }
    let programs = |country| found(&parties.b.client, "/api/v1/programs", &[("office_country", country)]);
    assert_eq!(
        (programs("MN"), programs("KR")),
        (vec!["Program of A".to_owned()], vec![])
    );
}

fn documents_keep_the_ids_that_they_were_written_with(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Of A", "public", "recorded"));
    let (a, c) = merge_a_into_c(&parties);
    let mut whole = parties.a.client.get(&path).json();
    assert_eq!(whole["owner_office_id"], json!(parties.a.id));
    assert!(whole["parties"].get(&parties.a.id).is_some());
    whole["tags"] = json!(["again"]);
    let written = any(&parties.a.client).put(&path, &whole).expect(200).json();
    assert_eq!(
        (&written["owner_office_id"], &written["parties"]),
        (&whole["owner_office_id"], &whole["parties"])
    );
    // A new document may name it, too, by the id that its writer knows.
    let new = parties
        .b
        .client
        .create(MOUS, &make::mou_body("New", &[&parties.a.id, &parties.b.id]));
    assert!(new["parties"].get(&parties.a.id).is_some());
    let own = json!({"parties": {&parties.a.id: {"local_ref": "ours"}}});
    any(&parties.c.client)
        .patch(&format!("{MOUS}/{}", id(&new)), &own)
        .expect(200);
    // Two ids of one office are not two signatories.
    let alone = make::mou_body("Alone", &[&parties.a.id, &parties.c.id]);
    let problem = parties
        .a
        .client
        .post(MOUS, &alone)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(problem["errors"][0]["code"], "same-house");
    // The survivor is referred to by either id.
    let problem = any(&parties.registry).delete(&c).expect(409).problem("referenced");
    assert!(problem["referrers"].as_array().unwrap().len() >= 2, "{problem}");
    act(
        &parties.b.client,
        &format!("{MOUS}/{}", id(&new)),
        &transfer_to(&parties.c.id),
    )
    .expect(202);
    let _ = a;
    assert_verified(app);
}

fn units_come_under_the_survivor(app: &TestApp) {
    let parties = Parties::new(app);
    let mut below = make::office_body("A1a", "KR");
    below["parent_id"] = json!(parties.unit.id);
    let below = id(&parties.a.client.create(OFFICES, &below));
    let mut of_c = make::office_body("C1", "KR");
    of_c["parent_id"] = json!(parties.c.id);
    let of_c = id(&parties.c.client.create(OFFICES, &of_c));
    any(&parties.registry)
        .patch(
            &format!("{OFFICES}/{}", parties.c.id),
            &json!({"parent_id": parties.b.id}),
        )
        .expect(200);
    assert_verified(app);
    merge_a_into_c(&parties);
    assert_verified(app);
    assert_eq!(
        found(&parties.b.client, OFFICES, &[("within", &parties.b.id)]),
        ["A1", "A1a", "B", "C", "C1"]
    );
    any(&parties.b.client)
        .patch(&format!("{OFFICES}/{below}"), &json!({"city": "Seoul"}))
        .expect(200);
    // New units under either id; moves of what is below and of the survivor itself.
    for (name, parent) in [("X", &parties.a.id), ("Y", &parties.c.id)] {
        let mut body = make::office_body(name, "KR");
        body["parent_id"] = json!(parent);
        parties.a.client.create(OFFICES, &body);
        assert_verified(app);
    }
    assert_eq!(
        found(&parties.b.client, OFFICES, &[("parent", &parties.c.id)]),
        ["A1", "C1", "X", "Y"]
    );
    let moves = [
        (&of_c, json!(parties.a.id)),
        (&below, json!(of_c)),
        (&parties.c.id, json!(null)),
        (&of_c, json!(null)),
    ];
    for (office, parent) in moves {
        any(&parties.registry)
            .patch(&format!("{OFFICES}/{office}"), &json!({"parent_id": parent}))
            .expect(200);
        assert_verified(app);
    }
    let cycle = any(&parties.registry).patch(
        &format!("{OFFICES}/{}", parties.c.id),
        &json!({"parent_id": parties.a.id}),
    );
    assert_eq!(cycle.expect(422).json()["errors"][0]["code"], "cycle");
    parties.a.client.get(&format!("{OFFICES}/{}", parties.b.id)).expect(200);
    assert_eq!(found(&parties.b.client, OFFICES, &[("within", &parties.b.id)]), ["B"]);
}

fn own_ids_become_the_survivors(app: &TestApp) {
    let parties = Parties::new(app);
    let own_id = |client: &Client, record: &str, key: &str| {
        client
            .raw("PUT", &format!("{record}/external-ids/erp/{key}"), &[], b"")
            .expect(201);
    };
    let (a, c) = (
        format!("{OFFICES}/{}", parties.a.id),
        format!("{OFFICES}/{}", parties.c.id),
    );
    let mou = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    own_id(&parties.b.client, &a, "theirs");
    own_id(&parties.a.client, &mou, "m-1");
    // Both know the same record by the same id, and themselves by it.
    own_id(&parties.a.client, &mou, "m-2");
    own_id(&parties.c.client, &mou, "m-2");
    own_id(&parties.a.client, &a, "self");
    own_id(&parties.c.client, &c, "self");
    merge_a_into_c(&parties);
    let theirs = parties
        .b
        .client
        .get(&format!("{OFFICES}/ext:erp:theirs"))
        .expect(200)
        .json();
    assert_eq!(theirs["id"], json!(parties.c.id));
    for client in [&parties.a.client, &parties.c.client] {
        for key in ["m-1", "m-2"] {
            client.get(&format!("{MOUS}/ext:erp:{key}")).expect(200);
        }
        assert_eq!(
            client
                .get(&format!("{OFFICES}/by-external/erp/self"))
                .expect(200)
                .json()["id"],
            json!(parties.c.id)
        );
    }
    assert_verified(app);
}

fn own_ids_that_contradict_are_told(app: &TestApp) {
    let parties = Parties::new(app);
    let (one, other) = (
        parties.mou("One", "public", "recorded"),
        parties.mou("Other", "public", "recorded"),
    );
    let give = |client: &Client, record: &str| {
        client
            .raw("PUT", &format!("{MOUS}/{record}/external-ids/erp/7"), &[], b"")
            .expect(201);
    };
    give(&parties.a.client, &one);
    give(&parties.c.client, &other);
    let a = format!("{OFFICES}/{}", parties.a.id);
    let problem = act(&parties.registry, &a, &merge(&parties.c.id))
        .expect(409)
        .problem("merge-conflict");
    assert_eq!(
        problem["external_ids"],
        json!([{"system": "erp", "kind": "mou", "key": "7", "of_merged": one, "of_survivor": other}])
    );
    parties.b.client.get(&a).expect(200);
    assert_verified(app);
    parties
        .c
        .client
        .delete(&format!("{MOUS}/{other}/external-ids/erp/7"))
        .expect(204);
    act(&parties.registry, &a, &merge(&parties.c.id)).expect(200);
    assert_eq!(
        parties.c.client.get(&format!("{MOUS}/ext:erp:7")).expect(200).json()["id"],
        json!(one)
    );
}

fn a_twin_is_told_by_whichever_id(app: &TestApp) {
    let parties = Parties::new(app);
    parties.mou("Twin", "public", "recorded");
    merge_a_into_c(&parties);
    let by_survivor = make::mou_body("Twin", &[&parties.c.id, &parties.b.id]);
    let refused = parties
        .registry
        .post(MOUS, &owned(&by_survivor, &parties.c.id))
        .expect(409);
    refused.problem("possible-duplicate");
    let by_old_id = make::mou_body("Twin", &[&parties.a.id, &parties.b.id]);
    let refused = parties
        .registry
        .post(MOUS, &owned(&by_old_id, &parties.b.id))
        .expect(409);
    refused.problem("possible-duplicate");
    let other = make::mou_body("Not the same", &[&parties.c.id, &parties.b.id]);
    parties.registry.create(MOUS, &owned(&other, &parties.c.id));
}

fn owned(body: &Value, office: &str) -> Value {
    let mut body = body.clone();
    body["owner_office_id"] = json!(office);
    body
}
