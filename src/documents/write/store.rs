//! Storing a version: head, rows that differ, immutable revision, feed, audit; in one transaction.

use crate::audit::chain::{Audited, Event, append};
use crate::auth::Actor;
use crate::auth::access::Audience;
use crate::clock;
use crate::db::schema::{changes, records, revisions};
use crate::db::{StoredDocument, Transaction};
use crate::documents::common::Document;
use crate::documents::derivation::DERIVATION;
use crate::documents::kind::Kind;
use crate::documents::offers::{OfferState, end_offers};
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::reindex::settle_keys;
use crate::documents::write::rows::{RowsBefore, delete_rows, insert_rows, load_rows, write_rows};
use crate::documents::write::sight::{lost_sight, write_spans};
use crate::documents::write::sight_losses::insert_loss;
use crate::error::{Error, Result};
use crate::json::digest::{digest_of, seal};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// A version just stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Record id.
    pub id: String,
    /// Its version now.
    pub version: i64,
    /// The office that owns it.
    pub owner_office_id: String,
    /// Who may see it.
    pub audience: Audience,
    /// The document as it is stored.
    pub document: StoredDocument,
    /// What else came of the change: members that its answer has beside those of the document.
    pub added: Vec<(&'static str, Vec<String>)>,
}

/// What a version replaces.
#[derive(Debug)]
pub struct Replaced<'a, K: Kind> {
    /// The document before.
    pub draft: &'a PreparedDocument<K>,
    /// Its version.
    pub version: i64,
    /// Who could see it.
    pub audience: Audience,
    /// The derivation that made its rows.
    pub derivation: i32,
}

/// Why there is a version.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// What is done, as history calls it (`update`, `transfer`).
    pub operation: &'static str,
    /// What its author said about it, where they were asked.
    pub reason: Option<&'a str>,
}

impl Cause<'_> {
    /// A change without a stated reason.
    pub fn of(operation: &'static str) -> Self {
        Self {
            operation,
            reason: None,
        }
    }
}

/// Stores the first version of a document.
pub fn store_new<K: Kind>(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    mut draft: PreparedDocument<K>,
) -> Result<(Stored, Audited)> {
    let now = clock::format_instant(transaction.now);
    draft.document.stamp(1, &now, &now);
    let document = &draft.document;
    let audience = K::audience(document);
    let text = serde_json::to_string(document).map_err(Error::internal)?;
    let common = document.common();
    let (id, owner_office_id) = (common.id.to_owned(), common.owner_office_id.to_owned());
    diesel::insert_into(records::table)
        .values((
            records::id.eq(&id),
            records::kind.eq(K::NAME),
            records::version.eq(1),
            records::owner_office_id.eq(common.owner_office_id),
            records::audience.eq(audience),
            records::created_at.eq(&now),
            records::updated_at.eq(&now),
            records::document.eq(&text),
            records::format.eq(K::FORMAT),
            records::derivation.eq(DERIVATION),
        ))
        .execute(transaction.conn)?;
    insert_rows::<K>(transaction.conn, &id, &draft.rows)?;
    write_spans(transaction.conn, &id, 1, &BTreeSet::new(), &draft.sight())?;
    K::after_write(transaction, None, Some(document))?;
    let audited = record::<K>(
        transaction,
        actor,
        &Entry {
            id: &id,
            version: 1,
            cause: Cause::of("create"),
            audience,
            previous_audience: None,
            document: Some(&text),
            digest: digest_of(&text),
            lost: BTreeSet::new(),
        },
    )?;
    Ok((
        Stored {
            id,
            version: 1,
            owner_office_id,
            audience,
            document: StoredDocument::new(text, K::FORMAT),
            added: Vec::new(),
        },
        audited,
    ))
}

/// Stores the next version of a document.
pub fn store_next<K: Kind>(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    old: &Replaced<'_, K>,
    mut draft: PreparedDocument<K>,
    cause: Cause<'_>,
) -> Result<(Stored, Audited)> {
    let now = clock::format_instant(transaction.now);
    let version = old.version + 1;
    draft
        .document
        .stamp(version, old.draft.document.common().created_at, &now);
    write_next_rows(transaction, old, &mut draft)?;
    let document = &draft.document;
    let audience = K::audience(document);
    let text = serde_json::to_string(document).map_err(Error::internal)?;
    let common = document.common();
    let (id, owner_office_id) = (common.id.to_owned(), common.owner_office_id.to_owned());
    diesel::update(records::table.find(&id))
        .set((
            records::version.eq(version),
            records::owner_office_id.eq(common.owner_office_id),
            records::audience.eq(audience),
            records::updated_at.eq(&now),
            records::document.eq(&text),
            records::format.eq(K::FORMAT),
        ))
        .execute(transaction.conn)?;
    write_spans(transaction.conn, &id, version, &old.draft.sight(), &draft.sight())?;
    K::after_write(transaction, Some(&old.draft.document), Some(document))?;
    let audited = record::<K>(
        transaction,
        actor,
        &Entry {
            id: &id,
            version,
            cause,
            audience,
            previous_audience: Some(old.audience),
            document: Some(&text),
            digest: digest_of(&text),
            lost: lost_offices(old, &draft),
        },
    )?;
    Ok((
        Stored {
            id,
            version,
            owner_office_id,
            audience,
            document: StoredDocument::new(text, K::FORMAT),
            added: Vec::new(),
        },
        audited,
    ))
}

/// Writes the rows that differ. Today's derivation gives the rows of the old version as they are stored; rows of an older
/// one are read, and brought up to date by the way. The record keeps its number all the same: what follows from its past
/// is left to the reindexing.
fn write_next_rows<K: Kind>(
    transaction: &mut Transaction<'_>,
    old: &Replaced<'_, K>,
    new: &mut PreparedDocument<K>,
) -> Result<()> {
    let id = new.document.common().id.to_owned();
    let conn = &mut *transaction.conn;
    if old.derivation == DERIVATION {
        return write_rows::<K>(conn, &id, &RowsBefore::derived(&old.draft.rows), &new.rows);
    }
    let stored = load_rows::<K>(conn, &id)?;
    settle_keys(conn, &id, &stored.keys, &mut new.rows.keys)?;
    write_rows::<K>(conn, &id, &RowsBefore::stored(&stored), &new.rows)
}

/// Stores a deletion: a version without a document. The head stays as a tombstone. `digest` is empty, unless the end
/// says something that is to be sealed.
pub fn store_deletion<K: Kind>(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    old: &Replaced<'_, K>,
    cause: Cause<'_>,
    digest: String,
) -> Result<Audited> {
    let now = clock::format_instant(transaction.now);
    let version = old.version + 1;
    let id = old.draft.document.common().id.to_owned();
    diesel::update(records::table.find(&id))
        .set((
            records::version.eq(version),
            records::updated_at.eq(&now),
            records::deleted_at.eq(Some(&now)),
        ))
        .execute(transaction.conn)?;
    delete_rows::<K>(transaction.conn, &id)?;
    end_offers(transaction, &id, OfferState::Ended)?;
    K::after_write(transaction, Some(&old.draft.document), None)?;
    record::<K>(
        transaction,
        actor,
        &Entry {
            id: &id,
            version,
            cause,
            audience: K::audience(&old.draft.document),
            previous_audience: Some(old.audience),
            document: None,
            digest,
            lost: BTreeSet::new(),
        },
    )
}

/// The offices from whom a version takes a way of seeing the record: those that only the version before gave sight to,
/// where sight depended on that, and the one that no longer owns it. The feed reports the record to them as hidden,
/// unless they see it in another way.
fn lost_offices<K: Kind>(before: &Replaced<'_, K>, after: &PreparedDocument<K>) -> BTreeSet<String> {
    let (owner, new_owner) = (owner_of(before.draft), owner_of(after));
    let mut lost = lost_sight(before.audience, &before.draft.sight(), &after.sight());
    if owner != new_owner {
        lost.insert(owner.to_owned());
    }
    lost
}

fn owner_of<K: Kind>(draft: &PreparedDocument<K>) -> &str {
    draft.document.common().owner_office_id
}

struct Entry<'a> {
    id: &'a str,
    version: i64,
    cause: Cause<'a>,
    audience: Audience,
    previous_audience: Option<Audience>,
    document: Option<&'a str>,
    digest: String,
    lost: BTreeSet<String>,
}

fn record<K: Kind>(transaction: &mut Transaction<'_>, actor: &Actor, entry: &Entry<'_>) -> Result<Audited> {
    transaction.state.change_seq += 1;
    let seq = transaction.state.change_seq;
    let at = clock::format_instant(transaction.now);
    let (digest, reason) = (&entry.digest, entry.cause.reason);
    diesel::insert_into(revisions::table)
        .values((
            revisions::record_id.eq(entry.id),
            revisions::version.eq(entry.version),
            revisions::seq.eq(seq),
            revisions::at.eq(&at),
            revisions::operation.eq(entry.cause.operation),
            revisions::client_id.eq(&actor.client_id),
            revisions::office_id.eq(actor.office_id.as_deref()),
            revisions::audience.eq(entry.audience),
            revisions::digest.eq(digest),
            revisions::document.eq(entry.document),
            revisions::format.eq(K::FORMAT),
            revisions::reason.eq(reason),
        ))
        .execute(transaction.conn)?;
    diesel::insert_into(changes::table)
        .values((
            changes::seq.eq(seq),
            changes::record_id.eq(entry.id),
            changes::kind.eq(K::NAME),
            changes::version.eq(entry.version),
            changes::operation.eq(if entry.document.is_some() { "upsert" } else { "delete" }),
            changes::at.eq(&at),
            changes::client_id.eq(&actor.client_id),
            changes::office_id.eq(actor.office_id.as_deref()),
            changes::audience.eq(entry.audience),
            changes::previous_audience.eq(entry.previous_audience),
        ))
        .execute(transaction.conn)?;
    for office in &entry.lost {
        insert_loss(transaction.conn, seq, office)?;
    }
    append(
        transaction,
        actor,
        Event {
            version: Some(entry.version),
            value_hash: &seal(digest, reason),
            ..Event::done(&format!("{}.{}", K::NAME, entry.cause.operation), Some(entry.id))
        },
    )
}
