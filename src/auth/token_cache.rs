//! What one process remembers of tokens, by their hashes.
//!
//! Two things: the claims of a token whose signature was verified; and its caller as of some epoch, which is stale once a
//! right has changed. None of it authenticates a request: every request asks the database.
//!
//! Of one client only so many tokens are remembered, the newest: who asks for access tokens without end displaces its own,
//! and nobody else's.

use crate::auth::caller::Caller;
use crate::auth::credential::Credential;
use crate::auth::switches::{Guard, is_on};
use crate::clock;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, RwLock};

/// More tokens than this are not remembered at once.
const LARGEST_CACHE: usize = 10_000;
/// Nor more than this of one client, or of one subject of another issuer.
const MOST_OF_ONE: usize = 100;

/// See the module.
#[derive(Default)]
pub struct TokenCache(RwLock<Tokens>);

#[derive(Default)]
struct Tokens {
    /// The latest epoch at which a caller was looked up; callers of earlier ones are stale.
    epoch: i64,
    by_hash: HashMap<Arc<str>, CachedToken>,
    /// The tokens of each holder, the oldest first.
    by_holder: HashMap<String, VecDeque<Arc<str>>>,
}

#[derive(Default)]
struct CachedToken {
    /// Of a token that has a signature.
    credential: Option<Credential>,
    /// With the epoch at which it was looked up.
    caller: Option<(i64, Arc<Caller>)>,
    holder: String,
}

impl TokenCache {
    /// The claims of a token whose signature was verified. Whether its key is still in use is not known here.
    pub fn credential(&self, hash: &str) -> Option<Credential> {
        self.read(hash, |_, token| token.credential.clone())
    }

    /// The caller of a token at some earlier request. It may be stale: it never decides that a request is refused.
    pub fn caller(&self, hash: &str) -> Option<Arc<Caller>> {
        self.read(hash, |latest, token| token.caller_at(latest))
    }

    /// The caller of a token, if it was looked up at this epoch.
    pub fn caller_at(&self, epoch: i64, hash: &str) -> Option<Arc<Caller>> {
        self.read(hash, |latest, token| {
            (latest == epoch || !is_on(Guard::Epoch))
                .then(|| token.caller_at(latest))
                .flatten()
        })
    }

    /// Remembers the claims of a token whose signature was verified.
    pub fn remember_credential(&self, credential: &Credential) {
        let holder = match credential {
            Credential::Secret(hash) => hash.to_string(),
            Credential::Access(verified) => verified.claims.client_id.clone(),
            Credential::Foreign(foreign) => format!("{} {}", foreign.issuer, foreign.subject),
        };
        self.write(credential.key(), holder, |_, token| {
            token.credential = Some(credential.clone());
        });
    }

    /// Remembers the caller of a token at this epoch.
    pub fn remember_caller(&self, epoch: i64, hash: &Arc<str>, caller: &Arc<Caller>) {
        self.write(hash, caller.client_id.clone(), |latest, token| {
            // A slower request may still hold an older epoch: never let it bring old rights back.
            if epoch >= *latest {
                *latest = epoch;
                token.caller = Some((epoch, caller.clone()));
            }
        });
    }

    /// Forgets a token that is no longer valid.
    pub fn evict(&self, hash: &str) {
        if self.read(hash, |_, _| Some(())).is_some()
            && let Ok(mut tokens) = self.0.write()
        {
            tokens.forget(hash);
        }
    }

    fn read<T>(&self, hash: &str, look: impl FnOnce(i64, &CachedToken) -> Option<T>) -> Option<T> {
        let tokens = self.0.read().ok()?;
        look(tokens.epoch, tokens.by_hash.get(hash)?)
    }

    /// Changes what is kept of a token; `holder` is whose it is, where it is not kept yet.
    fn write(&self, hash: &Arc<str>, holder: String, change: impl FnOnce(&mut i64, &mut CachedToken)) {
        if let Ok(mut tokens) = self.0.write() {
            if !tokens.by_hash.contains_key(hash) {
                tokens.make_room(&holder);
                tokens
                    .by_holder
                    .entry(holder.clone())
                    .or_default()
                    .push_back(hash.clone());
            }
            let Tokens { epoch, by_hash, .. } = &mut *tokens;
            let token = by_hash.entry(hash.clone()).or_insert_with(|| CachedToken {
                holder,
                ..CachedToken::default()
            });
            change(epoch, token);
        }
    }
}

impl Tokens {
    /// Forgets the oldest token of a holder that has many; where all holders together have too many, what has ended, and
    /// everything where nothing has.
    fn make_room(&mut self, holder: &str) {
        let oldest = self.by_holder.get(holder).filter(|kept| kept.len() >= MOST_OF_ONE);
        if let Some(oldest) = oldest.and_then(|kept| kept.front().cloned()) {
            self.forget(&oldest);
        }
        if self.by_hash.len() >= LARGEST_CACHE {
            let now = clock::now();
            self.by_hash.retain(|_, token| !token.has_ended(now));
            if self.by_hash.len() >= LARGEST_CACHE {
                self.by_hash.clear();
            }
            let by_hash = &self.by_hash;
            self.by_holder.retain(|_, kept| {
                kept.retain(|hash| by_hash.contains_key(hash));
                !kept.is_empty()
            });
        }
    }

    fn forget(&mut self, hash: &str) {
        let Some(token) = self.by_hash.remove(hash) else {
            return;
        };
        if let Some(kept) = self.by_holder.get_mut(&token.holder) {
            kept.retain(|other| **other != *hash);
            if kept.is_empty() {
                self.by_holder.remove(&token.holder);
            }
        }
    }
}

impl CachedToken {
    fn caller_at(&self, epoch: i64) -> Option<Arc<Caller>> {
        let (looked_up, caller) = self.caller.as_ref()?;
        (*looked_up == epoch).then(|| caller.clone())
    }

    fn has_ended(&self, now: DateTime<Utc>) -> bool {
        let caller = self.caller.as_ref().map(|(_, caller)| caller.expires_at <= now);
        let credential = self.credential.as_ref().map(|credential| credential.has_ended(now));
        caller.or(credential).unwrap_or(false)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::auth::credential::Foreign;

    fn caller(name: &str) -> Arc<Caller> {
        Arc::new(Caller {
            client_name: name.to_owned(),
            ..Caller::command_line(clock::now())
        })
    }

    fn foreign(hash: &str, subject: &str) -> Credential {
        Credential::Foreign(Arc::new(Foreign {
            hash: hash.into(),
            kid: "k".to_owned(),
            issuer: "i".to_owned(),
            subject: subject.to_owned(),
            expires_at: DateTime::UNIX_EPOCH,
        }))
    }

    #[test]
    fn a_caller_counts_at_its_epoch_only() {
        let (cache, a, b): (_, Arc<str>, Arc<str>) = (TokenCache::default(), "a".into(), "b".into());
        cache.remember_caller(2, &a, &caller("two"));
        assert_eq!(cache.caller_at(2, "a").unwrap().client_name, "two");
        assert_eq!(cache.caller_at(3, "a"), None);
        assert_eq!(cache.caller_at(1, "a"), None);
        assert_eq!(cache.caller("a").unwrap().client_name, "two");
        // A later epoch of any token ends all earlier callers; a slower request does not bring them back.
        cache.remember_caller(3, &b, &caller("three"));
        cache.remember_caller(2, &a, &caller("two"));
        assert_eq!((cache.caller_at(2, "a"), cache.caller("a")), (None, None));
        assert!(cache.caller_at(3, "b").is_some());
    }

    #[test]
    fn nothing_is_left_of_an_evicted_token() {
        let (cache, a): (_, Arc<str>) = (TokenCache::default(), "a".into());
        cache.remember_credential(&foreign("a", "s"));
        cache.remember_caller(1, &a, &caller("one"));
        assert!(cache.credential("a").is_some() && cache.caller("a").is_some());
        cache.evict("a");
        assert!(cache.credential("a").is_none() && cache.caller("a").is_none());
        let tokens = cache.0.read().unwrap();
        assert!(tokens.by_hash.is_empty() && tokens.by_holder.is_empty());
    }

    #[test]
    fn one_client_displaces_its_own_tokens_only() {
        let cache = TokenCache::default();
        let of = |client: &str| {
            Arc::new(Caller {
                client_id: client.to_owned(),
                ..Caller::command_line(clock::now())
            })
        };
        cache.remember_caller(1, &"other".into(), &of("cli_other"));
        for number in 0..LARGEST_CACHE * 2 {
            cache.remember_caller(1, &number.to_string().into(), &of("cli_many"));
        }
        assert!(cache.caller("other").is_some());
        assert_eq!(cache.0.read().unwrap().by_hash.len(), MOST_OF_ONE + 1);
        let newest = (LARGEST_CACHE * 2 - 1).to_string();
        assert!(cache.caller(&newest).is_some() && cache.caller("0").is_none());
    }

    #[test]
    fn it_is_bounded_and_ended_tokens_go_first() {
        let cache = TokenCache::default();
        let size = || cache.0.read().unwrap().by_hash.len();
        cache.remember_caller(1, &"living".into(), &caller("one"));
        for number in 1..LARGEST_CACHE {
            let name = number.to_string();
            cache.remember_credential(&foreign(&name, &name));
        }
        assert_eq!(size(), LARGEST_CACHE);
        cache.remember_caller(1, &"living".into(), &caller("one"));
        assert_eq!(size(), LARGEST_CACHE, "it is there already");
        cache.remember_caller(1, &"next".into(), &caller("one"));
        assert_eq!(size(), 2);
        assert!(cache.caller("living").is_some() && cache.caller("next").is_some());
        assert_eq!(cache.0.read().unwrap().by_holder.len(), 1);
    }
}
