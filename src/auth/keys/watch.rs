//! A thread that looks after the keys: learns of those that other processes made, and retires those whose time is over.

use super::Keyring;
use super::store::retire_keys;
use crate::db::Database;
use crate::error::{Error, Result};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two looks; less than half of [`super::KNOWN_AFTER`].
const INTERVAL: Duration = Duration::from_secs(2);
/// Every so many looks, keys are retired.
const LOOKS_TO_RETIRE: u32 = 15;

/// The running thread; it ends when this is dropped.
pub struct KeyWatch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl KeyWatch {
    /// Starts the thread.
    pub fn start(database: Database, keyring: Arc<Keyring>) -> Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || {
                let mut looks = 0_u32;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(INTERVAL) {
                    looks = looks.wrapping_add(1);
                    if let Err(error) = look(&database, &keyring, looks) {
                        // The keys known so far stay in use; requests that need the database report the outage.
                        log::debug!("the keys could not be looked at: {error}");
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

fn look(database: &Database, keyring: &Keyring, looks: u32) -> Result<()> {
    if looks.is_multiple_of(LOOKS_TO_RETIRE) {
        retire_keys(database)?;
    }
    keyring.poll(database)
}

impl Drop for KeyWatch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic was logged by the panic hook; there is nothing to add.
            let _ignored = thread.join();
        }
    }
}
