//! Offices that were merged into others: all ids of one office, and where a merged id leads.
//!
//! Every member of such a class is in `office_ancestors` beside every other, at depth 0, and all that is below or above
//! one is below or above each. So whatever asks the tree (who acts for whom, who is named, `within`) needs to know
//! nothing of this; only what compares ids asks here.
//!
//! A tombstone is as hidden as the record was, and then it leads nowhere: that two ids mean one office is told to those
//! who see both tombstone and survivor.

use crate::auth::access::find_standing;
use crate::auth::{Caller, Guard, is_on};
use crate::db::Conn;
use crate::db::schema::{office_ancestors, office_merges, records};
use crate::error::{Code, Error, Result};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl};
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
    if caller.is_registry() || !is_on(Guard::VisibleInFilters) {
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
        let members: Vec<&String> = members.into_iter().collect();
        let seen = seen_among(conn, caller, &members)?;
        let canonical: HashMap<String, String> = find_merged(conn, caller, &members)?.into_iter().collect();
        let is_known = |id: &String| seen.contains(id) && seen.contains(canonical.get(id).unwrap_or(id));
        let known = same.iter().filter(|(named, meant)| is_known(named) && is_known(meant));
        all.extend(known.map(|(_, meant)| meant.clone()));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Those of these records that the caller sees, living or ended.
pub fn seen_among(conn: &mut Conn, caller: &Caller, ids: &[&String]) -> Result<BTreeSet<String>> {
    let heads: Vec<(String, String, String)> = records::table
        .filter(records::id.eq_any(ids.iter().map(|id| id.as_str())))
        .select((records::id, records::owner_office_id, records::audience))
        .load(conn)?;
    let mut seen = BTreeSet::new();
    for (id, owner, audience) in heads {
        if sees_office(conn, caller, &id, &owner, &audience)? {
            seen.insert(id);
        }
    }
    Ok(seen)
}

/// The office that a merged one has become, where the caller sees what was merged, and that the other lives. Else a
/// hidden office could be told from one that never was.
pub fn find_survivor(conn: &mut Conn, caller: &Caller, id: &str) -> Result<Option<String>> {
    let found: Option<(String, String, String)> = office_merges::table
        .inner_join(records::table.on(records::id.eq(office_merges::canonical_id)))
        .filter(office_merges::office_id.eq(id))
        .filter(records::deleted_at.is_null())
        .select((records::id, records::owner_office_id, records::audience))
        .first(conn)
        .optional()?;
    let Some((survivor, owner, audience)) = found else {
        return Ok(None);
    };
    let sees = sees_office(conn, caller, &survivor, &owner, &audience)? || !is_on(Guard::VisibleSurvivors);
    Ok((sees && sees_merged(conn, caller, id)?).then_some(survivor))
}

/// Does the caller see the tombstone of a merged office?
fn sees_merged(conn: &mut Conn, caller: &Caller, id: &str) -> Result<bool> {
    let (owner, audience): (String, String) = records::table
        .find(id)
        .select((records::owner_office_id, records::audience))
        .first(conn)?;
    Ok(sees_office(conn, caller, id, &owner, &audience)? || !is_on(Guard::VisibleMerged))
}

fn sees_office(conn: &mut Conn, caller: &Caller, id: &str, owner: &str, audience: &str) -> Result<bool> {
    Ok(audience == "everyone" || find_standing(conn, caller, id, owner)?.sees(audience))
}

/// Which of these offices were merged, as far as the caller sees them, and what each has become. Whether the caller sees
/// that, too, is not looked at.
pub fn find_merged(conn: &mut Conn, caller: &Caller, ids: &[&String]) -> Result<Vec<(String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String)> = office_merges::table
        .filter(office_merges::office_id.eq_any(ids.iter().map(|id| id.as_str())))
        .select((office_merges::office_id, office_merges::canonical_id))
        .load(conn)?;
    let mut seen = Vec::new();
    for (merged, survivor) in found {
        if sees_merged(conn, caller, &merged)? {
            seen.push((merged, survivor));
        }
    }
    Ok(seen)
}

/// The 409 of a change to a merged record.
pub fn refuse_merged(survivor: &str) -> Error {
    Error::new(
        Code::RecordMerged,
        format!("The record was merged into {survivor}; change that one."),
    )
    .with_member("merged_into", survivor)
}
