//! One record whose rows are derived again from its document, without a new version.
//!
//! Two records may have the same unique value under a newer normal form, though each was free when it was written. Then
//! the older record keeps the value, and the other goes without its row in `record_keys`: it is not found by that value,
//! and [`collisions`] warns of it until one of them is changed. Nothing stops because of it.

use crate::auth::access::Audience;
use crate::db::schema::{record_keys, records, revisions};
use crate::db::{Conn, StoredDocument, StoredVersion, Transaction};
use crate::documents::common::Document;
use crate::documents::contract::Contract;
use crate::documents::derivation::{DERIVATION, DERIVATION_OF_SIGHT};
use crate::documents::kind::Kind;
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::rows::{Rows, RowsBefore, StoredRows, delete_rows, load_rows, write_links, write_rows};
use crate::documents::write::sight::{load_spans, rewrite_spans};
use crate::documents::write::sight_history::{PastVersion, SightHistory};
use crate::documents::write::sight_losses::{find_old_sight, load_losses, rewrite_losses, tell_lost_sight};
use crate::error::{Error, Result};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that an operator is to know of a record whose rows were made again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// The record.
    pub record_id: String,
    /// One sentence.
    pub text: String,
}

/// What came of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rederived {
    /// Did its rows differ?
    pub changed: bool,
    /// What an operator is to know.
    pub notes: Vec<Note>,
}

/// A rule that is newer than a stored document, and that the document breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The record.
    pub record_id: String,
    /// The place in its document (RFC 6901).
    pub pointer: String,
    /// The code that a write of this value would be refused with.
    pub code: &'static str,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = records)]
struct Source {
    deleted_at: Option<String>,
    derivation: i32,
    version: i64,
    #[diesel(embed)]
    document: StoredDocument,
}

fn load_source(conn: &mut Conn, id: &str) -> Result<Option<Source>> {
    Ok(records::table
        .find(id)
        .select(Source::as_select())
        .first(conn)
        .optional()?)
}

/// Makes the rows of one record again, living or deleted, and notes that they are of today's derivation. Nothing else
/// of the record changes. A document that cannot be read keeps its rows; that is noted, and is damage to `verify`.
///
/// # Errors
/// Those of the database. Any other error comes before the first write of the step.
pub fn rederive<K: Kind>(transaction: &mut Transaction<'_>, contract: &Contract, id: &str) -> Result<Rederived> {
    let conn = &mut *transaction.conn;
    let Some(source) = load_source(conn, id)? else {
        return Ok(Rederived::default());
    };
    let mut done = Rederived::default();
    match read_draft::<K>(contract, &source.document) {
        Err(error) => done.notes.push(Note {
            record_id: id.to_owned(),
            text: unreadable(&error),
        }),
        Ok(draft) => {
            let stored = load_rows::<K>(conn, id)?;
            done.changed = if source.deleted_at.is_some() {
                heal_tombstone::<K>(conn, id, &stored, &draft.rows)?
            } else {
                heal::<K>(conn, id, &stored, draft.rows, &mut done.notes)?
            };
            let is_before_sight = source.derivation < DERIVATION_OF_SIGHT;
            let old_sight = if is_before_sight { find_old_sight(conn)? } else { 0 };
            let history = read_history(conn, contract, id, SightHistory::with_old_sight(old_sight))?;
            done.changed |= rewrite_sight(conn, id, &history)?;
            done.notes.extend(note_lost_sight(transaction, id, &history)?);
        }
    }
    if source.derivation != DERIVATION {
        mark_current(transaction.conn, id)?;
    }
    Ok(done)
}

/// Makes the spans of sight and the losses of the feed again; true if they differed.
fn rewrite_sight(conn: &mut Conn, id: &str, history: &SightHistory) -> Result<bool> {
    let spans = history.spans();
    let differed = load_spans(conn, id)? != spans;
    rewrite_spans(conn, id, &spans)?;
    Ok(rewrite_losses(conn, history.seqs(), history.losses())? || differed)
}

fn note_lost_sight(transaction: &mut Transaction<'_>, id: &str, history: &SightHistory) -> Result<Option<Note>> {
    let lost = tell_lost_sight(transaction, id, history.lost_by_upgrade())?;
    let offices: Vec<String> = lost.into_iter().collect();
    Ok((!offices.is_empty()).then(|| Note {
        record_id: id.to_owned(),
        text: format!(
            "It is no longer seen by offices that it named only where others may write, and that older versions let in: {}.",
            offices.join(", ")
        ),
    }))
}

/// Notes that the rows of a record are of today's derivation.
pub fn mark_current(conn: &mut Conn, id: &str) -> Result<()> {
    diesel::update(records::table.find(id))
        .set(records::derivation.eq(DERIVATION))
        .execute(conn)?;
    Ok(())
}

/// What is noted of a record whose rows cannot be made.
pub fn unreadable(error: &Error) -> String {
    format!("Its rows cannot be made again and stay as they are: {error}")
}

fn read_draft<K: Kind>(contract: &Contract, document: &StoredDocument) -> Result<PreparedDocument<K>> {
    PreparedDocument::new(contract, contract.current_document::<K>(document)?)
}

/// Versions of a record that are read at once.
const CHUNK: i64 = 20;

/// Which offices the stored versions of a record give sight. A document that cannot be read counts as none, and is damage to
/// `verify`.
fn read_history(conn: &mut Conn, contract: &Contract, id: &str, mut history: SightHistory) -> Result<SightHistory> {
    let mut after = 0;
    loop {
        let versions: Vec<(i64, i64, String, StoredVersion)> = revisions::table
            .filter(revisions::record_id.eq(id))
            .filter(revisions::version.gt(after))
            .order(revisions::version.asc())
            .limit(CHUNK)
            .select((
                revisions::version,
                revisions::seq,
                revisions::audience,
                StoredVersion::as_select(),
            ))
            .load(conn)?;
        let Some((last, ..)) = versions.last() else {
            return Ok(history);
        };
        after = *last;
        for (version, seq, audience, stored) in versions {
            let document = stored
                .into_document()
                .and_then(|document| contract.current_value(&document).ok());
            history.push(
                contract,
                PastVersion {
                    version,
                    seq,
                    // An audience that there is not is damage to `verify`, too.
                    audience: Audience::parse(&audience).unwrap_or(Audience::Owner),
                    document: document.as_ref(),
                },
            );
        }
    }
}

/// Of a deleted record only the links are kept: they decide who may see the tombstone.
fn heal_tombstone<K: Kind>(
    conn: &mut Conn,
    id: &str,
    stored: &StoredRows<K::Index>,
    derived: &Rows<K::Index>,
) -> Result<bool> {
    write_links(conn, id, &stored.links, &derived.links)?;
    if stored.has_more_than_links() {
        delete_rows::<K>(conn, id)?;
    }
    Ok(stored.has_more_than_links() || stored.links != derived.links)
}

fn heal<K: Kind>(
    conn: &mut Conn,
    id: &str,
    stored: &StoredRows<K::Index>,
    mut derived: Rows<K::Index>,
    notes: &mut Vec<Note>,
) -> Result<bool> {
    notes.extend(settle_keys(conn, id, &stored.keys, &mut derived.keys)?);
    write_rows::<K>(conn, id, &RowsBefore::stored(stored), &derived)?;
    Ok(stored.links != derived.links
        || stored.tags != derived.tags
        || stored.codes != derived.codes
        || stored.keys != derived.keys
        || stored.search.as_ref() != Some(&derived.search)
        || stored.index.as_ref() != Some(&derived.index))
}

/// Settles who has the unique values that a record derives and does not have yet: where another record has one, the
/// older of the two keeps it. What this record loses is taken out of `keys`; what it wins is taken from the other.
pub fn settle_keys(
    conn: &mut Conn,
    id: &str,
    stored: &BTreeSet<(String, String)>,
    keys: &mut BTreeSet<(String, String)>,
) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    let missing: Vec<(String, String)> = keys.difference(stored).cloned().collect();
    for key in missing {
        let Some(holder) = find_holder(conn, &key)? else {
            continue;
        };
        let older_first: Vec<String> = records::table
            .filter(records::id.eq_any([id, &holder]))
            .order((records::created_at.asc(), records::id.asc()))
            .select(records::id)
            .load(conn)?;
        let loser = if older_first.first().is_some_and(|older| older == id) {
            diesel::delete(record_keys::table.find((&key.0, &key.1))).execute(conn)?;
            &holder
        } else {
            keys.remove(&key);
            id
        };
        notes.push(Note {
            record_id: loser.to_owned(),
            text: "Another, older record has the same unique value, and keeps it.".to_owned(),
        });
    }
    Ok(notes)
}

fn find_holder(conn: &mut Conn, (name, value): &(String, String)) -> Result<Option<String>> {
    Ok(record_keys::table
        .find((name, value))
        .select(record_keys::record_id)
        .first(conn)
        .optional()?)
}

/// The unique values of a living record that an older record has: code `not-unique`.
pub fn collisions<K: Kind>(conn: &mut Conn, document: &K::Document) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    let id = document.common().id;
    for key in K::unique_keys(document) {
        let holder = find_holder(conn, &(key.name.to_owned(), key.value))?;
        if holder.is_some_and(|holder| holder != id) {
            warnings.push(Warning {
                record_id: id.to_owned(),
                pointer: key.pointer,
                code: "not-unique",
            });
        }
    }
    Ok(warnings)
}

/// In what the stored rows of a record differ from those that its document gives, a sentence each.
pub fn differences<K: Kind>(
    conn: &mut Conn,
    contract: &Contract,
    id: &str,
    is_deleted: bool,
    document: K::Document,
) -> Result<Vec<String>> {
    let stored = load_rows::<K>(conn, id)?;
    let derived = PreparedDocument::<K>::new(contract, document)?.rows;
    let mut found = Vec::new();
    let mut add = |is_different: bool, text: &str| {
        if is_different {
            found.push(text.to_owned());
        }
    };
    add(stored.links != derived.links, "the links differ from the document");
    if is_deleted {
        add(stored.has_more_than_links(), "a deleted record still has index rows");
        return Ok(found);
    }
    let keys_fit = stored.keys.is_subset(&derived.keys) && {
        let mut fit = true;
        for key in derived.keys.difference(&stored.keys) {
            // One that an older record has is a warning; see `collisions`.
            fit &= find_holder(conn, key)?.is_some();
        }
        fit
    };
    add(
        stored.tags != derived.tags || stored.codes != derived.codes || !keys_fit,
        "tags, codes or unique values differ from the document",
    );
    add(
        stored.search.as_ref() != Some(&derived.search),
        "the search text differs from the document",
    );
    add(stored.index.is_none(), "the record has no index row");
    add(
        stored.index.is_some_and(|index| index != derived.index),
        "the index columns differ from the document",
    );
    Ok(found)
}

/// The same for a record by its id, beside a running service: where it was changed meanwhile it is looked at again.
pub fn check<K: Kind>(conn: &mut Conn, contract: &Contract, id: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for _attempt in 0..ATTEMPTS {
        let Some(source) = load_source(conn, id)? else {
            return Ok(Vec::new());
        };
        found = match contract.current_document::<K>(&source.document) {
            Err(error) => vec![format!("the document cannot be read: {error}")],
            Ok(document) => differences::<K>(conn, contract, id, source.deleted_at.is_some(), document)?,
        };
        let past = read_history(conn, contract, id, SightHistory::default())?;
        if load_spans(conn, id)? != past.spans() {
            found.push("the spans of sight differ from the record's versions".to_owned());
        }
        if load_losses(conn, past.seqs())? != *past.losses() {
            found.push("the feed does not tell right from which offices a change takes sight".to_owned());
        }
        let now = load_source(conn, id)?;
        if found.is_empty()
            || now.is_some_and(|now| (now.version, now.derivation) == (source.version, source.derivation))
        {
            break;
        }
    }
    Ok(found)
}

/// How often [`check`] looks at a record that is being changed.
const ATTEMPTS: usize = 3;
