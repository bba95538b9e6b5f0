//! Documents evolve: a document that was stored before a release changed its kind is brought into today's format
//! wherever it leaves or is worked with. What is stored stays as it was written, until the record is written again.
//!
//! Every kind has a format number, [`Shape::FORMAT`](crate::documents::kind::Shape::FORMAT): one more than the number of
//! its upgrade steps. Each stored document carries the number that it was written with. A change of the members of a
//! kind appends one [`UpgradeStep`] and never changes an earlier one:
//!
//! | change | step |
//! |---|---|
//! | an optional member is added | without a function: members that are missing are completed with null, `{}` or `[]` |
//! | a plain member that may not be null is added | a function that adds it with its default, wherever it is missing |
//! | a member is renamed or moved; a code is renamed | a function that moves it |
//!
//! What must stay true of a step:
//! - It is pure, and the same on every document, whole or with holes: a step has no findings.
//! - It adds, renames and moves. It never changes or drops what a person wrote.
//! - It never touches a member that enters the digest of an MOU: endorsements are bound to those.
//! - A Rust type that refuses what an older release stored needs a step that moves the value; otherwise the record can
//!   be read, but not written.
//!
//! Digests of revisions and the audit seal are of the stored bytes ([`StoredDocument::stored_text`]), never of an
//! upgraded document.

use crate::db::StoredDocument;
use crate::documents::contract::Contract;
use crate::documents::format::UpgradeStep;
use crate::documents::kind::Kind;
use crate::error::{Error, Result};
use crate::schema::walk::SchemaWalk;
use serde_json::Value;

/// A document of the format `from` in the format after all `steps`: those that it has not gone through, then every
/// member that is missing. Formats start at 1; 0 is older than formats were counted and goes through all steps.
pub fn upgrade(walk: &SchemaWalk, steps: &[UpgradeStep], document: Value, from: i64) -> Value {
    let mut document = document;
    take_steps(steps, &mut document, from);
    walk.complete(&document)
}

/// Takes those of the steps that a document of the format `from` has not gone through, and completes nothing.
pub fn take_steps(steps: &[UpgradeStep], document: &mut Value, from: i64) {
    for (step, leads_to) in steps.iter().zip(2_i64..) {
        if let Some(change) = step.change.filter(|_| from < leads_to) {
            change(document);
        }
    }
}

impl Contract {
    /// Was it written in today's format (or by a newer release)? Then its text goes out as it stands.
    pub fn is_current(&self, document: &StoredDocument) -> bool {
        document.format() >= self.format
    }

    /// The document in today's format.
    pub fn current_value(&self, document: &StoredDocument) -> Result<Value> {
        let value: Value = serde_json::from_str(document.stored_text()).map_err(Error::internal)?;
        Ok(if self.is_current(document) {
            value
        } else {
            upgrade(&self.walk, self.upgrades, value, document.format())
        })
    }

    /// The same as text: the stored bytes where the format is today's.
    pub fn current_text(&self, document: StoredDocument) -> Result<String> {
        if self.is_current(&document) {
            return Ok(document.into_stored_text());
        }
        serde_json::to_string(&self.current_value(&document)?).map_err(Error::internal)
    }

    /// The same as the type of its kind.
    ///
    /// # Errors
    /// Internal: the type refuses what an older release stored, and no step moves it.
    pub fn current_document<K: Kind>(&self, document: &StoredDocument) -> Result<K::Document> {
        if self.is_current(document) {
            return serde_json::from_str(document.stored_text()).map_err(Error::internal);
        }
        serde_json::from_value(self.current_value(document)?).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests;
