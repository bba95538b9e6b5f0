//! Canonical JSON (RFC 8785) and its SHA-256: what an endorsement of a memorandum binds to.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical text of a value (RFC 8785).
pub fn canonical(value: &Value) -> String {
    // Only a number without a JSON form could fail, and a `Value` holds none.
    serde_json_canonicalizer::to_string(value).unwrap_or_else(|_| value.to_string())
}

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The digest of a text as it is written into revisions and the audit log: `sha256:` and the digits.
pub fn digest_of(text: &str) -> String {
    format!("sha256:{}", sha256_hex(text.as_bytes()))
}

/// What the audit log keeps of a version: the digest of its document, and of the reason that was given, if any.
pub fn seal(digest: &str, reason: Option<&str>) -> String {
    match reason {
        None => digest.to_owned(),
        Some(reason) => digest_of(&format!("{digest}\n{reason}")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::arbitrary;
    use super::*;

    #[test]
    fn sorts_names_by_utf16_code_units() {
        // RFC 8785 §3.2.3: U+1F600 is written with surrogates, which come before U+FB33.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        assert_eq!(
            canonical(&value),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
             \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
    }

    #[test]
    fn escapes_as_ecmascript_does() {
        let value = json!([
            "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{8}\t\u{c}\r\u{7f}\u{1f}",
            [],
            {},
            null,
            true,
            -7
        ]);
        assert_eq!(
            canonical(&value),
            "[\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u{7f}\\u001f\",[],{},null,true,-7]"
        );
    }

    #[test]
    fn hashes_as_the_standard_says() {
        // FIPS 180-4 example for "abc".
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    proptest! {
        #[test]
        fn keeps_the_value(value in arbitrary::json()) {
            let text = canonical(&value);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
