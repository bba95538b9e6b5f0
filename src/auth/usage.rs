//! When tokens were last used: noted in memory on each request, written to the database now and then.
//!
//! An admin who rotates a token wants to see the old one fall silent; to the minute is enough for that. Writing on every
//! request would make every read a write.

use crate::auth::network::network_of;
use crate::clock;
use crate::db::Database;
use crate::db::schema::{idempotency, tokens};
use crate::error::Result;
use crate::http::idempotency::KEPT_FOR;
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often uses are written.
const INTERVAL: Duration = Duration::from_secs(30);

/// Uses that are not written yet, by token.
#[derive(Debug, Default)]
pub struct Usage(Mutex<HashMap<String, Use>>);

/// The last use of a token.
#[derive(Debug, Clone, Copy)]
struct Use {
    at: DateTime<Utc>,
    address: IpAddr,
}

impl Usage {
    /// Notes that a token was used now, from this address.
    pub fn note(&self, token_id: &str, address: IpAddr) {
        let now = Use {
            at: clock::now(),
            address,
        };
        if let Ok(mut uses) = self.0.lock() {
            match uses.get_mut(token_id) {
                Some(last) => *last = now,
                None => {
                    uses.insert(token_id.to_owned(), now);
                }
            }
        }
    }

    fn take(&self) -> HashMap<String, Use> {
        self.0
            .lock()
            .map(|mut uses| std::mem::take(&mut *uses))
            .unwrap_or_default()
    }
}

/// A thread that writes uses, and takes stored answers away when their time is over.
pub struct Housekeeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Housekeeper {
    /// Starts the thread.
    pub fn start(database: Database, usage: Arc<Usage>) -> Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("housekeeper".to_owned())
            .spawn(move || {
                loop {
                    let ended = !matches!(stopped.recv_timeout(INTERVAL), Err(RecvTimeoutError::Timeout));
                    if let Err(error) = keep_house(&database, &usage) {
                        log::warn!("housekeeping was put off: {error}");
                    }
                    if ended {
                        return;
                    }
                }
            })
            .map_err(crate::error::Error::internal)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// Writes what is still noted, then ends.
impl Drop for Housekeeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic was logged by the panic hook; there is nothing to add.
            let _ignored = thread.join();
        }
    }
}

fn keep_house(database: &Database, usage: &Usage) -> Result<()> {
    let uses = usage.take();
    let oldest = clock::format_instant(clock::now() - KEPT_FOR);
    let expired: i64 = database.read_blocking(|conn| {
        Ok(idempotency::table
            .filter(idempotency::created_at.lt(&oldest))
            .count()
            .get_result(conn)?)
    })?;
    if uses.is_empty() && expired == 0 {
        return Ok(());
    }
    database.write_blocking(move |transaction| {
        for (token, last) in uses {
            diesel::update(tokens::table.find(token))
                .set((
                    tokens::last_used_at.eq(Some(clock::format_instant(last.at))),
                    tokens::last_used_network.eq(Some(network_of(last.address))),
                ))
                .execute(transaction.conn)?;
        }
        if expired > 0 {
            diesel::delete(idempotency::table.filter(idempotency::created_at.lt(oldest))).execute(transaction.conn)?;
        }
        Ok(())
    })
}
