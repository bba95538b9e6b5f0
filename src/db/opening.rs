//! Checks whether a program may work on a database as it is, and says why not.
//!
//! Only `serve` and `reindex` upgrade a database: a command that upgraded one by the way would do so under a running
//! service of the version before. And only commands that are meant to begin a registry create one: a misspelt path must
//! not look like an empty registry. What must stay true: whatever is refused here was not changed.

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::migrate::{self, SchemaState};
use super::schema::{records, registry_state};
use crate::error::{Code, Error, Result};
use crate::texts::untranslated;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

/// This program, as it names itself to an operator.
pub const PROGRAM: &str = concat!("eduaccord ", env!("CARGO_PKG_VERSION"));

/// The numbers of a program, beside its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// What it derives from documents.
    pub derivation: i32,
    /// What a program must know to write beside it.
    pub writer: i32,
}

/// Accepts a database that is there, with this program's schema and level. Nothing is created or upgraded.
///
/// # Errors
/// 503 `database-unavailable` with a sentence for the operator: there is none, it is older, it is newer, or it cannot be
/// reached.
pub fn require(url: &DatabaseUrl, levels: Levels) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Current => require_levels(url, levels),
        SchemaState::Missing => Err(refuse_missing(url)),
        SchemaState::Older { newest, expected } => Err(refuse_older(url, "schema", &newest, &expected)),
        SchemaState::Newer { unknown, expected } => Err(refuse_newer(url, "schema", &unknown, &expected)),
    }
}

/// The same, but a registry is begun where there is none.
pub fn require_or_create(url: &DatabaseUrl, levels: Levels) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Missing => upgrade(url, levels),
        _ => require(url, levels),
    }
}

/// True if a program of an older version may be at work on this database: its schema or writer level is older.
pub fn is_older(url: &DatabaseUrl, levels: Levels) -> Result<bool> {
    match migrate::inspect(url)? {
        SchemaState::Older { .. } => Ok(true),
        SchemaState::Missing | SchemaState::Newer { .. } => Ok(false),
        SchemaState::Current => {
            let found = read_levels(&mut migrate::connect(url, Purpose::Read)?)?;
            Ok(found.is_some_and(|found| found.writer < levels.writer))
        }
    }
}

/// Upgrades a database that is there.
pub fn upgrade_existing(url: &DatabaseUrl, levels: Levels) -> Result<()> {
    match migrate::inspect(url)? {
        SchemaState::Missing => Err(refuse_missing(url)),
        _ => upgrade(url, levels),
    }
}

/// Brings a database up to this program's schema and level, or begins a registry where there is none. From then on
/// older programs beside this one write no more. The rows of older derivations stay for `reindex`.
pub fn upgrade(url: &DatabaseUrl, levels: Levels) -> Result<()> {
    let raise = |conn: &mut Conn| raise(conn, url, levels);
    match migrate::inspect(url)? {
        SchemaState::Newer { unknown, expected } => Err(refuse_newer(url, "schema", &unknown, &expected)),
        SchemaState::Missing | SchemaState::Older { .. } => migrate::migrate_and(&mut migrate::create(url)?, raise),
        SchemaState::Current => {
            let mut conn = migrate::connect(url, Purpose::Read)?;
            let found = read_levels(&mut conn)?.unwrap_or(levels);
            refuse_newer_levels(url, levels, found)?;
            if found == levels && lowest_derivation(&mut conn)?.is_none_or(|lowest| lowest >= levels.derivation) {
                return Ok(());
            }
            migrate::in_transaction(&mut migrate::connect(url, Purpose::Write)?, raise)
        }
    }
}

/// Takes the state row as every writer does, and writes what is true of the database from now on.
fn raise(conn: &mut Conn, url: &DatabaseUrl, levels: Levels) -> Result<()> {
    diesel::update(registry_state::table)
        .set(registry_state::id.eq(1))
        .execute(conn)?;
    refuse_newer_levels(url, levels, read_levels(conn)?.unwrap_or(levels))?;
    // Programs that keep no number yet may have written rows after all others were done.
    let reached = lowest_derivation(conn)?.map_or(levels.derivation, |lowest| lowest.min(levels.derivation));
    diesel::update(registry_state::table)
        .set((
            registry_state::derivation.eq(reached),
            registry_state::writer_level.eq(levels.writer),
        ))
        .execute(conn)?;
    Ok(())
}

/// The contents of the state row. A missing row is damage, which `verify` reports.
fn read_levels(conn: &mut Conn) -> Result<Option<Levels>> {
    let found: Option<(i32, i32)> = registry_state::table
        .find(1)
        .select((registry_state::derivation, registry_state::writer_level))
        .first(conn)
        .optional()?;
    Ok(found.map(|(derivation, writer)| Levels { derivation, writer }))
}

/// The lowest number that the rows of any record have.
fn lowest_derivation(conn: &mut Conn) -> Result<Option<i32>> {
    Ok(records::table
        .select(diesel::dsl::min(records::derivation))
        .first(conn)?)
}

fn require_levels(url: &DatabaseUrl, levels: Levels) -> Result<()> {
    let found = read_levels(&mut migrate::connect(url, Purpose::Read)?)?.unwrap_or(levels);
    refuse_newer_levels(url, levels, found)?;
    if found.writer < levels.writer {
        return Err(refuse_older(url, "writer level", &found.writer, &levels.writer));
    }
    Ok(())
}

fn refuse_newer_levels(url: &DatabaseUrl, levels: Levels, found: Levels) -> Result<()> {
    if found.writer > levels.writer {
        return Err(refuse_newer(url, "writer level", &found.writer, &levels.writer));
    }
    if found.derivation > levels.derivation {
        return Err(refuse_newer(url, "derivation", &found.derivation, &levels.derivation));
    }
    Ok(())
}

fn refuse_missing(url: &DatabaseUrl) -> Error {
    refuse(format!(
        "there is no Eduaccord database at {url}; check DATABASE_URL, or begin a new registry with: eduaccord serve"
    ))
}

fn refuse_older(url: &DatabaseUrl, what: &str, found: &dyn std::fmt::Display, own: &dyn std::fmt::Display) -> Error {
    refuse(format!(
        "{url} is older than this program: its {what} is {found}, {PROGRAM} needs {own}; make a backup, then upgrade it \
         with: eduaccord serve (or eduaccord reindex)"
    ))
}

fn refuse_newer(url: &DatabaseUrl, what: &str, found: &dyn std::fmt::Display, own: &dyn std::fmt::Display) -> Error {
    refuse(format!(
        "{url} was written by a newer build: its {what} is {found}, {PROGRAM} knows {own}; use the newer build, or \
         restore the backup that was made before the upgrade"
    ))
}

fn refuse(detail: String) -> Error {
    Error::new(Code::DatabaseUnavailable, untranslated(detail))
}
