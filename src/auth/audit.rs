//! The audit log: append only, each row's hash over the row and the hash before it.
//!
//! It keeps hashes of values, never values. [`Audited`] is the proof that a row was written: without one there is no
//! [`Recorded`](crate::auth::Recorded), and without that a write does not compile.

use crate::clock;
use crate::db::Transaction;
use crate::db::schema::audit;
use crate::error::Result;
use diesel::{Insertable, Queryable, RunQueryDsl, Selectable};
use sha2::{Digest, Sha256};

/// Who does something, through what.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The service account; `cli` for commands on the host.
    pub client_id: String,
    /// The token, where there is one.
    pub token_id: Option<String>,
    /// The office acted for.
    pub office_id: Option<String>,
    /// The request, as in its answer and in the log.
    pub request_id: String,
}

impl Actor {
    /// Somebody at the host's command line: acts for the registry itself.
    pub fn command_line() -> Self {
        Self {
            client_id: "cli".to_owned(),
            token_id: None,
            office_id: None,
            request_id: crate::values::id::new_id("req"),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// The operation's name (`createOffice`, `token.revoke`).
    pub operation: &'a str,
    /// The record, client or token it was done to.
    pub target_id: Option<&'a str>,
    /// The record's version afterwards.
    pub version: Option<i64>,
    /// `done` or `refused`.
    pub outcome: &'a str,
    /// Digest of the new value, or empty.
    pub value_hash: &'a str,
}

/// Proof that an audit row was written in this transaction. Only [`append`] makes one.
#[derive(Debug)]
pub struct Audited(());

/// One row of the log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
pub struct AuditRow {
    /// Position in the chain, without gaps, from 1.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who.
    pub client_id: String,
    /// With which token.
    pub token_id: Option<String>,
    /// For which office.
    pub office_id: Option<String>,
    /// What.
    pub operation: String,
    /// To what.
    pub target_id: Option<String>,
    /// Which version came of it.
    pub version: Option<i64>,
    /// `done` or `refused`.
    pub outcome: String,
    /// Digest of the new value.
    pub value_hash: String,
    /// The request.
    pub request_id: String,
    /// The hash of the row before.
    pub previous_hash: String,
    /// The hash of this row.
    pub hash: String,
}

/// Writes one row at the end of the chain.
pub fn append(transaction: &mut Transaction<'_>, actor: &Actor, event: Event<'_>) -> Result<Audited> {
    let state = &mut *transaction.state;
    let mut row = AuditRow {
        seq: state.audit_seq + 1,
        at: clock::format_instant(transaction.now),
        client_id: actor.client_id.clone(),
        token_id: actor.token_id.clone(),
        office_id: actor.office_id.clone(),
        operation: event.operation.to_owned(),
        target_id: event.target_id.map(str::to_owned),
        version: event.version,
        outcome: event.outcome.to_owned(),
        value_hash: event.value_hash.to_owned(),
        request_id: actor.request_id.clone(),
        previous_hash: state.audit_hash.clone(),
        hash: String::new(),
    };
    row.hash = hash_row(&row);
    diesel::insert_into(audit::table)
        .values(&row)
        .execute(transaction.conn)?;
    state.audit_seq = row.seq;
    state.audit_hash = row.hash;
    Ok(Audited(()))
}

/// The hash that a row must have. Every member is framed by its length, so no two rows have the same bytes.
pub fn hash_row(row: &AuditRow) -> String {
    let mut hasher = Sha256::new();
    let mut add = |member: Option<&str>| match member {
        None => hasher.update(b"-;"),
        Some(text) => {
            hasher.update(format!("{}:", text.len()).as_bytes());
            hasher.update(text.as_bytes());
        }
    };
    add(Some(&row.previous_hash));
    add(Some(&row.seq.to_string()));
    add(Some(&row.at));
    add(Some(&row.client_id));
    add(row.token_id.as_deref());
    add(row.office_id.as_deref());
    add(Some(&row.operation));
    add(row.target_id.as_deref());
    add(row.version.map(|version| version.to_string()).as_deref());
    add(Some(&row.outcome));
    add(Some(&row.value_hash));
    add(Some(&row.request_id));
    format!("sha256:{}", crate::auth::secret::hex(&hasher.finalize()))
}
