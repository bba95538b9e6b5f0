//! Records that another office is asked to take: what each side sees, and what ends an offer.

use serde_json::{Value, json};

use super::{act, assert_verified, audited, hand_over, transfer_to};
use crate::api::feed::{now, read, told};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::parties::{Parties, Party, any};
use crate::support::paths::{MOUS, TRANSFERS};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        nothing_moves_before_the_receiver_agrees,
        a_draft_is_shown_at_the_version_that_was_offered,
        what_has_changed_since_is_not_taken,
        a_later_transfer_and_a_deletion_end_an_offer,
        an_offer_expires,
        only_the_receiver_answers,
        an_answer_is_given_once,
        the_list_is_asked_by_side_and_state,
        small_counts_stay_hidden_from_who_is_asked,
    ]
}

/// Offers the record at this path: the path of the offer.
#[track_caller]
fn offer(from: &Client, to: &Party, path: &str) -> String {
    let asked = act(from, path, &transfer_to(&to.id)).expect(202);
    asked.header("location").expect("the offer").to_owned()
}

#[track_caller]
fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("{TRANSFERS}?{query}")).expect(200).json();
    let items = page["items"].as_array().expect("items").iter();
    items
        .map(|item| item["record_id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn nothing_moves_before_the_receiver_agrees(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, c) = (&parties.a.client, &parties.c);
    let mou = parties.mou("Title", "public", "recorded");
    let path = format!("{MOUS}/{mou}");
    let start = now(&c.client);
    let asked = act(a, &path, &transfer_to(&c.id)).expect(202);
    assert_eq!(
        asked.json()["owner_office_id"],
        json!(parties.a.id),
        "the record as it is"
    );
    assert_eq!(asked.json()["version"], json!(1));
    let offer = c.client.get(asked.header("location").unwrap()).expect(200).json();
    let wanted = json!({
        "kind": "mou", "record_id": mou, "version": 1, "from_office_id": parties.a.id, "to_office_id": c.id,
        "reason": "The work has moved.", "state": "pending", "ended_at": null,
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&offer[name], value, "{name}");
    }
    any(&c.client).patch(&path, &json!({"tags": ["x"]})).expect(403);
    any(a).patch(&path, &json!({"tags": ["still ours"]})).expect(200);
    assert_eq!(
        told(&read(&c.client, &[("since", &start)])),
        [("upsert".to_owned(), mou.clone(), 2)]
    );

    // Offered anew, at today's version, and taken: that is what the feed tells.
    let start = now(&c.client);
    let taken = hand_over(a, c, &path);
    assert_eq!(
        (&taken["version"], &taken["owner_office_id"]),
        (&json!(3), &json!(c.id))
    );
    assert_eq!(
        told(&read(&c.client, &[("since", &start)])),
        [("upsert".to_owned(), mou.clone(), 3)]
    );
    any(a).patch(&path, &json!({"tags": ["x"]})).expect(403);
    any(&c.client).patch(&path, &json!({"tags": ["ours"]})).expect(200);
    let wanted = [
        "mou.create 1",
        "mou.offer -",
        "mou.update 2",
        "mou.offer -",
        "mou.transfer 3",
        "mou.update 4",
    ];
    assert_eq!(audited(app, &mou), wanted);
    assert_verified(app);
}

fn a_draft_is_shown_at_the_version_that_was_offered(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.client, &parties.b.client, &parties.c.client);
    let path = format!("{MOUS}/{}", parties.mou("As offered", "public", "draft"));
    let offered = offer(a, &parties.b, &path);
    assert_eq!(
        b.get(&offered).expect(200).json()["record"]["titles"]["en"],
        json!("As offered")
    );
    c.get(&offered).expect(404);
    parties.unit.client.get(&offered).expect(404);
    any(a)
        .patch(&path, &json!({"titles": {"en": "Changed since"}}))
        .expect(200);
    let shown = b.get(&offered).expect(200).json();
    assert_eq!(
        shown["record"]["titles"]["en"],
        json!("As offered"),
        "and nothing later"
    );
    b.get(&path).expect(404);
    b.post(&format!("{offered}/refuse"), &json!({})).expect(200);
    assert_eq!(b.get(&offered).expect(200).json()["record"], json!(null));
    b.get(&path).expect(404);
}

fn what_has_changed_since_is_not_taken(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b) = (&parties.a.client, &parties.b.client);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let offered = offer(a, &parties.b, &path);
    any(a).patch(&path, &json!({"tags": ["other"]})).expect(200);
    let problem = b
        .post(&format!("{offered}/accept"), &json!({}))
        .expect(409)
        .problem("transfer-not-pending");
    assert_eq!(problem["state"], json!("outdated"));
    hand_over(a, &parties.b, &path);
    let problem = b
        .post(&format!("{offered}/accept"), &json!({}))
        .expect(409)
        .problem("transfer-not-pending");
    assert_eq!(problem["state"], json!("ended"));
    assert_verified(app);
}

fn a_later_transfer_and_a_deletion_end_an_offer(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.client, &parties.b.client, &parties.c.client);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let refused = |client: &Client, offered: &str| {
        let problem = client
            .post(&format!("{offered}/accept"), &json!({}))
            .expect(409)
            .problem("transfer-not-pending");
        assert_eq!(problem["state"], json!("ended"));
    };
    let to_b = offer(a, &parties.b, &path);
    let to_c = offer(a, &parties.c, &path);
    refused(b, &to_b);
    // Taken back by a transfer to the owner; a rehearsal takes nothing back.
    let rehearsed = format!("{path}/actions?dry_run=true");
    any(a).post(&rehearsed, &transfer_to(&parties.a.id)).expect(200);
    assert_eq!(c.get(&to_c).json()["state"], json!("pending"));
    act(a, &path, &transfer_to(&parties.a.id)).expect(200);
    refused(c, &to_c);
    // Given at once to a unit.
    let to_b = offer(a, &parties.b, &path);
    act(a, &path, &transfer_to(&parties.unit.id)).expect(200);
    refused(b, &to_b);
    // The end of the record.
    let to_b = offer(a, &parties.b, &path);
    any(a).delete(&path).expect(204);
    refused(b, &to_b);
    assert_eq!(b.get(&to_b).expect(200).json()["record"], json!(null));
    assert_verified(app);
}

fn an_offer_expires(app: &TestApp) {
    let parties = Parties::new(app);
    let b = &parties.b.client;
    let path = format!("{MOUS}/{}", parties.mou("Title", "private", "recorded"));
    let offered = offer(&parties.a.client, &parties.b, &path);
    let sent = b.get(&offered).json();
    let day = |member: &str| {
        sent[member]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    };
    assert_eq!((day("until") - day("created_at")).num_days(), 30);
    Look::into(app.database().url()).execute("UPDATE transfers SET until = '2026-01-01T00:00:00.000000Z'");
    let shown = b.get(&offered).expect(200).json();
    assert_eq!(
        (&shown["state"], &shown["record"], &shown["reason"]),
        (&json!("expired"), &json!(null), &json!(null))
    );
    let problem = b
        .post(&format!("{offered}/accept"), &json!({}))
        .expect(409)
        .problem("transfer-not-pending");
    assert_eq!(problem["state"], json!("expired"));
    assert_eq!(listed(b, "to=me&state=pending"), [""; 0]);
    assert_eq!(listed(b, "to=me&state=expired,refused").len(), 1);
}

fn only_the_receiver_answers(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let offered = offer(&parties.a.client, &parties.b, &path);
    for answer in ["accept", "refuse"] {
        let path = format!("{offered}/{answer}");
        parties
            .a
            .client
            .post(&path, &json!({}))
            .expect(403)
            .problem("not-your-part");
        parties.c.client.post(&path, &json!({})).expect(404);
        let reader = app.client_for(&parties.b.id, &["mous:read"]);
        reader.post(&path, &json!({})).expect(403).problem("missing-scope");
        let other_kind = app.client_for(&parties.b.id, &["programs:read", "programs:write"]);
        other_kind.get(&offered).expect(403).problem("missing-scope");
    }
    parties
        .registry
        .post(&format!("{offered}/accept"), &json!({}))
        .expect(200);
    assert_eq!(
        parties.b.client.get(&path).json()["owner_office_id"],
        json!(parties.b.id)
    );
}

fn an_answer_is_given_once(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "private", "recorded"));
    let offered = offer(&parties.a.client, &parties.b, &path);
    let keyed = parties.b.client.header("idempotency-key", "once");
    let accept = format!("{offered}/accept");
    let rehearsed = parties
        .b
        .client
        .post(&format!("{accept}?dry_run=true"), &json!({}))
        .expect(200);
    assert_eq!(rehearsed.json()["state"], json!("accepted"));
    parties.b.client.get(&path).expect(404);
    for replayed in [None, Some("true")] {
        let reply = keyed.post(&accept, &json!({})).expect(200);
        assert_eq!(reply.header("idempotent-replayed"), replayed);
        assert_eq!(reply.json()["state"], json!("accepted"));
    }
    parties
        .b
        .client
        .post(&accept, &json!({}))
        .expect(409)
        .problem("transfer-not-pending");
    assert_eq!(parties.b.client.get(&path).expect(200).json()["version"], json!(2));
    assert_verified(app);
}

fn the_list_is_asked_by_side_and_state(app: &TestApp) {
    let parties = Parties::new(app);
    let [first, second] = ["First", "Second"].map(|title| parties.mou(title, "private", "recorded"));
    let path = |mou: &str| format!("{MOUS}/{mou}");
    let refused = offer(&parties.a.client, &parties.c, &path(&first));
    offer(&parties.a.client, &parties.b, &path(&second));
    parties
        .c
        .client
        .post(&format!("{refused}/refuse"), &json!({}))
        .expect(200);
    let (a, b, c) = (&parties.a.client, &parties.b.client, &parties.c.client);
    let (first, second) = (first.as_str(), second.as_str());
    assert_eq!(listed(a, "from=me"), [second, first], "newest first");
    assert_eq!(listed(a, "to=me"), [""; 0]);
    assert_eq!(listed(a, &format!("to={}", parties.b.id)), [second]);
    assert_eq!(listed(b, "to=me&state=pending"), [second]);
    assert_eq!(listed(c, "state=refused"), [first]);
    assert_eq!(listed(c, "state=pending"), [""; 0]);
    assert_eq!(listed(&parties.registry, "kind=mou").len(), 2);
    assert_eq!(listed(&parties.registry, "kind=program"), [""; 0]);
    parties
        .registry
        .get(&format!("{TRANSFERS}?to=me"))
        .expect(400)
        .problem("invalid-parameter");
    b.get(&format!("{TRANSFERS}?to=nobody"))
        .expect(400)
        .problem("invalid-parameter");
    let programs_only = app.client_for(&parties.b.id, &["programs:read"]);
    assert_eq!(listed(&programs_only, "to=me"), [""; 0]);
}

fn small_counts_stay_hidden_from_who_is_asked(app: &TestApp) {
    let parties = Parties::new(app);
    let body = json!({
        "titles": {"en": "Help"}, "kind": "project", "sensitive": true, "visibility": "private",
        "sessions": {"first": {"state": "held", "participation": {
            "small": {"unit": "person", "count": {"value": 3, "qualifier": "exact"}},
            "many": {"unit": "person", "count": {"value": 4711, "qualifier": "exact"}},
        }}},
    });
    let path = format!(
        "/api/v1/programs/{}",
        id(&parties.a.client.create("/api/v1/programs", &body))
    );
    let offered = offer(&parties.a.client, &parties.b, &path);
    let count = |client: &Client| -> Value {
        let shown = client.get(&offered).expect(200).json();
        shown["record"]["sessions"]["first"]["participation"]["small"]["count"].clone()
    };
    assert_eq!(count(&parties.b.client)["qualifier"], json!("withheld"));
    assert_eq!(count(&parties.a.client)["value"], json!(3));
}
