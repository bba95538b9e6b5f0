//! The log: where it goes, and that no secret gets there whatever library writes it.
//!
//! The service itself logs no secret; but at `RUST_LOG=trace` every library logs what it sees, and
//! callers put secrets into all the wrong places. So each line is masked on its way out: what has the form of a secret,
//! what follows the words that announce one, and passwords in URLs.

use regex::Regex;
use std::borrow::Cow;
use std::io::Write;
use std::sync::LazyLock;

/// What replaces a secret; the groups are the text that announced it.
const MASKED: &str = "${before}${scheme}***${after}";

/// What comes before a secret, and the secret.
static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // A secret of this service. The prefix names the kind of secret and is kept.
        r"(?<before>\beda_[A-Za-z0-9-]+_)[A-Za-z0-9_-]+",
        // A JWT (RFC 7519): parts of base64url, the first a JSON object, which begins with `eyJ`.
        r"(?<before>^|[^A-Za-z0-9])eyJ[A-Za-z0-9_.=-]{13,}",
        // What follows the words that announce a secret, in headers, forms, JSON and Rust's own notation.
        r#"(?i)(?<before>(?:authorization|cookie)["'\\:= (]*[:=]["'\\:= (]*)[^"'\\\r\n)&;,}]+"#,
        r#"(?i)(?<before>(?:password|passwd|secret|client_assertion)["'\\:= (]*[:=]["'\\:= (]*)[^"'\\\s)&;,}]+"#,
        // What follows the names of schemes (RFC 7617, RFC 6750); secrets of this service are masked already.
        r"(?i)(?<before>\b(?:bearer|basic) eda_[a-z0-9-]+_)\*{3}|(?<scheme>\b(?:bearer|basic) )[a-z0-9_+/=.~-]{8,}",
        // The password of `scheme://user:password@host`; it may have an @ or a slash in it.
        r#"(?<before>://[^\s"'<>`:]*:)[^\s"'<>`]+(?<after>@)"#,
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Starts the log of this process, on standard error.
pub(super) fn start_log(filter: &str) {
    env_logger::Builder::new()
        .parse_filters(filter)
        .format(|buffer, record| {
            let level = record.level();
            let style = buffer.default_level_style(level);
            let (at, text) = (buffer.timestamp(), record.args().to_string());
            writeln!(buffer, "[{at} {style}{level:<5}{style:#}] {}", mask_secrets(&text))
        })
        .init();
}

/// The text without secrets.
pub(super) fn mask_secrets(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    for pattern in SECRETS.iter() {
        if let Cow::Owned(less) = pattern.replace_all(&masked, MASKED) {
            masked = Cow::Owned(less);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::{SECRETS, mask_secrets};

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(SECRETS.len(), 6);
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGkifQ.c2lnbmF0dXJlLXdpdGgtXy0x";
        for (text, masked) in [
            ("token eda_live_4fK2aB9 was", "token eda_live_*** was"),
            ("/x?t=eda_live_4fK2&u=eda_test_9", "/x?t=eda_live_***&u=eda_test_***"),
            ("\"eda_live_4fK2\"", "\"eda_live_***\""),
            ("Bearer eda_live_4fK2aB9", "Bearer eda_live_***"),
            ("eda_live_4fK2_aB9-x.", "eda_live_***."),
            (&format!("got {jwt}, refused"), "got ***, refused"),
            (&format!("token={jwt}"), "token=***"),
            ("\"authorization\": \"Digest abc def\"", "\"authorization\": \"***\""),
            (
                "Authorization: Basic dXNlcjpwYXNz\r\nHost: x",
                "Authorization: ***\r\nHost: x",
            ),
            (
                r#"b"authorization: Basic dXNlcjpwYXNz\r\nHost""#,
                r#"b"authorization: ***\r\nHost""#,
            ),
            ("Basic dXNlcjpwYXNzd29yZA== of", "Basic *** of"),
            ("postgres://eda:hunter2@db.example/x", "postgres://eda:***@db.example/x"),
            (
                "postgres://eda:p@ss/w:rd@db/x and more",
                "postgres://eda:***@db/x and more",
            ),
            ("host=db password=hunter2 user=eda", "host=db password=*** user=eda"),
            (
                "grant_type=x&client_secret=abc&scope=y",
                "grant_type=x&client_secret=***&scope=y",
            ),
            ("{\"client_secret\":\"abc\"}", "{\"client_secret\":\"***\"}"),
            ("password=a password=b", "password=*** password=***"),
        ] {
            assert_eq!(mask_secrets(text), masked, "{text}");
            assert_eq!(mask_secrets(masked), masked, "masked once is masked");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "req_01m80y1r0jexn8q9yq7bf86txn 127.0.0.1 listOffices 200 0.4ms cli_01m80y1r0jexn8q9yq7bf86txn",
            "The Authorization header does not carry a token of this service.",
            "Bearer realm=\"eduaccord\", error=\"invalid_token\"",
            "http://127.0.0.1:8080/docs/ is ready; write to a@b.example",
            "sqlite://eduaccord.db",
            "eyJ is how they begin; they, too; a monkey",
            "교육청: the password was not asked for",
        ] {
            assert_eq!(mask_secrets(text), text);
        }
    }
}
