//! A document with everything that follows from it, worked out before the writer's queue: the writer is one thread for
//! all, so it should only talk to the database.

use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::write::rows::{Rows, derive_rows};
use crate::documents::write::sight::sight_of;
use crate::error::{Error, Result};
use crate::schema::walk::Reference;
use serde_json::Value;
use std::collections::BTreeSet;

/// A checked document and what follows from it.
#[derive(Debug)]
pub struct PreparedDocument<K: Kind> {
    /// The document.
    pub document: K::Document,
    /// Every reference in it.
    pub references: Vec<Reference>,
    /// The members that callers write, in normal form.
    pub form: Value,
    /// Links, tags, index columns and the other rows.
    pub rows: Rows<K::Index>,
}

impl<K: Kind> PreparedDocument<K> {
    /// Works out what follows from a document.
    pub fn new(contract: &Contract, document: K::Document) -> Result<Self> {
        let value = serde_json::to_value(&document).map_err(Error::internal)?;
        let references = contract.walk.references(&value);
        Ok(Self {
            rows: derive_rows::<K>(&references, &document),
            form: contract.writable_form(&value),
            references,
            document,
        })
    }

    /// The offices that get sight of the record by this document.
    pub fn sight(&self) -> BTreeSet<&str> {
        sight_of(K::SIGHT, &self.references)
    }

    /// The offices that the document names, as often as it names them.
    pub fn offices(&self) -> impl Iterator<Item = String> {
        self.references
            .iter()
            .filter(|reference| reference.prefix == "off")
            .map(|reference| reference.target.clone())
    }
}
