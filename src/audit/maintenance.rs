//! The thread beside the requests: it writes the audit log's notes and the use of tokens, closes minutes and hours, and
//! takes stored answers away when their time is over.

use crate::audit::chain::log_head;
use crate::audit::pending::{PendingAuditEvent, write_notes};
use crate::audit::recorder::AuditRecorder;
use crate::audit::usage::{has_untold, write_hourly_summaries};
use crate::clock;
use crate::db::Database;
use crate::db::schema::idempotency;
use crate::error::Result;
use chrono::TimeDelta;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often it looks after everything that is not a note.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often the requests of unknown callers are logged.
const UNKNOWN_INTERVAL: Duration = Duration::from_secs(60);
/// Before what could not be written is tried again.
const PAUSE: Duration = Duration::from_millis(100);
/// How long it is tried again when the process ends, which it does within five seconds.
const LAST_ATTEMPTS: Duration = Duration::from_secs(1);

/// See the module.
pub struct Maintenance {
    recorder: Arc<AuditRecorder>,
    thread: Option<JoinHandle<()>>,
}

impl Maintenance {
    /// Starts the thread; it deletes the stored answers of idempotent requests after `answers_kept_for`.
    pub fn start(database: Database, recorder: Arc<AuditRecorder>, answers_kept_for: TimeDelta) -> Result<Self> {
        let kept = recorder.clone();
        let thread = std::thread::Builder::new()
            .name("maintenance".to_owned())
            .spawn(move || run(&database, &recorder, answers_kept_for))
            .map_err(crate::error::Error::internal)?;
        Ok(Self {
            recorder: kept,
            thread: Some(thread),
        })
    }
}

/// Writes what is still noted, then ends.
impl Drop for Maintenance {
    fn drop(&mut self) {
        self.recorder.end();
        if let Some(thread) = self.thread.take() {
            // Its panic was logged by the panic hook; there is nothing to add.
            let _ignored = thread.join();
        }
    }
}

fn run(database: &Database, recorder: &AuditRecorder, answers_kept_for: TimeDelta) {
    let (mut looked, mut counted) = (Instant::now(), Instant::now());
    loop {
        let notes = recorder.take_notes(INTERVAL.saturating_sub(looked.elapsed()));
        write(database, recorder, notes);
        let is_ending = recorder.is_ending();
        if looked.elapsed() < INTERVAL && !is_ending {
            continue;
        }
        looked = Instant::now();
        recorder.close_minute(is_ending);
        if let Err(error) = run_maintenance(database, recorder, answers_kept_for) {
            log::error!("housekeeping was put off: {error}");
        }
        if counted.elapsed() >= UNKNOWN_INTERVAL || is_ending {
            counted = Instant::now();
            match recorder.take_unknown() {
                0 => {}
                count => log::warn!("{count} requests came without a valid token"),
            }
        }
        if is_ending {
            loop {
                let notes = recorder.take_notes(Duration::ZERO);
                if notes.is_empty() {
                    return log_head(database);
                }
                write(database, recorder, notes);
            }
        }
    }
}

/// Writes notes; again and again while the database is away, for what is noted is never dropped. Only a process that
/// ends gives up.
fn write(database: &Database, recorder: &AuditRecorder, notes: Vec<PendingAuditEvent>) {
    if notes.is_empty() {
        return;
    }
    let notes = Arc::new(notes);
    let (mut attempts, mut ending_since) = (0, None);
    loop {
        let batch = notes.clone();
        let Err(error) = database.write_chore(move |transaction| write_notes(transaction, &batch)) else {
            return recorder.confirm(notes.len());
        };
        if attempts % 50 == 0 {
            log::error!("the audit log cannot be written, {} rows wait: {error}", notes.len());
        }
        attempts += 1;
        if recorder.is_ending() && ending_since.get_or_insert_with(Instant::now).elapsed() >= LAST_ATTEMPTS {
            log::error!("{} rows of the audit log were lost", notes.len());
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

fn run_maintenance(database: &Database, recorder: &AuditRecorder, answers_kept_for: TimeDelta) -> Result<()> {
    database.check_presence()?;
    if let Some(taken) = recorder.usage().take() {
        let taken = Arc::new(taken);
        let written = taken.clone();
        if let Err(error) = database.write_chore(move |transaction| written.write(transaction)) {
            recorder.usage().give_back(&taken);
            return Err(error);
        }
    }
    let now = clock::now();
    while database.read_blocking(|conn| has_untold(conn, now))? {
        database.write_chore(move |transaction| write_hourly_summaries(transaction, now))?;
    }
    let oldest = clock::format_instant(now - answers_kept_for);
    let expired: i64 = database.read_blocking(|conn| {
        Ok(idempotency::table
            .filter(idempotency::created_at.lt(&oldest))
            .count()
            .get_result(conn)?)
    })?;
    if expired > 0 {
        database.write_chore(move |transaction| {
            diesel::delete(idempotency::table.filter(idempotency::created_at.lt(oldest))).execute(transaction.conn)?;
            Ok(())
        })?;
    }
    Ok(())
}
