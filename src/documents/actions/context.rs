//! What an action works with, inside the writing transaction.

use crate::auth::Writing;
use crate::auth::access::Standing;
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::current::{CurrentRecord, VisibleRecord, find_living, find_seen};
use crate::documents::write::conflict::{Snapshot, version_conflict};
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::store::{Replaced, Stored};
use crate::error::Result;
use crate::http::tag::Precondition;
use std::marker::PhantomData;

/// What came of an action.
#[derive(Debug)]
pub struct Done {
    /// The version that is answered.
    pub stored: Stored,
    /// The offer that was made instead of a change: somebody else must agree.
    pub offer: Option<String>,
}

impl From<Stored> for Done {
    fn from(stored: Stored) -> Self {
        Self { stored, offer: None }
    }
}

/// One action, about to be done. Its body has been checked against the published schema.
pub struct ActionContext<'w, 't, 'b, K: Kind> {
    /// The transaction, and the caller.
    pub writing: &'w mut Writing<'t, 'b>,
    /// What the kernel knows of the kind.
    pub contract: &'w Contract,
    /// The record.
    pub id: &'w str,
    /// The version that the action is meant for.
    pub precondition: Precondition,
    /// The kind.
    pub kind: PhantomData<K>,
}

impl<K: Kind> ActionContext<'_, '_, '_, K> {
    /// The record, living and visible to the caller. Whether it is at the version that the action is meant for is asked
    /// for when it is known that the caller may take the action.
    pub fn find_living(&mut self) -> Result<VisibleRecord> {
        let conn = &mut *self.writing.transaction.conn;
        find_living(conn, self.writing.caller, K::NAME, self.id)
    }

    /// The same, also where it was deleted.
    pub fn find_seen(&mut self) -> Result<VisibleRecord> {
        let conn = &mut *self.writing.transaction.conn;
        find_seen(conn, self.writing.caller, K::NAME, self.id)
    }

    /// 412 with the record as the caller sees it, where it has moved on.
    pub fn refuse_stale(&mut self, seen: &VisibleRecord) -> Result<()> {
        match self.precondition {
            Precondition::Version(version) if version != seen.head.version => {}
            _ => return Ok(()),
        }
        let whole = self.contract.current_value(&seen.head.document)?;
        let shown = if self.contract.suppresses() {
            let standing = self.standing(seen)?;
            let suppress = self.contract.suppression_for(standing);
            suppress.map(|suppress| suppress(&whole, &whole))
        } else {
            None
        };
        let current = Snapshot { whole, shown };
        let mut reading = self.writing.as_reading();
        Err(version_conflict(&mut reading, self.contract, &seen.head, &current, None).into_error())
    }

    /// How the caller stands to the record.
    pub fn standing(&mut self, seen: &VisibleRecord) -> Result<Standing> {
        let reading = self.writing.as_reading();
        seen.standing(reading.conn, reading.caller)
    }

    /// The current document and what follows from it.
    pub fn draft(&self, head: &CurrentRecord) -> Result<PreparedDocument<K>> {
        PreparedDocument::new(self.contract, self.contract.current_document::<K>(&head.document)?)
    }
}

/// What a version that is stored next takes the place of.
pub fn replaced<'a, K: Kind>(head: &'a CurrentRecord, draft: &'a PreparedDocument<K>) -> Replaced<'a, K> {
    Replaced {
        draft,
        version: head.version,
        audience: head.audience,
        derivation: head.derivation,
    }
}

/// The record as it is, where an action changes nothing.
pub fn unchanged(head: CurrentRecord) -> Done {
    let stored = Stored {
        audience: head.audience,
        id: head.id,
        version: head.version,
        owner_office_id: head.owner_office_id,
        document: head.document,
        added: Vec::new(),
    };
    stored.into()
}
