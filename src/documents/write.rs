//! Changes inside the writing transaction: whose part it is, what is referred to, what must be unique; then storing.
//!
//! What was decided before the queue (schema, rules, the version meant) was decided on an older view. Here the head is
//! read again: a version that has moved on is a conflict, rights that have gone are gone.

use crate::auth::access::{Standing, acts_for, find_standing, offices_acted_for};
use crate::auth::audit::Audited;
use crate::auth::{Caller, Recorded, Writing};
use crate::db::Conn;
use crate::db::schema::{record_keys, record_links, records};
use crate::documents::common::Document;
use crate::documents::contract::Contract;
use crate::documents::diff::Change;
use crate::documents::head::{find_living, unknown_reference};
use crate::documents::kind::{Kind, WriteOptions};
use crate::documents::schema_walk::Reference;
use crate::documents::store::{Replaced, Stored, store_deletion, store_new, store_next};
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// A change that was prepared outside of the transaction.
#[derive(Debug)]
pub struct Prepared<D> {
    /// The record.
    pub id: String,
    /// The version that the change is meant for.
    pub base_version: i64,
    /// The document at that version.
    pub old: D,
    /// The document as it shall be.
    pub new: D,
    /// Where something is withheld from the caller: the writable forms of what they were shown, and of what they made
    /// of that.
    pub shown: Option<(Value, Value)>,
    /// What the change is called in history (`update`, `restore`).
    pub operation: &'static str,
}

/// Creates a record.
pub fn create<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    document: K::Document,
    options: WriteOptions,
) -> Result<(Stored, Audited)> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let owner = document.common().owner_office_id;
    if let Some(office) = caller.office_id.as_deref()
        && !acts_for(conn, office, owner)?
    {
        return Err(not_your_part(vec!["/owner_office_id".to_owned()]));
    }
    let acting = acting_offices(conn, caller, contract, &to_value(&document)?)?;
    Error::check(K::check_change(None, &document, &|office| acting.accepts(office)))?;
    check_surroundings::<K>(conn, caller, contract, None, &document, options)?;
    store_new::<K>(writing.transaction, writing.actor, contract, document)
}

/// Changes a record. `None` in the place of the proof: the document was equal, and nothing was written.
pub fn update<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    change: Prepared<K::Document>,
    options: WriteOptions,
) -> Result<Recorded<Stored>> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let seen = find_living(conn, caller, K::NAME, &change.id)?;
    if seen.head.version != change.base_version {
        return Err(moved_on(seen.head.version));
    }
    let is_owner = seen.standing(conn, caller)? == Standing::Owner;
    let old_value = to_value(&change.old)?;
    let changes = match &change.shown {
        // To others the record is what they were shown: a figure put in the place of a withheld one is a change, also
        // when it is right, or a guess would be answered.
        Some((old, new)) if !is_owner => contract.walk.changes(old, new),
        // It was its owner's when the change was prepared, with everything at hand; it is prepared again.
        None if contract.withhold.is_some() && !is_owner => return Err(moved_on(seen.head.version)),
        _ => contract.walk.changes(
            &contract.writable_form(&old_value),
            &contract.writable_form(&to_value(&change.new)?),
        ),
    };
    if changes.is_empty() {
        return Ok(Recorded::unchanged(Stored {
            id: change.id,
            version: seen.head.version,
            owner_office_id: seen.head.owner_office_id,
            document: seen.head.document,
        }));
    }
    let acting = acting_offices(conn, caller, contract, &old_value)?;
    if !is_owner {
        check_parts::<K>(&changes, &change, &acting)?;
    }
    Error::check(K::check_change(Some(&change.old), &change.new, &|office| {
        acting.accepts(office)
    }))?;
    check_surroundings::<K>(conn, caller, contract, Some(&change.old), &change.new, options)?;
    let replaced = Replaced {
        document: &change.old,
        version: seen.head.version,
        audience: &seen.head.audience,
    };
    let (stored, proof) = store_next::<K>(
        writing.transaction,
        writing.actor,
        contract,
        &replaced,
        change.new,
        change.operation,
    )?;
    Ok(Recorded::new(stored, proof))
}

/// Deletes a record that nothing refers to.
pub fn delete<K: Kind>(writing: &mut Writing<'_, '_>, id: &str, version: Option<i64>) -> Result<Recorded<()>> {
    let caller = writing.caller;
    let conn = &mut *writing.transaction.conn;
    let seen = find_living(conn, caller, K::NAME, id)?;
    if version.is_some_and(|version| version != seen.head.version) {
        return Err(moved_on(seen.head.version));
    }
    if seen.standing(conn, caller)? != Standing::Owner {
        return Err(Error::new(Code::NotYourPart, "Only the owner may delete a record."));
    }
    refuse_when_referenced(conn, caller, id)?;
    let old: K::Document = serde_json::from_str(&seen.head.document).map_err(Error::internal)?;
    let proof = store_deletion::<K>(
        writing.transaction,
        writing.actor,
        &Replaced {
            document: &old,
            version: seen.head.version,
            audience: &seen.head.audience,
        },
    )?;
    Ok(Recorded::new((), proof))
}

/// The version has moved on since it was read; the caller of this module makes a full conflict of it.
fn moved_on(current: i64) -> Error {
    Error::new(
        Code::VersionConflict,
        format!("The record is at version {current} by now."),
    )
    .with_member("current_version", current)
}

fn not_your_part(pointers: Vec<String>) -> Error {
    let findings = pointers
        .into_iter()
        .map(|pointer| Finding::at(pointer, "not-your-part", "Your office may not change this member."))
        .collect();
    Error::with_findings(Code::NotYourPart, findings)
}

fn to_value(document: &impl Document) -> Result<Value> {
    serde_json::to_value(document).map_err(Error::internal)
}

/// The offices that a caller acts for, among those of one document.
enum Acting {
    All,
    These(HashSet<String>),
}

impl Acting {
    fn accepts(&self, office: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(offices) => offices.contains(office),
        }
    }
}

fn acting_offices(conn: &mut Conn, caller: &Caller, contract: &Contract, document: &Value) -> Result<Acting> {
    let Some(office) = caller.office_id.as_deref() else {
        return Ok(Acting::All);
    };
    let mut candidates: Vec<String> = contract
        .walk
        .references(document)
        .into_iter()
        .filter(|reference| reference.prefix == "off")
        .map(|reference| reference.target)
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let mut offices: HashSet<String> = offices_acted_for(conn, office, &candidates)?.into_iter().collect();
    offices.insert(office.to_owned());
    Ok(Acting::These(offices))
}

/// A caller who is not the owner may change its own part only. An added item is judged by the new document, a removed
/// one by the old, a changed one by both: or somebody could take an item over by putting its own office into it.
fn check_parts<K: Kind>(changes: &[Change], change: &Prepared<K::Document>, acting: &Acting) -> Result<()> {
    let accepts = |office: &str| acting.accepts(office);
    let foreign: Vec<String> = changes
        .iter()
        .filter(|item| {
            let path: Vec<&str> = item.path.iter().map(String::as_str).collect();
            let by_old = item.from.is_none() || K::part_of(&path, &change.old, &accepts);
            let by_new = item.to.is_none() || K::part_of(&path, &change.new, &accepts);
            // A member that was empty inside an item that was there is still a member of the old item.
            let fills_member = item.from.is_none() && path.len() > 2 && !K::part_of(&path, &change.old, &accepts);
            !(by_old && by_new) || fills_member
        })
        .map(|item| item.pointer.clone())
        .collect();
    if foreign.is_empty() {
        Ok(())
    } else {
        Err(not_your_part(foreign))
    }
}

/// References that are new must point to living records that the caller sees; unique values must be free; then the
/// kind's own rules about other records. All findings at once.
fn check_surroundings<K: Kind>(
    conn: &mut Conn,
    caller: &Caller,
    contract: &Contract,
    old: Option<&K::Document>,
    new: &K::Document,
    options: WriteOptions,
) -> Result<()> {
    let known: HashSet<String> = match old {
        Some(old) => contract
            .walk
            .references(&to_value(old)?)
            .into_iter()
            .map(|reference| reference.target)
            .collect(),
        None => HashSet::from([new.common().id.to_owned()]),
    };
    let added: Vec<Reference> = contract
        .walk
        .references(&to_value(new)?)
        .into_iter()
        .filter(|reference| !known.contains(&reference.target) && reference.target != new.common().id)
        .collect();
    let mut findings = check_references(conn, caller, &added)?;
    findings.extend(check_unique::<K>(conn, new)?);
    if findings.is_empty() {
        findings.extend(K::check_in_transaction(conn, old, new, options)?);
    }
    Error::check(findings)
}

fn check_references(conn: &mut Conn, caller: &Caller, references: &[Reference]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut visible: HashMap<&str, bool> = HashMap::new();
    for chunk in references.chunks(500) {
        let ids: Vec<&str> = chunk.iter().map(|reference| reference.target.as_str()).collect();
        let rows: Vec<(String, String, String)> = records::table
            .filter(records::id.eq_any(ids))
            .filter(records::deleted_at.is_null())
            .select((records::id, records::owner_office_id, records::audience))
            .load(conn)?;
        for (id, owner, audience) in rows {
            let seen = audience == "everyone" || find_standing(conn, caller, &id, &owner)?.sees(&audience);
            if let Some(reference) = chunk.iter().find(|reference| reference.target == id) {
                visible.insert(reference.target.as_str(), seen);
            }
        }
    }
    for reference in references {
        if !visible.get(reference.target.as_str()).copied().unwrap_or(false) {
            findings.push(unknown_reference(&reference.pointer, &reference.target));
        }
    }
    Ok(findings)
}

fn check_unique<K: Kind>(conn: &mut Conn, new: &K::Document) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for key in K::unique_keys(new) {
        let holders: Vec<String> = record_keys::table
            .filter(record_keys::name.eq(key.name))
            .filter(record_keys::value.eq(&key.value))
            .select(record_keys::record_id)
            .load(conn)?;
        if holders.iter().any(|holder| holder != new.common().id) {
            findings.push(Finding::at(
                key.pointer,
                "not-unique",
                "Another record has this value, which only one may have.",
            ));
        }
    }
    Ok(findings)
}

/// 409 with the referrers that the caller may see and a count of the rest.
fn refuse_when_referenced(conn: &mut Conn, caller: &Caller, id: &str) -> Result<()> {
    let rows: Vec<(String, String, String, String)> = record_links::table
        .inner_join(records::table)
        .filter(record_links::target_id.eq(id))
        .filter(record_links::role.eq(""))
        .filter(record_links::record_id.ne(id))
        .filter(records::deleted_at.is_null())
        .order((records::id.asc(), record_links::relation.asc()))
        .select((
            records::id,
            records::owner_office_id,
            records::audience,
            record_links::relation,
        ))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(());
    }
    let total = rows.len();
    let mut referrers = Vec::new();
    for (referrer, owner, audience, relation) in rows {
        if audience == "everyone" || find_standing(conn, caller, &referrer, &owner)?.sees(&audience) {
            referrers.push(json!({"id": referrer, "relation": relation}));
        }
    }
    let hidden = total - referrers.len();
    Err(Error::new(
        Code::Referenced,
        format!("{total} references to this record exist; change those records first."),
    )
    .with_member("referrers", referrers)
    .with_member("hidden_referrers", hidden))
}
