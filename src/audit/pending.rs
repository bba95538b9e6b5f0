//! Events of the audit log that wait to be written.

use crate::audit::chain::{Actor, Event, append};
use crate::db::Transaction;
use crate::error::Result;
use std::collections::BTreeSet;

/// A row of the log before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct PendingAuditEvent {
    /// Who.
    pub actor: Actor,
    /// What they called.
    pub operation: String,
    /// The record, where it is one.
    pub target_id: Option<String>,
    /// `refused` or `read`.
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
pub fn write_notes(transaction: &mut Transaction<'_>, notes: &[PendingAuditEvent]) -> Result<()> {
    for note in notes {
        let event = Event {
            outcome: note.outcome,
            code: note.code,
            occurrences: note.occurrences,
            disclosed: &note.disclosed,
            period: note.period.as_deref(),
            ..Event::done(&note.operation, note.target_id.as_deref())
        };
        append(transaction, &note.actor, event)?;
    }
    Ok(())
}
