//! Reading and small changes of JSON schemas, for the derivation.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What a reference to a component begins with.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// `ext:{system}:{key}` as `values::id::ExternalReference` reads it.
pub(super) const EXTERNAL: &str =
    r"^ext:[a-z][a-z0-9_-]{0,62}:[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x1f\x7f-\x9f]{0,198}[^\s\x00-\x1f\x7f-\x9f])?$";

/// An id of a record or the caller's own.
pub(super) fn reference_schema(id: &Value) -> Value {
    let pattern = id.get("pattern").and_then(Value::as_str);
    let mut examples: Vec<Value> = ["example", "examples"]
        .iter()
        .filter_map(|keyword| id.get(*keyword))
        .flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]))
        .collect();
    examples.push("ext:sis:4711".into());
    json!({
        "type": "string",
        "description": id.get("description").cloned().unwrap_or_default(),
        "pattern": pattern.map_or_else(|| EXTERNAL.to_owned(), |pattern| format!("{pattern}|{EXTERNAL}")),
        "examples": examples,
    })
}

/// Takes what callers do not send out of the examples.
pub(super) fn without_kept(schema: &mut Map<String, Value>, kept: &[&str]) {
    let clean = |example: &mut Value| {
        if let Some(members) = example.as_object_mut() {
            members.retain(|name, _| !kept.contains(&name.as_str()));
        }
    };
    schema.get_mut("example").map(clean);
    if let Some(examples) = schema.get_mut("examples").and_then(Value::as_array_mut) {
        examples.iter_mut().for_each(clean);
    }
}

/// Makes every member required, also of objects inside.
pub(super) fn require_all(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, value) in keywords.iter_mut() {
                // Examples and defaults are values, not schemas.
                if !matches!(keyword.as_str(), "example" | "examples" | "default" | "enum") {
                    require_all(value);
                }
            }
            if let Some(properties) = keywords.get("properties").and_then(Value::as_object) {
                let names = properties.keys().map(String::as_str).collect();
                keywords.insert("required".to_owned(), names);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// Adds a component and all that it refers to.
pub(super) fn reach(schemas: &Map<String, Value>, name: &str, seen: &mut BTreeSet<String>) -> Result<(), String> {
    if seen.insert(name.to_owned()) {
        for target in references(component(schemas, name)?) {
            reach(schemas, local(target)?, seen)?;
        }
    }
    Ok(())
}

/// The targets of all references in a schema.
pub(super) fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(keywords) => keywords
            .iter()
            .flat_map(|(keyword, value)| match value {
                Value::String(target) if keyword == "$ref" => vec![target.as_str()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn required(schema: &Value) -> BTreeSet<&str> {
    schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

pub(super) fn component<'a>(schemas: &'a Map<String, Value>, name: &str) -> Result<&'a Value, String> {
    schemas
        .get(name)
        .ok_or_else(|| format!("there is no schema component {name}"))
}

pub(super) fn local(target: &str) -> Result<&str, String> {
    target
        .strip_prefix(COMPONENTS)
        .ok_or_else(|| format!("{target} is not a schema component of this document"))
}
