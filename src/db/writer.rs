//! The one writer: a thread with its own connection that commits waiting jobs in groups.
//!
//! A durable commit waits for the disk; sixteen clients that each wait for their own are sixteen times as slow as
//! sixteen that share one. So the thread takes what waits, begins one transaction, takes the state row first (which
//! makes writers serial, also those of other instances, so each sees what was committed before), runs each job in a
//! savepoint, commits, and only then answers. What must stay true:
//! - an error of the rules rolls back that job's savepoint only;
//! - a panic, or an error of the database, discards the connection and answers every job of the batch 503;
//! - nothing leaves before COMMIT has returned;
//! - the number of waiting requests is bounded; the service's own chores do not count towards it and are never refused;
//! - where a newer program has raised the level of the state row, requests change nothing. Chores are still done: they write no
//!   documents, and without the audit log's rows there would be no reads.

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::migrate::begin;
use super::presence::Presence;
use super::schema::registry_state;
use crate::clock;
use crate::error::{Code, Error, Result};
use crate::texts;
use chrono::{DateTime, Utc};
use diesel::connection::TransactionManager;
use diesel::{Connection, ExpressionMethods, QueryDsl, RunQueryDsl};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

type Manager = <Conn as Connection>::TransactionManager;

/// Jobs that share one commit at most. More would make the first wait too long for its answer.
const LARGEST_BATCH: usize = 64;

/// How the engines tell that the disk is full, or fails.
const DISK_SIGNS: &[&str] = &["disk is full", "disk I/O error", "No space left on device"];
/// How long such a refusal counts after it came.
const REMEMBERED: Duration = Duration::from_secs(5);

/// The row that every writing transaction takes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryState {
    /// The last change of the feed.
    pub change_seq: i64,
    /// The last row of the audit chain.
    pub audit_seq: i64,
    /// The hash of that row.
    pub audit_hash: String,
    /// Raised whenever rights change: tokens, clients, the office tree.
    pub epoch: i64,
    /// The derivation that the rows of all records have reached.
    pub derivation: i32,
    /// What a program must know to write here; raised when a newer one opens the database.
    pub writer_level: i32,
}

/// What a job works with: a connection inside the batch's transaction, and the state it may move on.
pub struct Transaction<'a> {
    /// The writer's connection.
    pub conn: &'a mut Conn,
    /// Counters and the head of the audit chain; written back at the end of the batch.
    pub state: &'a mut RegistryState,
    /// The instant of this job.
    pub now: DateTime<Utc>,
}

type Work = Box<dyn FnMut(&mut Transaction<'_>) -> Result<(), JobFailure> + Send>;
type Answer = Box<dyn FnOnce(Result<(), Failure>) + Send>;

/// Why a job was not committed.
#[derive(Clone, Copy)]
enum Failure {
    /// The database or the batch failed, by this cause.
    Batch(&'static str),
    /// A newer program has taken over.
    NewerWriter,
}

/// Why a job's savepoint is rolled back.
enum JobFailure {
    /// By the rules, or because it was a dry run: the other jobs are kept.
    Rules,
    /// By the database: the whole batch ends.
    Database(String),
}

struct Job {
    work: Work,
    answer: Answer,
    /// Held while the job waits; none for a chore.
    place: Option<Place>,
    /// Is it the service's own?
    is_chore: bool,
    /// It was not run, because a newer program has taken over.
    is_refused: bool,
}

/// One of the places in which requests wait.
struct Place(Arc<AtomicUsize>);

impl Place {
    /// A place, unless all are taken.
    fn take(taken: &Arc<AtomicUsize>, capacity: usize) -> Option<Place> {
        taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < capacity).then_some(count + 1)
            })
            .ok()
            .map(|_| Place(taken.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The way to the writer thread.
pub struct Writer {
    queue: Option<Sender<Job>>,
    capacity: usize,
    taken: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
    committed: watch::Sender<i64>,
    health: Arc<Mutex<Health>>,
}

/// What became of the last batches.
#[derive(Default)]
struct Health {
    /// Did the database fail the last one?
    is_failing: bool,
    /// When a batch was last refused for the state of the disk, and why.
    refused: Option<(Instant, String)>,
}

impl Health {
    /// Notes what became of a batch.
    fn note(&mut self, cause: Option<&str>) {
        self.is_failing = cause.is_some();
        if let Some(cause) = cause.filter(|cause| DISK_SIGNS.iter().any(|sign| cause.contains(sign))) {
            self.refused = Some((Instant::now(), cause.to_owned()));
        }
    }
}

impl Writer {
    /// Starts the thread; it connects when the first job comes and again whenever a connection was lost.
    pub(super) fn start(url: &DatabaseUrl, presence: &Presence, capacity: usize, level: i32) -> Result<Self> {
        let (queue, jobs) = channel();
        let (committed, _) = watch::channel(0);
        let announce = committed.clone();
        let health: Arc<Mutex<Health>> = Arc::default();
        let (url, presence, told) = (url.clone(), presence.clone(), health.clone());
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run((&url, &presence), &jobs, (&announce, &told), level))
            .map_err(Error::internal)?;
        Ok(Self {
            queue: Some(queue),
            capacity,
            taken: Arc::default(),
            thread: Some(thread),
            committed,
            health,
        })
    }

    /// Did the database fail the last batch?
    pub(super) fn is_failing(&self) -> bool {
        self.health.lock().is_ok_and(|health| health.is_failing)
    }

    /// Why the disk refused a batch a moment ago. Small batches may have succeeded since: on a full disk there is room for
    /// one row, and not for the next.
    pub(super) fn disk_refusal(&self) -> Option<String> {
        let health = self.health.lock().ok()?;
        let (at, cause) = health.refused.as_ref()?;
        (at.elapsed() < REMEMBERED).then(|| cause.clone())
    }

    /// Publishes the last sequence number of the feed after each commit that changed it.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.committed.subscribe()
    }

    /// Queues a request's job. The receiver gets its result after the commit, or why there was none.
    pub fn submit<T: Send + 'static>(
        &self,
        dry_run: bool,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let place = Place::take(&self.taken, self.capacity)
            .ok_or_else(|| Error::new(Code::Overloaded, texts::storage::too_many_waiting()))?;
        self.send(Some(place), dry_run, work)
    }

    /// Queues a chore of the service itself, which the limit on waiting requests does not bind. The caller waits for it.
    pub fn submit_chore<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        self.send(None, false, work)
    }

    fn send<T: Send + 'static>(
        &self,
        place: Option<Place>,
        dry_run: bool,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (sender, receiver) = oneshot::channel();
        let job = make_job(place, dry_run, work, sender);
        let queue = self.queue.as_ref().ok_or_else(stopping)?;
        queue.send(job).map_err(|_ended| stopping())?;
        Ok(receiver)
    }
}

/// Lets the thread finish what is queued.
impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was answered and logged there.
            let _ignored = thread.join();
        }
    }
}

fn stopping() -> Error {
    Error::new(Code::Stopping, texts::storage::stopping())
}

/// Splits a typed job into the part that runs in the transaction and the part that answers after the commit.
fn make_job<T: Send + 'static>(
    place: Option<Place>,
    dry_run: bool,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    sender: oneshot::Sender<Result<T>>,
) -> Job {
    let outcome = Arc::new(Mutex::new(None));
    let kept = outcome.clone();
    let mut work = Some(work);
    Job {
        is_chore: place.is_none(),
        is_refused: false,
        place,
        work: Box::new(move |transaction| {
            let Some(work) = work.take() else {
                return Err(JobFailure::Rules);
            };
            let result = work(transaction);
            let failure = match &result {
                Ok(_) => dry_run.then_some(JobFailure::Rules),
                Err(error) if error.is_from_database() => Some(JobFailure::Database(error.to_string())),
                Err(_) => Some(JobFailure::Rules),
            };
            if let Ok(mut place) = outcome.lock() {
                *place = Some(result);
            }
            failure.map_or(Ok(()), Err)
        }),
        answer: Box::new(move |committed| {
            let result = match (committed, kept.lock().ok().and_then(|mut place| place.take())) {
                (Ok(()), Some(result)) => result,
                (Err(failure), _) => Err(not_committed(failure)),
                (Ok(()), None) => Err(Error::internal("a job ran without a result")),
            };
            // The caller may have disconnected; its change is committed.
            let _ignored = sender.send(result);
        }),
    }
}

fn not_committed(failure: Failure) -> Error {
    match failure {
        Failure::Batch(cause) => {
            Error::new(Code::DatabaseUnavailable, texts::storage::not_committed()).with_cause(cause)
        }
        Failure::NewerWriter => Error::new(Code::NewerWriter, texts::storage::newer_took_over()),
    }
}

fn run(
    (url, presence): (&DatabaseUrl, &Presence),
    jobs: &Receiver<Job>,
    (committed, health): (&watch::Sender<i64>, &Mutex<Health>),
    level: i32,
) {
    let mut connection: Option<Conn> = None;
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < LARGEST_BATCH
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        for job in &mut batch {
            drop(job.place.take());
        }
        let kept = connection.take();
        let conn = match (presence.check(), kept) {
            (Err(cause), _) => Err(diesel::ConnectionError::BadConnection(cause)),
            (Ok(()), Some(conn)) => Ok(conn),
            (Ok(()), None) => url.connect(Purpose::Write),
        };
        let mut failure = None;
        let outcome = match conn {
            Err(error) => {
                log::error!("the writer cannot connect: {error}");
                failure = Some(error.to_string());
                Err(Failure::Batch("the writer cannot connect"))
            }
            Ok(mut conn) => match catch_unwind(AssertUnwindSafe(|| run_batch(&mut conn, &mut batch, level))) {
                Ok(Ok(seq)) => {
                    connection = Some(conn);
                    // Most commits of the audit log change nothing of the feed: those who wait for it stay asleep.
                    committed.send_if_modified(|last| std::mem::replace(last, seq) != seq);
                    Ok(())
                }
                Ok(Err(cause)) => {
                    log::error!("a batch was not committed: {cause}");
                    failure = Some(cause);
                    Err(Failure::Batch("the batch was not committed"))
                }
                Err(_panic) => {
                    log::error!("a write panicked; its batch was not committed");
                    failure = Some(String::new());
                    Err(Failure::Batch("a write panicked"))
                }
            },
        };
        if let Ok(mut health) = health.lock() {
            health.note(failure.as_deref());
        }
        for job in batch {
            let refused = job.is_refused.then_some(Err(Failure::NewerWriter));
            (job.answer)(refused.unwrap_or(outcome));
        }
    }
}

/// One transaction for all jobs of the batch. `Err` means that nothing was committed and the connection is not to be
/// used again.
fn run_batch(conn: &mut Conn, batch: &mut [Job], level: i32) -> Result<i64, String> {
    let fail = |error: &dyn std::fmt::Display| error.to_string();
    begin(conn).map_err(|error| fail(&error))?;
    let before = take_state(conn).map_err(|error| fail(&error))?;
    let mut state = before.clone();
    for job in batch.iter_mut() {
        if state.writer_level > level && !job.is_chore {
            job.is_refused = true;
            continue;
        }
        let saved = state.clone();
        Manager::begin_transaction(conn).map_err(|error| fail(&error))?;
        let mut transaction = Transaction {
            conn: &mut *conn,
            state: &mut state,
            now: clock::now(),
        };
        match (job.work)(&mut transaction) {
            Ok(()) => Manager::commit_transaction(conn).map_err(|error| fail(&error))?,
            Err(JobFailure::Rules) => {
                state = saved;
                Manager::rollback_transaction(conn).map_err(|error| fail(&error))?;
            }
            Err(JobFailure::Database(cause)) => return Err(cause),
        }
    }
    if state != before {
        write_state(conn, &state).map_err(|error| fail(&error))?;
    }
    Manager::commit_transaction(conn).map_err(|error| fail(&error))?;
    Ok(state.change_seq)
}

/// Locks the state row and reads it: the update waits for every other writer's commit.
fn take_state(conn: &mut Conn) -> diesel::QueryResult<RegistryState> {
    diesel::update(registry_state::table)
        .set(registry_state::id.eq(1))
        .execute(conn)?;
    let (change_seq, audit_seq, audit_hash, epoch, derivation, writer_level) = registry_state::table
        .select((
            registry_state::change_seq,
            registry_state::audit_seq,
            registry_state::audit_hash,
            registry_state::epoch,
            registry_state::derivation,
            registry_state::writer_level,
        ))
        .first(conn)?;
    Ok(RegistryState {
        change_seq,
        audit_seq,
        audit_hash,
        epoch,
        derivation,
        writer_level,
    })
}

fn write_state(conn: &mut Conn, state: &RegistryState) -> diesel::QueryResult<()> {
    diesel::update(registry_state::table)
        .set((
            registry_state::change_seq.eq(state.change_seq),
            registry_state::audit_seq.eq(state.audit_seq),
            registry_state::audit_hash.eq(&state.audit_hash),
            registry_state::epoch.eq(state.epoch),
            registry_state::derivation.eq(state.derivation),
        ))
        .execute(conn)?;
    Ok(())
}
