//! What nobody may do with clients and tokens whatever they manage: take the last administrator away, shut themselves
//! out by mistake, move a client, link more than they hold; and what they are told of what a token made.

use serde_json::{Value, json};

use super::answers::{Wanted, caller, compare, outcome, send};
use super::facts::{Principal, Shows, Token};
use super::foreign::{ids_of_links, links_of};
use super::operations::Operation;
use super::policy::Row;
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;
use crate::support::look::Look;

/// A network that no test calls from.
const ELSEWHERE: &str = "203.0.113.0/24";

/// All of these cells, or those of one operation. Every change is rehearsed but for what [`of_lineage`] prepares.
pub(super) fn run(stage: &Stage<'_>, rows: &[(Row, Operation)], only: Option<&str>) -> Vec<Outcome> {
    let of = |name: &str| {
        let found = rows.iter().find(|(row, _)| row.operation == name);
        found.map(|(_, operation)| operation)
    };
    let is_asked = |name: &str| only.is_none_or(|only| only == name);
    let mut outcomes = Vec::new();
    for (name, asks) in [
        ("createClient", of_new_clients(stage)),
        ("createToken", of_new_tokens(stage)),
        ("updateClient", of_edits(stage)),
        ("linkClientIdentity", of_links(stage)),
        ("listClientIdentities", of_list_of_links(stage)),
        ("unlinkIdentity", of_cuts(stage)),
    ] {
        if let Some(operation) = of(name).filter(|_| is_asked(name)) {
            outcomes.extend(asks.iter().map(|ask| ask.try_it(stage, operation)));
        }
    }
    let of_last: Vec<(&Operation, Ask)> = of_last_administrator(stage)
        .into_iter()
        .filter(|(name, _)| is_asked(name))
        .filter_map(|(name, ask)| Some((of(name)?, ask)))
        .collect();
    if !of_last.is_empty() {
        with_one_administrator(stage, || {
            outcomes.extend(of_last.iter().map(|(operation, ask)| ask.try_it(stage, operation)));
        });
    }
    if let Some(operation) = of("revokeTokenById").filter(|_| is_asked("revokeTokenById")) {
        outcomes.extend(of_lineage(stage, operation));
    }
    outcomes
}

/// A caller of the owner that may call from where the tests do and from nowhere else.
const BOUND: &str = "owner, from one network";

/// One request.
struct Ask {
    by: (Principal, Client),
    relation: &'static str,
    path: String,
    body: Option<Value>,
    wanted: Wanted,
}

impl Ask {
    fn try_it(&self, stage: &Stage<'_>, operation: &Operation) -> Outcome {
        let (principal, client) = &self.by;
        let path = self.path.replace("{own}", client_of(stage, "owner"));
        let faults = compare(&send(client, operation, &path, self.body.clone()), self.wanted);
        let place = if self.body.is_some() { "body" } else { "path" };
        outcome(&operation.id, principal, self.relation, place, self.wanted, faults)
    }
}

fn ask(
    stage: &Stage<'_>,
    by: &str,
    relation: &'static str,
    path: &str,
    body: impl Into<Option<Value>>,
    wanted: Wanted,
) -> Ask {
    Ask {
        by: caller(stage, by).clone(),
        relation,
        path: path.to_owned(),
        body: body.into(),
        wanted,
    }
}

fn client_of<'a>(stage: &'a Stage<'_>, name: &str) -> &'a str {
    &stage.shown[name].client_id
}

fn token_of(stage: &Stage<'_>, name: &str) -> String {
    let path = format!("/api/v1/clients/{}/tokens", client_of(stage, name));
    let page = stage.admin.get(&path).expect(200).json();
    page["items"][0]["id"].as_str().expect("a token").to_owned()
}

/// Clients in, and outside of, the network of their maker.
fn of_new_clients(stage: &Stage<'_>) -> Vec<Ask> {
    [
        ("without networks", json!(null), (201, "")),
        ("in its network", json!(["127.0.0.0/9", "127.128.0.1"]), (201, "")),
        (
            "in its network and another",
            json!(["127.0.0.1", ELSEWHERE]),
            (403, "not-grantable"),
        ),
        ("around its network", json!(["0.0.0.0/0"]), (403, "not-grantable")),
    ]
    .into_iter()
    .map(|(relation, networks, wanted)| {
        let body = json!({ "name": "Tried", "scopes": ["mous:read"], "networks": networks });
        ask(stage, BOUND, relation, "/api/v1/clients", body, wanted)
    })
    .collect()
}

/// Secrets for elsewhere, and for longer than their maker was given.
fn of_new_tokens(stage: &Stage<'_>) -> Vec<Ask> {
    let (path, outgrown) = ("/api/v1/clients/{own}/tokens", (422, "invalid-document"));
    let life = |name, relation, days: i64, wanted| {
        ask(stage, name, relation, path, json!({ "expires_in_days": days }), wanted)
    };
    let subject = "owner, subject of another issuer";
    vec![
        ask(
            stage,
            BOUND,
            "of a client without networks",
            path,
            json!({}),
            (403, "not-grantable"),
        ),
        life("owner", "for 366 days", 366, (201, "")),
        life(subject, "for 90 days", 90, (201, "")),
        life(subject, "for 91 days", 91, outgrown),
    ]
}

/// The owner's client moved, and fenced.
fn of_edits(stage: &Stage<'_>) -> Vec<Ask> {
    let path = "/api/v1/clients/{own}";
    let confirmed = "/api/v1/clients/{own}?confirm_fence=true";
    let (unit, fence) = (
        json!({ "office_id": stage.ids["aa"] }),
        json!({ "networks": [ELSEWHERE] }),
    );
    let moved = "the owner's, to a unit";
    let fenced = "the owner's, away from its network";
    vec![
        ask(stage, "owner", moved, path, unit.clone(), (403, "not-your-part")),
        ask(
            stage,
            "parent of the owner",
            moved,
            path,
            unit.clone(),
            (403, "not-your-part"),
        ),
        ask(stage, "registry admin", moved, path, unit, (200, "")),
        ask(stage, "owner", fenced, path, fence.clone(), (409, "fence-excludes-you")),
        ask(
            stage,
            "owner",
            "the owner's, away and meant",
            confirmed,
            fence.clone(),
            (200, ""),
        ),
        ask(
            stage,
            "owner",
            "the owner's, around its network",
            path,
            json!({ "networks": [ELSEWHERE, "127.0.0.1"] }),
            (200, ""),
        ),
        ask(stage, "parent of the owner", fenced, path, fence, (200, "")),
        ask(
            stage,
            BOUND,
            "of another network",
            path,
            json!({ "name": "Changed" }),
            (403, "not-grantable"),
        ),
    ]
}

/// A subject is linked by the registry, by one who holds all that the client does.
fn of_links(stage: &Stage<'_>) -> Vec<Ask> {
    let body = json!({ "issuer": "https://issuer.example", "subject": "somebody" });
    let path = links_of("{own}");
    let weak = Principal {
        name: "registry, admin alone".to_owned(),
        group: "registry, admin alone".to_owned(),
        token: Token::Valid,
        office: None,
        scopes: ["admin".to_owned()].into(),
        shows: Shows::Secret,
        is_bound: false,
    };
    let relation = "the owner's client";
    let mut asks = vec![
        ask(stage, "owner", relation, &path, body.clone(), (403, "registry-only")),
        ask(stage, "registry admin", relation, &path, body.clone(), (201, "")),
    ];
    asks.push(Ask {
        by: (weak.clone(), stage.make_caller(&weak).0),
        ..ask(stage, "owner", relation, &path, body.clone(), (403, "missing-scope"))
    });
    asks.push(ask(
        stage,
        "registry, from one network",
        "a client without networks",
        &path,
        body,
        (403, "not-grantable"),
    ));
    asks
}

fn of_list_of_links(stage: &Stage<'_>) -> Vec<Ask> {
    [("owner", (403, "registry-only")), ("registry admin", (200, ""))]
        .into_iter()
        .map(|(name, wanted)| ask(stage, name, "the owner's client", &links_of("{own}"), None, wanted))
        .collect()
}

fn of_cuts(stage: &Stage<'_>) -> Vec<Ask> {
    let linked = "owner, subject of another issuer";
    let links = ids_of_links(&stage.admin, client_of(stage, linked));
    let path = format!("/api/v1/identities/{}", links.first().expect("a link"));
    [
        ("owner", (403, "registry-only")),
        (linked, (403, "registry-only")),
        ("registry admin", (204, "")),
    ]
    .into_iter()
    .map(|(name, wanted)| ask(stage, name, "a subject of the owner's office", &path, None, wanted))
    .collect()
}

/// Every way to lose the one administrator that is left.
fn of_last_administrator(stage: &Stage<'_>) -> Vec<(&'static str, Ask)> {
    let name = "registry admin";
    let (client, token) = (client_of(stage, name), token_of(stage, name));
    let (client, one) = (format!("/api/v1/clients/{client}"), format!("/api/v1/tokens/{token}"));
    let soon = eduaccord::clock::format_instant(eduaccord::clock::now() + chrono::TimeDelta::hours(1));
    let way = |operation, path: &str, body: Value| {
        let wanted = (409, "last-admin");
        (
            operation,
            ask(stage, name, "the last administrator", path, body, wanted),
        )
    };
    let fence = format!("{client}?confirm_fence=true");
    vec![
        way("updateClient", &client, json!({ "state": "suspended" })),
        way(
            "updateClient",
            &client,
            json!({ "scopes": ["mous:read", "tokens:office"] }),
        ),
        way("updateClient", &client, json!({ "office_id": stage.ids["a"] })),
        way("updateClient", &fence, json!({ "networks": [ELSEWHERE] })),
        way("updateToken", &one, json!({ "expires_at": soon })),
        way("revokeTokenById", &format!("{one}/revoke"), json!({})),
        way(
            "revokeTokenBySecret",
            "/api/v1/tokens/revoke",
            json!({ "token": token }),
        ),
        way("revokeCurrentToken", "/api/v1/tokens/current/revoke", json!({})),
    ]
}

/// All administrators but one are suspended meanwhile.
fn with_one_administrator(stage: &Stage<'_>, work: impl FnOnce()) {
    let mut look = Look::into(stage.app.database().url());
    let last = client_of(stage, "registry admin");
    let others = look.texts(&format!(
        "SELECT id AS text FROM clients WHERE office_id IS NULL AND state = 'active' AND id <> '{last}'"
    ));
    let mut set = |state: &str| {
        look.execute(&format!(
            "UPDATE clients SET state = '{state}' WHERE id IN ('{}'); UPDATE registry_state SET epoch = epoch + 1",
            others.join("', '")
        ));
    };
    set("suspended");
    work();
    set("active");
}

/// A token of the owner made a client that is another office's by now: of that only the registry is told.
fn of_lineage(stage: &Stage<'_>, operation: &Operation) -> Vec<Outcome> {
    let (_, owner) = caller(stage, "owner");
    let made = owner.create("/api/v1/clients", &json!({ "name": "Made", "scopes": ["mous:read"] }));
    let made = made["id"].as_str().expect("an id");
    let moved = json!({ "office_id": stage.ids["u"] });
    let path = format!("/api/v1/clients/{made}");
    stage.admin.header("if-match", "*").patch(&path, &moved).expect(200);
    let path = format!("/api/v1/tokens/{}/revoke", token_of(stage, "owner"));
    let mut outcomes = Vec::new();
    for (name, is_told) in [
        ("owner", false),
        ("parent of the owner", false),
        ("registry admin", true),
    ] {
        let (principal, client) = caller(stage, name);
        let reply = send(client, operation, &path, Some(json!({ "cascade": true })));
        let mut faults = compare(&reply, (200, ""));
        if faults.is_empty() && (reply.text.contains(made) != is_told || (reply.json()["hidden"] == 0) != is_told) {
            faults.push(format!("{} was told, or not told, of {made}", reply.text));
        }
        let relation = "the owner's, which made another's";
        outcomes.push(outcome(&operation.id, principal, relation, "path", (200, ""), faults));
    }
    outcomes
}
