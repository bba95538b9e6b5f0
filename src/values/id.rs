//! Ids of records (`off_…`, `pol_…`, `mou_…`, `prg_…`) and of other things (`cli_…`, `tok_…`, `req_…`),
//! and the callers' own references `ext:{system}:{key}`.
//!
//! An id is a prefix that names the kind, `_`, and a UUIDv7 (RFC 9562) in 26 characters of Crockford base32,
//! lower case. So ids sort by the time at which they were made, and one of the wrong kind is seen at a glance.

use std::fmt;

use crate::values::text::to_nfc;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Crockford's base32 alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters after the prefix and `_`: 128 bits in groups of five, the first group holding three.
const ENCODED_LENGTH: usize = 26;

/// Makes a new id, `{prefix}_{26 characters}`, from a UUIDv7 of this moment.
/// Ids made by one process after another sort in that order, also within a millisecond.
pub fn new_id(prefix: &str) -> String {
    format!("{prefix}_{}", encode(uuid::Uuid::now_v7().as_u128()))
}

/// The 26 characters of a 128-bit number, most significant first.
fn encode(number: u128) -> String {
    (0..ENCODED_LENGTH)
        .rev()
        .filter_map(|group| {
            let index = usize::try_from((number >> (group * 5)) & 31).ok()?;
            ALPHABET.get(index).map(|byte| char::from(*byte))
        })
        .collect()
}

/// The number behind the 26 characters, or `None` when they are not of this form or exceed 128 bits.
fn decode(encoded: &str) -> Option<u128> {
    if encoded.len() != ENCODED_LENGTH || !matches!(encoded.as_bytes().first(), Some(b'0'..=b'7')) {
        return None;
    }
    encoded.bytes().try_fold(0_u128, |number, byte| {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        Some((number << 5) | u128::try_from(digit).ok()?)
    })
}

/// The kind prefix of a well-formed id (`off`, `pol`, `mou`, `prg`, `cli`, …), or `None` when the text is no id.
pub fn kind_prefix(text: &str) -> Option<&str> {
    let (prefix, encoded) = text.split_once('_')?;
    let named = prefix.len() == 3 && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
    (named && decode(encoded).is_some()).then_some(prefix)
}

/// Whether the text is a well-formed id of the kind with this prefix.
pub fn is_id(prefix: &str, text: &str) -> bool {
    kind_prefix(text) == Some(prefix)
}

/// Declares the id of one kind of record: a string on the wire, a named component in the schema.
macro_rules! record_id {
    ($name:ident, $prefix:literal, $what:literal) => {
        #[doc = concat!("Id of ", $what, ": `", $prefix, "_` and 26 characters.")]
        ///
        /// Holds the text as it came: the published schema has checked it before.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The prefix that names the kind.
            pub const PREFIX: &'static str = $prefix;

            /// Makes the id of a new record.
            pub fn generate() -> Self {
                Self(new_id(Self::PREFIX))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        /// Lets a map keyed by ids be asked with a `&str`.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some(concat!(
                        "^",
                        $prefix,
                        "_[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$"
                    )))
                    .description(Some(concat!(
                        "Id of ",
                        $what,
                        ". Wherever one is accepted, so is the caller's own `ext:{system}:{key}`."
                    )))
                    .examples([concat!($prefix, "_01jdc8y5k2e9fr7x3v0m6n4q8t")])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

record_id!(OfficeId, "off", "an office");
record_id!(PolicyId, "pol", "a policy");
record_id!(MouId, "mou", "a memorandum");
record_id!(ProgramId, "prg", "a program");

/// A record named by the caller's own id: `ext:{system}:{key}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalReference {
    /// The caller's system: `^[a-z][a-z0-9_-]{0,62}$`.
    pub system: String,
    /// The record's key in it: 1 to 200 characters, no control characters, no white space at either end.
    /// It may contain `:`.
    pub key: String,
}

impl ExternalReference {
    /// A reference of these two parts; `None` when one of them does not have its form. The key is normalised (NFC), as
    /// all text is: a key typed on another machine must not be another key.
    pub fn new(system: &str, key: &str) -> Option<Self> {
        let key = to_nfc(key);
        (is_item_key(system) && is_external_key(&key)).then(|| Self {
            system: system.to_owned(),
            key,
        })
    }

    /// Reads `ext:{system}:{key}`; `None` when the text does not have this form.
    pub fn parse(text: &str) -> Option<Self> {
        let (system, key) = text.strip_prefix("ext:")?.split_once(':')?;
        Self::new(system, key)
    }
}

impl fmt::Display for ExternalReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ext:{}:{}", self.system, self.key)
    }
}

/// Whether the text may be the key of a map item or the name of a caller's system: `^[a-z][a-z0-9_-]{0,62}$`.
pub fn is_item_key(text: &str) -> bool {
    text.len() <= 63
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// Whether the text may be a record's key in a caller's system.
pub fn is_external_key(text: &str) -> bool {
    (1..=200).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn new_ids_are_well_formed_and_ascend() {
        let ids: Vec<String> = (0..1000).map(|_| new_id("off")).collect();
        assert!(ids.iter().all(|id| is_id("off", id) && id.len() == 30));
        assert!(ids.is_sorted());
        assert!(!is_id("mou", ids.first().unwrap()));
    }

    #[test]
    fn ids_agree_with_the_schema_and_its_example() {
        let schema = serde_json::to_value(OfficeId::schema()).unwrap();
        let example = schema.pointer("/examples/0").unwrap().as_str().unwrap();
        assert!(is_id("off", example));
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&serde_json::json!(OfficeId::generate())));
        let too_large = "off_8zzzzzzzzzzzzzzzzzzzzzzzzz";
        assert!(!is_id("off", too_large));
        assert!(!validator.is_valid(&serde_json::json!(too_large)));
    }

    #[test]
    fn other_text_is_no_id() {
        for text in [
            "",
            "off",
            "off_",
            "OFF_01jdc8y5k2e9fr7x3v0m6n4q8t",
            "off_01JDC8Y5K2E9FR7X3V0M6N4Q8T",
            "off_01jdc8y5k2e9fr7x3v0m6n4q8u",
            "off_01jdc8y5k2e9fr7x3v0m6n4q8",
            "office_01jdc8y5k2e9fr7x3v0m6n4q8t",
        ] {
            assert_eq!(kind_prefix(text), None, "{text}");
        }
    }

    #[test]
    fn external_references_split_at_the_second_colon() {
        let reference = ExternalReference::parse("ext:neis-2:2023:서울/1").unwrap();
        assert_eq!(reference.system, "neis-2");
        assert_eq!(reference.key, "2023:서울/1");
        assert_eq!(reference.to_string(), "ext:neis-2:2023:서울/1");
        let too_long = format!("ext:neis:{}", "x".repeat(201));
        for text in [
            "ext:neis",
            "ext:neis:",
            "ext::1",
            "ext:Neis:1",
            "ext:neis: 1",
            "ext:neis:a\u{7}b",
            too_long.as_str(),
        ] {
            assert_eq!(ExternalReference::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_survive_encoding(number: u128) {
            let encoded = encode(number);
            prop_assert_eq!(encoded.len(), ENCODED_LENGTH);
            prop_assert_eq!(decode(&encoded), Some(number));
        }

        #[test]
        fn encoding_keeps_the_order(one: u128, other: u128) {
            prop_assert_eq!(one.cmp(&other), encode(one).cmp(&encode(other)));
        }

        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = kind_prefix(&text);
            let _ = is_item_key(&text);
            if let Some(reference) = ExternalReference::parse(&format!("ext:{text}")) {
                prop_assert_eq!(reference.to_string(), to_nfc(&format!("ext:{text}")));
            }
        }
    }
}
