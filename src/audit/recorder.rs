//! What is logged of requests that change nothing: refusals, and restricted records that were shown.
//!
//! A request does not wait for the log. It puts a note into a buffer; a thread (the
//! [`Maintenance`](crate::audit::maintenance::Maintenance)) takes all that are there and writes them in one transaction.
//! Only when the log falls far behind do requests wait for it, and in the end they are refused: nothing that must be
//! logged leaves the service while it cannot be. What is in the buffer when the process is killed is lost; a regular end
//! writes it.

use crate::audit::chain::Actor;
use crate::audit::pending::{PendingAuditEvent, READ};
use crate::audit::refusals::{Refusal, Refusals};
use crate::audit::usage::Usage;
use crate::clock;
use crate::error::{Code, Error, Result};
use crate::texts;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Notes that may wait; then requests wait for them.
const CAPACITY: u64 = 1024;
/// The longest that a request waits for the log.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 5_000 });
/// Notes that are written in one transaction: it holds up the changes of others.
const LARGEST_BATCH: usize = 128;

/// Collects pending audit events; one per process.
#[derive(Debug)]
pub struct AuditRecorder {
    usage: Usage,
    refusals: Mutex<Refusals>,
    buffer: Mutex<Buffer>,
    filled: Condvar,
    written: watch::Sender<u64>,
    unknown: AtomicU64,
}

#[derive(Debug, Default)]
struct Buffer {
    notes: Vec<PendingAuditEvent>,
    /// How many events were ever added.
    noted: u64,
    is_ending: bool,
}

impl Default for AuditRecorder {
    fn default() -> Self {
        Self {
            usage: Usage::default(),
            refusals: Mutex::default(),
            buffer: Mutex::default(),
            filled: Condvar::new(),
            written: watch::channel(0).0,
            unknown: AtomicU64::new(0),
        }
    }
}

impl AuditRecorder {
    /// How often tokens are used.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Counts a request of somebody unknown (401). They are logged as a number, never in the chain: anybody could fill it.
    pub fn count_unknown(&self) {
        self.unknown.fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were since this was asked last.
    pub fn take_unknown(&self) -> u64 {
        self.unknown.swap(0, Ordering::Relaxed)
    }

    /// Notes a refusal.
    pub async fn note_refusal(&self, refusal: Refusal) -> Result<()> {
        let notes = lock(&self.refusals).note(refusal, clock::now());
        self.hand_in(notes).await
    }

    /// Notes that restricted records are about to be shown.
    pub async fn note_disclosure(&self, actor: Actor, operation: String, disclosed: BTreeSet<String>) -> Result<()> {
        let note = PendingAuditEvent {
            actor,
            operation,
            target_id: None,
            outcome: READ,
            code: None,
            occurrences: None,
            disclosed,
            period: None,
        };
        self.hand_in(vec![note]).await
    }

    /// Returns when everything that was noted before is in the log.
    pub async fn flush(&self) -> Result<()> {
        let noted = lock(&self.buffer).noted;
        self.wait_for(noted).await
    }

    /// Does not wait unless too much is waiting already.
    async fn hand_in(&self, notes: Vec<PendingAuditEvent>) -> Result<()> {
        let noted = self.push(notes);
        self.wait_for(noted.saturating_sub(CAPACITY)).await
    }

    fn push(&self, notes: Vec<PendingAuditEvent>) -> u64 {
        let mut buffer = lock(&self.buffer);
        if !notes.is_empty() {
            buffer.noted += notes.len() as u64;
            buffer.notes.extend(notes);
            self.filled.notify_one();
        }
        buffer.noted
    }

    async fn wait_for(&self, count: u64) -> Result<()> {
        if *self.written.borrow() >= count {
            return Ok(());
        }
        let mut written = self.written.subscribe();
        match tokio::time::timeout(PATIENCE, written.wait_for(|written| *written >= count)).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Error::new(Code::Overloaded, texts::storage::audit_log_closed())),
        }
    }

    /// Hands in the refusals of a minute that is over; of the current one too when the process ends.
    pub fn close_minute(&self, end: bool) {
        let notes = lock(&self.refusals).close(clock::now(), end);
        self.push(notes);
    }

    /// Ends the recorder: no more requests come, and waiting threads are woken.
    pub fn end(&self) {
        lock(&self.buffer).is_ending = true;
        self.filled.notify_one();
    }

    /// Is the process about to end?
    pub fn is_ending(&self) -> bool {
        lock(&self.buffer).is_ending
    }

    /// Waits for notes, but not longer than this, and takes as many as are written at once.
    pub fn take_notes(&self, longest: Duration) -> Vec<PendingAuditEvent> {
        let buffer = lock(&self.buffer);
        let is_idle = |buffer: &mut Buffer| buffer.notes.is_empty() && !buffer.is_ending;
        let (mut buffer, _) = self
            .filled
            .wait_timeout_while(buffer, longest, is_idle)
            .unwrap_or_else(PoisonError::into_inner);
        let count = buffer.notes.len().min(LARGEST_BATCH);
        buffer.notes.drain(..count).collect()
    }

    /// Tells that so many notes more were written.
    pub fn confirm(&self, count: usize) {
        self.written.send_modify(|written| *written += count as u64);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn note() -> BTreeSet<String> {
        BTreeSet::from(["mou_1".to_owned()])
    }

    #[actix_web::test]
    async fn requests_wait_for_a_log_that_falls_behind() {
        let recorder = AuditRecorder::default();
        let show = || recorder.note_disclosure(Actor::command_line(), "getMou".to_owned(), note());
        for _ in 0..CAPACITY {
            show().await.unwrap();
        }
        assert_eq!(
            show().await.unwrap_err().code(),
            Code::Overloaded,
            "it waits, and not for ever"
        );
        assert_eq!(recorder.flush().await.unwrap_err().code(), Code::Overloaded);
        // What is written makes room.
        let written = || {
            let notes = recorder.take_notes(Duration::ZERO);
            recorder.confirm(notes.len());
            notes.len()
        };
        assert_eq!(written(), LARGEST_BATCH);
        for _ in 0..LARGEST_BATCH - 1 {
            show().await.unwrap();
        }
        while written() > 0 {}
        recorder.flush().await.unwrap();
    }

    #[actix_web::test]
    async fn whoever_ends_is_not_waited_for() {
        let recorder = AuditRecorder::default();
        recorder.end();
        assert!(recorder.take_notes(Duration::from_secs(600)).is_empty());
        assert!(recorder.is_ending());
    }
}
