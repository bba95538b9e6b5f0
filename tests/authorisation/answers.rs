//! What the cells outside of the grid share: asking, holding an answer against what was wanted, and the outcome.

use serde_json::Value;

use super::facts::Principal;
use super::operations::Operation;
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::{Client, Reply};

/// A status and the code of its problem, empty below 400.
pub(super) type Wanted = (u16, &'static str);

/// The caller of this name.
pub(super) fn caller<'a>(stage: &'a Stage<'_>, name: &str) -> &'a (Principal, Client) {
    let found = stage.principals.iter().find(|(principal, _)| principal.name == name);
    found.unwrap_or_else(|| panic!("no caller is called {name}"))
}

/// Asks for an operation at this path; nothing is kept of it.
pub(super) fn send(client: &Client, operation: &Operation, path: &str, body: Option<Value>) -> Reply {
    let mark = if path.contains('?') { '&' } else { '?' };
    let path = if operation.takes_dry_run {
        format!("{path}{mark}dry_run=true")
    } else {
        path.to_owned()
    };
    let media_type = match operation.method.as_str() {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let headers = [("content-type", media_type), ("if-match", "*")];
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let headers = if operation.method == "PATCH" {
        &headers[..]
    } else {
        &headers[..1]
    };
    client.raw(&operation.method, &path, headers, body.as_bytes())
}

/// What is wrong with an answer.
pub(super) fn compare(reply: &Reply, (status, code): Wanted) -> Vec<String> {
    let body: Value = serde_json::from_str(&reply.text).unwrap_or_default();
    if reply.status == status && body["code"].as_str().unwrap_or_default() == code {
        Vec::new()
    } else {
        vec![format!("{} {}, not {status} {code}", reply.status, reply.text)]
    }
}

/// What was wanted, in words.
pub(super) fn wanted_text((status, code): Wanted) -> String {
    format!("{status} {}", if code.is_empty() { "ok" } else { code })
}

/// The outcome of a cell.
pub(super) fn outcome(
    operation: &str,
    principal: &Principal,
    relation: &str,
    place: &'static str,
    wanted: Wanted,
    faults: Vec<String>,
) -> Outcome {
    expecting(operation, principal, relation, place, &wanted_text(wanted), faults)
}

/// The same where more than a status is expected.
pub(super) fn expecting(
    operation: &str,
    principal: &Principal,
    relation: &str,
    place: &'static str,
    expected: &str,
    faults: Vec<String>,
) -> Outcome {
    Outcome {
        operation: operation.to_owned(),
        principal: principal.name.clone(),
        group: principal.group.clone(),
        relation: relation.to_owned(),
        place,
        expected: expected.to_owned(),
        faults,
    }
}
