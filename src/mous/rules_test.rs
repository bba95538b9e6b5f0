#![expect(clippy::unwrap_used, reason = "test")]

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::*;

const OWN: &str = "mou_01jdc8y5k2e9fr7x3v0m6n4q8t";
const ONE: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8t";
const TWO: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8v";
const THREE: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8w";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 11, 22).unwrap()
}

/// The parties `ONE` and `TWO` as signatories, signed on these days.
fn signed(one: Value, two: Value) -> Value {
    let party = |day| json!({"roles": ["signatory"], "signed_on": day});
    Value::Object(Map::from_iter([
        (ONE.to_owned(), party(one)),
        (TWO.to_owned(), party(two)),
    ]))
}

/// A recorded memorandum with nothing wrong, and the given members in place of its own.
fn mou(members: Value) -> Mou {
    let mut document = json!({
        "id": OWN, "version": 1, "created_at": "2025-11-22T00:00:00.000000Z", "updated_at": "2025-11-22T00:00:00.000000Z",
        "owner_office_id": ONE, "kind": "mou", "titles": {"en": "Cooperation"}, "stage": "recorded",
        "sources": {"s1": {"title": "Report"}}, "parties": signed(Value::Null, Value::Null),
    });
    let target = document.as_object_mut().unwrap();
    target.extend(members.as_object().unwrap().clone());
    serde_json::from_value(document).unwrap()
}

fn brief(findings: Vec<Finding>) -> Vec<(String, &'static str)> {
    findings
        .into_iter()
        .map(|finding| (finding.pointer.unwrap(), finding.code.as_str()))
        .collect()
}

/// Pointers and codes of everything wrong.
fn wrong(members: Value) -> Vec<(String, &'static str)> {
    brief(Mous::check(&mou(members), today()))
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn a_plain_memorandum_has_nothing_wrong() {
    let plain = mou(json!({}));
    assert_eq!(Mous::check(&plain, today()), Vec::new());
    let again: Mou = serde_json::from_value(serde_json::to_value(&plain).unwrap()).unwrap();
    assert_eq!(again, plain);
}

#[test]
fn only_a_draft_lacks_signatories() {
    let parties = json!({ONE: {"roles": ["signatory"]}, TWO: {"roles": ["beneficiary"]}});
    assert_eq!(
        wrong(json!({"parties": parties})),
        one("/parties", "too-few-signatories")
    );
    assert!(wrong(json!({"parties": parties, "stage": "draft"})).is_empty());
    assert!(wrong(json!({"parties": {}, "stage": "draft"})).is_empty());
    assert_eq!(
        signatory_ids(&mou(json!({"parties": parties, "stage": "draft"}))),
        [ONE.to_owned()]
    );
}

#[test]
fn titles_must_say_something() {
    assert_eq!(wrong(json!({"titles": {}})), one("/titles", "empty"));
}

#[test]
fn a_party_has_a_role_and_did_not_sign_in_the_future() {
    let parties = |extra: Value| {
        let mut parties = signed(Value::Null, Value::Null);
        parties.as_object_mut().unwrap().insert(THREE.to_owned(), extra);
        json!({"parties": parties})
    };
    assert_eq!(
        wrong(parties(json!({"roles": []}))),
        one(&format!("/parties/{THREE}/roles"), "empty")
    );
    assert_eq!(
        wrong(parties(json!({"roles": ["witness"], "signed_on": "2025-11-23"}))),
        one(&format!("/parties/{THREE}/signed_on"), "in-future")
    );
    assert!(wrong(parties(json!({"roles": ["witness"], "signed_on": "2025-11"}))).is_empty());
    assert_eq!(
        wrong(parties(
            json!({"roles": ["witness"], "signatories": {"p": {"name": {}}}})
        )),
        one(&format!("/parties/{THREE}/signatories/p/name"), "empty")
    );
}

#[test]
fn a_memorandum_does_not_refer_to_itself() {
    assert_eq!(
        wrong(json!({"parent_mou_id": OWN})),
        one("/parent_mou_id", "self-reference")
    );
    assert_eq!(
        wrong(json!({"predecessor_id": OWN})),
        one("/predecessor_id", "self-reference")
    );
}

#[test]
fn term_and_end_agree() {
    let term = |stage: &str, terms: Value| wrong(json!({"stage": stage, "terms": terms}));
    let end = json!({"from": "2024", "to": "2026"});
    let without_end = one("/terms/effective/to", "fixed-without-end");
    assert_eq!(
        term("draft", json!({"term_type": "evergreen", "effective": end})),
        one("/terms/effective/to", "evergreen-with-end")
    );
    assert!(term("proposed", json!({"term_type": "evergreen"})).is_empty());
    assert_eq!(term("proposed", json!({"term_type": "fixed"})), without_end);
    assert!(term("proposed", json!({"term_type": "fixed", "effective": end})).is_empty());
    for unfinished in ["draft", "recorded"] {
        assert!(term(unfinished, json!({"term_type": "fixed"})).is_empty());
        assert!(term(unfinished, json!({"term_type": "auto_renew"})).is_empty());
        let open = json!({"term_type": "fixed", "effective": {"from": "2024", "to": null, "open": true}});
        assert_eq!(term(unfinished, open), without_end);
    }
    assert_eq!(
        term("proposed", json!({"term_type": "auto_renew"})),
        one("/terms/renewal_months", "required-with")
    );
    assert!(term("proposed", json!({"term_type": "auto_renew", "renewal_months": 12})).is_empty());
}

#[test]
fn nobody_gives_to_itself() {
    let itself = json!({"kind": "service", "from_office_id": ONE, "to_office_id": ONE});
    assert_eq!(
        wrong(json!({"contributions": {"c": itself}})),
        one("/contributions/c/to_office_id", "same-office")
    );
    assert_eq!(
        wrong(json!({"terms": {"promised": {"p": itself}}})),
        one("/terms/promised/p/to_office_id", "same-office")
    );
    assert_eq!(
        wrong(
            json!({"terms": {"conditions": {"c": {"activity": {"en": "x"}, "from_office_id": ONE, "to_office_id": ONE}}}})
        ),
        one("/terms/conditions/c/to_office_id", "same-office")
    );
    assert!(wrong(json!({"contributions": {"c": {"kind": "in_kind"}}})).is_empty());
}

#[test]
fn a_contribution_was_delivered_already() {
    assert_eq!(
        wrong(json!({"contributions": {"c": {"kind": "money", "on": "2026"}}})),
        one("/contributions/c/on", "in-future")
    );
}

#[test]
fn items_say_something() {
    assert_eq!(
        wrong(json!({"terms": {"conditions": {"c": {"activity": {}}}}})),
        one("/terms/conditions/c/activity", "empty")
    );
    assert_eq!(
        wrong(json!({"documents": {"d": {"title": {}}}})),
        one("/documents/d/title", "empty")
    );
    assert_eq!(
        wrong(json!({"commitments": {"c": {"text": {}}}})),
        one("/commitments/c/text", "empty")
    );
}

#[test]
fn a_memorandum_has_no_sessions() {
    assert_eq!(
        wrong(json!({"commitments": {"c": {"text": {"en": "x"}, "session": "s"}}})),
        one("/commitments/c/session", "not-applicable")
    );
}

#[test]
fn sources_that_items_name_exist() {
    let mut parties = signed(Value::Null, Value::Null);
    parties
        .as_object_mut()
        .unwrap()
        .insert(THREE.to_owned(), json!({"roles": ["witness"], "source": "s2"}));
    let found = Mous::check(
        &mou(json!({
            "parties": parties,
            "terms": {
                "conditions": {"k": {"activity": {"en": "x"}, "source": "s2"}},
                "promised": {"k": {"kind": "money", "source": "s2"}},
            },
            "contributions": {"k": {"kind": "money", "source": "s2"}},
            "documents": {"k": {"title": {"en": "x"}, "source": "s2"}},
            "commitments": {"k": {"text": {"en": "x"}, "source": "s2", "progress": {"source": "s2"}}},
        })),
        today(),
    );
    assert!(found.iter().all(|finding| finding.code == "unknown-source"));
    assert_eq!(found.len(), 7);
}

fn nobody(_office: &str) -> bool {
    false
}

#[test]
fn a_stage_moves_by_actions_only() {
    let with = |stage: &str| mou(json!({"stage": stage}));
    let refused = one("/stage", "stage-by-action");
    assert!(Mous::check_change(None, &with("draft"), &nobody).is_empty());
    assert!(Mous::check_change(None, &with("recorded"), &nobody).is_empty());
    assert_eq!(brief(Mous::check_change(None, &with("concluded"), &nobody)), refused);
    assert!(Mous::check_change(Some(&with("concluded")), &with("concluded"), &nobody).is_empty());
    for next in ["recorded", "proposed"] {
        assert_eq!(
            brief(Mous::check_change(Some(&with("draft")), &with(next), &nobody)),
            refused
        );
    }
    assert_eq!(Mous::check_change(None, &with("void"), &|_| true).len(), 1);
}

#[test]
fn signed_on_waits_for_everybody() {
    let day = |one: Value, two: Value| {
        let mut document = mou(json!({"parties": signed(one, two)}));
        Mous::derive(&mut document);
        document.signed_on.map(|day| day.to_string())
    };
    assert_eq!(day(Value::Null, Value::Null), None);
    assert_eq!(day(json!("2021-01-27"), Value::Null), None);
    assert_eq!(
        day(json!("2021-01-27"), json!("2021-01-27")).as_deref(),
        Some("2021-01-27")
    );
    assert_eq!(day(json!("2021-01-27"), json!("2021")).as_deref(), Some("2021"));
    assert_eq!(
        day(json!("2021-02-01"), json!("2021-01")).as_deref(),
        Some("2021-02-01")
    );
    let mut empty = mou(json!({"stage": "draft", "parties": {}}));
    Mous::derive(&mut empty);
    assert_eq!(empty.signed_on, None);
}

#[test]
fn witnesses_do_not_delay_signed_on() {
    let mut parties = signed(json!("2021-01-27"), json!("2021-01-27"));
    parties
        .as_object_mut()
        .unwrap()
        .insert(THREE.to_owned(), json!({"roles": ["witness"]}));
    assert!(signed_on(&mou(json!({"parties": parties}))).is_some());
}

#[test]
fn a_recorded_one_starts_unconfirmed() {
    let derived = |members: Value| {
        let mut document = mou(members);
        Mous::derive(&mut document);
        document.confirmation
    };
    assert_eq!(derived(json!({})), Some(Confirmation::Unconfirmed));
    assert_eq!(derived(json!({"stage": "draft"})), None);
    assert_eq!(
        derived(json!({"confirmation": "confirmed"})),
        Some(Confirmation::Confirmed)
    );
}

#[test]
fn audience_follows_stage_then_visibility() {
    let seen = |stage: &str, visibility: &str| {
        Mous::audience(&mou(json!({"stage": stage, "visibility": visibility}))).as_str()
    };
    assert_eq!(seen("draft", "public"), "owner");
    for stage in ["proposed", "negotiating", "agreed", "declined", "withdrawn"] {
        assert_eq!(seen(stage, "public"), "partners");
    }
    assert_eq!(seen("recorded", "public"), "everyone");
    assert_eq!(seen("concluded", "private"), "owner_and_units");
}

#[test]
fn a_signatory_writes_its_own_details_only() {
    let document = mou(json!({"parties": {
        ONE: {"roles": ["signatory"]}, TWO: {"roles": ["signatory"]}, THREE: {"roles": ["witness"]},
    }}));
    let as_two = |id: &str| id == TWO;
    for member in ["local_ref", "signatories", "signed_on"] {
        assert!(Mous::part_of(&["parties", TWO, member], &document, &as_two));
        assert!(!Mous::part_of(&["parties", ONE, member], &document, &as_two));
        assert!(!Mous::part_of(&["parties", THREE, member], &document, &|id| id == THREE));
    }
    assert!(Mous::part_of(
        &["parties", TWO, "signatories", "p", "name"],
        &document,
        &as_two
    ));
    assert!(!Mous::part_of(&["parties", TWO, "roles"], &document, &as_two));
    assert!(!Mous::part_of(&["parties", TWO], &document, &as_two));
    assert!(!Mous::part_of(&["terms", "summary"], &document, &as_two));
    assert!(!Mous::part_of(&["titles", "en"], &document, &as_two));
}

#[test]
fn search_finds_titles_and_terms() {
    let found = Mous::search_texts(&mou(json!({
        "tags": ["fact-a6"],
        "terms": {"summary": {"en": "exchange"}},
        "contributions": {"c": {"kind": "in_kind", "what": {"en": "equipment"}, "to_label": {"en": "schools"}}},
    })));
    for expected in ["Cooperation", "fact-a6", "exchange", "equipment", "schools"] {
        assert!(found.iter().any(|text| text == expected), "{expected} is missing");
    }
}
