//! A database as an older release would have left it: the same records, in documents that lack what came later.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use eduaccord::audit::chain::{AuditRow, hash_row};
use eduaccord::db::connection::Purpose;
use eduaccord::db::schema::{audit, idempotency, records, registry_state, revisions};
use eduaccord::db::{Conn, Database};
use eduaccord::json::digest::{digest_of, seal};
use serde_json::Value;

/// Changes every stored document, and every answer that is kept for a repeat, by `change`, and numbers them with
/// `format`. Digests and the audit chain fit afterwards, as they would in a database that was written so.
pub(crate) fn make_older(database: &Database, format: i64, change: &dyn Fn(&mut Value)) {
    let mut conn = database.url().connect(Purpose::Write).expect("another connection");
    let conn = &mut conn;
    let rewrite = |text: &str| {
        let mut value: Value = serde_json::from_str(text).expect("a stored document");
        change(&mut value);
        value.to_string()
    };
    let heads: Vec<(String, String)> = records::table
        .select((records::id, records::document))
        .load(conn)
        .expect("records");
    for (id, text) in heads {
        diesel::update(records::table.find(&id))
            .set((records::document.eq(rewrite(&text)), records::format.eq(format)))
            .execute(conn)
            .expect("a record");
    }
    type Version = (String, i64, Option<String>, Option<String>);
    let versions: Vec<Version> = revisions::table
        .select((
            revisions::record_id,
            revisions::version,
            revisions::document,
            revisions::reason,
        ))
        .load(conn)
        .expect("revisions");
    let mut seals = std::collections::HashMap::new();
    for (id, version, text, reason) in versions {
        let Some(text) = text.map(|text| rewrite(&text)) else {
            continue;
        };
        let digest = digest_of(&text);
        diesel::update(revisions::table.find((&id, version)))
            .set((
                revisions::document.eq(&text),
                revisions::digest.eq(&digest),
                revisions::format.eq(format),
            ))
            .execute(conn)
            .expect("a revision");
        seals.insert((id, version), seal(&digest, reason.as_deref()));
    }
    let answers: Vec<(String, String, String, String)> = idempotency::table
        .select((
            idempotency::client_id,
            idempotency::operation,
            idempotency::idempotency_key,
            idempotency::body,
        ))
        .load(conn)
        .expect("answers");
    for (client, operation, key, body) in answers {
        diesel::update(idempotency::table.find((client, operation, key)))
            .set(idempotency::body.eq(rewrite(&body)))
            .execute(conn)
            .expect("an answer");
    }
    chain_again(conn, &seals);
}

/// Makes the audit chain anew around what the rows of these versions seal now.
fn chain_again(conn: &mut Conn, seals: &std::collections::HashMap<(String, i64), String>) {
    let mut rows: Vec<AuditRow> = audit::table
        .order(audit::seq.asc())
        .select(AuditRow::as_select())
        .load(conn)
        .expect("the audit log");
    let mut previous: Option<String> = None;
    for row in &mut rows {
        let version = row.target_id.clone().zip(row.version);
        if let Some(seal) = version.and_then(|version| seals.get(&version)) {
            row.value_hash.clone_from(seal);
        }
        if let Some(hash) = previous.take() {
            row.previous_hash = hash;
        }
        row.hash = hash_row(row);
        previous = Some(row.hash.clone());
        diesel::update(audit::table.find(row.seq))
            .set((
                audit::value_hash.eq(&row.value_hash),
                audit::previous_hash.eq(&row.previous_hash),
                audit::hash.eq(&row.hash),
            ))
            .execute(conn)
            .expect("an audit row");
    }
    if let Some(hash) = previous {
        diesel::update(registry_state::table)
            .set(registry_state::audit_hash.eq(hash))
            .execute(conn)
            .expect("the state");
    }
}
