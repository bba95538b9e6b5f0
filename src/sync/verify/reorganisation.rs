//! What reorganisation leaves: offices that were merged, values that were redacted.

use super::Report;
use crate::db::Conn;
use crate::db::schema::{office_merges, revisions};
use crate::documents::digest::digest_of;
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet};

/// The offices that were merged, by the id that each has become.
#[derive(Debug, Default)]
pub(super) struct Merges(BTreeMap<String, String>);

impl Merges {
    /// What this id has become; itself where it was never merged.
    pub(super) fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// Was this office merged?
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// All ids of the office with this id, which is no merged one.
    pub(super) fn class_of(&self, id: &str) -> BTreeSet<String> {
        let merged = self.0.iter().filter(|(_, canonical)| *canonical == id);
        merged.map(|(id, _)| id.clone()).chain([id.to_owned()]).collect()
    }
}

/// Every merge is the end of a record, whose digest (which the audit chain keeps) seals the survivor; and each id leads
/// where its survivors lead.
pub(super) fn verify_merges(conn: &mut Conn, report: &mut Report) -> Result<Merges> {
    let rows: Vec<(String, String, String, String)> = office_merges::table
        .order(office_merges::office_id)
        .select((
            office_merges::office_id,
            office_merges::survivor_id,
            office_merges::canonical_id,
            office_merges::at,
        ))
        .load(conn)?;
    let ends: BTreeMap<String, (String, String)> = revisions::table
        .filter(revisions::operation.eq("merge_into"))
        .select((revisions::record_id, revisions::digest, revisions::at))
        .load::<(String, String, String)>(conn)?
        .into_iter()
        .map(|(id, digest, at)| (id, (digest, at)))
        .collect();
    let next: BTreeMap<&str, &str> = rows.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    for (office, survivor, canonical, at) in &rows {
        if ends.get(office) != Some(&(digest_of(survivor), at.clone())) {
            report.add(office, "that it was merged does not fit its last revision");
        }
        let mut reached = survivor.as_str();
        for _ in 0..rows.len() {
            reached = next.get(reached).copied().unwrap_or(reached);
        }
        if reached != canonical {
            report.add(office, format!("its id leads to {canonical}, where it should lead to {reached}"));
        }
    }
    for office in ends.keys().filter(|office| !next.contains_key(office.as_str())) {
        report.add(office, "it was merged, yet its id leads nowhere");
    }
    Ok(Merges(rows.into_iter().map(|row| (row.0, row.2)).collect()))
}
