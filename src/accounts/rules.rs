//! What can be asked for of clients and tokens: pure.

use crate::auth::access::rules::may_live;
use crate::auth::network::Networks;
use crate::auth::scope::{Role, Scope, ScopeSet};
use crate::bounds::MAX_FINDINGS;
use crate::clock;
use crate::error::{Error, Result};
use crate::texts::{self, Message};
use crate::values::{Finding, FindingCode};
use chrono::{DateTime, TimeDelta, Utc};

pub use crate::auth::lifetime::{DEFAULT_LIFE_DAYS, LONGEST_LIFE_DAYS};

/// The longest grace period of a rotated token, in seconds: a week.
pub const LONGEST_GRACE_SECONDS: i64 = 604_800;
/// That time when none is asked for: a day.
pub const DEFAULT_GRACE_SECONDS: i64 = 86_400;
/// The longest name of a client or token, in characters.
pub const LONGEST_NAME: usize = 200;
/// Networks that a client may have at most.
pub const MOST_NETWORKS: usize = 50;

/// How long a token shall live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Life {
    /// None is asked for: 90 days, or less where the maker may not give as much.
    #[default]
    Usual,
    /// So many days, 1 to 366.
    Days(i64),
    /// Less than a day, for the very first administrator; or until an instant that was reckoned before.
    Span(TimeDelta),
    /// Until this instant.
    Until(DateTime<Utc>),
}

impl Life {
    /// From `expires_in_days` and `expires_at` of a body: one of them, or neither.
    pub fn read(days: Option<i64>, until: Option<&str>) -> Result<Self> {
        match (days, until) {
            (Some(_), Some(_)) => Err(wrong(
                "/expires_at",
                FindingCode::GivenTwice,
                texts::accounts::one_end_only(),
            )),
            (Some(days), None) => Ok(Self::Days(days)),
            (None, Some(text)) => clock::parse_instant(text).map(Self::Until).ok_or_else(|| {
                wrong(
                    "/expires_at",
                    FindingCode::InvalidInstant,
                    texts::accounts::no_instant(text),
                )
            }),
            (None, None) => Ok(Self::default()),
        }
    }

    /// The end of a life that begins now; 422 when it is none, longer than a token may live, or longer than the maker may
    /// give.
    pub fn end(self, now: DateTime<Utc>, longest: TimeDelta) -> Result<DateTime<Utc>> {
        let end = match self {
            Self::Usual => now + TimeDelta::days(DEFAULT_LIFE_DAYS).min(longest),
            Self::Days(days) if !(1..=LONGEST_LIFE_DAYS).contains(&days) => {
                return Err(wrong(
                    "/expires_in_days",
                    FindingCode::OutOfRange,
                    texts::accounts::life_in_days(LONGEST_LIFE_DAYS),
                ));
            }
            Self::Days(days) => now + TimeDelta::days(days),
            Self::Span(span) => now + span,
            Self::Until(end) if end <= now || end > now + TimeDelta::days(LONGEST_LIFE_DAYS) => {
                return Err(wrong(
                    "/expires_at",
                    FindingCode::OutOfRange,
                    texts::accounts::ends_within_days(LONGEST_LIFE_DAYS),
                ));
            }
            Self::Until(end) => end,
        };
        if !may_live(end - now > longest) {
            return Err(self.outgrows_maker(now, longest));
        }
        Ok(end)
    }

    fn outgrows_maker(self, now: DateTime<Utc>, longest: TimeDelta) -> Error {
        let pointer = match self {
            Self::Until(_) => "/expires_at",
            _ => "/expires_in_days",
        };
        let latest = clock::format_instant(now + longest);
        let detail = texts::accounts::longer_than_maker(longest.num_days(), &latest);
        let finding = Finding::at(pointer, FindingCode::OutOfRange, detail)
            .with_param("longest_days", longest.num_days())
            .with_param("latest", latest);
        Error::with_findings(crate::error::Code::InvalidDocument, vec![finding])
    }
}

/// What is wrong with a name: it is shown in tables, in terminals too.
pub fn check_name(pointer: &str, name: &str) -> Vec<Finding> {
    let wrong = if name.trim().is_empty() {
        texts::accounts::name_needed()
    } else if name.chars().count() > LONGEST_NAME {
        texts::accounts::name_too_long()
    } else if name.chars().any(char::is_control) {
        texts::accounts::name_in_one_line()
    } else {
        return Vec::new();
    };
    vec![Finding::at(pointer, FindingCode::InvalidName, wrong)]
}

/// Reads a list of networks; each invalid one is reported with its place.
pub fn read_networks(pointer: &str, list: &[String]) -> Result<Networks, Vec<Finding>> {
    let findings: Vec<Finding> = list
        .iter()
        .enumerate()
        .filter(|(_, text)| !is_one_network(text))
        .map(|(index, text)| {
            Finding::at(
                format!("{pointer}/{index}"),
                FindingCode::InvalidNetwork,
                texts::accounts::no_network(text),
            )
        })
        .collect();
    if list.len() > MOST_NETWORKS {
        let detail = texts::accounts::at_most_networks(MOST_NETWORKS);
        return Err(vec![Finding::at(pointer, FindingCode::TooMany, detail)]);
    }
    match Networks::parse(&list.join(" ")) {
        Ok(networks) if findings.is_empty() => Ok(networks),
        _ => Err(findings),
    }
}

/// One, not a list of several in one text.
fn is_one_network(text: &str) -> bool {
    Networks::parse(text).is_ok_and(|networks| networks.to_list().len() == 1)
}

/// Reads scopes; each unknown one is reported with its place and the nearest known one.
pub fn read_scopes(pointer: &str, list: &[String]) -> Result<ScopeSet, Vec<Finding>> {
    let findings: Vec<Finding> = list
        .iter()
        .enumerate()
        .filter(|(_, text)| Scope::from_text(text).is_none())
        .take(MAX_FINDINGS + 1)
        .map(|(index, text)| {
            Finding::at(
                format!("{pointer}/{index}"),
                FindingCode::UnknownCode,
                texts::accounts::no_scope(text),
            )
            .with_allowed(Scope::ALL.iter().map(|scope| scope.as_str()), text)
        })
        .collect();
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(list.iter().filter_map(|text| Scope::from_text(text)).collect())
}

/// The rights of a new client: scopes or a role, one of them.
pub fn read_rights(scopes: Option<&[String]>, role: Option<&str>) -> Result<ScopeSet, Vec<Finding>> {
    match (scopes, role) {
        (Some(scopes), None) => read_scopes("/scopes", scopes),
        (None, Some(role)) => Role::from_text(role).map(Role::scopes).ok_or_else(|| {
            let finding = Finding::at("/role", FindingCode::UnknownCode, texts::accounts::no_role(role));
            vec![finding.with_allowed(Role::ALL.iter().map(|role| role.as_str()), role)]
        }),
        (Some(_), Some(_)) => Err(vec![Finding::at(
            "/role",
            FindingCode::GivenTwice,
            texts::accounts::scopes_or_role(),
        )]),
        (None, None) => Err(vec![Finding::at(
            "/scopes",
            FindingCode::Required,
            texts::accounts::scopes_needed(),
        )]),
    }
}

/// A 422 about one place of the body.
pub fn wrong(pointer: &str, code: FindingCode, detail: Message) -> Error {
    Error::with_findings(
        crate::error::Code::InvalidDocument,
        vec![Finding::at(pointer, code, detail)],
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_life_is_bounded() {
        let (now, longest) = (clock::now(), TimeDelta::days(LONGEST_LIFE_DAYS));
        for days in [1, 90, 366] {
            assert_eq!(Life::Days(days).end(now, longest).unwrap(), now + TimeDelta::days(days));
        }
        for days in [0, -1, 367, i64::MAX, i64::MIN] {
            assert!(Life::Days(days).end(now, longest).is_err(), "{days}");
        }
        let at = |seconds| Life::Until(now + TimeDelta::seconds(seconds)).end(now, longest);
        assert!(at(1).is_ok() && at(366 * 86_400).is_ok());
        assert!(at(0).is_err() && at(-1).is_err() && at(366 * 86_400 + 1).is_err());
        assert_eq!(Life::read(None, None).unwrap(), Life::Usual);
        assert!(Life::read(Some(1), Some("2030-01-01T00:00:00Z")).is_err());
        assert!(Life::read(None, Some("tomorrow")).is_err());
    }

    #[test]
    fn no_life_is_longer_than_the_maker_may_give() {
        let (now, longest) = (clock::now(), TimeDelta::days(30));
        let end = |life: Life| life.end(now, longest);
        assert_eq!(end(Life::Usual).unwrap(), now + longest);
        assert_eq!(
            Life::Usual.end(now, TimeDelta::days(200)).unwrap(),
            now + TimeDelta::days(90)
        );
        assert_eq!(end(Life::Days(30)).unwrap(), end(Life::Until(now + longest)).unwrap());
        for (life, pointer) in [
            (Life::Days(31), "/expires_in_days"),
            (Life::Until(now + longest + TimeDelta::microseconds(1)), "/expires_at"),
        ] {
            let error = end(life).unwrap_err();
            let finding = &error.findings()[0];
            assert_eq!(finding.pointer.as_deref(), Some(pointer));
            assert_eq!(finding.params["longest_days"], 30);
        }
    }

    #[test]
    fn every_wrong_network_and_scope_is_named() {
        let found = read_networks(
            "/networks",
            &texts(&["10.0.0.0/8", "office", "10.0.0.0/8 11.0.0.0/8", ""]),
        )
        .unwrap_err();
        let places: Vec<&str> = found.iter().filter_map(|finding| finding.pointer.as_deref()).collect();
        assert_eq!(places, ["/networks/1", "/networks/2", "/networks/3"]);
        assert_eq!(
            read_networks("/networks", &texts(&["10.1.2.3/8"])).unwrap().to_list(),
            ["10.0.0.0/8"]
        );
        let found = read_scopes("/scopes", &texts(&["offices:read", "offices:raed"])).unwrap_err();
        assert_eq!(found[0].pointer.as_deref(), Some("/scopes/1"));
        assert_eq!(found[0].suggestion.as_deref(), Some("offices:read"));
    }

    #[test]
    fn rights_are_scopes_or_a_role() {
        assert_eq!(read_rights(None, Some("admin")).unwrap(), ScopeSet::all());
        assert!(read_rights(Some(&texts(&["export"])), Some("viewer")).is_err());
        assert!(read_rights(None, None).is_err());
        assert!(read_rights(None, Some("boss")).is_err());
    }

    #[test]
    fn a_name_is_one_line() {
        assert!(check_name("/name", "서울 sync").is_empty());
        for name in ["", "  ", "a\nb", "a\u{1b}[31m", &"x".repeat(201)] {
            assert_eq!(check_name("/name", name).len(), 1, "{name:?}");
        }
    }
}
