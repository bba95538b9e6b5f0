//! Events of the audit log that wait to be written.

use crate::audit::chain::{Actor, Event, append};
use crate::db::schema::records;
use crate::db::{Conn, Transaction};
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// The outcome of what showed records.
pub const READ: &str = "read";
/// Both databases take a few times as many values in one statement.
const IDS_OF_ONE_STATEMENT: usize = 5_000;

/// A row of the log before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct PendingAuditEvent {
    /// Who.
    pub actor: Actor,
    /// What they called.
    pub operation: String,
    /// What a refusal is about. A read is about what it shows.
    pub target_id: Option<String>,
    /// `refused` or [`READ`].
    pub outcome: &'static str,
    /// The problem's code.
    pub code: Option<&'static str>,
    /// How many occurrences the row sums up, where there are several.
    pub occurrences: Option<i64>,
    /// The restricted records that were shown.
    pub disclosed: BTreeSet<String>,
    /// The beginning of the minute that the row sums up.
    pub period: Option<String>,
}

/// Writes notes at the end of the chain.
///
/// A rehearsal, and a change that could not be committed, may have shown a record that never came to be. Nobody was shown
/// anything of the registry then, so the log says nothing of it. Records are never removed: one that is not there now
/// never was.
pub fn write_notes(transaction: &mut Transaction<'_>, notes: &[PendingAuditEvent]) -> Result<()> {
    let there = find_records(transaction.conn, notes)?;
    for note in notes {
        let disclosed: BTreeSet<String> = note.disclosed.intersection(&there).cloned().collect();
        let target = match note.outcome {
            READ if disclosed.is_empty() => continue,
            READ => only_one(&disclosed),
            _ => note.target_id.as_deref(),
        };
        let event = Event {
            outcome: note.outcome,
            code: note.code,
            occurrences: note.occurrences,
            disclosed: &disclosed,
            period: note.period.as_deref(),
            ..Event::done(&note.operation, target)
        };
        append(transaction, &note.actor, event)?;
    }
    Ok(())
}

/// The record that a row of a read is about: the one that was shown, where it was one.
fn only_one(disclosed: &BTreeSet<String>) -> Option<&str> {
    match disclosed.len() {
        1 => disclosed.first().map(String::as_str),
        _ => None,
    }
}

/// Which of the records that were shown are there.
fn find_records(conn: &mut Conn, notes: &[PendingAuditEvent]) -> Result<BTreeSet<String>> {
    let shown: BTreeSet<&str> = notes
        .iter()
        .flat_map(|note| note.disclosed.iter().map(String::as_str))
        .collect();
    let shown: Vec<&str> = shown.into_iter().collect();
    let mut there = BTreeSet::new();
    for some in shown.chunks(IDS_OF_ONE_STATEMENT) {
        let found = records::table.filter(records::id.eq_any(some)).select(records::id);
        there.extend(found.load::<String>(conn)?);
    }
    Ok(there)
}
