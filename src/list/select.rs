//! Selecting a page: the query of a list, put together from what its [`ListSpec`] declares.
//!
//! Only this file names the types of these queries.

use crate::auth::Guard;
use crate::auth::access::visible_to;
use crate::clock;
use crate::db::schema::records;
use crate::db::{Condition, Conn, Sql, TextSql};
use crate::error::Result;
use crate::list::ListRequest;
use crate::list::cursor::Position;
use crate::list::filter::{COMMON_FILTERS, FilterContext};
use crate::list::spec::{ListSpec, Page, PageRequest, Row};
use diesel::dsl::{Asc, CountStar, Desc, count_star};
use diesel::query_dsl::LoadQuery;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OrderDsl, SelectDsl};
use diesel::sql_types::Text;
use diesel::{BoolExpressionMethods, Expression, ExpressionMethods, RunQueryDsl};

/// A boxed query: conditions, an order and a limit leave its type as it is.
pub trait BoxedQuery:
    FilterDsl<Condition, Output = Self>
    + OrderDsl<(Asc<TextSql>, Asc<TextSql>), Output = Self>
    + OrderDsl<(Desc<TextSql>, Desc<TextSql>), Output = Self>
    + LimitDsl<Output = Self>
{
}

impl<Q> BoxedQuery for Q where
    Q: FilterDsl<Condition, Output = Self>
        + OrderDsl<(Asc<TextSql>, Asc<TextSql>), Output = Self>
        + OrderDsl<(Desc<TextSql>, Desc<TextSql>), Output = Self>
        + LimitDsl<Output = Self>
{
}

/// A query whose rows can be loaded.
pub trait Loads<T>: RunQueryDsl<Conn> + for<'q> LoadQuery<'q, Conn, T> {}

impl<T, Q> Loads<T> for Q where Q: RunQueryDsl<Conn> + for<'q> LoadQuery<'q, Conn, T> {}

/// What a page has of each record: the columns of a [`Row`], the sort key last.
type RowColumns = (
    (records::id, records::owner_office_id, records::audience),
    records::version,
    (records::document, records::format),
    TextSql,
);

/// The query of an index table joined with `records`.
pub trait ListQuery:
    BoxedQuery + SelectDsl<RowColumns, Output: Loads<Row>> + SelectDsl<CountStar, Output: Loads<i64>>
{
}

impl<Q> ListQuery for Q where
    Q: BoxedQuery + SelectDsl<RowColumns, Output: Loads<Row>> + SelectDsl<CountStar, Output: Loads<i64>>
{
}

/// One page of the living records of a kind that the caller sees. `query` joins its index table with `records`.
pub fn select_page<Q: ListQuery>(
    conn: &mut Conn,
    query: Q,
    (kind, spec): (&'static str, &ListSpec),
    request: &PageRequest<'_>,
) -> Result<Page> {
    let sort = spec.sort(request.sort)?;
    let mut query = keep_asked(query, spec, request);
    if sort.is_of_records {
        // The indexes of `records` begin with the kind: without it, all kinds would be sorted.
        query = query.filter(Condition::of(records::kind.eq(kind)));
    }
    let key = sort.column(request.sort.descending);
    query = start_after(query, (&key, records::id), request.position, request.goes_down());
    let columns = (
        (records::id, records::owner_office_id, records::audience),
        records::version,
        (records::document, records::format),
        key,
    );
    Ok(query.limit(request.rows).select(columns).load(conn)?)
}

/// How many records match in all.
pub fn count<Q: ListQuery>(conn: &mut Conn, query: Q, spec: &ListSpec, request: &PageRequest<'_>) -> Result<i64> {
    Ok(keep_asked(query, spec, request).select(count_star()).get_result(conn)?)
}

fn keep_asked<Q: BoxedQuery>(query: Q, spec: &ListSpec, request: &PageRequest<'_>) -> Q {
    let context = FilterContext {
        certain_dates: request.certain_dates,
        ..FilterContext::of(request.filters, request.caller, clock::now())
    };
    let mut query = query.filter(Condition::of(records::deleted_at.is_null()));
    if let Some(office) = context.viewer.limited_by(Guard::VisibleInLists) {
        query = query.filter(visible_to(office));
    }
    let filters = COMMON_FILTERS.iter().chain(spec.filters);
    keep(query, context.conditions(filters))
}

/// Of something else than records: the rows of a page, one more where there is another, and the total if it is asked
/// for. `id` breaks ties.
pub fn select_rows<T, S, Q>(
    conn: &mut Conn,
    query: impl Fn() -> Q,
    selection: S,
    (list, spec): (&ListRequest, &ListSpec),
    id: impl Sql<Text>,
) -> Result<(Vec<T>, Option<i64>)>
where
    S: Expression,
    Q: SelectDsl<S, Output: BoxedQuery + Loads<T>> + SelectDsl<CountStar, Output: Loads<i64>>,
{
    let total = if list.include_total {
        Some(query().select(count_star()).get_result(conn)?)
    } else {
        None
    };
    let key = spec.sort(&list.sort)?.column(list.sort.descending);
    let position = list.position.as_ref();
    let goes_down = list.goes_down();
    let query = start_after(query().select(selection), (&key, id), position, goes_down);
    Ok((query.limit(list.limit.saturating_add(1)).load(conn)?, total))
}

/// Keeps the rows for which all conditions hold.
pub fn keep<Q: BoxedQuery>(query: Q, conditions: impl IntoIterator<Item = Condition>) -> Q {
    conditions.into_iter().fold(query, Q::filter)
}

/// Orders a query by a key and the id, and starts it after the cursor.
fn start_after<Q: BoxedQuery>(
    query: Q,
    (key, id): (&TextSql, impl Sql<Text>),
    position: Option<&Position>,
    goes_down: bool,
) -> Q {
    let (column, id) = (|| key.clone(), TextSql::of(id));
    let query = match position {
        None => query,
        // One range first, which an index answers from where it begins; the alternative alone reads up to there.
        Some(Position { key, id: last, .. }) if goes_down => {
            let comes_after = column().lt(key.clone()).or(id.clone().lt(last.clone()));
            query.filter(Condition::of(column().le(key.clone()).and(comes_after)))
        }
        Some(Position { key, id: last, .. }) => {
            let comes_after = column().gt(key.clone()).or(id.clone().gt(last.clone()));
            query.filter(Condition::of(column().ge(key.clone()).and(comes_after)))
        }
    };
    if goes_down {
        query.order((column().desc(), id.desc()))
    } else {
        query.order((column().asc(), id.asc()))
    }
}
