//! What an address that guessed too often may still ask: a valid token counts there as anywhere, and an issuer is asked
//! for its keys no more often than by others.

use std::time::Duration;

use eduaccord::auth::issuers::config::IssuerConfig;
use eduaccord::auth::network::Networks;
use eduaccord::auth::secret::make_secret;
use jsonwebtoken::Algorithm;

use super::foreign::{AUDIENCE, link, token};
use super::issuer_process::Issuer;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_issuer_is_asked_once_in_its_interval_whoever_asks,
        guesses_at_what_to_revoke_are_counted,
    ]
}

const LIMIT: u32 = 3;

fn start(database: &TestDatabase, issuers: Vec<IssuerConfig>) -> TestApp {
    TestApp::start(database, |settings| {
        settings.failure_limit = Some(LIMIT);
        settings.trusted_proxies = Networks::parse("127.0.0.1").unwrap();
        settings.issuers = issuers;
        settings.issuer_interval = Duration::from_secs(60);
    })
}

fn from(client: &Client, address: &str) -> Client {
    client.header("x-forwarded-for", address)
}

fn an_issuer_is_asked_once_in_its_interval_whoever_asks(world: &World) {
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
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    link(&app.admin(), &holder.client_id, &issuer, "linked");
    for _ in 0..=LIMIT {
        let guess = app.with_token(&make_secret().unwrap());
        from(&guess, "203.0.113.7").get(OFFICES).expect(401);
    }
    let guess = app.with_token(&make_secret().unwrap());
    let refused = from(&guess, "203.0.113.7").get(OFFICES).expect(429);
    refused.problem("too-many-failures");
    // A token that verifies is not held up by its neighbours, nor is its reason kept from one that is not linked.
    for _ in 0..3 {
        let linked = app.with_token(&token(&issuer, "linked"));
        from(&linked, "203.0.113.7").get(OFFICES).expect(200);
        let stranger = app.with_token(&token(&issuer, "stranger"));
        let refused = from(&stranger, "203.0.113.7").get(OFFICES).expect(401);
        refused.problem("identity-not-linked");
    }
    assert_eq!(issuer.hits(), 1, "the issuer was asked for its keys");
}

fn guesses_at_what_to_revoke_are_counted(world: &World) {
    let database = world.database();
    let app = start(&database, Vec::new());
    let revoke =
        |address: &str, token: &str| from(&app.anonymous(), address).form("/oauth/revoke", &[("token", token)]);
    // One answer to whatever is no token, until there are too many of them.
    for _ in 0..9 {
        revoke("203.0.113.7", "nonsense").expect(200);
        revoke("203.0.113.7", "a.b.c").expect(200);
    }
    for _ in 0..=LIMIT {
        revoke("203.0.113.7", &make_secret().unwrap()).expect(200);
    }
    let refused = revoke("203.0.113.7", &make_secret().unwrap()).expect(429);
    assert!(refused.header("retry-after").is_some());
    refused.problem("too-many-failures");
    revoke("203.0.113.8", "nonsense").expect(200);
    // Who has failed there must wait with tokens, too.
    from(&app.with_token(&make_secret().unwrap()), "203.0.113.7")
        .get(OFFICES)
        .expect(429)
        .problem("too-many-failures");
}
