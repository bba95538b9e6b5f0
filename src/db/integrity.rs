//! What the engine itself knows about damage below the rows.

use super::connection::Conn;
use crate::error::Result;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;

/// Findings that are reported at most; a damaged page gives hundreds.
const MOST: usize = 100;

#[derive(diesel::QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(diesel::QueryableByName)]
struct Lonely {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Everything that SQLite's own checks find: pages, cells and indexes (`integrity_check`), and rows whose reference leads
/// nowhere (`foreign_key_check`). PostgreSQL keeps references itself, checks pages where it has checksums, and offers no
/// other check without an extension: nothing is found there.
pub fn find_engine_damage(conn: &mut Conn) -> Result<Vec<String>> {
    if matches!(conn, Conn::Postgres(_)) {
        return Ok(Vec::new());
    }
    let checked: Vec<Checked> = diesel::sql_query(format!("PRAGMA integrity_check({MOST})")).load(conn)?;
    let lonely = format!("SELECT \"table\" AS owner, parent FROM pragma_foreign_key_check LIMIT {MOST}");
    let lonely: Vec<Lonely> = diesel::sql_query(lonely).load(conn)?;
    let checked = checked.into_iter().map(|checked| checked.integrity_check);
    let lonely = lonely.into_iter().map(|row| {
        format!(
            "{} has a row that refers to one of {} that is not there",
            row.owner, row.parent
        )
    });
    Ok(checked.filter(|text| text != "ok").chain(lonely).collect())
}
