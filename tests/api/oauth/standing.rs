//! An access token counts as long as its secret and the rights that it names: to the very next request.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::accounts::host::revoke_token;
use eduaccord::db::schema::{audit, clients};
use serde_json::json;

use crate::support::answers::text;
use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::parties::Parties;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_ends_the_secret_ends_its_tokens,
        other_rights_end_a_token_and_more_rights_do_not,
        a_token_may_be_ended_by_showing_it,
        a_secret_may_be_ended_by_showing_it,
        the_last_admin_stays,
        introspection_tells_only_whom_it_concerns,
        every_instance_takes_and_ends_them only postgres "one service at a time holds an SQLite file",
        changes_are_traced_to_the_secret,
    ]
}

/// Changes the client as whatever changes a right must do it: together with the epoch.
fn change(
    app: &TestApp,
    client_id: &str,
    state: Option<&'static str>,
    scopes: Option<&'static str>,
    office: Option<&str>,
) {
    let (client_id, office) = (client_id.to_owned(), office.map(str::to_owned));
    app.database()
        .write_blocking(move |transaction| {
            transaction.state.epoch += 1;
            let client = clients::table.find(&client_id);
            if let Some(state) = state {
                diesel::update(client)
                    .set(clients::state.eq(state))
                    .execute(transaction.conn)?;
            }
            if let Some(scopes) = scopes {
                diesel::update(client)
                    .set(clients::scopes.eq(scopes))
                    .execute(transaction.conn)?;
            }
            if let Some(office) = office {
                diesel::update(client)
                    .set(clients::office_id.eq(Some(office)))
                    .execute(transaction.conn)?;
            }
            Ok(())
        })
        .unwrap();
}

/// Refused with this code on reading, writing, waiting and asking who one is.
#[track_caller]
fn ended(client: &Client, code: &str) {
    for path in [OFFICES, "/api/v1/changes?wait=1", "/api/v1/me"] {
        client.get(path).expect(401).problem(code);
    }
    client
        .post(OFFICES, &make::office_body("Too late", "KR"))
        .expect(401)
        .problem(code);
}

fn what_ends_the_secret_ends_its_tokens(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    let caller = holder.caller(app);
    caller.get(OFFICES).expect(200);
    caller.create(OFFICES, &make::office_body("In time", "KR"));
    change(app, &holder.client_id, Some("suspended"), None, None);
    ended(&caller, "token-revoked");
    change(app, &holder.client_id, Some("active"), None, None);
    caller.get(OFFICES).expect(200);
    assert!(revoke_token(app.database(), &holder.token_id, "lost").unwrap());
    ended(&caller, "token-revoked");
    app.anonymous()
        .form("/oauth/token", &holder.fields())
        .expect(401)
        .problem("invalid-client");
}

fn other_rights_end_a_token_and_more_rights_do_not(app: &TestApp) {
    let office = text(&app.admin().create(OFFICES, &make::office_body("A", "KR")), "id");
    let holder = Credentials::new(app.database(), None, &["offices:read", "changes:read"]);
    let caller = holder.caller(app);
    caller.get(OFFICES).expect(200);
    change(
        app,
        &holder.client_id,
        None,
        Some("offices:read changes:read mous:read"),
        None,
    );
    caller.get(OFFICES).expect(200);
    caller.get("/api/v1/mous").expect(403).problem("missing-scope");
    change(app, &holder.client_id, None, Some("offices:read"), None);
    ended(&caller, "rights-changed");
    let caller = holder.caller(app);
    caller.get(OFFICES).expect(200);
    change(app, &holder.client_id, None, None, Some(&office));
    ended(&caller, "rights-changed");
    holder.caller(app).get(OFFICES).expect(200);
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
        ended(&caller, "token-revoked");
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
    change(app, &holder.client_id, Some("suspended"), None, None);
    app.anonymous()
        .form("/oauth/revoke", &[("token", &holder.secret)])
        .expect(200);
    change(app, &holder.client_id, Some("active"), None, None);
    ended(&by_secret, "token-revoked");
    ended(&by_token, "token-revoked");
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
    let of_registry = Credentials::new(app.database(), None, &["offices:read"]);
    let token = of_unit.access_token(&app.anonymous());
    let ask = |caller: &Client, token: &str| {
        let reply = caller.form("/oauth/introspect", &[("token", token)]).expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        reply.json()
    };
    let nothing = json!({"active": false});
    for (who, caller) in parties.callers() {
        let sees = matches!(who, "registry" | "A" | "A1");
        for shown in [&token, &of_unit.secret] {
            let told = ask(caller, shown);
            assert_eq!(told["active"], json!(sees), "{who}");
            if sees {
                assert_eq!(told["scope"], "offices:read export");
                assert_eq!(
                    (&told["client_id"], &told["tid"]),
                    (&json!(of_unit.client_id), &json!(of_unit.token_id))
                );
                assert_eq!(told["office_id"], json!(parties.unit.id));
            } else {
                assert_eq!(told, nothing, "{who}");
            }
        }
        let told = ask(caller, &of_registry.secret);
        assert_eq!(told["active"], json!(who == "registry"), "{who}");
        assert_eq!(ask(caller, "nonsense"), nothing);
    }
    let told = ask(&parties.registry, &token);
    assert_eq!(told["iss"], json!(format!("http://{}", app.address)));
    revoke_token(app.database(), &of_unit.token_id, "lost").unwrap();
    assert_eq!(ask(&parties.registry, &token), nothing);
    app.anonymous()
        .form("/oauth/introspect", &[("token", &token)])
        .expect(401)
        .problem("token-required");
}

/// Several instances work on one PostgreSQL database.
fn every_instance_takes_and_ends_them(world: &World) {
    let database = world.database();
    let public = || Some("http://registry.test".to_owned());
    let first = TestApp::start(&database, |settings| settings.public_url = public());
    let second = TestApp::start(&database, |settings| settings.public_url = public());
    let holder = Credentials::new(first.database(), None, &make::every_scope());
    let token = holder.access_token(&first.anonymous());
    let other = second.with_token(&holder.access_token(&first.anonymous()));
    let at_second = second.with_token(&token);
    at_second.get(OFFICES).expect(200);
    other.get(OFFICES).expect(200);
    first
        .anonymous()
        .form("/oauth/revoke", &[("token", &token)])
        .expect(200);
    ended(&at_second, "token-revoked");
    other.get(OFFICES).expect(200);
    revoke_token(first.database(), &holder.token_id, "lost").unwrap();
    ended(&other, "token-revoked");
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
