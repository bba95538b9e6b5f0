//! JSON for the property tests of this folder.

use proptest::prelude::*;
use serde_json::{Map, Value};

/// Scalars, null among them only where asked.
fn scalar(nulls: bool) -> BoxedStrategy<Value> {
    let plain = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        "[a-cé]{0,3}".prop_map(Value::from),
    ];
    if nulls {
        prop_oneof![plain, Just(Value::Null)].boxed()
    } else {
        plain.boxed()
    }
}

fn tree(nulls: bool) -> BoxedStrategy<Value> {
    scalar(nulls)
        .prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                proptest::collection::vec(scalar(nulls), 0..4).prop_map(Value::from),
                object(inner),
            ]
        })
        .boxed()
}

/// Few names, so that two trees meet often.
fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    proptest::collection::btree_map("[a-d]|x/y", values, 0..5)
        .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

/// Any JSON without floats.
pub(crate) fn json() -> BoxedStrategy<Value> {
    tree(true)
}

/// An object without nulls at any place, as normal forms are.
pub(crate) fn normal() -> BoxedStrategy<Value> {
    object(tree(false)).boxed()
}
