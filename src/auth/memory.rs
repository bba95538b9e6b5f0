//! What one process remembers of tokens, by their hashes.
//!
//! Two things of different use: for whom a token stood at some epoch, which counts no longer when a right has changed
//! since; and that it counted when it was last shown, whatever has changed, which tells a caller from a guesser.

use crate::auth::caller::Caller;
use crate::auth::switches::{Guard, is_on};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, RwLock};

/// More tokens than this are not remembered at once.
const LARGEST_CACHE: usize = 10_000;

/// See the module.
#[derive(Default)]
pub struct Memory {
    callers: RwLock<Callers>,
    familiar: RwLock<HashSet<Arc<str>>>,
}

#[derive(Default)]
struct Callers {
    epoch: i64,
    by_hash: HashMap<Arc<str>, Arc<Caller>>,
}

impl Memory {
    /// What was known of a token at some earlier request: good enough to read on, never to let in or to refuse.
    pub fn recall(&self, hash: &str) -> Option<Arc<Caller>> {
        self.callers.read().ok()?.by_hash.get(hash).cloned()
    }

    /// For whom a token stands, if that was looked up at this epoch.
    pub fn find(&self, epoch: i64, hash: &str) -> Option<Arc<Caller>> {
        let callers = self.callers.read().ok()?;
        (callers.epoch == epoch || !is_on(Guard::Epoch))
            .then(|| callers.by_hash.get(hash).cloned())
            .flatten()
    }

    /// Keeps for whom a token stands at this epoch.
    pub fn keep(&self, epoch: i64, hash: &Arc<str>, caller: &Arc<Caller>) {
        self.greet(hash);
        let Ok(mut callers) = self.callers.write() else {
            return;
        };
        // A slower request may still hold an older epoch: never let it bring old rights back.
        if epoch < callers.epoch {
            return;
        }
        if epoch > callers.epoch || callers.by_hash.len() >= LARGEST_CACHE {
            callers.by_hash.clear();
            callers.epoch = epoch;
        }
        callers.by_hash.insert(hash.clone(), caller.clone());
    }

    /// Did this token count when it was last seen here? Whoever shows one does not guess.
    pub fn is_familiar(&self, hash: &str) -> bool {
        self.familiar.read().is_ok_and(|familiar| familiar.contains(hash))
    }

    /// This token counted just now, or was just made.
    pub fn greet(&self, hash: &Arc<str>) {
        if self.is_familiar(hash) {
            return;
        }
        if let Ok(mut familiar) = self.familiar.write() {
            if familiar.len() >= LARGEST_CACHE {
                familiar.clear();
            }
            familiar.insert(hash.clone());
        }
    }

    /// This token counts no longer.
    pub fn forget(&self, hash: &str) {
        if !self.is_familiar(hash) {
            return;
        }
        if let Ok(mut familiar) = self.familiar.write() {
            familiar.remove(hash);
        }
        if let Ok(mut callers) = self.callers.write() {
            callers.by_hash.remove(hash);
        }
    }
}
