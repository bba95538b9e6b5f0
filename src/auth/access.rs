//! Which rows a caller may see and write: the one place that knows.
//!
//! A token acts for its office and the units below it. Who may see a record follows from its `audience`, a column that
//! the slices derive from visibility and stage:
//! - `everyone`: every caller;
//! - `partners`: the owner, the owner's units, and the offices named in the record with their units;
//! - `owner_and_units`: the owner and its units;
//! - `owner`: the owner only (drafts).
//!
//! Whoever acts for the owner always sees the record, and so does the registry itself. The rule stands twice: as SQL in
//! [`visible_to`](crate::visible_to) for lists and single reads, and as [`Standing`] for one known record; a test holds
//! them against each other.

use crate::auth::authority::Caller;
use crate::auth::switches::{Guard, is_on};
use crate::db::Conn;
use crate::db::schema::{office_ancestors, record_links};
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

/// How a caller stands to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A stranger.
    Other,
    /// Named in the record, or a unit of somebody who is.
    Partner,
    /// A unit of the owner.
    UnitOfOwner,
    /// Acts for the owner, or for the registry.
    Owner,
}

impl Standing {
    /// May a caller of this standing see something with this audience?
    pub fn sees(self, audience: &str) -> bool {
        match audience {
            "everyone" => true,
            "partners" => self >= Self::Partner,
            "owner_and_units" => self >= Self::UnitOfOwner,
            _ => self == Self::Owner,
        }
    }

    /// The audiences that this standing sees.
    pub fn audiences(self) -> Vec<&'static str> {
        ["everyone", "partners", "owner_and_units", "owner"]
            .into_iter()
            .filter(|audience| self.sees(audience))
            .collect()
    }
}

/// Filters a query over `records` down to what the office `$office` sees. Not for the registry, which sees all.
#[macro_export]
macro_rules! visible_to {
    ($office:expr) => {
        $crate::visible_with!($crate::db::schema::records::audience, $office)
    };
}

/// The same with the audience of another column (of a change or a revision), beside the head in `records`; or with all
/// columns of a head under another name.
#[macro_export]
macro_rules! visible_with {
    ($audience:expr, $office:expr) => {{
        use $crate::db::schema::records;
        $crate::visible_with!($audience, records::owner_office_id, records::id, $office)
    }};
    ($audience:expr, $owner:expr, $id:expr, $office:expr) => {{
        use diesel::dsl::exists;
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        use $crate::db::schema::{office_ancestors, record_links};
        let office: &str = $office;
        $audience
            .eq("everyone")
            .or(exists(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq($owner))
                    .filter(office_ancestors::ancestor_id.eq(office.to_owned())),
            ))
            .or($audience.ne("owner").and(exists(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq(office.to_owned()))
                    .filter(office_ancestors::ancestor_id.eq($owner)),
            )))
            .or($audience.eq("partners").and(exists(
                record_links::table
                    .filter(record_links::record_id.eq($id))
                    // Says nothing new, but PostgreSQL cannot hash it: else it would read all links of all records for
                    // each page, where the few rows that come so far need one look into the primary key each.
                    .filter(record_links::record_id.ge($id))
                    .filter($crate::is_related!(record_links::target_id, office)),
            )))
    }};
}

/// Is the office in this column one that `$office` acts for, or one that it is a unit of?
#[macro_export]
macro_rules! is_related {
    ($column:expr, $office:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        use $crate::db::schema::office_ancestors;
        $column
            .eq_any(
                office_ancestors::table
                    .filter(office_ancestors::ancestor_id.eq($office.to_owned()))
                    .select(office_ancestors::office_id),
            )
            .or($column.eq_any(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq($office.to_owned()))
                    .select(office_ancestors::ancestor_id),
            ))
    }};
}

/// How the caller stands to a record with this owner.
pub fn find_standing(conn: &mut Conn, caller: &Caller, record_id: &str, owner_office_id: &str) -> Result<Standing> {
    let Some(office) = caller.office_id.as_deref() else {
        return Ok(Standing::Owner);
    };
    if acts_for(conn, office, owner_office_id)? {
        return Ok(Standing::Owner);
    }
    if is_unit_of(conn, office, owner_office_id)? {
        return Ok(Standing::UnitOfOwner);
    }
    let partners: i64 = record_links::table
        .filter(record_links::record_id.eq(record_id))
        .filter(crate::is_related!(record_links::target_id, office))
        .count()
        .get_result(conn)?;
    Ok(if partners > 0 {
        Standing::Partner
    } else {
        Standing::Other
    })
}

/// Does a token of `office` act for `other`: the same office, or a unit below it?
pub fn acts_for(conn: &mut Conn, office: &str, other: &str) -> Result<bool> {
    if office == other || (!is_on(Guard::UnitsBelow) && is_unit_of(conn, office, other)?) {
        return Ok(true);
    }
    is_unit_of(conn, other, office)
}

/// The offices among `candidates` that a token of `office` acts for.
pub fn offices_acted_for(conn: &mut Conn, office: &str, candidates: &[String]) -> Result<Vec<String>> {
    Ok(office_ancestors::table
        .filter(office_ancestors::ancestor_id.eq(office))
        .filter(office_ancestors::office_id.eq_any(candidates))
        .select(office_ancestors::office_id)
        .load(conn)?)
}

fn is_unit_of(conn: &mut Conn, unit: &str, above: &str) -> Result<bool> {
    let rows: i64 = office_ancestors::table
        .filter(office_ancestors::office_id.eq(unit))
        .filter(office_ancestors::ancestor_id.eq(above))
        .count()
        .get_result(conn)?;
    Ok(rows > 0)
}
