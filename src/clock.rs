//! The one place that reads the clock. Everything else is given the time, so that rules stay pure.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};

/// The instant now, UTC, cut to microseconds: what both databases keep without loss.
#[expect(clippy::disallowed_methods, reason = "this is the place that may")]
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
}

/// An instant as it is stored and answered: RFC 3339, `Z`, always six digits, so that text order is time order.
pub fn format_instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads an instant that [`format_instant`] wrote.
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|instant| instant.with_timezone(&Utc))
}

/// The latest civil date that is "today" somewhere (UTC+14): a date after it is in the future for everybody.
pub fn latest_today() -> NaiveDate {
    (now() + chrono::TimeDelta::hours(14)).date_naive()
}

/// The day `days` before the UTC date of `instant`.
pub fn days_before(instant: DateTime<Utc>, days: u64) -> NaiveDate {
    let date = instant.date_naive();
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}
