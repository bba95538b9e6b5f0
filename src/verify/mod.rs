//! Verification: documents = columns and rows = revisions = changes = audit chain, everything against everything; and
//! the rights of clients and tokens = the seals of the audit chain.

mod accounts;
mod chain;
mod history;
mod reorganisation;
mod report;
mod rules;

pub use report::{Damage, Report};
pub use rules::{RuleWarning, check_rules};

use crate::db::integrity::find_engine_damage;
use crate::db::schema::{
    change_losses, changes, external_ids, office_ancestors, record_codes, record_keys, record_links, record_tags,
    records, registry_state, revisions, search_text, sight_spans,
};
use crate::db::{Conn, Database, StoredDocument};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::derivation::DERIVATION;
use crate::documents::entry::{KindEntry, VerifiedHead};
use crate::error::{Error, Result};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use reorganisation::Merges;
use report::CHUNK;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Checks a whole database as it is at one instant, also while a service is writing. `progress` gets how many
/// of how many records are done.
pub fn verify(
    database: &Database,
    kinds: &[KindEntry],
    contracts: &Contracts,
    progress: &dyn Fn(usize, usize),
) -> Result<Report> {
    database.read_snapshot(|conn| {
        let mut report = Report::default();
        for found in find_engine_damage(conn)? {
            report.add("database", found);
        }
        let is_sound = report.damage.is_empty();
        match verify_contents(conn, kinds, contracts, &mut report, progress) {
            // What the engine found explains it.
            Err(error) if !is_sound => report.add("database", format!("the rest cannot be checked: {error}")),
            checked => checked?,
        }
        Ok(report)
    })
}

/// Everything above the engine.
fn verify_contents(
    conn: &mut Conn,
    kinds: &[KindEntry],
    contracts: &Contracts,
    report: &mut Report,
    progress: &dyn Fn(usize, usize),
) -> Result<()> {
    verify_records(conn, kinds, contracts, report, progress)?;
    history::verify_feed(conn, report)?;
    let originals = reorganisation::verify_redactions(conn, report)?;
    let (traced, told) = chain::verify_chain(conn, report)?;
    accounts::verify_accounts(conn, told, report)?;
    chain::verify_traces(conn, traced, &originals, report)?;
    let merges = reorganisation::verify_merges(conn, report)?;
    verify_tree(conn, contracts.by_name("office")?, &merges, report)?;
    verify_references(conn, &merges, report)
}

/// Checks the audit log by itself: the chain, the rows that name what was shown, the hours of reads that it sums up, and the
/// rights of clients and tokens that it seals.
pub fn verify_audit_log(conn: &mut Conn) -> Result<Report> {
    let mut report = Report::default();
    let (_, told) = chain::verify_chain(conn, &mut report)?;
    accounts::verify_accounts(conn, told, &mut report)?;
    Ok(report)
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
    let (mut after, mut lowest) = (String::new(), i32::MAX);
    loop {
        let heads: Vec<VerifiedHead> = records::table
            .filter(records::id.gt(&after))
            .order(records::id.asc())
            .limit(CHUNK)
            .select(VerifiedHead::as_select())
            .load(conn)?;
        let Some(last) = heads.last() else {
            return verify_reached(conn, lowest, report);
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
            history::verify_revisions(conn, head, contracts.by_name(&head.kind).ok(), report)?;
            report.not_reindexed += usize::from(head.derivation < DERIVATION);
            lowest = lowest.min(head.derivation);
            report.records += 1;
            progress(report.records, total);
        }
    }
}

/// What the state row says of all records must be true of each, or lists would leave some out.
fn verify_reached(conn: &mut Conn, lowest: i32, report: &mut Report) -> Result<()> {
    let reached: Option<i32> = registry_state::table
        .find(1)
        .select(registry_state::derivation)
        .first(conn)
        .optional()?;
    // A missing row is reported with the feed.
    if reached.is_some_and(|reached| reached > lowest) {
        let detail = "it says that the rows of all records are up to date, and some are not; eduaccord reindex";
        report.add("registry_state", detail);
    }
    Ok(())
}

/// The closed tree of offices, computed again from the parents. Deleted offices keep their place in it; merged ones
/// stand, under each of their ids, where the survivor stands.
fn verify_tree(conn: &mut Conn, contract: &Contract, merges: &Merges, report: &mut Report) -> Result<()> {
    use crate::db::schema::office_index;
    let mut parents: BTreeMap<String, Option<String>> = office_index::table
        .select((office_index::id, office_index::parent_id))
        .load(conn)?
        .into_iter()
        .collect();
    let deleted: Vec<(String, StoredDocument)> = records::table
        .filter(records::kind.eq("office"))
        .filter(records::deleted_at.is_not_null())
        .select((records::id, StoredDocument::as_select()))
        .load(conn)?;
    for (id, document) in deleted {
        // A document that cannot be read is reported with its record.
        let document = contract.current_value(&document).unwrap_or_default();
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
        let (mut above, mut depth) = (Some(merges.canonical(office).to_owned()), 0);
        while let Some(ancestor) = above {
            if depth > 1000 {
                report.add(office, "the tree has a cycle above this office");
                break;
            }
            for id in merges.class_of(&ancestor) {
                true_rows.insert((office.clone(), id, depth));
            }
            let parent = parents.get(&ancestor).cloned().flatten();
            above = parent.map(|parent| merges.canonical(&parent).to_owned());
            depth += 1;
        }
    }
    for (office, ancestor, _) in stored.symmetric_difference(&true_rows) {
        report.add(office, format!("the tree does not fit at {ancestor}"));
    }
    Ok(())
}

/// References of living records point to living records, external ids to records of their kind; no row of any table
/// belongs to a record that is not there.
fn verify_references(conn: &mut Conn, merges: &Merges, report: &mut Report) -> Result<()> {
    let heads: BTreeMap<String, (String, bool)> = records::table
        .select((records::id, records::kind, records::deleted_at.is_null()))
        .load::<(String, String, bool)>(conn)?
        .into_iter()
        .map(|(id, kind, lives)| (id, (kind, lives)))
        .collect();
    let links: Vec<(String, String)> = record_links::table
        .inner_join(records::table.on(records::id.eq(record_links::record_id)))
        .filter(records::deleted_at.is_null())
        .select((record_links::record_id, record_links::target_id))
        .distinct()
        .load(conn)?;
    for (record, target) in links {
        match heads.get(&target) {
            Some((_, true)) => {}
            Some((_, false)) if merges.has(&target) => {}
            Some((_, false)) => report.add(record, format!("it refers to {target}, which is deleted")),
            None => report.add(record, format!("it refers to {target}, which does not exist")),
        }
    }
    let external: Vec<(String, String)> = external_ids::table
        .select((external_ids::record_id, external_ids::kind))
        .distinct()
        .load(conn)?;
    for (record, kind) in external {
        match heads.get(&record) {
            Some((of, _)) if *of == kind => {}
            Some(_) => report.add(record, format!("an external id says that it is of the kind {kind}")),
            None => report.add(record, "an external id means a record that does not exist"),
        }
    }
    let owners: [(&str, Vec<String>); 8] = [
        (
            "sight_spans",
            sight_spans::table
                .select(sight_spans::record_id)
                .distinct()
                .load(conn)?,
        ),
        (
            "revisions",
            revisions::table.select(revisions::record_id).distinct().load(conn)?,
        ),
        (
            "changes",
            changes::table.select(changes::record_id).distinct().load(conn)?,
        ),
        (
            "record_links",
            record_links::table
                .select(record_links::record_id)
                .distinct()
                .load(conn)?,
        ),
        (
            "record_tags",
            record_tags::table
                .select(record_tags::record_id)
                .distinct()
                .load(conn)?,
        ),
        (
            "record_codes",
            record_codes::table
                .select(record_codes::record_id)
                .distinct()
                .load(conn)?,
        ),
        (
            "record_keys",
            record_keys::table
                .select(record_keys::record_id)
                .distinct()
                .load(conn)?,
        ),
        (
            "search_text",
            search_text::table.select(search_text::record_id).load(conn)?,
        ),
    ];
    for (table, ids) in owners {
        for id in ids.into_iter().filter(|id| !heads.contains_key(id)) {
            report.add(id, format!("{table} has rows of it, but there is no such record"));
        }
    }
    let lonely: i64 = change_losses::table
        .filter(change_losses::seq.ne_all(changes::table.select(changes::seq)))
        .count()
        .get_result(conn)?;
    if lonely > 0 {
        report.add("change_losses", format!("{lonely} rows belong to no change"));
    }
    Ok(())
}
