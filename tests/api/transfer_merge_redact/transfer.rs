//! `transfer`: who may give what to whom, and what each can do at the next request.

use serde_json::json;

use super::{act, assert_verified, audited, hand_over, transfer_to};
use crate::api::feed::{now, read, told};
use crate::support::answers::{found, id, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        rights_go_with_the_record_at_the_next_request,
        an_owner_gives_to_its_own_and_asks_others,
        a_receiver_must_be_there_and_seen,
        who_loses_sight_is_told,
        who_is_still_named_loses_sight_of_what_is_the_owners,
        the_owner_is_changed_in_no_other_way,
        every_kind_can_be_given,
    ]
}

fn rights_go_with_the_record_at_the_next_request(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = parties.mou("Title", "private", "recorded");
    let path = format!("{MOUS}/{mou}");
    parties.b.client.get(&path).expect(404);
    let given = hand_over(&parties.a.client, &parties.b, &path);
    assert_eq!(
        (&given["owner_office_id"], &given["version"]),
        (&json!(parties.b.id), &json!(2))
    );

    parties.a.client.get(&path).expect(404);
    any(&parties.a.client).patch(&path, &json!({"tags": ["x"]})).expect(404);
    act(&parties.a.client, &path, &transfer_to(&parties.a.id)).expect(404);
    assert_eq!(found(&parties.a.client, MOUS, &[]), [""; 0]);
    parties.unit.client.get(&path).expect(404);
    parties.b.client.get(&path).expect(200);
    any(&parties.b.client)
        .patch(&path, &json!({"tags": ["ours"]}))
        .expect(200);
    assert_eq!(found(&parties.b.client, MOUS, &[("owner", &parties.b.id)]), ["Title"]);

    let history = parties.b.client.get(&format!("{path}/revisions")).expect(200).json();
    let row = &history["items"][1];
    assert_eq!(
        (&row["operation"], &row["reason"]),
        (&json!("transfer"), &json!("The work has moved."))
    );
    assert_eq!(history["items"][0]["reason"], json!(null));
    let events = ["mou.create 1", "mou.offer -", "mou.transfer 2", "mou.update 3"];
    assert_eq!(audited(app, &mou), events);
    assert_verified(app);
}

fn an_owner_gives_to_its_own_and_asks_others(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    // To a unit: the office above still acts for it, and takes it back.
    act(&parties.a.client, &path, &transfer_to(&parties.unit.id)).expect(200);
    any(&parties.unit.client)
        .patch(&path, &json!({"tags": ["of the unit"]}))
        .expect(200);
    act(&parties.a.client, &path, &transfer_to(&parties.a.id)).expect(200);
    // To itself: nothing happens.
    let before = parties.a.client.get(&path).json();
    assert_eq!(
        act(&parties.a.client, &path, &transfer_to(&parties.a.id))
            .expect(200)
            .json(),
        before
    );
    hand_over(&parties.a.client, &parties.b, &path);
    let problem = any(&parties.a.client)
        .patch(&path, &json!({"tags": ["x"]}))
        .expect(403)
        .problem("not-your-part");
    assert_eq!(pointers(&problem), ["/tags"], "a party is still a party");
    let own = json!({"parties": {&parties.a.id: {"local_ref": "1"}}});
    any(&parties.a.client).patch(&path, &own).expect(200);
}

fn a_receiver_must_be_there_and_seen(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let absent = "off_".to_owned() + &"0".repeat(26);
    let problem = act(&parties.a.client, &path, &transfer_to(&absent))
        .expect(422)
        .problem("invalid-document");
    assert_eq!(problem["errors"][0]["code"], "unknown-reference");
    assert_eq!(pointers(&problem), ["/to_office_id"]);
    // By its own id for the receiver.
    let known = format!("{OFFICES}/{}/external-ids/erp/7", parties.b.id);
    parties.a.client.raw("PUT", &known, &[], b"").expect(201);
    let asked = act(&parties.a.client, &path, &transfer_to("ext:erp:7")).expect(202);
    let offer = parties
        .b
        .client
        .get(asked.header("location").unwrap())
        .expect(200)
        .json();
    assert_eq!(offer["to_office_id"], json!(parties.b.id));
}

fn who_loses_sight_is_told(app: &TestApp) {
    let parties = Parties::new(app);
    let body = json!({"names": {"en": "A place"}, "kind": "school", "visibility": "private"});
    let office = id(&parties.a.client.create(OFFICES, &body));
    let path = format!("{OFFICES}/{office}");
    let (a, unit, c) = (
        now(&parties.a.client),
        now(&parties.unit.client),
        now(&parties.c.client),
    );
    act(&parties.registry, &path, &transfer_to(&parties.c.id)).expect(200);
    any(&parties.c.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    for (client, since) in [(&parties.a.client, a), (&parties.unit.client, unit)] {
        let page = read(client, &[("since", &since)]);
        assert_eq!(
            told(&page),
            [("hidden".to_owned(), office.clone(), 2)],
            "once, and nothing of it"
        );
        assert!(!page.to_string().contains("A place"));
    }
    let page = read(&parties.c.client, &[("since", &c)]);
    assert_eq!(told(&page).len(), 2);
    assert_verified(app);
}

fn who_is_still_named_loses_sight_of_what_is_the_owners(app: &TestApp) {
    let parties = Parties::new(app);
    for (visibility, stage) in [("private", "recorded"), ("public", "draft")] {
        let path = format!("{MOUS}/{}", parties.mou(&format!("Title {stage}"), visibility, stage));
        let start = now(&parties.a.client);
        hand_over(&parties.a.client, &parties.b, &path);
        parties.a.client.get(&path).expect(404);
        let page = read(&parties.a.client, &[("since", &start)]);
        assert_eq!(told(&page).len(), 1, "{visibility} {stage}");
        assert_eq!(page["items"][0]["op"], "hidden");
    }
    assert_verified(app);
}

fn the_owner_is_changed_in_no_other_way(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    for client in [&parties.a.client, &parties.registry] {
        let patch = json!({"owner_office_id": parties.b.id});
        let problem = any(client).patch(&path, &patch).expect(422).problem("invalid-document");
        assert_eq!(problem["errors"][0]["code"], "read-only");
        let mut whole = client.get(&path).json();
        whole["owner_office_id"] = json!(parties.b.id);
        any(client).put(&path, &whole).expect(422).problem("invalid-document");
    }
    // Restoring what another office owned once does not give it back.
    hand_over(&parties.a.client, &parties.b, &path);
    any(&parties.b.client).patch(&path, &json!({"tags": ["x"]})).expect(200);
    let restored = any(&parties.b.client)
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(200)
        .json();
    assert_eq!(
        (&restored["owner_office_id"], &restored["tags"]),
        (&json!(parties.b.id), &json!([]))
    );
}

fn every_kind_can_be_given(app: &TestApp) {
    let parties = Parties::new(app);
    let policy = json!({"titles": {"en": "Plan"}, "kind": "annual_plan", "visibility": "private"});
    let program = json!({"titles": {"en": "Training"}, "kind": "training", "visibility": "private"});
    for (collection, body) in [("/api/v1/policies", policy), ("/api/v1/programs", program)] {
        let path = format!("{collection}/{}", id(&parties.a.client.create(collection, &body)));
        act(&parties.registry, &path, &transfer_to(&parties.b.id)).expect(200);
        parties.a.client.get(&path).expect(404);
        any(&parties.b.client)
            .patch(&path, &json!({"tags": ["ours"]}))
            .expect(200);
    }
    // An office's record may be given to the office itself.
    let office = id(&parties.a.client.create(OFFICES, &make::office_body("New", "KR")));
    let own = app.client_for(&office, &make::every_scope());
    any(&own)
        .patch(&format!("{OFFICES}/{office}"), &json!({"city": "Busan"}))
        .expect(403);
    act(&parties.a.client, &format!("{OFFICES}/{office}"), &transfer_to(&office)).expect(200);
    any(&own)
        .patch(&format!("{OFFICES}/{office}"), &json!({"city": "Busan"}))
        .expect(200);
    assert_verified(app);
}
