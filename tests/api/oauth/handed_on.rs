//! What can be done with an access token that was handed on.

use serde_json::json;

use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_access_token_ends_itself_and_not_its_secret,
        only_the_end_of_a_secret_is_told_ahead,
        ending_access_tokens_costs_the_quota_of_their_secret,
    ]
}

fn an_access_token_ends_itself_and_not_its_secret(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let (handed_on, other) = (holder.caller(app), holder.caller(app));
    let end = |caller: &Client| caller.post("/api/v1/tokens/current/revoke", &json!({}));
    let rehearsed = handed_on.post("/api/v1/tokens/current/revoke?dry_run=true", &json!({}));
    rehearsed.expect(204);
    handed_on.get(OFFICES).expect(200);
    end(&handed_on).expect(204);
    handed_on.get(OFFICES).expect(401).problem("token-revoked");
    for left in [&other, &app.with_token(&holder.secret)] {
        left.get(OFFICES).expect(200);
    }
    let ended = end(&app.with_token(&holder.secret)).expect(200).json();
    assert_eq!(ended["token"]["id"], json!(holder.token_id));
    other.get(OFFICES).expect(401).problem("token-revoked");
}

fn only_the_end_of_a_secret_is_told_ahead(app: &TestApp) {
    // It lives for a day.
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let by_secret = app.with_token(&holder.secret).get(OFFICES).expect(200);
    let by_access = holder.caller(app).get(OFFICES).expect(200);
    assert!(by_secret.header("x-token-expires").is_some());
    assert_eq!(
        by_access.header("x-token-expires"),
        by_secret.header("x-token-expires"),
        "the end of the secret and not of the access token"
    );
}

fn ending_access_tokens_costs_the_quota_of_their_secret(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| {
        settings.rate_limit = Some(8);
        settings.failure_limit = Some(3);
    });
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let tokens: Vec<String> = (0..4).map(|_| holder.access_token(&app.anonymous())).collect();
    let revoke = |token: &str| app.anonymous().form("/oauth/revoke", &[("token", token)]);
    for token in &tokens {
        revoke(token).expect(200);
    }
    // Whoever ends one again and again is told nothing: it has ended, and is no guess.
    for _ in 0..6 {
        revoke(&tokens[0]).expect(200);
    }
    // What was used up above is the secret's.
    let refused = app.with_token(&holder.secret).get(OFFICES);
    assert!(matches!(refused.status, 429), "{}", refused.text);
}
