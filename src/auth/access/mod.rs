//! The one room that decides what a caller may see and do with a row.
//!
//! A token acts for its office and the units below it. Who may see a record follows from its [`Audience`], a column that
//! the slices derive from visibility and stage:
//! - `everyone`: every caller;
//! - `partners`: the owner, the owner's units, and the offices that the record names by a member that gives sight, with
//!   their units and the offices above them;
//! - `owner_and_units`: the owner and its units;
//! - `owner`: the owner only (drafts).
//!
//! Offices that act for the owner always see the record, and so does the registry itself. A member gives sight where only
//! the owner (or the registry) writes it: a kind lists its relations (`Kind::SIGHT`),
//! link rows carry the result. What others may write never widens sight.
//!
//! - [`Viewer`]: from whose place a request looks; [`Standing`]: how near that is to one record
//! - `sql`: the same rule for lists and the feed · [`versions`]: sight of past versions
//! - [`rules`]: what else a caller may do, over plain facts
//!
//! Guards are switched off for tests only here and where tokens are checked.

pub mod audience;
pub mod rules;
pub mod sql;
pub mod standing;
pub mod versions;

pub use audience::Audience;
pub use sql::visible_to;
pub use standing::{Standing, Viewer};

use crate::auth::caller::Caller;
use crate::auth::switches::{Guard, is_on};
use crate::db::Conn;
use crate::db::schema::{office_ancestors, record_links, records};
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable};
use std::collections::HashSet;

/// Rows that one statement asks for at most: bind lists stay far below what either database takes.
const CHUNK: usize = 500;

impl Caller {
    /// From whose place the caller looks.
    pub fn viewer(&self) -> Viewer<'_> {
        self.office_id.as_deref().map_or(Viewer::Registry, Viewer::Office)
    }
}

/// What a decision about sight needs of a record's row.
#[derive(Debug, Clone, Copy)]
pub struct SightRow<'a> {
    /// Record id.
    pub id: &'a str,
    /// The office that owns it.
    pub owner_office_id: &'a str,
    /// Who may see it.
    pub audience: Audience,
}

/// The columns of a record's row that decide who sees it, to be loaded among others.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct SightColumns {
    /// Record id.
    pub id: String,
    /// The office that owns it.
    pub owner_office_id: String,
    /// Who may see it.
    pub audience: Audience,
}

impl SightColumns {
    /// What a decision about sight needs.
    pub fn row(&self) -> SightRow<'_> {
        SightRow {
            id: &self.id,
            owner_office_id: &self.owner_office_id,
            audience: self.audience,
        }
    }
}

impl Viewer<'_> {
    /// How the viewer stands to each of these records; at most three statements for 500 of them.
    pub fn standing_many(self, conn: &mut Conn, rows: &[SightRow<'_>]) -> Result<Vec<Standing>> {
        let office = match self {
            Self::Registry => return Ok(vec![Standing::Owner; rows.len()]),
            Self::Nobody => return Ok(vec![Standing::Other; rows.len()]),
            Self::Office(office) => office,
        };
        let mut standings = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(CHUNK) {
            standings.extend(standings_of_office(conn, office, chunk)?);
        }
        Ok(standings)
    }

    /// How the viewer stands to one record.
    pub fn standing(self, conn: &mut Conn, row: SightRow<'_>) -> Result<Standing> {
        let standings = self.standing_many(conn, &[row])?;
        Ok(standings.first().copied().unwrap_or(Standing::Other))
    }

    /// For each of these records, whether the viewer sees it. `guard` names the rule that this is. No statement where all
    /// are for everyone.
    pub fn sees_many(self, conn: &mut Conn, guard: Guard, rows: &[SightRow<'_>]) -> Result<Vec<bool>> {
        let restricted: Vec<SightRow<'_>> = rows
            .iter()
            .filter(|row| row.audience.is_restricted())
            .copied()
            .collect();
        let mut standings = self.standing_many(conn, &restricted)?.into_iter();
        Ok(rows
            .iter()
            .map(|row| {
                !row.audience.is_restricted()
                    || standings
                        .next()
                        .is_some_and(|standing| standing.sees(row.audience) || !is_on(guard))
            })
            .collect())
    }

    /// The same for one record.
    pub fn sees(self, conn: &mut Conn, guard: Guard, row: SightRow<'_>) -> Result<bool> {
        Ok(self.sees_many(conn, guard, &[row])?.first().copied().unwrap_or(false))
    }
}

fn standings_of_office(conn: &mut Conn, office: &str, rows: &[SightRow<'_>]) -> Result<Vec<Standing>> {
    let owners: HashSet<&str> = rows.iter().map(|row| row.owner_office_id).collect();
    let owners: Vec<&str> = owners.into_iter().collect();
    let owned: HashSet<String> = offices_acted_for(conn, office, &owners)?.into_iter().collect();
    let is_owned = |owner: &str| owner == office || owned.contains(owner);
    let others: Vec<&str> = owners.into_iter().filter(|owner| !is_owned(owner)).collect();
    let above = offices_above(conn, office, &others)?;
    let strangers: Vec<&str> = rows
        .iter()
        .filter(|row| !is_owned(row.owner_office_id) && !above.contains(row.owner_office_id))
        .map(|row| row.id)
        .collect();
    let named = records_naming(conn, office, &strangers)?;
    Ok(rows
        .iter()
        .map(|row| {
            if is_owned(row.owner_office_id) {
                Standing::Owner
            } else if above.contains(row.owner_office_id) {
                rules::standing_of_unit()
            } else if named.contains(row.id) {
                Standing::Partner
            } else {
                Standing::Other
            }
        })
        .collect())
}

/// Those of these offices that `office` is a unit of.
fn offices_above(conn: &mut Conn, office: &str, candidates: &[&str]) -> Result<HashSet<String>> {
    if candidates.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<String> = office_ancestors::table
        .filter(office_ancestors::office_id.eq(office))
        .filter(office_ancestors::ancestor_id.eq_any(candidates))
        .select(office_ancestors::ancestor_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Those of these records that name, by a member that gives sight, an office related to this one.
fn records_naming(conn: &mut Conn, office: &str, records: &[&str]) -> Result<HashSet<String>> {
    if records.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<String> = record_links::table
        .filter(record_links::record_id.eq_any(records))
        .filter(record_links::gives_sight.eq(true))
        .filter(sql::is_related(record_links::target_id, office))
        .select(record_links::record_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// True if a token of `office` acts for `other`: the same office, or a unit below it.
pub fn acts_for(conn: &mut Conn, office: &str, other: &str) -> Result<bool> {
    if office == other || !offices_acted_for(conn, office, &[other])?.is_empty() {
        return Ok(true);
    }
    Ok(rules::standing_of_unit() == Standing::Owner && offices_above(conn, office, &[other])?.contains(other))
}

/// The offices among `candidates` that a token of `office` acts for.
pub fn offices_acted_for<T: AsRef<str>>(conn: &mut Conn, office: &str, candidates: &[T]) -> Result<Vec<String>> {
    let mut acted_for = Vec::new();
    for chunk in candidates.chunks(CHUNK) {
        let ids: Vec<&str> = chunk.iter().map(AsRef::as_ref).collect();
        acted_for.extend(
            office_ancestors::table
                .filter(office_ancestors::ancestor_id.eq(office))
                .filter(office_ancestors::office_id.eq_any(ids))
                .select(office_ancestors::office_id)
                .load::<String>(conn)?,
        );
    }
    Ok(acted_for)
}
