//! How much a token may ask, and how often an address may fail.

use eduaccord::accounts::host::revoke_token;
use eduaccord::auth::network::Networks;
use eduaccord::auth::secret::make_secret;

use crate::support::backend::TestDatabase;
use crate::support::client::Reply;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_token_has_its_quota,
        an_address_that_guesses_must_wait,
        what_verifies_is_never_shut_out,
        only_guesses_shut_out,
        a_push_that_changes_nothing_counts_a_tenth,
    ]
}

fn a_secret(app: &TestApp) -> String {
    Credentials::new(app.database(), None, &["offices:read"]).secret
}

fn a_token_has_its_quota(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.rate_limit = Some(4));
    let client = app.with_token(&a_secret(&app));
    let remaining = |reply: &Reply| {
        assert_eq!(reply.header("ratelimit-policy"), Some("\"token\";q=4;w=60"));
        let told = reply.header("ratelimit").unwrap();
        let left = told.split(';').nth(1).unwrap().strip_prefix("r=").unwrap();
        left.parse::<u32>().unwrap()
    };
    assert_eq!(remaining(&client.get(OFFICES).expect(200)), 3);
    // Refusals count and tell too.
    assert_eq!(remaining(&client.get("/api/v1/mous").expect(403)), 2);
    assert_eq!(remaining(&client.get("/api/v1/offices?nonsense=1").expect(400)), 1);
    assert_eq!(remaining(&client.get("/api/v1/me").expect(200)), 0);
    let reply = client.get(OFFICES).expect(429);
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(remaining(&reply), 0);
    reply.problem("rate-limited");
    app.with_token(&a_secret(&app)).get(OFFICES).expect(200);
    // What needs no token has no quota.
    let open = app.anonymous().get("/healthz").expect(200);
    assert_eq!(open.header("ratelimit"), None);
}

fn start(database: &TestDatabase) -> TestApp {
    TestApp::start(database, |settings| {
        settings.failure_limit = Some(3);
        settings.trusted_proxies = Networks::parse("127.0.0.1").unwrap();
    })
}

fn a_guess() -> String {
    make_secret().unwrap()
}

/// Shuts an address out, by guesses.
fn shut_out(app: &TestApp, address: &str) {
    for _ in 0..4 {
        let reply = app.with_token(&a_guess()).header("x-forwarded-for", address);
        reply.get(OFFICES).expect(401).problem("invalid-token");
    }
    let refused = app.with_token(&a_guess()).header("x-forwarded-for", address);
    let reply = refused.get(OFFICES).expect(429);
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    reply.problem("too-many-failures");
}

fn an_address_that_guesses_must_wait(world: &World) {
    let database = world.database();
    let app = start(&database);
    let (here, there) = ("203.0.113.7", "203.0.113.8");
    let from = |secret: &str, address: &str| app.with_token(secret).header("x-forwarded-for", address);
    shut_out(&app, here);
    // A JWT that is none of ours is a guess as well.
    let jwt = "eyJhbGciOiJFUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJhdCtqd3QifQ.e30.AAAA";
    from(jwt, here).get(OFFICES).expect(429).problem("too-many-failures");
    from(&a_guess(), there)
        .get(OFFICES)
        .expect(401)
        .problem("invalid-token");
}

/// Whoever else is behind the same proxy: also a token that was never seen here before.
fn what_verifies_is_never_shut_out(world: &World) {
    let database = world.database();
    let app = start(&database);
    let here = "203.0.113.7";
    let from = |secret: &str| app.with_token(secret).header("x-forwarded-for", here);
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    shut_out(&app, here);
    from(&a_secret(&app)).get(OFFICES).expect(200);
    let anonymous = app.anonymous().header("x-forwarded-for", here);
    let access = holder.access_token(&anonymous);
    from(&access).get(OFFICES).expect(200);
    anonymous.form("/oauth/revoke", &[("token", &access)]).expect(200);
    from(&access).get(OFFICES).expect(401).problem("token-revoked");
    // What has ended is told so: a guess never learns as much.
    revoke_token(app.database(), &holder.token_id, "a test").unwrap();
    for _ in 0..9 {
        from(&holder.secret).get(OFFICES).expect(401).problem("token-revoked");
        from("nonsense").get(OFFICES).expect(401).problem("invalid-token");
        anonymous.get(OFFICES).expect(401).problem("token-required");
    }
}

/// A nightly job whose token has expired, and a front-end that sends `undefined`, shut nobody out.
fn only_guesses_shut_out(world: &World) {
    let database = world.database();
    let app = start(&database);
    let ended = Credentials::new(app.database(), None, &["offices:read"]);
    revoke_token(app.database(), &ended.token_id, "a test").unwrap();
    for _ in 0..9 {
        for wrong in ["undefined", "a.b.c", "x", &ended.secret] {
            app.with_token(wrong).get(OFFICES).expect(401);
        }
        app.anonymous().get(OFFICES).expect(401).problem("token-required");
    }
    let guesses = || app.with_token(&a_guess()).get(OFFICES);
    for _ in 0..4 {
        guesses().expect(401).problem("invalid-token");
    }
    guesses().expect(429).problem("too-many-failures");
}

fn a_push_that_changes_nothing_counts_a_tenth(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.rate_limit = Some(8));
    let office = crate::support::make::new_office(&app.admin(), "Home");
    let client = app.client_for(&office, &crate::support::make::every_scope());
    let path = "/api/v1/offices/by-external/erp/1";
    let mut body = crate::support::make::office_body("One", "KR");
    let left = |reply: &Reply| {
        let header = reply.header("ratelimit").unwrap();
        let left = header.split("r=").nth(1).and_then(|rest| rest.split(';').next());
        left.unwrap().parse::<u32>().unwrap()
    };
    let push = |query: &str, body: &serde_json::Value| client.patch(&format!("{path}{query}"), body);
    assert_eq!(left(&push("", &body).expect(201)), 7);
    for _ in 0..20 {
        push("", &body).expect(200);
    }
    // Twenty tenths are two.
    assert_eq!(left(&push("?dry_run=true", &body).expect(200)), 4);
    // What changes something, and what is only tried, is a whole request.
    body["tags"] = serde_json::json!(["x"]);
    assert_eq!(left(&push("", &body).expect(200)), 3);
    assert_eq!(left(&client.get("/api/v1/me").expect(200)), 2);
}
