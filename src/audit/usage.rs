//! How often tokens are used, for what and from where: noted in memory on each request, written every few seconds.
//!
//! An admin who rotates a token wants to see the old one fall silent; some seconds late is soon enough for that. Writing
//! on every request would make every read a write. Reads go from here into the audit chain too: one row per token,
//! operation and hour.

use crate::audit::chain::{Actor, Event, append};
use crate::clock;
use crate::db::schema::{identities, token_usage, tokens};
use crate::db::{Conn, Transaction};
use crate::error::Result;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// An hour is summed up in the chain this long after its end: by then every process has written its part.
const GRACE: TimeDelta = TimeDelta::minutes(2);
/// Rows that are written in one transaction.
const TOLD_AT_ONCE: i64 = 200;

/// Who did what.
#[derive(Debug, Clone, Copy)]
pub struct UsageKey<'a> {
    /// The token; the client itself where it came with a credential that is no token of ours.
    pub token_id: &'a str,
    /// The service account.
    pub client_id: &'a str,
    /// The office acted for.
    pub office_id: Option<&'a str>,
    /// The operation.
    pub operation: &'a str,
    /// From where.
    pub address: IpAddr,
}

/// How often something happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All requests.
    pub requests: i64,
    /// Those that read something and were answered.
    pub reads: i64,
    /// Those that were refused.
    pub refused: i64,
}

/// What is not written yet.
#[derive(Debug, Default)]
pub struct Usage(Mutex<Uses>);

/// By token, then by operation.
type Uses = HashMap<String, TokenUse>;

#[derive(Debug)]
struct TokenUse {
    client_id: String,
    office_id: Option<String>,
    operations: HashMap<String, Vec<HourUse>>,
}

#[derive(Debug, Clone, Copy)]
struct HourUse {
    hour: DateTime<Utc>,
    counts: Counts,
    last_at: DateTime<Utc>,
    last_address: IpAddr,
}

/// Uses that were taken to be written.
#[derive(Debug)]
pub struct Taken(Uses);

impl Usage {
    /// Notes what was done just now.
    pub fn note(&self, key: UsageKey<'_>, counts: Counts) {
        let now = clock::now();
        let latest = HourUse {
            hour: hour_of(now),
            counts,
            last_at: now,
            last_address: key.address,
        };
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), key, &latest);
    }

    /// Takes what is not written yet; none when there is nothing.
    pub fn take(&self) -> Option<Taken> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!uses.is_empty()).then(|| Taken(std::mem::take(&mut *uses)))
    }

    /// Keeps what could not be written for the next time.
    pub fn give_back(&self, taken: &Taken) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, hour) in taken.all() {
            add(&mut uses, key, hour);
        }
    }
}

impl Taken {
    fn all(&self) -> impl Iterator<Item = (UsageKey<'_>, &HourUse)> {
        self.0.iter().flat_map(|(token_id, used)| {
            used.operations.iter().flat_map(move |(operation, hours)| {
                hours.iter().map(move |hour| {
                    let key = UsageKey {
                        token_id,
                        client_id: &used.client_id,
                        office_id: used.office_id.as_deref(),
                        operation,
                        address: hour.last_address,
                    };
                    (key, hour)
                })
            })
        })
    }

    /// Adds the counts to those of the database, and notes each token's last use.
    pub fn write(&self, transaction: &mut Transaction<'_>) -> Result<()> {
        for (key, hour) in self.all() {
            add_row(transaction.conn, key, hour)?;
        }
        for (token_id, used) in &self.0 {
            let hours = used.operations.values().flatten();
            let Some(last) = hours.max_by_key(|hour| hour.last_at) else {
                continue;
            };
            // A subject of another issuer has no token of this service; its link takes that place.
            if token_id.starts_with("idn_") {
                diesel::update(identities::table.find(token_id))
                    .set(identities::last_used_at.eq(Some(clock::format_instant(last.last_at))))
                    .execute(transaction.conn)?;
                continue;
            }
            diesel::update(tokens::table.find(token_id))
                .set((
                    tokens::last_used_at.eq(Some(clock::format_instant(last.last_at))),
                    tokens::last_used_network.eq(Some(network_of(last.last_address))),
                ))
                .execute(transaction.conn)?;
        }
        Ok(())
    }
}

/// Nothing is allocated for what has been noted before in this hour.
fn add(uses: &mut Uses, key: UsageKey<'_>, latest: &HourUse) {
    if !uses.contains_key(key.token_id) {
        let new = TokenUse {
            client_id: key.client_id.to_owned(),
            office_id: None,
            operations: HashMap::new(),
        };
        uses.insert(key.token_id.to_owned(), new);
    }
    let Some(used) = uses.get_mut(key.token_id) else {
        return;
    };
    if used.office_id.as_deref() != key.office_id {
        used.office_id = key.office_id.map(str::to_owned);
    }
    let Some(hours) = used.operations.get_mut(key.operation) else {
        used.operations.insert(key.operation.to_owned(), vec![*latest]);
        return;
    };
    match hours.iter_mut().find(|known| known.hour == latest.hour) {
        None => hours.push(*latest),
        Some(known) => {
            known.counts.requests += latest.counts.requests;
            known.counts.reads += latest.counts.reads;
            known.counts.refused += latest.counts.refused;
            if latest.last_at >= known.last_at {
                known.last_at = latest.last_at;
                known.last_address = latest.last_address;
            }
        }
    }
}

fn hour_of(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.duration_trunc(TimeDelta::hours(1)).unwrap_or(instant)
}

fn add_row(conn: &mut Conn, key: UsageKey<'_>, used: &HourUse) -> Result<()> {
    let hour = clock::format_instant(used.hour);
    let last_at = clock::format_instant(used.last_at);
    let last_network = network_of(used.last_address);
    let counts = used.counts;
    let known = diesel::update(token_usage::table.find((key.token_id, key.operation, &hour)))
        .set((
            token_usage::requests.eq(token_usage::requests + counts.requests),
            token_usage::reads.eq(token_usage::reads + counts.reads),
            token_usage::refused.eq(token_usage::refused + counts.refused),
            token_usage::last_at.eq(&last_at),
            token_usage::last_network.eq(&last_network),
        ))
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(token_usage::table)
            .values((
                token_usage::token_id.eq(key.token_id),
                token_usage::operation.eq(key.operation),
                token_usage::hour.eq(&hour),
                token_usage::client_id.eq(key.client_id),
                token_usage::office_id.eq(key.office_id),
                token_usage::requests.eq(counts.requests),
                token_usage::reads.eq(counts.reads),
                token_usage::refused.eq(counts.refused),
                token_usage::audited.eq(0),
                token_usage::last_at.eq(&last_at),
                token_usage::last_network.eq(&last_network),
            ))
            .execute(conn)?;
    }
    Ok(())
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = token_usage)]
struct Untold {
    token_id: String,
    operation: String,
    hour: String,
    client_id: String,
    office_id: Option<String>,
    reads: i64,
    audited: i64,
}

/// The reads of past hours that are not in the chain yet.
fn find_untold(conn: &mut Conn, now: DateTime<Utc>, rows: i64) -> Result<Vec<Untold>> {
    let first_open = clock::format_instant(hour_of(now - GRACE));
    Ok(token_usage::table
        .filter(token_usage::audited.lt(token_usage::reads))
        .filter(token_usage::hour.lt(first_open))
        .order((token_usage::hour.asc(), token_usage::token_id.asc()))
        .limit(rows)
        .select(Untold::as_select())
        .load(conn)?)
}

/// True if there is an hour to be summed up.
pub fn has_untold(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    Ok(!find_untold(conn, now, 1)?.is_empty())
}

/// Tells hours that are over by `now`, a row for each token and operation; requests that come to light later get a
/// further row. Returns how many rows were summed up.
pub fn write_hourly_summaries(transaction: &mut Transaction<'_>, now: DateTime<Utc>) -> Result<usize> {
    let untold = find_untold(transaction.conn, now, TOLD_AT_ONCE)?;
    for row in &untold {
        let actor = Actor {
            client_id: row.client_id.clone(),
            token_id: (row.token_id != row.client_id).then(|| row.token_id.clone()),
            office_id: row.office_id.clone(),
            request_id: String::new(),
            address: None,
        };
        let event = Event {
            outcome: "read",
            occurrences: Some(row.reads - row.audited),
            period: Some(&row.hour),
            ..Event::done(&row.operation, None)
        };
        append(transaction, &actor, event)?;
        diesel::update(token_usage::table.find((&row.token_id, &row.operation, &row.hour)))
            .set(token_usage::audited.eq(row.reads))
            .execute(transaction.conn)?;
    }
    Ok(untold.len())
}

/// The network that an address is noted as: enough to recognise an office's line, not a person's device. 24 bits of an
/// IPv4 address, 48 of an IPv6 one (what a site is usually given, RFC 6177).
pub fn network_of(address: IpAddr) -> String {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, length).map_or_else(|_| address.to_string(), |network| network.trunc().to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::network_of;

    #[test]
    fn an_address_is_noted_as_its_network() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ] {
            assert_eq!(network_of(address.parse().unwrap()), network);
        }
    }
}
