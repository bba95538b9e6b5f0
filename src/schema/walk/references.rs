//! References from a document to records: found and replaced by what the schema calls an id, never by member names.

use serde_json::{Map, Value};

use super::{NodeId, NodeKind, PathSegment, SchemaWalk};
use crate::json::pointer::Pointer;

/// The components that hold a reference, and the prefix of the ids in them. The second of each is what derived schemas
/// for writing call it, where also the caller's own `ext:{system}:{key}` is taken.
const REFERENCES: &[(&str, &str)] = &[
    ("OfficeId", "off"),
    ("OfficeReference", "off"),
    ("PolicyId", "pol"),
    ("PolicyReference", "pol"),
    ("MouId", "mou"),
    ("MouReference", "mou"),
    ("ProgramId", "prg"),
    ("ProgramReference", "prg"),
];

/// One reference of a document to a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// JSON pointer of the string; where a map key refers, of its item.
    pub pointer: String,
    /// What the reference means: the members on the way, joined with `.`, without map keys and array indexes (`posts.holder_office_id`).
    pub relation: String,
    /// Prefix of the ids of the kind referred to: `off`, `pol`, `mou` or `prg`.
    pub prefix: &'static str,
    /// What is written there: an id, or in a body also `ext:{system}:{key}`.
    pub target: String,
}

impl SchemaWalk {
    /// Every reference in the document, in the order of the walk. Its own `id` is none.
    pub fn references(&self, value: &Value) -> Vec<Reference> {
        let mut found = Vec::new();
        self.walk(value, &mut |visit| {
            let own_id = matches!(visit.path, [PathSegment::Member("id")]);
            let prefix = visit.component.and_then(prefix_of).filter(|_| !own_id);
            if let (Some(prefix), Some(target)) = (prefix, visit.value.as_str()) {
                found.push(Reference {
                    pointer: visit.pointer.to_owned(),
                    relation: relation(visit.path),
                    prefix,
                    target: target.to_owned(),
                });
            }
        });
        found
    }

    /// Replaces references, strings and map keys alike: `replacement` is asked with the prefix of the kind referred to
    /// (one external key may stand for records of several kinds) and the text, and answers `None` to leave it.
    ///
    /// # Errors
    /// The pointer, with keys as they were sent, of a map item whose new key another item has too. The document is then
    /// left half replaced.
    pub fn replace_references(
        &self,
        value: &mut Value,
        replacement: &dyn Fn(&str, &str) -> Option<String>,
    ) -> Result<(), String> {
        let mut replacer = Replacer {
            walk: self,
            pointer: Pointer::default(),
            replacement,
        };
        replacer.replace(self.root, value, true)
    }
}

fn prefix_of(component: &str) -> Option<&'static str> {
    REFERENCES
        .iter()
        .find(|(name, _)| *name == component)
        .map(|(_, prefix)| *prefix)
}

fn relation(path: &[PathSegment<'_>]) -> String {
    let members: Vec<_> = path
        .iter()
        .filter_map(|segment| match segment {
            PathSegment::Member(name) => Some(*name),
            PathSegment::Key(_) | PathSegment::Index(_) => None,
        })
        .collect();
    members.join(".")
}

struct Replacer<'a> {
    walk: &'a SchemaWalk,
    pointer: Pointer,
    replacement: &'a dyn Fn(&str, &str) -> Option<String>,
}

impl Replacer<'_> {
    fn replace(&mut self, id: NodeId, value: &mut Value, is_root: bool) -> Result<(), String> {
        let node = self.walk.node(id);
        match (&node.kind, value) {
            (NodeKind::Object { members }, Value::Object(values)) => {
                for (name, value) in values {
                    let own_id = is_root && name == "id";
                    if let Some(member) = members.get(name).filter(|_| !own_id) {
                        let here = self.pointer.push(name);
                        self.replace(member.node, value, false)?;
                        self.pointer.back_to(here);
                    }
                }
            }
            (NodeKind::Map { item, key }, Value::Object(values)) => {
                for (name, value) in values.iter_mut() {
                    let here = self.pointer.push(name);
                    self.replace(*item, value, false)?;
                    self.pointer.back_to(here);
                }
                if let Some(prefix) = key.as_deref().and_then(prefix_of) {
                    self.replace_keys(prefix, values)?;
                }
            }
            (NodeKind::Array { item }, Value::Array(values)) => {
                for (index, value) in values.iter_mut().enumerate() {
                    let here = self.pointer.push_index(index);
                    self.replace(*item, value, false)?;
                    self.pointer.back_to(here);
                }
            }
            (NodeKind::Leaf, Value::String(text)) => {
                let prefix = node.component.as_deref().and_then(prefix_of);
                if let Some(new) = prefix.and_then(|prefix| (self.replacement)(prefix, text)) {
                    *text = new;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn replace_keys(&mut self, prefix: &str, values: &mut Map<String, Value>) -> Result<(), String> {
        let mut replaced = Map::new();
        for (name, value) in std::mem::take(values) {
            let new = (self.replacement)(prefix, &name);
            if replaced.insert(new.unwrap_or_else(|| name.clone()), value).is_some() {
                let _ = self.pointer.push(&name);
                return Err(self.pointer.as_str().to_owned());
            }
        }
        *values = replaced;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixture::{document, walk};
    use super::*;

    fn example() -> Value {
        json!({
            "id": "off_own",
            "parent_id": "off_a",
            "mou_ids": ["mou_a", "mou_b"],
            "posts": {"head": {"holder_office_id": "off_b", "titles": {"en": "off_c"}}, "empty": {"holder_office_id": null}},
            "parties": {"off_c": {"roles": ["lead"]}},
            "note": "off_d"
        })
    }

    #[test]
    fn finds_strings_array_items_and_map_keys() {
        let found: Vec<_> = walk()
            .references(&example())
            .into_iter()
            .map(|found| (found.pointer, found.relation, found.prefix, found.target))
            .collect();
        let expected = [
            ("/mou_ids/0", "mou_ids", "mou", "mou_a"),
            ("/mou_ids/1", "mou_ids", "mou", "mou_b"),
            ("/parent_id", "parent_id", "off", "off_a"),
            ("/parties/off_c", "parties", "off", "off_c"),
            ("/posts/head/holder_office_id", "posts.holder_office_id", "off", "off_b"),
        ];
        let owned = |(pointer, relation, prefix, target): (&str, &str, &'static str, &str)| {
            (pointer.to_owned(), relation.to_owned(), prefix, target.to_owned())
        };
        assert_eq!(found, expected.map(owned));
    }

    #[test]
    fn replaces_exactly_what_it_finds() {
        let mut value = example();
        let result = walk().replace_references(&mut value, &|prefix, text| Some(format!("{prefix}!{text}")));
        assert_eq!(result, Ok(()));
        assert_eq!(
            value,
            json!({
                "id": "off_own",
                "parent_id": "off!off_a",
                "mou_ids": ["mou!mou_a", "mou!mou_b"],
                "posts": {
                    "head": {"holder_office_id": "off!off_b", "titles": {"en": "off_c"}}, "empty": {"holder_office_id": null}
                },
                "parties": {"off!off_c": {"roles": ["lead"]}},
                "note": "off_d"
            })
        );
    }

    #[test]
    fn refuses_two_keys_that_become_one() {
        let mut value = json!({"parties": {"ext:a:1": {}, "off_1": {}}});
        let result = walk().replace_references(&mut value, &|_, text| (text == "ext:a:1").then(|| "off_1".to_owned()));
        assert_eq!(result, Err("/parties/off_1".to_owned()));
    }

    proptest! {
        #[test]
        fn every_replaced_reference_is_found_again(value in document()) {
            let walk = walk();
            let mut replaced = value.clone();
            walk.replace_references(&mut replaced, &|_, text| Some(format!("ext:{text}"))).ok();
            let expected: Vec<_> = walk
                .references(&value)
                .into_iter()
                .map(|found| format!("ext:{}", found.target))
                .collect();
            let found: Vec<_> = walk.references(&replaced).into_iter().map(|found| found.target).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn leaving_all_changes_nothing(value in document()) {
            let mut same = value.clone();
            prop_assert_eq!(walk().replace_references(&mut same, &|_, _| None), Ok(()));
            prop_assert_eq!(same, value);
        }
    }
}
