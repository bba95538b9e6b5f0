//! One action of a kind, as a value.

use crate::auth::Recorded;
use crate::documents::actions::context::{ActionContext, Done};
use crate::documents::kind::Kind;
use crate::error::Result;
use serde_json::{Value, json};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// Who may take an action, beside the scope that writes the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedActor {
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
    pub actor: AllowedActor,
    /// Does it.
    pub act: fn(&mut ActionContext<'_, '_, '_, K>) -> Result<Recorded<Done>>,
}

impl<K: Kind> Clone for Action<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Action<K> {}

/// A kind on whose records actions are performed.
pub trait Acts: Kind {
    /// The actions of this kind beside those of all kinds.
    const ACTIONS: &'static [Action<Self>] = &[];
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
