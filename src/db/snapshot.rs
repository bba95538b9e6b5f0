//! Reading one snapshot: every statement sees the database as it was at the first one, whatever is committed meanwhile.

use super::connection::Conn;
use crate::error::Result;
use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

type Manager = <Conn as Connection>::TransactionManager;

/// Runs `work` in one read-only transaction with a snapshot. A connection of which the transaction could not be ended
/// ends in an error of the database.
///
/// SQLite in WAL mode: a deferred transaction keeps the snapshot of its first read. Writers are not blocked, but the log cannot
/// be cut back behind the snapshot, so this is for work of seconds or minutes and not of hours.
pub(super) fn in_snapshot<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN DEFERRED")?,
        Conn::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    let result = work(conn);
    // Nothing was written, so ending the transaction either way is the same.
    match &result {
        Err(error) if error.is_from_database() => {}
        _ => Manager::rollback_transaction(conn)?,
    }
    result
}
