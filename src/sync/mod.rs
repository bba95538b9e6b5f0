//! Keeping other systems in step: the change feed, bulk import, verification.

pub mod changes;
pub mod import;
mod locate;
pub mod verify;
