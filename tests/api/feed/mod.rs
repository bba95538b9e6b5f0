//! The change feed: every change once and in order, waiting, and what becomes hidden.

mod hiding;
mod positions;
mod scopes;
mod writers;

use serde_json::Value;

use crate::support::answers::with_query;
use crate::support::client::Client;
use crate::support::paths::CHANGES;
use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![positions, hiding, scopes, writers]
}

/// One answer of the feed.
#[track_caller]
pub(crate) fn read(client: &Client, parameters: &[(&str, &str)]) -> Value {
    client.get(&with_query(CHANGES, parameters)).expect(200).json()
}

/// The position after everything so far.
#[track_caller]
pub(crate) fn now(client: &Client) -> String {
    let page = read(client, &[("since", "now")]);
    assert_eq!(page["items"], Value::Array(Vec::new()));
    page["next"].as_str().expect("a position").to_owned()
}

/// What each item does to which record: `upsert`, `delete` or `hidden`, the id, and the version.
pub(crate) fn told(page: &Value) -> Vec<(String, String, i64)> {
    page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| {
            let text = |name: &str| item[name].as_str().expect("a text").to_owned();
            (text("op"), text("id"), item["version"].as_i64().expect("a version"))
        })
        .collect()
}

/// Operations and versions as a test writes them.
pub(crate) fn owned(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(op, version)| ((*op).to_owned(), *version))
        .collect()
}
