//! What all four kinds of document share.
//!
//! Over plain JSON, pure: [`json`] (strict reading), [`schema_walk`] (normal form, references, rules of values),
//! [`patch`], [`diff`], [`merge`], [`digest`].
//!
//! Documents of earlier releases: [`upgrade`].
//!
//! Shapes: [`common`] (the common members), [`commitment`], [`kind`] (what the kernel must know of a kind),
//! [`contract`] (what it compiles of each at start), [`entry`] (a kind as a value).
//!
//! Writing ([`submit`] leads through it): [`body`] (from a body to a checked document) → [`revise`] (a change against the version it is meant for; [`conflict`])
//! → [`draft`] (what follows from a
//! document) → [`write`](mod@write) (rights, inside the transaction; [`surroundings`]: references, unique values; [`items`]) → [`store`] (head, [`rows`],
//! revision, feed, audit; [`sight`]: whom each version named, [`sight_losses`]: whom a change takes sight from, [`sight_history`]: both from all versions). A request that is sent again: [`repeat`].
//!
//! Otherwise than by writing the document: [`actions`]. Offices with several ids: [`merged`]. Partners' own ids: [`external`].
//!
//! Rows that an older program derived: [`derivation`] (numbers), [`reindex`] (one record).
//!
//! Reading: [`head`], [`select`], [`present`], [`history`], [`filter`]. HTTP: [`api`], [`endpoints`](mod@endpoints).

pub mod actions;
pub mod api;
#[cfg(test)]
pub(crate) mod arbitrary;
pub mod body;
pub mod check;
pub mod commitment;
pub mod common;
pub mod conflict;
pub mod contract;
pub mod derivation;
pub mod diff;
pub mod digest;
pub mod draft;
pub mod endpoints;
pub mod entry;
pub mod external;
pub mod filter;
pub mod head;
pub mod history;
pub mod items;
pub mod json;
pub mod kind;
pub mod merge;
pub mod merged;
pub mod patch;
pub mod pointer;
pub mod present;
pub mod reindex;
pub mod repeat;
pub mod revise;
pub mod rows;
pub mod schema_walk;
pub mod select;
pub mod shape;
pub mod sight;
pub mod sight_history;
pub mod sight_losses;
pub mod store;
pub mod submit;
pub mod surroundings;
pub mod upgrade;
pub mod write;
