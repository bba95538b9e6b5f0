//! `merge_into`: a duplicate is merged into the office that it is.
//!
//! The merged record ends as a tombstone whose id leads to the survivor. Other documents keep the id that they were
//! written with: in the tree both ids are one office (see [`merged`](crate::documents::office_aliases)), so who may do what,
//! `within` and every filter go by either. Clients and own ids of the merged office become the survivor's; units come
//! under it. Identifiers are freed: the survivor's document names those that hold for it.

use super::document::Offices;
use super::store::merge_in_tree;
use crate::accounts::rebind_clients;
use crate::auth::Recorded;
use crate::auth::scope::Admin;
use crate::bounds::MAX_FINDINGS;
use crate::db::schema::{external_ids, office_ancestors, office_merges, records};
use crate::db::{Conn, Transaction};
use crate::documents::actions::action::{AllowedActor, OfficeReference, PerformAction, reason_schema};
use crate::documents::actions::context::{ActionContext, Done, replaced};
use crate::documents::read::address::unknown_reference;
use crate::documents::read::current::CurrentRecord;
use crate::documents::write::store::{Cause, Stored, store_deletion};
use crate::error::{Code, Error, Result};
use crate::json::digest::digest_of;
use crate::texts;
use crate::values::{Finding, FindingCode};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const POINTER: &str = "/survivor_id";

/// The action.
pub(super) struct MergeInto;

/// Which office a duplicate is, and why it is merged.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({"survivor_id": "ext:erp:survivor", "reason": "The same office was registered twice."})))]
pub(super) struct MergeIntoAction {
    /// The office that remains.
    #[schema(value_type = OfficeReference)]
    survivor_id: String,
    /// Why.
    #[schema(schema_with = reason_schema)]
    reason: String,
}

impl PerformAction<Offices> for MergeInto {
    type Body = MergeIntoAction;
    type Scope = Admin;
    const NAME: &'static str = "merge_into";
    const DESCRIPTION: &'static str = "Merges a duplicate into the office that it is: the id leads there from then on (308), lists no longer show it, filters by either id find what was written with both, and clients of the one act for the other.";
    const ACTOR: AllowedActor = AllowedActor::Registry;

    fn perform(context: &mut ActionContext<'_, '_, '_, Offices>, body: MergeIntoAction) -> Result<Recorded<Done>> {
        merge_into(context, body)
    }
}

fn merge_into(context: &mut ActionContext<'_, '_, '_, Offices>, body: MergeIntoAction) -> Result<Recorded<Done>> {
    let seen = context.find_living()?;
    context.refuse_stale(&seen)?;
    let (named, reason) = (body.survivor_id, body.reason);
    let merged = seen.head.id.clone();
    let old = context.draft(&seen.head)?;
    let transaction = &mut *context.writing.transaction;
    let survivor = find_survivor(transaction.conn, &merged, &named)?;
    move_own_ids(transaction.conn, &merged, &survivor.id)?;
    let cause = Cause {
        operation: "merge_into",
        reason: Some(&reason),
    };
    let replaced = replaced(&seen.head, &old);
    let digest = digest_of(&survivor.id);
    let proof = store_deletion::<Offices>(transaction, context.writing.actor, &replaced, cause, digest)?;
    rebind_clients(context.writing, &merged, &survivor.id)?;
    let transaction = &mut *context.writing.transaction;
    keep_merge(transaction, &merged, &survivor.id)?;
    merge_in_tree(transaction.conn, &merged, &survivor.id)?;
    transaction.state.epoch += 1;
    let stored = Stored {
        audience: survivor.audience,
        id: survivor.id,
        version: survivor.version,
        owner_office_id: survivor.owner_office_id,
        document: survivor.document,
        added: Vec::new(),
    };
    Ok(Recorded::new(stored.into(), proof))
}

/// The living office that is meant by `named`, which may have been merged itself. It must be another one, and none of
/// the units of the one to be merged, which it would come under.
fn find_survivor(conn: &mut Conn, merged: &str, named: &str) -> Result<CurrentRecord> {
    let canonical: Option<String> = office_merges::table
        .find(named)
        .select(office_merges::canonical_id)
        .first(conn)
        .optional()?;
    let survivor = canonical.unwrap_or_else(|| named.to_owned());
    let refuse = |finding| Err(Error::with_findings(Code::InvalidDocument, vec![finding]));
    if survivor == merged {
        let detail = texts::offices::merge_into_itself();
        return refuse(Finding::at(POINTER, FindingCode::SelfReference, detail));
    }
    let head: Option<CurrentRecord> = records::table
        .find(&survivor)
        .filter(records::kind.eq("office"))
        .filter(records::deleted_at.is_null())
        .select(CurrentRecord::as_select())
        .first(conn)
        .optional()?;
    let Some(head) = head else {
        return refuse(unknown_reference(POINTER, named));
    };
    let below: i64 = office_ancestors::table
        .filter(office_ancestors::office_id.eq(&survivor))
        .filter(office_ancestors::ancestor_id.eq(merged))
        .count()
        .get_result(conn)?;
    if below > 0 {
        let detail = texts::offices::survivor_is_unit();
        return refuse(Finding::at(POINTER, FindingCode::Cycle, detail));
    }
    Ok(head)
}

type OwnId = (String, String, String, String);

/// Own ids that mean the merged record mean the survivor, and those that its clients gave are the survivor's. Where
/// both offices know different records by one id, 409 with all of these.
fn move_own_ids(conn: &mut Conn, merged: &str, survivor: &str) -> Result<()> {
    diesel::update(external_ids::table.filter(external_ids::record_id.eq(merged)))
        .set(external_ids::record_id.eq(survivor))
        .execute(conn)?;
    let known = known_by(conn, survivor)?;
    let mut conflicts = Vec::new();
    for ((system, kind, key), record) in known_by(conn, merged)? {
        let own_id: OwnId = (merged.to_owned(), system, kind, key);
        let (_, system, kind, key) = &own_id;
        match known.get(&(system.clone(), kind.clone(), key.clone())) {
            None => {}
            Some(same) if *same == record => {
                let row = (&own_id.0, system, kind, key);
                diesel::delete(external_ids::table.find(row)).execute(conn)?;
            }
            Some(other) => conflicts.push(json!({
                "system": system, "kind": kind, "key": key, "of_merged": record, "of_survivor": other,
            })),
        }
    }
    if !conflicts.is_empty() {
        let detail = texts::offices::own_ids_conflict(conflicts.len());
        conflicts.truncate(MAX_FINDINGS);
        return Err(Error::new(Code::MergeConflict, detail).with_member("external_ids", conflicts));
    }
    diesel::update(external_ids::table.filter(external_ids::office_id.eq(merged)))
        .set(external_ids::office_id.eq(survivor))
        .execute(conn)?;
    Ok(())
}

/// (system, kind, key) → record, of one office.
fn known_by(conn: &mut Conn, office: &str) -> Result<BTreeMap<(String, String, String), String>> {
    let rows: Vec<OwnId> = external_ids::table
        .filter(external_ids::office_id.eq(office))
        .select((
            external_ids::system,
            external_ids::kind,
            external_ids::external_key,
            external_ids::record_id,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(system, kind, key, record)| ((system, kind, key), record))
        .collect())
}

/// Where the id leads, and where those lead that led to it.
fn keep_merge(transaction: &mut Transaction<'_>, merged: &str, survivor: &str) -> Result<()> {
    let at = crate::clock::format_instant(transaction.now);
    diesel::update(office_merges::table.filter(office_merges::canonical_id.eq(merged)))
        .set(office_merges::canonical_id.eq(survivor))
        .execute(transaction.conn)?;
    diesel::insert_into(office_merges::table)
        .values((
            office_merges::office_id.eq(merged),
            office_merges::survivor_id.eq(survivor),
            office_merges::canonical_id.eq(survivor),
            office_merges::at.eq(at),
        ))
        .execute(transaction.conn)?;
    Ok(())
}
