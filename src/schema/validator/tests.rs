#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn to(name: &str) -> Value {
    json!({"$ref": format!("{COMPONENTS}{name}")})
}

fn or_null(name: &str) -> Value {
    json!({"oneOf": [to(name), {"type": "null"}]})
}

fn document() -> Value {
    json!({"openapi": "3.1.0", "components": {"schemas": {
        "OfficeId": {"type": "string", "pattern": "^off_[0-9a-z]{4}$", "examples": ["off_0001"]},
        "PartialDate": {"type": "string", "format": "partial-date", "pattern": "^[0-9]{4}"},
        "Stage": {"type": "string", "enum": ["planned", "active", "completed"]},
        "LangMap": {
            "type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 5},
            "propertyNames": {"type": "string", "format": "language"}
        },
        "Period": {
            "type": "object", "required": ["from"], "additionalProperties": false,
            "properties": {"from": or_null("PartialDate"), "to": or_null("PartialDate")}
        },
        "Session": {
            "type": "object", "required": ["label"], "additionalProperties": false,
            "properties": {"label": to("LangMap"), "planned": or_null("Period"), "stage": or_null("Stage")}
        },
        "Program": {
            "type": "object", "required": ["titles", "stage"], "additionalProperties": false,
            "properties": {
                "titles": {"allOf": [to("LangMap")], "description": "x"},
                "stage": to("Stage"),
                "count": {"type": ["integer", "null"], "format": "int64", "minimum": 0, "maximum": 10},
                "country": {"type": ["string", "null"], "format": "country"},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": true},
                "stages": {"type": "array", "items": to("Stage"), "minItems": 1},
                "main": or_null("Session"),
                "sessions": {
                    "type": "object", "additionalProperties": to("Session"), "maxProperties": 2,
                    "propertyNames": {"type": "string", "pattern": "^[a-z]+$"}
                },
                "offices": {
                    "type": "object", "additionalProperties": {"type": "boolean"}, "propertyNames": to("OfficeId")
                },
                "action": {"oneOf": [
                    {"type": "object", "required": ["action", "reason"], "properties": {
                        "action": {"type": "string", "enum": ["decline"]}, "reason": {"type": "string"}
                    }},
                    {"type": "object", "required": ["action"], "properties": {"action": {"const": "sign"}}}
                ]}
            }
        }
    }}})
}

fn program() -> Validator {
    Validator::new(&document(), "Program").unwrap()
}

/// Pointer and code of what is wrong, with members added to a valid program.
fn wrong(more: &Value) -> Vec<(String, &'static str)> {
    findings(more)
        .into_iter()
        .map(|finding| (finding.pointer.unwrap(), finding.code.as_str()))
        .collect()
}

fn findings(more: &Value) -> Vec<Finding> {
    let mut value = json!({"titles": {}, "stage": "active"});
    crate::json::patch::merge_patch(&mut value, more);
    let findings = program().findings(&value);
    assert_eq!(program().is_valid(&value), findings.is_empty());
    findings
}

fn places<const N: usize>(expected: [(&str, &'static str); N]) -> Vec<(String, &'static str)> {
    expected.map(|(pointer, code)| (pointer.to_owned(), code)).to_vec()
}

#[test]
fn accepts_what_the_schema_allows() {
    let value = json!({
        "count": 3, "country": "KR", "tags": ["a"], "stages": ["planned"],
        "main": {"label": {"ko": "가"}, "planned": {"from": "2020-02"}, "stage": "planned"},
        "sessions": {"a": {"label": {}}}, "offices": {"off_0001": true}
    });
    assert_eq!(findings(&value), []);
}

#[test]
fn points_at_the_missing_and_the_unknown_member() {
    let value = json!({"stage": null, "titel": 1, "sessions": {"a/b": {"labels": {}}, "c": {}}});
    assert_eq!(
        wrong(&value),
        places([
            ("/sessions/a~1b", "pattern"),
            ("/sessions/a~1b/label", "required"),
            ("/sessions/a~1b/labels", "unknown-member"),
            ("/sessions/c/label", "required"),
            ("/stage", "required"),
            ("/titel", "unknown-member"),
        ])
    );
    let findings = findings(&value);
    let unknown = findings
        .iter()
        .find(|finding| finding.pointer.as_deref() == Some("/titel"))
        .unwrap();
    assert_eq!(unknown.suggestion.as_deref(), Some("titles"));
    assert_eq!(unknown.allowed.len(), 10);
    let nested = findings
        .iter()
        .find(|finding| finding.code == "unknown-member")
        .unwrap();
    assert_eq!(nested.allowed, ["label", "planned", "stage"]);
}

#[test]
fn names_the_codes_and_the_nearest_of_them() {
    let found = findings(&json!({"stage": "Actve", "main": {"label": {}, "stage": "done"}, "stages": ["planed"]}));
    let found: Vec<_> = found
        .iter()
        .map(|finding| {
            (
                finding.pointer.as_deref().unwrap(),
                finding.code.as_str(),
                finding.suggestion.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("/main/stage", "unknown-code", None),
            ("/stage", "unknown-code", Some("active")),
            ("/stages/0", "unknown-code", Some("planned")),
        ]
    );
}

#[test]
fn tells_what_is_wrong_inside_of_nullable_objects() {
    let value = json!({"main": {"label": {"ko": "", "not a tag": "x", "en": "longer"}, "planned": {"from": "2020-13", "until": 1}}});
    assert_eq!(
        wrong(&value),
        places([
            ("/main/label/en", "too-long"),
            ("/main/label/ko", "empty"),
            ("/main/label/not a tag", "invalid-language"),
            ("/main/planned/from", "invalid-partial-date"),
            ("/main/planned/until", "unknown-member"),
        ])
    );
    assert_eq!(
        wrong(&json!({"main": {"label": {}, "planned": {}}})),
        places([("/main/planned/from", "required")])
    );
    assert_eq!(wrong(&json!({"main": 1})), places([("/main", "wrong-type")]));
    assert_eq!(
        wrong(&json!({"main": {"label": {}, "planned": {"from": "x"}}})),
        places([("/main/planned/from", "invalid-partial-date")])
    );
}

#[test]
fn points_at_keys() {
    let found = findings(&json!({"offices": {"off_1": 1, "off_0002": false}}));
    assert_eq!(found.len(), 2);
    assert!(
        found
            .iter()
            .all(|finding| finding.pointer.as_deref() == Some("/offices/off_1"))
    );
    let key = found.iter().find(|finding| finding.code == "pattern").unwrap();
    assert_eq!(key.params.get("key"), Some(&json!(true)));
    assert_eq!(
        key.detail.in_english(),
        "Of the key: The value must match ^off_[0-9a-z]{4}$, such as off_0001."
    );
}

#[test]
fn counts_and_measures() {
    let session = json!({"label": {}});
    let value = json!({
        "tags": ["a", "b", "c", "c"], "stages": [], "country": "XX", "count": 11,
        "sessions": {"a": session, "b": session, "c": session}
    });
    assert_eq!(
        wrong(&value),
        places([
            ("/count", "out-of-range"),
            ("/country", "invalid-country"),
            ("/sessions", "too-many"),
            ("/stages", "empty"),
            ("/tags", "duplicate-item"),
            ("/tags", "too-many"),
        ])
    );
    let too_many = findings(&value)
        .into_iter()
        .find(|finding| finding.code == "too-many")
        .unwrap();
    assert_eq!(json!(too_many.params), json!({"limit": 2, "found": 3}));
}

#[test]
fn takes_only_integers_that_can_be_stored() {
    for number in [
        json!(1.0),
        json!(1.5),
        json!(u64::MAX),
        json!(1e300),
        json!("1"),
        json!(true),
    ] {
        assert_eq!(
            wrong(&json!({"count": number})),
            places([("/count", "wrong-type")]),
            "{number}"
        );
    }
}

#[test]
fn follows_the_discriminator() {
    assert_eq!(wrong(&json!({"action": {"action": "sign"}})), []);
    assert_eq!(
        wrong(&json!({"action": {"action": "decline"}})),
        places([("/action/reason", "required")])
    );
    let unknown = findings(&json!({"action": {"action": "sing"}}));
    assert_eq!(unknown.len(), 1);
    let first = unknown.first().unwrap();
    assert_eq!(first.pointer.as_deref(), Some("/action/action"));
    assert_eq!(first.allowed, ["decline", "sign"]);
    assert_eq!(first.suggestion.as_deref(), Some("sign"));
}

#[test]
fn says_at_start_what_cannot_be_compiled() {
    assert_eq!(
        Validator::new(&document(), "Missing").unwrap_err(),
        "there is no schema component Missing"
    );
    let broken = json!({"components": {"schemas": {"A": {"type": "strange"}, "B": to("C")}}});
    assert!(Validator::new(&broken, "A").unwrap_err().contains("schema component A"));
    assert!(Validator::new(&broken, "B").unwrap_err().contains('C'));
    assert!(Validator::new(&json!({}), "A").is_err());
}

/// What the library finds in the whole value, in the words of a report.
fn found_in_the_whole(value: &Value) -> Vec<(Option<String>, &'static str)> {
    let mut schemas = document().pointer("/components/schemas").unwrap().clone();
    prepare(&mut schemas, &mut BTreeSet::new());
    let schema = json!({"$ref": format!("{COMPONENTS}Program"), "components": {"schemas": schemas}});
    let compiled = compile(&schema).unwrap();
    let mut report = report::Report::new("");
    for error in compiled.iter_errors(value) {
        report.add(&schema, &error);
    }
    let drafts = report.finish().into_iter();
    drafts
        .map(|draft| (draft.finding().pointer.clone(), draft.finding().code.as_str()))
        .collect()
}

/// Values of members that are right, nearly right and wrong, nested as the schema nests them.
fn member() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(1)),
        Just(json!(1.5)),
        Just(json!("planned")),
        Just(json!("2020")),
        Just(json!("")),
        Just(json!({})),
        Just(json!([])),
    ];
    let names = "ko|x!|a|off_0001|label|planned|stage|from|to|action|reason|B";
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::btree_map(names, inner.clone(), 0..4).prop_map(|members| json!(members)),
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

#[test]
fn the_search_ends_when_enough_was_found() {
    let value = json!({"titles": {}, "stage": "active", "tags": vec![1; 5_000], "sessions": {}});
    assert_eq!(program().findings(&value).len(), MAX_FINDINGS + 1);
    assert_eq!(program().all_findings(&value).len(), 5_000 + 2);
    // What is not wanted is passed over, wherever it stands.
    let wanted = program().findings_where(&value, |finding| finding.code == "duplicate-item");
    assert_eq!(wanted.len(), 1);
}

proptest! {
    #[test]
    fn place_by_place_is_found_what_is_wrong_in_the_whole(
        members in proptest::collection::btree_map(
            "titles|stage|count|country|tags|stages|main|sessions|offices|action|other", member(), 0..8
        )
    ) {
        let value = json!(members);
        let found: Vec<_> = program()
            .all_findings(&value)
            .into_iter()
            .map(|finding| (finding.pointer, finding.code.as_str()))
            .collect();
        let mut whole = found_in_the_whole(&value);
        whole.sort_by(|one, other| one.0.cmp(&other.0));
        let mut sorted = found.clone();
        sorted.sort_by(|one, other| one.0.cmp(&other.0));
        prop_assert_eq!(sorted, whole);
    }

    #[test]
    fn the_order_does_not_depend_on_anything(value in crate::json::arbitrary::json()) {
        let validator = program();
        let once = validator.findings(&value);
        prop_assert_eq!(&once, &validator.findings(&value));
        prop_assert_eq!(once.is_empty(), validator.is_valid(&value));
        prop_assert!(once.is_sorted_by(|left, right| left.pointer <= right.pointer));
    }
}
