//! From a request to change a record to a prepared change, or to the conflict where the record is another.
//!
//! Where something of a record is withheld from the caller, the record is to them what they were shown of it: their
//! revision is applied to that, compared with that and merged with that; only then is what they never saw put back. So
//! no answer confirms a guess.

use crate::auth::Reading;
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::current::{VisibleRecord, find_living};
use crate::documents::write::body::{check_complete, complete, take_server_kept};
use crate::documents::write::commit::Prepared;
use crate::documents::write::conflict::{Conflict, Snapshot, differs, version_conflict, without_base};
use crate::error::{Code, Error, Result};
use crate::http::tag::Precondition;
use crate::json::patch::merge_patch;
use crate::texts;
use crate::values::Finding;
use serde_json::{Map, Value};

/// How a record is to be changed.
#[derive(Debug, Clone)]
pub enum Revision {
    /// PUT: this is the whole record.
    Replace(Map<String, Value>),
    /// PUT without `If-Match`, where that is allowed: the record is this already. It changes nothing, so nothing is wiped
    /// by what it leaves out.
    Confirm(Map<String, Value>),
    /// PATCH: these members (RFC 7396).
    Merge(Map<String, Value>),
    /// The writable members of an earlier version.
    Restore(i64),
}

impl Revision {
    /// The members that came with it.
    pub fn into_body(self) -> Map<String, Value> {
        match self {
            Self::Replace(body) | Self::Confirm(body) | Self::Merge(body) => body,
            Self::Restore(_) => Map::new(),
        }
    }

    /// The same without the members that the service keeps: they were sent of a version that cannot be compared.
    fn without_server_kept(&self, contract: &Contract) -> Self {
        let mut revision = self.clone();
        if let Self::Replace(body) | Self::Confirm(body) | Self::Merge(body) = &mut revision {
            body.retain(|name, _| !contract.server_kept.contains(&name.as_str()) && !KEPT_TOO.contains(&name.as_str()));
        }
        revision
    }

    fn operation(&self) -> &'static str {
        match self {
            Self::Replace(_) | Self::Confirm(_) | Self::Merge(_) => "update",
            Self::Restore(_) => "restore",
        }
    }
}

/// A revision applied to the version that it was meant for.
#[derive(Debug)]
pub enum Outcome<K: Kind> {
    /// It can be written.
    Ready(Box<Prepared<K>>),
    /// The record has moved on.
    Conflict(Box<Conflict>),
}

impl<K: Kind> Outcome<K> {
    /// The change, or the 412.
    pub fn into_ready(self) -> Result<Prepared<K>> {
        match self {
            Self::Ready(change) => Ok(*change),
            Self::Conflict(conflict) => Err(conflict.into_error()),
        }
    }
}

/// Applies a revision to the version named in `If-Match`, and checks the result.
pub fn prepare<K: Kind>(
    reading: &mut Reading<'_>,
    contract: &Contract,
    id: &str,
    precondition: Precondition,
    revision: &Revision,
) -> Result<Outcome<K>> {
    let seen = find_living(reading.conn, reading.caller, K::NAME, id)?;
    let head = &seen.head;
    let current = contract.current_value(&head.document)?;
    let suppress = if contract.suppresses() {
        contract.suppression_for(seen.standing(reading.conn, reading.caller)?)
    } else {
        None
    };
    let show = |version: Value| Snapshot {
        shown: suppress.map(|suppress| suppress(&version, &current)),
        whole: version,
    };
    let restored = match revision {
        Revision::Restore(version) => Some(show(
            load_version(reading, contract, &seen, *version)?
                .ok_or_else(|| Error::new(Code::RecordNotFound, texts::documents::no_readable_version(version)))?,
        )),
        _ => None,
    };
    let wanted = match precondition {
        Precondition::Any => head.version,
        Precondition::Version(version) => version,
    };
    let base = if wanted == head.version {
        Some(current.clone())
    } else {
        load_version(reading, contract, &seen, wanted)?
    };
    let Some(base) = base.map(show) else {
        let current = show(current.clone());
        let revision = revision.without_server_kept(contract);
        let applied = apply_shown::<K>(contract, &current, &revision, restored.as_ref())?;
        let yours = applied.sent.as_ref().unwrap_or(&applied.document);
        let yours = contract.writable_form(&serde_json::to_value(yours).map_err(Error::internal)?);
        let changes = contract.walk.changes(&contract.writable_form(current.shown()), &yours);
        let conflict = without_base(reading, contract, head, &current, &changes);
        return Ok(Outcome::Conflict(Box::new(conflict)));
    };
    let applied = apply_shown::<K>(contract, &base, revision, restored.as_ref())?;
    if wanted != head.version {
        let yours = applied.sent.as_ref().unwrap_or(&applied.document);
        let yours = contract.writable_form(&serde_json::to_value(yours).map_err(Error::internal)?);
        let sides = Some((base.shown(), &yours));
        let conflict = version_conflict(reading, contract, head, &show(current.clone()), sides);
        return Ok(Outcome::Conflict(Box::new(conflict)));
    }
    let shown_changes = match (&base.shown, applied.sent) {
        (Some(old), Some(new)) => Some(contract.walk.changes(
            &contract.writable_form(old),
            &contract.writable_form(&serde_json::to_value(new).map_err(Error::internal)?),
        )),
        _ => None,
    };
    let id = head.id.clone();
    let prepared = Prepared::new(
        contract,
        id,
        head.document.clone(),
        applied.document,
        revision.operation(),
    )?;
    let prepared = Prepared {
        shown_changes,
        ..prepared
    };
    let changes = prepared.changes_of_author();
    Ok(if matches!(revision, Revision::Confirm(_)) && !changes.is_empty() {
        Outcome::Conflict(Box::new(differs(reading, contract, head, &base, changes)))
    } else {
        Outcome::Ready(Box::new(prepared))
    })
}

/// What comes of a revision.
struct Applied<D> {
    /// The document.
    document: D,
    /// The same as its author sees it, where something was withheld from them.
    sent: Option<D>,
}

/// The result of a revision by a caller who sees the whole document.
pub fn apply<K: Kind>(contract: &Contract, base: &Value, revision: &Revision) -> Result<K::Document> {
    let base = Snapshot {
        whole: base.clone(),
        shown: None,
    };
    apply_shown::<K>(contract, &base, revision, None).map(|applied| applied.document)
}

fn apply_shown<K: Kind>(
    contract: &Contract,
    base: &Snapshot,
    revision: &Revision,
    restored: Option<&Snapshot>,
) -> Result<Applied<K::Document>> {
    let (writable, findings) = write_members(contract, base.shown(), revision, restored.map(Snapshot::shown))?;
    let kept_members = contract.server_kept.iter().chain(KEPT_TOO);
    let kept: Map<String, Value> = kept_members
        .filter_map(|name| Some(((*name).to_owned(), base.whole.get(*name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let Some(shown) = &base.shown else {
        return Ok(Applied {
            document: complete::<K>(contract, writable, kept, findings, Some(&base.whole))?,
            sent: None,
        });
    };
    let sent = complete::<K>(contract, writable.clone(), kept.clone(), findings, Some(shown))?;
    let mut whole = Value::Object(writable);
    K::keep_suppressed(&mut whole, &base.whole, shown);
    if let Some((version, shown)) = restored.and_then(|version| Some((&version.whole, version.shown.as_ref()?))) {
        K::keep_suppressed(&mut whole, version, shown);
    }
    Ok(Applied {
        document: complete::<K>(contract, into_members(whole), kept, Vec::new(), Some(&base.whole))?,
        sent: Some(sent),
    })
}

/// Who owns a record is changed by an action, never by an edit.
const KEPT_TOO: &[&str] = &["owner_office_id"];

/// The writable members that a revision of `base` asks for, and what was wrong with it so far.
fn write_members(
    contract: &Contract,
    base: &Value,
    revision: &Revision,
    restored: Option<&Value>,
) -> Result<(Map<String, Value>, Vec<Finding>)> {
    let mut findings = Vec::new();
    let mut writable = match revision {
        Revision::Replace(body) | Revision::Confirm(body) => {
            let mut body = body.clone();
            if matches!(revision, Revision::Replace(_)) {
                findings.extend(check_complete(contract, &body, base));
            }
            findings.extend(take_server_kept(contract, &mut body, Some(base), KEPT_TOO));
            body
        }
        Revision::Merge(patch) => {
            let mut patch = patch.clone();
            findings.extend(take_server_kept(contract, &mut patch, Some(base), KEPT_TOO));
            let patch = Value::Object(patch);
            // What is there already is no change; whether it may stay is asked of the whole document.
            let is_sent_anew = |finding: &Finding| {
                let place = finding.pointer.as_deref().unwrap_or_default();
                patch
                    .pointer(place)
                    .is_none_or(|sent| base.pointer(place) != Some(sent))
            };
            findings.extend(contract.patch.findings_where(&patch, is_sent_anew));
            Error::check(std::mem::take(&mut findings))?;
            let mut merged = contract.writable_members(base);
            merge_patch(&mut merged, &patch);
            into_members(merged)
        }
        Revision::Restore(_) => into_members(contract.writable_members(restored.unwrap_or(&Value::Null))),
    };
    for name in KEPT_TOO {
        writable.remove(*name);
    }
    Ok((writable, findings))
}

fn into_members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The document of one version in today's format, as far as the caller may see that version.
pub fn load_version(
    reading: &mut Reading<'_>,
    contract: &Contract,
    seen: &VisibleRecord,
    version: i64,
) -> Result<Option<Value>> {
    let found = seen.find_version(reading.conn, reading.caller, version)?;
    found.map(|(_, document)| contract.current_value(&document)).transpose()
}
