//! Components of the API document that Rust types describe.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

/// Components by name.
pub type Components = Map<String, Value>;

/// Makes components; fails where a schema cannot be written as JSON.
pub type MakeComponents = fn() -> serde_json::Result<Components>;

/// The component of `T` and those of the types that it holds. Types that only stand for a component described elsewhere
/// bring none.
pub fn components_of<T: ToSchema>() -> serde_json::Result<Components> {
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let schemas = schemas.into_iter().filter(|(_, schema)| matches!(schema, RefOr::T(_)));
    schemas
        .map(|(name, schema)| {
            let mut schema = serde_json::to_value(schema)?;
            tidy(&mut schema);
            Ok((name, schema))
        })
        .collect()
}

/// The components of an answer: every member is always there, and there are no others, unless the type says that it has
/// more.
pub fn answer_components<T: ToSchema>() -> serde_json::Result<Components> {
    let mut components = components_of::<T>()?;
    components.values_mut().for_each(close);
    Ok(components)
}

/// The components of a list of `T`.
pub fn page_components<T: ToSchema>() -> serde_json::Result<Components> {
    let mut components = answer_components::<T>()?;
    let page = page_schema(&T::name(), "One page of a list.");
    components.insert(page_name::<T>(), page);
    Ok(components)
}

/// The name of the component of a list of `T`.
pub fn page_name<T: ToSchema>() -> String {
    format!("{}Page", T::name())
}

/// A page of items that have this component.
pub fn page_schema(item: &str, description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "required": ["items", "page"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": format!("#/components/schemas/{item}")}},
            "page": {"$ref": "#/components/schemas/PageInfo"},
        },
        "additionalProperties": false,
    })
}

/// Descriptions are written over several lines of source; that names of members are texts goes without saying.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|name, value| name != "propertyNames" || *value != json!({"type": "string"}));
            for (name, value) in members {
                match value {
                    Value::Object(any) if name == "additionalProperties" && any.is_empty() => *value = json!(true),
                    Value::String(text) if name == "description" && !text.contains("\n\n") => {
                        *text = text.replace('\n', " ");
                    }
                    value => tidy(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Members that serde flattens into the object are in a part of their own; they become members like the others.
fn join_parts(members: &mut Components) {
    let Some(Value::Array(parts)) = members.get("allOf").cloned() else {
        return;
    };
    let properties = |part: &Value| part.get("properties").and_then(Value::as_object).cloned();
    let Some(all) = parts.iter().map(properties).collect::<Option<Vec<_>>>() else {
        return;
    };
    members.remove("allOf");
    members.insert("type".to_owned(), json!("object"));
    members.insert("properties".to_owned(), all.into_iter().flatten().collect());
}

fn close(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    join_parts(members);
    if let Some(branches) = members.get_mut("oneOf").and_then(Value::as_array_mut) {
        branches.iter_mut().for_each(close);
    }
    let Some(properties) = members.get("properties").and_then(Value::as_object) else {
        return;
    };
    if !members.contains_key("additionalProperties") {
        let required: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
        members.insert("required".to_owned(), Value::Array(required));
        members.insert("additionalProperties".to_owned(), json!(false));
    }
}

/// The schema of a text that is one of these words.
pub fn word_of(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    words_object(words).into()
}

/// The same as a component of its own, which is described.
pub fn described_words(description: &str, words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    words_object(words).description(Some(description)).into()
}

fn words_object(words: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words))
}
