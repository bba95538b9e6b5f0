//! What a change must fit among other records: references, unique values, referrers.

use crate::auth::access::find_standing;
use crate::auth::{Caller, Guard, is_on};
use crate::db::Conn;
use crate::db::schema::{record_keys, record_links, records};
use crate::documents::common::Document;
use crate::documents::draft::Draft;
use crate::documents::head::unknown_reference;
use crate::documents::kind::{Kind, WriteOptions};
use crate::documents::merged::{find_survivor, ids_of};
use crate::documents::schema_walk::Reference;
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// References that are new must point to living records that the caller sees; unique values must be free; then the
/// kind's own rules about other records. All findings at once.
pub fn check_surroundings<K: Kind>(
    conn: &mut Conn,
    caller: &Caller,
    old: Option<&Draft<K>>,
    new: &Draft<K>,
    options: WriteOptions,
) -> Result<()> {
    let own_id = new.document.common().id;
    let known: HashSet<&str> = old
        .into_iter()
        .flat_map(|old| &old.references)
        .map(|reference| reference.target.as_str())
        .chain([own_id])
        .collect();
    let added: Vec<&Reference> = new
        .references
        .iter()
        .filter(|reference| !known.contains(reference.target.as_str()))
        .collect();
    let mut findings = check_references(conn, caller, &added)?;
    if old.is_none_or(|old| old.rows.keys != new.rows.keys) {
        findings.extend(check_unique::<K>(conn, &new.document)?);
    }
    if findings.is_empty() {
        let old = old.map(|old| &old.document);
        findings.extend(K::check_in_transaction(conn, caller, old, &new.document, options)?);
    }
    Error::check(findings)
}

/// References to what is not there, or not for this caller.
pub fn check_references(conn: &mut Conn, caller: &Caller, references: &[&Reference]) -> Result<Vec<Finding>> {
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
            let seen = audience == "everyone"
                || find_standing(conn, caller, &id, &owner)?.sees(&audience)
                || !is_on(Guard::VisibleInReferences);
            if let Some(reference) = chunk.iter().find(|reference| reference.target == id) {
                visible.insert(reference.target.as_str(), seen);
            }
        }
    }
    for reference in references {
        let is_seen = match visible.get(reference.target.as_str()) {
            Some(seen) => *seen,
            None => find_survivor(conn, caller, &reference.target)?.is_some(),
        };
        if !is_seen {
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
pub fn refuse_when_referenced(conn: &mut Conn, caller: &Caller, id: &str) -> Result<()> {
    let rows: Vec<(String, String, String, String)> = record_links::table
        .inner_join(records::table)
        .filter(record_links::target_id.eq_any(ids_of(conn, &[id.to_owned()])?))
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
        let seen = audience == "everyone" || find_standing(conn, caller, &referrer, &owner)?.sees(&audience);
        if seen || !is_on(Guard::VisibleReferrers) {
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
