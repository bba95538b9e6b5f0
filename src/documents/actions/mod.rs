//! Actions: what is done to a record otherwise than by writing its document. `POST /{kind}/{id}/actions`, with a body
//! that `action` tags.
//!
//! An action is a type ([`PerformAction`](action::PerformAction)): its name, its body, the scope that it needs, who may
//! perform it, and what it does inside the writing transaction. All kinds have [`transfer`](mod@transfer) and
//! [`redact`](mod@redact); a kind lists its own in [`Acts::ACTIONS`]. Nothing else is needed: the API document, the
//! check of the body and the dispatch follow.

pub mod action;
pub mod acts;
pub mod context;
mod endpoint;
pub mod redact;
mod submit;
pub mod transfer;

pub use endpoint::endpoint;
pub use submit::submit_action;

use crate::auth::Scope;
use crate::documents::actions::action::Action;
use crate::documents::actions::acts::Acts;
use crate::documents::contract::ActionContract;
use crate::documents::kind::Kind;
use crate::error::{Error, Result};
use crate::openapi::document::ActionFacts;
use crate::schema::validator::Validator;
use crate::schema::walk::SchemaWalk;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the actions of a kind bring into the API document.
pub fn facts<K: Acts>() -> Result<Vec<ActionFacts>> {
    K::actions().map(describe).collect()
}

/// The component of an action's body: the members of its type, and `action`.
fn describe<K: Kind>(action: &Action<K>) -> Result<ActionFacts> {
    let component = (action.component)();
    let mut schemas = (action.components)().map_err(Error::internal)?;
    let Some(Value::Object(schema)) = schemas.get_mut(&component) else {
        return Err(Error::internal(format!("the body of {} is no object", action.name)));
    };
    let named = json!({"type": "string", "const": action.name, "description": "Which action."});
    let mut properties = Map::from_iter([("action".to_owned(), named)]);
    properties.extend(take_members(schema, "properties"));
    let mut example = Map::from_iter([("action".to_owned(), json!(action.name))]);
    let examples = schema.remove("examples").unwrap_or_default();
    example.extend(examples.get(0).and_then(Value::as_object).cloned().unwrap_or_default());
    let mut required = vec![json!("action")];
    if let Some(Value::Array(others)) = schema.remove("required") {
        required.extend(others);
    }
    schema.insert("description".to_owned(), json!(action.description));
    schema.insert("required".to_owned(), Value::Array(required));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("examples".to_owned(), json!([example]));
    Ok(ActionFacts {
        name: action.name,
        scope: action.scope.map(Scope::as_str),
        component,
        schemas,
        example: Value::Object(example),
    })
}

fn take_members(schema: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match schema.remove(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Compiles the bodies of all actions of a kind from the API document.
pub fn compile<K: Acts>(document: &Value) -> Result<BTreeMap<&'static str, ActionContract>> {
    let components = document
        .pointer("/components/schemas")
        .ok_or_else(|| Error::internal("the API document has no schemas"))?;
    K::actions()
        .map(|action| {
            let component = (action.component)();
            let contract = ActionContract {
                body: Validator::new(document, &component).map_err(Error::internal)?,
                walk: Arc::new(SchemaWalk::new(components, &component).map_err(Error::internal)?),
            };
            Ok((action.name, contract))
        })
        .collect()
}
