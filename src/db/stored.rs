//! A document as it stands in the database: its text, and the format that it was written in.
//!
//! This is the only way in which documents are read. The text of an older format lacks what came later, so it must not
//! leave and must not be worked with as it is: `documents::upgrade` brings it into today's format. Only what proves that
//! the database is whole (digests, the audit seal) looks at the stored bytes.

use crate::db::schema::{records, revisions};
use diesel::{Queryable, Selectable};

/// The stored document of a record. The default is an empty text, left where a document was taken out of its row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct StoredDocument {
    #[diesel(column_name = document)]
    text: String,
    format: i64,
}

impl StoredDocument {
    /// A text that was written in this format.
    pub fn new(text: String, format: i64) -> Self {
        Self { text, format }
    }

    /// The text as it stands: for digests, for comparing stored bytes, and for a text that is known to be of today.
    pub fn stored_text(&self) -> &str {
        &self.text
    }

    /// The same, to keep.
    pub fn into_stored_text(self) -> String {
        self.text
    }

    /// The format that the text was written in, from 1; 0 is older than formats were counted.
    pub fn format(&self) -> i64 {
        self.format
    }
}

/// The stored document of one version; none for a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct StoredVersion {
    document: Option<String>,
    format: i64,
}

impl StoredVersion {
    /// The document.
    pub fn into_document(self) -> Option<StoredDocument> {
        let format = self.format;
        self.document.map(|text| StoredDocument::new(text, format))
    }

    /// The text as it stands, see [`StoredDocument::stored_text`].
    pub fn stored_text(&self) -> Option<&str> {
        self.document.as_deref()
    }
}
