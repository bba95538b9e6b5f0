//! What all kinds of document share.
//!
//! - Shapes: [`common`] (members of every document), [`commitment`], [`kind`] (what the kernel must know of a kind),
//!   [`contract`] (what it compiles of each at start), [`entry`] (a kind as a value)
//! - Documents and rows of earlier releases: [`mod@upgrade`], [`derivation`]
//! - [`write`](mod@write), [`read`], [`actions`], [`external`] (partners' own ids), [`office_aliases`] (offices with
//!   several ids after a merger), [`offers`] (records that another office is asked to take)
//! - HTTP: [`api`], [`endpoints`](mod@endpoints)

pub mod actions;
pub mod api;
pub mod commitment;
pub mod common;
pub mod contract;
pub mod derivation;
pub mod endpoints;
pub mod entry;
pub mod external;
pub mod format;
pub mod kind;
pub mod offers;
pub mod office_aliases;
pub mod read;
pub mod upgrade;
pub mod write;
