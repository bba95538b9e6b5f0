//! Actions: what is done to a record otherwise than by writing its document. `POST /{kind}/{id}/actions`, with a body
//! that `action` tags.
//!
//! An [`Action`] is one value: its name, the schema of its body, who may take it, and what it does inside the writing
//! transaction. All kinds have [`transfer`](mod@transfer) and [`redact`](mod@redact); a kind declares its own in
//! [`Kind::ACTIONS`]. Nothing else is needed: the API document, the check of the body and the dispatch follow.

mod deed;
mod endpoint;
pub mod redact;
mod submit;
pub mod transfer;

pub use deed::{Deed, Done, replaced, unchanged};
pub use endpoint::endpoint;
pub use submit::submit_action;

use crate::auth::Recorded;
use crate::documents::kind::Kind;
use crate::error::{Error, Result};
use crate::openapi::document::ActionFacts;
use crate::schema::validator::Validator;
use crate::schema::walk::SchemaWalk;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// Who may take an action, beside the scope that writes the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taker {
    /// Whoever the action itself lets: the owner, a party.
    Concerned,
    /// A client of the registry itself that holds the scope `admin`.
    Registry,
}

/// One action of a kind.
#[derive(Debug)]
pub struct Action<K: Kind> {
    /// As `action` says it.
    pub name: &'static str,
    /// Name of the component that describes its body.
    pub component: &'static str,
    /// For people.
    pub description: &'static str,
    /// The members of its body beside `action`, as JSON Schema; all are required.
    pub members: fn() -> Value,
    /// The members of an example.
    pub example: fn() -> Value,
    /// Who may take it.
    pub taker: Taker,
    /// Does it.
    pub act: fn(&mut Deed<'_, '_, '_, K>) -> Result<Recorded<Done>>,
}

impl<K: Kind> Clone for Action<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Action<K> {}

/// All actions of a kind.
pub fn all<K: Kind>() -> Vec<Action<K>> {
    let mut actions = vec![transfer::action::<K>(), redact::action::<K>()];
    actions.extend_from_slice(K::ACTIONS);
    actions
}

/// What the actions of a kind bring into the API document.
pub fn facts<K: Kind>() -> Vec<ActionFacts> {
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

/// What is compiled at start of the body of one action.
#[derive(Debug)]
pub struct ActionContract {
    /// Checks it.
    pub body: Validator,
    /// Finds its references.
    pub walk: SchemaWalk,
}

/// Compiles the bodies of all actions of a kind from the API document.
pub fn compile<K: Kind>(document: &Value, components: &Value) -> Result<BTreeMap<&'static str, ActionContract>> {
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

/// The schema of `reason`. Why something is done is said by people, to people.
pub fn reason_schema() -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_REASON,
        "pattern": "\\S",
        "description": "Why.",
    })
}

/// The schema of a reference to an office.
pub fn office_schema(description: &str) -> Value {
    json!({"$ref": "#/components/schemas/OfficeReference", "description": description})
}
