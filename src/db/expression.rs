//! SQL expressions without diesel's types: what a condition or a sort key is made of is no part of its type.
//!
//! diesel names every table, column and operator of a query in its type, so a function over conditions would need a page
//! of bounds. [`Erased`] keeps only the type of the value. It fits into every query; that its columns belong to the
//! tables of that query is for tests to see, which run every filter and every sort on both databases.

use super::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable, SingleValue, SqlType, Text};
use diesel::sqlite::Sqlite;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// An expression with a value of this SQL type, or without a value (NULL) where its columns may have none.
pub struct Erased<ST> {
    sql: Arc<dyn Fragment>,
    value: PhantomData<ST>,
}

/// A condition on rows. NULL keeps no row, as always in SQL.
pub type Condition = Erased<Bool>;
/// A text, a sort key for instance.
pub type TextSql = Erased<Text>;

/// An SQL type whose values are of another, or missing.
pub trait MayBe<ST> {}

impl<ST> MayBe<ST> for ST {}
impl<ST: SqlType> MayBe<ST> for Nullable<ST> {}

/// What can be written out for both databases. A subquery is written out for the one that is asked, all else for the
/// connection to either.
pub trait Fragment: QueryFragment<Backend> + QueryFragment<Sqlite> + QueryFragment<Pg> + Send + Sync + 'static {}

impl<F> Fragment for F where
    F: QueryFragment<Backend> + QueryFragment<Sqlite> + QueryFragment<Pg> + Send + Sync + 'static
{
}

/// Whatever has such a value in both databases: a column, an operation, or an [`Erased`] one.
pub trait Sql<ST>: Expression<SqlType: MayBe<ST>> + Fragment {}

impl<ST, E> Sql<ST> for E where E: Expression<SqlType: MayBe<ST>> + Fragment {}

impl<ST> Erased<ST> {
    /// The expression, without its type.
    pub fn of(expression: impl Sql<ST>) -> Self {
        Self {
            sql: Arc::new(expression),
            value: PhantomData,
        }
    }
}

impl<ST> Clone for Erased<ST> {
    fn clone(&self) -> Self {
        Self {
            sql: Arc::clone(&self.sql),
            value: PhantomData,
        }
    }
}

impl<ST> fmt::Debug for Erased<ST> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Erased")
    }
}

impl<ST: SqlType + SingleValue> Expression for Erased<ST> {
    type SqlType = ST;
}

impl<ST: SqlType + SingleValue, Tables> AppearsOnTable<Tables> for Erased<ST> {}

impl<ST: SqlType + SingleValue, Tables> SelectableExpression<Tables> for Erased<ST> {}

impl<ST, Grouping> ValidGrouping<Grouping> for Erased<ST> {
    type IsAggregate = is_aggregate::No;
}

impl<ST> QueryId for Erased<ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST, DB: diesel::backend::Backend> QueryFragment<DB> for Erased<ST>
where
    dyn Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        QueryFragment::<DB>::walk_ast(&*self.sql, pass)
    }
}
