//! Nobody gives what they do not have, and nobody manages what is not theirs.

use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for, office};
use crate::support::answers::{id, masked, pointers};
use crate::support::client::{Client, Reply};
use crate::support::parties::{Parties, any};
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        nobody_gives_a_scope_that_they_lack,
        a_stronger_client_keeps_its_secret_from_a_weaker_admin,
        an_office_manages_its_own_and_its_units,
        what_is_foreign_is_as_if_absent,
        only_the_registry_makes_and_moves_registry_clients,
        office_ids_may_be_own_ids,
    ]
}

/// Refused because of these scopes.
#[track_caller]
fn lacks(reply: Reply, scopes: &[&str]) {
    assert_eq!(
        reply.expect(403).problem("not-grantable")["missing_scopes"],
        json!(scopes)
    );
}

fn nobody_gives_a_scope_that_they_lack(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    for office in [None, Some(home.as_str())] {
        let weak = mint(&admin, office, &["tokens:office", "mous:read"]).caller(app);
        let ask = |scopes: Value| weak.post(CLIENTS, &json!({"name": "x", "scopes": scopes}));
        lacks(
            ask(json!(["mous:read", "mous:write", "admin"])),
            &["mous:write", "admin"],
        );
        lacks(
            weak.post(CLIENTS, &json!({"name": "x", "role": "viewer"})),
            &["offices:read", "policies:read", "programs:read", "changes:read"],
        );
        let made = ask(json!(["mous:read"])).expect(201).json();
        assert_eq!(made["office_id"], json!(office));
        let token = mint_for(&weak, &id(&made));
        lacks(edit(&weak, &token, &json!({"scopes": ["export"]})), &["export"]);
        edit(&weak, &token, &json!({"scopes": ["mous:read", "tokens:office"]})).expect(200);
        // What it made has no more rights than it has itself.
        let scopes = &token.caller(app).get("/api/v1/me").json()["scopes"];
        assert_eq!(scopes, &json!(["mous:read", "tokens:office"]));
    }
}

fn a_stronger_client_keeps_its_secret_from_a_weaker_admin(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let weak = mint(&admin, Some(&home), &["tokens:office", "mous:read"]).caller(app);
    let strong = mint(&admin, Some(&home), &["mous:read", "mous:write", "export"]);
    let missing = ["mous:write", "export"];
    lacks(
        weak.post(&format!("{}/tokens", strong.client_path()), &json!({})),
        &missing,
    );
    lacks(weak.post(&format!("{}/rotate", strong.path()), &json!({})), &missing);
    lacks(any(&weak).patch(&strong.path(), &json!({"name": "mine"})), &missing);
    for change in [
        json!({"name": "mine"}),
        json!({"scopes": ["mous:read"]}),
        json!({"networks": ["10.0.0.0/8"]}),
        json!({"state": "suspended", "name": "mine"}),
    ] {
        lacks(edit(&weak, &strong, &change), &missing);
    }
    // It is seen, and it can be stopped, but not started again.
    weak.get(&strong.client_path()).expect(200);
    weak.get(&strong.path()).expect(200);
    edit(&weak, &strong, &json!({"state": "suspended"})).expect(200);
    strong.caller(app).get("/api/v1/mous").expect(401);
    lacks(edit(&weak, &strong, &json!({"state": "active"})), &missing);
    edit(&admin, &strong, &json!({"state": "active"})).expect(200);
    let soon = eduaccord::clock::format_instant(eduaccord::clock::now() + chrono::TimeDelta::hours(1));
    any(&weak)
        .patch(&strong.path(), &json!({"expires_at": soon}))
        .expect(200);
    weak.post(&format!("{}/revoke", strong.path()), &json!({})).expect(200);
    strong.caller(app).get("/api/v1/mous").expect(401);
}

fn an_office_manages_its_own_and_its_units(app: &TestApp) {
    let parties = Parties::new(app);
    let (above, unit) = (&parties.a.client, &parties.unit.client);
    let of_unit = mint(above, Some(&parties.unit.id), &["mous:read"]);
    let of_above = mint(above, None, &["mous:read"]);
    assert_eq!(above.get(&of_above.client_path()).json()["office_id"], parties.a.id);
    unit.get(&of_unit.path()).expect(200);
    above.get(&of_unit.path()).expect(200);
    unit.get(&of_above.path()).expect(404);
    unit.post(CLIENTS, &json!({"name": "up", "scopes": [], "office_id": parties.a.id}))
        .expect(403)
        .problem("not-grantable");
    // A foreign office and one that does not exist are refused alike.
    let ask = |office: &str| above.post(CLIENTS, &json!({"name": "x", "scopes": [], "office_id": office}));
    let absent = "off_00000000000000000000000000";
    let (foreign, absent) = (masked(&ask(&parties.b.id), &parties.b.id), masked(&ask(absent), absent));
    assert_eq!(foreign.0, 403);
    assert_eq!(foreign, absent);

    // The tree of today decides: the unit leaves, and its clients with it.
    let path = format!("/api/v1/offices/{}", parties.unit.id);
    any(&parties.registry)
        .patch(&path, &json!({"parent_id": parties.b.id}))
        .expect(200);
    above.get(&of_unit.path()).expect(404);
    parties.b.client.get(&of_unit.path()).expect(200);
}

/// Every operation on a client and a token of somebody else.
fn requests(client: &str, token: &str) -> Vec<(&'static str, String, Value)> {
    let (client, token) = (format!("{CLIENTS}/{client}"), format!("{TOKENS}/{token}"));
    vec![
        ("GET", client.clone(), json!(null)),
        ("PATCH", client.clone(), json!({"name": "mine"})),
        ("PATCH", client.clone(), json!({"state": "suspended"})),
        ("GET", format!("{client}/tokens"), json!(null)),
        ("POST", format!("{client}/tokens"), json!({})),
        ("GET", token.clone(), json!(null)),
        ("PATCH", token.clone(), json!({"name": "mine"})),
        ("POST", format!("{token}/rotate"), json!({})),
        ("POST", format!("{token}/revoke"), json!({"cascade": true})),
        ("GET", format!("{token}/usage"), json!(null)),
    ]
}

fn send(caller: &Client, request: &(&str, String, Value)) -> Reply {
    let (method, path, body) = request;
    let headers = [("content-type", "application/json"), ("if-match", "*")];
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    caller.raw(method, path, &headers, text.as_bytes())
}

fn what_is_foreign_is_as_if_absent(app: &TestApp) {
    let parties = Parties::new(app);
    let of_b = mint(&parties.b.client, None, &["mous:read"]);
    let of_registry = mint(&parties.registry, None, &["mous:read"]);
    let absent = ("cli_00000000000000000000000000", "tok_00000000000000000000000000");
    for foreign in [&of_b, &of_registry] {
        for (theirs, nobodys) in requests(&foreign.client, &foreign.id)
            .iter()
            .zip(requests(absent.0, absent.1))
        {
            let mask = |reply: Reply, token: &str, client: &str| {
                let (status, text, headers) = masked(&reply, token);
                (status, text.replace(client, "<id>"), headers)
            };
            let hidden = mask(send(&parties.a.client, theirs), &foreign.id, &foreign.client);
            let missing = mask(send(&parties.a.client, &nobodys), absent.1, absent.0);
            assert_eq!(hidden.0, 404, "{} {}", theirs.0, theirs.1);
            assert_eq!(hidden, missing, "{} {}", theirs.0, theirs.1);
        }
        // Also by the secret itself, and in lists.
        let pasted = |token: &str| {
            parties
                .a
                .client
                .post(&format!("{TOKENS}/revoke"), &json!({"token": token}))
        };
        let unknown = eduaccord::auth::secret::make_secret().expect("a secret");
        let (hidden, missing) = (pasted(&foreign.secret), pasted(&unknown));
        assert_eq!(hidden.status, 404);
        assert_eq!(masked(&hidden, "-"), masked(&missing, "-"));
        for path in [CLIENTS, TOKENS] {
            let list = parties.a.client.get(path).expect(200);
            assert!(!list.text.contains(&foreign.client), "{}", list.text);
        }
        let by_filter = parties
            .a
            .client
            .get(&format!("{TOKENS}?client={}&include_total=true", foreign.client));
        assert_eq!(by_filter.expect(200).json()["page"]["total"], 0);
        foreign.caller(app).get("/api/v1/mous").expect(200);
    }
}

fn only_the_registry_makes_and_moves_registry_clients(app: &TestApp) {
    let parties = Parties::new(app);
    let token: Minted = mint(&parties.a.client, None, &["mous:read"]);
    for to in [json!(null), json!(parties.unit.id), json!(parties.b.id)] {
        let problem = edit(&parties.a.client, &token, &json!({"office_id": to})).expect(403);
        assert_eq!(pointers(&problem.problem("not-your-part")), ["/office_id"]);
    }
    edit(&parties.a.client, &token, &json!({"office_id": parties.a.id})).expect(200);
    // The office's token has no way to the registry's clients; the registry moves one, and back.
    assert_eq!(
        parties
            .a
            .client
            .create(CLIENTS, &json!({"name": "x", "scopes": [], "office_id": null}))["office_id"],
        parties.a.id
    );
    edit(&parties.registry, &token, &json!({"office_id": parties.b.id})).expect(200);
    parties.a.client.get(&token.path()).expect(404);
    assert_eq!(token.caller(app).get("/api/v1/me").json()["office_id"], parties.b.id);
    edit(&parties.registry, &token, &json!({"office_id": null})).expect(200);
    assert_eq!(token.caller(app).get("/api/v1/me").json()["office_id"], json!(null));
    edit(
        &parties.registry,
        &token,
        &json!({"office_id": "off_00000000000000000000000000"}),
    )
    .expect(422);
}

fn office_ids_may_be_own_ids(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let caller = app.client_for(&home, &make::every_scope());
    let path = format!("/api/v1/offices/{home}/external-ids/neis/7");
    caller.raw("PUT", &path, &[], b"").expect(201);
    let made = caller.create(CLIENTS, &json!({"name": "x", "scopes": [], "office_id": "ext:neis:7"}));
    assert_eq!(made["office_id"], home);
    let listed = caller.get(&format!("{CLIENTS}?office=ext:neis:7")).expect(200).json();
    assert!(
        listed["items"].as_array().is_some_and(|items| items.len() == 2),
        "{listed}"
    );
}
