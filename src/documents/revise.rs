//! From a request to change a record to a prepared change, and what is answered when the record has moved on.

use crate::auth::Reading;
use crate::db::schema::revisions;
use crate::documents::body::{check_complete, complete, take_server_kept};
use crate::documents::contract::Contract;
use crate::documents::head::{Head, Seen, find_living};
use crate::documents::kind::Kind;
use crate::documents::patch::merge_patch;
use crate::documents::present::Presenter;
use crate::documents::write::Prepared;
use crate::error::{Code, Error, Result};
use crate::http::tag::{Precondition, version_tag};
use diesel::{OptionalExtension, QueryDsl, RunQueryDsl};
use serde_json::{Map, Value, json};

/// How a record is to be changed.
#[derive(Debug, Clone)]
pub enum Revision {
    /// PUT: this is the whole record.
    Replace(Map<String, Value>),
    /// PATCH: these members (RFC 7396).
    Merge(Map<String, Value>),
    /// The writable members of an earlier version.
    Restore(i64),
}

impl Revision {
    fn operation(&self) -> &'static str {
        match self {
            Self::Replace(_) | Self::Merge(_) => "update",
            Self::Restore(_) => "restore",
        }
    }
}

/// A revision applied to the version that it was meant for.
#[derive(Debug)]
pub enum Outcome<D> {
    /// It can be written.
    Ready(Box<Prepared<D>>),
    /// The record has moved on.
    Conflict(Box<Conflict>),
}

/// What a 412 tells.
#[derive(Debug)]
pub struct Conflict {
    current: Value,
    version: i64,
    overlaps: Value,
    merged: Value,
}

impl Conflict {
    /// The 412.
    pub fn into_error(self) -> Error {
        let detail = if self.merged.is_null() {
            "The record has changed, and some of it where you changed it: see overlaps."
        } else {
            "The record has changed, but elsewhere: send `merged` with the current ETag to keep both changes."
        };
        Error::new(Code::VersionConflict, detail)
            .with_member("current", self.current)
            .with_member("overlaps", self.overlaps)
            .with_member("merged", self.merged)
            .with_header("ETag", version_tag(self.version))
    }
}

/// Applies a revision to the version named in `If-Match`, and checks the result.
pub fn prepare<K: Kind>(
    reading: &mut Reading<'_>,
    contract: &Contract,
    id: &str,
    precondition: Precondition,
    revision: &Revision,
) -> Result<Outcome<K::Document>> {
    let seen = find_living(reading.conn, reading.caller, K::NAME, id)?;
    let head = &seen.head;
    let current: Value = serde_json::from_str(&head.document).map_err(Error::internal)?;
    let wanted = match precondition {
        Precondition::Any => head.version,
        Precondition::Version(version) => version,
    };
    let base = if wanted == head.version {
        Some(current.clone())
    } else {
        load_version(reading, &seen, wanted)?
    };
    let Some(base) = base else {
        return conflict(reading, contract, head, &current, None);
    };
    let restored = match revision {
        Revision::Restore(version) => Some(load_version(reading, &seen, *version)?.ok_or_else(|| {
            Error::new(
                Code::RecordNotFound,
                format!("The record has no readable version {version}."),
            )
        })?),
        _ => None,
    };
    let new: K::Document = apply::<K>(contract, &base, revision, restored)?;
    if wanted != head.version {
        let yours = contract.writable_form(&serde_json::to_value(&new).map_err(Error::internal)?);
        return conflict(reading, contract, head, &current, Some((&base, &yours)));
    }
    Ok(Outcome::Ready(Box::new(Prepared {
        id: head.id.clone(),
        base_version: head.version,
        old: serde_json::from_value(current).map_err(Error::internal)?,
        new,
        operation: revision.operation(),
    })))
}

/// The document that comes of a revision of `base`.
pub fn apply<K: Kind>(
    contract: &Contract,
    base: &Value,
    revision: &Revision,
    restored: Option<Value>,
) -> Result<K::Document> {
    // Who owns a record is changed by an action, never by an edit.
    let kept_too = ["owner_office_id"];
    let mut findings = Vec::new();
    let writable = match (revision, restored) {
        (Revision::Replace(body), _) => {
            let mut body = body.clone();
            findings.extend(check_complete(contract, &body, base));
            findings.extend(take_server_kept(contract, &mut body, Some(base), &kept_too));
            body
        }
        (Revision::Merge(patch), _) => {
            let mut patch = patch.clone();
            findings.extend(take_server_kept(contract, &mut patch, Some(base), &kept_too));
            let patch = Value::Object(patch);
            findings.extend(contract.patch.findings(&patch));
            Error::check(std::mem::take(&mut findings))?;
            let mut merged = contract.writable_members(base);
            merge_patch(&mut merged, &patch);
            into_members(merged)
        }
        (Revision::Restore(_), restored) => into_members(contract.writable_members(&restored.unwrap_or_default())),
    };
    let mut writable = writable;
    let kept_members = contract.server_kept.iter().copied().chain(kept_too);
    let kept: Map<String, Value> = kept_members
        .filter_map(|name| Some((name.to_owned(), base.get(name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    writable.remove("owner_office_id");
    complete::<K>(contract, writable, kept, findings)
}

fn into_members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The document of one version, as far as the caller may see that version.
pub fn load_version(reading: &mut Reading<'_>, seen: &Seen, version: i64) -> Result<Option<Value>> {
    let row: Option<(String, Option<String>)> = revisions::table
        .find((&seen.head.id, version))
        .select((revisions::audience, revisions::document))
        .first(reading.conn)
        .optional()?;
    let Some((audience, Some(document))) = row else {
        return Ok(None);
    };
    if audience != "everyone" && !seen.standing(reading.conn, reading.caller)?.sees(&audience) {
        return Ok(None);
    }
    serde_json::from_str(&document).map(Some).map_err(Error::internal)
}

fn conflict<D>(
    reading: &mut Reading<'_>,
    contract: &Contract,
    head: &Head,
    current: &Value,
    sides: Option<(&Value, &Value)>,
) -> Result<Outcome<D>> {
    let presenter = Presenter {
        contract,
        language: None,
    };
    let shown = presenter.present(reading, &head.id, &head.owner_office_id, head.document.clone())?;
    let shown: Value = serde_json::from_str(&shown).map_err(Error::internal)?;
    let (overlaps, merged) = match sides {
        None => (json!([]), Value::Null),
        Some((base, yours)) => {
            let merge = contract
                .walk
                .three_way(&contract.writable_form(base), &contract.writable_form(current), yours);
            let merged = match merge.merged {
                Some(merged) if contract.withhold.is_none() => complete_merged(contract, &merged),
                _ => Value::Null,
            };
            (serde_json::to_value(&merge.overlaps).map_err(Error::internal)?, merged)
        }
    };
    Ok(Outcome::Conflict(Box::new(Conflict {
        current: shown,
        version: head.version,
        overlaps,
        merged,
    })))
}

/// A merged document is sent back with PUT, which takes every writable member: those that are empty are written so.
fn complete_merged(contract: &Contract, merged: &Value) -> Value {
    contract.writable_members(&contract.walk.complete(merged))
}
