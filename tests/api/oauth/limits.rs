//! What an address that was refused too often may still ask: nothing that costs more than a look at a table.

use std::time::Duration;

use eduaccord::auth::issuers::config::IssuerConfig;
use eduaccord::auth::network::Networks;
use eduaccord::auth::secret::make_secret;
use jsonwebtoken::Algorithm;

use super::foreign::{AUDIENCE, token};
use super::issuer_process::Issuer;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        no_issuer_is_asked_for_an_address_that_must_wait,
        guesses_at_what_to_revoke_are_counted,
    ]
}

const LIMIT: u32 = 3;

fn start(database: &TestDatabase, issuers: Vec<IssuerConfig>) -> TestApp {
    TestApp::start(database, |settings| {
        settings.failure_limit = Some(LIMIT);
        settings.trusted_proxies = Networks::parse("127.0.0.1").unwrap();
        settings.issuers = issuers;
        settings.issuer_interval = Duration::ZERO;
    })
}

fn from(client: &Client, address: &str) -> Client {
    client.header("x-forwarded-for", address)
}

fn no_issuer_is_asked_for_an_address_that_must_wait(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(
        &database,
        vec![IssuerConfig {
            issuer: issuer.url.clone(),
            audience: AUDIENCE.to_owned(),
            algorithms: vec![Algorithm::ES256],
            typ: "at+jwt".to_owned(),
            ca_file: None,
        }],
    );
    let foreign = app.with_token(&token(&issuer, "subject"));
    for _ in 0..=LIMIT {
        from(&app.with_token("nonsense"), "203.0.113.7")
            .get(OFFICES)
            .expect(401);
    }
    from(&foreign, "203.0.113.7")
        .get(OFFICES)
        .expect(429)
        .problem("too-many-failures");
    assert_eq!(issuer.hits(), 0, "the issuer was asked for its keys");
    from(&foreign, "203.0.113.8")
        .get(OFFICES)
        .expect(401)
        .problem("identity-not-linked");
    assert_eq!(issuer.hits(), 1);
}

fn guesses_at_what_to_revoke_are_counted(world: &World) {
    let database = world.database();
    let app = start(&database, Vec::new());
    let revoke =
        |address: &str, token: &str| from(&app.anonymous(), address).form("/oauth/revoke", &[("token", token)]);
    // One answer to whatever is no token, until there are too many of them.
    for guess in [
        "nonsense".to_owned(),
        "a.b.c".to_owned(),
        make_secret().unwrap(),
        String::from("x"),
    ] {
        revoke("203.0.113.7", &guess).expect(200);
    }
    let refused = revoke("203.0.113.7", &make_secret().unwrap()).expect(429);
    assert!(refused.header("retry-after").is_some());
    refused.problem("too-many-failures");
    revoke("203.0.113.8", "nonsense").expect(200);
    // Who has failed there must wait with tokens, too.
    from(&app.with_token("nonsense"), "203.0.113.7")
        .get(OFFICES)
        .expect(429)
        .problem("too-many-failures");
}
