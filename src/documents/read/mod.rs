//! Reading documents: one, lists of them, and their history, as far as the caller may see them.
//!
//! - [`current`]: the current row of a record · [`select`]: lists · [`filter`]: filters that all kinds have
//! - [`history`]: versions and what changed between two · [`render`]: documents as they leave the service

pub mod address;
pub mod current;
pub mod filter;
pub mod history;
pub mod render;
pub mod select;
pub mod sight_head;
