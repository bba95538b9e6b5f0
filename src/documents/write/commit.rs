//! Changes inside the writing transaction: whose part it is ([`parts`](super::parts)), what they must fit ([`constraints`](super::constraints)); then storing.
//!
//! What was decided before the queue (schema, rules, the version meant) was decided on an older view. Here the head is
//! read again: a version that has moved on is a conflict, rights that have gone are gone.

use crate::audit::chain::{Audited, Event, append};
use crate::auth::access::{Standing, acts_for, rules};
use crate::auth::{Recorded, Writing};
use crate::db::StoredDocument;
use crate::documents::common::Document;
use crate::documents::contract::Contract;
use crate::documents::derivation::require_reached;
use crate::documents::kind::{Kind, WriteOptions};
use crate::documents::read::current::find_living;
use crate::documents::write::constraints::{check_surroundings, refuse_when_referenced};
use crate::documents::write::parts::{acting_offices, check_names, check_parts, not_your_part, refuse_beyond_owner};
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::store::{Cause, Replaced, Stored, store_deletion, store_new, store_next};
use crate::error::{Code, Error, Result};
use crate::json::diff::Change;
use crate::json::digest::digest_of;
use crate::texts;

/// A change that was prepared outside of the transaction.
#[derive(Debug)]
pub struct Prepared<K: Kind> {
    /// The record.
    pub id: String,
    /// The version that the change is meant for.
    pub base_version: i64,
    /// The document at that version, as it is stored.
    pub stored: StoredDocument,
    /// The same in today's format.
    pub old: PreparedDocument<K>,
    /// The document as it shall be.
    pub new: PreparedDocument<K>,
    /// What differs between the two.
    pub changes: Vec<Change>,
    /// Where something is withheld from the caller: what differs between what they were shown and what they made of
    /// that. To them the record is what they were shown: a figure put in the place of a withheld one is a change, also
    /// when it is right, or a guess would be answered.
    pub shown_changes: Option<Vec<Change>>,
    /// What the change is called in history (`update`, `restore`).
    pub operation: &'static str,
}

impl<K: Kind> Prepared<K> {
    /// A change by a caller who sees the whole document.
    pub fn new(
        contract: &Contract,
        id: String,
        stored: StoredDocument,
        new: K::Document,
        operation: &'static str,
    ) -> Result<Self> {
        let old = contract.current_document::<K>(&stored)?;
        let base_version = old.common().version;
        let (old, new) = (
            PreparedDocument::new(contract, old)?,
            PreparedDocument::new(contract, new)?,
        );
        Ok(Self {
            changes: contract.walk.changes(&old.form, &new.form),
            id,
            base_version,
            stored,
            old,
            new,
            shown_changes: None,
            operation,
        })
    }

    /// The record as it was when the change was prepared.
    pub fn stored(&self) -> Stored {
        Stored {
            id: self.id.clone(),
            version: self.base_version,
            owner_office_id: self.old.document.common().owner_office_id.to_owned(),
            audience: K::audience(&self.old.document),
            document: self.stored.clone(),
            added: Vec::new(),
        }
    }

    /// What its author changes, as they see it.
    pub fn changes_of_author(&self) -> &[Change] {
        self.shown_changes.as_deref().unwrap_or(&self.changes)
    }
}

/// Creates a record.
pub fn create<K: Kind>(
    writing: &mut Writing<'_, '_>,
    draft: PreparedDocument<K>,
    options: WriteOptions,
) -> Result<(Stored, Audited)> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let owner = draft.document.common().owner_office_id;
    if let Some(office) = caller.office_id.as_deref()
        && !rules::may_create(acts_for(conn, office, owner)?)
    {
        return Err(not_your_part(vec!["/owner_office_id".to_owned()]));
    }
    let acting = acting_offices(conn, caller, &[&draft])?;
    let acts_for = |office: &str| acting.accepts(office);
    refuse_beyond_owner::<K>(None, &draft.document, &acts_for)?;
    check_names(None, &draft, &acting)?;
    Error::check(K::check_change(None, &draft.document, &acts_for))?;
    check_surroundings::<K>(conn, caller, None, &draft, options)?;
    store_new::<K>(writing.transaction, writing.actor, draft)
}

/// Changes a record; an equal document changes nothing.
pub fn update<K: Kind>(
    writing: &mut Writing<'_, '_>,
    change: Prepared<K>,
    options: WriteOptions,
) -> Result<Recorded<Stored>> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let seen = find_living(conn, caller, K::NAME, &change.id)?;
    if seen.head.version != change.base_version {
        return Err(version_has_changed(seen.head.version));
    }
    let is_owner = seen.standing(conn, caller)? == Standing::Owner;
    let changes = match &change.shown_changes {
        Some(shown) if !is_owner => shown,
        // It was its owner's when the change was prepared, with everything at hand; it is prepared again.
        None if K::SUPPRESSES && !is_owner => return Err(version_has_changed(seen.head.version)),
        _ => &change.changes,
    };
    if changes.is_empty() {
        return Ok(Recorded::unchanged(Stored {
            id: change.id,
            version: seen.head.version,
            audience: seen.head.audience,
            owner_office_id: seen.head.owner_office_id,
            document: seen.head.document,
            added: Vec::new(),
        }));
    }
    let acting = acting_offices(conn, caller, &[&change.old, &change.new])?;
    if !is_owner {
        check_parts::<K>(changes, (&change.old.document, &change.new.document), &acting)
            .map_err(|error| error.concerning(&change.id))?;
    }
    let (old, new) = (&change.old.document, &change.new.document);
    let acts_for = |office: &str| acting.accepts(office);
    refuse_beyond_owner::<K>(Some(old), new, &acts_for)?;
    check_names(Some(&change.old), &change.new, &acting)?;
    Error::check(K::check_change(Some(old), new, &acts_for))?;
    let (also_audited, follow_up) = (K::also_audited(old, new), K::follow_up(old, new));
    check_surroundings::<K>(conn, caller, Some(&change.old), &change.new, options)?;
    let replaced = Replaced {
        draft: &change.old,
        version: seen.head.version,
        audience: seen.head.audience,
        derivation: seen.head.derivation,
    };
    let (mut stored, proof) = store_next::<K>(
        writing.transaction,
        writing.actor,
        &replaced,
        change.new,
        Cause::of(change.operation),
    )?;
    for (what, value) in also_audited {
        append(
            writing.transaction,
            writing.actor,
            Event {
                version: Some(stored.version),
                value_hash: &digest_of(&value),
                ..Event::done(&format!("{}.{what}", K::NAME), Some(&stored.id))
            },
        )?;
    }
    if let Some(follow_up) = follow_up {
        stored.added = follow_up(writing)?;
    }
    Ok(Recorded::new(stored, proof))
}

/// Deletes a record that nothing refers to.
pub fn delete<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    id: &str,
    version: Option<i64>,
) -> Result<Recorded<()>> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let seen = find_living(conn, caller, K::NAME, id)?;
    if !rules::may_delete(seen.standing(conn, caller)?) {
        return Err(Error::new(Code::NotYourPart, texts::documents::owner_deletes()).concerning(id));
    }
    if version.is_some_and(|version| version != seen.head.version) {
        return Err(version_has_changed(seen.head.version));
    }
    // A reference whose row is still to be made would not be seen.
    require_reached(writing.transaction.state.derivation)?;
    refuse_when_referenced(conn, caller, id)?;
    K::check_deletion(conn, id)?;
    let old = contract.current_document::<K>(&seen.head.document)?;
    let proof = store_deletion::<K>(
        writing.transaction,
        writing.actor,
        &Replaced {
            draft: &PreparedDocument::new(contract, old)?,
            version: seen.head.version,
            audience: seen.head.audience,
            derivation: seen.head.derivation,
        },
        Cause::of("delete"),
        String::new(),
    )?;
    Ok(Recorded::new((), proof))
}

/// The version has moved on since it was read; the caller of this module makes a full conflict of it.
fn version_has_changed(current: i64) -> Error {
    Error::new(Code::VersionConflict, texts::documents::at_version_by_now(current))
        .with_member("current_version", current)
}
