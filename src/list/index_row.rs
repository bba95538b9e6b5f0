//! Index tables: for each kind one with the columns that its list is filtered and sorted by.

use crate::db::Conn;
use crate::error::Result;
use crate::list::select::ListQuery;
use std::fmt::Debug;

/// A row of an index table. `index_table!` implements it.
pub trait IndexRow: PartialEq + Debug + Send + Sized + 'static {
    /// The table joined with `records`, boxed.
    type Query: ListQuery;

    /// All rows with the heads of their records.
    fn with_records() -> Self::Query;
    /// Adds the row.
    fn insert(&self, conn: &mut Conn) -> Result<()>;
    /// Puts the row in the place of the one with its id.
    fn update(&self, conn: &mut Conn) -> Result<()>;
    /// Takes a row away.
    fn delete(conn: &mut Conn, id: &str) -> Result<()>;
    /// Reads a row, for verification.
    fn load(conn: &mut Conn, id: &str) -> Result<Option<Self>>;
}

/// Implements [`IndexRow`] for a struct that derives diesel's traits. A macro, because the bounds of a function over all
/// tables would be longer than the queries.
macro_rules! index_table {
    ($table:ident, $row:ty) => {
        impl $crate::list::index_row::IndexRow for $row {
            type Query = diesel::dsl::IntoBoxed<
                'static,
                diesel::dsl::InnerJoin<$table::table, $crate::db::schema::records::table>,
                $crate::db::Backend,
            >;

            fn with_records() -> Self::Query {
                $table::table
                    .inner_join($crate::db::schema::records::table)
                    .into_boxed()
            }

            fn insert(&self, conn: &mut $crate::db::Conn) -> $crate::error::Result<()> {
                diesel::insert_into($table::table).values(self).execute(conn)?;
                Ok(())
            }

            fn update(&self, conn: &mut $crate::db::Conn) -> $crate::error::Result<()> {
                diesel::update($table::table.find(&self.id))
                    .set(self)
                    .execute(conn)?;
                Ok(())
            }

            fn delete(conn: &mut $crate::db::Conn, id: &str) -> $crate::error::Result<()> {
                diesel::delete($table::table.find(id)).execute(conn)?;
                Ok(())
            }

            fn load(conn: &mut $crate::db::Conn, id: &str) -> $crate::error::Result<Option<Self>> {
                let row = $table::table.find(id).select(Self::as_select()).first(conn);
                Ok(row.optional()?)
            }
        }
    };
}
pub(crate) use index_table;
