//! Clients and tokens: who is told of whose, and who may change, rotate and end them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{compare, outcome, send};
use super::facts::{Ask, Principal, Shows, Token};
use super::operations::Operation;
use super::oracle::{acts_for_caller, judge};
use super::policy::Row;
use super::run::Outcome;
use super::small_world::is_about_token;
use super::stage::Stage;
use crate::support::client::{Client, Reply};
use crate::support::sample;

/// A sample has one client in so many.
const SHARE: u64 = 8;

/// What is asked of one operation about one client.
struct Deed {
    operation: &'static str,
    path: &'static str,
    body: Option<Value>,
    /// It gives out rights, or changes who has them: the caller must hold all that the client does.
    grants: bool,
}

/// A client that is asked about, and its one token.
struct Holder<'a> {
    principal: &'a Principal,
    client_id: &'a str,
    secret: &'a str,
    token_id: String,
}

fn deeds() -> Vec<Deed> {
    let deed = |operation, path, body: Option<Value>, grants| Deed {
        operation,
        path,
        body,
        grants,
    };
    let (name, reason) = (json!({ "name": "Changed" }), json!({ "reason": "Tried" }));
    vec![
        deed("getClient", "/api/v1/clients/{client}", None, false),
        deed("listClientTokens", "/api/v1/clients/{client}/tokens", None, false),
        deed("getToken", "/api/v1/tokens/{token}", None, false),
        deed("getTokenUsage", "/api/v1/tokens/{token}/usage", None, false),
        deed("updateClient", "/api/v1/clients/{client}", Some(name.clone()), true),
        deed(
            "createToken",
            "/api/v1/clients/{client}/tokens",
            Some(name.clone()),
            true,
        ),
        deed("updateToken", "/api/v1/tokens/{token}", Some(name), true),
        deed("rotateToken", "/api/v1/tokens/{token}/rotate", Some(json!({})), true),
        deed(
            "revokeTokenById",
            "/api/v1/tokens/{token}/revoke",
            Some(reason.clone()),
            false,
        ),
        deed("revokeTokenBySecret", "/api/v1/tokens/revoke", Some(reason), false),
    ]
}

/// Every caller on every client of the living offices and of the registry, or a sample; all changes are rehearsed. Of
/// all operations or, never as a sample, of one.
pub(super) fn run(stage: &Stage<'_>, rows: &[(Row, Operation)], only: Option<&str>) -> Vec<Outcome> {
    let is_asked = |operation: &str| only.is_none_or(|only| only == operation);
    let row_of = |operation: &str| {
        let found = rows.iter().find(|(row, _)| row.operation == operation);
        let (row, operation) = found.unwrap_or_else(|| panic!("policy.md has no row for {operation}"));
        (row, operation)
    };
    let holders = holders(stage);
    let mut outcomes = Vec::new();
    for (principal, client) in &stage.principals {
        for deed in deeds().into_iter().filter(|deed| is_asked(deed.operation)) {
            let (row, operation) = row_of(deed.operation);
            let few = if is_about_token(principal) { 1 } else { holders.len() };
            let is_taken = |holder: &&Holder<'_>| {
                let name = format!("{} | {} | {}", deed.operation, principal.name, holder.principal.name);
                only.is_some() || sample::takes(&name, SHARE)
            };
            for holder in holders.iter().take(few).filter(is_taken) {
                outcomes.push(try_deed(stage, (principal, client), (row, operation), &deed, holder));
            }
        }
        if is_asked("createClient") {
            outcomes.extend(try_creations(stage, (principal, client), row_of("createClient")));
        }
        for name in ["listClients", "listTokens"].into_iter().filter(|name| is_asked(name)) {
            outcomes.push(try_list(stage, (principal, client), row_of(name).0, &holders));
        }
        let own = ["getCurrentToken", "revokeCurrentToken"];
        for name in own.into_iter().filter(|name| is_asked(name)) {
            outcomes.push(try_own(stage, (principal, client), row_of(name)));
        }
    }
    outcomes
}

fn holders<'a>(stage: &'a Stage<'_>) -> Vec<Holder<'a>> {
    let living = stage.principals.iter().map(|(principal, _)| principal);
    let living = living.filter(|principal| {
        principal.token == Token::Valid
            && principal.shows == Shows::Secret
            && !principal.group.starts_with("owner, ")
            && stage.lives(principal)
    });
    living
        .map(|principal| {
            let shown = &stage.shown[&principal.name];
            let path = format!("/api/v1/clients/{}/tokens", shown.client_id);
            let page = stage.admin.get(&path).expect(200).json();
            Holder {
                principal,
                client_id: &shown.client_id,
                secret: &shown.secret,
                token_id: page["items"][0]["id"].as_str().expect("a token").to_owned(),
            }
        })
        .collect()
}

/// Does the caller act for the office of this client?
fn manages(stage: &Stage<'_>, caller: &Principal, holder: &Principal) -> bool {
    match &holder.office {
        Some(office) => acts_for_caller(&stage.world, caller, office),
        None => caller.office.is_none(),
    }
}

/// Does the caller hold all scopes of this client, and may it call from all its networks?
fn may_grant(caller: &Principal, holder: &Principal) -> bool {
    holder.scopes.is_subset(&caller.scopes) && (holder.is_bound || !caller.is_bound)
}

fn try_deed(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    (row, operation): (&Row, &Operation),
    deed: &Deed,
    holder: &Holder<'_>,
) -> Outcome {
    let mut wanted = word_of(stage, row, principal);
    if wanted.0 < 400 {
        if !manages(stage, principal, holder.principal) {
            wanted = (404, "record-not-found");
        } else if deed.grants && !may_grant(principal, holder.principal) {
            wanted = (403, "not-grantable");
        } else if deed.operation == "rotateToken" && principal.name == holder.principal.name {
            wanted = (409, "own-token");
        }
    }
    let path = deed
        .path
        .replace("{client}", holder.client_id)
        .replace("{token}", &holder.token_id);
    let mut body = deed.body.clone();
    if let (Some(body), "revokeTokenBySecret") = (&mut body, deed.operation) {
        body["token"] = json!(holder.secret);
    }
    let reply = send(client, operation, &path, body);
    let mut faults = compare(&reply, wanted);
    if wanted == (404, "record-not-found") && deed.operation != "revokeTokenBySecret" {
        faults.extend(compare_with_absent(client, operation, deed, holder, &reply));
    }
    let relation = format!("of {}", holder.principal.name);
    outcome(deed.operation, principal, &relation, "path", wanted, faults)
}

/// A foreign client or token is answered as one that never existed.
fn compare_with_absent(
    client: &Client,
    operation: &Operation,
    deed: &Deed,
    holder: &Holder<'_>,
    hidden: &Reply,
) -> Vec<String> {
    let none = "0".repeat(26);
    let (no_client, no_token) = (format!("cli_{none}"), format!("tok_{none}"));
    let path = deed.path.replace("{client}", &no_client).replace("{token}", &no_token);
    let absent = send(client, operation, &path, deed.body.clone());
    let mask = |reply: &Reply| {
        let mut text = reply
            .text
            .replace(holder.client_id, &no_client)
            .replace(&holder.token_id, &no_token);
        if let Some(id) = reply.header("x-request-id") {
            text = text.replace(id, "-");
        }
        (reply.status, text)
    };
    if mask(hidden) == mask(&absent) {
        return Vec::new();
    }
    vec![format!(
        "hidden differs from absent: {} and {}",
        hidden.text, absent.text
    )]
}

/// Clients for offices near and far, with scopes that the caller holds, and with one that it lacks.
fn try_creations(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    (row, operation): (&Row, &Operation),
) -> Vec<Outcome> {
    let verdict = word_of(stage, row, principal);
    let every: BTreeSet<String> = super::stage::scopes().iter().map(|scope| (*scope).to_owned()).collect();
    let lacked = every.difference(&principal.scopes).next();
    let held = principal
        .scopes
        .iter()
        .next()
        .cloned()
        .unwrap_or_else(|| "offices:read".to_owned());
    let mut asked: Vec<(String, Option<&str>, String)> = vec![("in its own office".to_owned(), None, held.clone())];
    if let Some(lacked) = lacked {
        asked.push((format!("with {lacked}"), None, lacked.clone()));
    }
    for office in ["a", "aa", "b", "u", "h"]
        .into_iter()
        .filter(|_| !is_about_token(principal))
    {
        asked.push((format!("for office {office}"), Some(office), held.clone()));
    }
    let mut outcomes = Vec::new();
    for (relation, office, scope) in asked {
        let mut wanted = verdict;
        let acts = office.is_none_or(|office| acts_for_caller(&stage.world, principal, office));
        if wanted.0 < 400 && (!acts || !principal.scopes.contains(&scope)) {
            wanted = (403, "not-grantable");
        }
        let mut body = json!({ "name": "Tried", "scopes": [scope] });
        if let Some(office) = office {
            body["office_id"] = json!(stage.ids[office]);
        }
        let reply = send(client, operation, &operation.path, Some(body));
        let mut faults = compare(&reply, wanted);
        if wanted.1 == "not-grantable" && acts && faults.is_empty() && reply.json()["missing_scopes"] != json!([scope])
        {
            faults.push(format!("does not name {scope}: {}", reply.text));
        }
        outcomes.push(outcome("createClient", principal, &relation, "body", wanted, faults));
    }
    outcomes
}

/// A list shows the clients, and the tokens, of the offices that the caller acts for, and no other.
fn try_list(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    row: &Row,
    holders: &[Holder<'_>],
) -> Outcome {
    let wanted = word_of(stage, row, principal);
    let is_of_clients = row.operation == "listClients";
    let path = if is_of_clients {
        "/api/v1/clients"
    } else {
        "/api/v1/tokens"
    };
    let reply = client.get(&format!("{path}?limit=200&include_total=true"));
    let mut faults = compare(&reply, wanted);
    if wanted.0 < 400 && faults.is_empty() {
        let page = reply.json();
        let items = page["items"].as_array().cloned().unwrap_or_default();
        let listed: BTreeSet<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
        if page["page"]["total"] != items.len() {
            faults.push(format!("total {} of {} items", page["page"]["total"], items.len()));
        }
        for holder in holders {
            let id = if is_of_clients {
                holder.client_id
            } else {
                holder.token_id.as_str()
            };
            if listed.contains(id) != manages(stage, principal, holder.principal) {
                faults.push(format!(
                    "what {} has is wrongly shown or left out",
                    holder.principal.name
                ));
            }
        }
        let offices: BTreeMap<&str, &str> = stage.ids.iter().map(|(key, id)| (id.as_str(), key.as_str())).collect();
        for item in items.iter().filter(|_| is_of_clients && principal.office.is_some()) {
            let office = item["office_id"].as_str().and_then(|id| offices.get(id));
            if office.is_none_or(|office| !acts_for_caller(&stage.world, principal, office)) {
                faults.push(format!("shows {item}"));
            }
        }
    }
    outcome(&row.operation, principal, "all", "-", wanted, faults)
}

fn try_own(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    (row, operation): (&Row, &Operation),
) -> Outcome {
    let mut wanted = word_of(stage, row, principal);
    if wanted.0 < 400 && principal.shows == Shows::ForeignToken {
        // The token that another issuer made is none of the registry's.
        wanted = (404, "record-not-found");
    }
    if wanted.0 < 400 && principal.shows == Shows::AccessToken && operation.method == "POST" {
        // It ends alone: nothing is told of its secret.
        wanted = (204, "");
    }
    let body = (operation.method == "POST").then(|| json!({ "reason": "Tried" }));
    let reply = send(client, operation, &operation.path, body);
    let mut faults = compare(&reply, wanted);
    if wanted.0 < 400 && reply.text.contains("eda_live_") {
        faults.push("a secret is shown".to_owned());
    }
    outcome(&row.operation, principal, "own token", "-", wanted, faults)
}

/// What the policy says before anything of the client is looked at.
fn word_of(stage: &Stage<'_>, row: &Row, principal: &Principal) -> (u16, &'static str) {
    let verdict = judge(&stage.world, row, principal, &Ask::default());
    (verdict.status, verdict.code)
}
