//! JSON merge patch (RFC 7396): how a PATCH changes a document, and the patch that leads from one version to another.

pub use json_patch::merge as merge_patch;
use serde_json::{Map, Value};

/// The smallest merge patch that makes `to` of `from`. Both must be free of nulls, as normal forms are: a merge patch
/// cannot write one.
pub fn diff_as_patch(from: &Value, to: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (from, to) else {
        return to.clone();
    };
    let mut patch = Map::new();
    for (name, value) in new {
        match old.get(name) {
            Some(before) if before == value => {}
            Some(before) => {
                patch.insert(name.clone(), replacement(before, value));
            }
            None => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    Value::Object(patch)
}

/// The patch of one member that differs.
fn replacement(from: &Value, to: &Value) -> Value {
    if from.is_object() && to.is_object() {
        diff_as_patch(from, to)
    } else {
        to.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::arbitrary;
    use super::*;

    fn patched(target: Value, patch: &Value) -> Value {
        let mut target = target;
        merge_patch(&mut target, patch);
        target
    }

    #[test]
    fn follows_the_examples_of_the_standard() {
        // RFC 7396, appendix A.
        let cases = [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (
                json!({"a":{"b":"c"}}),
                json!({"a":{"b":"d","c":null}}),
                json!({"a":{"b":"d"}}),
            ),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"a":"foo"}), Value::Null, Value::Null),
            (json!({"a":"foo"}), json!("bar"), json!("bar")),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ];
        for (target, patch, expected) in cases {
            assert_eq!(patched(target, &patch), expected, "{patch}");
        }
    }

    #[test]
    fn names_only_what_differs() {
        let from = json!({"names": {"ko": "가", "mn": "А"}, "tags": ["a"], "kind": "school"});
        let to = json!({"names": {"ko": "나"}, "tags": ["a", "b"], "kind": "school", "sessions": {"s1": {}}});
        assert_eq!(
            diff_as_patch(&from, &to),
            json!({"names": {"ko": "나", "mn": null}, "tags": ["a", "b"], "sessions": {"s1": {}}})
        );
    }

    proptest! {
        #[test]
        fn the_patch_between_two_leads_from_one_to_the_other(
            from in arbitrary::normal(), to in arbitrary::normal()
        ) {
            let patch = diff_as_patch(&from, &to);
            prop_assert_eq!(patched(from, &patch), to);
        }

        #[test]
        fn nothing_differs_from_itself(value in arbitrary::normal()) {
            prop_assert_eq!(diff_as_patch(&value, &value), json!({}));
        }

        #[test]
        fn applying_twice_is_applying_once(target in arbitrary::json(), patch in arbitrary::json()) {
            let once = patched(target, &patch);
            prop_assert_eq!(patched(once.clone(), &patch), once);
        }
    }
}
