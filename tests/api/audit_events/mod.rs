//! The audit log: what is in it, who is shown what of it, and that nothing can be changed in it unseen.

mod accounts;
mod disclosures;
mod filters;
mod plans;
mod refusals;
mod sealed;
mod sight;
mod tampering;
mod usage;

use serde_json::Value;

use crate::support::answers::with_query;
use crate::support::client::Client;
use crate::support::paths::EVENTS;
use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        refusals,
        disclosures,
        usage,
        sight,
        filters,
        accounts,
        sealed,
        plans,
        tampering
    ]
}

/// The events that a caller gets with these parameters, oldest first; hours of reads are left out, which come when an
/// hour is over.
#[track_caller]
fn events(caller: &Client, parameters: &[(&str, &str)]) -> Vec<Value> {
    let mut all = Vec::new();
    let mut path = with_query(EVENTS, &[parameters, &[("sort", "at"), ("limit", "200")]].concat());
    loop {
        let page = caller.get(&path).expect(200).json();
        all.extend(page["items"].as_array().expect("items").iter().cloned());
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            break;
        };
        let more = [parameters, &[("sort", "at"), ("limit", "200"), ("cursor", cursor)]].concat();
        path = with_query(EVENTS, &more);
    }
    all.retain(|event| event["outcome"] != "read" || event["period"].is_null());
    all
}

/// The id of the client behind a caller.
fn client_of(caller: &Client) -> String {
    let me = caller.get("/api/v1/me").expect(200).json();
    me["client_id"].as_str().expect("an id").to_owned()
}

/// The refusals that the log tells of a caller: operation, record, code and how many, in the order of the chain.
fn refusals_of(admin: &Client, caller: &Client) -> Vec<(String, Option<String>, String, i64)> {
    let found = events(admin, &[("client", &client_of(caller)), ("outcome", "refused")]);
    found
        .iter()
        .map(|event| {
            let text = |name: &str| event[name].as_str().map(str::to_owned);
            (
                text("operation").expect("an operation"),
                text("target_id"),
                text("code").expect("a code"),
                event["occurrences"].as_i64().expect("a number"),
            )
        })
        .collect()
}
