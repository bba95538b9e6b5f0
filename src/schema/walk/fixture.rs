//! A small schema with everything that walks look at, and documents of it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::SchemaWalk;
use crate::json::arbitrary;

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn or_null(name: &str) -> Value {
    json!({"oneOf": [to(name), {"type": "null"}]})
}

fn map_of(item: &Value) -> Value {
    json!({"type": "object", "additionalProperties": item, "propertyNames": {"pattern": "^[a-z]"}})
}

pub(super) fn components() -> Value {
    let text = json!({"type": ["string", "null"]});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    json!({
        "OfficeId": {"type": "string"},
        "MouId": {"type": "string"},
        "PartialDate": {"type": "string"},
        "PartyRole": {"type": "string", "enum": ["lead", "host"]},
        "LangMap": map_of(&json!({"type": "string"})),
        "Period": {"type": "object", "properties": {
            "from": or_null("PartialDate"), "to": or_null("PartialDate"), "open": {"type": "boolean"}
        }},
        "Place": {"type": "object", "properties": {
            "city": text, "label": to("LangMap"), "office_id": or_null("OfficeId")
        }},
        "OfficePost": {"type": "object", "properties": {
            "holder_office_id": or_null("OfficeId"), "valid": or_null("Period"), "notes": texts,
            "titles": to("LangMap"), "language": text, "part": or_null("OfficePost")
        }},
        "OfficeParty": {"type": "object", "properties": {
            "roles": {"type": "array", "items": to("PartyRole")}, "label": text, "labels": to("LangMap")
        }},
        "Office": {"type": "object", "properties": {
            "id": to("OfficeId"), "version": {"type": "integer"}, "names": to("LangMap"), "tags": texts,
            "parent_id": or_null("OfficeId"), "mou_ids": {"type": "array", "items": to("MouId")},
            "place": or_null("Place"), "part": or_null("OfficePost"), "note": text,
            "posts": map_of(&to("OfficePost")),
            "parties": {"type": "object", "additionalProperties": to("OfficeParty"), "propertyNames": to("OfficeId")},
            "groups": map_of(&map_of(&to("Period"))),
            "free": {"type": "object"}
        }}
    })
}

pub(super) fn walk() -> SchemaWalk {
    #![expect(clippy::expect_used, reason = "tests")]
    SchemaWalk::new(&components(), "Office").expect("the schema of this file can be walked")
}

/// Documents with members of the schema, of the right types but for a few.
pub(super) fn document() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![Just(Value::Null), "[a-c]{1,2}".prop_map(Value::from)];
    let texts = || {
        prop_oneof![
            Just(Value::Null),
            proptest::collection::vec("[a-c]{1,2}", 0..3).prop_map(Value::from)
        ]
    };
    let languages = || {
        proptest::collection::btree_map("ko|mn|en", text(), 0..3)
            .prop_map(|texts| Value::Object(texts.into_iter().collect()))
    };
    let period = || {
        prop_oneof![
            Just(Value::Null),
            Just(json!({})),
            (text(), any::<bool>()).prop_map(|(from, open)| json!({"from": from, "open": open}))
        ]
    };
    let post = || {
        prop_oneof![
            Just(Value::Null),
            Just(json!({})),
            (text(), period(), texts(), languages()).prop_map(|(holder, valid, notes, titles)| {
                json!({"holder_office_id": holder, "valid": valid, "notes": notes, "titles": titles})
            })
        ]
    };
    let map = |item: BoxedStrategy<Value>| {
        proptest::collection::btree_map("[a-c]", item, 0..3)
            .prop_map(|items| Value::Object(items.into_iter().collect()))
    };
    let members = (
        languages(),
        texts(),
        map(post().boxed()),
        map(map(period().boxed()).boxed()),
        post(),
        arbitrary::json(),
        map(texts().prop_map(|roles| json!({"roles": roles})).boxed()),
    );
    members.prop_map(|(names, tags, posts, groups, part, free, parties)| {
        json!({"names": names, "tags": tags, "posts": posts, "groups": groups, "part": part, "free": free,
               "parties": parties})
    })
}
