//! The thread that brings an upgraded database up to date while it is served.

use crate::auth::Actor;
use crate::db::Database;
use crate::documents::contract::Contracts;
use crate::documents::entry::KindEntry;
use crate::error::{Code, Error, Result};
use crate::reindex::{BATCH, Control, Scope, Summary, reindex};
use std::cell::Cell;
use std::sync::mpsc::{RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Before what the database refused is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two lines of the log.
const TELLING: Duration = Duration::from_secs(5);

/// The running thread; it ends after the batch at hand when this is dropped.
pub struct Reindexer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Reindexer {
    /// Starts the thread. On a database that is up to date it ends at once.
    pub fn start(database: Database, kinds: &'static [KindEntry], contracts: Contracts) -> Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::Builder::new()
            .name("reindex".to_owned())
            .spawn(move || {
                while let Err(error) = run(&database, kinds, &contracts, &|| {
                    matches!(stopped.try_recv(), Err(TryRecvError::Disconnected))
                }) {
                    if error.code() == Code::NewerWriter {
                        return log::warn!("reindexing is left to the newer instance");
                    }
                    log::warn!("reindexing was put off: {error}");
                    if !matches!(stopped.recv_timeout(PAUSE), Err(RecvTimeoutError::Timeout)) {
                        return;
                    }
                }
            })
            .map_err(Error::internal)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

fn run(
    database: &Database,
    kinds: &'static [KindEntry],
    contracts: &Contracts,
    is_ending: &dyn Fn() -> bool,
) -> Result<()> {
    let told = Cell::new(Instant::now());
    let progress = |done: usize, total: usize| {
        if told.get().elapsed() >= TELLING {
            told.set(Instant::now());
            log::info!("reindexing: {done} of {total} records");
        }
    };
    let control = Control {
        progress: &progress,
        tell: &|note| log::warn!("reindexing: {}: {}", note.record_id, note.text),
        is_ending,
        batch: BATCH,
        actor: Actor::service(),
    };
    match reindex(database, kinds, contracts, Scope::Older, &control)? {
        Some(summary) => tell(&summary),
        None => log::info!("reindexing goes on at the next start"),
    }
    Ok(())
}

fn tell(summary: &Summary) {
    if summary.records == 0 {
        return;
    }
    log::info!(
        "reindexing is done: {} records, {} of them changed, derivation {}",
        summary.records,
        summary.changed,
        summary.derivation
    );
}

impl Drop for Reindexer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic was logged by the panic hook; there is nothing to add.
            let _ignored = thread.join();
        }
    }
}
