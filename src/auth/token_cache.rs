//! What one process remembers of tokens, by their hashes.
//!
//! Three things: the claims of a token whose signature was verified; its caller as of some epoch, which is stale once a
//! right has changed; and whether the token was valid when it was last presented, which exempts it from the
//! failed-authentication throttle. None of it authenticates a request: every request asks the database.

use crate::auth::caller::Caller;
use crate::auth::credential::Credential;
use crate::auth::switches::{Guard, is_on};
use crate::clock;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// More tokens than this are not remembered at once.
const LARGEST_CACHE: usize = 10_000;

/// See the module.
#[derive(Default)]
pub struct TokenCache(RwLock<Tokens>);

#[derive(Default)]
struct Tokens {
    /// The latest epoch at which a caller was looked up; callers of earlier ones are stale.
    epoch: i64,
    by_hash: HashMap<Arc<str>, CachedToken>,
}

#[derive(Default)]
struct CachedToken {
    /// Of a token that has a signature.
    credential: Option<Credential>,
    /// With the epoch at which it was looked up.
    caller: Option<(i64, Arc<Caller>)>,
    is_recently_valid: bool,
}

impl TokenCache {
    /// True if the token was valid when it was last presented here. Such tokens bypass the failed-authentication throttle.
    pub fn recently_valid(&self, hash: &str) -> bool {
        self.read(hash, |_, token| token.is_recently_valid.then_some(()))
            .is_some()
    }

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

    /// Remembers that this token was valid just now, or was just issued.
    pub fn remember(&self, hash: &Arc<str>) {
        if !self.recently_valid(hash) {
            self.write(hash, |_, token| token.is_recently_valid = true);
        }
    }

    /// Remembers the claims of a token whose signature was verified.
    pub fn remember_credential(&self, credential: &Credential) {
        self.write(credential.key(), |_, token| token.credential = Some(credential.clone()));
    }

    /// Remembers the caller of a token at this epoch, and that it was valid just now.
    pub fn remember_caller(&self, epoch: i64, hash: &Arc<str>, caller: &Arc<Caller>) {
        self.write(hash, |latest, token| {
            token.is_recently_valid = true;
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
            tokens.by_hash.remove(hash);
        }
    }

    fn read<T>(&self, hash: &str, look: impl FnOnce(i64, &CachedToken) -> Option<T>) -> Option<T> {
        let tokens = self.0.read().ok()?;
        look(tokens.epoch, tokens.by_hash.get(hash)?)
    }

    fn write(&self, hash: &Arc<str>, change: impl FnOnce(&mut i64, &mut CachedToken)) {
        if let Ok(mut tokens) = self.0.write() {
            let Tokens { epoch, by_hash } = &mut *tokens;
            if by_hash.len() >= LARGEST_CACHE && !by_hash.contains_key(hash) {
                let now = clock::now();
                by_hash.retain(|_, token| !token.has_ended(now));
                if by_hash.len() >= LARGEST_CACHE {
                    by_hash.clear();
                }
            }
            change(epoch, by_hash.entry(hash.clone()).or_default());
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

    fn foreign(hash: &str) -> Credential {
        Credential::Foreign(Arc::new(Foreign {
            hash: hash.into(),
            kid: "k".to_owned(),
            issuer: "i".to_owned(),
            subject: "s".to_owned(),
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
        assert!(cache.recently_valid("a"), "whatever has changed");
        assert!(cache.caller_at(3, "b").is_some());
    }

    #[test]
    fn nothing_is_left_of_an_evicted_token() {
        let (cache, a): (_, Arc<str>) = (TokenCache::default(), "a".into());
        cache.remember_credential(&foreign("a"));
        assert!(!cache.recently_valid("a"), "a good signature is not enough");
        cache.remember_caller(1, &a, &caller("one"));
        assert!(cache.recently_valid("a") && cache.credential("a").is_some());
        cache.evict("a");
        assert!(!cache.recently_valid("a") && cache.credential("a").is_none() && cache.caller("a").is_none());
    }

    #[test]
    fn it_is_bounded_and_ended_tokens_go_first() {
        let cache = TokenCache::default();
        let size = || cache.0.read().unwrap().by_hash.len();
        cache.remember(&"living".into());
        for number in 1..LARGEST_CACHE {
            cache.remember_credential(&foreign(&number.to_string()));
        }
        assert_eq!(size(), LARGEST_CACHE);
        cache.remember(&"living".into());
        assert_eq!(size(), LARGEST_CACHE, "it is there already");
        cache.remember(&"next".into());
        assert_eq!(size(), 2);
        assert!(cache.recently_valid("living") && cache.recently_valid("next"));
        for number in 2..=LARGEST_CACHE {
            cache.remember(&number.to_string().into());
        }
        assert_eq!(size(), 1);
    }
}
