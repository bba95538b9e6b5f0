//! `redact`: a personal value is taken out of a record and of all its past, and a mark stands in its place.
//!
//! The current document gets the mark as an ordinary new version, which is in the feed. Every stored revision gets it in
//! place, and so do answers kept for repeats. Keys of maps stay. Why it was done is asked for and not kept: reasons
//! tend to name what is to be forgotten. A deleted record has no next version; its revisions are redacted nevertheless.

mod mark;
mod past;

pub use mark::HOLE;
pub use past::{OPERATION, Redaction, seal_redactions};

use crate::auth::Recorded;
use crate::auth::scope::Admin;
use crate::clock;
use crate::db::StoredVersion;
use crate::db::schema::{records, revisions};
use crate::documents::actions::action::{AllowedActor, PerformAction, reason_schema};
use crate::documents::actions::context::{ActionContext, Done, replaced, unchanged};
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::current::CurrentRecord;
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::store::{Cause, store_next};
use crate::error::{Code, Error, Result};
use crate::texts::{self, Message};
use crate::values::check::VALUE_CHECKS;
use crate::values::{Finding, FindingCode};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use mark::{RedactionMark, Target};
use past::StoredRevision;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The action.
pub struct Redact;

/// What is taken out of a record, and why.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({"pointer": "/original_language", "reason": "The person has asked for it."})))]
pub struct RedactAction {
    /// Where it stands in the record (RFC 6901). The same words elsewhere in the same item go, too.
    #[schema(min_length = 2, max_length = 2_000, pattern = "^(/([^~]|~[01])*)+$")]
    pointer: String,
    /// Asked for and not kept.
    #[schema(schema_with = reason_schema)]
    #[serde(rename = "reason")]
    _reason: String,
}

impl<K: Kind> PerformAction<K> for Redact {
    type Body = RedactAction;
    type Scope = Admin;
    const NAME: &'static str = "redact";
    const DESCRIPTION: &'static str = "Takes a personal value out of the record and out of all its past: `[redacted]`, or null where no text can stand, takes its place. The reason is asked for and not kept.";
    const ACTOR: AllowedActor = AllowedActor::Registry;

    fn perform(context: &mut ActionContext<'_, '_, '_, K>, body: RedactAction) -> Result<Recorded<Done>> {
        redact(context, &body.pointer)
    }
}

fn redact<K: Kind>(context: &mut ActionContext<'_, '_, '_, K>, pointer: &str) -> Result<Recorded<Done>> {
    let seen = context.find_seen()?;
    context.refuse_stale(&seen)?;
    let mut target =
        Target::new(pointer).ok_or_else(|| wrong(FindingCode::Pattern, texts::documents::name_a_place()))?;
    let versions = load_versions(context, &seen.head)?;
    let Some(mark) = find_mark::<K>(context.contract, &mut target, &versions)? else {
        return Ok(Recorded::unchanged(unchanged(seen.head)));
    };
    let stored = match seen.head.deleted_at {
        None => redact_head(context, &seen.head, &target, mark)?,
        Some(_) => redact_tombstone(context, seen.head, &target, mark)?,
    };
    let (contract, id) = (context.contract, stored.stored.id.as_str());
    past::redact_answers::<K>(context.writing.transaction, contract, (id, &versions), &target, mark)?;
    let proof = past::redact_revisions::<K>(context.writing, contract, id, &versions, &target, mark)?;
    Ok(Recorded::new(stored, proof))
}

/// All stored versions that have a document, the newest first.
fn load_versions<K: Kind>(
    context: &mut ActionContext<'_, '_, '_, K>,
    head: &CurrentRecord,
) -> Result<Vec<StoredRevision>> {
    let rows: Vec<(i64, StoredVersion)> = revisions::table
        .filter(revisions::record_id.eq(&head.id))
        .filter(revisions::document.is_not_null())
        .order(revisions::version.desc())
        .select((revisions::version, StoredVersion::as_select()))
        .load(context.writing.transaction.conn)?;
    let versions = rows.into_iter();
    Ok(versions
        .filter_map(|(version, stored)| Some((version, stored.into_document()?)))
        .collect())
}

/// Collects the values at the place in all versions, and finds the mark that the newest of them can hold. None where
/// there are holes only; 422 where there is nothing, or where nothing may be missing.
fn find_mark<K: Kind>(
    contract: &Contract,
    target: &mut Target,
    versions: &[StoredRevision],
) -> Result<Option<RedactionMark>> {
    let mut newest: Option<Value> = None;
    let mut is_known = false;
    for (_, stored) in versions {
        let document = contract.current_value(stored)?;
        is_known |= document.pointer(&target.pointer).is_some_and(|value| !value.is_null());
        // The same number in an array means another item in each version.
        if newest.is_some() && target.is_in_array(&document) {
            continue;
        }
        if let Some(value) = target.find(&document).cloned() {
            target.note(&value);
            newest.get_or_insert(document);
        }
    }
    let Some(document) = newest else {
        return match is_known {
            true => Ok(None),
            false => Err(wrong(
                FindingCode::UnknownPointer,
                texts::documents::no_value_in_any_version(),
            )),
        };
    };
    refuse_kept(contract, target, &document)?;
    let before = faults::<K>(contract, &document);
    let mut reasons = Vec::new();
    for mark in [RedactionMark::Text, RedactionMark::Null] {
        let mut tried = document.clone();
        target.empty(&mut tried, mark, &|other| contract.read.is_valid(other));
        let after = faults::<K>(contract, &tried);
        let new = after.into_iter().find(|fault| {
            !before
                .iter()
                .any(|known| (&known.pointer, known.code) == (&fault.pointer, fault.code))
        });
        match new {
            None => return Ok(Some(mark)),
            Some(fault) => reasons.push(fault.detail.in_english()),
        }
    }
    let detail = texts::documents::cannot_be_redacted(HOLE, reasons.join(" / "));
    Err(wrong(FindingCode::CannotBeRedacted, detail))
}

/// What the service keeps, and what refers to records, says nothing of a person.
fn refuse_kept(contract: &Contract, target: &Target, document: &Value) -> Result<()> {
    let below = format!("{}/", target.pointer);
    let kept = contract.server_kept.iter().chain(&["owner_office_id"]);
    let is_kept = kept
        .map(|name| format!("/{name}"))
        .any(|member| target.pointer == member || target.pointer.starts_with(&format!("{member}/")));
    let refers = contract
        .walk
        .references(document)
        .iter()
        .any(|reference| reference.pointer == target.pointer || reference.pointer.starts_with(&below));
    if is_kept || refers {
        let detail = texts::documents::not_personal();
        return Err(wrong(FindingCode::CannotBeRedacted, detail));
    }
    Ok(())
}

/// What is wrong with a document, by its schema and its rules.
fn faults<K: Kind>(contract: &Contract, document: &Value) -> Vec<Finding> {
    let mut findings = contract.read.findings(document);
    findings.extend(contract.walk.check_values(document, VALUE_CHECKS));
    match serde_json::from_value::<K::Document>(document.clone()) {
        Ok(typed) => findings.extend(K::check(&typed, clock::latest_today())),
        Err(error) => findings.push(Finding::at("", FindingCode::WrongType, texts::untranslated(error))),
    }
    findings
}

/// The next version, with the hole.
fn redact_head<K: Kind>(
    context: &mut ActionContext<'_, '_, '_, K>,
    head: &CurrentRecord,
    target: &Target,
    mark: RedactionMark,
) -> Result<Done> {
    let old = context.draft(head)?;
    let contract = context.contract;
    let mut value = contract.current_value(&head.document)?;
    target.empty(&mut value, mark, &|tried| contract.read.is_valid(tried));
    let mut document: K::Document = serde_json::from_value(value).map_err(Error::internal)?;
    K::derive(&mut document);
    let new = PreparedDocument::<K>::new(contract, document)?;
    let (writing, replaced) = (&mut *context.writing, replaced(head, &old));
    let (stored, _proof) = store_next::<K>(writing.transaction, writing.actor, &replaced, new, Cause::of("redact"))?;
    Ok(stored.into())
}

/// A tombstone keeps its version; the document that it still has is the last one that there was.
fn redact_tombstone<K: Kind>(
    context: &mut ActionContext<'_, '_, '_, K>,
    head: CurrentRecord,
    target: &Target,
    mark: RedactionMark,
) -> Result<Done> {
    let mut head = head;
    if let Some(document) = past::rewrite::<K>(context.contract, &head.document, target, mark)? {
        diesel::update(records::table.find(&head.id))
            .set((
                records::document.eq(document.stored_text()),
                records::format.eq(document.format()),
            ))
            .execute(context.writing.transaction.conn)?;
        head.document = document;
    }
    Ok(unchanged(head))
}

fn wrong(code: FindingCode, detail: Message) -> Error {
    Error::with_findings(Code::InvalidDocument, vec![Finding::at("/pointer", code, detail)])
}
