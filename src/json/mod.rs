//! Operations on plain JSON values. Pure: no schema, no database, no HTTP.
//!
//! - [`reader`]: strict parsing with all faults of a text · [`mod@pointer`]: RFC 6901
//! - [`patch`]: RFC 7396 · [`diff`], [`merge`]: of documents with keyed maps, led by a [`shape`]
//! - [`digest`]: canonical form (RFC 8785) and SHA-256

#[cfg(test)]
pub(crate) mod arbitrary;
pub mod diff;
pub mod digest;
#[cfg(test)]
pub(crate) mod growth;
pub mod merge;
pub mod nulls;
pub mod patch;
pub mod pointer;
pub mod reader;
pub mod shape;
