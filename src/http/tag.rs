//! Entity tags (RFC 9110 §8.8): `"v12"` for a plain document, `"v12-<hash>"` where more than the document is in the
//! answer, the hash alone for lists.

use crate::error::{Code, Error, Result};
use sha2::{Digest, Sha256};

/// What `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// `*`: whatever version is there.
    Any,
    /// Exactly this version.
    Version(i64),
}

/// The tag of a plain document.
pub fn version_tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The tag of a document with computed or embedded parts.
pub fn body_tag(version: Option<i64>, body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    let hash: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    match version {
        Some(version) => format!("\"v{version}-{hash}\""),
        None => format!("\"{hash}\""),
    }
}

/// Reads `If-Match`: the version part counts, `W/` is ignored (proxies that compress add it).
pub fn read_if_match(header: Option<&str>) -> Result<Precondition> {
    let Some(text) = header else {
        return Err(Error::new(
            Code::PreconditionRequired,
            "Send If-Match with the ETag of the version that you read, or If-Match: *.",
        ));
    };
    let text = text.trim();
    if text == "*" {
        return Ok(Precondition::Any);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    tag.strip_prefix("\"v")
        .and_then(|rest| rest.strip_suffix('"'))
        .map(|inner| inner.split('-').next().unwrap_or(inner))
        .and_then(|number| number.parse().ok())
        .filter(|version| *version > 0)
        .map(Precondition::Version)
        .ok_or_else(|| {
            Error::new(
                Code::InvalidHeader,
                "If-Match must be one ETag of this record, \"v12\" for instance, or *.",
            )
        })
}

/// Does `If-None-Match` name this tag? Compared weakly, as RFC 9110 §13.1.2 says.
pub fn is_unmodified(if_none_match: Option<&str>, tag: &str) -> bool {
    let plain = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    if_none_match
        .is_some_and(|header| header.trim() == "*" || header.split(',').any(|candidate| plain(candidate) == plain(tag)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn if_match_reads_the_version_part() {
        for text in ["\"v12\"", "W/\"v12\"", " \"v12-0a1b\" "] {
            assert_eq!(read_if_match(Some(text)).unwrap(), Precondition::Version(12), "{text}");
        }
        assert_eq!(read_if_match(Some("*")).unwrap(), Precondition::Any);
        for text in ["v12", "\"12\"", "\"v\"", "\"v-1\"", "\"v0\"", "", "\"v1\", \"v2\""] {
            assert_eq!(
                read_if_match(Some(text)).unwrap_err().code(),
                Code::InvalidHeader,
                "{text}"
            );
        }
        assert_eq!(read_if_match(None).unwrap_err().code(), Code::PreconditionRequired);
    }

    #[test]
    fn if_none_match_compares_weakly() {
        assert!(is_unmodified(Some("\"a\", W/\"v3\""), "\"v3\""));
        assert!(is_unmodified(Some("*"), "\"v3\""));
        assert!(!is_unmodified(Some("\"v2\""), "\"v3\""));
        assert!(!is_unmodified(None, "\"v3\""));
    }
}
