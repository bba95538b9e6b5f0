//! References to one item of a map of another record: a node of a policy, a recommendation of an office.
//!
//! That the record itself exists is checked with all references; here, that the item does. It is checked when the
//! reference is made: what is taken out of the other record later must not make this one unwritable.

use crate::db::Conn;
use crate::db::schema::records;
use crate::error::{Error, Result};
use crate::values::Finding;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// A reference to one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemReference {
    /// The record that has the map.
    pub record_id: String,
    /// Name of the map, at the top of that record.
    pub map: &'static str,
    /// Key of the item.
    pub item: String,
    /// Where the key stands in the referring document.
    pub pointer: String,
}

impl ItemReference {
    /// The reference of members that may both be missing.
    pub fn of(record_id: Option<&str>, map: &'static str, item: Option<&String>, pointer: String) -> Option<Self> {
        Some(Self {
            record_id: record_id?.to_owned(),
            map,
            item: item?.clone(),
            pointer,
        })
    }

    /// Do both mean the same item, wherever they stand?
    pub fn means_the_same(&self, other: &Self) -> bool {
        (&self.record_id, self.map, &self.item) == (&other.record_id, other.map, &other.item)
    }
}

/// Reports every reference to an item that is not there. Code `unknown-key`.
pub fn check_items(conn: &mut Conn, references: &[ItemReference]) -> Result<Vec<Finding>> {
    let ids: BTreeSet<&str> = references
        .iter()
        .map(|reference| reference.record_id.as_str())
        .collect();
    let mut documents: HashMap<String, Value> = HashMap::new();
    for id in ids {
        let text: Vec<String> = records::table
            .filter(records::id.eq(id))
            .select(records::document)
            .load(conn)?;
        for text in text {
            documents.insert(id.to_owned(), serde_json::from_str(&text).map_err(Error::internal)?);
        }
    }
    Ok(references
        .iter()
        .filter(|reference| {
            documents
                .get(&reference.record_id)
                .and_then(|document| document.get(reference.map)?.get(&reference.item))
                .is_none()
        })
        .map(|reference| {
            Finding::at(
                &reference.pointer,
                "unknown-key",
                format!(
                    "`{}` of {} has no key \"{}\".",
                    reference.map, reference.record_id, reference.item
                ),
            )
        })
        .collect())
}
