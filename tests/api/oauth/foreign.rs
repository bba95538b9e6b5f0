//! Tokens of another issuer, a real one in a process of its own.

use std::time::Duration;

use eduaccord::auth::issuers::config::IssuerConfig;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::issuer_process::Issuer;
use crate::support::answers::text;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, MOUS, OFFICES};
use crate::support::{Case, TestApp, World, cases, make, together};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_linked_subject_acts_as_its_client_until_the_link_is_cut,
        what_an_issuer_did_not_mean_for_us_is_refused,
        keys_are_asked_for_at_most_once_a_minute,
        the_last_good_keys_are_kept,
        an_issuer_that_was_never_heard_is_told,
    ]
}

pub(super) const AUDIENCE: &str = "eduaccord";

/// How an operator names this issuer.
pub(super) fn config_of(issuer: &Issuer) -> IssuerConfig {
    IssuerConfig {
        issuer: issuer.url.clone(),
        audience: AUDIENCE.to_owned(),
        algorithms: vec![Algorithm::ES256, Algorithm::RS256, Algorithm::EdDSA],
        typ: "at+jwt".to_owned(),
        ca_file: None,
    }
}

/// A service that trusts this issuer.
pub(crate) fn start(database: &TestDatabase, issuer: &Issuer, interval: Duration) -> TestApp {
    start_with(database, config_of(issuer), interval)
}

/// A service that trusts this issuer, and asks it for keys no more often than this.
pub(super) fn start_with(database: &TestDatabase, config: IssuerConfig, interval: Duration) -> TestApp {
    TestApp::start(database, |settings| {
        settings.issuers = vec![config];
        settings.issuer_interval = interval;
    })
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Good claims of this subject with some put over them (null takes one away).
pub(super) fn claims(issuer: &Issuer, subject: &str, change: Value) -> Value {
    let now = eduaccord::clock::now().timestamp();
    let mut claims = json!({
        "iss": issuer.url, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 3_600,
        "scope": "admin openid", "realm_access": {"roles": ["admin"]}, "azp": "portal",
    });
    for (name, value) in change.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
        .as_object_mut()
        .expect("an object")
        .retain(|_, value| !value.is_null());
    claims
}

/// A good token of this subject.
pub(crate) fn token(issuer: &Issuer, subject: &str) -> String {
    issuer.sign("ES256", &json!({"typ": "at+jwt"}), &claims(issuer, subject, json!({})))
}

/// Links this subject to a client; the link's id.
#[track_caller]
pub(crate) fn link(admin: &Client, client_id: &str, issuer: &Issuer, subject: &str) -> String {
    let path = format!("/api/v1/clients/{client_id}/identities");
    text(
        &admin.create(&path, &json!({"issuer": issuer.url, "subject": subject})),
        "id",
    )
}

fn a_linked_subject_acts_as_its_client_until_the_link_is_cut(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, MINUTE);
    let admin = app.admin();
    let office = text(&admin.create(OFFICES, &make::office_body("A", "KR")), "id");
    let holder = Credentials::new(app.database(), Some(&office), &["offices:read", "offices:write"]);
    let caller = app.with_token(&token(&issuer, "subject-1"));
    caller.get(OFFICES).expect(401).problem("identity-not-linked");
    let identity = link(&admin, &holder.client_id, &issuer, "subject-1");
    for algorithm in ["ES256", "RS256", "EdDSA"] {
        for audience in [json!(AUDIENCE), json!(["account", AUDIENCE])] {
            let claims = claims(&issuer, "subject-1", json!({ "aud": audience }));
            let token = issuer.sign(algorithm, &json!({"typ": "application/at+jwt"}), &claims);
            let me = app.with_token(&token).get("/api/v1/me").expect(200).json();
            assert_eq!(
                (&me["client_id"], &me["office_id"]),
                (&json!(holder.client_id), &json!(office))
            );
            // What the issuer says of rights is not read.
            assert_eq!(me["scopes"], json!(["offices:read", "offices:write"]), "{algorithm}");
            assert_eq!(me["token_id"], json!(identity));
        }
    }
    caller.get(MOUS).expect(403).problem("missing-scope");
    caller.create(OFFICES, &make::office_body("By a subject", "KR"));
    app.with_token(&token(&issuer, "subject-2"))
        .get(OFFICES)
        .expect(401)
        .problem("identity-not-linked");

    let set_state = |state: &str| {
        let path = format!("{CLIENTS}/{}", holder.client_id);
        any(&admin).patch(&path, &json!({ "state": state })).expect(200);
    };
    set_state("suspended");
    caller.get(OFFICES).expect(401).problem("token-revoked");
    set_state("active");
    caller.get(OFFICES).expect(200);
    admin.delete(&format!("/api/v1/identities/{identity}")).expect(204);
    caller.get(OFFICES).expect(401).problem("identity-not-linked");
    caller
        .post(OFFICES, &make::office_body("Too late", "KR"))
        .expect(401)
        .problem("identity-not-linked");
    assert_eq!(issuer.hits(), 1);
}

fn what_an_issuer_did_not_mean_for_us_is_refused(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, MINUTE);
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    link(&app.admin(), &holder.client_id, &issuer, "subject");
    app.with_token(&token(&issuer, "subject")).get(OFFICES).expect(200);
    let now = eduaccord::clock::now().timestamp();
    let good = json!({"typ": "at+jwt"});
    let mut tokens: Vec<(String, String)> = [
        json!({"aud": "account"}),
        json!({"aud": ["account"]}),
        json!({"aud": null}),
        json!({"aud": 1}),
        json!({"aud": [AUDIENCE, 1]}),
        json!({"aud": "eduaccord2"}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 1}),
        json!({"exp": null}),
        json!({"exp": "soon"}),
        json!({"exp": 1.5}),
        json!({"nbf": now + 60}),
        json!({"iat": now + 60}),
        json!({"iss": format!("{}/", issuer.url)}),
        json!({"iss": "https://other.example"}),
        json!({"iss": null}),
        json!({"at_hash": "x"}),
        json!({"typ": "ID"}),
        json!({"typ": "Refresh"}),
    ]
    .into_iter()
    .map(|change| {
        let token = issuer.sign("ES256", &good, &claims(&issuer, "subject", change.clone()));
        (change.to_string(), token)
    })
    .collect();
    let right = claims(&issuer, "subject", json!({}));
    for header in [
        json!({}),
        json!({"typ": "JWT"}),
        json!({"typ": "at+jwt", "kid": "unknown"}),
        json!({"typ": "at+jwt", "kid": "later"}),
        json!({"typ": "at+jwt", "kid": "RS256-0"}),
        json!({"typ": "at+jwt", "alg": "RS256"}),
        json!({"typ": "at+jwt", "alg": "none"}),
        json!({"typ": "at+jwt", "alg": "HS256"}),
        json!({"typ": "at+jwt", "alg": "PS256"}),
        json!({"typ": "at+jwt", "crit": ["exp"]}),
        json!({"typ": "at+jwt", "jku": issuer.url}),
        json!({"typ": "at+jwt", "jwk": {}}),
        json!({"typ": "at+jwt", "x5c": []}),
        json!({"typ": "at+jwt", "x5u": issuer.url}),
        json!({"typ": "at+jwt", "b64": false}),
        json!({"typ": "at+jwt", "kid": null}),
    ] {
        tokens.push((header.to_string(), issuer.sign("ES256", &header, &right)));
    }
    let whole = token(&issuer, "subject");
    tokens.push(("cut".to_owned(), whole[..whole.len() - 4].to_owned()));
    let expected = app.with_token("nonsense").get(OFFICES).text_without_id();
    for (what, token) in &tokens {
        let reply = app.with_token(token).get(OFFICES);
        assert_eq!((reply.status, &reply.text_without_id()), (401, &expected), "{what}");
    }
    let old = claims(&issuer, "subject", json!({"iat": now - 7_200, "exp": now - 3_600}));
    let old = issuer.sign("ES256", &good, &old);
    app.with_token(&old).get(OFFICES).expect(401).problem("token-expired");
    assert_eq!(issuer.hits(), 1, "no token made anybody ask again");
}

fn keys_are_asked_for_at_most_once_a_minute(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, MINUTE);
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    link(&app.admin(), &holder.client_id, &issuer, "subject");
    let right = claims(&issuer, "subject", json!({}));
    let unknown = |number: usize| {
        let header = json!({"typ": "at+jwt", "kid": format!("unknown-{number}")});
        issuer.sign("ES256", &header, &right)
    };
    // Many at once, before anything is known: one of them asks, the others wait for its answer.
    let tokens: Vec<String> = (0..8).map(unknown).collect();
    let statuses = together(8, |number| app.with_token(&tokens[number]).get(OFFICES).status);
    assert_eq!(statuses, [401; 8]);
    for number in 8..40 {
        app.with_token(&unknown(number))
            .get(OFFICES)
            .expect(401)
            .problem("invalid-token");
    }
    assert_eq!(issuer.hits(), 1);
    app.with_token(&token(&issuer, "subject")).get(OFFICES).expect(200);
    issuer.behave("rotate");
    app.with_token(&token(&issuer, "subject")).get(OFFICES).expect(401);
    assert_eq!(issuer.hits(), 1);
}

fn the_last_good_keys_are_kept(world: &World) {
    let (database, mut issuer) = (world.database(), Issuer::start());
    // As if a minute had passed between any two requests.
    let app = start(&database, &issuer, Duration::ZERO);
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    link(&app.admin(), &holder.client_id, &issuer, "subject");
    let (first, second) = (token(&issuer, "subject"), token(&issuer, "subject"));
    app.with_token(&first).get(OFFICES).expect(200);
    let unknown = issuer.sign(
        "ES256",
        &json!({"typ": "at+jwt", "kid": "unknown"}),
        &claims(&issuer, "subject", json!({})),
    );
    for mode in ["fail", "redirect", "large", "stranger"] {
        issuer.behave(mode);
        let before = issuer.hits();
        app.with_token(&unknown)
            .get(OFFICES)
            .expect(401)
            .problem("invalid-token");
        assert_eq!(issuer.hits() - before, u64::from(mode != "stranger"), "{mode}");
        app.with_token(&first).get(OFFICES).expect(200);
    }
    issuer.behave("good");
    issuer.behave("rotate");
    let new = token(&issuer, "subject");
    app.with_token(&new).get(OFFICES).expect(200);
    // The issuer has withdrawn the key of the first.
    app.with_token(&first).get(OFFICES).expect(401);
    app.with_token(&second).get(OFFICES).expect(401);
    let later = token(&issuer, "subject");
    issuer.stop();
    app.with_token(&new).get(OFFICES).expect(200);
    app.with_token(&later).get(OFFICES).expect(200);
}

fn an_issuer_that_was_never_heard_is_told(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, Duration::ZERO);
    let token = token(&issuer, "subject");
    for mode in ["fail", "redirect", "large", "stranger"] {
        issuer.behave(mode);
        app.with_token(&token)
            .get(OFFICES)
            .expect(503)
            .problem("issuer-unavailable");
    }
    issuer.behave("good");
    app.with_token(&token)
        .get(OFFICES)
        .expect(401)
        .problem("identity-not-linked");
}
