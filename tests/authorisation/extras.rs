//! Cells that do not fit the grid: what is asked without a token on every path, and answers that are kept for a repeat.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::answers::{caller, compare, outcome};
use super::cells::id_of;
use super::check::masked;
use super::documents::minimal;
use super::facts::Kind;
use super::operations::Operation;
use super::policy::Row;
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;
use crate::support::look::Look;

/// OPTIONS tells which methods a path takes, to everybody, and nothing of what is there.
pub(super) fn options(stage: &Stage<'_>, rows: &[(Row, Operation)]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (row, operation) in rows {
        for name in ["no token", "revoked token", "unrelated office", "owner"] {
            let (principal, client) = caller(stage, name);
            let ask = |target| {
                let kind = operation.kind.unwrap_or(Kind::Mou);
                let id = id_of(stage, kind, target);
                let path = operation
                    .path
                    .replace("{id}", &id)
                    .replace("{key}", "key")
                    .replace("{system}", "own");
                let path = path
                    .replace("{version}", "1")
                    .replace("{code}", "not-found")
                    .replace("{page}", "admins");
                let reply = client.raw("OPTIONS", &path, &[], b"");
                (reply.status, masked(&reply, &[id]))
            };
            let hidden = stage
                .world
                .record(&format!("{}private", operation.kind.unwrap_or(Kind::Mou).name()));
            let (absent, present) = (ask(None), ask(Some(hidden)));
            let is_right = absent.0 == 204 && absent == present;
            let fault = (!is_right).then(|| format!("{present:?}, not 204 and the same as {absent:?}"));
            let faults = fault.into_iter().collect();
            outcomes.push(outcome(
                &row.operation,
                principal,
                "private",
                "options",
                (204, ""),
                faults,
            ));
        }
    }
    outcomes
}

/// What was answered to one client under a key is never answered to another.
pub(super) fn repeats(stage: &Stage<'_>) -> Vec<Outcome> {
    static RUNS: AtomicUsize = AtomicUsize::new(1);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let mut outcomes = Vec::new();
    for (kind, operation) in [
        (Kind::Office, "createOffice"),
        (Kind::Policy, "createPolicy"),
        (Kind::Mou, "createMou"),
        (Kind::Program, "createProgram"),
    ] {
        let mut body = minimal(kind, &format!("zq.kept.{run}.zq"), &stage.ids["a"], &stage.ids);
        body["owner_office_id"] = json!(stage.ids["a"]);
        body["visibility"] = json!("private");
        let send = |client: &Client| {
            let path = format!("/api/v1/{}", kind.plural());
            client
                .header("idempotency-key", &format!("run-{run}"))
                .post(&path, &body)
        };
        for (name, status, code, replayed) in [
            ("owner", 201, "", None),
            ("owner", 201, "", Some("true")),
            ("party", 403, "not-your-part", None),
            ("unit of the owner", 403, "not-your-part", None),
            ("unrelated office", 403, "not-your-part", None),
            ("revoked token", 401, "token-revoked", None),
            ("suspended client", 401, "token-revoked", None),
            ("no token", 401, "token-required", None),
        ] {
            let (principal, client) = caller(stage, name);
            let (reply, wanted) = (send(client), (status, code));
            let mut faults = compare(&reply, wanted);
            let is_shown = reply.status != 201 && reply.text.contains("zq.");
            if reply.header("idempotent-replayed") != replayed || is_shown {
                faults.push(format!("{} {}", reply.status, reply.text));
            }
            let relation = "answer to the owner";
            outcomes.push(outcome(
                operation,
                principal,
                relation,
                "idempotency key",
                wanted,
                faults,
            ));
        }
    }
    outcomes
}

/// A token that ends is refused at the very next request, though it counted a moment ago.
pub(super) fn endings(stage: &Stage<'_>) -> Vec<Outcome> {
    let ends = [
        ("expired token", 401, "token-expired"),
        ("revoked token", 401, "token-revoked"),
        ("suspended client", 401, "token-revoked"),
        ("from elsewhere", 403, "network-not-allowed"),
        ("subject whose link was cut", 401, "identity-not-linked"),
    ];
    ends.into_iter()
        .map(|(name, status, code)| {
            let (principal, _) = caller(stage, name);
            let faults = compare(&stage.make_caller(principal).0.get("/api/v1/me"), (status, code));
            outcome("getMe", principal, "at the next request", "-", (status, code), faults)
        })
        .collect()
}

/// An access token whose client lost a right since it was made.
pub(super) fn lost_rights(stage: &Stage<'_>) -> Vec<Outcome> {
    let (principal, _) = caller(stage, "owner, access token");
    let (client, shown) = stage.make_caller(principal);
    let client_id = shown.expect("a client").client_id;
    Look::into(stage.app.database().url()).execute(&format!(
        "UPDATE clients SET scopes = 'mous:read' WHERE id = '{client_id}'; UPDATE registry_state SET epoch = epoch + 1"
    ));
    let wanted = (401, "rights-changed");
    let faults = compare(&client.get("/api/v1/me"), wanted);
    vec![outcome(
        "getMe",
        principal,
        "after a scope was taken",
        "-",
        wanted,
        faults,
    )]
}

/// A deletion that is refused names the referrers that the caller sees, and counts the others.
pub(super) fn referrers(stage: &Stage<'_>) -> Vec<Outcome> {
    let referrer = stage.world.record("programreferrer");
    let path = format!("/api/v1/mous/{}?dry_run=true", stage.ids["mouofparty"]);
    let mut outcomes = Vec::new();
    for (name, sees) in [("party", false), ("owner", true), ("registry admin", true)] {
        let (principal, client) = caller(stage, name);
        let reply = client.header("if-match", "*").delete(&path);
        let wanted = if name == "owner" {
            (403, "not-your-part")
        } else {
            (409, "referenced")
        };
        let mut faults = compare(&reply, wanted);
        let names = reply.text.contains(stage.ids[&referrer.key].as_str());
        let hidden = &reply.json()["hidden_referrers"];
        if wanted.0 != 403 && (names != sees || hidden != &json!(i32::from(!sees))) {
            faults.push(format!("names the wrong referrers: {}", reply.text));
        }
        outcomes.push(outcome(
            "deleteMou",
            principal,
            "referred by a hidden one",
            "-",
            wanted,
            faults,
        ));
    }
    outcomes
}
