//! What stays hidden of small counts, and what does not.

#![expect(clippy::unwrap_used, reason = "test")]
#![expect(clippy::indexing_slicing, reason = "test: indexing JSON")]

use serde_json::{Value, json};

use crate::programs::suppress::{is_protected, keep_suppressed, suppress, suppress_counts};

/// A sensitive program with one session whose rows are (key, unit, value or null, qualifier).
fn program(rows: &[(&str, &str, Option<i64>, &str)]) -> Value {
    let participation: serde_json::Map<String, Value> = rows
        .iter()
        .map(|(key, unit, value, qualifier)| {
            let row = json!({"unit": unit, "count": {"value": value, "qualifier": qualifier}});
            ((*key).to_owned(), row)
        })
        .collect();
    json!({"sensitive": true, "target_groups": {}, "sessions": {"one": {"participation": participation}}})
}

/// Keys of the rows that are withheld from others.
fn hidden(document: &Value) -> Vec<String> {
    let shown = suppress(document);
    let rows = shown["sessions"]["one"]["participation"].as_object().unwrap();
    rows.iter()
        .filter(|(_, row)| row["count"] == json!({"value": null, "qualifier": "withheld"}))
        .map(|(key, _)| key.clone())
        .collect()
}

fn for_group(group: Value) -> Value {
    json!({"sensitive": false, "target_groups": {"group": group}, "sessions": {}})
}

#[test]
fn counts_under_five_are_withheld() {
    for (value, qualifier, small) in [
        (0, "exact", true),
        (4, "exact", true),
        (5, "exact", false),
        (4, "approx", true),
        (4, "at_least", true),
        (3, "more_than", true),
        (4, "more_than", false),
        (4, "at_most", true),
        (5, "less_than", true),
        (6, "less_than", false),
    ] {
        let found = hidden(&program(&[("a", "person", Some(value), qualifier)]));
        assert_eq!(!found.is_empty(), small, "{value} {qualifier}");
    }
    assert!(hidden(&program(&[("a", "person", None, "unknown")])).is_empty());
}

#[test]
fn a_second_count_is_withheld_where_a_total_would_reveal_the_first() {
    let rows = [
        ("a", "person", Some(2), "exact"),
        ("b", "person", Some(14), "exact"),
        ("c", "person", Some(9), "exact"),
    ];
    assert_eq!(hidden(&program(&rows)), ["a", "c"]);
}

#[test]
fn ties_for_the_second_count_go_by_key() {
    let rows = [
        ("a", "person", Some(9), "exact"),
        ("b", "person", Some(9), "exact"),
        ("c", "person", Some(1), "exact"),
    ];
    assert_eq!(hidden(&program(&rows)), ["a", "c"]);
}

#[test]
fn two_withheld_counts_protect_each_other() {
    let rows = [
        ("a", "person", Some(2), "exact"),
        ("b", "person", Some(3), "exact"),
        ("c", "person", Some(9), "exact"),
    ];
    assert_eq!(hidden(&program(&rows)), ["a", "b"]);
}

#[test]
fn an_inexact_count_makes_a_second_one_needless() {
    let rows = [
        ("a", "person", Some(2), "exact"),
        ("b", "person", None, "unknown"),
        ("c", "person", Some(9), "exact"),
    ];
    assert_eq!(hidden(&program(&rows)), ["a"]);
}

#[test]
fn units_are_looked_at_apart() {
    let rows = [("a", "person", Some(2), "exact"), ("b", "school", Some(15), "exact")];
    assert_eq!(hidden(&program(&rows)), ["a"]);
}

#[test]
fn a_count_that_its_owner_withheld_is_protected_too() {
    let rows = [("a", "person", None, "withheld"), ("b", "person", Some(30), "exact")];
    assert_eq!(hidden(&program(&rows)), ["a", "b"]);
}

#[test]
fn minors_are_protected_and_adults_are_not() {
    for (group, protected) in [
        (json!({"age_from": 12, "age_to": 18}), true),
        (json!({"age_from": 17, "age_to": 60}), true),
        (json!({"age_from": 18, "age_to": 60}), false),
        (json!({"age_from": null, "age_to": 17}), true),
        (json!({"age_from": null, "age_to": 30}), false),
        (json!({"roles": ["pupil"]}), true),
        (json!({"roles": ["child", "parent"]}), true),
        (json!({"age_from": 18, "roles": ["pupil"]}), false),
        (json!({"roles": ["student"], "school_levels": ["middle"]}), true),
        (json!({"roles": ["student"], "school_levels": ["higher"]}), false),
        (json!({"roles": ["teacher"], "school_levels": ["middle"]}), false),
        (json!({}), false),
    ] {
        assert_eq!(is_protected(&for_group(group.clone())), protected, "{group}");
    }
    assert!(is_protected(&json!({"sensitive": true})));
}

#[test]
fn an_unprotected_program_is_answered_as_it_is() {
    let mut document = program(&[("a", "person", Some(2), "exact")]);
    document["sensitive"] = json!(false);
    assert_eq!(suppress(&document), document);
    // An old revision of a record that is protected today is withheld all the same.
    assert_ne!(suppress_counts(&document), document);
}

#[test]
fn withholding_twice_changes_nothing_more() {
    let document = program(&[
        ("a", "person", Some(2), "exact"),
        ("b", "person", Some(14), "exact"),
        ("c", "person", Some(90), "exact"),
    ]);
    assert_eq!(suppress(&suppress(&document)), suppress(&document));
}

#[test]
fn anything_that_is_no_program_passes_through() {
    for document in [json!(null), json!([]), json!({"sensitive": true, "sessions": {"a": 1}})] {
        assert_eq!(suppress(&document), document);
    }
}

#[test]
fn what_was_read_may_be_sent_back() {
    let current = program(&[
        ("a", "person", Some(2), "exact"),
        ("b", "person", Some(14), "exact"),
        ("c", "person", Some(90), "exact"),
    ]);
    let mut sent = suppress(&current);
    sent["sessions"]["one"]["participation"]["c"]["count"]["value"] = json!(91);
    keep_suppressed(&mut sent, &current, &suppress(&current));
    let rows = &sent["sessions"]["one"]["participation"];
    assert_eq!(rows["a"]["count"]["value"], 2);
    assert_eq!(rows["b"]["count"]["value"], 14);
    assert_eq!(rows["c"]["count"]["value"], 91);
}

#[test]
fn a_count_that_was_shown_may_be_withheld_by_its_writer() {
    let current = program(&[("a", "person", Some(14), "exact"), ("b", "person", Some(15), "exact")]);
    let mut sent = current.clone();
    sent["sessions"]["one"]["participation"]["a"]["count"] = json!({"value": null, "qualifier": "withheld"});
    let expected = sent.clone();
    keep_suppressed(&mut sent, &current, &suppress(&current));
    assert_eq!(sent, expected);
}

#[test]
fn suppressing_is_linear_work() {
    use crate::json::growth::{NEARLY_LINEAR, growth_of_fourfold};
    // Each row of a unit of its own.
    let make = |count: usize| {
        let row =
            |number: usize| json!({"unit": format!("unit-{number}"), "count": {"value": 9, "qualifier": "exact"}});
        let rows: serde_json::Map<String, Value> =
            (0..count).map(|number| (format!("r{number}"), row(number))).collect();
        json!({"sensitive": true, "sessions": {"s": {"participation": rows}}})
    };
    let growth = growth_of_fourfold(200, make, |document| drop(suppress(document)));
    assert!(growth < NEARLY_LINEAR, "{growth}");
}
