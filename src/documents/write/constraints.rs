//! What a change must fit among other records: references, unique values, referrers.

use crate::auth::access::{SightColumns, SightRow};
use crate::auth::{Caller, Guard};
use crate::bounds::MAX_FINDINGS;
use crate::db::Conn;
use crate::db::schema::{record_keys, record_links, records};
use crate::documents::common::Document;
use crate::documents::kind::{Kind, UniqueKey, WriteOptions};
use crate::documents::office_aliases::{find_survivors, ids_of};
use crate::documents::read::address::unknown_reference;
use crate::documents::read::sight_head::load_sight;
use crate::documents::write::prepared::PreparedDocument;
use crate::error::{Code, Error, Result};
use crate::schema::walk::Reference;
use crate::texts;
use crate::values::{Finding, FindingCode};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

/// References that are new must point to living records that the caller sees; unique values must be free; then the
/// kind's own rules about other records. All findings at once.
pub fn check_surroundings<K: Kind>(
    conn: &mut Conn,
    caller: &Caller,
    old: Option<&PreparedDocument<K>>,
    new: &PreparedDocument<K>,
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
    findings.extend(check_unique(conn, old, new)?);
    if findings.is_empty() {
        let old = old.map(|old| &old.document);
        findings.extend(K::check_in_transaction(conn, caller, old, &new.document, options)?);
    }
    Error::check(findings)
}

/// References to what is not there, or not for this caller.
pub fn check_references(conn: &mut Conn, caller: &Caller, references: &[&Reference]) -> Result<Vec<Finding>> {
    let targets: BTreeSet<&str> = references.iter().map(|reference| reference.target.as_str()).collect();
    let targets: Vec<&str> = targets.into_iter().collect();
    let mut seen: HashSet<String> = HashSet::new();
    for chunk in targets.chunks(500) {
        let heads = load_sight(conn, chunk)?;
        let (living, ended): (Vec<_>, Vec<_>) = heads.iter().partition(|head| head.deleted_at.is_none());
        let rows: Vec<SightRow<'_>> = living.iter().map(|head| head.sight.row()).collect();
        let sees = caller.viewer().sees_many(conn, Guard::VisibleInReferences, &rows)?;
        seen.extend(
            rows.iter()
                .zip(sees)
                .filter(|(_, sees)| *sees)
                .map(|(row, _)| row.id.to_owned()),
        );
        // A merged office may be named where the caller sees both it and what it has become.
        let ended: Vec<&str> = ended.iter().map(|head| head.sight.id.as_str()).collect();
        seen.extend(find_survivors(conn, caller, &ended)?.into_keys());
    }
    Ok(references
        .iter()
        .filter(|reference| !seen.contains(&reference.target))
        .map(|reference| unknown_reference(&reference.pointer, &reference.target))
        .collect())
}

/// Values that are new must be free. One that the record had already may be another's under a newer normal form; that
/// is no fault of this change.
fn check_unique<K: Kind>(
    conn: &mut Conn,
    old: Option<&PreparedDocument<K>>,
    new: &PreparedDocument<K>,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let had = |key: &UniqueKey| {
        let row = (key.name.to_owned(), key.value.clone());
        old.is_some_and(|old| old.rows.keys.contains(&row))
    };
    for key in K::unique_keys(&new.document).into_iter().filter(|key| !had(key)) {
        let holders: Vec<String> = record_keys::table
            .filter(record_keys::name.eq(key.name))
            .filter(record_keys::value.eq(&key.value))
            .select(record_keys::record_id)
            .load(conn)?;
        if holders.iter().any(|holder| holder != new.document.common().id) {
            findings.push(Finding::at(
                key.pointer,
                FindingCode::NotUnique,
                texts::documents::value_is_taken(),
            ));
        }
    }
    Ok(findings)
}

/// 409 with the referrers that the caller may see and a count of the rest.
pub fn refuse_when_referenced(conn: &mut Conn, caller: &Caller, id: &str) -> Result<()> {
    let rows: Vec<(SightColumns, String)> = record_links::table
        .inner_join(records::table)
        .filter(record_links::target_id.eq_any(ids_of(conn, &[id.to_owned()])?))
        .filter(record_links::role.eq(""))
        .filter(record_links::record_id.ne(id))
        .filter(records::deleted_at.is_null())
        .order((records::id.asc(), record_links::relation.asc()))
        .select((SightColumns::as_select(), record_links::relation))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(());
    }
    let total = rows.len();
    let sight_rows: Vec<SightRow<'_>> = rows.iter().map(|(referrer, _)| referrer.row()).collect();
    let sees = caller.viewer().sees_many(conn, Guard::VisibleReferrers, &sight_rows)?;
    let referrers: Vec<Value> = rows
        .iter()
        .zip(sees)
        .filter(|(_, sees)| *sees)
        .map(|((referrer, relation), _)| json!({"id": referrer.id, "relation": relation}))
        .collect();
    let hidden = total - referrers.len();
    let referrers = referrers.into_iter().take(MAX_FINDINGS).collect::<Vec<_>>();
    Err(Error::new(Code::Referenced, texts::documents::references_exist(total))
        .with_member("referrers", referrers)
        .with_member("hidden_referrers", hidden))
}
