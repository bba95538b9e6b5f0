//! Writing documents: [`submit`] leads a request through the steps.
//!
//! 1. [`body`]: from the body to a checked document ([`check`]) · [`revise`]: a change against the version that it is
//!    meant for ([`conflict`])
//! 2. [`prepared`]: what follows from a document, before the transaction
//! 3. [`commit`]: rights ([`parts`]), references and unique values ([`constraints`], [`items`]), inside the transaction
//! 4. [`store`]: record, [`rows`], revision, feed, audit; sight ([`sight`], [`sight_history`], [`sight_losses`])
//!
//! [`replay`]: a repeated request with an `Idempotency-Key` · [`reindex`]: derived rows of one record made anew

pub mod body;
pub mod check;
pub mod commit;
pub mod conflict;
pub mod constraints;
pub mod items;
pub mod parts;
pub mod prepared;
pub mod reindex;
pub mod replay;
pub mod revise;
pub mod rows;
pub mod sight;
pub mod sight_history;
pub mod sight_losses;
pub mod store;
pub mod submit;
