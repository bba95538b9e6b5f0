//! Keeping other systems in step: the change feed, bulk import, verification; bringing derived rows up to date
//! ([`reindex`], in the background by [`reindexer`]); and filling a registry for trials.

pub mod changes;
pub mod generate;
pub mod import;
mod locate;
pub mod reindex;
pub mod reindexer;
pub mod verify;
