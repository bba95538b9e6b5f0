//! The OpenAPI document: what is derived from the endpoints and the document types, and the validator that enforces it.
//!
//! - [`document`]: the whole · [`service_schemas`]: components of the service itself
//! - [`mod@derive`]: what is read, created, replaced and patched, from one type per document
//! - [`validator`]: the published schema as the validator

pub mod derive;
pub mod document;
pub mod service_schemas;
pub mod validator;
