//! The keys that sign access tokens (JWT): ES256 (RFC 7518 §3.4), each named by its thumbprint (RFC 7638).
//!
//! A key goes through four states, and `eduaccord keys rotate` moves all of them on by one:
//! - `next`: published in the JWKS, so that every cache knows it before it signs anything;
//! - `active`: signs;
//! - `retiring`: signs no more, but verifies until the last token that it signed has ended;
//! - `retired`: gone from the JWKS; its private part is erased.
//!
//! Every change of a key raises the epoch, so all processes on the database see it at their next request, and those
//! that serve none look for it every few seconds (see [`keyring`]).

pub mod keyring;
mod pair;
pub mod store;
mod watch;

pub use keyring::Keyring;
pub use watch::KeyWatch;

use chrono::TimeDelta;

/// How long an access token lives. Short, because it is a view of a secret that can be asked for again at any time.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How far clocks may differ.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// How long caches may keep the JWKS.
pub const PUBLISHED_FOR: TimeDelta = TimeDelta::seconds(300);
/// A key signs only after every process on the database had the time to learn of it: more than twice the time between
/// two looks of the maintenance thread. Until then the previous key signs, so that `rotate --now` fails no request either.
pub const KNOWN_AFTER: TimeDelta = TimeDelta::seconds(5);
/// How long a retiring key verifies: the life of the last token that it may have signed, and a good margin.
pub const RETIRING_FOR: TimeDelta = TimeDelta::seconds(660);
