#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::app::{KINDS, blueprint};
use crate::db::StoredDocument;
use crate::documents::format::{UpgradeStep, format_after};
use serde_json::{Map, json};

/// A member is renamed, one is added that may not be null, one is only completed.
const STEPS: &[UpgradeStep] = &[
    UpgradeStep {
        what: "`seat` is called `city`",
        change: Some(rename_seat),
    },
    UpgradeStep {
        what: "`website`",
        change: None,
    },
    UpgradeStep {
        what: "`original_language` is said",
        change: Some(say_language),
    },
];

fn rename_seat(document: &mut Value) {
    let Some(members) = document.as_object_mut() else {
        return;
    };
    if let Some(seat) = members.remove("seat") {
        members.insert("city".to_owned(), seat);
    }
}

fn say_language(document: &mut Value) {
    if let Some(members) = document.as_object_mut() {
        members.entry("original_language").or_insert_with(|| json!("ko"));
    }
}

fn old_office() -> Value {
    json!({"names": {"ko": "가"}, "kind": "school", "seat": "Seoul"})
}

#[test]
fn a_format_is_one_more_than_its_steps() {
    assert_eq!(format_after(&[]), 1);
    assert_eq!(format_after(STEPS), 4);
}

#[test]
fn only_the_steps_that_are_missing_are_taken() {
    let walk = &blueprint().unwrap().contracts.shared("office").unwrap().walk;
    for (from, city, language) in [
        (0, json!("Seoul"), json!("ko")),
        (1, json!("Seoul"), json!("ko")),
        (2, Value::Null, json!("ko")),
        (3, Value::Null, json!("ko")),
        (4, Value::Null, Value::Null),
    ] {
        let upgraded = upgrade(walk, STEPS, old_office(), from);
        assert_eq!(
            (&upgraded["city"], &upgraded["original_language"]),
            (&city, &language),
            "{from}"
        );
        // Members without a step are completed, and unknown ones stay.
        assert_eq!((&upgraded["website"], &upgraded["posts"]), (&Value::Null, &json!({})));
        assert_eq!(upgraded.get("seat").is_some(), city.is_null());
        assert_eq!(upgrade(walk, STEPS, upgraded.clone(), format_after(STEPS)), upgraded);
    }
}

#[test]
fn a_text_of_today_is_not_touched_and_an_older_one_is_completed() {
    let contract = blueprint().unwrap().contracts.shared("office").unwrap();
    let text = "{ \"names\" : {} }";
    let stored = |format| StoredDocument::new(text.to_owned(), format);
    for format in [contract.format, contract.format + 1] {
        assert_eq!(contract.current_text(stored(format)).unwrap(), text);
        assert_eq!(contract.current_value(&stored(format)).unwrap(), json!({"names": {}}));
    }
    let older: Value = serde_json::from_str(&contract.current_text(stored(0)).unwrap()).unwrap();
    assert_eq!((&older["website"], &older["tags"]), (&Value::Null, &json!([])));
    assert!(contract.current_text(StoredDocument::new("{".to_owned(), 0)).is_err());
}

/// What endorsements of an MOU are bound to.
fn digest_members(mou: &Value) -> Value {
    let mut members = Map::new();
    for name in [
        "id",
        "kind",
        "titles",
        "purposes",
        "authentic_languages",
        "parent_mou_id",
        "amends_id",
        "terms",
    ] {
        members.insert(name.to_owned(), mou.get(name).cloned().unwrap_or_default());
    }
    let parties = mou["parties"].as_object().into_iter().flatten();
    let roles = parties.map(|(office, party)| (office.clone(), party["roles"].clone()));
    members.insert("parties".to_owned(), Value::Object(roles.collect()));
    let mut members = Value::Object(members);
    without_sources(&mut members);
    members
}

/// Nulls, empties and `source` do not enter it.
fn without_sources(value: &mut Value) {
    if let Value::Object(members) = value {
        members.values_mut().for_each(without_sources);
        members.retain(|name, member| {
            name != "source" && !member.is_null() && *member != json!({}) && *member != json!([])
        });
    }
}

fn touches_digest(steps: &[UpgradeStep], from: i64, mou: &Value) -> bool {
    let walk = &blueprint().unwrap().contracts.shared("mou").unwrap().walk;
    digest_members(mou) != digest_members(&upgrade(walk, steps, mou.clone(), from))
}

/// Every memorandum among the facts that the tests load.
fn memoranda() -> Vec<Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mous");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let items = file.as_array().cloned().unwrap_or_else(|| vec![file]);
        found.extend(items.into_iter().map(|item| item["document"].clone()));
    }
    found
}

#[test]
fn no_step_touches_what_endorsements_are_bound_to() {
    let contract = blueprint().unwrap().contracts.shared("mou").unwrap();
    let memoranda = memoranda();
    assert!(!memoranda.is_empty() && memoranda.iter().all(|mou| mou["titles"].is_object()));
    for mou in &memoranda {
        for from in 0..contract.format {
            assert!(!touches_digest(contract.upgrades, from, mou), "{from}: {mou}");
        }
    }
    // It can turn red.
    let bad = [UpgradeStep {
        what: "a step that may not be",
        change: Some(|document| document["terms"]["term_type"] = json!("evergreen")),
    }];
    assert!(memoranda.iter().all(|mou| touches_digest(&bad, 1, mou)));
}

/// Of every kind, whatever may be missing is there again.
#[test]
fn every_member_that_can_be_empty_is_completed() {
    for kind in KINDS {
        let contract = blueprint().unwrap().contracts.shared(kind.name).unwrap();
        let whole = contract
            .current_value(&StoredDocument::new("{}".to_owned(), 0))
            .unwrap();
        let nested = contract.walk.complete(&whole);
        assert_eq!(whole, nested);
        assert!(
            whole["tags"].is_array() && whole["sources"].is_object(),
            "{}",
            kind.name
        );
    }
}
