//! Tokens: what is no token, what no longer counts, and what is not in its scopes.

use std::time::Duration;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::accounts::host::{NewClient, create_client, create_token, revoke_token};
use eduaccord::clock;
use eduaccord::db::Database;
use eduaccord::db::schema::{clients, tokens};
use serde_json::json;

use crate::support::client::Client;
use crate::support::parties::any;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_is_no_token_is_refused,
        a_missing_scope_is_named,
        a_revoked_token_is_refused_at_the_next_request,
        a_suspended_client_is_refused_at_the_next_request,
        a_token_ends_when_it_expires,
        new_scopes_count_at_the_next_request,
        a_revocation_on_the_host_counts_in_the_running_service,
        a_revocation_counts_in_every_instance,
    ]
}

/// A client of the registry with these scopes; client id, token id and secret.
fn make_token(database: &Database, scopes: &[&str]) -> (String, String, String) {
    let client = create_client(
        database,
        NewClient {
            name: "of this test",
            office_id: None,
            scopes,
        },
    )
    .unwrap();
    let (token, secret) = create_token(database, &client, "of this test", 1).unwrap();
    (client, token, secret)
}

/// Refused with this code on reading, writing, waiting and asking who one is.
#[track_caller]
fn ended(client: &Client, code: &str) {
    for path in [
        OFFICES,
        MOUS,
        "/api/v1/changes?wait=1",
        "/api/v1/me",
        // What is wrong with a request is not told to whom it does not count.
        "/api/v1/offices?nonsense=1",
        "/api/v1/mous?limit=1000",
        "/api/v1/changes?since=nonsense",
        "/api/v1/offices/mou_00000000000000000000000000",
    ] {
        let reply = client.get(path).expect(401);
        let challenge = reply.header("www-authenticate").unwrap().to_owned();
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        reply.problem(code);
    }
    let body = make::office_body("Too late", "KR");
    client.post(OFFICES, &body).expect(401).problem(code);
    any(client)
        .patch("/api/v1/offices/off_00000000000000000000000000", &json!({}))
        .expect(401)
        .problem(code);
}

fn what_is_no_token_is_refused(app: &TestApp) {
    let (_, _, secret) = make_token(app.database(), &["offices:read"]);
    app.with_token(&secret).get(OFFICES).expect(200);
    let anonymous = app.anonymous();
    let bare = anonymous.get(OFFICES).expect(401);
    assert_eq!(bare.header("www-authenticate"), Some("Bearer realm=\"eduaccord\""));
    bare.problem("token-required");
    let mut changed = secret.clone();
    let last = changed.pop().unwrap();
    changed.push(if last == 'a' { 'b' } else { 'a' });
    for header in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        secret.clone(),
        format!("Basic {secret}"),
        format!("Bearer {changed}"),
        format!("Bearer {}", &secret[1..]),
        format!("Bearer {secret}{secret}"),
        format!("Bearer {}", secret.to_uppercase()),
        "Bearer eda_live_".to_owned(),
        "Bearer null".to_owned(),
        format!("Bearer {}", "x".repeat(5_000)),
    ] {
        let reply = anonymous.header("authorization", &header).get(OFFICES).expect(401);
        reply.problem("invalid-token");
    }
    // RFC 9110, 11.1: the name of a scheme has no case.
    anonymous
        .header("authorization", &format!("bearer {secret}"))
        .get(OFFICES)
        .expect(200);
    // A secret that this service never gave out.
    let other = eduaccord::auth::secret::make_secret().unwrap();
    app.with_token(&other).get(OFFICES).expect(401).problem("invalid-token");
}

fn a_missing_scope_is_named(app: &TestApp) {
    let (_, _, secret) = make_token(app.database(), &["offices:read", "mous:write"]);
    let client = app.with_token(&secret);
    client.get(OFFICES).expect(200);
    for (reply, scope) in [
        (client.get(MOUS), "mous:read"),
        (client.post(OFFICES, &make::office_body("x", "KR")), "offices:write"),
        (client.get("/api/v1/changes"), "changes:read"),
    ] {
        let reply = reply.expect(403);
        let challenge = reply.header("www-authenticate").unwrap().to_owned();
        assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
        assert!(challenge.contains(&format!("scope=\"{scope}\"")), "{challenge}");
        let problem = reply.problem("missing-scope");
        assert_eq!(problem["missing_scopes"], json!([scope]));
        assert_eq!(problem["granted_scopes"], json!(["offices:read", "mous:write"]));
    }
}

fn a_revoked_token_is_refused_at_the_next_request(app: &TestApp) {
    for by_secret in [false, true] {
        let (client_id, token, secret) = make_token(app.database(), &make::every_scope());
        let client = app.with_token(&secret);
        client.get(OFFICES).expect(200);
        let (_, other) = create_token(app.database(), &client_id, "another", 1).unwrap();
        let named = if by_secret { &secret } else { &token };
        assert!(revoke_token(app.database(), named, "lost").unwrap());
        ended(&client, "token-revoked");
        assert!(
            !revoke_token(app.database(), named, "lost").unwrap(),
            "it had ended before"
        );
        app.with_token(&other).get(OFFICES).expect(200);
    }
    // Without the scope that an operation needs it is no less over.
    let (_, token, secret) = make_token(app.database(), &["offices:read"]);
    let client = app.with_token(&secret);
    client.get(OFFICES).expect(200);
    revoke_token(app.database(), &token, "lost").unwrap();
    client.get(MOUS).expect(401).problem("token-revoked");
}

fn a_suspended_client_is_refused_at_the_next_request(app: &TestApp) {
    let (client_id, _, secret) = make_token(app.database(), &make::every_scope());
    let client = app.with_token(&secret);
    // As whatever changes a right must do it: together with the epoch.
    let suspend = |state: &'static str| {
        let client_id = client_id.clone();
        app.database()
            .write_blocking(move |transaction| {
                transaction.state.epoch += 1;
                diesel::update(clients::table.find(client_id))
                    .set(clients::state.eq(state))
                    .execute(transaction.conn)?;
                Ok(())
            })
            .unwrap();
    };
    client.get(OFFICES).expect(200);
    suspend("suspended");
    ended(&client, "token-revoked");
    suspend("active");
    client.get(OFFICES).expect(200);
}

fn a_token_ends_when_it_expires(app: &TestApp) {
    let (_, token, secret) = make_token(app.database(), &make::every_scope());
    let end = clock::format_instant(clock::now() + chrono::TimeDelta::milliseconds(1_500));
    app.database()
        .write_blocking(move |transaction| {
            diesel::update(tokens::table.find(token))
                .set(tokens::expires_at.eq(end))
                .execute(transaction.conn)?;
            Ok(())
        })
        .unwrap();
    let client = app.with_token(&secret);
    client.get(OFFICES).expect(200);
    std::thread::sleep(Duration::from_millis(1_600));
    ended(&client, "token-expired");
}

fn new_scopes_count_at_the_next_request(app: &TestApp) {
    let (client_id, _, secret) = make_token(app.database(), &["offices:read"]);
    let client = app.with_token(&secret);
    client.get(OFFICES).expect(200);
    client.get(MOUS).expect(403);
    let grant = |scopes: &'static str| {
        let client_id = client_id.clone();
        app.database()
            .write_blocking(move |transaction| {
                transaction.state.epoch += 1;
                diesel::update(clients::table.find(client_id))
                    .set(clients::scopes.eq(scopes))
                    .execute(transaction.conn)?;
                Ok(())
            })
            .unwrap();
    };
    grant("mous:read");
    client.get(MOUS).expect(200);
    client.get(OFFICES).expect(403).problem("missing-scope");
}

fn a_revocation_on_the_host_counts_in_the_running_service(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let (_, token, secret) = make_token(app.database(), &make::every_scope());
    let client = app.with_token(&secret);
    client.get(OFFICES).expect(200);
    let revoke = |expected: i32, answer: &str| {
        let output = world
            .command(&database, &["token", "revoke", &token, "--reason", "lost", "--json"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(expected), "{said}{complaint}");
        assert!(said.contains(answer), "{said}");
    };
    revoke(0, "true");
    ended(&client, "token-revoked");
    revoke(1, "false");
    app.admin().get(OFFICES).expect(200);
}

/// Several instances work on one PostgreSQL database; a second one on an SQLite file is refused at its start.
fn a_revocation_counts_in_every_instance(world: &World) {
    let database = world.database();
    let first = TestApp::start(&database, |_| ());
    if database.url.starts_with("sqlite:") {
        let second = eduaccord::app::spawn(eduaccord::settings::Settings::for_tests(database.url.clone()));
        assert!(second.is_err_and(|error| error.to_string().contains("another process")));
        return;
    }
    let second = TestApp::start(&database, |_| ());
    let (_, token, secret) = make_token(first.database(), &make::every_scope());
    let at_second = second.with_token(&secret);
    for _ in 0..3 {
        at_second.get(OFFICES).expect(200);
    }
    first.with_token(&secret).get(OFFICES).expect(200);
    revoke_token(first.database(), &token, "lost").unwrap();
    ended(&at_second, "token-revoked");
    ended(&first.with_token(&secret), "token-revoked");
}
