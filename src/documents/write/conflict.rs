//! What is answered when a record is not what a change was meant for: the current record as the caller sees it, what
//! overlaps, and both changes together where that can be.

use crate::auth::Reading;
use crate::bounds::{MAX_CONFLICT, MAX_REFUSAL};
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::current::{CurrentRecord, find_living};
use crate::error::{Code, Error, Result};
use crate::http::tag::{body_tag, version_tag};
use crate::json::diff::Change;
use crate::json::merge::Overlap;
use crate::texts::{self, Message};
use serde_json::{Value, json};

/// The contents of a 412.
#[derive(Debug)]
pub struct Conflict {
    detail: Message,
    current: Value,
    tag: String,
    overlaps: Vec<Overlap>,
    merged: Value,
    /// The path of the record.
    address: String,
}

impl Conflict {
    /// The 412.
    pub fn into_error(self) -> Error {
        let (overlaps, has_more) = within_bounds(self.overlaps);
        let mut error = if json_size(&self.current).saturating_add(json_size(&self.merged)) <= MAX_CONFLICT {
            Error::new(Code::VersionConflict, self.detail)
                .with_member("current", self.current)
                .with_member("merged", self.merged)
        } else {
            let detail = texts::documents::too_large_to_show(self.detail, &self.address);
            Error::new(Code::VersionConflict, detail)
                .with_member("current", Value::Null)
                .with_member("merged", Value::Null)
                .with_member("current_link", self.address)
        };
        if has_more {
            error = error.with_member("more_overlaps", true);
        }
        error.with_member("overlaps", overlaps).with_header("ETag", self.tag)
    }
}

/// What the overlaps of a 412 may have of its length.
const MAX_OVERLAPS: usize = MAX_REFUSAL / 2;

/// The overlaps that an answer has room for, and whether there are more.
fn within_bounds(overlaps: Vec<Overlap>) -> (Value, bool) {
    let mut left = MAX_OVERLAPS;
    let total = overlaps.len();
    let shown: Vec<Value> = overlaps
        .into_iter()
        .map(|overlap| json!(overlap))
        .take_while(|overlap| {
            let rest = left.checked_sub(json_size(overlap));
            left = rest.unwrap_or(0);
            rest.is_some()
        })
        .collect();
    let has_more = shown.len() < total;
    (Value::Array(shown), has_more)
}

fn json_size(value: &Value) -> usize {
    serde_json::to_string(value).map_or(usize::MAX, |text| text.len())
}

/// A version, and what the caller is shown of it where something is withheld from them.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The document.
    pub whole: Value,
    /// The same as they are shown it; none where they see all of it.
    pub shown: Option<Value>,
}

impl Snapshot {
    /// What the caller knows of it.
    pub fn shown(&self) -> &Value {
        self.shown.as_ref().unwrap_or(&self.whole)
    }
}

/// The 412 of a deletion that was meant for another version. There is nothing to merge: the caller must look at what
/// would be lost.
pub fn stale_deletion<K: Kind>(reading: &mut Reading<'_>, contract: &Contract, id: &str) -> Result<Error> {
    let seen = find_living(reading.conn, reading.caller, K::NAME, id)?;
    let whole = contract.current_value(&seen.head.document)?;
    let shown = if contract.suppresses() {
        let standing = seen.standing(reading.conn, reading.caller)?;
        contract
            .suppression_for(standing)
            .map(|suppress| suppress(&whole, &whole))
    } else {
        None
    };
    Ok(version_conflict(reading, contract, &seen.head, &Snapshot { whole, shown }, None).into_error())
}

/// The record is at another version than the change was meant for. `sides` are that version and what the caller made of
/// it, where there is one.
pub fn version_conflict(
    reading: &mut Reading<'_>,
    contract: &Contract,
    head: &CurrentRecord,
    current: &Snapshot,
    sides: Option<(&Value, &Value)>,
) -> Conflict {
    let (overlaps, merged) = match sides {
        None => (Vec::new(), Value::Null),
        Some((base, yours)) => {
            let current = contract.writable_form(current.shown());
            let merge = contract.walk.three_way(&contract.writable_form(base), &current, yours);
            let merged = merge
                .merged
                .map_or(Value::Null, |merged| complete_merged(contract, &merged));
            (merge.overlaps, merged)
        }
    };
    note_shown(reading, head);
    let tag = tag_of(contract, head, current);
    Conflict {
        detail: if merged.is_null() {
            texts::documents::changed_where_you_did()
        } else {
            texts::documents::changed_elsewhere()
        },
        current: with_tag(current, &tag),
        tag,
        overlaps,
        merged,
        address: address_of(contract, head),
    }
}

/// `If-Match` names a version that the caller cannot read: it never was, or was not theirs to see. Every place where what
/// was sent differs from the record is an overlap without a base.
pub fn without_base(
    reading: &mut Reading<'_>,
    contract: &Contract,
    head: &CurrentRecord,
    current: &Snapshot,
    changes: &[Change],
) -> Conflict {
    Conflict {
        detail: texts::documents::changed_since_unreadable(),
        ..differs(reading, contract, head, current, changes)
    }
}

/// A document was sent without `If-Match`, and the record is another: nothing says whether the caller has seen what is
/// there. Every place that differs is an overlap without a base.
pub fn differs(
    reading: &mut Reading<'_>,
    contract: &Contract,
    head: &CurrentRecord,
    current: &Snapshot,
    changes: &[Change],
) -> Conflict {
    note_shown(reading, head);
    let tag = tag_of(contract, head, current);
    let overlaps: Vec<Overlap> = changes
        .iter()
        .map(|change| Overlap {
            pointer: change.pointer.clone(),
            base: None,
            current: change.from.clone(),
            yours: change.to.clone(),
        })
        .collect();
    Conflict {
        detail: texts::documents::other_than_sent(),
        current: with_tag(current, &tag),
        tag,
        overlaps,
        merged: Value::Null,
        address: address_of(contract, head),
    }
}

fn address_of(contract: &Contract, head: &CurrentRecord) -> String {
    format!("/api/v1/{}/{}", contract.plural, head.id)
}

/// The tag that a read of the current record has for this caller.
fn tag_of(contract: &Contract, head: &CurrentRecord, current: &Snapshot) -> String {
    let is_withheld = current.shown.as_ref().is_some_and(|shown| *shown != current.whole);
    if contract.is_current(&head.document) && !is_withheld {
        version_tag(head.version)
    } else {
        body_tag(Some(head.version), &current.shown().to_string())
    }
}

/// The current record with its tag, as records beside others have it.
fn with_tag(current: &Snapshot, tag: &str) -> Value {
    let mut record = current.shown().clone();
    if let Some(members) = record.as_object_mut() {
        members.insert("etag".to_owned(), Value::from(tag));
    }
    record
}

/// A conflict shows the current record.
fn note_shown(reading: &mut Reading<'_>, head: &CurrentRecord) {
    if head.audience.is_restricted() {
        reading.record_read(&head.id);
    }
}

/// `If-Match` was sent for an id of the caller's own that means nothing yet.
pub fn not_there() -> Error {
    Error::new(Code::VersionConflict, texts::documents::nothing_to_match())
        .with_member("current", Value::Null)
        .with_member("overlaps", json!([]))
        .with_member("merged", Value::Null)
}

/// A merged document is sent back with PUT, which takes every writable member: those that are empty are written so.
fn complete_merged(contract: &Contract, merged: &Value) -> Value {
    contract.writable_members(&contract.walk.complete(merged))
}
