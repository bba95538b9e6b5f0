//! Actions: what is done to a record otherwise than by writing its document. `POST /{kind}/{id}/actions`, with a body
//! that `action` tags.
//!
//! An [`Action`] is one value: its name, the schema of its body, who may take it, and what it does inside the writing
//! transaction. All kinds have [`transfer`](mod@transfer) and [`redact`](mod@redact); a kind declares its own in
//! [`Acts::ACTIONS`]. Nothing else is needed: the API document, the check of the body and the dispatch follow.

pub mod action;
pub mod context;
mod endpoint;
pub mod redact;
mod submit;
pub mod transfer;

pub use endpoint::endpoint;
pub use submit::submit_action;

use crate::documents::actions::action::{Action, Acts};
use crate::documents::contract::ActionContract;
use crate::error::{Error, Result};
use crate::openapi::document::ActionFacts;
use crate::schema::validator::Validator;
use crate::schema::walk::SchemaWalk;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// All actions of a kind.
pub fn all<K: Acts>() -> Vec<Action<K>> {
    let mut actions = vec![transfer::action::<K>(), redact::action::<K>()];
    actions.extend_from_slice(K::ACTIONS);
    actions
}

/// What the actions of a kind bring into the API document.
pub fn facts<K: Acts>() -> Vec<ActionFacts> {
    all::<K>()
        .into_iter()
        .map(|action| {
            let mut properties = Map::from_iter([(
                "action".to_owned(),
                json!({"type": "string", "const": action.name, "description": "Which action."}),
            )]);
            properties.extend((action.members)().as_object().cloned().unwrap_or_default());
            let mut example = Map::from_iter([("action".to_owned(), json!(action.name))]);
            example.extend((action.example)().as_object().cloned().unwrap_or_default());
            let required: Vec<String> = properties.keys().cloned().collect();
            ActionFacts {
                name: action.name,
                component: action.component,
                schema: json!({
                    "type": "object",
                    "description": action.description,
                    "required": required,
                    "properties": properties,
                    "additionalProperties": false,
                    "examples": [example],
                }),
                example: Value::Object(example),
            }
        })
        .collect()
}

/// Compiles the bodies of all actions of a kind from the API document.
pub fn compile<K: Acts>(document: &Value) -> Result<BTreeMap<&'static str, ActionContract>> {
    let components = document
        .pointer("/components/schemas")
        .ok_or_else(|| Error::internal("the API document has no schemas"))?;
    all::<K>()
        .into_iter()
        .map(|action| {
            let contract = ActionContract {
                body: Validator::new(document, action.component).map_err(Error::internal)?,
                walk: SchemaWalk::new(components, action.component).map_err(Error::internal)?,
            };
            Ok((action.name, contract))
        })
        .collect()
}
