//! Index columns that several kinds have: texts and days in the form in which lists filter and sort by them.

use crate::values::lang_map::LangMap;
use crate::values::text::sort_key;
use crate::values::{PartialDate, Period};

/// The sort key of a set of languages: the text in the original language, or any, folded.
pub fn text_key(texts: &LangMap, original_language: Option<&str>) -> String {
    sort_key(texts.get_for(None, original_language).map_or("", |(_, text)| text))
}

/// A flag, as index columns hold it.
pub fn flag(value: bool) -> String {
    value.to_string()
}

/// A date of any precision: its days, and a key for each direction in which a missing date comes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateColumns {
    /// First day, after all days where missing.
    pub ascending: String,
    /// First day, before all days where missing.
    pub descending: String,
    /// First day that it can mean.
    pub first: Option<String>,
    /// Last day that it can mean.
    pub last: Option<String>,
}

impl DateColumns {
    /// The columns of a date.
    pub fn of(date: Option<&PartialDate>) -> Self {
        let first = date.map(|date| date.first_day().to_string());
        Self {
            ascending: first.clone().unwrap_or_else(|| "9999-99-99".to_owned()),
            descending: first.clone().unwrap_or_else(|| "0000-00-00".to_owned()),
            first,
            last: date.map(|date| date.last_day().to_string()),
        }
    }
}

/// The days that the ends of a period can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodColumns {
    /// `true` when it has no end.
    pub open: String,
    /// First day on which it may have begun.
    pub from_first: Option<String>,
    /// Last day on which it may have begun.
    pub from_last: Option<String>,
    /// First day on which it may end.
    pub to_first: Option<String>,
    /// Last day on which it may end.
    pub to_last: Option<String>,
}

impl PeriodColumns {
    /// The columns of a period.
    pub fn of(period: Option<&Period>) -> Self {
        let from = DateColumns::of(period.and_then(|period| period.from.as_ref()));
        let to = DateColumns::of(period.and_then(|period| period.to.as_ref()));
        Self {
            open: flag(period.is_some_and(|period| period.open)),
            from_first: from.first,
            from_last: from.last,
            to_first: to.first,
            to_last: to.last,
        }
    }
}

/// Days that a list is asked for, both included; a bound that is not given excludes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// From this day.
    pub from: Option<String>,
    /// To this day.
    pub to: Option<String>,
}

impl Span {
    /// One day.
    pub fn day(day: &str) -> Self {
        Self {
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
        }
    }

    /// From this day on.
    pub fn from(day: &str) -> Self {
        Self {
            from: Some(day.to_owned()),
            to: None,
        }
    }

    /// Up to this day.
    pub fn to(day: &str) -> Self {
        Self {
            from: None,
            to: Some(day.to_owned()),
        }
    }

    /// One calendar year, given with four digits.
    pub fn year(year: &str) -> Self {
        Self {
            from: Some(format!("{year}-01-01")),
            to: Some(format!("{year}-12-31")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn missing_dates_sort_last_in_both_directions() {
        let known = DateColumns::of(Some(&PartialDate::parse("2022-04").unwrap()));
        assert_eq!(known.first.as_deref(), Some("2022-04-01"));
        assert_eq!(known.last.as_deref(), Some("2022-04-30"));
        let missing = DateColumns::of(None);
        assert!(missing.ascending > known.ascending);
        assert!(missing.descending < known.descending);
    }

    #[test]
    fn a_period_without_an_end_is_told_from_one_whose_end_is_unknown() {
        let period = |open| Period {
            from: PartialDate::parse("2009").ok(),
            to: None,
            open,
        };
        assert_eq!(PeriodColumns::of(Some(&period(true))).open, "true");
        assert_eq!(PeriodColumns::of(Some(&period(false))).open, "false");
        assert_eq!(
            PeriodColumns::of(Some(&period(false))).from_last.as_deref(),
            Some("2009-12-31")
        );
        assert_eq!(PeriodColumns::of(None).from_first, None);
    }
}
