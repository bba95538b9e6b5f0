//! Numbers with their certainty, and how they add up.

use crate::texts;
use crate::values::FindingCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Finding;
use super::codes::CountQualifier;

/// A number as a source states it: `{"value": 700, "qualifier": "more_than"}`.
/// Not stated is `{"value": null, "qualifier": "unknown"}`, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The number, 0 or more; null exactly where the qualifier is `unknown` or `withheld`.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub value: Option<i64>,
    /// How the number is to be read.
    pub qualifier: CountQualifier,
}

impl Count {
    /// A number known exactly.
    pub fn exact(value: i64) -> Self {
        Self {
            value: Some(value),
            qualifier: CountQualifier::Exact,
        }
    }

    /// A number that is not stated.
    pub fn unknown() -> Self {
        Self {
            value: None,
            qualifier: CountQualifier::Unknown,
        }
    }

    /// A number that is known but not shown to this reader.
    pub fn withheld() -> Self {
        Self {
            value: None,
            qualifier: CountQualifier::Withheld,
        }
    }

    /// What is wrong between its members: a value where there can be none, none where there must be one, a negative one.
    pub fn check(&self) -> Vec<Finding> {
        match (self.value, self.qualifier) {
            (Some(_), CountQualifier::Unknown | CountQualifier::Withheld) => vec![
                Finding::at(
                    "/value",
                    FindingCode::CountValueNotNull,
                    texts::values::count_has_no_value(self.qualifier),
                )
                .with_param("qualifier", self.qualifier.as_str()),
            ],
            (None, CountQualifier::Unknown | CountQualifier::Withheld) => Vec::new(),
            (None, _) => vec![
                Finding::at(
                    "/value",
                    FindingCode::CountValueMissing,
                    texts::values::count_needs_value(),
                )
                .with_param("qualifier", self.qualifier.as_str()),
            ],
            (Some(value), _) if value < 0 => {
                vec![
                    Finding::at(
                        "/value",
                        FindingCode::CountNegative,
                        texts::values::count_not_negative(),
                    )
                    .with_param("value", value),
                ]
            }
            (Some(_), _) => Vec::new(),
        }
    }

    /// Adds counts up. Answers the sum of the known parts, and how many parts were unknown and how many withheld.
    ///
    /// The sum takes the weakest qualifier of its parts: `exact` gives way to a bound, a strict bound to its
    /// loose form (`more_than` to `at_least`, `less_than` to `at_most`), bounds in two directions or any
    /// `approx` make it `approx`. No parts at all are exactly 0; when no part has a value, nor has the sum.
    pub fn sum<I: IntoIterator<Item = Self>>(parts: I) -> (Self, usize, usize) {
        let (mut unknown, mut withheld) = (0, 0);
        let mut total: Option<Self> = None;
        for part in parts {
            match (part.value, part.qualifier) {
                (None, CountQualifier::Withheld) => withheld += 1,
                (None, _) => unknown += 1,
                (Some(value), qualifier) => {
                    let before = total.unwrap_or(Self::exact(0));
                    total = Some(Self {
                        value: before.value.map(|sum| sum.saturating_add(value)),
                        qualifier: weaker(before.qualifier, qualifier),
                    });
                }
            }
        }
        let sum = match total {
            Some(total) => total,
            None if unknown > 0 => Self::unknown(),
            None if withheld > 0 => Self::withheld(),
            None => Self::exact(0),
        };
        (sum, unknown, withheld)
    }
}

/// The qualifier of a sum of two known numbers.
fn weaker(one: CountQualifier, other: CountQualifier) -> CountQualifier {
    use CountQualifier::{Approx, AtLeast, AtMost, Exact, LessThan, MoreThan};
    match (one, other) {
        _ if one == other => one,
        (Exact, bound) | (bound, Exact) => bound,
        (MoreThan, AtLeast) | (AtLeast, MoreThan) => AtLeast,
        (LessThan, AtMost) | (AtMost, LessThan) => AtMost,
        _ => Approx,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    fn count(value: i64, qualifier: CountQualifier) -> Count {
        Count {
            value: Some(value),
            qualifier,
        }
    }

    #[test]
    fn value_and_qualifier_fit_each_other() {
        assert!(Count::exact(0).check().is_empty());
        assert!(Count::unknown().check().is_empty());
        assert!(Count::withheld().check().is_empty());
        let code = |count: Count| count.check().first().unwrap().code;
        assert_eq!(code(count(3, CountQualifier::Withheld)), "count-value-not-null");
        assert_eq!(code(count(-1, CountQualifier::Exact)), "count-negative");
        let none = Count {
            value: None,
            qualifier: CountQualifier::AtLeast,
        };
        assert_eq!(code(none), "count-value-missing");
    }

    #[test]
    fn a_sum_is_as_certain_as_its_weakest_part() {
        use CountQualifier::{Approx, AtLeast, AtMost, Exact, LessThan, MoreThan};
        for (one, other, sum) in [
            (Exact, Exact, Exact),
            (Exact, MoreThan, MoreThan),
            (MoreThan, AtLeast, AtLeast),
            (LessThan, AtMost, AtMost),
            (MoreThan, LessThan, Approx),
            (AtLeast, AtMost, Approx),
            (Exact, Approx, Approx),
        ] {
            let parts = [count(1, one), count(2, other)];
            assert_eq!(Count::sum(parts), (count(3, sum), 0, 0));
        }
    }

    #[test]
    fn parts_without_a_value_are_told_apart() {
        let parts = [Count::exact(2), Count::unknown(), Count::withheld(), Count::unknown()];
        assert_eq!(Count::sum(parts), (Count::exact(2), 2, 1));
        assert_eq!(Count::sum([]), (Count::exact(0), 0, 0));
        assert_eq!(Count::sum([Count::withheld()]), (Count::withheld(), 0, 1));
        let none_known = [Count::withheld(), Count::unknown()];
        assert_eq!(Count::sum(none_known), (Count::unknown(), 1, 1));
    }

    /// Any count that passes the check.
    fn any_count() -> impl Strategy<Value = Count> {
        let index = 0..CountQualifier::ALL.len();
        (0_i64..=1_000_000_000_000, index).prop_filter_map("a value must fit", |(value, index)| {
            let qualifier = CountQualifier::ALL.get(index).copied()?;
            let valued = !matches!(qualifier, CountQualifier::Unknown | CountQualifier::Withheld);
            Some(Count {
                value: valued.then_some(value),
                qualifier,
            })
        })
    }

    proptest! {
        #[test]
        fn a_sum_does_not_depend_on_the_order(mut parts in proptest::collection::vec(any_count(), 0..12)) {
            let sum = Count::sum(parts.clone());
            prop_assert!(sum.0.check().is_empty());
            parts.reverse();
            prop_assert_eq!(Count::sum(parts), sum);
        }
    }
}
