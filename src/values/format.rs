//! The names that stand as `format` in the published schema, with the check behind each.
//! The JSON Schema validator is given these, so a format means the same in the document and in the service.

use crate::texts::{self, Message};
use chrono::{DateTime, NaiveDate};

use super::{PartialDate, geo, locale};

/// A format: its name, its check, and what to write, for the error.
pub type Format = (&'static str, fn(&str) -> bool, fn() -> Message);

/// Every format of the published schema that applies to text.
pub const FORMATS: &[Format] = &[
    ("partial-date", is_partial_date, texts::formats::partial_date),
    ("date", is_date, texts::formats::date),
    ("date-time", is_date_time, texts::formats::date_time),
    ("country", geo::is_country, texts::formats::country),
    ("subdivision", geo::is_subdivision_code, texts::formats::subdivision),
    ("language", locale::is_language, texts::formats::language),
    ("time-zone", locale::is_time_zone, texts::formats::time_zone),
    ("currency", locale::is_currency, texts::formats::currency),
    ("decimal", locale::is_decimal_amount, texts::formats::decimal),
    ("uri", is_web_address, texts::formats::uri),
    ("sha256", is_sha256, texts::formats::sha256),
];

/// Finds a format by its name.
pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|(known, _, _)| *known == name)
}

/// A year, month or day that exists.
pub fn is_partial_date(text: &str) -> bool {
    PartialDate::parse(text).is_ok()
}

/// A full day that exists, years 1000 to 9999.
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && is_partial_date(text) && text.parse::<NaiveDate>().is_ok()
}

/// An instant of RFC 3339 in UTC, written with `T` and `Z`, with at most microseconds (what the databases keep).
pub fn is_date_time(text: &str) -> bool {
    let fraction = text.split_once('.').map_or(1, |(_, rest)| rest.len().saturating_sub(1));
    text.ends_with('Z')
        && text.as_bytes().get(10) == Some(&b'T')
        && text.get(..10).is_some_and(is_date)
        && (1..=6).contains(&fraction)
        && DateTime::parse_from_rfc3339(text).is_ok()
}

/// An absolute `http` or `https` address with a host, at most 2,000 characters, without white space, control
/// characters, quotation marks or brackets that RFC 3986 excludes, and without user name or password.
/// Letters of other scripts are taken as they are (RFC 3987).
pub fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    text.len() <= 2_000
        && !host.is_empty()
        && !host.starts_with([':', '.'])
        && !host.contains('@')
        && !text.chars().any(|character| {
            character.is_whitespace()
                || character.is_control()
                || matches!(character, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
        })
}

/// A SHA-256 in 64 hexadecimal digits, lower case.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formats_take_what_their_hint_shows() {
        for (format, accepted, refused) in [
            ("date", "2022-04-16", "2022-04"),
            ("date", "2024-02-29", "2023-02-29"),
            ("date-time", "2022-04-16T09:30:00Z", "2022-04-16T09:30:00+09:00"),
            (
                "date-time",
                "2022-04-16T09:30:00.123456Z",
                "2022-04-16T09:30:00.1234567Z",
            ),
            ("date-time", "2022-04-16T09:30:00.5Z", "2022-04-16 09:30:00Z"),
            ("date-time", "2022-04-16T23:59:59Z", "2022-04-16T25:00:00Z"),
            ("partial-date", "2022", "22"),
            ("uri", "https://www.sen.go.kr/a?b=c#d", "ftp://www.sen.go.kr"),
            ("uri", "http://한국.kr", "https:///a"),
            ("uri", "https://[::1]:8080/", "https://user:secret@example.org/"),
            ("uri", "https://example.org", "javascript:alert(1)"),
            ("uri", "https://example.org/a", "https://example.org/a b"),
        ] {
            let (_, check, _) = format_named(format).unwrap();
            assert!(check(accepted), "{format} {accepted}");
            assert!(!check(refused), "{format} {refused}");
        }
        assert!(is_sha256(&"0f".repeat(32)) && !is_sha256(&"0F".repeat(32)) && !is_sha256("0f"));
        assert!(format_named("colour").is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_checked_without_panic(text in ".{0,40}|[0-9TZ:.-]{0,30}|https?://.{0,20}") {
            for (_, check, _) in FORMATS {
                let _ = check(&text);
            }
        }
    }
}
