//! The audit chain, and that it knows every version.

use super::accounts::Told;
use super::reorganisation::Originals;
use super::report::{CHUNK, Report};
use crate::audit::chain::{AuditRow, hash_row};
use crate::db::Conn;
use crate::db::schema::{audit, audit_records, records, registry_state, revisions, token_usage};
use crate::error::Result;
use crate::json::digest::seal;
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use std::collections::{BTreeMap, BTreeSet};

/// What the log and the history both know of a version: record, version, digest, operation, instant, client, office.
pub(super) type Trace = (String, i64, String, String, String, String, Option<String>);

/// The versions that the log knows of.
pub(super) type Traces = BTreeSet<Trace>;

/// Requests that were summed up: by token (or client), operation and hour.
type Hours = BTreeMap<(String, String, String), i64>;

/// The first row follows on this.
const BEGINNING: &str = "sha256:0";

/// The chain is whole and ends where the registry says; the tables beside it say the same. The versions that it knows
/// of, and the last seal of each account.
pub(super) fn verify_chain(conn: &mut Conn, report: &mut Report) -> Result<(Traces, Told)> {
    let (mut traced, mut told) = (Traces::new(), Told::default());
    let (mut hours, mut never) = (Hours::new(), Vec::new());
    let mut shown = 0;
    let mut previous = BEGINNING.to_owned();
    let mut seq = 0;
    loop {
        let rows: Vec<AuditRow> = audit::table
            .filter(audit::seq.gt(seq))
            .order(audit::seq.asc())
            .limit(CHUNK)
            .select(AuditRow::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else {
            break;
        };
        let mut named = find_named(conn, seq, last.seq)?;
        for row in rows {
            if row.seq != seq + 1 {
                report.add("audit", format!("row {} is missing", seq + 1));
            }
            if row.previous_hash != previous {
                report.add("audit", format!("row {} does not follow the row before it", row.seq));
            }
            if row.hash != hash_row(&row) {
                report.add("audit", format!("row {} was altered", row.seq));
            }
            seq = row.seq;
            previous.clone_from(&row.hash);
            report.audit_rows += 1;
            let disclosed = row.disclosed.as_deref().unwrap_or_default().split(' ');
            let disclosed: Vec<&str> = disclosed.filter(|id| !id.is_empty()).collect();
            let named = named.remove(&seq).unwrap_or_default();
            shown += named.len();
            if let Some(gone) = unnamed(&disclosed, &named) {
                never.extend(gone.into_iter().map(|id| (id, seq)));
            } else {
                report.add("audit_records", format!("row {seq} does not name what was shown"));
            }
            if !told.note(&row) {
                note_row(row, &mut traced, &mut hours);
            }
        }
    }
    verify_never(conn, &never, &traced, report)?;
    verify_end(conn, seq, &previous, report)?;
    let all: i64 = audit_records::table.count().get_result(conn)?;
    if usize::try_from(all).ok() != Some(shown) {
        report.add("audit_records", "it has rows that belong to no row of the log");
    }
    verify_hours(conn, &hours, report)?;
    report.audit_head = previous;
    Ok((traced, told))
}

/// What a row says was shown and does not name; none where it names what was not shown.
fn unnamed(shown: &[&str], named: &[String]) -> Option<Vec<String>> {
    let is_shown = |id: &String| shown.contains(&id.as_str());
    named.iter().all(is_shown).then(|| {
        let is_unnamed = |id: &&&str| !named.iter().any(|named| named == **id);
        shown.iter().filter(is_unnamed).map(|id| (*id).to_owned()).collect()
    })
}

/// Older versions of the service logged that a rehearsal showed the record that it would have made. Such an id is that of
/// no record, and no version of it was ever logged; any other must be named.
fn verify_never(conn: &mut Conn, never: &[(String, i64)], traced: &Traces, report: &mut Report) -> Result<()> {
    if never.is_empty() {
        return Ok(());
    }
    let logged: BTreeSet<&str> = traced.iter().map(|trace| trace.0.as_str()).collect();
    for (id, seq) in never {
        let there: i64 = records::table.filter(records::id.eq(id)).count().get_result(conn)?;
        if there > 0 || logged.contains(id.as_str()) {
            report.add("audit_records", format!("row {seq} does not name what was shown"));
        }
    }
    Ok(())
}

/// The records that rows after one up to another name, in order.
fn find_named(conn: &mut Conn, after: i64, last: i64) -> Result<BTreeMap<i64, Vec<String>>> {
    let found: Vec<(i64, String)> = audit_records::table
        .filter(audit_records::seq.gt(after))
        .filter(audit_records::seq.le(last))
        .order((audit_records::seq.asc(), audit_records::record_id.asc()))
        .select((audit_records::seq, audit_records::record_id))
        .load(conn)?;
    let mut named: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (seq, record) in found {
        named.entry(seq).or_default().push(record);
    }
    Ok(named)
}

fn note_row(row: AuditRow, traced: &mut Traces, hours: &mut Hours) {
    if let (Some(target), Some(version)) = (&row.target_id, row.version) {
        traced.insert((
            target.clone(),
            version,
            row.value_hash,
            row.operation.clone(),
            row.at,
            row.client_id.clone(),
            row.office_id,
        ));
    }
    if let ("read", Some(hour)) = (row.outcome.as_str(), row.period) {
        let token = row.token_id.unwrap_or(row.client_id);
        *hours.entry((token, row.operation, hour)).or_default() += row.occurrences.unwrap_or(1);
    }
}

fn verify_end(conn: &mut Conn, seq: i64, hash: &str, report: &mut Report) -> Result<()> {
    let state: Option<(i64, String)> = registry_state::table
        .find(1)
        .select((registry_state::audit_seq, registry_state::audit_hash))
        .first(conn)
        .optional()?;
    match state {
        None => report.add("registry_state", "its row is missing"),
        Some((audit_seq, audit_hash)) if seq != audit_seq || hash != audit_hash => {
            let detail = format!("the chain ends at row {seq}, the registry says {audit_seq}");
            report.add("audit", detail);
        }
        Some(_) => {}
    }
    Ok(())
}

/// The counts of each token, operation and hour are those of the chain. (An hour that is not summed up yet is in no
/// chain.)
fn verify_hours(conn: &mut Conn, told: &Hours, report: &mut Report) -> Result<()> {
    let rows: Vec<(String, String, String, i64, i64, i64)> = token_usage::table
        .select((
            token_usage::token_id,
            token_usage::operation,
            token_usage::hour,
            token_usage::requests,
            token_usage::reads,
            token_usage::audited,
        ))
        .load(conn)?;
    let mut counted = Hours::new();
    for (token, operation, hour, requests, reads, audited) in rows {
        if !(0 <= audited && audited <= reads && reads <= requests) {
            report.add(
                "token_usage",
                format!("{token} {operation} {hour}: the counts do not fit"),
            );
        }
        if audited != 0 {
            counted.insert((token, operation, hour), audited);
        }
    }
    let keys: BTreeSet<_> = told.keys().chain(counted.keys()).collect();
    for key in keys {
        if told.get(key) != counted.get(key) {
            let (token, operation, hour) = key;
            let detail = format!("{token} {operation} {hour}: not as many reads as the audit log tells");
            report.add("token_usage", detail);
        }
    }
    Ok(())
}

/// Every revision has its row in the log, with the same author and operation; and every version that the log names
/// exists.
pub(super) fn verify_traces(
    conn: &mut Conn,
    mut traced: Traces,
    originals: &Originals,
    report: &mut Report,
) -> Result<()> {
    let mut after = 0;
    loop {
        let rows: Vec<(i64, String, Option<String>, Trace)> = revisions::table
            .inner_join(records::table.on(records::id.eq(revisions::record_id)))
            .filter(revisions::seq.gt(after))
            .order(revisions::seq.asc())
            .limit(CHUNK)
            .select((
                revisions::seq,
                records::kind,
                revisions::reason,
                (
                    revisions::record_id,
                    revisions::version,
                    revisions::digest,
                    revisions::operation,
                    revisions::at,
                    revisions::client_id,
                    revisions::office_id,
                ),
            ))
            .load(conn)?;
        let Some(last) = rows.last() else {
            return verify_told(conn, traced, report);
        };
        after = last.0;
        for (_, kind, reason, mut trace) in rows {
            // What was redacted is known to the chain as it was written.
            if let Some(digest) = originals.get(&(trace.0.clone(), trace.1)) {
                trace.2.clone_from(digest);
            }
            trace.2 = seal(&trace.2, reason.as_deref());
            trace.3 = format!("{kind}.{}", trace.3);
            if !traced.remove(&trace) {
                report.add(trace.0, format!("version {} has no audit row that fits it", trace.1));
            }
        }
    }
}

/// Rows beside those of revisions may name one, too (an endorsement is a row beside that of its version), which
/// came at the same instant from the same hand. Where it is not there a version was taken away with all its rows.
fn verify_told(conn: &mut Conn, beside: Traces, report: &mut Report) -> Result<()> {
    type Origin = (String, i64, String, String, Option<String>);
    let origins: BTreeSet<Origin> = beside
        .into_iter()
        .map(|(record, version, _, _, at, client, office)| (record, version, at, client, office))
        .collect();
    let origins: Vec<Origin> = origins.into_iter().collect();
    for some in origins.chunks(500) {
        let records: BTreeSet<&str> = some.iter().map(|origin| origin.0.as_str()).collect();
        let there: Vec<Origin> = revisions::table
            .filter(revisions::record_id.eq_any(records))
            .select((
                revisions::record_id,
                revisions::version,
                revisions::at,
                revisions::client_id,
                revisions::office_id,
            ))
            .load(conn)?;
        let there: BTreeSet<Origin> = there.into_iter().collect();
        for origin in some.iter().filter(|origin| !there.contains(origin)) {
            let (record, version, ..) = origin;
            report.add(
                record,
                format!("the audit log tells of version {version}, which is not there"),
            );
        }
    }
    Ok(())
}
