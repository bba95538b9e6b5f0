//! From the body of a write to a document that keeps all rules. Pure; what needs the database is asked for in between.
//!
//! The order: text is normalised, what GET adds is dropped, `ext:` references become ids, the published schema checks
//! the tree, the rules of value types and of the kind check what schemas cannot say; only then is the tree turned into
//! the kind's own type, which can no longer fail.

use crate::bounds::MAX_FINDINGS;
use crate::clock;
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::address::Resolved;
use crate::documents::write::check::Replaced;
use crate::error::{Code, Error, Result};
use crate::json::nulls::drop_nulls;
use crate::schema::walk::{SchemaWalk, normalise_text};
use crate::texts;
use crate::values::check::VALUE_CHECKS;
use crate::values::finding::join_pointer;
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode};
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Members that GET may add and that writes ignore.
const ADDED_BY_GET: &[&str] = &["computed", "etag", "expanded"];

/// First steps on any written body: an object, normal text, nothing that GET only adds.
pub fn read_object(contract: &Contract, body: Value) -> Result<Map<String, Value>> {
    let mut body = body;
    if !body.is_object() {
        return Err(Error::with_findings(
            Code::InvalidDocument,
            vec![Finding::at(
                "",
                FindingCode::WrongType,
                texts::documents::body_must_be_object(),
            )],
        ));
    }
    let mut findings = Vec::new();
    normalise_text(&mut body, &mut findings);
    Error::check(findings)?;
    contract.walk.drop_language_members(&mut body);
    match body {
        Value::Object(mut members) => {
            let is_added = |name: &str| ADDED_BY_GET.contains(&name) || contract.added.contains(&name);
            members.retain(|name, _| !is_added(name));
            Ok(members)
        }
        _ => Ok(Map::new()),
    }
}

/// The `ext:` references of a body: pointer, prefix of the kind, reference.
pub fn external_references(walk: &SchemaWalk, body: &Value) -> Vec<(String, String, ExternalReference)> {
    walk.references(body)
        .into_iter()
        .filter_map(|reference| {
            let external = ExternalReference::parse(&reference.target)?;
            Some((reference.pointer, reference.prefix.to_owned(), external))
        })
        .collect()
}

/// Puts ids in the place of `ext:` references. Two keys of a map that mean the same record are an error.
pub fn replace_external(walk: &SchemaWalk, body: &mut Value, resolved: &Resolved) -> Result<()> {
    if resolved.is_empty() {
        return Ok(());
    }
    walk.replace_references(body, &|prefix, text| {
        resolved.get(&(prefix.to_owned(), text.to_owned())).cloned()
    })
    .map_err(|pointer| {
        Error::with_findings(
            Code::InvalidDocument,
            vec![Finding::at(
                pointer,
                FindingCode::DuplicateMember,
                texts::documents::key_means_same_record(),
            )],
        )
    })
}

/// Takes out the members that the service keeps: equal to the current ones they are ignored, others are reported.
pub fn take_server_kept(
    contract: &Contract,
    body: &mut Map<String, Value>,
    current: Option<&Value>,
    also: &[&str],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in contract.server_kept.iter().chain(also) {
        let Some(sent) = body.remove(*name) else {
            continue;
        };
        let kept = current.and_then(|document| document.get(*name)).unwrap_or(&Value::Null);
        if is_same(&sent, kept) {
            continue;
        }
        findings.push(Finding::at(
            join_pointer("", name),
            FindingCode::ReadOnly,
            texts::documents::kept_by_service(name),
        ));
    }
    findings
}

/// Equal, where absent, null and empty are the same.
fn is_same(one: &Value, other: &Value) -> bool {
    let is_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    one == other || (is_nothing(one) && is_nothing(other))
}

/// Checks a whole document (writable members) and turns it into its type. `kept` are the members that the service
/// keeps, put in before the last step. `earlier` are findings to be reported together with those found here. `replaced` is
/// the document that it takes the place of, in today's format: what was wrong with that already, where nothing changes,
/// is no fault of this one (see [`check`](super::check)).
pub fn complete<K: Kind>(
    contract: &Contract,
    writable: Map<String, Value>,
    kept: Map<String, Value>,
    earlier: Vec<Finding>,
    replaced: Option<&Value>,
) -> Result<K::Document> {
    let mut value = Value::Object(writable);
    let mut findings = earlier;
    findings.extend(unknown_nulls(contract, &value));
    drop_nulls(&mut value);
    // Only looked into where something is wrong: most documents are right.
    let before = OnceCell::new();
    let excuses = |finding: &Finding| {
        replaced.is_some_and(|old| {
            let whole = || with_members(value.clone(), &kept);
            let before = before.get_or_init(|| Replaced::new::<K>(contract, old, &value, whole()));
            before.excuses(finding)
        })
    };
    let mut excused = Vec::new();
    // The missing member of a PUT has been reported already.
    let reported: BTreeSet<_> = findings
        .iter()
        .map(|finding| (finding.pointer.clone(), finding.code))
        .collect();
    findings.extend(contract.create.findings_where(&value, |finding| {
        let is_excused = excuses(finding);
        if is_excused {
            excused.push(finding.clone());
        }
        !is_excused && !reported.contains(&(finding.pointer.clone(), finding.code))
    }));
    if findings.is_empty() {
        let found = contract.walk.check_values(&value, VALUE_CHECKS);
        findings.extend(found.into_iter().filter(|finding| !excuses(finding)));
    }
    Error::check(findings)?;
    let mut members = match contract.walk.complete(&contract.walk.strip(&value)) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    members.extend(kept.clone());
    let mut document: K::Document = match serde_json::from_value(Value::Object(members)) {
        Ok(document) => document,
        Err(error) => {
            // What was let pass is more than the type can hold.
            Error::check(excused)?;
            return Err(Error::internal(format!(
                "the schema of {} let through what its type refuses: {error}",
                K::NAME
            )));
        }
    };
    K::derive(&mut document);
    let found = K::check(&document, clock::latest_today());
    let found = found.into_iter().filter(|finding| !excuses(finding));
    // Near misses are looked for where they are told.
    let told = found.take(MAX_FINDINGS + 1).map(|finding| finding.look_up(&value));
    Error::check(told.collect())?;
    Ok(document)
}

fn with_members(mut document: Value, more: &Map<String, Value>) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.extend(more.clone());
    }
    document
}

/// A document that is created: the members that the service keeps are added, the owner is found.
pub fn complete_new<K: Kind>(
    contract: &Contract,
    mut body: Map<String, Value>,
    office: Option<&str>,
    id: String,
) -> Result<K::Document> {
    let mut findings = take_server_kept(contract, &mut body, None, &[]);
    let owner = match body.remove("owner_office_id").filter(|owner| !owner.is_null()) {
        Some(Value::String(owner)) => Some(owner),
        Some(_) => {
            findings.push(Finding::at(
                "/owner_office_id",
                FindingCode::WrongType,
                texts::documents::owner_must_be_id(),
            ));
            None
        }
        None if office.is_none() && K::MAY_OWN_ITSELF => Some(id.clone()),
        None => office.map(str::to_owned),
    };
    match owner.as_deref() {
        None if findings.is_empty() => findings.push(Finding::at(
            "/owner_office_id",
            FindingCode::Required,
            texts::documents::name_the_owner(),
        )),
        Some(owner) if !is_id("off", owner) => findings.push(Finding::at(
            "/owner_office_id",
            FindingCode::Pattern,
            texts::documents::owner_must_be_id(),
        )),
        _ => {}
    }
    let now = clock::format_instant(clock::now());
    let kept: Map<String, Value> = [
        ("id", Value::from(id)),
        ("version", Value::from(1)),
        ("created_at", Value::from(now.clone())),
        ("updated_at", Value::from(now)),
        ("owner_office_id", Value::from(owner.unwrap_or_default())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    complete::<K>(contract, body, kept, findings, None)
}

/// Unknown members that are null. They must be found before nulls are dropped: a misspelt name is a mistake with every
/// value, and an editor that sends `null` would otherwise believe that it emptied the member. The patch schema knows
/// every member and takes null for each.
fn unknown_nulls(contract: &Contract, value: &Value) -> Vec<Finding> {
    contract.patch.findings_where(value, |finding| {
        let place = finding.pointer.as_deref().and_then(|pointer| value.pointer(pointer));
        finding.code == "unknown-member" && place.is_some_and(Value::is_null)
    })
}

/// What a PUT must carry: every writable member at the top, and below whatever would otherwise be wiped in silence.
pub fn check_complete(contract: &Contract, body: &Map<String, Value>, current: &Value) -> Vec<Finding> {
    let mut findings: Vec<Finding> = contract
        .writable
        .iter()
        // The owner is written at creation only; the published schema lets a PUT leave it out.
        .filter(|name| *name != "owner_office_id" && !body.contains_key(*name))
        .map(|name| {
            Finding::at(
                join_pointer("", name),
                FindingCode::Required,
                texts::documents::put_needs_member(name),
            )
        })
        .collect();
    let wiped = contract
        .walk
        .would_wipe(current, &Value::Object(body.clone()), &contract.server_kept);
    findings.extend(wiped.into_iter().filter(|finding| {
        finding
            .pointer
            .as_deref()
            .is_some_and(|pointer| pointer.matches('/').count() > 1)
    }));
    findings
}

#[cfg(test)]
mod tests;
