//! How long tokens may live, and how long those that are made with them: no token outgrows its maker.
//!
//! What is made lives, counted from the moment in which it is made, at most as long as its maker was given. Tokens made on
//! the host (the first one too) are bounded only as every token is. Of a rotated token the life of the first one before
//! it counts, and no more than that of who rotated it; a linked subject of another issuer, whose own tokens are not this
//! service's, may make tokens of the usual life.

use crate::clock;
use chrono::TimeDelta;

/// The longest life of a token, in days.
pub const LONGEST_LIFE_DAYS: i64 = 366;
/// The life of a token when none is asked for, in days; also the longest that a subject of another issuer gives.
pub const DEFAULT_LIFE_DAYS: i64 = 90;

/// The longest life of any token: what those give that are not bounded.
pub fn longest_of_all() -> TimeDelta {
    TimeDelta::days(LONGEST_LIFE_DAYS)
}

/// The longest that tokens live which a subject of another issuer makes.
pub fn longest_of_subjects() -> TimeDelta {
    TimeDelta::days(DEFAULT_LIFE_DAYS)
}

/// What is stored of a token about this.
#[derive(Debug, Clone, Copy)]
pub struct StoredLife<'a> {
    /// Seconds; none in rows of older releases.
    pub longest_life: Option<i64>,
    /// The token that made it; none for the host.
    pub created_by_token: Option<&'a str>,
    /// When it was made.
    pub created_at: &'a str,
    /// When it ends.
    pub expires_at: &'a str,
}

impl StoredLife<'_> {
    /// The longest that tokens live which are made with this one.
    pub fn longest(self) -> TimeDelta {
        match (self.longest_life, self.created_by_token) {
            (Some(seconds), _) => TimeDelta::try_seconds(seconds).unwrap_or_default(),
            (None, None) => longest_of_all(),
            // Its end may have been moved forward since; what it was given first is not known any more.
            (None, Some(_)) => match (
                clock::parse_instant(self.created_at),
                clock::parse_instant(self.expires_at),
            ) {
                (Some(start), Some(end)) => end - start,
                _ => TimeDelta::zero(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_releases_stored_is_bounded_by_its_own_life() {
        let stored = |longest_life, created_by_token| StoredLife {
            longest_life,
            created_by_token,
            created_at: "2026-01-01T00:00:00.000000Z",
            expires_at: "2026-01-31T00:00:00.000000Z",
        };
        assert_eq!(stored(None, None).longest(), longest_of_all());
        assert_eq!(stored(None, Some("tok_1")).longest(), TimeDelta::days(30));
        for maker in [None, Some("tok_1")] {
            assert_eq!(stored(Some(60), maker).longest(), TimeDelta::seconds(60));
        }
        let damaged = StoredLife {
            expires_at: "soon",
            ..stored(None, Some("tok_1"))
        };
        assert_eq!(damaged.longest(), TimeDelta::zero());
    }
}
