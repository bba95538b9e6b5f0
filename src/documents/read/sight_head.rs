//! As much of current records as decisions about sight need.

use crate::auth::access::SightColumns;
use crate::db::Conn;
use crate::db::schema::records;
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// As much of a head as a decision about sight needs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct SightHead {
    /// Its columns of sight.
    #[diesel(embed)]
    pub sight: SightColumns,
    /// When it was deleted.
    pub deleted_at: Option<String>,
}

/// The heads of these records, at most 500, that there are.
pub fn load_sight(conn: &mut Conn, ids: &[&str]) -> Result<Vec<SightHead>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(records::table
        .filter(records::id.eq_any(ids))
        .select(SightHead::as_select())
        .load(conn)?)
}
