//! Random merge patches: the stored document is what RFC 7396 says, told by a model that knows nothing of the service.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use super::{matching, office_path};
use crate::support::make::new_office;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![patches_do_what_the_standard_says]
}

/// RFC 7396, section 2, as it is written there.
fn merge(target: Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else {
        return patch.clone();
    };
    let mut members = match target {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            let merged = merge(members.remove(name).unwrap_or(Value::Null), change);
            members.insert(name.clone(), merged);
        }
    }
    Value::Object(members)
}

/// The form in which absent, null, empty and the default are the same, and arrays are sets.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter_map(|(name, member)| {
                let member = plain(member);
                let empty = member.is_null() || member == json!({}) || member == json!([]);
                let default = name == "visibility" && member == "public" || name == "open" && member == false;
                (!empty && !default).then(|| (name.clone(), member))
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let mut items = items.clone();
            items.sort_by_key(ToString::to_string);
            items.dedup();
            Value::Array(items)
        }
        other => other.clone(),
    }
}

/// The members that patches of this test may change.
const CHANGED: &[&str] = &["names", "city", "tags", "visibility", "aliases", "location", "valid"];

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![3 => "[a-c가-나]{1,3}".prop_map(Value::from), 1 => Just(Value::Null)]
}

fn alias() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        "[a-c]{1,2}".prop_map(|text| json!({"text": text, "kind": "short"})),
        "[a-c]{1,2}".prop_map(|text| json!({"text": text, "kind": "former", "language": "en"})),
        // Only part of an item: an edit where it is there, a mistake where it is not.
        "[a-c]{1,2}".prop_map(|text| json!({ "text": text })),
        Just(json!({"language": null})),
    ]
}

fn location() -> impl Strategy<Value = Value> {
    let inner = (proptest::option::of(word()), proptest::option::of(word())).prop_map(|(code, address)| {
        let mut members = Map::new();
        members.extend(code.map(|code| ("postal_code".to_owned(), code)));
        members.extend(address.map(|address| ("address".to_owned(), json!({ "en": address }))));
        Value::Object(members)
    });
    prop_oneof![1 => Just(Value::Null), 4 => inner]
}

fn patch() -> impl Strategy<Value = Value> {
    let members = prop_oneof![
        word().prop_map(|text| json!({"names": {"ko": text}})),
        "[a-c]{1,2}".prop_map(|text| json!({"names": {"en": text}})),
        word().prop_map(|text| json!({ "city": text })),
        proptest::collection::btree_set("[a-c]{1,2}", 0..3).prop_map(|tags| json!({ "tags": tags })),
        Just(json!({"tags": null})),
        prop_oneof![Just(json!("partners")), Just(json!("public")), Just(Value::Null)]
            .prop_map(|value| json!({ "visibility": value })),
        ("[a-c]", alias()).prop_map(|(key, item)| json!({"aliases": {key: item}})),
        Just(json!({"aliases": null})),
        location().prop_map(|place| json!({ "location": place })),
        (1990_i32..2030, any::<bool>())
            .prop_map(|(year, open)| json!({"valid": {"from": year.to_string(), "open": open}})),
        Just(json!({"valid": null})),
    ];
    proptest::collection::vec(members, 1..4).prop_map(|parts| {
        parts.iter().fold(json!({}), |whole, part| {
            // Put beside each other, not merged: a null in a part must stay in the whole.
            let (mut whole, part) = (whole, part.clone());
            for (name, value) in part.as_object().into_iter().flatten() {
                match (whole[name].as_object_mut(), value.as_object()) {
                    (Some(known), Some(more)) => known.extend(more.clone()),
                    _ => whole[name] = value.clone(),
                }
            }
            whole
        })
    })
}

/// Whether the model is a document that the rules accept: every alias has its text and kind.
fn is_valid(model: &Value) -> bool {
    let aliases = model["aliases"].as_object();
    aliases
        .into_iter()
        .flatten()
        .all(|(_, item)| item.get("text").is_some() && item.get("kind").is_some())
}

fn patches_do_what_the_standard_says(app: &TestApp) {
    let admin = matching(&app.admin(), "*");
    let mut runner = TestRunner::new(Config {
        cases: 24,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let sequences = proptest::collection::vec(patch(), 1..10);
    let outcome = runner.run(&sequences, |patches| {
        let path = office_path(&new_office(&admin, "a"));
        let read = || {
            let mut document = admin.get(&path).expect(200).json();
            document
                .as_object_mut()
                .unwrap()
                .retain(|name, _| CHANGED.contains(&name.as_str()));
            plain(&document)
        };
        let (mut model, mut version) = (read(), 1);
        for patch in &patches {
            let before = traces(app);
            let merged = merge(model.clone(), patch);
            let reply = admin.patch(&path, patch);
            if is_valid(&merged) {
                let merged = plain(&merged);
                version += i32::from(merged != model);
                prop_assert_eq!(reply.status, 200, "{}: {}", patch, reply.text);
                model = merged;
            } else {
                prop_assert_eq!(reply.status, 422, "{}: {}", patch, reply.text);
                prop_assert_eq!(traces(app), before);
            }
            prop_assert_eq!(&read(), &model, "after {}", patch);
            let tag = admin.get(&path).etag().to_owned();
            prop_assert_eq!(tag, format!("\"v{version}\""), "after {}", patch);
        }
        // Every version is there, and each step is the difference that is answered for it.
        for to in 2..=version {
            let diff = admin
                .get(&format!("{path}/diff?from={}&to={to}", to - 1))
                .expect(200)
                .json();
            let [older, newer] =
                [to - 1, to].map(|number| admin.get(&format!("{path}/revisions/{number}")).expect(200).json());
            let kept = ["version", "updated_at"];
            let writable = |document: &Value| {
                let mut members = document.as_object().cloned().unwrap_or_default();
                members.retain(|name, _| !kept.contains(&name.as_str()));
                plain(&Value::Object(members))
            };
            let patched = plain(&merge(writable(&older), &diff["patch"]));
            prop_assert_eq!(patched, writable(&newer));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
