//! References to one item of a map of another record: a node of a policy, a recommendation of an office.
//!
//! That the record itself exists is checked with all references; here, that the item does. It is checked when the
//! reference is made: what is taken out of the other record later must not make this one unwritable.
//!
//! A record may keep a reference to another one that its writer no longer sees. What that one holds now is not answered then: a new
//! reference to one of its items is answered like one to a record that is not there.

use crate::auth::access::SightRow;
use crate::auth::{Caller, Guard};
use crate::db::Conn;
use crate::db::schema::records;
use crate::documents::format::UpgradeStep;
use crate::documents::kind::Kind;
use crate::documents::read::address::unknown_reference;
use crate::documents::read::current::CurrentRecord;
use crate::documents::upgrade::take_steps;
use crate::error::{Error, Result};
use crate::texts;
use crate::values::{Finding, FindingCode, join_pointer};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A map at the top of documents of one kind, whose items other records refer to.
#[derive(Debug, Clone, Copy)]
pub struct ItemMap {
    name: &'static str,
    upgrades: &'static [UpgradeStep],
}

impl ItemMap {
    /// The map with this name at the top of documents of this kind.
    pub const fn of<K: Kind>(name: &'static str) -> Self {
        Self {
            name,
            upgrades: K::UPGRADES,
        }
    }
}

/// A reference to one item.
#[derive(Debug, Clone)]
pub struct ItemReference {
    /// The record that has the map.
    pub record_id: String,
    /// Where the record is named in the referring document.
    pub record_pointer: String,
    /// The map of that record.
    pub map: ItemMap,
    /// Key of the item.
    pub item: String,
    /// Where the key stands in the referring document.
    pub pointer: String,
}

impl ItemReference {
    /// The reference of two members of the object at the pointer `at`, each with its name, which may both be missing.
    pub fn of(
        at: &str,
        (record_member, record_id): (&str, Option<&str>),
        map: ItemMap,
        (item_member, item): (&str, Option<&String>),
    ) -> Option<Self> {
        Some(Self {
            record_id: record_id?.to_owned(),
            record_pointer: join_pointer(at, record_member),
            map,
            item: item?.clone(),
            pointer: join_pointer(at, item_member),
        })
    }

    /// Do both mean the same item, wherever they stand?
    pub fn means_the_same(&self, other: &Self) -> bool {
        (&self.record_id, self.map.name, &self.item) == (&other.record_id, other.map.name, &other.item)
    }
}

/// Reports every reference to an item that is not there, code `unknown-key`, and every record with items that this
/// caller does not see, code `unknown-reference`.
pub fn check_items(conn: &mut Conn, caller: &Caller, references: &[ItemReference]) -> Result<Vec<Finding>> {
    let ids: BTreeSet<&str> = references
        .iter()
        .map(|reference| reference.record_id.as_str())
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let documents = find_documents(conn, caller, &ids, references)?;
    let check = |reference: &ItemReference| match documents.get(reference.record_id.as_str()) {
        Some(document) => missing_item(reference, document),
        None => Some(unknown_reference(&reference.record_pointer, &reference.record_id)),
    };
    Ok(references.iter().filter_map(check).collect())
}

/// The current documents of those of these records that the caller sees, living or ended; in today's format as far as
/// maps and their names go.
fn find_documents(
    conn: &mut Conn,
    caller: &Caller,
    ids: &[&str],
    references: &[ItemReference],
) -> Result<BTreeMap<String, Value>> {
    let mut documents = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let heads: Vec<CurrentRecord> = records::table
            .filter(records::id.eq_any(chunk))
            .select(CurrentRecord::as_select())
            .load(conn)?;
        let rows: Vec<SightRow<'_>> = heads.iter().map(CurrentRecord::sight_row).collect();
        let sees = caller.viewer().sees_many(conn, Guard::VisibleInReferences, &rows)?;
        for (head, _) in heads.iter().zip(sees).filter(|(_, sees)| *sees) {
            let stored = &head.document;
            let mut document: Value = serde_json::from_str(stored.stored_text()).map_err(Error::internal)?;
            if let Some(reference) = references.iter().find(|reference| reference.record_id == head.id) {
                take_steps(reference.map.upgrades, &mut document, stored.format());
            }
            documents.insert(head.id.clone(), document);
        }
    }
    Ok(documents)
}

fn missing_item(reference: &ItemReference, document: &Value) -> Option<Finding> {
    let items = document.get(reference.map.name);
    items.and_then(|items| items.get(&reference.item)).is_none().then(|| {
        Finding::at(
            &reference.pointer,
            FindingCode::UnknownKey,
            texts::documents::record_has_no_key(reference.map.name, &reference.record_id, &reference.item),
        )
    })
}
