//! Tokens: the forms that are refused, and that a token that has ended is refused before anything else.

use eduaccord::accounts::host::revoke_token;
use serde_json::json;

use crate::support::credentials::Credentials;
use crate::support::parties::any;
use crate::support::paths::{CHANGES, MOUS, OFFICES};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![what_is_no_token_is_refused, an_ended_token_is_refused_before_all_else]
}

fn what_is_no_token_is_refused(app: &TestApp) {
    let Credentials { secret, .. } = Credentials::new(app.database(), None, &["offices:read"]);
    app.with_token(&secret).get(OFFICES).expect(200);
    let anonymous = app.anonymous();
    let bare = anonymous.get(OFFICES).expect(401);
    assert_eq!(bare.header("www-authenticate"), Some("Bearer realm=\"eduaccord\""));
    for header in [
        "Bearer".to_owned(),
        secret.clone(),
        format!("Bearer {}", &secret[1..]),
        format!("Bearer {secret}{secret}"),
        format!("Bearer {}", secret.to_uppercase()),
        "Bearer eda_live_".to_owned(),
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
}

/// Neither a missing scope nor what is wrong with the request is told to a token that has ended.
fn an_ended_token_is_refused_before_all_else(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read", "changes:read"]);
    let caller = app.with_token(&holder.secret);
    caller.get(OFFICES).expect(200);
    revoke_token(app.database(), &holder.token_id, "lost").unwrap();
    for path in [
        MOUS,
        "/api/v1/changes?wait=1",
        "/api/v1/offices?nonsense=1",
        "/api/v1/offices?limit=1000",
        &format!("{CHANGES}?since=nonsense"),
        "/api/v1/offices/mou_00000000000000000000000000",
    ] {
        let reply = caller.get(path).expect(401);
        let challenge = reply.header("www-authenticate").unwrap().to_owned();
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        reply.problem("token-revoked");
    }
    any(&caller)
        .patch("/api/v1/offices/off_00000000000000000000000000", &json!({}))
        .expect(401)
        .problem("token-revoked");
}
