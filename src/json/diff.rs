//! What differs between two versions of a document: for history, for the rule whose part a member is, for the audit.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::pointer::Pointer;
use super::shape::{Shape, Unknown};
use utoipa::ToSchema;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// One place that differs; null where there was or is nothing. Arrays are one value; an item that is added or removed is one change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DiffChange)]
pub struct Change {
    /// JSON pointer of the place.
    pub pointer: String,
    /// The same as unescaped segments, for rules that match on them.
    #[serde(skip)]
    pub path: Vec<String>,
    /// The value before.
    #[schema(schema_with = any_value)]
    pub from: Option<Value>,
    /// The value after.
    #[schema(schema_with = any_value)]
    pub to: Option<Value>,
}

/// Any JSON value. Readers of API documents want a type, so all are written out.
fn any_value() -> RefOr<Schema> {
    let all = [
        Type::Array,
        Type::Boolean,
        Type::Null,
        Type::Number,
        Type::Object,
        Type::String,
    ];
    ObjectBuilder::new().schema_type(SchemaType::from_iter(all)).into()
}

/// The changes between two normal forms, in the order of their paths. Goes down where both sides are objects; an object
/// on one side only is one change. With a schema at hand use [`changed_shaped`], which also sees the first and the last
/// item of a map as what they are.
pub fn changed_pointers(from: &Value, to: &Value) -> Vec<Change> {
    changed_shaped(Unknown, from, to)
}

/// As [`changed_pointers`], with the knowledge of the schema (`SchemaWalk::shape`): a member that is absent on one side
/// and an object on the other is gone down into, so each change is a plain member, or an item added or removed whole.
/// Rules about who may change what rely on that: a new item is never seen as a mere change inside of it.
pub fn changed_shaped<S: Shape>(shape: S, from: &Value, to: &Value) -> Vec<Change> {
    let mut walk = Walk {
        pointer: Pointer::default(),
        path: Vec::new(),
        changes: Vec::new(),
    };
    walk.compare(shape, Some(from), Some(to));
    walk.changes
}

struct Walk {
    pointer: Pointer,
    path: Vec<String>,
    changes: Vec<Change>,
}

impl Walk {
    fn compare<S: Shape>(&mut self, shape: S, from: Option<&Value>, to: Option<&Value>) {
        if from == to {
            return;
        }
        let empty = Map::new();
        let sides = match (from, to) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => Some((old, new)),
            (Some(Value::Object(old)), None) if shape.fills() => Some((old, &empty)),
            (None, Some(Value::Object(new))) if shape.fills() => Some((&empty, new)),
            _ => None,
        };
        let Some((old, new)) = sides else {
            self.changes.push(Change {
                pointer: self.pointer.as_str().to_owned(),
                path: self.path.clone(),
                from: from.cloned(),
                to: to.cloned(),
            });
            return;
        };
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let here = self.pointer.push(name);
            self.path.push(name.clone());
            self.compare(shape.child(name), old.get(name), new.get(name));
            self.path.pop();
            self.pointer.back_to(here);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{arbitrary, patch::merge_patch, pointer::segments};
    use super::*;

    #[test]
    fn goes_down_to_the_members_that_differ() {
        let from = json!({"names": {"ko": "가"}, "tags": ["a"], "sessions": {"s1": {"state": "planned"}, "s2": {}}});
        let to = json!({"names": {"ko": "나", "mn": "А"}, "tags": ["a", "b"], "sessions": {"s1": {"state": "held"}}});
        let found: Vec<_> = changed_pointers(&from, &to)
            .into_iter()
            .map(|change| (change.pointer, change.from, change.to))
            .collect();
        let expected = [
            ("/names/ko", Some(json!("가")), Some(json!("나"))),
            ("/names/mn", None, Some(json!("А"))),
            ("/sessions/s1/state", Some(json!("planned")), Some(json!("held"))),
            ("/sessions/s2", Some(json!({})), None),
            ("/tags", Some(json!(["a"])), Some(json!(["a", "b"]))),
        ];
        assert_eq!(
            found,
            expected.map(|(pointer, old, new)| (pointer.to_owned(), old, new))
        );
    }

    /// The patch that makes exactly these changes.
    fn as_patch(changes: &[Change]) -> Value {
        let mut patch = json!({});
        for change in changes {
            let leaf = change.to.clone().unwrap_or(Value::Null);
            let branch = change
                .path
                .iter()
                .rev()
                .fold(leaf, |inner, name| json!({ name.as_str(): inner }));
            // Not `merge_patch`: the nulls of the patch must stay.
            put(&mut patch, &branch);
        }
        patch
    }

    fn put(target: &mut Value, branch: &Value) {
        match (target, branch) {
            (Value::Object(members), Value::Object(more)) => {
                for (name, value) in more {
                    put(members.entry(name.as_str()).or_insert_with(|| value.clone()), value);
                }
            }
            (target, branch) => *target = branch.clone(),
        }
    }

    proptest! {
        #[test]
        fn the_changes_tell_everything(from in arbitrary::normal(), to in arbitrary::normal()) {
            let changes = changed_pointers(&from, &to);
            for change in &changes {
                prop_assert_eq!(from.pointer(&change.pointer), change.from.as_ref());
                prop_assert_eq!(to.pointer(&change.pointer), change.to.as_ref());
                prop_assert_eq!(segments(&change.pointer), change.path.clone());
                prop_assert_ne!(&change.from, &change.to);
            }
            let mut result = from;
            merge_patch(&mut result, &as_patch(&changes));
            prop_assert_eq!(result, to);
        }

        #[test]
        fn the_other_way_round_is_the_same_with_sides_swapped(from in arbitrary::normal(), to in arbitrary::normal()) {
            let back: Vec<_> = changed_pointers(&to, &from)
                .into_iter()
                .map(|change| Change { from: change.to, to: change.from, ..change })
                .collect();
            prop_assert_eq!(changed_pointers(&from, &to), back);
        }

        #[test]
        fn nothing_differs_from_itself(value in arbitrary::normal()) {
            prop_assert_eq!(changed_pointers(&value, &value), []);
        }
    }
}
