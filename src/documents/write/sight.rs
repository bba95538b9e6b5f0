//! Which offices a version of a record names by a member that gives sight, kept as spans of versions.
//!
//! A version of the past is seen by the offices that it named, not by those that the record names today. One row tells
//! that an office was named from one version to another, so a change writes a row only for offices that it adds or
//! removes.

use crate::auth::access::Audience;
use crate::db::Conn;
use crate::db::schema::sight_spans;
use crate::error::Result;
use crate::schema::walk::Reference;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// The last version of a span whose office is still named.
pub const OPEN_END: i64 = i64::MAX;

/// A row of `sight_spans`: office, first version, last version.
pub type Span = (String, i64, i64);

/// The offices that these references of one document give sight to.
pub fn sight_of<'a>(relations: &[&str], references: &'a [Reference]) -> BTreeSet<&'a str> {
    references
        .iter()
        .filter(|reference| relations.contains(&reference.relation.as_str()))
        .map(|reference| reference.target.as_str())
        .collect()
}

/// The offices that can no longer see the record after a change; only records for partners depend on whom they name.
pub fn lost_sight(audience_before: Audience, before: &BTreeSet<&str>, after: &BTreeSet<&str>) -> BTreeSet<String> {
    if audience_before != Audience::Partners {
        return BTreeSet::new();
    }
    before.difference(after).map(|office| (*office).to_owned()).collect()
}

/// Writes what a new version changes: spans begin for offices that are named anew and end for those no longer named.
pub fn write_spans(
    conn: &mut Conn,
    record_id: &str,
    version: i64,
    old: &BTreeSet<&str>,
    new: &BTreeSet<&str>,
) -> Result<()> {
    let ended: Vec<&str> = old.difference(new).copied().collect();
    if !ended.is_empty() {
        diesel::update(
            sight_spans::table
                .filter(sight_spans::record_id.eq(record_id))
                .filter(sight_spans::last_version.eq(OPEN_END))
                .filter(sight_spans::office_id.eq_any(ended)),
        )
        .set(sight_spans::last_version.eq(version - 1))
        .execute(conn)?;
    }
    for office in new.difference(old) {
        insert_span(conn, record_id, &((*office).to_owned(), version, OPEN_END))?;
    }
    Ok(())
}

/// Replaces the spans of a record where they differ from those of its versions.
pub fn rewrite_spans(conn: &mut Conn, record_id: &str, derived: &BTreeSet<Span>) -> Result<()> {
    let stored = load_spans(conn, record_id)?;
    for (office, first, _) in stored.difference(derived) {
        diesel::delete(sight_spans::table.find((record_id, office, first))).execute(conn)?;
    }
    for span in derived.difference(&stored) {
        insert_span(conn, record_id, span)?;
    }
    Ok(())
}

fn insert_span(conn: &mut Conn, record_id: &str, (office, first, last): &Span) -> Result<()> {
    diesel::insert_into(sight_spans::table)
        .values((
            sight_spans::record_id.eq(record_id),
            sight_spans::office_id.eq(office),
            sight_spans::first_version.eq(first),
            sight_spans::last_version.eq(last),
        ))
        .execute(conn)?;
    Ok(())
}

/// The stored spans of a record.
pub fn load_spans(conn: &mut Conn, record_id: &str) -> Result<BTreeSet<Span>> {
    let rows: Vec<Span> = sight_spans::table
        .filter(sight_spans::record_id.eq(record_id))
        .select((
            sight_spans::office_id,
            sight_spans::first_version,
            sight_spans::last_version,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
