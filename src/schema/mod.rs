//! JSON Schemas of documents: made from the Rust types, and used to check and to walk documents.
//!
//! - [`mod@derive`]: the schemas to read, create, replace and patch, from one type per document
//! - [`validator`]: the published schema as the validator
//! - [`walk`]: a document visited along its schema: normal form, completion, references

pub mod component;
pub mod derive;
pub mod validator;
pub mod walk;
