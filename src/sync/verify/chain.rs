//! The audit chain, and that it knows every version.

use super::reorganisation::Originals;
use super::{CHUNK, Report};
use crate::auth::audit::{AuditRow, hash_row};
use crate::db::Conn;
use crate::db::schema::{audit, records, registry_state, revisions};
use crate::documents::digest::seal;
use crate::error::Result;
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use std::collections::BTreeSet;

/// What the log and the history both know of a version: record, version, digest, operation, instant, client, office.
type Trace = (String, i64, String, String, String, String, Option<String>);

/// The chain is whole, and every revision has its row in it, made by whom and as what the revision says.
pub(super) fn verify_audit(conn: &mut Conn, originals: &Originals, report: &mut Report) -> Result<()> {
    let state: Option<(i64, String)> = registry_state::table
        .find(1)
        .select((registry_state::audit_seq, registry_state::audit_hash))
        .first(conn)
        .optional()?;
    let Some((audit_seq, audit_hash)) = state else {
        report.add("registry_state", "its row is missing");
        return Ok(());
    };
    let mut previous = "sha256:0".to_owned();
    let mut seq = 0;
    let mut traced: BTreeSet<Trace> = BTreeSet::new();
    loop {
        let rows: Vec<AuditRow> = audit::table
            .filter(audit::seq.gt(seq))
            .order(audit::seq.asc())
            .limit(CHUNK)
            .select(AuditRow::as_select())
            .load(conn)?;
        if rows.is_empty() {
            break;
        }
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
            if let (Some(target), Some(version)) = (row.target_id, row.version) {
                traced.insert((
                    target,
                    version,
                    row.value_hash,
                    row.operation,
                    row.at,
                    row.client_id,
                    row.office_id,
                ));
            }
        }
    }
    if seq != audit_seq || previous != audit_hash {
        report.add(
            "audit",
            format!("the chain ends at row {seq}, the registry says {audit_seq}"),
        );
    }
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
            return Ok(());
        };
        after = last.0;
        for (_, kind, reason, mut trace) in rows {
            // What was redacted is known to the chain as it was written.
            if let Some(digest) = originals.get(&(trace.0.clone(), trace.1)) {
                trace.2.clone_from(digest);
            }
            trace.2 = seal(&trace.2, reason.as_deref());
            trace.3 = format!("{kind}.{}", trace.3);
            if !traced.contains(&trace) {
                report.add(trace.0, format!("version {} has no audit row that fits it", trace.1));
            }
        }
    }
}
