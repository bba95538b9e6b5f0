//! Holes: what stands where a personal value stood. Pure.
//!
//! A text becomes `[redacted]`; what can hold no such text becomes null. The place of the pointer is emptied in every
//! version, whatever stood there; and the same words are emptied in the rest of the item that the pointer leads into
//! (the same name under another language, or in another member), wherever the schema takes the hole.

use crate::json::pointer::segments;
use serde_json::Value;
use std::collections::BTreeSet;

/// The mark.
pub const HOLE: &str = "[redacted]";

/// What a value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RedactionMark {
    /// The mark.
    Text,
    /// Nothing.
    Null,
}

/// What is to be emptied.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The place (RFC 6901).
    pub(super) pointer: String,
    /// The place that holds it.
    parent: String,
    /// The item that it is part of: of a map, or the member at the top.
    item: String,
    /// The texts that stood there.
    pub(super) words: BTreeSet<String>,
}

impl Target {
    /// The target of a pointer; none where that is the whole document.
    pub(super) fn new(pointer: &str) -> Option<Self> {
        let count = segments(pointer).len();
        if count == 0 || !pointer.starts_with('/') {
            return None;
        }
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let length = if count > 2 { 2 } else { 1 };
        let item: String = pointer
            .split('/')
            .skip(1)
            .take(length)
            .map(|part| format!("/{part}"))
            .collect();
        Some(Self {
            pointer: pointer.to_owned(),
            parent: parent.to_owned(),
            item,
            words: BTreeSet::new(),
        })
    }

    /// The value at the place, unless there is none, or a hole.
    pub(super) fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.pointer).filter(|value| !is_hole(value))
    }

    /// Is the place one of an array? Its number says nothing in other versions then.
    pub(super) fn is_in_array(&self, document: &Value) -> bool {
        document.pointer(&self.parent).is_some_and(Value::is_array)
    }

    /// Notes the texts of a value that stood there.
    pub(super) fn note(&mut self, value: &Value) {
        match value {
            Value::String(text) if text != HOLE => {
                self.words.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| self.note(item)),
            Value::Object(members) => members.values().for_each(|member| self.note(member)),
            _ => {}
        }
    }

    /// Redacts the place and other places with the same text. `takes` says whether a document is valid; it is asked
    /// for the other places only. Whether anything was changed.
    pub(super) fn empty(&self, document: &mut Value, mark: RedactionMark, takes: &dyn Fn(&Value) -> bool) -> bool {
        let mut is_changed = false;
        if self.is_in_array(document) {
            if let Some(Value::Array(items)) = document.pointer_mut(&self.parent) {
                for item in items.iter_mut().filter(|item| self.says_the_same(item)) {
                    *item = Value::from(HOLE);
                    is_changed = true;
                }
                items.dedup();
            }
        } else if let Some(value) = document.pointer_mut(&self.pointer).filter(|value| !is_hole(value)) {
            dig(value, mark);
            is_changed = true;
        }
        let mut places = Vec::new();
        if let Some(item) = document.pointer(&self.item) {
            self.find_same(item, &self.item, &mut places);
        }
        for place in places {
            let mut tried = document.clone();
            if let Some(value) = tried.pointer_mut(&place) {
                *value = Value::from(HOLE);
            }
            if takes(&tried) {
                *document = tried;
                is_changed = true;
            }
        }
        is_changed
    }

    fn says_the_same(&self, value: &Value) -> bool {
        value.as_str().is_some_and(|text| self.words.contains(text))
    }

    fn find_same(&self, value: &Value, pointer: &str, places: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.find_same(member, &crate::values::join_pointer(pointer, name), places);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.find_same(item, &format!("{pointer}/{index}"), places);
                }
            }
            value if self.says_the_same(value) => places.push(pointer.to_owned()),
            _ => {}
        }
    }
}

/// Nothing, or nothing but marks.
fn is_hole(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text == HOLE,
        Value::Array(items) => items.iter().all(is_hole),
        Value::Object(members) => members.values().all(is_hole),
        _ => false,
    }
}

/// Empties a value. Of objects, such as a text in several languages, every text becomes the mark.
fn dig(value: &mut Value, mark: RedactionMark) {
    match (mark, &mut *value) {
        (RedactionMark::Text, Value::Object(members)) => {
            for member in members
                .values_mut()
                .filter(|member| member.is_string() || member.is_object())
            {
                dig(member, mark);
            }
        }
        (RedactionMark::Text, _) => *value = Value::from(HOLE),
        (RedactionMark::Null, _) => *value = Value::Null,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    fn emptied(pointer: &str, document: &Value, mark: RedactionMark) -> Value {
        let mut target = Target::new(pointer).unwrap();
        if let Some(value) = document.pointer(pointer) {
            target.note(value);
        }
        let mut document = document.clone();
        target.empty(&mut document, mark, &|tried| tried["posts"]["head"]["post"] == "head");
        document
    }

    #[test]
    fn the_place_and_the_same_words_in_its_item_are_emptied() {
        let document = json!({
            "names": {"ko": "Kim"},
            "posts": {
                "head": {"post": "head", "holder": {"ko": "Kim", "en": "Kim", "mn": "Lee"}, "term": 3},
                "deputy": {"holder": {"ko": "Kim"}},
            },
        });
        let mut expected = document.clone();
        expected["posts"]["head"]["holder"] = json!({"ko": HOLE, "en": HOLE, "mn": "Lee"});
        assert_eq!(
            emptied("/posts/head/holder/ko", &document, RedactionMark::Text),
            expected
        );
        expected["posts"]["head"]["holder"]["mn"] = json!(HOLE);
        assert_eq!(emptied("/posts/head/holder", &document, RedactionMark::Text), expected);
        let mut expected = document.clone();
        expected["posts"]["head"]["term"] = json!(null);
        assert_eq!(emptied("/posts/head/term", &document, RedactionMark::Null), expected);
    }

    #[test]
    fn what_the_schema_does_not_take_stays() {
        let document = json!({"posts": {"head": {"post": "head", "holder": {"en": "head"}}}});
        let expected = json!({"posts": {"head": {"post": "head", "holder": {"en": HOLE}}}});
        assert_eq!(
            emptied("/posts/head/holder/en", &document, RedactionMark::Text),
            expected
        );
    }

    #[test]
    fn an_item_of_an_array_is_known_by_what_it_says() {
        let document = json!({"tags": ["a", "Kim", "z"], "posts": {"head": {"post": "head"}}});
        assert_eq!(
            emptied("/tags/1", &document, RedactionMark::Text)["tags"],
            json!(["a", HOLE, "z"])
        );
    }

    #[test]
    fn holes_are_no_values() {
        let target = Target::new("/a").unwrap();
        for mark in [
            json!({}),
            json!({"a": null}),
            json!({"a": HOLE}),
            json!({"a": {"ko": HOLE}}),
        ] {
            assert_eq!(target.find(&mark), None);
        }
        assert!(target.find(&json!({"a": 0})).is_some());
        assert!(Target::new("").is_none() && Target::new("a").is_none());
    }
}
