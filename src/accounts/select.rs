//! Lists of clients and tokens, by the one way to list.

use crate::accounts::rows::{ClientRow, TokenRow};
use crate::accounts::view::Status;
use crate::auth::Caller;
use crate::auth::authorized::Reading;
use crate::auth::switches::Guard;
use crate::clock;
use crate::db::Condition;
use crate::db::schema::{clients, office_ancestors, records, tokens};
use crate::error::Result;
use crate::list::FilterForm::{Ids, Number, OneOf};
use crate::list::filter::FilterContext;
use crate::list::select::{keep, select_rows};
use crate::list::{FilterSpec, FilterValues, Filters, ListRequest, ListSpec, SortSpec};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{exists, not};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, SelectableHelper,
};

/// What a list of clients can be asked for.
pub static CLIENTS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column("office", Ids("off"), clients::office_id).describe("Clients that act for this office."),
        FilterSpec::column("state", OneOf(&["active", "suspended"]), clients::state).describe("Clients in this state."),
    ],
    sorts: &[
        SortSpec::new("created_at", clients::created_at),
        SortSpec::new("name", clients::name),
    ],
    expands: &[],
};

/// What a list of tokens can be asked for.
pub static TOKENS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column("client", Ids("cli"), tokens::client_id).describe("Tokens of this client."),
        FilterSpec::column("office", Ids("off"), clients::office_id)
            .describe("Tokens of clients that act for this office."),
        FilterSpec::new("status", OneOf(Status::WORDS), has_status).describe("Tokens with this computed status."),
        FilterSpec::new("unused_for_days", Number, is_unused)
            .describe("Tokens that were not used for so many days: 90 for instance. One that was never used counts from when it was made."),
    ],
    sorts: &[
        SortSpec::new("created_at", tokens::created_at),
        SortSpec::new("expires_at", tokens::expires_at),
    ],
    expands: &[],
};

/// Rows in the order of the database, one more than the page where there is another, and the total if it was asked for.
pub type Selected<T> = (Vec<T>, Option<i64>);

diesel::alias!(const SUCCESSORS: Alias<Successors> = tokens as successors);

/// Does the caller manage the client? None where it manages all.
fn is_managed(caller: &Caller) -> Option<Condition> {
    let office = caller.viewer().limited_by(Guard::ManagedInLists)?;
    let offices = office_ancestors::table
        .filter(office_ancestors::ancestor_id.eq(office.to_owned()))
        .select(office_ancestors::office_id.nullable());
    Some(Condition::of(clients::office_id.eq_any(offices)))
}

/// The token has another status than this one: the same rule as `view::status_of`, which a test holds it against.
fn has_not(status: Status, now: &str) -> Condition {
    let office_deleted = exists(
        records::table
            .filter(records::id.nullable().eq(clients::office_id))
            .filter(records::deleted_at.is_not_null()),
    );
    let replaced = tokens::id.eq_any(
        SUCCESSORS
            .filter(SUCCESSORS.field(tokens::rotated_from).is_not_null())
            .select(SUCCESSORS.field(tokens::rotated_from).assume_not_null()),
    );
    let revoked = tokens::revoked_at.is_not_null();
    let suspended = clients::state.ne("active");
    let expired = tokens::expires_at.le(now.to_owned());
    match status {
        Status::Revoked => Condition::of(tokens::revoked_at.is_null()),
        Status::OfficeDeleted => Condition::of(revoked.or(not(office_deleted))),
        Status::Suspended => Condition::of(revoked.or(office_deleted).or(clients::state.eq("active"))),
        Status::Expired => {
            let lives = tokens::expires_at.gt(now.to_owned());
            Condition::of(revoked.or(office_deleted).or(suspended).or(lives))
        }
        Status::Rotating => Condition::of(revoked.or(office_deleted).or(suspended).or(expired).or(not(replaced))),
        Status::Active => Condition::of(revoked.or(office_deleted).or(suspended).or(expired).or(replaced)),
    }
}

/// Every token has one status, so the wanted ones are those without any of the others.
fn has_status(asked: &FilterValues<'_>) -> Vec<Condition> {
    let now = clock::format_instant(asked.context.now);
    Status::ALL
        .iter()
        .filter(|status| !asked.values.iter().any(|word| word == status.as_str()))
        .map(|other| has_not(*other, &now))
        .collect()
}

fn is_unused(asked: &FilterValues<'_>) -> Vec<Condition> {
    // Beyond this no token has lived, and an instant could not be reckoned.
    let days = asked.number().clamp(0, 100_000);
    let latest = clock::format_instant(asked.context.now - TimeDelta::days(days));
    vec![Condition::of(
        tokens::last_used_at
            .le(latest.clone())
            .assume_not_null()
            .and(tokens::last_used_at.is_not_null())
            .or(tokens::last_used_at.is_null().and(tokens::created_at.le(latest))),
    )]
}

/// A page of the clients that the caller manages.
pub fn select_clients(reading: &mut Reading<'_>, list: &ListRequest, filters: &Filters) -> Result<Selected<ClientRow>> {
    let context = FilterContext::of(filters, reading.caller, clock::now());
    let filtered = || {
        let conditions = context.conditions(CLIENTS.filters);
        keep(
            clients::table.into_boxed(),
            is_managed(reading.caller).into_iter().chain(conditions),
        )
    };
    select_rows(
        reading.conn,
        filtered,
        ClientRow::as_select(),
        (list, &CLIENTS),
        clients::id,
    )
}

/// A page of the tokens of clients that the caller manages.
pub fn select_tokens(
    reading: &mut Reading<'_>,
    list: &ListRequest,
    filters: &Filters,
    now: DateTime<Utc>,
) -> Result<Selected<(TokenRow, ClientRow)>> {
    let context = FilterContext::of(filters, reading.caller, now);
    let filtered = || {
        let joined = tokens::table.inner_join(clients::table.on(clients::id.eq(tokens::client_id)));
        let conditions = context.conditions(TOKENS.filters);
        keep(
            joined.into_boxed(),
            is_managed(reading.caller).into_iter().chain(conditions),
        )
    };
    let selection = (TokenRow::as_select(), ClientRow::as_select());
    select_rows(reading.conn, filtered, selection, (list, &TOKENS), tokens::id)
}
