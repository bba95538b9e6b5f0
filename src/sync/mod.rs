//! Keeping other systems in step: the change feed, bulk import, verification; and filling a registry for trials.

pub mod changes;
pub mod generate;
pub mod import;
mod locate;
pub mod verify;
