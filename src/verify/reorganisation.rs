//! What reorganisation leaves: offices that were merged, values that were redacted.

use super::report::Report;
use crate::db::Conn;
use crate::db::schema::{audit, office_merges, redactions, revisions};
use crate::documents::actions::redact::{OPERATION, Redaction, seal_redactions};
use crate::error::Result;
use crate::json::digest::digest_of;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
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
            report.add(
                office,
                format!("its id leads to {canonical}, where it should lead to {reached}"),
            );
        }
    }
    for office in ends.keys().filter(|office| !next.contains_key(office.as_str())) {
        report.add(office, "it was merged, yet its id leads nowhere");
    }
    Ok(Merges(rows.into_iter().map(|row| (row.0, row.2)).collect()))
}

/// Versions in which something was redacted, with the digest that each was written with, which the audit chain keeps.
pub(super) type Originals = BTreeMap<(String, i64), String>;

/// Every redaction is sealed by an audit row of its own action, and leads, one after the other, from the digest that a
/// revision was written with to the one that it has.
pub(super) fn verify_redactions(conn: &mut Conn, report: &mut Report) -> Result<Originals> {
    let rows: Vec<Redaction> = redactions::table
        .order((redactions::record_id, redactions::version, redactions::audit_seq))
        .select(Redaction::as_select())
        .load(conn)?;
    let mut actions: BTreeMap<(String, i64), Vec<&Redaction>> = BTreeMap::new();
    // As they were sealed: the newest version first.
    for row in rows.iter().rev() {
        actions
            .entry((row.record_id.clone(), row.audit_seq))
            .or_default()
            .push(row);
    }
    for ((record, seq), rows) in actions {
        let sealed: Option<(Option<String>, String, String, String)> = audit::table
            .find(seq)
            .select((audit::target_id, audit::operation, audit::value_hash, audit::at))
            .first(conn)
            .optional()?;
        let fits = sealed.is_some_and(|(target, operation, hash, at)| {
            target.as_ref() == Some(&record)
                && operation.ends_with(&format!(".{OPERATION}"))
                && hash == seal_redactions(rows.iter().copied())
                && rows.iter().all(|row| row.at == at)
        });
        if !fits {
            report.add(&record, format!("its redactions do not fit audit row {seq}"));
        }
    }
    let mut originals = Originals::new();
    let mut reached: BTreeMap<(String, i64), String> = BTreeMap::new();
    for row in rows {
        let version = (row.record_id, row.version);
        let before = reached.insert(version.clone(), row.digest_after);
        if before.is_some_and(|before| before != row.digest_before) {
            report.add(
                &version.0,
                format!("the redactions of version {} do not follow each other", version.1),
            );
        }
        originals.entry(version).or_insert(row.digest_before);
    }
    for ((record, version), digest) in reached {
        let has: Option<String> = revisions::table
            .find((&record, version))
            .select(revisions::digest)
            .first(conn)
            .optional()?;
        if has != Some(digest) {
            report.add(&record, format!("version {version} is not what its redaction left"));
        }
    }
    Ok(originals)
}
