//! Offers: told to the office that gives and to the one that is asked, and answered by the latter alone.

use super::answers::{Wanted, caller, compare, outcome};
use super::facts::{Principal, Shows, Token};
use super::oracle::acts_for_caller;
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;
use serde_json::json;

/// The kinds, as scopes name them.
const RECORDS: &[&str] = &["offices", "policies", "mous", "programs"];

const RELATION: &str = "draft to b";

/// A draft of `a`, which nobody else sees, is offered to `b`; then every caller asks for the offer, reads it and answers
/// it. Nothing is kept of the answers.
pub(super) fn run(stage: &Stage<'_>) -> Vec<Outcome> {
    let (_, owner) = caller(stage, "owner");
    let actions = format!("/api/v1/mous/{}/actions", stage.ids["moudraft"]);
    let offer = json!({"action": "transfer", "to_office_id": stage.ids["b"], "reason": "They lead it now."});
    let offered = owner.header("if-match", "*").post(&actions, &offer).expect(202);
    let path = offered.header("location").expect("the offer").to_owned();
    let mut outcomes = Vec::new();
    for (principal, client) in &stage.principals {
        let lives = principal.token == Token::Valid && stage.lives(principal) && principal.shows == Shows::Secret;
        if lives && !principal.group.starts_with("owner, ") {
            outcomes.extend(ask(stage, principal, client, &path));
        }
    }
    outcomes
}

fn ask(stage: &Stage<'_>, principal: &Principal, client: &Client, path: &str) -> Vec<Outcome> {
    let acts_for = |office| acts_for_caller(&stage.world, principal, office);
    let (is_receiver, is_told) = (acts_for("b"), acts_for("a") || acts_for("b"));
    let holds_any = |right: &str| {
        principal
            .scopes
            .iter()
            .any(|scope| RECORDS.contains(&scope.trim_end_matches(right)))
    };
    let verdict = |right: &str, may: bool| -> Wanted {
        match (
            holds_any(right),
            is_told,
            principal.scopes.contains(&format!("mous{right}")),
            may,
        ) {
            (false, ..) => (403, "missing-scope"),
            (_, false, ..) => (404, "record-not-found"),
            (.., false, _) => (403, "missing-scope"),
            (.., false) => (403, "not-your-part"),
            _ => (200, ""),
        }
    };
    let mut cells = vec![("getTransfer", client.get(path), verdict(":read", true))];
    for (operation, answer) in [("acceptTransfer", "accept"), ("refuseTransfer", "refuse")] {
        let reply = client.post(&format!("{path}/{answer}?dry_run=true"), &json!({}));
        cells.push((operation, reply, verdict(":write", is_receiver)));
    }
    let record = stage.world.record("moudraft");
    let marker = record.marker(record.versions.len());
    let mut outcomes = Vec::new();
    for (operation, reply, wanted) in cells {
        let mut faults = compare(&reply, wanted);
        let shows = operation == "getTransfer" && wanted.0 == 200;
        if reply.text.contains(&marker) != shows && operation == "getTransfer"
            || (wanted.0 >= 400 && reply.text.contains(&marker))
        {
            faults.push(format!("what it shows of the record: {}", reply.text));
        }
        outcomes.push(outcome(operation, principal, RELATION, "path", wanted, faults));
    }
    let listed = client.get("/api/v1/transfers?state=pending&limit=200");
    let wanted = if holds_any(":read") {
        (200, "")
    } else {
        (403, "missing-scope")
    };
    let mut faults = compare(&listed, wanted);
    let id = path.rsplit('/').next().unwrap_or_default();
    if listed.text.contains(id) != (is_told && principal.scopes.contains("mous:read")) {
        faults.push(format!("lists {}", listed.text));
    }
    outcomes.push(outcome("listTransfers", principal, RELATION, "-", wanted, faults));
    outcomes
}
