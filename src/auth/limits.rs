//! How much one token may ask, and how often one address may fail to prove who it is.
//!
//! Both are kept in the memory of this process: several instances each allow the whole quota. They protect the service
//! from a runaway client, not one office from another, so that is enough, and asking costs no database.

use crate::auth::switches::{Guard, is_on};
use crate::error::{Code, Error, Result};
use crate::texts;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The window of a token's quota, and the one in which failures of an address are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// An address is shut out for this long at first, twice as long each further time, and never longer than the last.
const FIRST_BLOCK: Duration = Duration::from_secs(60);
const LONGEST_BLOCK: Duration = Duration::from_secs(3_600);
/// More tokens or addresses than this are not counted at once; those whose time is over are forgotten first.
const LARGEST_TABLE: usize = 50_000;

/// The limits of one process.
#[derive(Debug)]
pub struct Limits {
    requests: Option<u32>,
    failures: Option<u32>,
    tokens: Mutex<HashMap<String, Spent>>,
    addresses: Mutex<HashMap<IpAddr, Failures>>,
}

/// A request costs as many parts of a quota.
const WHOLE: u32 = 10;

/// What a token has used of its quota.
#[derive(Debug, Clone, Copy)]
struct Spent {
    since: Instant,
    /// In tenths of a request.
    tenths: u32,
}

/// Why a token was refused, as far as its address is concerned. Each is counted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It has not the form of any token: a typing error, a variable that was not set.
    Malformed,
    /// It has the form of a token and is none: a guess. Only these shut an address out.
    Unknown,
    /// It was one: a program that was not told that its token has ended.
    Ended,
}

/// What is to be told of a failure, where it was one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMany {
    /// The address must wait this long with tokens that are unknown.
    Blocked(Duration),
    /// There were more of this kind in this minute than are allowed of guesses.
    Noticed(Failure),
}

/// How an address failed.
#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Instant,
    /// By kind.
    counts: [u32; 3],
    blocked_until: Option<Instant>,
    last_block: Duration,
}

/// What is left of a quota, for the rate-limit headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests in each window.
    pub limit: u32,
    /// How many are left in this one.
    pub remaining: u32,
    /// Seconds until the next.
    pub reset: u64,
}

impl Quota {
    /// `RateLimit-Policy` and `RateLimit`, as the IETF's HTTP working group writes them
    /// (draft-ietf-httpapi-ratelimit-headers).
    pub fn headers(self) -> [(&'static str, String); 2] {
        [
            (
                "ratelimit-policy",
                format!("\"token\";q={};w={}", self.limit, WINDOW.as_secs()),
            ),
            ("ratelimit", format!("\"token\";r={};t={}", self.remaining, self.reset)),
        ]
    }
}

impl Limits {
    /// So many requests a minute for each token, and so many failures a minute for each address. None: no limit.
    pub fn new(requests: Option<u32>, failures: Option<u32>) -> Self {
        Self {
            requests,
            failures,
            tokens: Mutex::default(),
            addresses: Mutex::default(),
        }
    }

    /// Counts one request of a token. `None` when there is no limit; 429 when nothing is left.
    pub fn spend(&self, token_id: &str, now: Instant) -> Result<Option<Quota>> {
        let (Some(limit), Ok(mut tokens)) = (self.requests, self.tokens.lock()) else {
            return Ok(None);
        };
        if tokens.len() >= LARGEST_TABLE && !tokens.contains_key(token_id) {
            make_room(&mut tokens, |spent| now.duration_since(spent.since) >= WINDOW);
        }
        let fresh = Spent { since: now, tenths: 0 };
        if !tokens.contains_key(token_id) {
            tokens.insert(token_id.to_owned(), fresh);
        }
        let Some(spent) = tokens.get_mut(token_id) else {
            return Ok(None);
        };
        if now.duration_since(spent.since) >= WINDOW {
            *spent = fresh;
        }
        let reset = seconds_up(WINDOW.saturating_sub(now.duration_since(spent.since)));
        let all = limit.saturating_mul(WHOLE);
        let refused = spent.tenths.saturating_add(WHOLE) > all && is_on(Guard::TokenQuota);
        spent.tenths = spent.tenths.saturating_add(if refused { 0 } else { WHOLE });
        let quota = Quota {
            limit,
            remaining: all.saturating_sub(spent.tenths) / WHOLE,
            reset,
        };
        if !refused {
            return Ok(Some(quota));
        }
        let mut error = Error::new(Code::RateLimited, texts::access::quota_used_up(limit, reset))
            .with_header("Retry-After", reset.to_string());
        for (name, value) in quota.headers() {
            error = error.with_header(name, value);
        }
        Err(error)
    }

    /// Gives back nine tenths of a request that was counted as a whole one in this minute: it turned out to cost little.
    pub fn give_back(&self, token_id: &str, now: Instant) {
        if let Ok(mut tokens) = self.tokens.lock()
            && let Some(spent) = tokens.get_mut(token_id)
            && now.duration_since(spent.since) < WINDOW
        {
            spent.tenths = spent.tenths.saturating_sub(WHOLE - 1);
        }
    }

    /// 429 while an address is shut out. Asked only for tokens that are unknown: what counts, or has counted once, is
    /// answered as ever, whoever else guesses behind the same proxy.
    pub fn check_address(&self, address: IpAddr, now: Instant) -> Result<()> {
        if self.failures.is_none() {
            return Ok(());
        }
        let until = self
            .addresses
            .lock()
            .ok()
            .and_then(|addresses| addresses.get(&line_of(address))?.blocked_until);
        match until.map(|until| until.saturating_duration_since(now)) {
            Some(left) if !left.is_zero() && is_on(Guard::AddressFailures) => {
                let seconds = seconds_up(left);
                Err(Error::new(
                    Code::TooManyFailures,
                    texts::access::address_must_wait(address, seconds),
                )
                .with_header("Retry-After", seconds.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Counts a refused token of an address. Returns what came of it, if this was one too many.
    pub fn note_failure(&self, address: IpAddr, failure: Failure, now: Instant) -> Option<TooMany> {
        let allowed = self.failures?;
        let mut addresses = self.addresses.lock().ok()?;
        let line = line_of(address);
        if addresses.len() >= LARGEST_TABLE && !addresses.contains_key(&line) {
            make_room(&mut addresses, |failures| {
                now.duration_since(failures.since) >= LONGEST_BLOCK
            });
        }
        let failures = addresses.entry(line).or_insert(Failures {
            since: now,
            counts: [0; 3],
            blocked_until: None,
            last_block: Duration::ZERO,
        });
        let quiet = now.duration_since(failures.since);
        if quiet >= WINDOW {
            failures.since = now;
            failures.counts = [0; 3];
        }
        // An hour after its last block an address begins anew.
        if failures
            .blocked_until
            .is_some_and(|until| now.saturating_duration_since(until) >= LONGEST_BLOCK)
        {
            failures.last_block = Duration::ZERO;
        }
        let [malformed, unknown, ended] = &mut failures.counts;
        let count = match failure {
            Failure::Malformed => malformed,
            Failure::Unknown => unknown,
            Failure::Ended => ended,
        };
        *count = count.saturating_add(1);
        if failure != Failure::Unknown {
            return (*count == allowed.saturating_add(1)).then_some(TooMany::Noticed(failure));
        }
        if *count <= allowed {
            return None;
        }
        *count = 0;
        failures.last_block = (failures.last_block * 2).clamp(FIRST_BLOCK, LONGEST_BLOCK);
        failures.blocked_until = Some(now + failures.last_block);
        Some(TooMany::Blocked(failures.last_block))
    }
}

/// Forgets what is over; everything, where nothing is.
fn make_room<K: Eq + std::hash::Hash, V>(table: &mut HashMap<K, V>, is_over: impl Fn(&V) -> bool) {
    table.retain(|_, entry| !is_over(entry));
    if table.len() >= LARGEST_TABLE {
        table.clear();
    }
}

/// Whose failures are counted together: an IPv4 address, or the 64 bits of an IPv6 one that one line has to itself.
fn line_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

fn seconds_up(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    fn blocked(told: Option<TooMany>) -> Option<Duration> {
        match told? {
            TooMany::Blocked(block) => Some(block),
            TooMany::Noticed(_) => None,
        }
    }

    #[test]
    fn what_cost_little_counts_a_tenth() {
        let limits = Limits::new(Some(2), None);
        let now = Instant::now();
        let mut asked = 0;
        while limits.spend("tok_a", now).is_ok() {
            limits.give_back("tok_a", now);
            asked += 1;
        }
        assert_eq!(asked, 11, "ten, and the last whole one");
        limits.give_back("tok_a", after(now, 60));
        limits.give_back("tok_b", now);
        assert!(
            limits.spend("tok_a", after(now, 59)).is_err(),
            "of another minute, or another token"
        );
        assert_eq!(limits.spend("tok_b", now).unwrap().unwrap().remaining, 1);
    }

    #[test]
    fn only_guesses_shut_an_address_out() {
        let limits = Limits::new(None, Some(2));
        let (address, now): (IpAddr, _) = ("203.0.113.7".parse().unwrap(), Instant::now());
        for failure in [Failure::Malformed, Failure::Ended] {
            let told: Vec<_> = (0..9)
                .filter_map(|_| limits.note_failure(address, failure, now))
                .collect();
            assert_eq!(told, [TooMany::Noticed(failure)], "once a minute");
            limits.check_address(address, now).unwrap();
        }
        for _ in 0..2 {
            assert_eq!(
                limits.note_failure(address, Failure::Unknown, now),
                None,
                "each has its own count"
            );
        }
        assert_eq!(
            blocked(limits.note_failure(address, Failure::Unknown, now)),
            Some(FIRST_BLOCK)
        );
        assert!(limits.check_address(address, now).is_err());
    }

    #[test]
    fn a_quota_is_used_up_and_comes_back() {
        let limits = Limits::new(Some(3), None);
        let start = Instant::now();
        for left in [2, 1, 0] {
            let quota = limits.spend("tok_a", after(start, 1)).unwrap().unwrap();
            assert_eq!((quota.limit, quota.remaining, quota.reset), (3, left, 60));
        }
        let error = limits.spend("tok_a", after(start, 31)).unwrap_err();
        assert_eq!(error.code(), Code::RateLimited);
        let headers = error.headers();
        assert!(headers.contains(&("Retry-After", "30".to_owned())), "{headers:?}");
        assert!(
            headers.contains(&("ratelimit", "\"token\";r=0;t=30".to_owned())),
            "{headers:?}"
        );
        assert_eq!(
            limits.spend("tok_b", after(start, 31)).unwrap().unwrap().remaining,
            2,
            "each token has its own"
        );
        assert_eq!(limits.spend("tok_a", after(start, 61)).unwrap().unwrap().remaining, 2);
        assert_eq!(Limits::new(None, None).spend("tok_a", start).unwrap(), None);
    }

    #[test]
    fn an_address_that_fails_is_shut_out_longer_each_time() {
        let limits = Limits::new(None, Some(2));
        let (address, other): (IpAddr, IpAddr) = ("203.0.113.7".parse().unwrap(), "203.0.113.8".parse().unwrap());
        let mut now = Instant::now();
        for expected in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            assert_eq!(limits.note_failure(address, Failure::Unknown, now), None);
            assert_eq!(limits.note_failure(address, Failure::Unknown, now), None);
            let block = blocked(limits.note_failure(address, Failure::Unknown, now)).unwrap();
            assert_eq!(block.as_secs(), expected);
            let error = limits.check_address(address, now).unwrap_err();
            assert!(error.headers().contains(&("Retry-After", expected.to_string())));
            limits.check_address(other, now).unwrap();
            now += block;
            limits.check_address(address, now).unwrap();
        }
        // Three failures, but not within a minute.
        for minute in 2..5 {
            assert_eq!(
                limits.note_failure(other, Failure::Unknown, now + WINDOW * minute),
                None
            );
        }
        // After an hour without a block the first one is short again.
        now += LONGEST_BLOCK;
        let blocks: Vec<_> = (0..3)
            .filter_map(|_| blocked(limits.note_failure(address, Failure::Unknown, now)))
            .collect();
        assert_eq!(blocks, [FIRST_BLOCK]);
    }

    #[test]
    fn one_line_of_ipv6_is_counted_together() {
        let limits = Limits::new(None, Some(0));
        let now = Instant::now();
        limits.note_failure("2001:db8:1:2::1".parse().unwrap(), Failure::Unknown, now);
        assert!(
            limits
                .check_address("2001:db8:1:2:ffff::9".parse().unwrap(), now)
                .is_err()
        );
        assert!(limits.check_address("2001:db8:1:3::1".parse().unwrap(), now).is_ok());
    }

    #[test]
    fn tables_do_not_grow_without_end() {
        let limits = Limits::new(Some(1), Some(1));
        let start = Instant::now();
        for number in 0..=u32::try_from(LARGEST_TABLE).unwrap() {
            limits.spend(&format!("tok_{number}"), start).unwrap();
            limits.note_failure(IpAddr::from(number.to_be_bytes()), Failure::Unknown, start);
        }
        assert!(limits.tokens.lock().unwrap().len() <= LARGEST_TABLE);
        assert!(limits.addresses.lock().unwrap().len() <= LARGEST_TABLE);
    }
}
