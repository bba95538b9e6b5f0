//! Reading: where a closure gets a connection from, and on which thread it runs.
//!
//! SQLite point reads and indexed pages run on the worker thread with a connection of that thread (a hop to another
//! thread costs more than the read); searches, totals and exports run on the blocking pool. PostgreSQL always runs on
//! the blocking pool. A pooled connection is not asked whether it lives before each use, which would cost a round
//! trip; a dead one is discarded, and the read is retried once on a new one.

use super::connection::{Conn, DatabaseUrl, Purpose, is_outage};
use super::presence::Presence;
use crate::error::{Code, Error, Result};
use crate::texts;
use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How much work a read is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A point read or an indexed page.
    Quick,
    /// A search, a total, a statistic, an export.
    Slow,
}

/// A pooled connection that remembers that it broke.
pub struct Slot {
    conn: Conn,
    broken: bool,
}

/// Opens connections for reading and counts what they are asked.
#[derive(Clone)]
struct Manager {
    url: DatabaseUrl,
    presence: Presence,
    statements: Arc<AtomicU64>,
}

impl Manager {
    fn open(&self) -> Result<Conn, diesel::ConnectionError> {
        self.presence.check().map_err(diesel::ConnectionError::BadConnection)?;
        let mut conn = self.url.connect(Purpose::Read)?;
        let statements = self.statements.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                statements.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(conn)
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Slot;
    type Error = diesel::ConnectionError;

    fn connect(&self) -> Result<Slot, Self::Error> {
        self.open().map(|conn| Slot { conn, broken: false })
    }

    fn is_valid(&self, _slot: &mut Slot) -> Result<(), Self::Error> {
        Ok(())
    }

    fn has_broken(&self, slot: &mut Slot) -> bool {
        slot.broken
    }
}

/// All connections for reading of one database.
pub struct Readers {
    manager: Manager,
    /// Tells the thread-local connections of several databases in one process apart.
    instance: u64,
    pool: r2d2::Pool<Manager>,
}

thread_local! {
    static LOCAL: RefCell<HashMap<u64, Conn>> = RefCell::new(HashMap::new());
}

static NEXT_INSTANCE: AtomicU64 = AtomicU64::new(1);

impl Readers {
    /// A pool that connects when it is first used.
    pub(super) fn new(url: &DatabaseUrl, presence: &Presence, size: u32) -> Self {
        let manager = Manager {
            url: url.clone(),
            presence: presence.clone(),
            statements: Arc::default(),
        };
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            // r2d2 waits up to half of this between attempts, so this bounds the time to recover.
            .connection_timeout(Duration::from_secs(2))
            .max_lifetime(Some(Duration::from_secs(600)))
            .idle_timeout(Some(Duration::from_secs(300)))
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(manager.clone());
        Self {
            manager,
            instance: NEXT_INSTANCE.fetch_add(1, Ordering::Relaxed),
            pool,
        }
    }

    /// How many statements the connections for reading were given so far.
    pub fn statements(&self) -> u64 {
        self.manager.statements.load(Ordering::Relaxed)
    }

    /// May this run on the calling worker thread?
    pub fn runs_inline(&self, lane: Lane) -> bool {
        lane == Lane::Quick && matches!(self.manager.url, DatabaseUrl::Sqlite(_))
    }

    /// Runs a read on the calling thread's own connection (SQLite).
    pub fn run_inline<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        LOCAL.with_borrow_mut(|connections| {
            let mut conn = match connections.remove(&self.instance) {
                Some(conn) => conn,
                None => self.manager.open().map_err(unreachable_database)?,
            };
            let result = work(&mut conn);
            if !result.as_ref().is_err_and(Error::is_from_database) {
                connections.insert(self.instance, conn);
            }
            result
        })
    }

    /// Runs a read on a pooled connection; the calling thread waits. When the connection turns out to be dead the work
    /// runs once more, which is why it is `FnMut`.
    pub fn run_pooled<T>(&self, mut work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        let mut slot = self.pool.get().map_err(|error| {
            Error::new(Code::DatabaseUnavailable, texts::storage::database_silent()).with_cause(error)
        })?;
        // Until the work has returned: a panic may leave a transaction open.
        slot.broken = true;
        let result = work(&mut slot.conn);
        let Err(error) = &result else {
            slot.broken = false;
            return result;
        };
        slot.broken = error.is_from_database();
        drop(slot);
        if !error.is_from_database() || error.code() != Code::DatabaseUnavailable {
            return result;
        }
        // Not from the pool: whatever broke this connection most likely broke those that wait there, too.
        let mut fresh = self.manager.open().map_err(unreachable_database)?;
        work(&mut fresh)
    }
}

fn unreachable_database(error: diesel::ConnectionError) -> Error {
    let mut failure = Error::new(Code::DatabaseUnavailable, texts::storage::database_closed());
    if let diesel::ConnectionError::CouldntSetupConfiguration(inner) = error
        && !is_outage(&inner)
    {
        failure = Error::internal(inner);
    }
    failure
}
