//! Revisions and the feed: every version is kept, and is in the feed once.

use super::report::{CHUNK, Report};
use crate::auth::access::Audience;
use crate::db::schema::{changes, registry_state, revisions};
use crate::db::{Conn, StoredVersion};
use crate::documents::contract::Contract;
use crate::documents::derivation::DERIVATION;
use crate::documents::entry::VerifiedHead;
use crate::documents::write::sight::load_spans;
use crate::documents::write::sight_history::{PastVersion, SightHistory};
use crate::documents::write::sight_losses::{HIDDEN, load_losses};
use crate::error::Result;
use crate::json::digest::digest_of;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde_json::Value;
use std::collections::BTreeMap;

/// One revision, and what its row in the feed must say.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = revisions)]
struct Revision {
    version: i64,
    seq: i64,
    at: String,
    operation: String,
    audience: String,
    digest: String,
    #[diesel(embed)]
    document: StoredVersion,
}

/// What the last revision of a merged record is called.
const MERGED: &str = "merge_into";

/// Does a record end with this operation?
fn is_end(operation: &str) -> bool {
    operation == "delete" || operation == MERGED
}

/// The revisions of one record: none is missing, each fits its digest, the last one is the record, and the feed tells
/// of each who could see the one before and which offices it no longer names.
pub(super) fn verify_revisions(
    conn: &mut Conn,
    head: &VerifiedHead,
    contract: Option<&Contract>,
    report: &mut Report,
) -> Result<()> {
    let found: Vec<Revision> = revisions::table
        .filter(revisions::record_id.eq(&head.id))
        .order(revisions::version.asc())
        .select(Revision::as_select())
        .load(conn)?;
    report.revisions += found.len();
    for (expected, revision) in (1_i64..).zip(&found) {
        let version = revision.version;
        if version != expected {
            report.add(&head.id, format!("revision {expected} is missing"));
            break;
        }
        let true_digest = revision.document.stored_text().map_or_else(String::new, digest_of);
        // The digest of a merge seals its survivor, and is looked at with the merges.
        if revision.digest != true_digest && revision.operation != MERGED {
            report.add(&head.id, format!("revision {version} does not fit its digest"));
        }
        if is_end(&revision.operation) != revision.document.stored_text().is_none() {
            let operation = &revision.operation;
            report.add(
                &head.id,
                format!("revision {version} is called {operation}, which does not fit its document"),
            );
        }
    }
    verify_own_changes(conn, head, contract, &found, report)?;
    let Some(last) = found.last() else {
        report.add(&head.id, "the record has no revisions");
        return Ok(());
    };
    if last.version != head.version {
        report.add(
            &head.id,
            format!(
                "the last revision is {}, the record says {}",
                last.version, head.version
            ),
        );
    }
    let shown = found
        .iter()
        .rev()
        .find_map(|revision| revision.document.clone().into_document());
    let deleted_at = last.document.stored_text().is_none().then_some(&last.at);
    if deleted_at != head.deleted_at.as_ref() || shown.as_ref() != Some(&head.document) {
        report.add(&head.id, "the record differs from its last revision");
    }
    if last.audience != head.audience {
        report.add(&head.id, "the audience differs from that of the last revision");
    }
    Ok(())
}

/// What the feed keeps beside the revision itself.
fn verify_own_changes(
    conn: &mut Conn,
    head: &VerifiedHead,
    contract: Option<&Contract>,
    found: &[Revision],
    report: &mut Report,
) -> Result<()> {
    let told: BTreeMap<i64, (String, Option<String>)> = changes::table
        .filter(changes::record_id.eq(&head.id))
        .select((changes::seq, changes::kind, changes::previous_audience))
        .load::<(i64, String, Option<String>)>(conn)?
        .into_iter()
        .map(|(seq, kind, audience)| (seq, (kind, audience)))
        .collect();
    let mut before: Option<&Revision> = None;
    for revision in found {
        let audience = before.map(|older| older.audience.clone());
        // That there is no such change at all is found where the whole feed is read.
        if let Some(change) = told.get(&revision.seq)
            && *change != (head.kind.clone(), audience)
        {
            report.add(
                &head.id,
                format!("change {} differs from the record's history", revision.seq),
            );
        }
        before = Some(revision);
    }
    // Rows of an older derivation are not yet as today's would be.
    let Some(contract) = contract.filter(|_| head.derivation == DERIVATION) else {
        return Ok(());
    };
    let mut history = SightHistory::default();
    for revision in found {
        let document = read_document(contract, revision);
        history.push(
            contract,
            PastVersion {
                version: revision.version,
                seq: revision.seq,
                // An audience that there is not is reported with the record.
                audience: Audience::parse(&revision.audience).unwrap_or(Audience::Owner),
                document: document.as_ref(),
            },
        );
    }
    if load_losses(conn, history.seqs())? != *history.losses() {
        report.add(
            &head.id,
            "the feed does not tell right from which offices a change takes sight",
        );
    }
    if load_spans(conn, &head.id)? != history.spans() {
        report.add(&head.id, "the spans of sight differ from the record's versions");
    }
    Ok(())
}

/// The document of a revision in today's format; none for a deletion, or where it cannot be read, which is reported elsewhere.
fn read_document(contract: &Contract, revision: &Revision) -> Option<Value> {
    let stored = revision.document.clone().into_document()?;
    contract.current_value(&stored).ok()
}

/// Every revision is one change of the feed and one audit row; sequence numbers have no gaps.
pub(super) fn verify_feed(conn: &mut Conn, report: &mut Report) -> Result<()> {
    let change_seq: Option<i64> = registry_state::table
        .find(1)
        .select(registry_state::change_seq)
        .first(conn)
        .optional()?;
    let Some(change_seq) = change_seq else {
        report.add("registry_state", "its row is missing");
        return Ok(());
    };
    let mut expected = 0;
    loop {
        type Facts = (i64, String, i64, String, String, String, String, Option<String>);
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
                changes::client_id,
                changes::office_id,
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
                revisions::client_id,
                revisions::office_id,
            ))
            .load(conn)?;
        let twins: BTreeMap<i64, Facts> = twins.into_iter().map(|facts| (facts.0, facts)).collect();
        if rows.is_empty() {
            break;
        }
        for (seq, record, version, operation, at, audience, client, office) in rows {
            expected += 1;
            if seq != expected {
                report.add("changes", format!("change {expected} is missing"));
                expected = seq;
            }
            if operation == HIDDEN && !twins.contains_key(&seq) {
                let fits = version > 0 && audience == Audience::Partners.as_str();
                if !fits || load_losses(conn, &[seq])?.is_empty() {
                    report.add(&record, format!("change {seq} hides the record from nobody"));
                }
                continue;
            }
            let fits = twins.get(&seq).is_some_and(|twin| {
                let twin_operation = if is_end(&twin.3) { "delete" } else { "upsert" };
                twin.1 == record
                    && twin.2 == version
                    && twin_operation == operation
                    && twin.4 == at
                    && twin.5 == audience
                    && twin.6 == client
                    && twin.7 == office
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
