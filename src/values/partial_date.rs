//! Dates as they are known: a year, a month or a day.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A date of the civil calendar with the precision that its source has: `2009`, `2022-04` or `2022-04-16`
/// (ISO 8601, level 0 of the Extended Date/Time Format). Years 1000 to 9999.
///
/// Kept as written and never completed by guess; the first and last day that it can mean are derived.
/// Sorts by the first day, then by the last (so a day before its month, a month before its year).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    // The order of the members is the order of the values.
    first: NaiveDate,
    last: NaiveDate,
    text: String,
}

/// How much of a [`PartialDate`] is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The full date.
    Day,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. The error is a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong_form =
            || format!("`{text}` is no date; write a year, month or day such as 2022, 2022-04 or 2022-04-16");
        let no_such_day = || format!("`{text}` names a day or month that does not exist");
        let mut parts = text.split('-');
        let year = parts
            .next()
            .and_then(|part| read_digits(part, 4))
            .ok_or_else(wrong_form)?;
        let month = match parts.next() {
            Some(part) => Some(read_digits(part, 2).ok_or_else(wrong_form)?),
            None => None,
        };
        let day = match parts.next() {
            Some(part) => Some(read_digits(part, 2).ok_or_else(wrong_form)?),
            None => None,
        };
        if parts.next().is_some() {
            return Err(wrong_form());
        }
        if year < 1000 {
            return Err(format!("`{text}` lies before the year 1000"));
        }
        let year = i32::try_from(year).map_err(|_| wrong_form())?;
        let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or_else(no_such_day)?;
        let last = match (month, day) {
            (_, Some(_)) => Some(first),
            (Some(_), None) => last_before(first, 1),
            (None, None) => last_before(first, 12),
        };
        Ok(Self {
            first,
            last: last.ok_or_else(no_such_day)?,
            text: text.to_owned(),
        })
    }

    /// The earliest day that it can mean.
    pub fn first_day(&self) -> NaiveDate {
        self.first
    }

    /// The latest day that it can mean.
    pub fn last_day(&self) -> NaiveDate {
        self.last
    }

    /// How much of it is known.
    pub fn precision(&self) -> Precision {
        match self.text.len() {
            0..=4 => Precision::Year,
            5..=7 => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The day before the one that lies `months` after `first`.
fn last_before(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    first
        .checked_add_months(Months::new(months))?
        .checked_sub_days(Days::new(1))
}

/// Exactly `length` ASCII digits as a number.
fn read_digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl From<NaiveDate> for PartialDate {
    /// A full day. Years outside 1000 to 9999 do not come from a clock or a checked document.
    fn from(day: NaiveDate) -> Self {
        Self {
            first: day,
            last: day,
            text: day.format("%Y-%m-%d").to_string(),
        }
    }
}

impl FromStr for PartialDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.text
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl PartialSchema for PartialDate {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("partial-date".to_owned())))
            .pattern(Some("^[1-9][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?$"))
            .description(Some(
                "A year, month or day, as precise as it is known: `2009`, `2022-04` or `2022-04-16`. \
                 Never completed by guess.",
            ))
            .examples(["2022-04-16"])
            .into()
    }
}

impl ToSchema for PartialDate {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    /// First and last day as text.
    fn days(text: &str) -> (String, String) {
        let date = PartialDate::parse(text).unwrap();
        (date.first_day().to_string(), date.last_day().to_string())
    }

    #[test]
    fn a_date_spans_the_days_that_it_can_mean() {
        let span = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(days("2009"), span("2009-01-01", "2009-12-31"));
        assert_eq!(days("2024-02"), span("2024-02-01", "2024-02-29"));
        assert_eq!(days("2022-04-16"), span("2022-04-16", "2022-04-16"));
        assert_eq!(days("9999-12"), span("9999-12-01", "9999-12-31"));
    }

    #[test]
    fn dates_that_do_not_exist_or_have_another_form_are_refused() {
        for text in [
            "",
            "22",
            "0999",
            "20090",
            "2023-13",
            "2023-00",
            "2023-02-29",
            "2023-2",
            "2023-02-1",
            "2023-02-",
            "2023-",
            "-2023",
            "+2023",
            "2023/02",
            "2023-02-01-01",
            "2023-02-01T00:00:00Z",
            "２０２３",
        ] {
            assert!(PartialDate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sorts_by_first_day_then_by_precision() {
        let mut dates: Vec<PartialDate> = ["2023", "2022-12-31", "2023-01", "2023-01-01", "2023-02"]
            .map(|text| text.parse().unwrap())
            .into();
        dates.sort();
        let sorted: Vec<&str> = dates.iter().map(PartialDate::as_str).collect();
        assert_eq!(sorted, ["2022-12-31", "2023-01-01", "2023-01", "2023", "2023-02"]);
    }

    #[test]
    fn is_a_string_on_the_wire() {
        let date: PartialDate = serde_json::from_str("\"2022-04\"").unwrap();
        assert_eq!(date.precision(), Precision::Month);
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"2022-04\"");
        assert!(serde_json::from_str::<PartialDate>("\"2022-40\"").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,12}|[0-9]{4}(-[0-9]{1,2}){0,3}") {
            if let Ok(date) = PartialDate::parse(&text) {
                prop_assert_eq!(date.as_str(), text);
                prop_assert!(date.first_day() <= date.last_day());
            }
        }

        #[test]
        fn full_days_survive(days in 0_i32..3_000_000) {
            let Some(day) = NaiveDate::from_ymd_opt(1000, 1, 1).and_then(|day| day.checked_add_days(Days::new(days.unsigned_abs().into()))) else {
                return Ok(());
            };
            prop_assert_eq!(PartialDate::parse(&day.to_string()).unwrap(), PartialDate::from(day));
        }
    }
}
