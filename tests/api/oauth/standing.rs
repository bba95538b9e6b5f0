//! An access token counts as long as its secret and the rights that it names: to the very next request.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::accounts::host::revoke_token;
use eduaccord::db::schema::audit;
use serde_json::{Value, json};

use crate::support::answers::text;
use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::parties::{Parties, any};
use crate::support::paths::{CLIENTS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        more_rights_do_not_end_a_token,
        a_token_may_be_ended_by_showing_it,
        a_secret_may_be_ended_by_showing_it,
        the_last_admin_stays,
        introspection_tells_only_whom_it_concerns,
        changes_are_traced_to_the_secret,
    ]
}

/// Changes the client as an administrator does.
#[track_caller]
fn change(app: &TestApp, holder: &Credentials, edit: &Value) {
    let path = format!("{CLIENTS}/{}", holder.client_id);
    any(&app.admin()).patch(&path, edit).expect(200);
}

fn more_rights_do_not_end_a_token(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read", "changes:read"]);
    let caller = holder.caller(app);
    caller.get(OFFICES).expect(200);
    let more = json!({"scopes": ["offices:read", "changes:read", "mous:read"]});
    change(app, &holder, &more);
    caller.get(OFFICES).expect(200);
    caller.get("/api/v1/mous").expect(403).problem("missing-scope");
}

fn a_token_may_be_ended_by_showing_it(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    let (token, other) = (holder.access_token(&app.anonymous()), holder.caller(app));
    let caller = app.with_token(&token);
    caller.get(OFFICES).expect(200);
    for _ in 0..2 {
        let reply = app.anonymous().form("/oauth/revoke", &[("token", &token)]).expect(200);
        assert_eq!(
            (reply.text.as_str(), reply.header("cache-control")),
            ("", Some("no-store"))
        );
        caller.get(OFFICES).expect(401).problem("token-revoked");
    }
    other.get(OFFICES).expect(200);
    app.with_token(&holder.secret).get(OFFICES).expect(200);
    for unknown in ["nonsense", "a.b.c", &eduaccord::auth::secret::make_secret().unwrap()] {
        let fields = [("token", unknown), ("token_type_hint", "refresh_token")];
        let reply = app.anonymous().form("/oauth/revoke", &fields).expect(200);
        assert_eq!(reply.text, "");
    }
    let rows: i64 = app
        .database()
        .read_blocking(|conn| {
            let rows = audit::table.filter(audit::operation.eq("access.revoke"));
            Ok(rows.count().get_result(conn)?)
        })
        .unwrap();
    assert_eq!(rows, 1);
}

fn a_secret_may_be_ended_by_showing_it(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read", "offices:write", "changes:read"]);
    let (by_secret, by_token) = (app.with_token(&holder.secret), holder.caller(app));
    // Also while its client is suspended: who resumes it must not bring a leaked secret back.
    change(app, &holder, &json!({"state": "suspended"}));
    app.anonymous()
        .form("/oauth/revoke", &[("token", &holder.secret)])
        .expect(200);
    change(app, &holder, &json!({"state": "active"}));
    by_secret.get(OFFICES).expect(401).problem("token-revoked");
    by_token.get(OFFICES).expect(401).problem("token-revoked");
}

fn the_last_admin_stays(app: &TestApp) {
    let admin = app.admin();
    let me = admin.get("/api/v1/me").expect(200).json();
    let first = Credentials::new(app.database(), None, &make::every_scope());
    // The first administrator, of whom only the id is known here, goes; the second is the last.
    assert!(revoke_token(app.database(), &text(&me, "token_id"), "gone").unwrap());
    let revoke = |secret: &str| app.anonymous().form("/oauth/revoke", &[("token", secret)]);
    let problem = revoke(&first.secret).expect(409).problem("last-admin");
    assert_eq!(problem["error"], "invalid_request");
    app.with_token(&first.secret).get(OFFICES).expect(200);
    let second = Credentials::new(app.database(), None, &["admin", "tokens:office"]);
    revoke(&first.secret).expect(200);
    revoke(&second.secret).expect(409).problem("last-admin");
}

fn introspection_tells_only_whom_it_concerns(app: &TestApp) {
    let parties = Parties::new(app);
    let of_unit = Credentials::new(app.database(), Some(&parties.unit.id), &["offices:read", "export"]);
    let token = of_unit.access_token(&app.anonymous());
    let ask = |caller: &Client, token: &str| {
        let reply = caller.form("/oauth/introspect", &[("token", token)]).expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        reply.json()
    };
    let nothing = json!({"active": false});
    for shown in [&token, &of_unit.secret] {
        let told = ask(&parties.a.client, shown);
        assert_eq!(
            json!([
                told["active"],
                told["scope"],
                told["client_id"],
                told["tid"],
                told["office_id"]
            ]),
            json!([
                true,
                "offices:read export",
                of_unit.client_id,
                of_unit.token_id,
                parties.unit.id
            ])
        );
        assert_eq!(ask(&parties.b.client, shown), nothing);
    }
    assert_eq!(ask(&parties.registry, "nonsense"), nothing);
    let told = ask(&parties.registry, &token);
    assert_eq!(told["iss"], json!(format!("http://{}", app.address)));
    revoke_token(app.database(), &of_unit.token_id, "lost").unwrap();
    assert_eq!(ask(&parties.registry, &token), nothing);
}

fn changes_are_traced_to_the_secret(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    let record = holder.caller(app).create(OFFICES, &make::office_body("Traced", "KR"));
    let id = text(&record, "id");
    let row: (String, Option<String>) = app
        .database()
        .read_blocking(|conn| {
            Ok(audit::table
                .filter(audit::target_id.eq(&id))
                .select((audit::client_id, audit::token_id))
                .first(conn)?)
        })
        .unwrap();
    assert_eq!(row, (holder.client_id, Some(holder.token_id)));
}
