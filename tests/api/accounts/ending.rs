//! Revoking: by id, by pasting, with all that a token made; and the end of an office.

use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for, office, own};
use crate::support::answers::id;
use crate::support::make::delete_office_in_use;
use crate::support::parties::{Parties, any};
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_revoked_token_is_refused_and_stays_listed,
        a_found_secret_is_revoked_by_pasting_it,
        revoking_tells_what_the_token_made,
        a_cascade_ends_all_that_the_token_made,
        a_cascade_ends_nothing_of_others,
        a_token_ends_itself,
        a_deleted_office_ends_its_clients,
    ]
}

fn a_revoked_token_is_refused_and_stays_listed(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    token.caller(app).get("/api/v1/mous").expect(200);
    let path = format!("{}/revoke", token.path());
    let ended = admin.post(&path, &json!({"reason": "lost"})).expect(200).json();
    assert_eq!((&ended["ended"], &ended["created"]), (&json!(1), &json!([])));
    assert_eq!(
        (&ended["token"]["status"], &ended["token"]["revoked_reason"]),
        (&json!("revoked"), &json!("lost"))
    );
    token
        .caller(app)
        .get("/api/v1/mous")
        .expect(401)
        .problem("token-revoked");
    let again = admin.post(&path, &json!({"reason": "again"})).expect(200).json();
    assert_eq!(
        (&again["ended"], &again["token"]),
        (&json!(0), &ended["token"]),
        "the first reason stays"
    );
    assert_eq!(admin.get(&token.path()).expect(200).json()["status"], "revoked");
}

fn a_found_secret_is_revoked_by_pasting_it(app: &TestApp) {
    let admin = app.admin();
    for paste in [
        |token: &Minted| token.secret.clone(),
        |token: &Minted| format!(" {}\n", token.id),
    ] {
        let token = mint(&admin, None, &["mous:read"]);
        let reply = admin.post(
            &format!("{TOKENS}/revoke"),
            &json!({"token": paste(&token), "reason": "in a repository"}),
        );
        let reply = reply.expect(200);
        assert!(!reply.text.contains(&token.secret));
        assert_eq!(reply.json()["token"]["id"], token.id);
        token
            .caller(app)
            .get("/api/v1/mous")
            .expect(401)
            .problem("token-revoked");
    }
    for nothing in ["", "eda_live_", "tok_00000000000000000000000000"] {
        let reply = admin.post(&format!("{TOKENS}/revoke"), &json!({"token": nothing}));
        reply.expect(404).problem("record-not-found");
    }
}

/// A token that made a client with a token, which made another client with a token; and a token of its own client.
fn family(app: &TestApp, root: &Minted) -> (Minted, Minted, Minted) {
    let scopes = ["tokens:office", "mous:read"];
    let child = mint(&root.caller(app), None, &scopes);
    let grandchild = mint(&child.caller(app), None, &["mous:read"]);
    let sibling = mint_for(&root.caller(app), &root.client);
    (child, grandchild, sibling)
}

/// Kind, id and status of each thing that was made.
fn made(ended: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = ended["created"].as_array().expect("a list").iter();
    items
        .map(|item| (text(&item["kind"]), text(&item["id"]), text(&item["status"])))
        .collect()
}

fn revoking_tells_what_the_token_made(app: &TestApp) {
    let admin = app.admin();
    let root = mint(&admin, None, &["tokens:office", "mous:read"]);
    let (child, grandchild, sibling) = family(app, &root);
    let ended = admin
        .post(&format!("{}/revoke", root.path()), &json!({}))
        .expect(200)
        .json();
    assert_eq!((&ended["ended"], &ended["hidden"]), (&json!(1), &json!(0)));
    let wanted = [
        ("client", &child.client),
        ("token", &child.id),
        ("client", &grandchild.client),
        ("token", &grandchild.id),
        ("token", &sibling.id),
    ];
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(kind, id)| ((*kind).to_owned(), (*id).clone(), "active".to_owned()))
        .collect();
    assert_eq!(made(&ended), wanted);
    for token in [&child, &grandchild, &sibling] {
        token.caller(app).get("/api/v1/mous").expect(200);
    }
    // After the look, the broom: also for a token that has ended already.
    let ended = admin
        .post(&format!("{}/revoke", root.path()), &json!({"cascade": true}))
        .expect(200)
        .json();
    assert_eq!(ended["ended"], 5);
    for token in [&child, &grandchild, &sibling] {
        token
            .caller(app)
            .get("/api/v1/mous")
            .expect(401)
            .problem("token-revoked");
    }
}

fn a_cascade_ends_all_that_the_token_made(app: &TestApp) {
    let admin = app.admin();
    let root = mint(&admin, None, &["tokens:office", "mous:read"]);
    let (child, grandchild, sibling) = family(app, &root);
    // A token that somebody else made for a client that the found token made goes down with that client.
    let late = mint_for(&admin, &child.client);
    let body = json!({"token": root.secret, "reason": "leaked", "cascade": true});
    let ended = admin.post(&format!("{TOKENS}/revoke"), &body).expect(200).json();
    assert_eq!(ended["ended"], 6);
    let states: Vec<String> = made(&ended)
        .into_iter()
        .map(|(kind, _, status)| format!("{kind} {status}"))
        .collect();
    assert_eq!(
        states,
        [
            "client suspended",
            "token revoked",
            "client suspended",
            "token revoked",
            "token revoked"
        ]
    );
    for token in [&root, &child, &grandchild, &sibling, &late] {
        token
            .caller(app)
            .get("/api/v1/mous")
            .expect(401)
            .problem("token-revoked");
    }
    let reason = admin.get(&grandchild.path()).json()["revoked_reason"].clone();
    assert_eq!(reason, format!("made by {}: leaked", root.id));
    assert_eq!(admin.get(&late.path()).json()["status"], "suspended");
}

fn a_cascade_ends_nothing_of_others(app: &TestApp) {
    let parties = Parties::new(app);
    let root = mint(&parties.a.client, None, &["tokens:office", "mous:read"]);
    let of_unit = mint(&root.caller(app), Some(&parties.unit.id), &["mous:read"]);
    // The unit comes under another office: A manages what it made there no longer.
    let path = format!("/api/v1/offices/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&path, &json!({"parent_id": parties.b.id}))
        .expect(200);
    // The move suspended it; whoever manages it now lets it live.
    edit(&parties.registry, &of_unit, &json!({"state": "active"})).expect(200);
    let body = json!({"cascade": true});
    let ended = parties
        .a
        .client
        .post(&format!("{}/revoke", root.path()), &body)
        .expect(200)
        .json();
    assert_eq!(
        (&ended["ended"], &ended["hidden"], &ended["created"]),
        (&json!(1), &json!(2), &json!([]))
    );
    of_unit.caller(app).get("/api/v1/mous").expect(200);
    let ended = parties
        .registry
        .post(&format!("{}/revoke", root.path()), &body)
        .expect(200)
        .json();
    assert_eq!((&ended["ended"], &ended["hidden"]), (&json!(2), &json!(0)));
    of_unit.caller(app).get("/api/v1/mous").expect(401);
}

fn a_token_ends_itself(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    for office in [None, Some(home.as_str())] {
        let token = mint(&admin, office, &["export"]);
        let caller = token.caller(app);
        let current = caller.get(&format!("{TOKENS}/current")).expect(200).json();
        assert_eq!(
            (id(&current), id(&admin.get(&token.path()).json())),
            (token.id.clone(), token.id.clone())
        );
        caller.get(&token.path()).expect(403).problem("missing-scope");
        let ended = caller
            .post(&format!("{TOKENS}/current/revoke"), &json!({"reason": "done"}))
            .expect(200);
        assert_eq!(ended.json()["token"]["status"], "revoked");
        caller.get("/api/v1/me").expect(401).problem("token-revoked");
        caller.get(&format!("{TOKENS}/current")).expect(401);
    }
    // There is nothing by which it could live on.
    let rotate = format!("{TOKENS}/current/rotate");
    admin.post(&rotate, &json!({})).expect(400).problem("invalid-id");
    let (_, last) = own(&admin);
    admin
        .post(&format!("{TOKENS}/current/revoke"), &json!({}))
        .expect(409)
        .problem("last-admin");
    admin.get(&format!("{TOKENS}/{last}")).expect(200);
}

fn a_deleted_office_ends_its_clients(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let token = mint(&admin, Some(&home), &["mous:read", "tokens:office"]);
    let caller = token.caller(app);
    caller.get("/api/v1/mous").expect(200);
    delete_office_in_use(&admin, &home);
    for path in ["/api/v1/mous", "/api/v1/me", CLIENTS] {
        caller.get(path).expect(401).problem("token-revoked");
    }
    // The admin sees why, and can move the client to where it lives on.
    assert_eq!(admin.get(&token.path()).json()["status"], "office_deleted");
    let client = admin.get(&token.client_path()).json();
    assert_eq!(
        (&client["status"], &client["state"]),
        (&json!("office_deleted"), &json!("active"))
    );
    let listed = admin.get(&format!("{TOKENS}?status=office_deleted")).json();
    assert_eq!(listed["items"][0]["id"], token.id);
    let other = office(&admin, "Successor");
    edit(&admin, &token, &json!({"office_id": other})).expect(200);
    caller.get("/api/v1/mous").expect(200);
    let refused = admin.post(CLIENTS, &json!({"name": "x", "scopes": [], "office_id": home}));
    refused.expect(422).problem("invalid-document");
}
