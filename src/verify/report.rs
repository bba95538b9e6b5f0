//! What verification found.

use serde::Serialize;

/// Rows that are read at once.
pub(super) const CHUNK: i64 = 500;

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records looked at.
    pub records: usize,
    /// Revisions looked at.
    pub revisions: usize,
    /// Audit rows looked at.
    pub audit_rows: usize,
    /// Records whose rows an older derivation made and no one has made again yet. That is no damage.
    pub not_reindexed: usize,
    /// The hash of the last audit row. Nothing here finds a chain that was made anew from some row to its end; this hash,
    /// compared with one that was kept elsewhere, does.
    pub audit_head: String,
    /// Everything that does not fit.
    pub damage: Vec<Damage>,
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// The id of a record or an account, or the table.
    pub place: String,
    /// What does not fit.
    pub detail: String,
}

impl Report {
    /// Adds one thing that does not fit.
    pub(super) fn add(&mut self, place: impl Into<String>, detail: impl Into<String>) {
        self.damage.push(Damage {
            place: place.into(),
            detail: detail.into(),
        });
    }
}
