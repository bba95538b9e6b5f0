//! How much a token may ask, and how often an address may fail.

use eduaccord::accounts::host::revoke_token;
use eduaccord::auth::network::Networks;
use eduaccord::auth::secret::make_secret;

use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![a_token_has_its_quota, an_address_that_fails_must_wait,]
}

fn a_secret(app: &TestApp) -> String {
    Credentials::new(app.database(), None, &["offices:read"]).secret
}

fn a_token_has_its_quota(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.rate_limit = Some(4));
    let client = app.with_token(&a_secret(&app));
    let remaining = |reply: &crate::support::client::Reply| {
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

fn an_address_that_fails_must_wait(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| {
        settings.failure_limit = Some(3);
        settings.trusted_proxies = Networks::parse("127.0.0.1").unwrap();
    });
    let from = |secret: &str, address: &str| app.with_token(secret).header("x-forwarded-for", address);
    let (known, new) = (a_secret(&app), a_secret(&app));
    from(&known, "203.0.113.7").get(OFFICES).expect(200);
    // Whoever sends no token at all has not failed with one.
    for _ in 0..9 {
        let nobody = app.anonymous().header("x-forwarded-for", "203.0.113.7");
        nobody.get(OFFICES).expect(401).problem("token-required");
    }
    for wrong in [
        "nonsense".to_owned(),
        make_secret().unwrap(),
        "a.b.c".to_owned(),
        "x".to_owned(),
    ] {
        let reply = from(&wrong, "203.0.113.7").get(OFFICES).expect(401);
        reply.problem("invalid-token");
    }
    for wrong in ["nonsense", &new] {
        let reply = from(wrong, "203.0.113.7").get(OFFICES).expect(429);
        let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        reply.problem("too-many-failures");
    }
    // A token that was in use is not shut out with its neighbour; other addresses have nothing to do with it.
    from(&known, "203.0.113.7").get(OFFICES).expect(200);
    from(&new, "203.0.113.8").get(OFFICES).expect(200);
    // Now it is in use, and goes on when the rights of anybody change.
    from(&new, "203.0.113.7").get(OFFICES).expect(200);
    let third = Credentials::new(app.database(), None, &["offices:read"]).client_id;
    let admin = app
        .admin()
        .header("x-forwarded-for", "203.0.113.9")
        .header("if-match", "*");
    let edit = serde_json::json!({"state": "suspended"});
    admin.patch(&format!("/api/v1/clients/{third}"), &edit).expect(200);
    for secret in [&known, &new] {
        from(secret, "203.0.113.7").get(OFFICES).expect(200);
    }
    // A token that was in use and ended is one more that does not count.
    let me = from(&new, "203.0.113.8").get("/api/v1/me").expect(200).json();
    revoke_token(app.database(), me["token_id"].as_str().unwrap(), "a test").unwrap();
    from(&new, "203.0.113.8")
        .get(OFFICES)
        .expect(401)
        .problem("token-revoked");
    from(&new, "203.0.113.7")
        .get(OFFICES)
        .expect(429)
        .problem("too-many-failures");
}
