//! Three-way merge: what a caller gets who edited an older version than the current one (DESIGN: row "conflicts").

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::pointer::Pointer;
use super::shape::{Shape, Unknown};

/// One place that both sides changed, each to something else. `None` is absence (in JSON: null).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// JSON pointer of the place.
    pub pointer: String,
    /// What it was in the version that the caller edited.
    pub base: Option<Value>,
    /// What it is in the current version.
    pub current: Option<Value>,
    /// What the caller made of it.
    pub yours: Option<Value>,
}

/// The outcome of a merge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merge {
    /// The places that a person has to decide, in the order of their paths.
    pub overlaps: Vec<Overlap>,
    /// Both sides' changes together; `None` where any place overlaps. Not yet checked by any rule.
    pub merged: Option<Value>,
}

/// Merges two normal forms that were both made from `base`. Objects are gone down into, arrays are one value, an edit
/// against a deletion is an overlap, the same change on both sides is none. With a schema at hand use
/// [`three_way_shaped`].
pub fn three_way(base: &Value, current: &Value, yours: &Value) -> Merge {
    three_way_shaped(Unknown, base, current, yours)
}

/// As [`three_way`], with the knowledge of the schema (`SchemaWalk::shape`): one side emptying a map is no longer taken
/// for the deletion of what the other side adds to it, and the result is a normal form.
pub fn three_way_shaped<S: Shape>(shape: S, base: &Value, current: &Value, yours: &Value) -> Merge {
    let mut walk = Walk {
        pointer: Pointer::default(),
        overlaps: Vec::new(),
    };
    let merged = walk.merge(shape, Some(base), Some(current), Some(yours));
    Merge {
        merged: merged.filter(|_| walk.overlaps.is_empty()),
        overlaps: walk.overlaps,
    }
}

struct Walk {
    pointer: Pointer,
    overlaps: Vec<Overlap>,
}

impl Walk {
    fn merge<S: Shape>(
        &mut self,
        shape: S,
        base: Option<&Value>,
        current: Option<&Value>,
        yours: Option<&Value>,
    ) -> Option<Value> {
        if current == yours || base == yours {
            return current.cloned();
        }
        if base == current {
            return yours.cloned();
        }
        let empty = Map::new();
        // Both sides made an object where there was none: as if there had been an empty one.
        let (Some(current_members), Some(your_members), Some(base_members)) = (
            members(current, shape.fills(), &empty),
            members(yours, shape.fills(), &empty),
            members(base, true, &empty),
        ) else {
            self.overlaps.push(Overlap {
                pointer: self.pointer.as_str().to_owned(),
                base: base.cloned(),
                current: current.cloned(),
                yours: yours.cloned(),
            });
            return None;
        };
        let names: BTreeSet<_> = current_members
            .keys()
            .chain(your_members.keys())
            .chain(base_members.keys())
            .collect();
        let mut merged = Map::new();
        for name in names {
            let here = self.pointer.push(name);
            let value = self.merge(
                shape.child(name),
                base_members.get(name),
                current_members.get(name),
                your_members.get(name),
            );
            self.pointer.back_to(here);
            merged.extend(value.map(|value| (name.clone(), value)));
        }
        // An item of a map may be empty, a member that is empty is absent.
        let absent = merged.is_empty() && shape.fills();
        (!absent).then_some(Value::Object(merged))
    }
}

/// What can be gone down into: an object, and an absent value that stands for an empty one.
fn members<'a>(value: Option<&'a Value>, fills: bool, empty: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
    match value {
        Some(Value::Object(members)) => Some(members),
        None if fills => Some(empty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::arbitrary;
    use super::*;

    fn clean(merged: Value) -> Merge {
        Merge {
            overlaps: Vec::new(),
            merged: Some(merged),
        }
    }

    fn overlapping(merge: &Merge) -> Vec<&str> {
        assert_eq!(merge.merged, None);
        merge.overlaps.iter().map(|overlap| overlap.pointer.as_str()).collect()
    }

    #[test]
    fn takes_both_sides_where_they_touch_different_places() {
        let base = json!({"names": {"ko": "가"}, "sessions": {"s1": {"state": "planned"}}});
        let current = json!({"names": {"ko": "가", "mn": "А"}, "sessions": {"s1": {"state": "planned"}, "s2": {}}});
        let yours = json!({"names": {"ko": "나"}, "sessions": {"s1": {"state": "held"}}, "tags": ["a"]});
        assert_eq!(
            three_way(&base, &current, &yours),
            clean(json!({
                "names": {"ko": "나", "mn": "А"}, "sessions": {"s1": {"state": "held"}, "s2": {}}, "tags": ["a"]
            }))
        );
    }

    #[test]
    fn takes_both_first_items_of_a_map() {
        let merge = three_way(&json!({}), &json!({"posts": {"a": {}}}), &json!({"posts": {"b": {}}}));
        assert_eq!(merge, clean(json!({"posts": {"a": {}, "b": {}}})));
    }

    #[test]
    fn names_the_places_that_both_changed() {
        let base = json!({"kind": "school", "tags": ["a"], "posts": {"a": {"term": 1}, "b": {"term": 1}}});
        let current = json!({"kind": "ngo", "tags": ["a", "b"], "posts": {"b": {"term": 2}}});
        let yours = json!({"kind": "bureau", "tags": ["a", "c"], "posts": {"a": {"term": 2}, "b": {"term": 3}}});
        let merge = three_way(&base, &current, &yours);
        assert_eq!(overlapping(&merge), ["/kind", "/posts/a", "/posts/b/term", "/tags"]);
        let deletion = merge.overlaps.iter().find(|overlap| overlap.pointer == "/posts/a");
        assert_eq!(
            deletion,
            Some(&Overlap {
                pointer: "/posts/a".to_owned(),
                base: Some(json!({"term": 1})),
                current: None,
                yours: Some(json!({"term": 2})),
            })
        );
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_overlap() {
        let base = json!({"kind": "school", "tags": ["a"]});
        let current = json!({"kind": "ngo"});
        let yours = json!({"kind": "ngo", "city": "Seoul"});
        assert_eq!(
            three_way(&base, &current, &yours),
            clean(json!({"kind": "ngo", "city": "Seoul"}))
        );
    }

    proptest! {
        #[test]
        fn only_yours_changed(base in arbitrary::normal(), yours in arbitrary::normal()) {
            prop_assert_eq!(three_way(&base, &base, &yours), clean(yours));
        }

        #[test]
        fn only_current_changed(base in arbitrary::normal(), current in arbitrary::normal()) {
            prop_assert_eq!(three_way(&base, &current, &base), clean(current));
        }

        #[test]
        fn both_changed_the_same(base in arbitrary::normal(), both in arbitrary::normal()) {
            prop_assert_eq!(three_way(&base, &both, &both), clean(both));
        }

        #[test]
        fn neither_side_is_favoured(
            base in arbitrary::normal(), current in arbitrary::normal(), yours in arbitrary::normal()
        ) {
            let mut swapped = three_way(&base, &yours, &current);
            for overlap in &mut swapped.overlaps {
                std::mem::swap(&mut overlap.current, &mut overlap.yours);
            }
            prop_assert_eq!(three_way(&base, &current, &yours), swapped);
        }

        #[test]
        fn is_merged_exactly_where_nothing_overlaps(
            base in arbitrary::normal(), current in arbitrary::normal(), yours in arbitrary::normal()
        ) {
            let merge = three_way(&base, &current, &yours);
            prop_assert_eq!(merge.merged.is_some(), merge.overlaps.is_empty());
            for overlap in merge.overlaps {
                prop_assert_eq!(base.pointer(&overlap.pointer), overlap.base.as_ref());
                prop_assert_eq!(current.pointer(&overlap.pointer), overlap.current.as_ref());
                prop_assert_eq!(yours.pointer(&overlap.pointer), overlap.yours.as_ref());
            }
        }
    }
}
