//! What a token did, by operation and hour.

use crate::db::schema::token_usage;
use crate::db::{Backend, Conn};
use crate::error::Result;
use crate::list::answer::{CursorKey, PageInfo};
use crate::list::cursor::Position;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};
use serde::Serialize;
use utoipa::ToSchema;

/// One operation in one hour.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[schema(as = UsageHour)]
#[diesel(table_name = token_usage)]
pub struct UsageRow {
    /// `operationId`.
    pub operation: String,
    /// The hour, by the instant at which it began.
    pub hour: String,
    /// Requests, those that were refused included.
    pub requests: i64,
    /// Requests that were refused.
    pub refused: i64,
    /// The last of them.
    #[schema(format = DateTime)]
    pub last_at: String,
    /// From which network that came.
    pub last_network: String,
}

impl CursorKey for UsageRow {
    fn place(&self) -> (&str, &str) {
        (&self.hour, &self.operation)
    }
}

/// All that a token did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsageTotals {
    /// Requests, those that were refused included.
    pub requests: i64,
    /// Requests that were refused.
    pub refused: i64,
    /// The last of them.
    #[schema(format = DateTime)]
    pub last_at: Option<String>,
}

/// What a token did, by operation and hour; the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenUsage {
    /// A page of hours.
    pub items: Vec<UsageRow>,
    /// Where it stands.
    pub page: PageInfo,
    /// All of them together.
    pub totals: UsageTotals,
}

/// The totals of a token.
pub fn sum_usage(conn: &mut Conn, token_id: &str) -> Result<UsageTotals> {
    // A sum of BIGINT is NUMERIC on PostgreSQL.
    let (requests, refused, last_at): (i64, i64, Option<String>) = token_usage::table
        .filter(token_usage::token_id.eq(token_id))
        .select((
            sql::<BigInt>("CAST(COALESCE(SUM(requests), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(refused), 0) AS BIGINT)"),
            diesel::dsl::max(token_usage::last_at),
        ))
        .first(conn)?;
    Ok(UsageTotals {
        requests,
        refused,
        last_at,
    })
}

/// A page, the latest hour first; one row more than asked for where there is another page.
pub fn select_usage(conn: &mut Conn, token_id: &str, rows: i64, position: Option<&Position>) -> Result<Vec<UsageRow>> {
    let mut query = token_usage::table
        .filter(token_usage::token_id.eq(token_id.to_owned()))
        .select(UsageRow::as_select())
        .limit(rows)
        .into_boxed::<Backend>();
    let backwards = position.is_some_and(|position| position.backwards);
    if let Some(Position { key, id, .. }) = position.cloned() {
        let (hour, operation) = (token_usage::hour, token_usage::operation);
        query = if backwards {
            query.filter(hour.gt(key.clone()).or(hour.eq(key).and(operation.gt(id))))
        } else {
            query.filter(hour.lt(key.clone()).or(hour.eq(key).and(operation.lt(id))))
        };
    }
    query = if backwards {
        query.order((token_usage::hour.asc(), token_usage::operation.asc()))
    } else {
        query.order((token_usage::hour.desc(), token_usage::operation.desc()))
    };
    Ok(query.load(conn)?)
}
