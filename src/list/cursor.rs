//! Cursors: opaque to clients, bound to everything that decides what the next page is.
//!
//! A cursor says where a page ended and holds a fingerprint of the sort, the filters and the language; with other
//! parameters it is refused. It carries no authority: what is visible is decided on each request.

use crate::auth::access::rules;
use crate::error::{Code, Error, Result};
use crate::texts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const FORMAT: u8 = 1;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Format of the cursor.
    #[serde(rename = "v")]
    format: u8,
    /// Fingerprint of the parameters.
    #[serde(rename = "f")]
    fingerprint: String,
    /// Value of the sort key of the last row.
    #[serde(rename = "k")]
    pub key: String,
    /// Id of the last row.
    #[serde(rename = "i")]
    pub id: String,
    /// The page before this row is wanted, not the one after.
    #[serde(rename = "b")]
    pub backwards: bool,
}

impl Position {
    /// A position beside this row.
    pub fn new(fingerprint: &str, key: &str, id: &str, backwards: bool) -> Self {
        Self {
            format: FORMAT,
            fingerprint: fingerprint.to_owned(),
            key: key.to_owned(),
            id: id.to_owned(),
            backwards,
        }
    }

    /// As it is given to clients.
    pub fn encode(&self) -> Result<String> {
        let bytes = serde_json::to_vec(self).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a cursor that was made for the same parameters.
    pub fn decode(text: &str, fingerprint: &str) -> Result<Self> {
        let position: Self = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .filter(|position: &Self| position.format == FORMAT && !position.key.contains('\0'))
            .ok_or_else(|| Error::new(Code::InvalidCursor, texts::requests::cursor_damaged()))?;
        if rules::may_continue(position.fingerprint == fingerprint) {
            Ok(position)
        } else {
            Err(Error::new(Code::InvalidCursor, texts::requests::cursor_of_other_list()))
        }
    }
}

/// A short fingerprint of what a cursor is bound to.
pub fn fingerprint(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(
        Sha256::digest(text.as_bytes())
            .iter()
            .take(9)
            .copied()
            .collect::<Vec<_>>(),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cursors_survive_and_are_bound(key in "\\PC{0,40}", id in "[a-z_0-9]{1,30}", backwards: bool) {
            let position = Position::new("fp", &key, &id, backwards);
            let text = position.encode().unwrap();
            prop_assert_eq!(Position::decode(&text, "fp").unwrap(), position);
            prop_assert_eq!(Position::decode(&text, "other").unwrap_err().code(), Code::InvalidCursor);
        }

        #[test]
        fn nothing_sent_as_a_cursor_panics(text in "\\PC{0,200}") {
            let _ignored = Position::decode(&text, "fp");
        }
    }
}
