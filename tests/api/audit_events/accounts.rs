//! What others do to the clients and tokens of an office: the office is told.

use serde_json::{Value, json};

use super::{client_of, events};
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::EVENTS;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![an_office_is_told_what_was_done_to_its_clients]
}

fn token_of(caller: &Client) -> String {
    let me = caller.get("/api/v1/me").expect(200).json();
    me["token_id"].as_str().expect("an id").to_owned()
}

/// What stands in the events about one thing.
fn told(caller: &Client, about: &str) -> Vec<Value> {
    let mut found = events(caller, &[("record", about), ("outcome", "done")]);
    // What the test's own machinery did.
    found.retain(|event| event["client"]["id"] != "cli");
    found
}

fn an_office_is_told_what_was_done_to_its_clients(app: &TestApp) {
    let parties = Parties::new(app);
    let (registry, a) = (&parties.registry, &parties.a.client);
    let second = app.client_for(&parties.a.id, &["mous:read"]);
    let (unit, token) = (client_of(&parties.unit.client), token_of(&second));
    let client = format!("/api/v1/clients/{unit}");
    any(registry).patch(&client, &json!({"state": "suspended"})).expect(200);
    registry
        .post(&format!("/api/v1/tokens/{token}/revoke"), &json!({}))
        .expect(200);
    let subject = json!({"issuer": "https://sso.example/realms/a", "subject": "subject-1"});
    let link = registry.create(&format!("{client}/identities"), &subject);
    let link = link["id"].as_str().expect("an id");

    let admin = client_of(registry);
    for (about, operation) in [
        (unit.as_str(), "client.suspend"),
        (token.as_str(), "token.revoke"),
        (link, "identity.link"),
    ] {
        let found = told(registry, about);
        let [of_registry] = &found[..] else {
            panic!("{about}: {found:?}");
        };
        let mut wanted = of_registry.clone();
        assert_eq!(
            (&wanted["operation"], &wanted["target_id"], &wanted["client"]["id"]),
            (&json!(operation), &json!(about), &json!(admin))
        );
        for hidden in ["token_id", "address", "request_id"] {
            assert!(!wanted[hidden].is_null());
            wanted[hidden] = Value::Null;
        }
        wanted["client"]["name"] = Value::Null;
        assert_eq!(told(a, about), [wanted.clone()]);
        assert!(events(a, &[]).contains(&wanted), "not without a filter: {operation}");
        let one = format!("{EVENTS}/{}", wanted["seq"]);
        assert_eq!(a.get(&one).expect(200).json(), wanted);
        // Nobody else is.
        let b = &parties.b.client;
        assert_eq!(told(b, about), Vec::<Value>::new());
        assert!(!events(b, &[]).iter().any(|event| event["seq"] == wanted["seq"]));
        b.get(&one).expect(404).problem("record-not-found");
    }
    // Also when nothing is left of the link.
    registry.delete(&format!("/api/v1/identities/{link}")).expect(204);
    let operations: Vec<Value> = told(a, link).iter().map(|event| event["operation"].clone()).collect();
    assert_eq!(operations, ["identity.link", "identity.cut"]);
    // And A is told nothing of what is done to others.
    let other = client_of(&parties.b.client);
    any(registry)
        .patch(&format!("/api/v1/clients/{other}"), &json!({"state": "suspended"}))
        .expect(200);
    assert_eq!(told(registry, &other).len(), 1);
    assert_eq!(told(a, &other), Vec::<Value>::new());
    assert!(!events(a, &[]).iter().any(|event| event["target_id"] == json!(other)));
}
