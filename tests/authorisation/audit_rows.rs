//! The audit log: every office reads what its own clients did and what was done to its records and to its clients, and of
//! nobody else.

use std::collections::BTreeMap;

use serde_json::Value;

use super::answers::{caller, compare, expecting};
use super::facts::{Principal, Shows, Token};
use super::oracle::{acts_for_caller, owns};
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;
use crate::support::look::Look;

/// One cell for every caller who may read the log, and one for each about a row that is not its own.
pub(super) fn run(stage: &Stage<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let accounts = Accounts::of(stage);
    for (principal, client) in &stage.principals {
        let reads = principal.token == Token::Valid && stage.lives(principal) && principal.shows == Shows::Secret;
        if !reads || !principal.scopes.contains("audit:read") || principal.group.starts_with("owner, ") {
            continue;
        }
        let own_rows = |operation, relation, faults| expecting(operation, principal, relation, "-", "own rows", faults);
        let faults = listed(stage, &accounts, principal, client, "");
        outcomes.push(own_rows("listAuditEvents", "everything", faults));
        let (_, admin) = caller(stage, "registry admin");
        let private = &stage.ids["mouprivate"];
        let mut faults = listed(stage, &accounts, principal, client, &format!("&record={private}"));
        let page = client.get(&format!("/api/v1/audit-events?record={private}")).json();
        let is_empty = page["items"].as_array().is_none_or(Vec::is_empty);
        if is_empty && owns(&stage.world, principal, stage.world.record("mouprivate")) {
            faults.push(format!("{page}"));
        }
        outcomes.push(own_rows("listAuditEvents", "what was done to private", faults));
        let page = admin.get("/api/v1/audit-events?limit=200").json();
        let foreign = page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|event| !is_of(stage, &accounts, principal, event));
        let Some(seq) = foreign.and_then(|event| event["seq"].as_i64()) else {
            continue;
        };
        let reply = client.get(&format!("/api/v1/audit-events/{seq}"));
        let faults = compare(&reply, (404, "record-not-found"));
        outcomes.push(own_rows("getAuditEvent", "row of others", faults));
    }
    outcomes
}

/// Was it done by the caller's own side?
fn is_by(stage: &Stage<'_>, principal: &Principal, event: &Value) -> bool {
    match stage.ids.iter().find(|(_, id)| event["office_id"] == id.as_str()) {
        Some((office, _)) => acts_for_caller(&stage.world, principal, office),
        None => principal.office.is_none(),
    }
}

/// Clients, tokens and links with the office that each acts for.
struct Accounts(BTreeMap<String, String>);

impl Accounts {
    fn of(stage: &Stage<'_>) -> Accounts {
        let mut look = Look::into(stage.app.database().url());
        let texts = look.texts(
            "SELECT id || ' ' || office_id AS text FROM clients WHERE office_id IS NOT NULL
             UNION ALL SELECT tokens.id || ' ' || office_id FROM tokens, clients
             WHERE clients.id = client_id AND office_id IS NOT NULL
             UNION ALL SELECT identity_id || ' ' || office_id FROM links_ever_made, clients
             WHERE clients.id = client_id AND office_id IS NOT NULL",
        );
        let pairs = texts.iter().filter_map(|text| text.split_once(' '));
        Accounts(pairs.map(|(id, office)| (id.to_owned(), office.to_owned())).collect())
    }

    /// Does the caller act for the office of this one?
    fn is_of(&self, stage: &Stage<'_>, principal: &Principal, id: &Value) -> bool {
        let office = id.as_str().and_then(|id| self.0.get(id));
        let key = office.and_then(|office| stage.ids.iter().find(|(_, id)| *id == office));
        key.is_some_and(|(key, _)| acts_for_caller(&stage.world, principal, key))
    }
}

/// Is the row the caller's: by what was done, to what, or whose records it says were shown?
fn is_of(stage: &Stage<'_>, accounts: &Accounts, principal: &Principal, event: &Value) -> bool {
    let disclosed = event["disclosed"].as_array().into_iter().flatten();
    let owns = |id: &Value| {
        let record = stage
            .world
            .records
            .iter()
            .find(|record| *id == stage.ids[&record.key].as_str());
        record.is_some_and(|record| acts_for_caller(&stage.world, principal, &record.owner))
            || accounts.is_of(stage, principal, id)
    };
    is_by(stage, principal, event) || disclosed.chain([&event["target_id"]]).any(owns)
}

fn listed(stage: &Stage<'_>, accounts: &Accounts, principal: &Principal, client: &Client, filter: &str) -> Vec<String> {
    let reply = client.get(&format!("/api/v1/audit-events?limit=200{filter}"));
    if reply.status != 200 {
        return vec![format!("{} {}", reply.status, reply.text)];
    }
    let page = reply.json();
    let mut faults = Vec::new();
    for event in page["items"].as_array().into_iter().flatten() {
        if !is_of(stage, accounts, principal, event) {
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
