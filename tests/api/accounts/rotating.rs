//! Rotation: two secrets for a while, each with its own last use.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Minted, mint, own};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::paths::TOKENS;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        both_secrets_count_until_the_grace_is_over,
        rotating_twice_harms_nobody,
        grace_never_prolongs,
        a_token_does_not_rotate_itself,
        what_has_ended_is_not_rotated,
    ]
}

#[track_caller]
fn rotate(by: &Client, token: &Minted, body: &Value) -> Minted {
    Minted::of(&by.create(&format!("{}/rotate", token.path()), body))
}

fn both_secrets_count_until_the_grace_is_over(app: &TestApp) {
    let admin = app.admin();
    let old = mint(&admin, None, &["mous:read"]);
    old.caller(app).get("/api/v1/mous").expect(200);
    let new = rotate(&admin, &old, &json!({"grace_seconds": 2, "expires_in_days": 30}));
    let rotated = Instant::now();
    assert_ne!(new.secret, old.secret);
    let (first, second) = (admin.get(&old.path()).json(), admin.get(&new.path()).json());
    assert_eq!(
        (&first["status"], &first["replaced_by"]),
        (&json!("rotating"), &json!(new.id))
    );
    assert_eq!(
        (&second["status"], &second["rotated_from"]),
        (&json!("active"), &json!(old.id))
    );
    assert_eq!(
        (&second["name"], &second["expires_in_days"]),
        (&first["name"], &json!(29))
    );
    for token in [&old, &new] {
        token.caller(app).get("/api/v1/mous").expect(200);
    }
    // Its end is what is waited for: an instant of the database, which no event tells.
    std::thread::sleep((Duration::from_millis(2_100)).saturating_sub(rotated.elapsed()));
    old.caller(app).get("/api/v1/mous").expect(401).problem("token-expired");
    new.caller(app).get("/api/v1/mous").expect(200);
    assert_eq!(admin.get(&old.path()).json()["status"], "expired");
    let listed = admin.get(&format!("{TOKENS}?client={}", old.client)).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2), "both stay listed");
}

fn rotating_twice_harms_nobody(app: &TestApp) {
    let admin = app.admin();
    let old = mint(&admin, None, &["mous:read"]);
    let (lost, second) = (rotate(&admin, &old, &json!({})), rotate(&admin, &old, &json!({})));
    for token in [&old, &lost, &second] {
        token.caller(app).get("/api/v1/mous").expect(200);
    }
    assert_eq!(admin.get(&old.path()).json()["replaced_by"], second.id);
    // With the same key there is one only, whose secret is not told again.
    let keyed = admin.header("idempotency-key", "rotate");
    let path = format!("{}/rotate", old.path());
    let made = keyed.post(&path, &json!({})).expect(201).json();
    let again = keyed
        .post(&path, &json!({}))
        .expect(409)
        .problem("secret-already-shown");
    assert_eq!(again["token_id"], json!(id(&made)));
}

fn grace_never_prolongs(app: &TestApp) {
    let admin = app.admin();
    let old = mint(&admin, None, &["mous:read"]);
    let ends = |token: &Minted| {
        admin.get(&token.path()).json()["expires_at"]
            .as_str()
            .expect("an end")
            .to_owned()
    };
    rotate(&admin, &old, &json!({"grace_seconds": 600}));
    let first = ends(&old);
    rotate(&admin, &old, &json!({"grace_seconds": 604_800}));
    assert_eq!(ends(&old), first);
    rotate(&admin, &old, &json!({"grace_seconds": 0}));
    assert!(ends(&old) < first);
    old.caller(app).get("/api/v1/mous").expect(401).problem("token-expired");
}

fn a_token_does_not_rotate_itself(app: &TestApp) {
    let admin = app.admin();
    let (client, token) = own(&admin);
    admin
        .post(&format!("{TOKENS}/{token}/rotate"), &json!({}))
        .expect(409)
        .problem("own-token");
    let other = super::mint_for(&admin, &client);
    other
        .caller(app)
        .post(&format!("{TOKENS}/{token}/rotate"), &json!({}))
        .expect(201);
}

fn what_has_ended_is_not_rotated(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    admin.post(&format!("{}/revoke", token.path()), &json!({})).expect(200);
    admin
        .post(&format!("{}/rotate", token.path()), &json!({}))
        .expect(409)
        .problem("token-ended");
    let renamed = crate::support::parties::any(&admin).patch(&token.path(), &json!({"name": "x"}));
    renamed.expect(409).problem("token-ended");
}
