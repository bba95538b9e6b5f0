//! The end of the service: from the moment that a stop is asked for, waiting requests are answered, new ones are refused,
//! and nothing that was taken on stays without an answer.
//!
//! | after | what happens |
//! |---|---|
//! | 0 s | long polls give their page, bodies that are still coming and new requests get 503 `stopping`, each with the end of its connection |
//! | 0.1 to 0.5 s | once nothing new comes any more, the listener and idle connections are closed |
//! | 2.5 s | reads that still run get 503 `stopping` |
//! | 4 s | connections that are still open are cut |
//! | 5 s | the process ends, whatever still runs |

use crate::error::{Code, Error};
use crate::texts;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// The process ends within this time. Engines of containers wait ten seconds before they kill.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);
/// Reads that run longer are answered 503.
const READS_WITHIN: Duration = Duration::from_millis(2_500);
/// Connections are cut after this many seconds, counted from when they are asked to end.
pub const CONNECTIONS_WITHIN: u64 = 3;
/// How often it is asked whether new requests came.
const QUIET_LOOKS: u32 = 5;

/// Tells all parts of the service that it is being stopped. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct StopSwitch(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    stopping: watch::Sender<bool>,
    refused: AtomicU64,
}

impl StopSwitch {
    /// Asks for the stop. It cannot be taken back.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Is the service being stopped?
    pub fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    /// Waits until a stop is asked for.
    pub async fn stopped(&self) {
        let mut receiver = self.0.stopping.subscribe();
        // The sender lives as long as this does.
        let _ignored = receiver.wait_for(|stopping| *stopping).await;
    }

    /// Waits until reads may run no longer.
    pub async fn reads_end(&self) {
        self.stopped().await;
        tokio::time::sleep(READS_WITHIN).await;
    }

    /// Counts and makes the refusal of a request that came too late.
    pub fn refuse(&self) -> Error {
        self.0.refused.fetch_add(1, Ordering::Relaxed);
        Error::new(Code::Stopping, texts::storage::stopping())
    }

    /// Waits until no new requests come, asking every `interval`, a few times at most: their senders learn from an answer
    /// that the service is going, and not from a connection that breaks.
    pub async fn quiet(&self, interval: Duration) {
        for _ in 0..QUIET_LOOKS {
            let before = self.0.refused.load(Ordering::Relaxed);
            tokio::time::sleep(interval).await;
            if before == self.0.refused.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}
