//! Refusals, folded: the first of a minute is recorded at once, the following ones are counted and recorded as one when the
//! minute is over. So a client that runs into a wall a thousand times a second makes two rows a minute, not sixty
//! thousand.

use crate::audit::chain::Actor;
use crate::audit::pending::PendingAuditEvent;
use crate::clock;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::HashMap;

/// Of more different refusals of one client in one minute (somebody tries ids) it is only counted how many there were.
const DISTINCT: usize = 200;

/// The key of a refusal: caller, operation, target, code.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who.
    pub actor: Actor,
    /// What they called.
    pub operation: String,
    /// The record.
    pub target_id: Option<String>,
    /// The problem's code.
    pub code: &'static str,
}

/// What makes two refusals the same. The address belongs to it: a stolen token is refused beside the rightful one.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Sort {
    client_id: String,
    token_id: Option<String>,
    operation: String,
    target_id: Option<String>,
    code: &'static str,
    address: Option<std::net::IpAddr>,
}

/// The refusals of the current minute.
#[derive(Debug, Default)]
pub struct Refusals {
    minute: DateTime<Utc>,
    folded: HashMap<Sort, (Refusal, i64)>,
    distinct: HashMap<String, usize>,
}

impl Refusals {
    /// Counts a refusal. Returns what is to be recorded now.
    pub fn note(&mut self, mut refusal: Refusal, now: DateTime<Utc>) -> Vec<PendingAuditEvent> {
        let mut told = self.close(now, false);
        let client = &refusal.actor.client_id;
        let known = self.distinct.get(client).copied().unwrap_or(0);
        let mut sort = sort_of(&refusal);
        if let Some((latest, further)) = self.folded.get_mut(&sort) {
            *latest = refusal;
            *further += 1;
        } else if known < DISTINCT {
            self.distinct.insert(client.clone(), known + 1);
            told.push(tell(&refusal, None));
            self.folded.insert(sort, (refusal, 0));
        } else {
            (sort.target_id, sort.address) = (None, None);
            (refusal.target_id, refusal.actor.address) = (None, None);
            let (_, further) = self.folded.entry(sort).or_insert((refusal, 0));
            *further += 1;
        }
        told
    }

    /// What is to be recorded of a minute that is over, or that is to end now.
    pub fn close(&mut self, now: DateTime<Utc>, end: bool) -> Vec<PendingAuditEvent> {
        let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
        if minute == self.minute && !end {
            return Vec::new();
        }
        let period = clock::format_instant(self.minute);
        self.minute = minute;
        self.distinct.clear();
        self.folded
            .drain()
            .filter(|(_, (_, further))| *further > 0)
            .map(|(_, (refusal, further))| tell(&refusal, Some((further, period.clone()))))
            .collect()
    }
}

fn sort_of(refusal: &Refusal) -> Sort {
    Sort {
        client_id: refusal.actor.client_id.clone(),
        token_id: refusal.actor.token_id.clone(),
        operation: refusal.operation.clone(),
        target_id: refusal.target_id.clone(),
        code: refusal.code,
        address: refusal.actor.address,
    }
}

fn tell(refusal: &Refusal, folded: Option<(i64, String)>) -> PendingAuditEvent {
    let (occurrences, period) = folded.unzip();
    PendingAuditEvent {
        actor: refusal.actor.clone(),
        operation: refusal.operation.clone(),
        target_id: refusal.target_id.clone(),
        outcome: "refused",
        code: Some(refusal.code),
        occurrences,
        disclosed: Default::default(),
        period,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn refusal(client: &str, record: &str) -> Refusal {
        Refusal {
            actor: Actor {
                client_id: client.to_owned(),
                ..Actor::command_line()
            },
            operation: "getMou".to_owned(),
            target_id: Some(record.to_owned()),
            code: "record-not-found",
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        clock::parse_instant(text).unwrap()
    }

    /// The contents of notes, sorted: client, record, how many.
    fn told(notes: &[PendingAuditEvent]) -> Vec<(&str, Option<&str>, Option<i64>)> {
        let mut told: Vec<_> = notes
            .iter()
            .map(|note| {
                (
                    note.actor.client_id.as_str(),
                    note.target_id.as_deref(),
                    note.occurrences,
                )
            })
            .collect();
        told.sort_unstable();
        told
    }

    #[test]
    fn the_first_is_told_at_once_and_the_rest_with_the_minute() {
        let mut refusals = Refusals::default();
        let first = refusals.note(refusal("a", "mou_1"), at("2026-11-22T05:00:01Z"));
        assert_eq!(told(&first), [("a", Some("mou_1"), None)]);
        for second in 2..59 {
            let now = at("2026-11-22T05:00:00Z") + TimeDelta::seconds(second);
            assert!(refusals.note(refusal("a", "mou_1"), now).is_empty());
        }
        let other = refusals.note(refusal("b", "mou_1"), at("2026-11-22T05:00:59Z"));
        assert_eq!(told(&other), [("b", Some("mou_1"), None)]);
        assert!(refusals.close(at("2026-11-22T05:00:59.9Z"), false).is_empty());
        let over = refusals.note(refusal("a", "mou_1"), at("2026-11-22T05:01:00Z"));
        assert_eq!(
            told(&over),
            [("a", Some("mou_1"), None), ("a", Some("mou_1"), Some(57))]
        );
        assert_eq!(
            over.iter().find_map(|note| note.period.clone()).unwrap(),
            "2026-11-22T05:00:00.000000Z"
        );
        // Alone in its minute: there is nothing more to record, also at the end.
        assert!(refusals.close(at("2026-11-22T05:01:30Z"), true).is_empty());
    }

    #[test]
    fn who_tries_ids_fills_no_log() {
        let mut refusals = Refusals::default();
        let now = at("2026-11-22T05:00:01Z");
        let rows: usize = (0..10_000)
            .map(|number| refusals.note(refusal("a", &format!("mou_{number}")), now).len())
            .sum();
        assert_eq!(rows, DISTINCT);
        assert_eq!(
            told(&refusals.note(refusal("b", "mou_1"), now)),
            [("b", Some("mou_1"), None)]
        );
        assert_eq!(told(&refusals.close(now, true)), [("a", None, Some(9_800))]);
    }
}
