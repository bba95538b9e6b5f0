//! The last usable administrator stays, whichever way it is tried to get rid of it, and whoever tries at once.

use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for, office, own};
use crate::support::client::{Client, Reply};
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, World, cases, make, together};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_last_administrator_stays,
        an_administrator_elsewhere_does_not_count,
        an_administrator_of_the_last_minute_does_not_count,
        whoever_may_only_manage_tokens_cannot_end_it_either,
        of_two_that_end_each_other_one_stays,
        of_many_that_end_themselves_one_stays,
    ]
}

/// Every way to lose an administrator, as method, path and body.
fn ways(client: &str, token: &str, secret: Option<&str>, office: &str) -> Vec<(&'static str, String, Value)> {
    let path = format!("{CLIENTS}/{client}");
    let soon = eduaccord::clock::format_instant(eduaccord::clock::now() + chrono::TimeDelta::hours(1));
    let mut ways = vec![
        ("PATCH", path.clone(), json!({"state": "suspended"})),
        ("PATCH", path.clone(), json!({"scopes": ["tokens:office", "mous:read"]})),
        // It could make no token any more.
        ("PATCH", path.clone(), json!({"scopes": ["admin", "mous:read"]})),
        ("PATCH", path.clone(), json!({"office_id": office})),
        ("PATCH", path.clone(), json!({"networks": ["203.0.113.0/24"]})),
        (
            "PATCH",
            format!("{path}?confirm_fence=true"),
            json!({"networks": ["203.0.113.0/24"]}),
        ),
        ("PATCH", format!("{TOKENS}/{token}"), json!({"expires_at": soon})),
        ("POST", format!("{TOKENS}/{token}/revoke"), json!({})),
        ("POST", format!("{TOKENS}/{token}/revoke"), json!({"cascade": true})),
        ("POST", format!("{TOKENS}/revoke"), json!({"token": token})),
    ];
    ways.extend(secret.map(|secret| ("POST", format!("{TOKENS}/revoke"), json!({"token": secret}))));
    ways
}

fn send(by: &Client, (method, path, body): &(&str, String, Value)) -> Reply {
    let headers = [("content-type", "application/json"), ("if-match", "*")];
    by.raw(method, path, &headers, body.to_string().as_bytes())
}

fn the_last_administrator_stays(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let (client, token) = own(&admin);
    // None of these is another administrator: without the scope, of an office, suspended, revoked.
    mint(&admin, None, &["tokens:office"]);
    mint(&admin, Some(&home), &make::every_scope());
    let suspended = mint(&admin, None, &make::every_scope());
    edit(&admin, &suspended, &json!({"state": "suspended"})).expect(200);
    let revoked = mint(&admin, None, &make::every_scope());
    admin
        .post(&format!("{}/revoke", revoked.path()), &json!({}))
        .expect(200);
    let own_end = ("POST", format!("{TOKENS}/current/revoke"), json!({}));
    for way in ways(&client, &token, None, &home).iter().chain([&own_end]) {
        let reply = send(&admin, way);
        assert_eq!(reply.status, 409, "{way:?}: {}", reply.text);
        reply.problem("last-admin");
        admin.get(&format!("{CLIENTS}/{client}")).expect(200);
    }
    // A second token of the same client is enough to end the first, not to suspend the client.
    let second = mint_for(&admin, &client);
    let by_second = second.caller(app);
    by_second
        .post(&format!("{TOKENS}/{token}/revoke"), &json!({}))
        .expect(200);
    edit(&by_second, &second, &json!({"state": "suspended"}))
        .expect(409)
        .problem("last-admin");
    // With another administrator every way is open.
    for number in 0..ways("", "", Some(""), &home).len() {
        let other = mint(&by_second, None, &make::every_scope());
        let way = &ways(&other.client, &other.id, Some(&other.secret), &home)[number];
        assert_eq!(send(&by_second, way).status, 200, "{way:?}");
    }
}

/// Behind a network that the caller is not in, an administrator may be real or mistyped.
fn an_administrator_elsewhere_does_not_count(app: &TestApp) {
    let admin = app.admin();
    let (client, token) = own(&admin);
    let away = mint(&admin, None, &make::every_scope());
    edit(&admin, &away, &json!({"networks": ["203.0.113.0/24"]})).expect(200);
    admin
        .post(&format!("{TOKENS}/{token}/revoke"), &json!({}))
        .expect(409)
        .problem("last-admin");
    let fence = format!("{CLIENTS}/{client}?confirm_fence=true");
    let fenced = any(&admin).patch(&fence, &json!({"networks": ["203.0.113.0/24"]}));
    fenced.expect(409).problem("last-admin");
    // Where the caller is inside, it does.
    edit(&admin, &away, &json!({"networks": ["127.0.0.0/8"]})).expect(200);
    admin.post(&format!("{TOKENS}/{token}/revoke"), &json!({})).expect(200);
    away.caller(app).get("/api/v1/me").expect(200);
}

fn whoever_may_only_manage_tokens_cannot_end_it_either(app: &TestApp) {
    let admin = app.admin();
    let (client, token) = own(&admin);
    let manager = mint(&admin, None, &["tokens:office"]).caller(app);
    for request in [
        ("POST", format!("{TOKENS}/{token}/revoke"), json!({"cascade": true})),
        ("PATCH", format!("{CLIENTS}/{client}"), json!({"state": "suspended"})),
    ] {
        send(&manager, &request).expect(409).problem("last-admin");
    }
    // A token that made the last administrator does not take it along.
    let maker = mint(&admin, None, &make::every_scope());
    let made = mint(&maker.caller(app), None, &make::every_scope());
    made.caller(app)
        .post(&format!("{TOKENS}/{token}/revoke"), &json!({}))
        .expect(200);
    let cascade = json!({"cascade": true});
    let reply = manager.post(&format!("{}/revoke", maker.path()), &cascade);
    reply.expect(409).problem("last-admin");
    maker.caller(app).get("/api/v1/me").expect(200);
}

fn of_two_that_end_each_other_one_stays(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    for round in 0..10 {
        let (one, two) = two_admins(&app);
        let pair = [&one, &two];
        let replies = together(2, |number| {
            let by = pair[number].caller(&app);
            let other = pair[1 - number];
            match round % 3 {
                0 => by.post(&format!("{}/revoke", other.path()), &json!({})),
                1 => edit(&by, other, &json!({"state": "suspended"})),
                _ => edit(&by, other, &json!({"scopes": ["tokens:office"]})),
            }
        });
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        // The second comes too late: its token has ended, or lacks the rights.
        assert!(
            statuses[0] == 200 && matches!(statuses[1], 401 | 403 | 409),
            "{statuses:?}"
        );
        let usable = pair.iter().filter(|token| is_admin(&app, token)).count();
        assert_eq!(usable, 1, "round {round}");
    }
}

/// Two administrators and no other one.
fn two_admins(app: &TestApp) -> (Minted, Minted) {
    let admin = app.admin_beside();
    let pair = (
        mint(&admin, None, &make::every_scope()),
        mint(&admin, None, &make::every_scope()),
    );
    let mut cursor = String::new();
    loop {
        let page = admin.get(&format!("{CLIENTS}?limit=200{cursor}")).json();
        for client in page["items"].as_array().expect("items") {
            let id = client["id"].as_str().expect("an id");
            let is_other = id != pair.0.client && id != pair.1.client && id != own(&admin).0;
            if is_other && client["state"] == "active" {
                any(&admin)
                    .patch(&format!("{CLIENTS}/{id}"), &json!({"state": "suspended"}))
                    .expect(200);
            }
        }
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    admin.post(&format!("{TOKENS}/current/revoke"), &json!({})).expect(200);
    pair
}

fn is_admin(app: &TestApp, token: &Minted) -> bool {
    let reply = token.caller(app).get("/api/v1/me");
    reply.status == 200 && reply.text.contains("\"admin\"")
}

fn of_many_that_end_themselves_one_stays(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let admins: Vec<Minted> = (0..6).map(|_| mint(&admin, None, &make::every_scope())).collect();
    admin.post(&format!("{TOKENS}/current/revoke"), &json!({})).expect(200);
    let replies = together(admins.len(), |number| {
        let caller = admins[number].caller(&app);
        caller.post(&format!("{TOKENS}/current/revoke"), &json!({}))
    });
    let refused: Vec<&Reply> = replies.iter().filter(|reply| reply.status != 200).collect();
    assert_eq!(refused.len(), 1);
    refused[0].clone().expect(409).problem("last-admin");
    assert_eq!(admins.iter().filter(|token| is_admin(&app, token)).count(), 1);
}

fn an_administrator_of_the_last_minute_does_not_count(app: &TestApp) {
    let admin = app.admin();
    let (_, token) = own(&admin);
    let other = mint(&admin, None, &make::every_scope());
    let end = |minutes| {
        let at = eduaccord::clock::now() + chrono::TimeDelta::minutes(minutes);
        json!({"expires_at": eduaccord::clock::format_instant(at)})
    };
    any(&admin).patch(&other.path(), &end(59)).expect(200);
    let by_other = other.caller(app);
    let revoke = |by: &Client| by.post(&format!("{TOKENS}/{token}/revoke"), &json!({}));
    revoke(&by_other).expect(409).problem("last-admin");
    let lasting = mint(&admin, None, &make::every_scope());
    any(&admin).patch(&lasting.path(), &end(61)).expect(200);
    revoke(&by_other).expect(200);
}
