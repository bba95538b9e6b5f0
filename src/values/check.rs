//! Rules between the members of one value, by the name of its schema component.
//!
//! The schema checks each member alone; these rules look at several. The kernel applies them wherever
//! the component occurs in a document, with the pointers put behind that place.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Count, Finding, Period, Place};

/// The rule of one component: everything wrong with a value that the schema has accepted,
/// with pointers relative to it (`""` is the value itself).
pub type ValueCheck = fn(&Value) -> Vec<Finding>;

/// Every component that has such a rule.
pub const VALUE_CHECKS: &[(&str, ValueCheck)] = &[
    ("Count", |value| checked(value, Count::check)),
    ("Period", |value| checked(value, Period::check)),
    ("Place", |value| checked(value, Place::check)),
];

/// Applies a rule to the typed value. What does not deserialise the schema has refused already.
fn checked<T: DeserializeOwned>(value: &Value, check: fn(&T) -> Vec<Finding>) -> Vec<Finding> {
    T::deserialize(value).map_or_else(|_| Vec::new(), |typed| check(&typed))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use serde_json::json;
    use utoipa::ToSchema;

    use super::*;

    #[test]
    fn rules_are_found_by_the_name_of_their_component() {
        let names = [Count::name(), Period::name(), Place::name()];
        assert!(VALUE_CHECKS.iter().map(|(name, _)| *name).eq(names));
        let wrong = [
            json!({"value": null, "qualifier": "exact"}),
            json!({"from": "2024", "to": "2023", "open": false}),
            json!({"country": "MN", "subdivision": "KR-11"}),
        ];
        for ((name, check), value) in VALUE_CHECKS.iter().zip(wrong) {
            let findings = check(&value);
            let pointer = findings.first().unwrap().pointer.as_deref().unwrap();
            assert!(value.pointer(pointer).is_some(), "{name}");
            assert!(check(&json!({"other": 1})).is_empty());
            assert!(check(&json!(null)).is_empty());
        }
    }
}
