//! What a link must be.

use crate::auth::issuers::config::is_allowed_url;
use crate::texts;
use crate::values::{Finding, FindingCode};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The longest subject (OpenID Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;

/// A subject of an external issuer, to be linked to a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"issuer": "https://sso.example/realms/offices", "subject": "f3a1c2d4-0b5e-4a77-9c1d-2e3f4a5b6c7d"})))]
pub(super) struct IdentityLink {
    /// As tokens have it in `iss`.
    pub(super) issuer: String,
    /// As tokens have it in `sub`.
    #[schema(min_length = 1, max_length = 255)]
    pub(super) subject: String,
}

/// What the schema does not say of a link: the issuer is a URL that may be named, the subject is as tokens can have it.
pub(super) fn check_link(body: &Value) -> Vec<Finding> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let mut findings = Vec::new();
    if text("issuer").is_some_and(|issuer| !is_allowed_url(issuer)) {
        findings.push(Finding::at(
            "/issuer",
            FindingCode::WrongFormat,
            texts::accounts::issuer_url(),
        ));
    }
    if text("subject").is_some_and(|subject| subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control)) {
        findings.push(Finding::at(
            "/subject",
            FindingCode::WrongFormat,
            texts::accounts::subject_form(LONGEST_SUBJECT),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_link_names_an_issuer_and_a_subject() {
        for (issuer, subject, pointers) in [
            ("https://sso.example/a", "7", vec![]),
            ("http://sso.example", "7", vec!["/issuer"]),
            ("http://sso.example", "\n", vec!["/issuer", "/subject"]),
            ("https://a.example", &"한".repeat(86), vec!["/subject"]),
        ] {
            let findings = check_link(&json!({"issuer": issuer, "subject": subject}));
            let found: Vec<&str> = findings
                .iter()
                .filter_map(|finding| finding.pointer.as_deref())
                .collect();
            assert_eq!(found, pointers, "{issuer} {subject}");
        }
    }
}
