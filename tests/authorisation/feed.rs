//! The change feed: every caller gets each change of what it sees and reads, as it saw it, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use super::answers::expecting;
use super::check::found_markers;
use super::facts::{Kind, Principal, Token};
use super::oracle::{leads_on, may_have_seen, reads, sees, sees_version};
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;

/// One cell for every caller whose token counts and who may follow the feed, from this position on.
pub(super) fn run(stage: &Stage<'_>, since: &str) -> Vec<Outcome> {
    let followers = stage.principals.iter().filter(|(principal, _)| {
        let follows = principal.scopes.contains("changes:read") && Kind::ALL.iter().any(|kind| reads(principal, *kind));
        principal.token == Token::Valid && stage.lives(principal) && follows
    });
    followers
        .map(|(principal, client)| {
            let faults = faults(stage, principal, client, since);
            expecting("listChanges", principal, "everything", "feed", "what it sees", faults)
        })
        .collect()
}

fn faults(stage: &Stage<'_>, principal: &Principal, client: &Client, since: &str) -> Vec<String> {
    let world = &stage.world;
    let mut faults = Vec::new();
    let (mut shown, mut since) = (BTreeSet::new(), since.to_owned());
    loop {
        let reply = client.get(&format!("/api/v1/changes?limit=200&since={since}"));
        if reply.status != 200 {
            return vec![format!("{} {}", reply.status, reply.text)];
        }
        let page = reply.json();
        for item in page["items"].as_array().into_iter().flatten() {
            let of_item = found_markers(&item["record"].to_string());
            if !item["record"].is_null() && item["op"] != "upsert" {
                faults.push(format!("a change that is not told holds a record: {item}"));
            }
            shown.extend(of_item);
            faults.extend(untold(stage, principal, item));
        }
        since = page["next"].as_str().unwrap_or_default().to_owned();
        if page["has_more"] != true {
            break;
        }
    }
    let mut expected = BTreeSet::new();
    for record in world.records.iter().filter(|record| reads(principal, record.kind)) {
        for version in 1..=record.versions.len() {
            if sees_version(world, principal, record, version) {
                expected.insert(record.marker(version));
            }
        }
    }
    faults.extend(shown.difference(&expected).map(|marker| format!("shows {marker}")));
    faults.extend(
        expected
            .difference(&shown)
            .map(|marker| format!("does not show {marker}")),
    );
    faults
}

/// That a record is hidden now, or was deleted, is told to those who may have known of it.
fn untold(stage: &Stage<'_>, principal: &Principal, item: &Value) -> Option<String> {
    let id = item["id"].as_str().unwrap_or_default();
    let record = stage.world.records.iter().find(|record| stage.ids[&record.key] == id)?;
    let leads_to = leads_on(&stage.world, principal, record).map(|survivor| stage.ids[&survivor.key].as_str());
    if item["op"] == "delete" && item["merged_into"].as_str() != leads_to {
        return Some(format!("tells that {} leads to {}", record.key, item["merged_into"]));
    }
    let may_know = match item["op"].as_str() {
        Some("hidden") => may_have_seen(&stage.world, principal, record),
        _ => sees(&stage.world, principal, record),
    };
    (!may_know || !reads(principal, record.kind)).then(|| format!("tells of {}: {}", record.key, item["op"]))
}
