//! The audit log: every office reads what its own clients did and what was done to its records, and of nobody else.

use serde_json::Value;

use super::facts::{Principal, Shows, Token};
use super::oracle::{acts_for_caller, owns};
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;

/// One cell for every caller who may read the log, and one for each about a row that is not its own.
pub(super) fn run(stage: &Stage<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (principal, client) in &stage.principals {
        let reads = principal.token == Token::Valid && stage.lives(principal) && principal.shows == Shows::Secret;
        if !reads || !principal.scopes.contains("audit:read") || principal.group.starts_with("owner, ") {
            continue;
        }
        outcomes.push(outcome(
            "listAuditEvents",
            principal,
            "everything",
            listed(stage, principal, client, ""),
        ));
        let (_, admin) = stage
            .principals
            .iter()
            .find(|(other, _)| other.name == "registry admin")
            .expect("an admin");
        let private = &stage.ids["mouprivate"];
        let mut faults = listed(stage, principal, client, &format!("&record={private}"));
        let page = client.get(&format!("/api/v1/audit-events?record={private}")).json();
        let is_empty = page["items"].as_array().is_none_or(Vec::is_empty);
        if is_empty && owns(&stage.world, principal, stage.world.record("mouprivate")) {
            faults.push(format!("{page}"));
        }
        outcomes.push(outcome(
            "listAuditEvents",
            principal,
            "what was done to private",
            faults,
        ));
        let page = admin.get("/api/v1/audit-events?limit=200").json();
        let foreign = page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|event| !is_of(stage, principal, event));
        let Some(seq) = foreign.and_then(|event| event["seq"].as_i64()) else {
            continue;
        };
        let reply = client.get(&format!("/api/v1/audit-events/{seq}"));
        let faults = if reply.status == 404 {
            Vec::new()
        } else {
            vec![format!("{} {}", reply.status, reply.text)]
        };
        outcomes.push(outcome("getAuditEvent", principal, "row of others", faults));
    }
    outcomes
}

fn outcome(operation: &str, principal: &Principal, relation: &str, faults: Vec<String>) -> Outcome {
    Outcome {
        operation: operation.to_owned(),
        principal: principal.name.clone(),
        group: principal.group.clone(),
        relation: relation.to_owned(),
        place: "-",
        expected: "own rows".to_owned(),
        faults,
    }
}

/// Was it done by the caller's own side?
fn is_by(stage: &Stage<'_>, principal: &Principal, event: &Value) -> bool {
    match stage.ids.iter().find(|(_, id)| event["office_id"] == id.as_str()) {
        Some((office, _)) => acts_for_caller(&stage.world, principal, office),
        None => principal.office.is_none(),
    }
}

/// Is the row the caller's: by what was done, to what, or whose records it says were shown?
fn is_of(stage: &Stage<'_>, principal: &Principal, event: &Value) -> bool {
    let disclosed = event["disclosed"].as_array().into_iter().flatten();
    let owns = |id: &Value| {
        let record = stage
            .world
            .records
            .iter()
            .find(|record| *id == stage.ids[&record.key].as_str());
        record.is_some_and(|record| acts_for_caller(&stage.world, principal, &record.owner))
    };
    is_by(stage, principal, event) || disclosed.chain([&event["target_id"]]).any(owns)
}

fn listed(stage: &Stage<'_>, principal: &Principal, client: &Client, filter: &str) -> Vec<String> {
    let reply = client.get(&format!("/api/v1/audit-events?limit=200{filter}"));
    if reply.status != 200 {
        return vec![format!("{} {}", reply.status, reply.text)];
    }
    let page = reply.json();
    let mut faults = Vec::new();
    for event in page["items"].as_array().into_iter().flatten() {
        if !is_of(stage, principal, event) {
            faults.push(format!("shows {event}"));
            continue;
        }
        let tells_who = !event["token_id"].is_null() || !event["address"].is_null();
        if tells_who && !is_by(stage, principal, event) {
            faults.push(format!("tells of the token or the address of others: {event}"));
        }
    }
    faults
}
