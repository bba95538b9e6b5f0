//! The schema: embedded, run under a lock row, never edited after landing.
//!
//! The lock is a row and not an advisory lock, which not every server that speaks PostgreSQL's protocol has. All
//! pending migrations run in the one transaction that holds it, so a crash leaves the schema as it was.

use super::connection::{Conn, DatabaseUrl, Purpose};
use crate::error::{Code, Error, Result};
use crate::texts::untranslated;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::time::Duration;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

type Manager = <Conn as Connection>::TransactionManager;

/// How the schema of a database stands to this build's. Schemas are named by the version of their newest migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// There is no file, or no table of ours.
    Missing,
    /// Some migrations of this build have not run.
    Older {
        /// The newest that has.
        newest: String,
        /// The newest of this build.
        expected: String,
    },
    /// All have run, and no others.
    Current,
    /// One has run that this build does not know.
    Newer {
        /// The newest of those.
        unknown: String,
        /// The newest of this build.
        expected: String,
    },
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Looks at the schema and changes nothing; an SQLite file that is not there is not created.
pub fn inspect(url: &DatabaseUrl) -> Result<SchemaState> {
    if url.sqlite_path().is_some_and(|path| !path.exists()) {
        return Ok(SchemaState::Missing);
    }
    let mut conn = connect(url, Purpose::Read)?;
    let (source, has_table) = match conn {
        Conn::Sqlite(_) => (
            SQLITE,
            "SELECT count(*) AS number FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations'",
        ),
        Conn::Postgres(_) => (
            POSTGRES,
            "SELECT count(*) AS number FROM information_schema.tables
             WHERE table_schema = ANY (current_schemas(false)) AND table_name = '__diesel_schema_migrations'",
        ),
    };
    let known = known_versions(&source)?;
    let expected = known.iter().max().cloned().unwrap_or_default();
    let tables: Counted = diesel::sql_query(has_table).get_result(&mut conn)?;
    if tables.number == 0 {
        return Ok(SchemaState::Missing);
    }
    let applied: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version").load(&mut conn)?;
    let applied: Vec<String> = applied.into_iter().map(|row| row.version).collect();
    let unknown = applied.iter().rfind(|version| !known.contains(version)).cloned();
    Ok(match (applied.last().cloned(), unknown) {
        (None, _) => SchemaState::Missing,
        (_, Some(unknown)) => SchemaState::Newer { unknown, expected },
        (Some(newest), None) if applied.len() < known.len() => SchemaState::Older { newest, expected },
        (Some(_), None) => SchemaState::Current,
    })
}

/// Connects, or says in one line why not.
pub(super) fn connect(url: &DatabaseUrl, purpose: Purpose) -> Result<Conn> {
    url.connect(purpose).map_err(|error| unreachable(url, &error))
}

/// Connects to write; makes an SQLite file where there is none.
pub(super) fn create(url: &DatabaseUrl) -> Result<Conn> {
    url.make_private_file().map_err(|error| unreachable(url, &error))?;
    connect(url, Purpose::Write)
}

fn unreachable(url: &DatabaseUrl, error: &dyn std::fmt::Display) -> Error {
    // libpq writes several lines; an operator reads one.
    let reason: Vec<String> = error.to_string().split_whitespace().map(str::to_owned).collect();
    let detail = format!("{url} cannot be reached: {}", reason.join(" "));
    Error::new(Code::DatabaseUnavailable, untranslated(detail))
}

/// Brings the database up to this build's schema; creates an SQLite file that is not there. A schema that is newer
/// than this build is refused.
pub fn run(database_url: &str) -> Result<()> {
    let url = DatabaseUrl::parse(database_url)
        .map_err(|problem| Error::new(Code::DatabaseUnavailable, untranslated(problem)))?;
    migrate(&mut create(&url)?)
}

/// The same on an open connection.
pub fn migrate(conn: &mut Conn) -> Result<()> {
    migrate_and(conn, |_| Ok(()))
}

/// The same, with a last step in the one transaction: no other program sees the new schema without what the step wrote.
pub(super) fn migrate_and(conn: &mut Conn, last_step: impl FnOnce(&mut Conn) -> Result<()>) -> Result<()> {
    create_lock(conn)?;
    in_transaction(conn, |conn| {
        run_locked(conn)?;
        last_step(conn)
    })
}

/// Runs a step in a transaction of its own that holds the write lock from its start.
pub(super) fn in_transaction(conn: &mut Conn, step: impl FnOnce(&mut Conn) -> Result<()>) -> Result<()> {
    begin(conn)?;
    match step(conn) {
        Ok(()) => Manager::commit_transaction(conn).map_err(Error::from),
        Err(error) => {
            // The first error is the one to report.
            let _ignored = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// Begins a transaction that holds the write lock from its start: on SQLite a transaction that reads first and writes
/// later fails at once when another connection has written meanwhile.
pub(super) fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
        Conn::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN")?,
    }
    Ok(())
}

/// Two instances that start at once may both create the table; the second then fails once and finds it.
fn create_lock(conn: &mut Conn) -> Result<()> {
    let statements = "CREATE TABLE IF NOT EXISTS migration_lock (id INTEGER NOT NULL PRIMARY KEY);
         INSERT INTO migration_lock (id) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM migration_lock)";
    let mut attempts = 0;
    loop {
        attempts += 1;
        match conn.batch_execute(statements) {
            Ok(()) => return Ok(()),
            Err(_) if attempts < 10 => std::thread::sleep(Duration::from_millis(50 * attempts)),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A migration may rewrite a large table, and another instance may be at it: the limits of single statements do not
/// hold for this transaction.
fn lift_limits(conn: &mut Conn) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min';
             SET LOCAL idle_in_transaction_session_timeout = 0",
        )?;
    }
    Ok(())
}

fn run_locked(conn: &mut Conn) -> Result<()> {
    lift_limits(conn)?;
    diesel::sql_query("UPDATE migration_lock SET id = 1").execute(conn)?;
    let source = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    let known = known_versions(&source)?;
    let applied = conn.applied_migrations().map_err(Error::internal)?;
    if let Some(newer) = applied.iter().find(|version| !known.contains(&version.to_string())) {
        return Err(Error::new(
            Code::DatabaseUnavailable,
            untranslated(format!(
                "the database has schema {newer}, which this build does not know: use a newer build"
            )),
        ));
    }
    conn.run_pending_migrations(source).map_err(Error::internal)?;
    Ok(())
}

fn known_versions(source: &EmbeddedMigrations) -> Result<Vec<String>> {
    use diesel::migration::{Migration, MigrationSource};
    let migrations: Vec<Box<dyn Migration<MultiBackend>>> = source.migrations().map_err(Error::internal)?;
    Ok(migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

type MultiBackend = <Conn as Connection>::Backend;
