//! The log seals what clients and tokens may do: whoever edits their rows behind the service's back is found, and what
//! was granted and withdrawn again has left its trace.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use eduaccord::audit::chain::{AuditRow, hash_row};
use eduaccord::db::Conn;
use eduaccord::db::schema::{audit, registry_state};
use serde_json::{Value, json};

use super::client_of;
use crate::support::parties::{Parties, any};
use crate::support::paths::OFFICES;
use crate::support::stored::{assert_clean, connect, report_of, run};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_change_of_rights_is_sealed,
        edited_accounts_are_found,
        what_was_sealed_by_nobody_is_accepted,
        clients_of_a_merged_office_are_told_each,
    ]
}

/// Clients and tokens that went through every change there is.
struct Accounts {
    /// A client that was suspended.
    suspended: String,
    /// A client with a network and scopes that changed.
    narrow: String,
    /// A token that was revoked.
    revoked: String,
    /// A token that was ended by showing it.
    shown: String,
    /// A token that another took the place of, and that other.
    rotated: [String; 2],
    /// A subject that stands for `narrow`, and another that no longer does.
    links: [String; 2],
    office: String,
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().expect("a text").to_owned()
}

fn fill(app: &TestApp) -> Accounts {
    let parties = Parties::new(app);
    let (registry, admin) = (&parties.registry, any(&parties.registry));
    let narrow = client_of(&parties.b.client);
    let suspended = client_of(&parties.c.client);
    let path = format!("/api/v1/clients/{narrow}");
    for change in [
        json!({"scopes": ["mous:read", "mous:write"]}),
        json!({"scopes": ["mous:read"], "networks": ["127.0.0.0/8"]}),
        json!({"name": "Narrow"}),
    ] {
        admin.patch(&path, &change).expect(200);
    }
    admin
        .patch(&format!("/api/v1/clients/{suspended}"), &json!({"state": "suspended"}))
        .expect(200);
    let mint = || registry.create(&format!("{path}/tokens"), &json!({}));
    let [revoked, shown, old] = [mint(), mint(), mint()];
    let one = |token: &Value, what: &str| format!("/api/v1/tokens/{}{what}", text(token, "id"));
    admin.patch(&one(&revoked, ""), &json!({"name": "Lost"})).expect(200);
    registry.post(&one(&revoked, "/revoke"), &json!({})).expect(200);
    let secret = text(&shown, "secret");
    app.anonymous().form("/oauth/revoke", &[("token", &secret)]).expect(200);
    let new = registry.post(&one(&old, "/rotate"), &json!({})).expect(201).json();
    let links = ["one", "two"].map(|subject| {
        let body = json!({"issuer": "https://sso.example/realms/a", "subject": subject});
        text(&registry.create(&format!("{path}/identities"), &body), "id")
    });
    registry.delete(&format!("/api/v1/identities/{}", links[1])).expect(204);
    Accounts {
        suspended,
        narrow,
        revoked: text(&revoked, "id"),
        shown: text(&shown, "id"),
        rotated: [text(&old, "id"), text(&new, "id")],
        links,
        office: parties.a.id,
    }
}

fn load(conn: &mut Conn) -> Vec<AuditRow> {
    let query = audit::table.order(audit::seq.asc()).select(AuditRow::as_select());
    query.load(conn).unwrap()
}

fn is_of_account(row: &AuditRow) -> bool {
    let is_of = |kind: &str| row.operation.starts_with(kind);
    row.outcome == "done" && ["client.", "token.", "identity."].into_iter().any(is_of)
}

fn every_change_of_rights_is_sealed(app: &TestApp) {
    let accounts = fill(app);
    let mut conn = connect(app.database());
    let rows: Vec<AuditRow> = load(&mut conn).into_iter().filter(is_of_account).collect();
    for row in &rows {
        // Of a link that was cut nothing is left to be sealed.
        let is_sealed = row.value_hash.starts_with("sha256:") && row.value_hash.len() == 71;
        assert_eq!(is_sealed, row.operation != "identity.cut", "{row:?}");
    }
    // What was granted and withdrawn is told apart from what was never granted.
    let seals: Vec<&str> = rows
        .iter()
        .filter(|row| row.target_id.as_ref() == Some(&accounts.narrow))
        .map(|row| row.value_hash.as_str())
        .collect();
    assert_eq!(seals.len(), 4);
    let different: std::collections::BTreeSet<&str> = seals.iter().copied().collect();
    assert_eq!(different.len(), 4, "{seals:?}");
    assert_clean(app.database());
}

/// What somebody with a way into the database would like to have, the account whose it is, and what `verify` says.
fn edits(accounts: &Accounts) -> Vec<(String, &str, &'static str)> {
    let (edited, forged, gone) = ("not those that the audit log tells", "no audit row", "is not there");
    let mut edits: Vec<(String, &str, &'static str)> = Vec::new();
    for assignment in [
        "scopes = 'admin'".to_owned(),
        "networks = ''".to_owned(),
        "office_id = NULL".to_owned(),
        format!("office_id = '{}'", accounts.office),
        "name = 'Somebody else'".to_owned(),
        "version = version - 1".to_owned(),
    ] {
        let statement = format!("UPDATE clients SET {assignment} WHERE id = '{}'", accounts.narrow);
        edits.push((statement, accounts.narrow.as_str(), edited));
    }
    let suspended = &accounts.suspended;
    let statement = format!("UPDATE clients SET state = 'active' WHERE id = '{suspended}'");
    edits.push((statement, suspended, edited));
    for token in [&accounts.revoked, &accounts.shown] {
        let statement = format!("UPDATE tokens SET revoked_at = NULL, revoked_reason = NULL WHERE id = '{token}'");
        edits.push((statement, token, edited));
    }
    for assignment in [
        "expires_at = '2030-01-01T00:00:00.000000Z'".to_owned(),
        format!("client_id = '{suspended}'"),
        "name = 'x'".to_owned(),
        "secret_hash = 'known to somebody'".to_owned(),
    ] {
        for token in &accounts.rotated {
            edits.push((
                format!("UPDATE tokens SET {assignment} WHERE id = '{token}'"),
                token,
                edited,
            ));
        }
    }
    let copied = "client_id, name, 'forged', last_four, created_at, NULL, expires_at, NULL, NULL";
    let columns = "id, client_id, name, secret_hash, last_four, created_at, created_by_token, expires_at, revoked_at, revoked_reason";
    let token = &accounts.rotated[1];
    for rotated_from in ["NULL", "rotated_from"] {
        let forged_token = format!(
            "INSERT INTO tokens ({columns}, rotated_from, version) SELECT 'tok_forged', {copied}, {rotated_from}, 1 FROM tokens WHERE id = '{token}'"
        );
        edits.push((forged_token, "tok_forged", forged));
    }
    let forged_client = format!(
        "INSERT INTO clients (id, office_id, name, scopes, networks, state, created_at, version)
         SELECT 'cli_forged', NULL, name, 'admin', '', 'active', created_at, 1 FROM clients WHERE id = '{suspended}'"
    );
    edits.push((forged_client, "cli_forged", forged));
    edits.push((
        format!("DELETE FROM tokens WHERE id = '{}'", accounts.revoked),
        &accounts.revoked,
        gone,
    ));
    edits.push((format!("DELETE FROM clients WHERE id = '{suspended}'"), suspended, gone));
    let [link, cut] = &accounts.links;
    for assignment in [format!("client_id = '{suspended}'"), "subject = 'three'".to_owned()] {
        edits.push((
            format!("UPDATE identities SET {assignment} WHERE id = '{link}'"),
            link,
            edited,
        ));
    }
    edits.push((format!("DELETE FROM identities WHERE id = '{link}'"), link, gone));
    let again = format!(
        "INSERT INTO identities SELECT '{cut}', issuer, 'two', client_id, created_at FROM identities WHERE id = '{link}'"
    );
    let again = again.replace(
        "INTO identities",
        "INTO identities (id, issuer, subject, client_id, created_at)",
    );
    edits.push((again, cut, "was cut"));
    edits
}

/// A connection that does not keep to foreign keys.
fn tamper_freely(app: &TestApp) -> Conn {
    let mut conn = connect(app.database());
    let free = match app.database().url().backend() {
        "sqlite" => "PRAGMA foreign_keys = OFF",
        _ => "SET session_replication_role = replica",
    };
    run(&mut conn, free);
    conn
}

fn edited_accounts_are_found(app: &TestApp) {
    let accounts = fill(app);
    assert_clean(app.database());
    let mut conn = tamper_freely(app);
    let tables = ["clients", "tokens", "identities"];
    for table in tables {
        run(
            &mut conn,
            &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"),
        );
    }
    let mut unseen = Vec::new();
    for (statement, account, says) in edits(&accounts) {
        run(&mut conn, &statement);
        let damage = report_of(app.database()).damage;
        if !damage
            .iter()
            .any(|one| one.place == account && one.detail.contains(says))
        {
            unseen.push(format!("{statement}: {damage:?}"));
        }
        for table in tables {
            run(
                &mut conn,
                &format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}"),
            );
        }
    }
    assert!(unseen.is_empty(), "verify does not see:\n{}", unseen.join("\n"));
    assert_clean(app.database());
    for table in tables {
        run(&mut conn, &format!("DROP TABLE kept_{table}"));
    }
}

/// Rows of older versions seal nothing, told no version where a token was ended by showing it, and did not tell of the
/// token that took the place of a rotated one.
fn what_was_sealed_by_nobody_is_accepted(app: &TestApp) {
    let accounts = fill(app);
    let mut conn = tamper_freely(app);
    let mut rows = load(&mut conn);
    let [old, new] = &accounts.rotated;
    let mut previous = "sha256:0".to_owned();
    for row in &mut rows {
        if is_of_account(row) {
            row.value_hash = String::new();
            if row.target_id.as_ref() == Some(&accounts.shown) && row.operation == "token.revoke" {
                row.version = None;
            }
            if row.target_id.as_ref() == Some(new) {
                row.target_id = Some(old.clone());
            }
        }
        row.previous_hash.clone_from(&previous);
        row.hash = hash_row(row);
        previous.clone_from(&row.hash);
        diesel::delete(audit::table.find(row.seq)).execute(&mut conn).unwrap();
        diesel::insert_into(audit::table)
            .values(&*row)
            .execute(&mut conn)
            .unwrap();
    }
    diesel::update(registry_state::table)
        .set(registry_state::audit_hash.eq(&previous))
        .execute(&mut conn)
        .unwrap();
    assert_clean(app.database());
    // Nothing tells of what was edited there; the next change seals it.
    run(
        &mut conn,
        &format!("UPDATE clients SET name = 'x' WHERE id = '{}'", accounts.narrow),
    );
    assert_clean(app.database());
    let path = format!("/api/v1/clients/{}", accounts.narrow);
    any(&app.admin_beside()).patch(&path, &json!({"name": "y"})).expect(200);
    assert_clean(app.database());
    run(
        &mut conn,
        &format!("UPDATE clients SET name = 'x' WHERE id = '{}'", accounts.narrow),
    );
    assert_eq!(report_of(app.database()).damage[0].place, accounts.narrow);
}

fn clients_of_a_merged_office_are_told_each(app: &TestApp) {
    let parties = Parties::new(app);
    let second = app.client_for(&parties.b.id, &["mous:read"]);
    let mut clients = [client_of(&parties.b.client), client_of(&second)];
    clients.sort();
    let body = json!({"action": "merge_into", "survivor_id": parties.c.id, "reason": "Registered twice."});
    let path = format!("{OFFICES}/{}/actions", parties.b.id);
    any(&parties.registry).post(&path, &body).expect(200);
    let mut conn = connect(app.database());
    let told: Vec<(Option<String>, Option<i64>)> = load(&mut conn)
        .into_iter()
        .filter(|row| row.operation == "client.update")
        .map(|row| (row.target_id, row.version))
        .collect();
    assert_eq!(told, clients.map(|client| (Some(client), Some(2))));
    assert_clean(app.database());
}
