//! Nobody gives what they do not have, and nobody manages what is not theirs.

use serde_json::json;

use super::{Minted, edit, mint, office};
use crate::support::answers::{masked, pointers};
use crate::support::client::Reply;
use crate::support::parties::{Parties, any};
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_stronger_client_keeps_its_secret_from_a_weaker_admin,
        a_foreign_office_is_refused_as_an_absent_one,
        a_foreign_secret_is_as_if_unknown,
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

fn a_stronger_client_keeps_its_secret_from_a_weaker_admin(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let weak = mint(&admin, Some(&home), &["tokens:office", "mous:read"]).caller(app);
    let strong = mint(&admin, Some(&home), &["mous:read", "mous:write", "export"]);
    let missing = ["mous:write", "export"];
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

fn a_foreign_office_is_refused_as_an_absent_one(app: &TestApp) {
    let parties = Parties::new(app);
    let above = &parties.a.client;
    // A foreign office and one that does not exist are refused alike.
    let ask = |office: &str| above.post(CLIENTS, &json!({"name": "x", "scopes": [], "office_id": office}));
    let absent = "off_00000000000000000000000000";
    let (foreign, absent) = (masked(&ask(&parties.b.id), &parties.b.id), masked(&ask(absent), absent));
    assert_eq!(foreign.0, 403);
    assert_eq!(foreign, absent);
}

fn a_foreign_secret_is_as_if_unknown(app: &TestApp) {
    let parties = Parties::new(app);
    let of_b = mint(&parties.b.client, None, &["mous:read"]);
    let of_registry = mint(&parties.registry, None, &["mous:read"]);
    for foreign in [&of_b, &of_registry] {
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
