#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::app::{KINDS, blueprint};
use crate::db::StoredDocument;
use crate::values::id::new_id;

/// Writes `patch` into an office that was stored as it stands; the pointers that are refused.
fn refused(stored: &Value, patch: Value) -> BTreeSet<String> {
    let contract = blueprint().unwrap().contracts.shared("office").unwrap();
    let entry = KINDS.iter().find(|entry| entry.name == "office").unwrap();
    let Value::Object(patch) = patch else {
        unreachable!("patches are objects");
    };
    let document = StoredDocument::new(stored.to_string(), contract.format);
    match (entry.prepare_merge)(&contract, patch, document) {
        Ok(_) => BTreeSet::new(),
        Err(error) => {
            assert_eq!(error.code(), crate::error::Code::InvalidDocument, "{error:?}");
            let places = error.findings().iter().filter_map(|finding| finding.pointer.clone());
            places.collect()
        }
    }
}

fn office(members: Value) -> Value {
    let contract = blueprint().unwrap().contracts.shared("office").unwrap();
    let (id, at) = (new_id("off"), "2020-01-01T00:00:00.000000Z");
    let mut document = json!({
        "id": id, "version": 1, "created_at": at, "updated_at": at, "owner_office_id": id, "visibility": "public",
        "names": {"en": "Office"}, "kind": "school",
    });
    if let (Value::Object(document), Value::Object(members)) = (&mut document, members) {
        document.extend(members);
    }
    contract.walk.complete(&document)
}

fn places(pointers: &[&str]) -> BTreeSet<String> {
    pointers.iter().map(|pointer| (*pointer).to_owned()).collect()
}

#[test]
fn what_was_wrong_before_is_refused_where_it_is_touched_only() {
    let stored = office(json!({"website": "no address", "city": "Seoul"}));
    assert_eq!(refused(&stored, json!({"city": "Busan"})), places(&[]));
    assert_eq!(refused(&stored, json!({"website": "no address"})), places(&[]));
    assert_eq!(
        refused(&stored, json!({"website": "none either"})),
        places(&["/website"])
    );
    assert_eq!(refused(&stored, json!({"website": null})), places(&[]));
    assert_eq!(
        refused(&office(json!({})), json!({"website": "no address"})),
        places(&["/website"])
    );
}

#[test]
fn a_rule_of_several_members_binds_each_of_them() {
    let period = |from: &str| json!({"valid": {"from": from, "to": "2010", "open": false}, "city": "Seoul"});
    let stored = office(period("2020"));
    assert_eq!(refused(&stored, json!({"city": "Busan"})), places(&[]));
    let place = refused(&office(json!({})), json!({"valid": period("2020").get("valid")}));
    assert_eq!(place.len(), 1);
    assert_eq!(refused(&stored, json!({"valid": {"from": "2021"}})), place);
    assert_eq!(refused(&stored, json!({"valid": {"from": "2009"}})), places(&[]));
    // Brought about by the write.
    assert_eq!(
        refused(&office(period("2009")), json!({"valid": {"from": "2021"}})),
        place
    );
    // A rule of the kind.
    let stored = office(json!({"location": {"latitude": 1}}));
    let place = places(&["/location/longitude"]);
    assert_eq!(refused(&stored, json!({"location": {"postal_code": "1"}})), places(&[]));
    assert_eq!(refused(&stored, json!({"location": {"latitude": 2}})), place);
    assert_eq!(refused(&office(json!({})), json!({"location": {"latitude": 2}})), place);
}

#[test]
fn what_the_type_refuses_is_refused_with_its_findings() {
    let stored = office(json!({"contacts": {"a": {"function": "gone", "email": "a@b.example"}}}));
    let entry = KINDS.iter().find(|entry| entry.name == "office").unwrap();
    let contract = blueprint().unwrap().contracts.shared("office").unwrap();
    let document = StoredDocument::new(stored.to_string(), contract.format);
    let found = (entry.check_rules)(&contract, &document).unwrap();
    let found: Vec<_> = found.iter().map(|finding| finding.pointer.clone().unwrap()).collect();
    assert_eq!(found, ["/contacts/a/function"]);
    assert_eq!(
        refused(&stored, json!({"city": "Busan"})),
        places(&["/contacts/a/function"])
    );
}

/// A text that is sent in its normal form is no change of one that was stored in another.
#[test]
fn normal_forms_are_compared() {
    let contract = blueprint().unwrap().contracts.shared("office").unwrap();
    let (composed, decomposed) = ("\u{e9}", "e\u{301}");
    let form = |city: &str| contract.writable_form(&office(json!({"city": city})));
    let members = |mut form: Value| {
        form.as_object_mut().unwrap().remove("owner_office_id");
        form
    };
    assert_eq!(members(form(composed)), members(form(decomposed)));
}

/// A member, whether it is right, and the place that a finding about it has.
const MEMBERS: &[(&str, &str)] = &[
    ("website", "/website"),
    ("country", "/country"),
    ("time_zone", "/time_zone"),
];

fn values() -> impl Strategy<Value = Vec<Option<(bool, bool)>>> {
    proptest::collection::vec(proptest::option::of((any::<bool>(), any::<bool>())), MEMBERS.len())
}

fn value_of(member: usize, (is_right, other): (bool, bool)) -> Value {
    let right = [
        ["https://a.example/", "https://b.example/"],
        ["KR", "MN"],
        ["Asia/Seoul", "Asia/Ulaanbaatar"],
    ];
    let wrong = [["no address", "nor this"], ["K", "korea"], ["Nowhere/At", "Moon/Sea"]];
    let texts = if is_right { right } else { wrong };
    json!(texts.get(member).and_then(|texts| texts.get(usize::from(other))))
}

/// A member's stored or sent value: none, or right or wrong, the first or the second of its kind.
type Members = [Option<(bool, bool)>];

/// What is refused of this write, and what should be: what is wrong in the result, and was not there or was changed.
fn refused_and_expected(stored: &Members, sent: &Members) -> (BTreeSet<String>, BTreeSet<String>) {
    let object = |values: &Members| -> Map<String, Value> {
        let named = MEMBERS.iter().zip(values).enumerate();
        named
            .filter_map(|(at, ((name, _), value))| Some(((*name).to_owned(), value_of(at, (*value)?))))
            .collect()
    };
    let expected = MEMBERS
        .iter()
        .zip(stored.iter().zip(sent))
        .filter(|(_, (before, after))| after.is_some_and(|(is_right, _)| !is_right) && before != after)
        .map(|((_, pointer), _)| (*pointer).to_owned())
        .collect();
    let stored = office(Value::Object(object(stored)));
    (refused(&stored, Value::Object(object(sent))), expected)
}

/// A case that the property found once.
#[test]
fn a_wrong_value_that_is_sent_back_unchanged_is_not_refused() {
    let same = [None, Some((false, false)), None];
    let (refused, expected) = refused_and_expected(&same, &same);
    assert_eq!(refused, expected);
}

proptest! {
    #[test]
    fn a_write_answers_for_what_it_changes(stored in values(), sent in values()) {
        let (refused, expected) = refused_and_expected(&stored, &sent);
        prop_assert_eq!(refused, expected);
    }
}
