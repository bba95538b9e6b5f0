//! The OpenAPI document, put together from the declared endpoints and the document types.
//!
//! - [`document`]: the whole · [`service_schemas`]: components of the service itself

pub mod document;
pub mod service_schemas;
