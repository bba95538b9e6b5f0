//! What an action is: a type that declares its name, its body, the scope it needs and who may perform it.

use crate::auth::{Recorded, Scope, ScopeMarker};
use crate::documents::actions::context::{ActionContext, Done};
use crate::documents::kind::Kind;
use crate::error::{Error, Result};
use crate::schema::component::{MakeComponents, components_of};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// Who may perform an action, beside holding its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedActor {
    /// Decided by the action itself: the owner, a party.
    Concerned,
    /// A client of the registry itself.
    Registry,
}

/// An action on records of the kind `K`. Its body is checked against the schema of [`Self::Body`] before it is read.
pub trait PerformAction<K: Kind>: 'static {
    /// The members of the body beside `action`.
    type Body: DeserializeOwned + ToSchema;
    /// The scope that the caller must hold.
    type Scope: ScopeMarker;
    /// The value of `action`.
    const NAME: &'static str;
    /// For the API document.
    const DESCRIPTION: &'static str;
    /// Who may perform it.
    const ACTOR: AllowedActor = AllowedActor::Concerned;

    /// Performs it inside the writing transaction.
    fn perform(context: &mut ActionContext<'_, '_, '_, K>, body: Self::Body) -> Result<Recorded<Done>>;
}

/// One action of a kind, as a value.
pub struct Action<K: Kind> {
    /// The value of `action`.
    pub name: &'static str,
    /// For the API document.
    pub description: &'static str,
    /// The scope that the caller must hold.
    pub scope: Option<Scope>,
    /// Who may perform it.
    pub actor: AllowedActor,
    /// The name of the component of its body.
    pub component: fn() -> String,
    /// The component of its body and those that it refers to.
    pub components: MakeComponents,
    /// Reads the checked body and performs the action.
    pub perform: fn(&mut ActionContext<'_, '_, '_, K>, Value) -> Result<Recorded<Done>>,
}

impl<K: Kind> Action<K> {
    /// The action that a type declares.
    pub const fn of<A: PerformAction<K>>() -> Self {
        Self {
            name: A::NAME,
            description: A::DESCRIPTION,
            scope: <A::Scope as ScopeMarker>::SCOPE,
            actor: A::ACTOR,
            component: || A::Body::name().into_owned(),
            components: components_of::<A::Body>,
            perform: |context, body| A::perform(context, serde_json::from_value(body).map_err(Error::internal)?),
        }
    }
}

/// The schema of `reason`.
pub(crate) fn reason_schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST_REASON))
        .pattern(Some("\\S"))
        .description(Some("Why."))
        .into()
}

/// Stands in schemas for a reference to an office, which is derived with the schemas for writing documents.
pub(crate) struct OfficeReference;

impl PartialSchema for OfficeReference {
    fn schema() -> RefOr<Schema> {
        Ref::from_schema_name(Self::name()).into()
    }
}

impl ToSchema for OfficeReference {}
