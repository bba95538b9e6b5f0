//! What a link must be.

use crate::auth::issuers::config::is_allowed_url;
use crate::error::{Error, Result};
use crate::values::{Finding, FindingCode, join_pointer};
use serde_json::Value;

/// The longest subject (OpenID Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;

/// The subject to be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewIdentity {
    /// As in `iss`.
    pub(super) issuer: String,
    /// As in `sub`.
    pub(super) subject: String,
}

/// Reads the body; all that is wrong at once.
pub(super) fn read_new_identity(body: &Value) -> Result<NewIdentity> {
    let mut findings = Vec::new();
    let Some(members) = body.as_object() else {
        let finding = Finding::at(
            "",
            FindingCode::WrongType,
            "The body must be an object with `issuer` and `subject`.",
        );
        return Err(Error::with_findings(crate::error::Code::InvalidDocument, vec![finding]));
    };
    for name in members
        .keys()
        .filter(|name| !["issuer", "subject"].contains(&name.as_str()))
    {
        let detail = format!("There is no member `{name}`.");
        let finding = Finding::at(join_pointer("", name), FindingCode::UnknownMember, detail);
        findings.push(finding.with_allowed(["issuer", "subject"], name));
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let new = NewIdentity {
        issuer: text("issuer"),
        subject: text("subject"),
    };
    if !is_allowed_url(&new.issuer) {
        findings.push(Finding::at(
            "/issuer",
            FindingCode::WrongFormat,
            "Give the issuer's URL exactly as its tokens have it in `iss`, https://sso.example/realms/a for instance.",
        ));
    }
    if new.subject.is_empty() || new.subject.len() > LONGEST_SUBJECT || new.subject.chars().any(char::is_control) {
        findings.push(Finding::at(
            "/subject",
            FindingCode::WrongFormat,
            format!("Give the subject exactly as tokens have it in `sub`: 1 to {LONGEST_SUBJECT} bytes."),
        ));
    }
    Error::check(findings)?;
    Ok(new)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_link_names_an_issuer_and_a_subject() {
        let good = json!({"issuer": "https://sso.example/a", "subject": "7"});
        assert_eq!(read_new_identity(&good).unwrap().subject, "7");
        for (wrong, pointers) in [
            (json!({}), vec!["/issuer", "/subject"]),
            (
                json!({"issuer": "http://sso.example", "subject": ""}),
                vec!["/issuer", "/subject"],
            ),
            (
                json!({"issuer": "https://a.example", "subject": "x".repeat(256)}),
                vec!["/subject"],
            ),
            (
                json!({"issuer": "https://a.example", "subject": "7", "sub": 1}),
                vec!["/sub"],
            ),
            (json!([]), vec![""]),
        ] {
            let error = read_new_identity(&wrong).unwrap_err();
            let found: Vec<&str> = error
                .findings()
                .iter()
                .filter_map(|finding| finding.pointer.as_deref())
                .collect();
            assert_eq!(found, pointers, "{wrong}");
        }
    }
}
