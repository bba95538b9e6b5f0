//! Offices that were merged into others: all ids of one office, and where a merged id leads.
//!
//! Every member of such a class is in `office_ancestors` beside every other, at depth 0, and all that is below or above
//! one is below or above each. So whatever asks the tree (who acts for whom, who is named, `within`) needs to know
//! nothing of this; only what compares ids asks here.
//!
//! A tombstone is as hidden as the record was, and then it leads nowhere: only callers that see both
//! tombstone and survivor learn that two ids mean one office.

use crate::auth::access::SightRow;
use crate::auth::{Caller, Guard};
use crate::db::Conn;
use crate::db::schema::{office_ancestors, office_merges};
use crate::documents::read::sight_head::load_sight;
use crate::error::{Code, Error, Result};
use crate::texts;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::{BTreeSet, HashMap};

/// All ids of the offices that are meant by these ids, in order; an id that is none comes back as it is.
pub fn ids_of(conn: &mut Conn, ids: &[String]) -> Result<Vec<String>> {
    let mut all: Vec<String> = office_ancestors::table
        .filter(office_ancestors::office_id.eq_any(ids))
        .filter(office_ancestors::depth.eq(0))
        .select(office_ancestors::ancestor_id)
        .load(conn)?;
    all.extend_from_slice(ids);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The same, as far as the caller may know that they mean the same office: for filters.
pub fn ids_seen(conn: &mut Conn, caller: &Caller, ids: &[String]) -> Result<Vec<String>> {
    if caller.viewer().limited_by(Guard::VisibleInFilters).is_none() {
        return ids_of(conn, ids);
    }
    let same: Vec<(String, String)> = office_ancestors::table
        .filter(office_ancestors::office_id.eq_any(ids))
        .filter(office_ancestors::depth.eq(0))
        .filter(office_ancestors::ancestor_id.ne(office_ancestors::office_id))
        .select((office_ancestors::office_id, office_ancestors::ancestor_id))
        .load(conn)?;
    let mut all = ids.to_vec();
    if !same.is_empty() {
        let members: BTreeSet<&String> = same.iter().flat_map(|(named, meant)| [named, meant]).collect();
        let members: Vec<&str> = members.into_iter().map(String::as_str).collect();
        let seen = seen_among(conn, caller, Guard::VisibleInFilters, &members)?;
        let canonical: HashMap<String, String> = find_merged(conn, caller, &members)?.into_iter().collect();
        let is_known = |id: &String| seen.contains(id) && seen.contains(canonical.get(id).unwrap_or(id));
        let known = same.iter().filter(|(named, meant)| is_known(named) && is_known(meant));
        all.extend(known.map(|(_, meant)| meant.clone()));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Those of these records that the caller sees, living or ended. `guard` names the rule that this is.
pub fn seen_among(conn: &mut Conn, caller: &Caller, guard: Guard, ids: &[&str]) -> Result<BTreeSet<String>> {
    let mut seen = BTreeSet::new();
    for chunk in ids.chunks(500) {
        let heads = load_sight(conn, chunk)?;
        let rows: Vec<SightRow<'_>> = heads.iter().map(|head| head.sight.row()).collect();
        let sees = caller.viewer().sees_many(conn, guard, &rows)?;
        seen.extend(
            rows.iter()
                .zip(sees)
                .filter(|(_, sees)| *sees)
                .map(|(row, _)| row.id.to_owned()),
        );
    }
    Ok(seen)
}

/// The office that a merged one has become, where the caller sees what was merged, and the other, which lives. Else a
/// hidden office could be distinguished from one that never existed.
pub fn find_survivor(conn: &mut Conn, caller: &Caller, id: &str) -> Result<Option<String>> {
    Ok(find_survivors(conn, caller, &[id])?.remove(id))
}

/// The same for many, by the id of the merged one; at most 500.
pub fn find_survivors(conn: &mut Conn, caller: &Caller, ids: &[&str]) -> Result<HashMap<String, String>> {
    let merged: HashMap<String, String> = find_merged(conn, caller, ids)?.into_iter().collect();
    let survivors: BTreeSet<&str> = merged.values().map(String::as_str).collect();
    let survivors: Vec<&str> = survivors.into_iter().collect();
    let mut heads = load_sight(conn, &survivors)?;
    heads.retain(|head| head.deleted_at.is_none());
    let rows: Vec<SightRow<'_>> = heads.iter().map(|head| head.sight.row()).collect();
    let sees = caller.viewer().sees_many(conn, Guard::VisibleSurvivors, &rows)?;
    let seen: BTreeSet<&str> = rows
        .iter()
        .zip(sees)
        .filter(|(_, sees)| *sees)
        .map(|(row, _)| row.id)
        .collect();
    Ok(merged
        .into_iter()
        .filter(|(_, survivor)| seen.contains(survivor.as_str()))
        .collect())
}

/// Which of these offices were merged, as far as the caller sees them, and what each has become. Whether the caller sees
/// that, too, is not looked at.
pub fn find_merged(conn: &mut Conn, caller: &Caller, ids: &[&str]) -> Result<Vec<(String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String)> = office_merges::table
        .filter(office_merges::office_id.eq_any(ids))
        .select((office_merges::office_id, office_merges::canonical_id))
        .load(conn)?;
    let merged: Vec<&str> = found.iter().map(|(merged, _)| merged.as_str()).collect();
    let seen = seen_among(conn, caller, Guard::VisibleMerged, &merged)?;
    Ok(found.into_iter().filter(|(merged, _)| seen.contains(merged)).collect())
}

/// The 409 of a change to a merged record.
pub fn refuse_merged(survivor: &str) -> Error {
    Error::new(Code::RecordMerged, texts::documents::merged_into(survivor)).with_member("merged_into", survivor)
}
