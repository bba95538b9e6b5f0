//! Whether a program may work on a database as it is, and what an operator is told where it may not.
//!
//! Only `serve` upgrades a database: a command that upgraded one by the way would do so under a running service of the
//! version before. And only commands that are meant to begin a registry create one: a misspelt path must not look like
//! an empty registry. What must stay true: whatever is refused here was not changed.

use super::connection::DatabaseUrl;
use super::migrate::{self, SchemaState};
use crate::error::{Code, Error, Result};

/// The version of this program, as it names itself.
pub const PROGRAM: &str = concat!("eduaccord ", env!("CARGO_PKG_VERSION"));

/// Accepts a database that is there and has this program's schema. Nothing is created or upgraded.
///
/// # Errors
/// 503 `database-unavailable` with a sentence for the operator: there is none, it is older, it is newer, or it cannot be
/// reached.
pub fn require(url: &DatabaseUrl) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Current => Ok(()),
        SchemaState::Missing => Err(refuse(format!(
            "there is no Eduaccord database at {url}; check DATABASE_URL, or begin a new registry with: eduaccord serve"
        ))),
        SchemaState::Older { newest, expected } => Err(refuse(format!(
            "{url} is older than this program: its schema is {newest}, {PROGRAM} needs {expected}; make a backup, then \
             upgrade it with: eduaccord serve"
        ))),
        SchemaState::Newer { unknown, expected } => Err(refuse_newer_schema(url, &unknown, &expected)),
    }
}

/// The same, but a registry is begun where there is none.
pub fn require_or_create(url: &DatabaseUrl) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Missing => migrate::run_at(url),
        _ => require(url),
    }
}

/// Brings a database up to this program's schema, or begins a registry where there is none.
pub fn upgrade(url: &DatabaseUrl) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Newer { unknown, expected } => Err(refuse_newer_schema(url, &unknown, &expected)),
        SchemaState::Current => Ok(()),
        SchemaState::Missing | SchemaState::Older { .. } => migrate::run_at(url),
    }
}

fn refuse_newer_schema(url: &DatabaseUrl, unknown: &str, expected: &str) -> Error {
    refuse(format!(
        "{url} was written by a newer build: its schema is {unknown}, {PROGRAM} knows {expected}; use the newer build, \
         or restore the backup that was made before the upgrade"
    ))
}

fn refuse(detail: String) -> Error {
    Error::new(Code::DatabaseUnavailable, detail)
}
