//! Makes a schema accept null as well, in the forms that code generators know.

use serde_json::{Map, Value, json};

/// Keywords that speak about the place and not about the form; they stay outside of a choice.
const ANNOTATIONS: &[&str] = &[
    "description",
    "title",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
];

/// The schema, with null: `type: [T, null]` for plain and inline ones, `oneOf: [form, null]` for references.
pub(super) fn nullable(schema: Value) -> Value {
    let Value::Object(mut keywords) = schema else {
        return schema;
    };
    if accepts_null(&keywords) {
        return Value::Object(keywords);
    }
    if let Some(name) = keywords.get("type").cloned() {
        let mut types = match name {
            Value::Array(types) => types,
            name => vec![name],
        };
        types.push("null".into());
        keywords.insert("type".to_owned(), Value::Array(types));
        if let Some(codes) = keywords.get_mut("enum").and_then(Value::as_array_mut) {
            codes.push(Value::Null);
        }
        return Value::Object(keywords);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(branches) = keywords.get_mut(choice).and_then(Value::as_array_mut) {
            branches.push(json!({"type": "null"}));
            return Value::Object(keywords);
        }
    }
    let (mut outside, form): (Map<_, _>, Map<_, _>) = keywords
        .into_iter()
        .partition(|(keyword, _)| ANNOTATIONS.contains(&keyword.as_str()));
    if !form.is_empty() {
        let choice = json!([Value::Object(form), {"type": "null"}]);
        outside.insert("oneOf".to_owned(), choice);
    }
    Value::Object(outside)
}

/// Whether a schema says that null is allowed.
fn accepts_null(keywords: &Map<String, Value>) -> bool {
    let is_null = |name: &Value| name.as_str() == Some("null");
    let by_type = match keywords.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_null),
        Some(name) => is_null(name),
        None => false,
    };
    let by_choice = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|choice| keywords.get(*choice)?.as_array())
        .flatten()
        .filter_map(Value::as_object)
        .any(accepts_null);
    by_type || by_choice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_null_in_every_form() {
        let cases = [
            (
                json!({"type": "string", "maxLength": 3}),
                json!({"type": ["string", "null"], "maxLength": 3}),
            ),
            (
                json!({"type": "string", "enum": ["a"]}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"$ref": "#/components/schemas/A", "description": "x", "readOnly": true}),
                json!({
                    "oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}],
                    "description": "x", "readOnly": true
                }),
            ),
            (
                json!({"allOf": [{"$ref": "#/components/schemas/A"}]}),
                json!({"oneOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "null"}]}),
            ),
            (
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
            ),
            (json!({"description": "anything"}), json!({"description": "anything"})),
            (json!(true), json!(true)),
        ];
        for (schema, expected) in cases {
            let once = nullable(schema);
            assert_eq!(once, expected);
            assert_eq!(nullable(once), expected, "twice");
        }
    }
}
