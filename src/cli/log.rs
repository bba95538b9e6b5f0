//! The log: where it goes, and that no secret gets there whatever library writes it.
//!
//! The service itself logs no secret; but at `RUST_LOG=trace` everything that it is built on tells what it sees, and
//! callers put secrets into all the wrong places. So each line is masked on its way out: what has the form of a secret,
//! what follows the words that announce one, and passwords in URLs.

use std::borrow::Cow;
use std::io::Write;

/// What stands in place of a secret.
const MASK: &str = "***";
/// Words after which, behind `:` or `=`, a secret stands, and whether it goes on over spaces.
const ANNOUNCING: &[(&str, bool)] = &[
    ("authorization", true),
    ("password", false),
    ("passwd", false),
    ("secret", false),
    ("client_assertion", false),
    ("cookie", true),
];

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
    for find in [find_token, find_announced, find_scheme, find_url_password] {
        let mut from = 0;
        while let Some((start, end)) = masked.get(from..).and_then(find) {
            let (start, end) = (from + start, from + end);
            masked.to_mut().replace_range(start..end, MASK);
            from = start + MASK.len();
        }
    }
    masked
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// How many bytes from the start of the text are of this kind.
fn run_of(text: &str, accepts: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| accepts(*byte)).count()
}

/// A secret of this service (what follows `eda_`), or a JWT (RFC 7519: parts of base64url, the first a JSON object, which
/// begins with `eyJ`).
fn find_token(text: &str) -> Option<(usize, usize)> {
    text.match_indices("ey")
        .chain(text.match_indices("eda_"))
        .find_map(|(at, form)| {
            let rest = text.get(at..)?;
            let before = text.get(..at).and_then(|before| before.bytes().last());
            if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
                return None;
            }
            match form {
                "eda_" => {
                    let length = run_of(rest, is_token_byte);
                    // The prefix is told: it says which kind of secret was here.
                    let named = rest.get(form.len()..length)?.find('_').map_or(0, |end| end + 1);
                    let prefix = form.len() + named;
                    (length > prefix).then_some((at + prefix, at + length))
                }
                _ => {
                    let length = run_of(rest, |byte| is_token_byte(byte) || b".=".contains(&byte));
                    (rest.starts_with("eyJ") && length >= 16).then_some((at, at + length))
                }
            }
        })
}

/// What follows `authorization:`, `password=` and the like, in headers, forms, JSON and Rust's own notation.
fn find_announced(text: &str) -> Option<(usize, usize)> {
    let folded = text.to_ascii_lowercase();
    ANNOUNCING
        .iter()
        .filter_map(|(word, goes_on)| {
            folded.match_indices(word).find_map(|(at, _)| {
                let after = at + word.len();
                let rest = folded.get(after..)?;
                let between = run_of(rest, |byte| b"\"'\\:= (".contains(&byte));
                if !rest.get(..between)?.contains([':', '=']) {
                    return None;
                }
                let value = rest.get(between..)?;
                let ends = |byte: u8| b"\"'\\\r\n)&;,}".contains(&byte) || (!goes_on && byte.is_ascii_whitespace());
                let length = run_of(value, |byte| !ends(byte));
                let start = after + between;
                (length > 0 && !value.starts_with(MASK)).then_some((start, start + length))
            })
        })
        .min()
}

/// What follows `Bearer` and `Basic` (RFC 7617, RFC 6750), wherever that stands.
fn find_scheme(text: &str) -> Option<(usize, usize)> {
    let folded = text.to_ascii_lowercase();
    let schemes = ["bearer ", "basic "].into_iter();
    schemes
        .flat_map(|scheme| folded.match_indices(scheme).map(|(at, scheme)| at + scheme.len()))
        .filter_map(|start| {
            let length = run_of(text.get(start..)?, |byte| {
                is_token_byte(byte) || b"+/=.~".contains(&byte)
            });
            (length >= 8).then_some((start, start + length))
        })
        .filter(|(start, end)| {
            let is_challenge = text.get(*start..).is_some_and(|value| value.starts_with("realm="));
            let is_masked = text.get(*end..).is_some_and(|after| after.starts_with(MASK));
            !is_challenge && !is_masked
        })
        .min()
}

/// The password of `scheme://user:password@host`.
fn find_url_password(text: &str) -> Option<(usize, usize)> {
    text.match_indices("://").find_map(|(at, separator)| {
        let start = at + separator.len();
        let rest = text.get(start..)?;
        let length = run_of(rest, |byte| !byte.is_ascii_whitespace() && !b"\"'<>`".contains(&byte));
        // A password may have an @ or a slash in it: the last @ before the path of the host ends it.
        let login = rest.get(..length)?.rfind('@')?;
        let colon = rest.get(..login)?.find(':')?;
        let secret = rest.get(colon + 1..login)?;
        (!secret.is_empty() && secret != MASK).then_some((start + colon + 1, start + login))
    })
}

#[cfg(test)]
mod tests {
    use super::mask_secrets;

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
