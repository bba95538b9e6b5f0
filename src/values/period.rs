//! Spans of time whose ends may be imprecise, unknown or absent.

use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, PartialDate};

/// A span of time, both ends included. An end that is not stated is null:
/// `open: true` says that there is none, `open: false` with `to: null` that it is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// When it begins; null = not stated.
    pub from: Option<PartialDate>,
    /// When it ends; null = not stated, or never where `open` is true.
    pub to: Option<PartialDate>,
    /// True where it is known to have no end; then `to` must be null.
    #[serde(default)]
    pub open: bool,
}

impl Period {
    /// What is wrong between its members: an end before its beginning, an end of something that has none.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let (Some(from), Some(to)) = (&self.from, &self.to)
            && from.first_day() > to.last_day()
        {
            findings.push(
                Finding::at(
                    "/to",
                    FindingCode::PeriodReversed,
                    texts::values::period_reversed(to, from),
                )
                .with_param("from", from.as_str())
                .with_param("to", to.as_str()),
            );
        }
        if self.open && self.to.is_some() {
            findings.push(Finding::at(
                "/to",
                FindingCode::PeriodOpenWithEnd,
                texts::values::open_period_has_no_end(),
            ));
        }
        findings
    }

    /// The earliest day on which it can begin; null when the beginning is not stated.
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.from.as_ref().map(PartialDate::first_day)
    }

    /// The latest day on which it can end; null when it has no end or the end is not stated.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.to.as_ref().map(PartialDate::last_day)
    }

    /// Whether the day lies in it: `None` when that cannot be decided from what is stated
    /// (a bound is not stated, or its precision leaves the day on either side).
    pub fn covers(&self, day: NaiveDate) -> Option<bool> {
        let begun = match &self.from {
            Some(from) if day < from.first_day() => return Some(false),
            Some(from) => day >= from.last_day(),
            None => false,
        };
        let lasting = match &self.to {
            Some(to) if day > to.last_day() => return Some(false),
            Some(to) => day <= to.first_day(),
            None => self.open,
        };
        (begun && lasting).then_some(true)
    }

    /// Whether the day can lie in it: everything but a certain no.
    pub fn possibly_covers(&self, day: NaiveDate) -> bool {
        self.covers(day) != Some(false)
    }

    /// Whether it can share a day with the span from `from` to `to`, both included. Bounds not stated exclude nothing.
    pub fn possibly_overlaps(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.first_day().is_none_or(|first| first <= to) && self.last_day().is_none_or(|last| last >= from)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    /// A period from texts; an empty one is null.
    fn period(from: &str, to: &str, open: bool) -> Period {
        Period {
            from: PartialDate::parse(from).ok(),
            to: PartialDate::parse(to).ok(),
            open,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_end_may_not_lie_before_the_beginning() {
        assert!(period("2023", "2023", false).check().is_empty());
        assert!(period("2023-05", "2023", false).check().is_empty());
        let findings = period("2023-05-25", "2023-04", false).check();
        assert_eq!(findings.first().unwrap().code, "period-reversed");
        assert_eq!(findings.first().unwrap().pointer.as_deref(), Some("/to"));
        let findings = period("2023", "2024", true).check();
        assert_eq!(findings.first().unwrap().code, "period-open-with-end");
        assert!(period("2023", "", true).check().is_empty());
    }

    #[test]
    fn what_is_not_stated_is_not_decided() {
        let plan = period("2023", "2026", false);
        assert_eq!(plan.covers(day("2022-12-31")), Some(false));
        assert_eq!(plan.covers(day("2023-06-01")), None);
        assert_eq!(plan.covers(day("2024-06-01")), Some(true));
        assert_eq!(plan.covers(day("2026-06-01")), None);
        assert!(plan.possibly_covers(day("2026-06-01")));
        assert_eq!(plan.covers(day("2027-01-01")), Some(false));

        let unknown_end = period("2021-01-27", "", false);
        assert_eq!(unknown_end.covers(day("2021-01-26")), Some(false));
        assert_eq!(unknown_end.covers(day("2021-01-27")), None);
        let endless = period("2021-01-27", "", true);
        assert_eq!(endless.covers(day("2021-01-27")), Some(true));
        assert_eq!(period("", "2020", false).covers(day("2021-01-01")), Some(false));
        assert_eq!(Period::default().covers(day("2021-01-01")), None);
    }

    proptest! {
        #[test]
        fn a_covered_day_overlaps(from in 2000_i32..2010, to in 2000_i32..2010, on in 2000_i32..2010, open: bool) {
            let span = period(&from.to_string(), &if open { String::new() } else { to.to_string() }, open);
            let on = day(&format!("{on}-07-01"));
            prop_assert_eq!(span.possibly_covers(on), span.possibly_overlaps(on, on));
        }
    }
}
