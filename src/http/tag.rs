//! Entity tags (RFC 9110 §8.8), in one grammar: `"v{version}[~{history}][-{variant}]"`, and a hash alone where no version
//! is behind the answer (lists).
//!
//! - *version* is that of the record.
//! - *history* tells the versions of a registry that was restored from those that were given out before; absent until the
//!   first restore.
//! - *variant* is there where the bytes are not those of the plain document: a hash over them (the format that an older
//!   document was brought into, a language, what is withheld from the caller, what is embedded), and `gzip` where the
//!   content was coded on its way.
//!
//! `If-Match` compares version and history and ignores the variant and `W/`: what is protected is the record, whatever
//! form of it the caller has seen. This is a deviation from RFC 9110 §13.1.1 on purpose. `If-None-Match` compares all.

use crate::error::{Code, Error, Result};
use crate::texts;
use sha2::{Digest, Sha256};

/// The history of this registry; none while it was never restored.
const HISTORY: Option<&str> = None;

/// A version that no record has: what a tag of another history stands for.
const NO_VERSION: i64 = 0;

/// What `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// `*`: whatever version is there.
    Any,
    /// Exactly this version.
    Version(i64),
}

/// The tag of a record, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RecordTag<'a> {
    version: i64,
    history: Option<&'a str>,
    variant: Option<&'a str>,
}

impl<'a> RecordTag<'a> {
    /// Reads a tag in its quotes, weak or strong.
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let quoted = text.strip_prefix("W/").unwrap_or(text);
        let inner = quoted.strip_prefix("\"v")?.strip_suffix('"')?;
        let (rest, variant) = match inner.split_once('-') {
            Some((rest, variant)) => (rest, Some(variant)),
            None => (inner, None),
        };
        let (version, history) = match rest.split_once('~') {
            Some((version, history)) => (version, Some(history)),
            None => (rest, None),
        };
        let is_word = |word: &str| !word.is_empty() && !word.contains(['"', ',', '~', ' ']);
        let is_number = version.bytes().all(|byte| byte.is_ascii_digit());
        let version = version.parse().ok().filter(|version| is_number && *version > 0)?;
        let found = Self {
            version,
            history,
            variant,
        };
        history.into_iter().chain(variant).all(is_word).then_some(found)
    }
}

/// The tag of a plain document.
pub fn version_tag(version: i64) -> String {
    let history = HISTORY.map(|history| format!("~{history}")).unwrap_or_default();
    format!("\"v{version}{history}\"")
}

/// The tag of a document that is not the plain one, or of an answer without a version.
pub fn body_tag(version: Option<i64>, body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    let hash: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    match version {
        Some(version) => with_suffix(&version_tag(version), &format!("-{hash}")),
        None => format!("\"{hash}\""),
    }
}

/// The tag of the same answer with its content coded: other bytes, so another strong tag (RFC 9110 §8.8.3.3).
pub fn coded_tag(tag: &str, coding: &str) -> String {
    with_suffix(tag, &format!("-{coding}"))
}

fn with_suffix(tag: &str, suffix: &str) -> String {
    match tag.strip_suffix('"') {
        Some(open) => format!("{open}{suffix}\""),
        None => tag.to_owned(),
    }
}

/// Reads `If-Match`: version and history count, see the module.
pub fn read_if_match(header: Option<&str>) -> Result<Precondition> {
    let Some(text) = header else {
        return Err(Error::new(
            Code::PreconditionRequired,
            texts::requests::if_match_needed(),
        ));
    };
    if text.trim() == "*" {
        return Ok(Precondition::Any);
    }
    let tag =
        RecordTag::parse(text).ok_or_else(|| Error::new(Code::InvalidHeader, texts::requests::if_match_form()))?;
    Ok(Precondition::Version(if tag.history == HISTORY {
        tag.version
    } else {
        NO_VERSION
    }))
}

/// Does `If-None-Match` name this tag, or the one that the same answer has with its content coded, where the caller takes
/// it so? Compared weakly (RFC 9110 §13.1.2), but in full: another variant is another answer. The tag that it names, which
/// is the one to confirm.
pub fn find_unmodified(if_none_match: Option<&str>, tag: &str, coding: Option<&str>) -> Option<String> {
    let header = if_none_match?;
    if header.trim() == "*" {
        return Some(tag.to_owned());
    }
    let names = |wanted: &str| {
        header
            .split(',')
            .any(|candidate| candidate.trim().trim_start_matches("W/") == wanted.trim_start_matches("W/"))
    };
    if let Some(coded) = coding.map(|coding| coded_tag(tag, coding))
        && names(&coded)
    {
        return Some(coded);
    }
    names(tag).then(|| tag.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn if_match_reads_version_and_history() {
        for text in [
            "\"v12\"",
            "W/\"v12\"",
            " \"v12-0a1b\" ",
            "\"v12-0a1b-gzip\"",
            "\"v12-gzip\"",
        ] {
            assert_eq!(read_if_match(Some(text)).unwrap(), Precondition::Version(12), "{text}");
        }
        assert_eq!(read_if_match(Some("*")).unwrap(), Precondition::Any);
        // Of another history: no version of this one.
        for text in ["\"v12~a\"", "\"v12~a-0a1b\""] {
            assert_eq!(
                read_if_match(Some(text)).unwrap(),
                Precondition::Version(NO_VERSION),
                "{text}"
            );
        }
        for text in [
            "v12",
            "\"12\"",
            "\"v\"",
            "\"v-1\"",
            "\"v0\"",
            "\"v+1\"",
            "\"v1~\"",
            "\"v1-\"",
            "\"v1~-a\"",
            "\"v1~a~b\"",
            "",
            "\"v1\", \"v2\"",
            "\"v1-a\", \"v2-b\"",
        ] {
            assert_eq!(
                read_if_match(Some(text)).unwrap_err().code(),
                Code::InvalidHeader,
                "{text}"
            );
        }
        assert_eq!(read_if_match(None).unwrap_err().code(), Code::PreconditionRequired);
    }

    #[test]
    fn tags_are_read_as_they_are_made() {
        let parts = |tag: &str| {
            let tag = RecordTag::parse(tag).unwrap();
            (
                tag.version,
                tag.history.map(str::to_owned),
                tag.variant.map(str::to_owned),
            )
        };
        assert_eq!(parts(&version_tag(3)), (3, None, None));
        let (version, history, variant) = parts(&body_tag(Some(3), "{}"));
        assert_eq!(
            (version, history, variant.as_deref().map(str::len)),
            (3, None, Some(24))
        );
        assert_eq!(
            parts(&coded_tag(&version_tag(3), "gzip")),
            (3, None, Some("gzip".to_owned()))
        );
        assert_eq!(parts("\"v3~h-x\""), (3, Some("h".to_owned()), Some("x".to_owned())));
        assert!(coded_tag(&body_tag(None, "{}"), "deflate").ends_with("-deflate\""));
    }

    #[test]
    fn if_none_match_compares_all() {
        let unmodified = |header, coding| find_unmodified(Some(header), "\"v3\"", coding);
        let gzip = Some("gzip");
        assert_eq!(unmodified("\"a\", W/\"v3\"", None).as_deref(), Some("\"v3\""));
        assert_eq!(unmodified("*", gzip).as_deref(), Some("\"v3\""));
        assert_eq!(unmodified("\"v3-gzip\"", gzip).as_deref(), Some("\"v3-gzip\""));
        assert_eq!(unmodified("\"v3\"", gzip).as_deref(), Some("\"v3\""));
        for (header, coding) in [
            ("\"v3-gzip\"", None),
            ("\"v3-gzip\"", Some("deflate")),
            ("\"v2\"", gzip),
            ("\"v3-0a\"", gzip),
            ("\"v3~h\"", gzip),
        ] {
            assert_eq!(unmodified(header, coding), None, "{header}");
        }
        assert_eq!(find_unmodified(None, "\"v3\"", Some("gzip")), None);
    }
}
