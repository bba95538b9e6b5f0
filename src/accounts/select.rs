//! Lists of clients and tokens, by the one way to list.

use crate::accounts::rows::{ClientRow, TokenRow};
use crate::accounts::view::Status;
use crate::auth::authorized::Reading;
use crate::auth::switches::Guard;
use crate::clock;
use crate::db::Backend;
use crate::db::schema::{clients, office_ancestors, records, tokens};
use crate::error::{Error, Result};
use crate::list::{FilterForm, FilterSpec, Filters, ListRequest, ListSpec};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{exists, not};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    SelectableHelper,
};

/// What a list of clients can be asked for.
pub static CLIENTS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new("office", FilterForm::Ids("off"), "Clients that act for this office."),
        FilterSpec::new(
            "state",
            FilterForm::OneOf(&["active", "suspended"]),
            "Clients in this state.",
        ),
    ],
    sorts: &["created_at", "name"],
    expands: &[],
};

/// What a list of tokens can be asked for.
pub static TOKENS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new("client", FilterForm::Ids("cli"), "Tokens of this client."),
        FilterSpec::new(
            "office",
            FilterForm::Ids("off"),
            "Tokens of clients that act for this office.",
        ),
        FilterSpec::new(
            "status",
            FilterForm::OneOf(Status::WORDS),
            "Tokens with this computed status.",
        ),
        FilterSpec::new(
            "unused_for_days",
            FilterForm::Number,
            "Tokens that were not used for so many days: 90 for instance. One that was never used counts from when it was made.",
        ),
    ],
    sorts: &["created_at", "expires_at"],
    expands: &[],
};

/// Rows in the order of the database, one more than the page where there is another, and the total if it was asked for.
pub type Selected<T> = (Vec<T>, Option<i64>);

diesel::alias!(const SUCCESSORS: Alias<Successors> = tokens as successors);

/// Keeps the clients that the caller manages, and of those the ones of these offices.
macro_rules! managed {
    ($query:expr, $reading:expr, $filters:expr) => {{
        let mut query = $query;
        if let Some(office) = $reading.caller.viewer().limited_by(Guard::ManagedInLists) {
            query = query.filter(
                clients::office_id.eq_any(
                    office_ancestors::table
                        .filter(office_ancestors::ancestor_id.eq(office.to_owned()))
                        .select(office_ancestors::office_id.nullable()),
                ),
            );
        }
        for offices in $filters.all("office") {
            let offices: Vec<Option<String>> = offices.iter().cloned().map(Some).collect();
            query = query.filter(clients::office_id.eq_any(offices));
        }
        query
    }};
}

/// Takes the tokens of one status away: the same rule as `view::status_of`, which a test holds it against.
macro_rules! without {
    ($query:expr, $status:expr, $now:expr) => {{
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
        let expired = tokens::expires_at.le($now);
        match $status {
            Status::Revoked => $query.filter(tokens::revoked_at.is_null()),
            Status::OfficeDeleted => $query.filter(revoked.or(not(office_deleted))),
            Status::Suspended => $query.filter(revoked.or(office_deleted).or(clients::state.eq("active"))),
            Status::Expired => $query.filter(revoked.or(office_deleted).or(suspended).or(tokens::expires_at.gt($now))),
            Status::Rotating => $query.filter(revoked.or(office_deleted).or(suspended).or(expired).or(not(replaced))),
            Status::Active => $query.filter(revoked.or(office_deleted).or(suspended).or(expired).or(replaced)),
        }
    }};
}

/// A page of the clients that the caller manages.
pub fn select_clients(reading: &mut Reading<'_>, list: &ListRequest, filters: &Filters) -> Result<Selected<ClientRow>> {
    let filtered = || {
        let mut query = managed!(clients::table.into_boxed::<Backend>(), reading, filters);
        for states in filters.all("state") {
            query = query.filter(clients::state.eq_any(states.clone()));
        }
        query
    };
    let total = if list.include_total {
        Some(filtered().count().get_result(reading.conn)?)
    } else {
        None
    };
    let query = filtered().select(ClientRow::as_select());
    let rows = match list.sort.key {
        "name" => crate::load_after!(reading.conn, query, list, clients::name, clients::id),
        _ => crate::load_after!(reading.conn, query, list, clients::created_at, clients::id),
    };
    Ok((rows, total))
}

/// A page of the tokens of clients that the caller manages.
pub fn select_tokens(
    reading: &mut Reading<'_>,
    list: &ListRequest,
    filters: &Filters,
    now: DateTime<Utc>,
) -> Result<Selected<(TokenRow, ClientRow)>> {
    let unused = read_unused_for(filters)?;
    let filtered = || {
        let joined = tokens::table.inner_join(clients::table.on(clients::id.eq(tokens::client_id)));
        let mut query = managed!(joined.into_boxed::<Backend>(), reading, filters);
        for ids in filters.all("client") {
            query = query.filter(tokens::client_id.eq_any(ids.clone()));
        }
        if let Some(days) = unused {
            let latest = clock::format_instant(now - TimeDelta::days(days));
            query = query.filter(
                tokens::last_used_at
                    .assume_not_null()
                    .le(latest.clone())
                    .and(tokens::last_used_at.is_not_null())
                    .or(tokens::last_used_at.is_null().and(tokens::created_at.le(latest))),
            );
        }
        // Every token has one status, so the wanted ones are those without any of the others.
        for wanted in filters.all("status") {
            for other in Status::ALL
                .iter()
                .filter(|status| !wanted.iter().any(|word| word == status.as_str()))
            {
                query = without!(query, *other, clock::format_instant(now));
            }
        }
        query
    };
    let total = if list.include_total {
        Some(filtered().count().get_result(reading.conn)?)
    } else {
        None
    };
    let query = filtered().select((TokenRow::as_select(), ClientRow::as_select()));
    let rows = match list.sort.key {
        "expires_at" => crate::load_after!(reading.conn, query, list, tokens::expires_at, tokens::id),
        _ => crate::load_after!(reading.conn, query, list, tokens::created_at, tokens::id),
    };
    Ok((rows, total))
}

fn read_unused_for(filters: &Filters) -> Result<Option<i64>> {
    let Some(text) = filters.one("unused_for_days") else {
        return Ok(None);
    };
    let days: i64 = text.parse().map_err(Error::internal)?;
    // Beyond this no token has lived, and an instant could not be reckoned.
    Ok(Some(days.clamp(0, 100_000)))
}
