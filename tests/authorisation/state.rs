//! The whole content of a database as one digest for each table, to see that nothing was changed.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::support::look::Look;

/// Tables and columns that tell of requests: they change with every one, also with those that are refused.
const OF_REQUESTS: &[&str] = &["audit", "audit_records", "token_usage", "reads", "rate_limits"];
const COLUMNS_OF_REQUESTS: &[&str] = &["last_used_at", "last_used_network", "audit_seq", "audit_hash"];

/// One digest for each table.
pub(super) fn digest(look: &mut Look) -> BTreeMap<String, String> {
    look.tables()
        .into_iter()
        .filter(|table| !OF_REQUESTS.contains(&table.as_str()) && !table.starts_with("__diesel"))
        .map(|table| {
            let columns = look.columns(&table);
            let mut rows = look.texts(&rows_of(columns, &table));
            rows.sort_unstable();
            let digest = Sha256::digest(rows.join("\n").as_bytes());
            (table, digest.iter().map(|byte| format!("{byte:02x}")).collect())
        })
        .collect()
}

fn rows_of(columns: Vec<String>, table: &str) -> String {
    let values: Vec<String> = columns
        .into_iter()
        .filter(|column| !COLUMNS_OF_REQUESTS.contains(&column.as_str()))
        .map(|column| format!("coalesce(CAST({column} AS text), '~')"))
        .collect();
    format!("SELECT {} AS text FROM {table}", values.join(" || '|' || "))
}

/// The tables that differ.
pub(super) fn differing(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    before
        .iter()
        .filter(|(table, digest)| after.get(*table) != Some(digest))
        .map(|(table, _)| table.clone())
        .collect()
}
