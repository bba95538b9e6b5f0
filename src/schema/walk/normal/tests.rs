use crate::texts;
use crate::values::FindingCode;
use proptest::prelude::*;
use serde_json::json;

use super::super::fixture::{document, walk};
use super::*;
use crate::json::arbitrary;

fn pointers(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .filter_map(|finding| finding.pointer.as_deref())
        .collect()
}

#[test]
fn strips_from_the_inside_out() {
    let value = json!({
        "id": "off_1", "version": 1, "note": null, "names": {}, "mou_ids": [],
        "tags": ["b", "a", "b"],
        "place": {"city": null, "label": {}},
        "part": {"part": {"part": {"notes": []}}, "valid": {"from": null, "open": false}},
        "posts": {"empty": {"notes": [], "valid": {}}, "gone": null},
        "groups": {"a": {}, "b": {"x": {"from": null}, "y": null}},
        "free": {"kept": null}
    });
    assert_eq!(
        walk().strip(&value),
        json!({
            "id": "off_1", "version": 1, "tags": ["a", "b"],
            "part": {"valid": {"open": false}},
            "posts": {"empty": {}},
            "groups": {"a": {}, "b": {"x": {}}},
            "free": {"kept": null}
        })
    );
}

#[test]
fn sorts_plain_values_of_all_types() {
    let values = vec![
        json!("b"),
        json!(10),
        json!(2),
        json!("a"),
        json!(null),
        json!(1.5),
        json!(10),
        json!(true),
    ];
    assert_eq!(Value::Array(sorted(values)), json!([2, 10, 1.5, "a", "b", null, true]));
}

#[test]
fn applies_the_rules_where_their_component_is() {
    fn open_ended(value: &Value) -> Vec<Finding> {
        match value.get("open") {
            Some(Value::Bool(true)) => vec![Finding::at(
                "/open",
                FindingCode::PeriodOpenWithEnd,
                texts::untranslated(""),
            )],
            _ => vec![Finding::at("", FindingCode::PeriodReversed, texts::untranslated(""))],
        }
    }
    let value = json!({
        "part": {"valid": null},
        "posts": {"a/b": {"valid": {"open": true}}},
        "groups": {"g": {"h": {"open": false}}}
    });
    let findings = walk().check_values(&value, &[("Period", open_ended)]);
    assert_eq!(pointers(&findings), ["/groups/g/h", "/posts/a~1b/valid/open"]);
}

#[test]
fn names_what_a_put_would_wipe() {
    let current = json!({
        "id": "off_1", "version": 3, "names": {"ko": "가", "mn": "А"}, "note": "x", "tags": ["a"], "place": {},
        "part": {"valid": {"from": "2020", "open": true}, "notes": ["a"]},
        "posts": {"head": {"notes": ["a"], "titles": {"ko": "장"}}, "deputy": {"notes": ["b"]}}
    });
    let body = json!({
        "names": {"ko": "가"}, "tags": null,
        "part": {"valid": {"to": null}, "notes": []},
        "posts": {"head": {"titles": {}}}
    });
    assert_eq!(
        pointers(&walk().would_wipe(&current, &body, &["id", "version"])),
        ["/note", "/part/valid/from", "/part/valid/open", "/posts/head/notes"]
    );
    assert_eq!(
        pointers(&walk().would_wipe(&current, &json!({}), &["id", "version"])),
        ["/names", "/note", "/part", "/posts", "/tags"]
    );
}

#[test]
fn brings_text_into_one_form() {
    let mut value = json!({"a": ["e\u{301}", "\u{1100}\u{1161}"], "b": {"c/d": "ж".repeat(20_001)}});
    let mut findings = Vec::new();
    normalise_text(&mut value, &mut findings);
    assert_eq!(value.get("a"), Some(&json!(["é", "가"])));
    assert_eq!(pointers(&findings), ["/b/c~1d"]);
    assert!(
        findings
            .iter()
            .all(|finding| finding.params.get("found") == Some(&json!(20_001)))
    );

    // What counts is the composed text: 20,000 letters that came as 40,000 characters.
    let mut value = json!("e\u{301}".repeat(20_000));
    normalise_text(&mut value, &mut findings);
    assert_eq!(findings.len(), 1);
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own(value in document()) {
        let once = walk().strip(&value);
        prop_assert_eq!(walk().strip(&once), once);
    }

    #[test]
    fn strips_anything(value in arbitrary::json()) {
        let once = walk().strip(&value);
        prop_assert_eq!(walk().strip(&once), once);
    }

    #[test]
    fn sending_a_document_back_wipes_nothing(value in document()) {
        let walk = walk();
        prop_assert_eq!(walk.would_wipe(&value, &value, &[]), []);
        prop_assert_eq!(walk.would_wipe(&walk.strip(&value), &value, &[]), []);
    }

    #[test]
    fn a_text_that_is_normal_stays(text in "\\PC{0,20}") {
        let mut once = json!(text);
        let mut findings = Vec::new();
        normalise_text(&mut once, &mut findings);
        let mut twice = once.clone();
        normalise_text(&mut twice, &mut findings);
        prop_assert_eq!(once, twice);
        prop_assert_eq!(findings, []);
    }
}
