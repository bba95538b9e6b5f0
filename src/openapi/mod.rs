//! The OpenAPI document, put together from the declared endpoints and the document types.
//!
//! - [`document`]: the whole · [`service_schemas`]: components of the service itself

pub mod document;
pub mod service_schemas;

use crate::error::{Error, Result};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The component of a type and those of the types that it holds, by name: for answers that are described beside their
/// types. Types that only stand for a component described elsewhere bring none.
pub fn component_schemas<T: ToSchema>() -> Result<Map<String, Value>> {
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let schemas = schemas.into_iter().filter(|(_, schema)| matches!(schema, RefOr::T(_)));
    schemas
        .map(|(name, schema)| Ok((name, serde_json::to_value(schema).map_err(Error::internal)?)))
        .collect()
}
