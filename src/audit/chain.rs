//! The audit log: append only, each row's hash over the row and the hash before it.
//!
//! It keeps hashes of values, never values. [`Audited`] is the proof that a row was written: without one there is no
//! [`Recorded`](crate::auth::Recorded), and without that a write does not compile.

use crate::clock;
use crate::db::schema::{audit, audit_records, records, registry_state};
use crate::db::{Conn, Database, Transaction};
use crate::error::Result;
use diesel::sql_types::BigInt;
use diesel::{ExpressionMethods, Insertable, IntoSql, QueryDsl, Queryable, RunQueryDsl, Selectable};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The author of a change: client, token, office, request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The service account; `cli` for commands on the host, `service` for the service itself.
    pub client_id: String,
    /// The token, where there is one.
    pub token_id: Option<String>,
    /// The office acted for.
    pub office_id: Option<String>,
    /// The request, as in its answer and in the log.
    pub request_id: String,
    /// The address; none on the host.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// Somebody at the host's command line: acts for the registry itself.
    pub fn command_line() -> Self {
        Self {
            client_id: "cli".to_owned(),
            token_id: None,
            office_id: None,
            request_id: crate::values::id::new_id("req"),
            address: None,
        }
    }

    /// The service itself, for what it does without a request.
    pub fn service() -> Self {
        Self {
            client_id: "service".to_owned(),
            ..Self::command_line()
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
    /// `done`, `refused` or `read`.
    pub outcome: &'a str,
    /// Digest of the new value, or empty.
    pub value_hash: &'a str,
    /// The problem's code, where it was refused.
    pub code: Option<&'static str>,
    /// How many occurrences the row sums up, where there are several.
    pub occurrences: Option<i64>,
    /// The records that were shown, where their audience is restricted.
    pub disclosed: &'a BTreeSet<String>,
    /// The beginning of the minute or hour that the row sums up.
    pub period: Option<&'a str>,
}

static NOTHING: BTreeSet<String> = BTreeSet::new();

impl<'a> Event<'a> {
    /// Something that was done, once, to this target.
    pub fn done(operation: &'a str, target_id: Option<&'a str>) -> Self {
        Self {
            operation,
            target_id,
            version: None,
            outcome: "done",
            value_hash: "",
            code: None,
            occurrences: None,
            disclosed: &NOTHING,
            period: None,
        }
    }
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
    /// `done`, `refused` or `read`.
    pub outcome: String,
    /// Digest of the new value.
    pub value_hash: String,
    /// The request.
    pub request_id: String,
    /// The hash of the row before.
    pub previous_hash: String,
    /// The hash of this row.
    pub hash: String,
    /// From where.
    pub address: Option<String>,
    /// The problem's code.
    pub code: Option<String>,
    /// How many times.
    pub occurrences: Option<i64>,
    /// Ids of records that were shown, separated by spaces.
    pub disclosed: Option<String>,
    /// The beginning of the minute or hour that it sums up.
    pub period: Option<String>,
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
        address: actor.address.map(|address| address.to_string()),
        code: event.code.map(str::to_owned),
        occurrences: event.occurrences,
        disclosed: (!event.disclosed.is_empty()).then(|| {
            let ids: Vec<&str> = event.disclosed.iter().map(String::as_str).collect();
            ids.join(" ")
        }),
        period: event.period.map(str::to_owned),
    };
    row.hash = hash_row(&row);
    diesel::insert_into(audit::table)
        .values(&row)
        .execute(transaction.conn)?;
    if !event.disclosed.is_empty() {
        // One statement for all of them on both databases: every record that was ever shown has its head.
        records::table
            .filter(records::id.eq_any(event.disclosed))
            .select((row.seq.into_sql::<BigInt>(), records::id))
            .insert_into(audit_records::table)
            .into_columns((audit_records::seq, audit_records::record_id))
            .execute(transaction.conn)?;
    }
    state.audit_seq = row.seq;
    state.audit_hash = row.hash;
    Ok(Audited(()))
}

/// The end of the chain: how many rows it has, and the hash of the last. Whoever can write to the database can make the
/// whole chain anew, and nothing in the database can show it; this hash, kept elsewhere, can.
pub fn read_head(conn: &mut Conn) -> Result<(i64, String)> {
    Ok(registry_state::table
        .find(1)
        .select((registry_state::audit_seq, registry_state::audit_hash))
        .first(conn)?)
}

/// Logs the end of the chain, when the service begins and when it ends.
pub fn log_head(database: &Database) {
    match database.read_blocking(read_head) {
        Ok((seq, hash)) => log::info!("the audit log ends at row {seq} with the hash {hash}"),
        Err(error) => log::warn!("the end of the audit log cannot be read: {error}"),
    }
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
    // Rows from before these columns existed have none of them, and keep the hash that they got.
    let occurrences = row.occurrences.map(|count| count.to_string());
    let later = [&row.address, &row.code, &occurrences, &row.disclosed, &row.period];
    if later.iter().any(|member| member.is_some()) {
        for member in later {
            add(member.as_deref());
        }
    }
    format!("sha256:{}", crate::json::digest::hex(&hasher.finalize()))
}
