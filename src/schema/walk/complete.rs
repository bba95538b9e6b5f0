//! The form of answers: every member is written, empty ones as null, `{}` or `[]`.

use serde_json::{Map, Value};

use super::{Member, NodeId, NodeKind, SchemaWalk};

impl SchemaWalk {
    /// The opposite of [`SchemaWalk::strip`]: names every member that the schema knows. What is absent or null becomes
    /// null where that is allowed, else the empty map, array or object. Plain values that may not be null (`open`,
    /// `version`) are left out: they have a default, or the schema must say that they are missing. So are objects that
    /// need not be given.
    ///
    /// A body that the schema for creating or replacing accepted, and a patched normal form that is valid, can always be
    /// deserialised in this form: absent, null and empty are the same there.
    pub fn complete(&self, value: &Value) -> Value {
        self.complete_at(self.root, value)
    }

    fn complete_at(&self, id: NodeId, value: &Value) -> Value {
        match (&self.node(id).kind, value) {
            (NodeKind::Object { members }, Value::Object(values)) => {
                let mut completed: Map<_, _> = values
                    .iter()
                    .filter(|(name, _)| !members.contains_key(*name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                for (name, member) in members {
                    let value = match values.get(name).filter(|value| !value.is_null()) {
                        Some(value) => Some(self.complete_at(member.node, value)),
                        None => self.empty(*member),
                    };
                    completed.extend(value.map(|value| (name.clone(), value)));
                }
                Value::Object(completed)
            }
            (NodeKind::Map { item, .. }, Value::Object(values)) => {
                let items = values
                    .iter()
                    .map(|(key, value)| (key.clone(), self.complete_at(*item, value)));
                Value::Object(items.collect::<Map<_, _>>())
            }
            (NodeKind::Array { item }, Value::Array(values)) => {
                values.iter().map(|value| self.complete_at(*item, value)).collect()
            }
            _ => value.clone(),
        }
    }

    /// What stands for a member that is not given. An object that must be given cannot hold itself as such a member
    /// (no value would be finite), so this ends.
    fn empty(&self, member: Member) -> Option<Value> {
        if member.nullable {
            return Some(Value::Null);
        }
        match &self.node(member.node).kind {
            NodeKind::Map { .. } => Some(Value::Object(Map::new())),
            NodeKind::Array { .. } => Some(Value::Array(Vec::new())),
            NodeKind::Object { .. } if member.mandatory => {
                Some(self.complete_at(member.node, &Value::Object(Map::new())))
            }
            NodeKind::Object { .. } | NodeKind::Leaf => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixture::{document, walk};
    use super::*;

    #[test]
    fn names_every_member_that_can_be_empty() {
        assert_eq!(
            walk().complete(&json!({"tags": null, "posts": {"head": {"notes": ["a"]}}, "other": 1})),
            json!({
                "names": {}, "tags": [], "parent_id": null, "mou_ids": [], "place": null, "part": null, "note": null,
                "parties": {}, "groups": {}, "other": 1,
                "posts": {"head": {
                    "holder_office_id": null, "valid": null, "notes": ["a"], "titles": {}, "language": null, "part": null
                }}
            })
        );
    }

    #[test]
    fn what_must_be_given_is_told_by_the_schema_for_writing() {
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let components = json!({
            "A": {"type": "object", "required": ["given", "open", "terms"], "properties": {
                "given": to("B"), "terms": to("B"), "open": {"type": "boolean"}
            }},
            "ACreate": {"required": ["given"], "properties": {}},
            "B": {"type": "object", "required": ["texts"], "properties": {
                "texts": {"type": "array", "items": {"type": "string"}}
            }}
        });
        let walk = SchemaWalk::new(&components, "A").unwrap();
        assert_eq!(walk.complete(&json!({"open": null})), json!({"given": {"texts": []}}));
    }

    proptest! {
        #[test]
        fn says_the_same_as_the_normal_form(value in document()) {
            let walk = walk();
            let completed = walk.complete(&value);
            prop_assert_eq!(walk.strip(&completed), walk.strip(&value));
            prop_assert_eq!(walk.complete(&completed), completed);
        }

        #[test]
        fn completes_anything(value in crate::json::arbitrary::json()) {
            walk().complete(&value);
        }
    }
}
