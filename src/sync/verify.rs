//! Verification: documents = columns and rows = revisions = changes = audit chain, everything against everything.

use crate::auth::audit::{AuditRow, hash_row};
use crate::db::schema::{
    audit, changes, external_ids, office_ancestors, record_links, records, registry_state, revisions,
};
use crate::db::{Conn, Database};
use crate::documents::contract::Contracts;
use crate::documents::digest::digest_of;
use crate::documents::entry::{KindEntry, VerifiedHead};
use crate::error::{Error, Result};
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are read at once.
const CHUNK: i64 = 500;

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records looked at.
    pub records: usize,
    /// Revisions looked at.
    pub revisions: usize,
    /// Audit rows looked at.
    pub audit_rows: usize,
    /// Everything that does not fit.
    pub damage: Vec<Damage>,
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// A record's id, or the table.
    pub place: String,
    /// What does not fit.
    pub detail: String,
}

impl Report {
    fn add(&mut self, place: impl Into<String>, detail: impl Into<String>) {
        self.damage.push(Damage {
            place: place.into(),
            detail: detail.into(),
        });
    }
}

/// Checks a whole database. `progress` is told how many of how many records are done.
pub fn verify(
    database: &Database,
    kinds: &[KindEntry],
    contracts: &Contracts,
    progress: &dyn Fn(usize, usize),
) -> Result<Report> {
    database.read_blocking(|conn| {
        let mut report = Report::default();
        verify_records(conn, kinds, contracts, &mut report, progress)?;
        verify_history(conn, &mut report)?;
        verify_audit(conn, &mut report)?;
        verify_tree(conn, &mut report)?;
        verify_references(conn, &mut report)?;
        Ok(report)
    })
}

fn verify_records(
    conn: &mut Conn,
    kinds: &[KindEntry],
    contracts: &Contracts,
    report: &mut Report,
    progress: &dyn Fn(usize, usize),
) -> Result<()> {
    let total: i64 = records::table.count().get_result(conn)?;
    let total = usize::try_from(total).map_err(Error::internal)?;
    let mut after = String::new();
    loop {
        let heads: Vec<VerifiedHead> = records::table
            .filter(records::id.gt(&after))
            .order(records::id.asc())
            .limit(CHUNK)
            .select(VerifiedHead::as_select())
            .load(conn)?;
        let Some(last) = heads.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        for head in &heads {
            match kinds.iter().find(|entry| entry.name == head.kind) {
                None => report.add(&head.id, format!("the kind {} is unknown", head.kind)),
                Some(entry) => {
                    for detail in (entry.verify)(conn, contracts.by_name(entry.name)?, head)? {
                        report.add(&head.id, detail);
                    }
                }
            }
            verify_revisions(conn, head, report)?;
            report.records += 1;
            progress(report.records, total);
        }
    }
}

type RevisionFacts = (i64, String, String, Option<String>, String);

fn verify_revisions(conn: &mut Conn, head: &VerifiedHead, report: &mut Report) -> Result<()> {
    let found: Vec<RevisionFacts> = revisions::table
        .filter(revisions::record_id.eq(&head.id))
        .order(revisions::version.asc())
        .select((
            revisions::version,
            revisions::operation,
            revisions::digest,
            revisions::document,
            revisions::audience,
        ))
        .load(conn)?;
    report.revisions += found.len();
    for (expected, (version, operation, digest, document, _)) in (1_i64..).zip(&found) {
        if *version != expected {
            report.add(&head.id, format!("revision {expected} is missing"));
            break;
        }
        let true_digest = document.as_deref().map_or_else(String::new, digest_of);
        if *digest != true_digest {
            report.add(&head.id, format!("revision {version} does not fit its digest"));
        }
        if (operation == "delete") != document.is_none() {
            report.add(
                &head.id,
                format!("revision {version} is called {operation}, which does not fit its document"),
            );
        }
    }
    let Some((version, _, _, document, audience)) = found.last() else {
        report.add(&head.id, "the record has no revisions");
        return Ok(());
    };
    if *version != head.version {
        report.add(
            &head.id,
            format!("the last revision is {version}, the record says {}", head.version),
        );
    }
    let shown = document
        .as_ref()
        .or_else(|| found.iter().rev().find_map(|(_, _, _, document, _)| document.as_ref()));
    if document.is_none() != head.deleted_at.is_some() || shown != Some(&head.document) {
        report.add(&head.id, "the record differs from its last revision");
    }
    if *audience != head.audience {
        report.add(&head.id, "the audience differs from that of the last revision");
    }
    Ok(())
}

/// Every revision is one change of the feed and one audit row; sequence numbers have no gaps.
fn verify_history(conn: &mut Conn, report: &mut Report) -> Result<()> {
    let change_seq: i64 = registry_state::table
        .find(1)
        .select(registry_state::change_seq)
        .first(conn)?;
    let mut expected = 0;
    loop {
        type Facts = (i64, String, i64, String, String, String);
        let rows: Vec<Facts> = changes::table
            .filter(changes::seq.gt(expected))
            .order(changes::seq.asc())
            .limit(CHUNK)
            .select((
                changes::seq,
                changes::record_id,
                changes::version,
                changes::operation,
                changes::at,
                changes::audience,
            ))
            .load(conn)?;
        let seqs: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let twins: Vec<Facts> = revisions::table
            .filter(revisions::seq.eq_any(&seqs))
            .select((
                revisions::seq,
                revisions::record_id,
                revisions::version,
                revisions::operation,
                revisions::at,
                revisions::audience,
            ))
            .load(conn)?;
        let twins: BTreeMap<i64, Facts> = twins.into_iter().map(|facts| (facts.0, facts)).collect();
        if rows.is_empty() {
            break;
        }
        for (seq, record, version, operation, at, audience) in rows {
            expected += 1;
            if seq != expected {
                report.add("changes", format!("change {expected} is missing"));
                expected = seq;
            }
            let fits = twins.get(&seq).is_some_and(|twin| {
                let twin_operation = if twin.3 == "delete" { "delete" } else { "upsert" };
                twin.1 == record
                    && twin.2 == version
                    && twin_operation == operation
                    && twin.4 == at
                    && twin.5 == audience
            });
            if !fits {
                report.add(&record, format!("change {seq} does not fit revision {version}"));
            }
        }
    }
    if expected != change_seq {
        report.add(
            "changes",
            format!("the feed ends at {expected}, the registry says {change_seq}"),
        );
    }
    let lonely: i64 = revisions::table
        .filter(revisions::seq.gt(change_seq))
        .count()
        .get_result(conn)?;
    if lonely > 0 {
        report.add("revisions", format!("{lonely} revisions have no change"));
    }
    Ok(())
}

fn verify_audit(conn: &mut Conn, report: &mut Report) -> Result<()> {
    let (audit_seq, audit_hash): (i64, String) = registry_state::table
        .find(1)
        .select((registry_state::audit_seq, registry_state::audit_hash))
        .first(conn)?;
    let mut previous = "sha256:0".to_owned();
    let mut seq = 0;
    let mut traced: BTreeSet<(String, i64, String)> = BTreeSet::new();
    loop {
        let rows: Vec<AuditRow> = audit::table
            .filter(audit::seq.gt(seq))
            .order(audit::seq.asc())
            .limit(CHUNK)
            .select(AuditRow::as_select())
            .load(conn)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 {
                report.add("audit", format!("row {} is missing", seq + 1));
            }
            if row.previous_hash != previous {
                report.add("audit", format!("row {} does not follow the row before it", row.seq));
            }
            if row.hash != hash_row(&row) {
                report.add("audit", format!("row {} was altered", row.seq));
            }
            seq = row.seq;
            previous.clone_from(&row.hash);
            report.audit_rows += 1;
            if let (Some(target), Some(version)) = (row.target_id, row.version) {
                traced.insert((target, version, row.value_hash));
            }
        }
    }
    if seq != audit_seq || previous != audit_hash {
        report.add(
            "audit",
            format!("the chain ends at row {seq}, the registry says {audit_seq}"),
        );
    }
    let mut after = 0;
    loop {
        let rows: Vec<(i64, String, i64, String)> = revisions::table
            .filter(revisions::seq.gt(after))
            .order(revisions::seq.asc())
            .limit(CHUNK)
            .select((
                revisions::seq,
                revisions::record_id,
                revisions::version,
                revisions::digest,
            ))
            .load(conn)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.0;
        for (_, record, version, digest) in rows {
            if !traced.contains(&(record.clone(), version, digest)) {
                report.add(record, format!("version {version} has no audit row with its digest"));
            }
        }
    }
}

/// The closed tree of offices, computed again from the parents. Deleted offices keep their place in it.
fn verify_tree(conn: &mut Conn, report: &mut Report) -> Result<()> {
    use crate::db::schema::office_index;
    let mut parents: BTreeMap<String, Option<String>> = office_index::table
        .select((office_index::id, office_index::parent_id))
        .load(conn)?
        .into_iter()
        .collect();
    let deleted: Vec<(String, String)> = records::table
        .filter(records::kind.eq("office"))
        .filter(records::deleted_at.is_not_null())
        .select((records::id, records::document))
        .load(conn)?;
    for (id, document) in deleted {
        let document: Value = serde_json::from_str(&document).map_err(Error::internal)?;
        let parent = document.get("parent_id").and_then(Value::as_str).map(str::to_owned);
        parents.insert(id, parent);
    }
    let stored: BTreeSet<(String, String, i64)> = office_ancestors::table
        .select((
            office_ancestors::office_id,
            office_ancestors::ancestor_id,
            office_ancestors::depth,
        ))
        .load(conn)?
        .into_iter()
        .collect();
    let mut true_rows = BTreeSet::new();
    for office in parents.keys() {
        let (mut above, mut depth) = (Some(office.clone()), 0);
        while let Some(ancestor) = above {
            if depth > 1000 {
                report.add(office, "the tree has a cycle above this office");
                break;
            }
            true_rows.insert((office.clone(), ancestor.clone(), depth));
            above = parents.get(&ancestor).cloned().flatten();
            depth += 1;
        }
    }
    for (office, ancestor, _) in stored.symmetric_difference(&true_rows) {
        report.add(office, format!("the tree does not fit at {ancestor}"));
    }
    Ok(())
}

/// References of living records point to living records; external ids to records.
fn verify_references(conn: &mut Conn, report: &mut Report) -> Result<()> {
    let living: BTreeMap<String, bool> = records::table
        .select((records::id, records::deleted_at.is_null()))
        .load(conn)?
        .into_iter()
        .collect();
    let links: Vec<(String, String)> = record_links::table
        .inner_join(records::table.on(records::id.eq(record_links::record_id)))
        .filter(records::deleted_at.is_null())
        .select((record_links::record_id, record_links::target_id))
        .distinct()
        .load(conn)?;
    for (record, target) in links {
        match living.get(&target) {
            Some(true) => {}
            Some(false) => report.add(record, format!("it refers to {target}, which is deleted")),
            None => report.add(record, format!("it refers to {target}, which does not exist")),
        }
    }
    let external: Vec<String> = external_ids::table
        .select(external_ids::record_id)
        .distinct()
        .load(conn)?;
    for record in external.into_iter().filter(|record| !living.contains_key(record)) {
        report.add(record, "an external id means a record that does not exist");
    }
    Ok(())
}
