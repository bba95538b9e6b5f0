//! The numbers of the derivation, and whether the rows of all records have reached today's.
//!
//! The derivation is what computes the rows of [`rows`](crate::documents::write::rows) (links, tags, codes, unique values, search
//! text, index columns) from a document. Each record carries the number of the derivation that made its rows
//! (`records.derivation`). After an upgrade the rows of older numbers are made again in the background
//! ([`sync::reindex`](crate::reindex)). Until that is done a read that depends on the rows of other records (a list,
//! the feed, `expand`, the check of referrers before a deletion) would be wrong, and is answered 503 `reindexing`.
//! Single reads and writes are served meanwhile: a write may miss that a unique value is taken, which reindexing settles, or that a
//! record like it exists, which is advice.

use crate::db::Conn;
use crate::db::schema::registry_state;
use crate::error::{Code, Error, Result};
use crate::list::ExpandSpec;
use crate::texts;
use diesel::{QueryDsl, RunQueryDsl};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The number of today's derivation. Raise it with every change of what is derived from a document: a new index column,
/// code list, role link or relation, other words in the search text, another normal form of a unique value.
///
/// | number | what changed |
/// |---|---|
/// | 1 | rows of programs that did not keep a number |
/// | 2 | the first that is kept; links say whether they give sight, spans of which versions |
pub const DERIVATION: i32 = 2;

/// The derivation from which on only members that the owner alone writes give sight of a record. Records of older ones
/// were seen by every office that they name.
pub const DERIVATION_OF_SIGHT: i32 = 2;

/// Whether the rows of all records have reached [`DERIVATION`]. Shared by all requests of a process, and cheap: once it
/// has been seen to be so no statement is made any more, because rows only fall behind by an upgrade of the program.
#[derive(Debug, Clone, Default)]
pub struct Completeness(Arc<AtomicBool>);

impl Completeness {
    /// 503 `reindexing` unless the rows of all records are of today's derivation. At most one statement.
    pub fn require(&self, conn: &mut Conn) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            return Ok(());
        }
        let reached: i32 = registry_state::table
            .find(1)
            .select(registry_state::derivation)
            .first(conn)?;
        require_reached(reached)?;
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The same where anything is to be embedded, which follows the links.
    pub fn require_for(&self, conn: &mut Conn, expand: &[&ExpandSpec]) -> Result<()> {
        if expand.is_empty() { Ok(()) } else { self.require(conn) }
    }
}

/// 503 `reindexing` unless this number, which the rows of all records have, is today's. A higher one is a newer
/// program's beside this one, whose reads are served.
pub fn require_reached(reached: i32) -> Result<()> {
    if reached >= DERIVATION {
        return Ok(());
    }
    Err(reindexing())
}

/// The 503 of what depends on rows that are not yet made again.
pub fn reindexing() -> Error {
    Error::new(Code::Reindexing, texts::storage::indexes_being_updated())
}
