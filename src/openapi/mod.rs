//! The OpenAPI document, put together from the declared endpoints and the document types.
//!
//! [`document`] is all of it.

pub mod document;
