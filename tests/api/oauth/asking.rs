//! `POST /oauth/token`: who gets a token, and which.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use eduaccord::accounts::host::revoke_token;
use eduaccord::auth::sealing::MasterKeySource;
use serde_json::json;

use super::part;
use crate::support::answers::text;
use crate::support::credentials::Credentials;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_secret_is_exchanged_for_a_token_of_ten_minutes,
        less_than_the_client_holds_may_be_asked_for,
        whoever_is_not_the_client_gets_nothing,
        wrong_forms_are_told_as_the_standard_says,
        a_token_does_not_outlive_its_secret,
        without_a_master_key_there_are_no_tokens,
    ]
}

const TOKEN: &str = "/oauth/token";

fn a_secret_is_exchanged_for_a_token_of_ten_minutes(app: &TestApp) {
    let office = app.admin().create(OFFICES, &make::office_body("A", "KR"));
    let office = text(&office, "id");
    let holder = Credentials::new(app.database(), Some(&office), &["offices:read", "mous:read"]);
    let basic = STANDARD.encode(format!("{}:{}", holder.client_id, holder.secret));
    let by_header = app.anonymous().header("authorization", &format!("Basic {basic}"));
    for reply in [
        app.anonymous().form(TOKEN, &holder.fields()),
        by_header.form(TOKEN, &[("grant_type", "client_credentials")]),
        // Fields that are empty or not known are ignored (RFC 6749, 3.2).
        by_header.form(
            TOKEN,
            &[("grant_type", "client_credentials"), ("scope", ""), ("extension", "x")],
        ),
    ] {
        let reply = reply.expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let answer = reply.json();
        assert_eq!(answer["token_type"], "Bearer");
        assert_eq!(answer["expires_in"], 600);
        assert_eq!(answer["scope"], "offices:read mous:read");
        let token = text(&answer, "access_token");
        let (header, claims) = (part(&token, 0), part(&token, 1));
        assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("at+jwt")));
        assert_eq!(header.as_object().map(serde_json::Map::len), Some(3));
        let base = format!("http://{}", app.address);
        for (name, expected) in [
            ("iss", &base),
            ("aud", &base),
            ("sub", &holder.client_id),
            ("client_id", &holder.client_id),
            ("tid", &holder.token_id),
            ("office_id", &office),
        ] {
            assert_eq!(claims[name], json!(expected), "{name}");
        }
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 600);
        let me = app.with_token(&token).get("/api/v1/me").expect(200).json();
        assert_eq!(me["client_id"], holder.client_id);
        assert_eq!(me["token_id"], holder.token_id);
        assert_eq!(me["office_id"], office);
        assert_eq!(me["scopes"], json!(["offices:read", "mous:read"]));
    }
}

fn less_than_the_client_holds_may_be_asked_for(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read", "mous:read"]);
    let ask = |scope: &'static str| {
        let mut fields = holder.fields().to_vec();
        fields.push(("scope", scope));
        app.anonymous().form(TOKEN, &fields)
    };
    let answer = ask("offices:read").expect(200).json();
    assert_eq!(answer["scope"], "offices:read");
    let caller = app.with_token(&text(&answer, "access_token"));
    caller.get(OFFICES).expect(200);
    let refused = caller.get(MOUS).expect(403).problem("missing-scope");
    assert_eq!(refused["granted_scopes"], json!(["offices:read"]));
    for wrong in [
        "admin",
        "offices:read admin",
        "offices:fly",
        "offices:read  OFFICES:READ",
    ] {
        let problem = ask(wrong).expect(400).problem("invalid-scope");
        assert_eq!(problem["error"], "invalid_scope", "{wrong}");
        assert_eq!(problem["granted_scopes"], json!(["offices:read", "mous:read"]));
    }
}

fn whoever_is_not_the_client_gets_nothing(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let other = Credentials::new(app.database(), None, &make::every_scope());
    let revoked = Credentials::new(app.database(), None, &["offices:read"]);
    revoke_token(app.database(), &revoked.token_id, "lost").unwrap();
    let access = holder.access_token(&app.anonymous());
    let unknown = eduaccord::auth::secret::make_secret().unwrap();
    let mut answers = Vec::new();
    for (id, secret) in [
        (&holder.client_id, &other.secret),
        (&other.client_id, &holder.secret),
        (&revoked.client_id, &revoked.secret),
        (&holder.client_id, &unknown),
        (&holder.client_id, &"nonsense".to_owned()),
        // A token of this kind is no secret: it cannot be made to last.
        (&holder.client_id, &access),
        (&"nobody".to_owned(), &holder.secret),
        (&holder.token_id, &holder.secret),
    ] {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let anyone = app.anonymous();
        let by_form = anyone.form(TOKEN, &fields).expect(401);
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        let by_header = anyone
            .header("authorization", &format!("Basic {basic}"))
            .form(TOKEN, &fields[..1])
            .expect(401);
        for reply in [by_form, by_header] {
            assert!(reply.header("www-authenticate").unwrap().starts_with("Basic "));
            let problem = reply.clone().problem("invalid-client");
            assert_eq!(problem["error"], "invalid_client");
            answers.push(reply.text_without_id());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer for all: {answers:?}");
    for header in ["Basic", "Basic !!!", "Bearer x", &format!("Bearer {}", holder.secret)] {
        let caller = app.anonymous().header("authorization", header);
        let reply = caller.form(TOKEN, &[("grant_type", "client_credentials")]).expect(401);
        reply.problem("invalid-client");
    }
}

fn wrong_forms_are_told_as_the_standard_says(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let [grant, id, secret] = holder.fields();
    for (fields, code, error) in [
        (vec![id, secret], "invalid-token-request", "invalid_request"),
        (vec![grant, id], "invalid-token-request", "invalid_request"),
        (vec![grant, secret], "invalid-token-request", "invalid_request"),
        (
            vec![grant, grant, id, secret],
            "invalid-token-request",
            "invalid_request",
        ),
        (
            vec![("grant_type", "password"), id, secret],
            "unsupported-grant-type",
            "unsupported_grant_type",
        ),
        (
            vec![("grant_type", "refresh_token"), id, secret],
            "unsupported-grant-type",
            "unsupported_grant_type",
        ),
    ] {
        let reply = app.anonymous().form(TOKEN, &fields).expect(400);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let problem = reply.problem(code);
        assert_eq!(problem["error"], error, "{fields:?}");
        assert!(
            problem["error_description"]
                .as_str()
                .is_some_and(|text| text.len() > 10)
        );
    }
    let basic = STANDARD.encode(format!("{}:{}", holder.client_id, holder.secret));
    let by_header = app.anonymous().header("authorization", &format!("Basic {basic}"));
    by_header
        .form(TOKEN, &holder.fields())
        .expect(400)
        .problem("invalid-token-request");
    let of_another = [grant, ("client_id", "cli_00000000000000000000000000")];
    by_header
        .form(TOKEN, &of_another)
        .expect(400)
        .problem("invalid-token-request");
    by_header.form(TOKEN, &[grant, id]).expect(200);
}

fn a_token_does_not_outlive_its_secret(app: &TestApp) {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use eduaccord::db::schema::tokens;
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let end = eduaccord::clock::now() + chrono::TimeDelta::seconds(90);
    let id = holder.token_id.clone();
    app.database()
        .write_blocking(move |transaction| {
            transaction.state.epoch += 1;
            diesel::update(tokens::table.find(id))
                .set(tokens::expires_at.eq(eduaccord::clock::format_instant(end)))
                .execute(transaction.conn)?;
            Ok(())
        })
        .unwrap();
    let answer = app.anonymous().form(TOKEN, &holder.fields()).expect(200).json();
    let seconds = answer["expires_in"].as_i64().unwrap();
    assert!((60..=90).contains(&seconds), "{seconds}");
    let claims = part(&text(&answer, "access_token"), 1);
    assert_eq!(claims["exp"].as_i64(), Some(end.timestamp()));
}

/// An SQLite file has a key file of its own from the first start; a PostgreSQL database has none.
fn without_a_master_key_there_are_no_tokens(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.master_key = MasterKeySource::Default);
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    if database.url.starts_with("sqlite:") {
        holder.caller(&app).get(OFFICES).expect(200);
        return;
    }
    let problem = app
        .anonymous()
        .form(TOKEN, &holder.fields())
        .expect(503)
        .problem("signing-unavailable");
    assert_eq!(problem["error"], "temporarily_unavailable");
    // All else goes on, and so do the tokens of an instance that has the key.
    app.with_token(&holder.secret).get(OFFICES).expect(200);
    assert_eq!(
        app.anonymous().get("/.well-known/jwks.json").expect(200).json(),
        json!({"keys": []})
    );
    let able = TestApp::start(&database, |settings| {
        settings.public_url = Some(format!("http://{}", app.address))
    });
    let caller = app.with_token(&holder.access_token(&able.anonymous()));
    // It learns of the keys by its next look into the database; otherwise within two seconds.
    app.with_token(&holder.secret).get(OFFICES).expect(200);
    caller.get(OFFICES).expect(200);
}
