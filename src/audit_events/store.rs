//! The queries of the log.
//!
//! The order of a page is that of the chain, and every filter has an index that goes on in that order. What would be an
//! alternative inside of one query (a row *about* a record or one that *showed* it; a row of an office's own clients, or
//! one about its records, clients or tokens) is a query for each, which an index answers, put together here.

use super::list::{ADDRESS, AUDIT_EVENTS, FROM, RECORD, TO, TOKEN};
use crate::audit::chain::AuditRow;
use crate::auth::{Guard, Reading};
use crate::db::schema::{audit, audit_records, clients, links_ever_made, office_ancestors, records, tokens};
use crate::db::{Backend, Conn};
use crate::error::Result;
use crate::list::ListRequest;
use crate::list::filter::FilterContext;
use chrono::TimeDelta;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    RunQueryDsl, SelectableHelper,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Clocks of several processes on one database may differ by this much.
const SKEW: TimeDelta = TimeDelta::minutes(1);

type Query<'a> = audit::BoxedQuery<'a, Backend>;

/// The prefixes of what acts: clients, their tokens, subjects of other issuers that stand for them.
const ACCOUNTS: &[&str] = &["cli_", "tok_", "idn_"];

/// The ids of the clients of an office and its units, as a query.
macro_rules! own_clients {
    ($office:expr) => {
        clients::table
            .filter(
                clients::office_id.eq_any(
                    office_ancestors::table
                        .filter(office_ancestors::ancestor_id.eq($office.to_owned()))
                        .select(office_ancestors::office_id.nullable()),
                ),
            )
            .select(clients::id)
    };
}

/// Why a row belongs to what a caller may see.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The registry sees all.
    All,
    /// A client of the office, or of one of its units, did it.
    OwnClient,
    /// It was done to a record that they own.
    OwnTarget,
    /// It showed a record that they own.
    OwnShown,
    /// It was done to a client of theirs, to a token of one, or to a linked subject that stands for one or did once.
    OwnAccount(Account),
}

/// What an account is reached by.
#[derive(Debug, Clone, Copy)]
enum Account {
    Client,
    Token,
    Identity,
}

/// By all that makes a row one that an office may see.
const WAYS_OF_OFFICE: &[Way] = &[
    Way::OwnClient,
    Way::OwnTarget,
    Way::OwnShown,
    Way::OwnAccount(Account::Client),
    Way::OwnAccount(Account::Token),
    Way::OwnAccount(Account::Identity),
];

/// How a row has to do with the record that is asked for.
#[derive(Debug, Clone, Copy)]
enum About {
    Anything,
    Target,
    Shown,
}

/// Up to `rows` rows in the order of the request, after its position.
pub fn select_events(reading: &mut Reading<'_>, list: &ListRequest, rows: i64) -> Result<Vec<AuditRow>> {
    let Some(first) = first_seq(reading.conn, list)? else {
        return Ok(Vec::new());
    };
    let end = end_seq(reading.conn, list)?;
    let position = list
        .position
        .as_ref()
        .and_then(|position| position.key.parse::<i64>().ok());
    let mut found = BTreeMap::new();
    for query in branches(reading, list)? {
        let mut query = query.filter(audit::seq.ge(first).and(audit::seq.lt(end))).limit(rows);
        query = match (list.goes_down(), position) {
            (true, Some(at)) => query.filter(audit::seq.lt(at)).order(audit::seq.desc()),
            (true, None) => query.order(audit::seq.desc()),
            (false, Some(at)) => query.filter(audit::seq.gt(at)).order(audit::seq.asc()),
            (false, None) => query.order(audit::seq.asc()),
        };
        let some: Vec<AuditRow> = query.select(AuditRow::as_select()).load(reading.conn)?;
        found.extend(some.into_iter().map(|row| (row.seq, row)));
    }
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(if list.goes_down() {
        found.into_values().rev().take(rows).collect()
    } else {
        found.into_values().take(rows).collect()
    })
}

/// How many rows match in all.
pub fn count_events(reading: &mut Reading<'_>, list: &ListRequest) -> Result<i64> {
    let mut branches = branches(reading, list)?;
    if let (1, Some(only)) = (branches.len(), branches.pop()) {
        return Ok(only.count().get_result(reading.conn)?);
    }
    // Some rows match in several ways.
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for query in self::branches(reading, list)? {
        found.extend(query.select(audit::seq).load::<i64>(reading.conn)?);
    }
    i64::try_from(found.len()).map_err(crate::error::Error::internal)
}

/// One row, if the caller may see it.
pub fn find_event(reading: &mut Reading<'_>, seq: i64) -> Result<Option<AuditRow>> {
    let ways: &[Way] = match reading.caller.viewer().limited_by(Guard::VisibleAuditRows) {
        None => &[Way::All],
        Some(_) => WAYS_OF_OFFICE,
    };
    for way in ways {
        let query = apply_way(audit::table.into_boxed(), *way, reading.caller.office_id.as_deref());
        let found = query
            .filter(audit::seq.eq(seq))
            .select(AuditRow::as_select())
            .first(reading.conn)
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The first row that can have been recorded at `from` or later; none where there is no such row. Times follow the
/// order of the chain, but for differences between the clocks of several processes.
fn first_seq(conn: &mut Conn, list: &ListRequest) -> Result<Option<i64>> {
    let Some(from) = list.filters.one(FROM).and_then(crate::clock::parse_instant) else {
        return Ok(Some(0));
    };
    Ok(audit::table
        .filter(audit::at.ge(crate::clock::format_instant(from - SKEW)))
        .order((audit::at.asc(), audit::seq.asc()))
        .select(audit::seq)
        .first(conn)
        .optional()?)
}

/// The first row that cannot have been recorded before `to`.
fn end_seq(conn: &mut Conn, list: &ListRequest) -> Result<i64> {
    let Some(to) = list.filters.one(TO).and_then(crate::clock::parse_instant) else {
        return Ok(i64::MAX);
    };
    let end: Option<i64> = audit::table
        .filter(audit::at.ge(crate::clock::format_instant(to + SKEW)))
        .order((audit::at.asc(), audit::seq.asc()))
        .select(audit::seq)
        .first(conn)
        .optional()?;
    Ok(end.unwrap_or(i64::MAX))
}

/// Why rows that match this request may be shown to the caller.
///
/// A filter asks only for what the answer tells. Of what strangers did an office is not told the token, the address and
/// the records of others beside its own ([`event`](super::event)): if those could be asked for, an empty answer or a
/// total would tell them all the same. So these filters find what the office's own clients did, and nothing else; but
/// whatever is about a record, client or token of its own may be seen.
fn ways(reading: &mut Reading<'_>, list: &ListRequest) -> Result<&'static [Way]> {
    let Some(office) = reading.caller.viewer().limited_by(Guard::VisibleAuditRows) else {
        return Ok(&[Way::All]);
    };
    if list.filters.has_any(&[TOKEN, ADDRESS]) {
        return Ok(&[Way::OwnClient]);
    }
    let Some(record) = list.filters.one(RECORD) else {
        return Ok(WAYS_OF_OFFICE);
    };
    let owned = find_owned(reading.conn, office, &BTreeSet::from([record]))?;
    Ok(if owned.is_empty() {
        &[Way::OwnClient]
    } else {
        &[Way::All]
    })
}

fn branches<'a>(reading: &mut Reading<'_>, list: &'a ListRequest) -> Result<Vec<Query<'a>>> {
    let record = list.filters.one(RECORD);
    let abouts: &[About] = match record {
        None => &[About::Anything],
        Some(_) => &[About::Target, About::Shown],
    };
    let mut branches = Vec::new();
    for way in ways(reading, list)? {
        for about in abouts {
            let mut query: Query<'a> = audit::table.into_boxed();
            let context = FilterContext::of(&list.filters, reading.caller, crate::clock::now());
            for condition in context.conditions(AUDIT_EVENTS.filters) {
                query = query.filter(condition);
            }
            let query = apply_about(query, *about, record.unwrap_or_default());
            let own = reading.caller.office_id.clone();
            branches.push(apply_way(query, *way, own.as_deref()));
        }
    }
    Ok(branches)
}

fn apply_about<'a>(query: Query<'a>, about: About, record: &'a str) -> Query<'a> {
    match about {
        About::Anything => query,
        About::Target => query.filter(audit::target_id.eq(record)),
        About::Shown => query.filter(
            audit::seq.eq_any(
                audit_records::table
                    .filter(audit_records::record_id.eq(record))
                    .select(audit_records::seq),
            ),
        ),
    }
}

fn apply_way<'a>(query: Query<'a>, way: Way, office: Option<&str>) -> Query<'a> {
    let units = || {
        office_ancestors::table
            .filter(office_ancestors::ancestor_id.eq(office.unwrap_or_default().to_owned()))
            .select(office_ancestors::office_id)
    };
    let owned = || {
        records::table
            .filter(records::owner_office_id.eq_any(units()))
            .select(records::id)
    };
    let accounts = || own_clients!(office.unwrap_or_default());
    let target = audit::target_id.assume_not_null();
    match way {
        Way::All => query,
        Way::OwnClient => query.filter(audit::office_id.assume_not_null().eq_any(units())),
        Way::OwnTarget => query.filter(target.eq_any(owned())),
        Way::OwnShown => query.filter(
            audit::seq.eq_any(
                audit_records::table
                    .filter(audit_records::record_id.eq_any(owned()))
                    .select(audit_records::seq),
            ),
        ),
        Way::OwnAccount(Account::Client) => query.filter(target.eq_any(accounts())),
        Way::OwnAccount(Account::Token) => query.filter(
            target.eq_any(
                tokens::table
                    .filter(tokens::client_id.eq_any(accounts()))
                    .select(tokens::id),
            ),
        ),
        Way::OwnAccount(Account::Identity) => query.filter(
            target.eq_any(
                links_ever_made::table
                    .filter(links_ever_made::client_id.eq_any(accounts()))
                    .select(links_ever_made::identity_id),
            ),
        ),
    }
}

/// Which of these records and accounts an office and its units own.
pub fn find_owned(conn: &mut Conn, office: &str, ids: &BTreeSet<&str>) -> Result<BTreeSet<String>> {
    let is_account = |id: &&str| ACCOUNTS.iter().any(|prefix| id.starts_with(prefix));
    let (accounts, others): (Vec<&str>, Vec<&str>) = ids.iter().copied().partition(is_account);
    let mut owned = BTreeSet::new();
    for some in others.chunks(500) {
        let found: Vec<String> = records::table
            .inner_join(office_ancestors::table.on(office_ancestors::office_id.eq(records::owner_office_id)))
            .filter(office_ancestors::ancestor_id.eq(office))
            .filter(records::id.eq_any(some))
            .select(records::id)
            .load(conn)?;
        owned.extend(found);
    }
    for some in accounts.chunks(500) {
        let of_clients: Vec<String> = own_clients!(office).filter(clients::id.eq_any(some)).load(conn)?;
        let of_tokens: Vec<String> = tokens::table
            .filter(tokens::id.eq_any(some))
            .filter(tokens::client_id.eq_any(own_clients!(office)))
            .select(tokens::id)
            .load(conn)?;
        let of_identities: Vec<String> = links_ever_made::table
            .filter(links_ever_made::identity_id.eq_any(some))
            .filter(links_ever_made::client_id.eq_any(own_clients!(office)))
            .select(links_ever_made::identity_id)
            .load(conn)?;
        owned.extend(of_clients.into_iter().chain(of_tokens).chain(of_identities));
    }
    Ok(owned)
}

/// What these clients are called.
pub fn find_names(conn: &mut Conn, ids: &BTreeSet<&str>) -> Result<HashMap<String, String>> {
    let ids: Vec<&str> = ids.iter().copied().collect();
    let found: Vec<(String, String)> = clients::table
        .filter(clients::id.eq_any(ids))
        .select((clients::id, clients::name))
        .load(conn)?;
    Ok(found.into_iter().collect())
}
