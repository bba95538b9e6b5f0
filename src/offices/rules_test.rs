#![expect(clippy::unwrap_used, reason = "test")]

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::*;
use crate::documents::common::Document;

const OWN: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8t";
const OTHER: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8v";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 11, 22).unwrap()
}

/// An office with nothing wrong, and the given members in place of its own.
fn office(members: Value) -> Office {
    let mut document = json!({
        "id": OWN, "version": 1, "created_at": "2025-11-22T00:00:00.000000Z", "updated_at": "2025-11-22T00:00:00.000000Z",
        "owner_office_id": OWN, "kind": "education_office", "names": {"en": "Office"},
        "sources": {"s1": {"title": "Report"}},
    });
    let target = document.as_object_mut().unwrap();
    target.extend(members.as_object().unwrap().clone());
    serde_json::from_value(document).unwrap()
}

/// Pointers and codes of everything wrong.
fn wrong(members: Value) -> Vec<(String, &'static str)> {
    brief(Offices::check(&office(members), today()))
}

fn brief(findings: Vec<Finding>) -> Vec<(String, &'static str)> {
    findings
        .into_iter()
        .map(|finding| (finding.pointer.unwrap(), finding.code.as_str()))
        .collect()
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn a_plain_office_has_nothing_wrong_and_its_defaults() {
    let plain = office(json!({}));
    assert_eq!(Offices::check(&plain, today()), Vec::new());
    let common = plain.common();
    assert_eq!((common.id, common.owner_office_id), (OWN, OWN));
    assert_eq!(Offices::audience(&plain), Audience::Everyone);
    let again: Office = serde_json::from_value(serde_json::to_value(&plain).unwrap()).unwrap();
    assert_eq!(again, plain);
}

#[test]
fn visibility_decides_the_audience() {
    for (visibility, expected) in [
        ("public", "everyone"),
        ("partners", "partners"),
        ("private", "owner_and_units"),
    ] {
        let document = office(json!({"visibility": visibility}));
        assert_eq!(Offices::audience(&document).as_str(), expected);
    }
}

#[test]
fn names_must_say_something() {
    assert_eq!(wrong(json!({"names": {}})), one("/names", "empty"));
}

#[test]
fn an_office_does_not_refer_to_itself() {
    assert_eq!(wrong(json!({"parent_id": OWN})), one("/parent_id", "self-reference"));
    assert_eq!(
        wrong(json!({"successor_ids": [OWN]})),
        one("/successor_ids", "self-reference")
    );
    assert_eq!(
        wrong(json!({"relations": {"r": {"office_id": OWN}}})),
        one("/relations/r/office_id", "self-reference")
    );
    assert!(wrong(json!({"parent_id": OTHER, "successor_ids": [OTHER]})).is_empty());
}

#[test]
fn subdivision_belongs_to_its_country() {
    assert!(wrong(json!({"country": "KR", "subdivision": "KR-11"})).is_empty());
    assert_eq!(
        wrong(json!({"country": "MN", "subdivision": "KR-11"})),
        one("/subdivision", "subdivision-of-other-country")
    );
    assert_eq!(
        wrong(json!({"subdivision": "KR-11"})),
        one("/country", "country-missing")
    );
}

#[test]
fn coordinates_come_in_pairs() {
    assert_eq!(
        wrong(json!({"location": {"latitude": 37.5}})),
        one("/location/longitude", "required-with")
    );
    assert_eq!(
        wrong(json!({"location": {"longitude": 127}})),
        one("/location/latitude", "required-with")
    );
    assert!(wrong(json!({"location": {"latitude": 37.5, "longitude": 127}})).is_empty());
}

#[test]
fn a_contact_can_be_reached() {
    assert_eq!(
        wrong(json!({"contacts": {"c": {"function": "general"}}})),
        one("/contacts/c", "nothing-given")
    );
    assert!(wrong(json!({"contacts": {"c": {"function": "general", "email": "a@example.org"}}})).is_empty());
}

#[test]
fn an_identifier_is_a_short_text() {
    assert_eq!(
        wrong(json!({"identifiers": {"isni": " "}})),
        one("/identifiers/isni", "length")
    );
    assert_eq!(
        wrong(json!({"identifiers": {"isni": "1".repeat(201)}})),
        one("/identifiers/isni", "length")
    );
    assert!(wrong(json!({"identifiers": {"isni": "1".repeat(200)}})).is_empty());
}

#[test]
fn a_term_is_the_term_of_somebody() {
    assert_eq!(
        wrong(json!({"posts": {"p": {"post": "superintendent", "term": 3}}})),
        one("/posts/p/holder", "required-with")
    );
    assert!(wrong(json!({"posts": {"p": {"post": "superintendent", "term": 3, "holder": {"en": "A"}}}})).is_empty());
}

#[test]
fn a_relation_leads_to_exactly_one_partner() {
    assert_eq!(
        wrong(json!({"relations": {"r": {}}})),
        one("/relations/r", "exactly-one")
    );
    assert_eq!(
        wrong(json!({"relations": {"r": {"office_id": OTHER, "place": {"country": "KR"}}}})),
        one("/relations/r", "exactly-one")
    );
    assert!(wrong(json!({"relations": {"r": {"place": {"country": "KR"}}}})).is_empty());
}

#[test]
fn a_grade_lies_on_its_scale() {
    let evaluation = |grade: Value, scale: Value| {
        wrong(json!({"evaluations": {"e": {"evaluator_id": OTHER, "grade": grade, "scale": scale}}}))
    };
    assert!(evaluation(json!(3), Value::Null).is_empty());
    assert!(evaluation(Value::Null, json!({"min": 1, "max": 5})).is_empty());
    assert!(evaluation(json!(5), json!({"min": 1, "max": 5, "best": 1})).is_empty());
    assert_eq!(
        evaluation(json!(5.5), json!({"min": 1, "max": 5, "best": 1})),
        one("/evaluations/e/grade", "outside-scale")
    );
    assert_eq!(
        evaluation(json!(3), json!({"min": 1, "max": 5, "best": 2})),
        one("/evaluations/e/scale/best", "outside-scale")
    );
    assert_eq!(
        evaluation(Value::Null, json!({"min": 5, "max": 5})),
        one("/evaluations/e/scale/max", "order")
    );
}

#[test]
fn a_whole_grade_stays_a_whole_number() {
    let document = office(json!({"evaluations": {"e": {"evaluator_id": OTHER, "grade": 3}}}));
    let written = serde_json::to_value(&document).unwrap();
    assert_eq!(written.pointer("/evaluations/e/grade"), Some(&json!(3)));
}

#[test]
fn a_recommendation_names_an_evaluation_that_exists() {
    let recommendation = json!({"r": {"from_office_id": OTHER, "evaluation": "e2022"}});
    assert_eq!(
        wrong(json!({"recommendations": recommendation})),
        one("/recommendations/r/evaluation", "unknown-key")
    );
    assert!(
        wrong(json!({"recommendations": recommendation, "evaluations": {"e2022": {"evaluator_id": OTHER}}})).is_empty()
    );
}

#[test]
fn sources_that_items_name_exist() {
    let found = Offices::check(
        &office(json!({
            "aliases": {"k": {"text": "x", "kind": "short", "source": "s2"}},
            "contacts": {"k": {"function": "general", "email": "a@example.org", "source": "s2"}},
            "posts": {"k": {"post": "superintendent", "source": "s2"}},
            "relations": {"k": {"office_id": OTHER, "source": "s2"}},
            "evaluations": {"k": {"evaluator_id": OTHER, "source": "s2"}},
            "recommendations": {"k": {"from_office_id": OTHER, "source": "s2"}},
            "reported_figures": {"k": {"measure": "participants", "count": {"value": 1, "qualifier": "exact"}, "source": "s2"}},
        })),
        today(),
    );
    let looked_up = |finding: &Finding| finding.clone().look_up(&json!({"sources": {"s1": {}}}));
    assert!(
        found
            .iter()
            .map(looked_up)
            .all(|finding| finding.code == "unknown-source"
                && finding.allowed == ["s1"]
                && finding.suggestion.as_deref() == Some("s1"))
    );
    assert_eq!(found.len(), 7);
}

#[test]
fn fulfilled_by_its_issuer_or_with_evidence() {
    let with = |state: &str, source: Value| {
        office(json!({"recommendations": {"r": {"from_office_id": OTHER, "state": state, "source": source}}}))
    };
    let issued = with("issued", Value::Null);
    let fulfilled = with("fulfilled", Value::Null);
    let proven = with("fulfilled", json!("s1"));
    let as_owner = |id: &str| id == OWN;
    let as_issuer = |id: &str| id == OTHER;
    let expected = one("/recommendations/r/source", "needs-source");
    assert_eq!(
        brief(Offices::check_change(Some(&issued), &fulfilled, &as_owner)),
        expected
    );
    assert_eq!(brief(Offices::check_change(None, &fulfilled, &as_owner)), expected);
    assert_eq!(
        brief(Offices::check_change(Some(&proven), &fulfilled, &as_owner)),
        expected
    );
    assert!(Offices::check_change(Some(&issued), &fulfilled, &as_issuer).is_empty());
    assert!(Offices::check_change(Some(&issued), &proven, &as_owner).is_empty());
    assert!(Offices::check_change(Some(&fulfilled), &fulfilled, &as_owner).is_empty());
}

#[test]
fn an_evaluator_writes_its_own_items_only() {
    let document = office(json!({
        "evaluations": {"e": {"evaluator_id": OTHER}},
        "recommendations": {"r": {"from_office_id": OTHER}},
    }));
    let as_other = |id: &str| id == OTHER;
    assert!(Offices::part_of(&["evaluations", "e"], &document, &as_other));
    assert!(Offices::part_of(&["evaluations", "e", "grade"], &document, &as_other));
    assert!(Offices::part_of(
        &["recommendations", "r", "state"],
        &document,
        &as_other
    ));
    assert!(!Offices::part_of(&["recommendations", "r2"], &document, &as_other));
    assert!(!Offices::part_of(&["names", "en"], &document, &as_other));
    assert!(!Offices::part_of(&["evaluations"], &document, &as_other));
    assert!(!Offices::part_of(&[], &document, &as_other));
    assert!(!Offices::part_of(&["evaluations", "e"], &document, &|id| id == OWN));
}

#[test]
fn search_finds_names_people_and_places() {
    let texts = Offices::search_texts(&office(json!({
        "names": {"en": "Office", "ko": "교육청"},
        "aliases": {"a": {"text": "SMOE", "kind": "short"}},
        "tags": ["seoul"], "city": "Seoul",
        "posts": {"p": {"post": "superintendent", "holder": {"en": "A B"}}},
        "relations": {"r": {"place": {"label": {"en": "Moscow"}, "city": "Москва"}}},
    })));
    for expected in ["Office", "교육청", "SMOE", "seoul", "Seoul", "A B", "Moscow", "Москва"] {
        assert!(texts.iter().any(|text| text == expected), "{expected} is missing");
    }
}
