//! What is no token of this service: one answer to all of it, at no cost, and to nobody's gain.

use std::collections::BTreeSet;
use std::net::TcpListener;

use eduaccord::settings::Settings;
use serde_json::json;

use super::vectors::{Forge, Vector};
use crate::support::client::Reply;
use crate::support::credentials::Credentials;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        forged_tokens_get_one_answer_and_no_look_into_the_database,
        what_is_signed_and_right_is_taken,
        a_token_ends_with_both_of_its_signatures,
        addresses_in_tokens_are_never_called,
    ]
}

pub(super) fn forge(app: &TestApp) -> (Credentials, Forge) {
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    let genuine = holder.access_token(&app.anonymous());
    let settings = Settings::for_tests(String::new());
    let forge = Forge::new(app.database(), &settings.master_key, &genuine);
    (holder, forge)
}

/// Status, headers and body, but for the date and the request id.
fn whole(reply: &Reply) -> (u16, BTreeSet<(String, String)>, String) {
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
        .collect();
    (reply.status, headers, reply.text_without_id())
}

fn forged_tokens_get_one_answer_and_no_look_into_the_database(app: &TestApp) {
    let (_, forge) = forge(app);
    let anyone = app.anonymous();
    let with = |token: &str| anyone.header("authorization", &format!("Bearer {token}"));
    let damaged_secret = with("eda_live_nonsense");
    let mut vectors = forge.vectors();
    vectors.extend(opaque());
    let names: BTreeSet<&String> = vectors.iter().map(|(name, _)| name).collect();
    assert!(names.len() == vectors.len() && names.len() >= 80, "{}", names.len());

    let body = make::office_body("Forged", "KR");
    let expected = [
        whole(&damaged_secret.get(OFFICES).expect(401)),
        whole(&any(&damaged_secret).post(OFFICES, &body).expect(401)),
    ];
    damaged_secret.get(OFFICES).problem("invalid-token");
    let before = app.database().requests_read();
    let mut faults = Vec::new();
    for (name, token) in &vectors {
        let caller = with(token);
        for (reply, expected) in [caller.get(OFFICES), any(&caller).post(OFFICES, &body)]
            .iter()
            .zip(&expected)
        {
            if whole(reply) != *expected {
                faults.push(format!("{name}: {} {}", reply.status, reply.text));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(app.database().requests_read(), before, "the database was asked");
    println!("{} forged or malformed tokens", vectors.len());
    app.admin().get(OFFICES).expect(200);
    assert!(app.database().requests_read() > before, "the count counts");
}

/// What is no secret either.
fn opaque() -> Vec<Vector> {
    let secret = eduaccord::auth::secret::make_secret().unwrap();
    let other = if secret.ends_with('0') { '1' } else { '0' };
    [
        ("empty", String::new()),
        ("a word", "nonsense".to_owned()),
        ("another prefix", secret.replace("eda_live_", "eda_test_")),
        ("another checksum", format!("{}{other}", &secret[..secret.len() - 1])),
        ("shorter", secret[..secret.len() - 1].to_owned()),
        ("longer", format!("{secret}0")),
        ("in capitals", secret.to_uppercase()),
        ("twice", format!("{secret}{secret}")),
        ("in quotes", format!("\"{secret}\"")),
        ("with a space", secret.replace("live_", "live _")),
        ("long", "x".repeat(20_000)),
    ]
    .into_iter()
    .map(|(name, token)| (format!("secret: {name}"), token))
    .collect()
}

/// The same hand can make good ones, so it is the one wrong thing that is refused; at the edges of time by a second.
fn what_is_signed_and_right_is_taken(app: &TestApp) {
    let (holder, forge) = forge(app);
    let now = || eduaccord::clock::now().timestamp();
    for change in [
        json!({}),
        json!({"scope": "offices:read"}),
        json!({"nbf": now()}),
        json!({"nbf": now() + 4, "iat": now() + 4}),
        json!({"iat": now() - 602, "exp": now() - 2}),
    ] {
        let token = forge.with_claims(change.clone());
        let reply = app.with_token(&token).get(OFFICES);
        assert_eq!(reply.status, 200, "{change}: {}", reply.text);
    }
    for (iat, exp) in [(now() - 606, now() - 6), (now() - 86_400, now() - 86_000), (0, 600)] {
        let token = forge.with_claims(json!({"iat": iat, "exp": exp}));
        let before = app.database().requests_read();
        app.with_token(&token).get(OFFICES).expect(401).problem("token-expired");
        assert_eq!(app.database().requests_read(), before);
    }
    // More than the client holds, or of another office or client: signed, yet never right.
    let other = Credentials::new(app.database(), None, &["export"]);
    for change in [
        json!({"office_id": "off_00000000000000000000000000"}),
        json!({"tid": other.token_id}),
        json!({"tid": other.token_id, "sub": other.client_id, "client_id": other.client_id}),
    ] {
        let token = forge.with_claims(change);
        app.with_token(&token)
            .get(OFFICES)
            .expect(401)
            .problem("rights-changed");
    }
    let unknown = forge.with_claims(json!({"tid": "tok_00000000000000000000000000"}));
    app.with_token(&unknown)
        .get(OFFICES)
        .expect(401)
        .problem("invalid-token");
    let no_scope = forge.with_claims(json!({"scope": "offices:fly"}));
    app.with_token(&no_scope)
        .get(OFFICES)
        .expect(401)
        .problem("invalid-token");
    app.with_token(&holder.secret).get(OFFICES).expect(200);
}

/// ECDSA allows two signatures of one message. Both make one token: its claims are the same, and it ends by its `jti`.
fn a_token_ends_with_both_of_its_signatures(app: &TestApp) {
    let (_, forge) = forge(app);
    let twin = forge.with_other_signature();
    app.with_token(&twin).get(OFFICES).expect(200);
    app.anonymous().form("/oauth/revoke", &[("token", &twin)]).expect(200);
    for ended in [&twin, &forge.genuine] {
        app.with_token(ended).get(OFFICES).expect(401).problem("token-revoked");
    }
}

fn addresses_in_tokens_are_never_called(app: &TestApp) {
    let (_, forge) = forge(app);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    for (name, token) in forge.pointing_at(&url) {
        let reply = app.with_token(&token).get(OFFICES);
        assert_eq!(reply.status, 401, "{name}");
        reply.problem("invalid-token");
    }
    let error = listener.accept().expect_err("nobody called");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}
