//! The past of a record without a value: its stored revisions and the answers that are kept for repeats.
//!
//! Each revision that is changed leaves a row with its digest before and after; one row of the audit log seals
//! all rows of an action. So `verify` accepts these changes and no others.

use super::mark::{RedactionMark, Target};
use crate::audit::chain::{Audited, Event, append};
use crate::auth::{Actor, Writing};
use crate::clock;
use crate::db::schema::{idempotency, redactions, revisions};
use crate::db::{StoredDocument, Transaction};
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::error::{Error, Result};
use crate::json::digest::digest_of;
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, TextExpressionMethods};
use serde_json::Value;

/// A version and its document.
pub(super) type StoredRevision = (i64, StoredDocument);

/// A revision in which something was redacted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = redactions)]
pub struct Redaction {
    /// The record.
    pub record_id: String,
    /// The version.
    pub version: i64,
    /// The audit row that seals it.
    pub audit_seq: i64,
    /// The place that was emptied.
    pub pointer: String,
    /// Digest of the document before.
    pub digest_before: String,
    /// Digest of the document since.
    pub digest_after: String,
    /// When.
    pub at: String,
}

/// What the audit log calls the change of the past.
pub const OPERATION: &str = "redaction";

/// What the audit row of an action keeps of its redactions, in the order of versions.
pub fn seal_redactions<'a>(redactions: impl IntoIterator<Item = &'a Redaction>) -> String {
    let rows: Vec<String> = redactions
        .into_iter()
        .map(|row| {
            format!(
                "{} {} {} {} {} {}",
                row.record_id, row.version, row.digest_before, row.digest_after, row.at, row.pointer
            )
        })
        .collect();
    digest_of(&rows.join("\n"))
}

/// A stored document with the holes; none where nothing of it changes. The pointer speaks of today's format, so what is
/// rewritten is in that.
pub(super) fn rewrite<K: Kind>(
    contract: &Contract,
    stored: &StoredDocument,
    target: &Target,
    mark: RedactionMark,
) -> Result<Option<StoredDocument>> {
    let mut value = contract.current_value(stored)?;
    // What was valid when it was written need not be so today; then validity decides nothing.
    let is_old = !contract.read.is_valid(&value);
    if !target.empty(&mut value, mark, &|tried| is_old || contract.read.is_valid(tried)) {
        return Ok(None);
    }
    // In the order of members in which documents are stored. What is too old for that keeps its own.
    let typed: Option<K::Document> = serde_json::from_value(value.clone()).ok();
    let text = match typed {
        Some(document) => serde_json::to_string(&document),
        None => serde_json::to_string(&value),
    };
    let text = text.map_err(Error::internal)?;
    Ok(Some(StoredDocument::new(text, K::FORMAT.max(stored.format()))))
}

/// Empties the target in all of these revisions, and seals that.
pub(super) fn redact_revisions<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    id: &str,
    versions: &[StoredRevision],
    target: &Target,
    mark: RedactionMark,
) -> Result<Audited> {
    let transaction = &mut *writing.transaction;
    let at = clock::format_instant(transaction.now);
    let mut rows = Vec::new();
    for (version, stored) in versions {
        let Some(document) = rewrite::<K>(contract, stored, target, mark)? else {
            continue;
        };
        let row = Redaction {
            record_id: id.to_owned(),
            version: *version,
            audit_seq: transaction.state.audit_seq + 1,
            pointer: target.pointer.clone(),
            digest_before: digest_of(stored.stored_text()),
            digest_after: digest_of(document.stored_text()),
            at: at.clone(),
        };
        diesel::update(revisions::table.find((id, version)))
            .set((
                revisions::document.eq(document.stored_text()),
                revisions::format.eq(document.format()),
                revisions::digest.eq(&row.digest_after),
            ))
            .execute(transaction.conn)?;
        diesel::insert_into(redactions::table)
            .values(&row)
            .execute(transaction.conn)?;
        rows.push(row);
    }
    seal::<K>(transaction, writing.actor, id, &rows)
}

fn seal<K: Kind>(transaction: &mut Transaction<'_>, actor: &Actor, id: &str, rows: &[Redaction]) -> Result<Audited> {
    append(
        transaction,
        actor,
        Event {
            value_hash: &seal_redactions(rows),
            ..Event::done(&format!("{}.{OPERATION}", K::NAME), Some(id))
        },
    )
}

/// Empties the target in the answers that are kept for repeated requests. They stay, with their holes: a repeat that
/// found none would do its work again, and bring the value back.
pub(super) fn redact_answers<K: Kind>(
    transaction: &mut Transaction<'_>,
    contract: &Contract,
    (id, versions): (&str, &[StoredRevision]),
    target: &Target,
    mark: RedactionMark,
) -> Result<()> {
    let rows: Vec<(String, String, String, String)> = idempotency::table
        .filter(idempotency::body.like(format!("%\"{id}\"%")))
        .select((
            idempotency::client_id,
            idempotency::operation,
            idempotency::idempotency_key,
            idempotency::body,
        ))
        .load(transaction.conn)?;
    for (client, operation, key, body) in rows {
        let answered: Value = serde_json::from_str(&body).unwrap_or_default();
        if answered.get("id").and_then(Value::as_str) != Some(id) {
            continue;
        }
        // An answer is in the format of the version that it answers. It has none of its own, so it stays in that one, or
        // is rewritten together with the version.
        let version = answered.get("version").and_then(Value::as_i64);
        let format = versions
            .iter()
            .find(|(known, _)| Some(*known) == version)
            .map_or(K::FORMAT, |(_, stored)| stored.format());
        if let Some(body) = rewrite::<K>(contract, &StoredDocument::new(body, format), target, mark)? {
            diesel::update(idempotency::table.find((client, operation, key)))
                .set(idempotency::body.eq(body.stored_text()))
                .execute(transaction.conn)?;
        }
    }
    Ok(())
}
