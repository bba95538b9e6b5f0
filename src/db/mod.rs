//! The database: one set of queries for SQLite and PostgreSQL.
//!
//! Measured before it was chosen: queries through the two-variant connection cost nothing at run time. What it cannot
//! do is a house rule instead: no upsert, no RETURNING, no database defaults or `now()`; the application makes ids,
//! instants and versions. Only this folder may match on the variant.
//!
//! - [`connection`]: URL, pragmas, what counts as an outage
//! - [`reader`]: connections for reading · `snapshot`: many reads of one instant
//! - [`writer`]: the one writer with group commit
//! - `presence`: is the file still there · [`integrity`]: damage that the engine itself finds
//! - [`opening`]: may a program work on a database as it is
//! - [`expression`]: conditions and columns without diesel's types
//! - [`migrate`]: the schema · [`schema`]: its tables · [`stored`]: documents as they stand in them

pub mod connection;
mod error;
pub mod expression;
pub mod integrity;
pub mod migrate;
pub mod opening;
mod presence;
pub mod reader;
pub mod schema;
mod snapshot;
pub mod stored;
pub mod writer;

pub use connection::{Conn, DatabaseUrl, is_outage};
pub use expression::{Condition, Sql, TextSql};
pub use reader::Lane;
pub use stored::{StoredDocument, StoredVersion};
pub use writer::{RegistryState, Transaction};

use crate::error::{Code, Error, Result};
use crate::texts;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// The backend type that boxed queries name.
pub type Backend = <Conn as diesel::Connection>::Backend;

/// How long the writer may take to answer whether it can write.
const LONGEST_CHECK: Duration = Duration::from_secs(2);

/// One database: its readers and its writer. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    presence: presence::Presence,
    readers: reader::Readers,
    writer: writer::Writer,
    queue_length: usize,
    requests_read: AtomicU64,
}

/// A change that waits for its commit.
#[derive(Debug)]
pub struct Pending<T>(oneshot::Receiver<Result<T>>);

impl<T> Pending<T> {
    /// Its result after the commit, or why there was none. Not on a thread of an async runtime.
    pub fn wait(self) -> Result<T> {
        self.0.blocking_recv().map_err(Error::internal)?
    }
}

impl Database {
    /// Readers and a writer for a database whose schema is up to date. Connects on first use.
    /// `writer_level` is what this program knows: where the database asks for more it writes nothing for requests.
    pub fn new(url: &DatabaseUrl, pool_size: u32, write_queue: usize, writer_level: i32) -> Result<Self> {
        let presence = presence::Presence::of(url);
        Ok(Self(Arc::new(Inner {
            url: url.clone(),
            readers: reader::Readers::new(url, &presence, pool_size),
            writer: writer::Writer::start(url, &presence, write_queue, writer_level)?,
            presence,
            queue_length: write_queue,
            requests_read: AtomicU64::new(0),
        })))
    }

    /// Which database this is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// Tells of every commit of this process.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.0.writer.subscribe()
    }

    /// Runs a read without holding up the worker. It may run twice when a connection turns out to be dead.
    pub async fn read<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.0.requests_read.fetch_add(1, Ordering::Relaxed);
        if self.0.readers.runs_inline(lane) {
            return self.0.readers.run_inline(work);
        }
        let database = self.clone();
        actix_web::web::block(move || database.0.readers.run_pooled(work))
            .await
            .map_err(Error::internal)?
    }

    /// How many reads requests have asked for: so that tests can check that some ask for none.
    pub fn requests_read(&self) -> u64 {
        self.0.requests_read.load(Ordering::Relaxed)
    }

    /// How many statements reads were made of: so that tests can hold a list to the most that it may cost.
    pub fn statements_read(&self) -> u64 {
        self.0.readers.statements()
    }

    /// Runs a read on the calling thread: for the command line and tests.
    pub fn read_blocking<T>(&self, work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        self.0.readers.run_pooled(work)
    }

    /// The same with one snapshot: all that `work` reads is of one instant, while a service may be writing.
    /// For work of minutes at most; see `snapshot`.
    pub fn read_snapshot<T>(&self, mut work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        self.0.readers.run_pooled(|conn| snapshot::in_snapshot(conn, &mut work))
    }

    /// Runs a change in the writer's next batch; returns after it was committed. A dry run is rolled back.
    pub async fn write<T: Send + 'static>(
        &self,
        dry_run: bool,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let receiver = self.0.writer.submit(dry_run, work)?;
        receiver.await.map_err(Error::internal)?
    }

    /// The same for the command line and tests. Not on a thread of an async runtime.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(work)?.wait()
    }

    /// The same for what the service does by itself: it takes no request's place in the queue, and a full queue does
    /// not keep it out.
    pub fn write_chore<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.0.writer.submit_chore(work).map(Pending)?.wait()
    }

    /// Hands a change to the writer and does not wait for it: those that are submitted together share a commit. They
    /// are run in the order in which they were submitted.
    pub fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        self.0.writer.submit(false, work).map(Pending)
    }

    /// Is the file of the database the one that was opened? Always so with a server.
    pub fn check_presence(&self) -> Result<()> {
        self.0
            .presence
            .check()
            .map_err(|cause| Error::new(Code::DatabaseUnavailable, texts::storage::database_closed()).with_cause(cause))
    }

    /// Can changes be written? Not where the disk refused one a moment ago. Where the last one failed otherwise the
    /// database is asked, by an empty transaction.
    pub async fn check_writer(&self) -> Result<()> {
        if let Some(cause) = self.0.writer.disk_refusal() {
            return Err(Error::new(Code::DatabaseUnavailable, texts::storage::not_committed()).with_cause(cause));
        }
        if !self.0.writer.is_failing() {
            return Ok(());
        }
        let receiver = self.0.writer.submit_chore(|_| Ok(()))?;
        let answer = tokio::time::timeout(LONGEST_CHECK, receiver).await;
        let silent = |_| Error::new(Code::DatabaseUnavailable, texts::storage::database_silent());
        answer.map_err(silent)?.map_err(Error::internal)?
    }

    /// How many changes of requests may wait; one more is refused.
    pub fn queue_length(&self) -> usize {
        self.0.queue_length
    }
}
