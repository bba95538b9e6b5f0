//! Every operation with every kind of credentials.

use eduaccord::auth::scope::Scope;
use serde_json::json;

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::answers::code_of;
use crate::support::client::{Client, Reply};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_operation_asks_for_a_token_and_for_its_scope,
        every_action_asks_for_its_own_scope,
    ]
}

fn faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let damaged = damaged_token(stage);
    for operation in &stage.operations {
        let expect = |faults: &mut Vec<String>, who: &str, caller: &Client, wanted: &[(u16, &str)]| {
            let reply = stage.ask(caller, operation, "");
            if !wanted
                .iter()
                .any(|(status, code)| reply.status == *status && code_of(&reply) == *code)
            {
                let name = operation.name();
                faults.push(format!(
                    "{name} {who}: {} {}, not {wanted:?}",
                    reply.status,
                    code_of(&reply)
                ));
            }
            reply
        };
        if operation.is_public {
            let reply = stage.ask(&stage.app.anonymous(), operation, "");
            if matches!(reply.status, 401 | 403) {
                faults.push(format!("{} is public: {}", operation.name(), reply.status));
            }
            continue;
        }
        let anonymous = stage.app.anonymous();
        if operation.is_by_client {
            let reply = anonymous.form(
                &operation.path,
                &[
                    ("grant_type", "client_credentials"),
                    ("client_id", "x"),
                    ("client_secret", "y"),
                ],
            );
            if (reply.status, code_of(&reply).as_str()) != (401, "invalid-client") {
                faults.push(format!(
                    "{} without a client: {} {}",
                    operation.name(),
                    reply.status,
                    reply.text
                ));
            }
            continue;
        }
        let reply = expect(&mut faults, "without a token", &anonymous, &[(401, "token-required")]);
        check_challenge(operation, &reply, &mut faults);
        let invalid = [(401, "invalid-token")];
        for (who, authorization) in [
            ("with garbage", "Bearer nonsense".to_owned()),
            ("with an empty token", "Bearer ".to_owned()),
            ("with another scheme", "Basic dXNlcjpwYXNz".to_owned()),
            ("with a damaged token", format!("Bearer {damaged}")),
        ] {
            let caller = anonymous.header("authorization", &authorization);
            let reply = expect(&mut faults, who, &caller, &invalid);
            check_challenge(operation, &reply, &mut faults);
        }
        scope_faults(stage, operation, &mut faults);
    }
    faults
}

/// What shows records of several kinds needs, beside its own scope, one of those that read such a kind.
const COMPANIONS: &[(&str, &[&str])] = &[(
    "/api/v1/changes",
    &["offices:read", "policies:read", "mous:read", "programs:read"],
)];

/// All scopes but the documented ones are refused, naming these; each of them alone is enough, but for [`COMPANIONS`].
fn scope_faults(stage: &Stage<'_>, operation: &Operation, faults: &mut Vec<String>) {
    let name = operation.name();
    if operation.scopes.is_empty() {
        let any = stage.caller(&["webhooks"]);
        let status = stage.ask(&any, operation, "").status;
        if matches!(status, 401 | 403) {
            faults.push(format!("{name} takes any token, yet answers {status}"));
        }
        return;
    }
    let documented: Vec<&str> = operation.scopes.iter().map(String::as_str).collect();
    let others = all_but(&documented);
    let reply = stage.ask(&stage.caller(&others), operation, "");
    refusal_faults(&name, &reply, &documented, &others, faults);
    for scope in documented {
        let mut scopes = vec![scope];
        if let Some((_, companions)) = COMPANIONS.iter().find(|(path, _)| *path == operation.path) {
            let reply = stage.ask(&stage.caller(&scopes), operation, "");
            if reply.status != 403 || reply.json()["missing_scopes"] != json!(companions) {
                faults.push(format!("{name} with {scope} alone: {} {}", reply.status, reply.text));
            }
            scopes.push(companions[0]);
        }
        let reply = stage.ask(&stage.caller(&scopes), operation, "");
        // Who manages tokens with this scope alone may give nobody more; and an action asks for its own scope.
        let is_other_action = operation.scopes.len() > 1 && reply.json()["missing_scopes"] != json!([scope]);
        let refused = matches!(reply.status, 401 | 403) && code_of(&reply) != "not-grantable" && !is_other_action;
        if refused || reply.status >= 500 {
            faults.push(format!("{name} with {scope} alone: {} {}", reply.status, reply.text));
        }
    }
}

fn all_but(documented: &[&str]) -> Vec<&'static str> {
    let all = Scope::ALL.iter().map(|scope| scope.as_str());
    all.filter(|scope| !documented.contains(scope)).collect()
}

/// A refusal names the scopes that are missing and those that are there.
fn refusal_faults(name: &str, reply: &Reply, missing: &[&str], held: &[&str], faults: &mut Vec<String>) {
    if reply.status != 403 || code_of(reply) != "missing-scope" {
        faults.push(format!(
            "{name} without {missing:?}: {} {}",
            reply.status,
            code_of(reply)
        ));
        return;
    }
    let told = reply.json();
    if told["missing_scopes"] != json!(missing) || told["granted_scopes"] != json!(held) {
        faults.push(format!("{name} does not name {missing:?}: {}", reply.text));
    }
    let challenge = reply.header("www-authenticate").unwrap_or_default();
    let scope = format!("scope=\"{}\"", missing.join(" "));
    if !challenge.contains("error=\"insufficient_scope\"") || !challenge.contains(&scope) {
        faults.push(format!("{name}: WWW-Authenticate is {challenge:?} without {missing:?}"));
    }
}

/// Every action needs its own scope, and no other one: with it alone an action is not refused for want of a scope.
fn every_action_asks_for_its_own_scope(app: &TestApp) {
    let stage = Stage::new(app);
    let mut faults = Vec::new();
    let mut asked = 0;
    for operation in stage
        .operations
        .iter()
        .filter(|operation| operation.path.ends_with("/actions"))
    {
        let component = operation
            .body
            .as_ref()
            .map(|body| body.component.clone())
            .unwrap_or_default();
        let schema = stage.document["components"]["schemas"][&component].clone();
        let path = stage.path(operation);
        for (action, scope) in schema["x-scopes"].as_object().into_iter().flatten() {
            let scope = scope.as_str().unwrap_or_default();
            let others = all_but(&[scope]);
            let examples = schema["examples"].as_array().cloned().unwrap_or_default();
            let body = examples
                .iter()
                .find(|example| example["action"] == *action)
                .cloned()
                .unwrap_or_default();
            let send = |scopes: &[&str]| {
                let caller = stage.caller(scopes).header("if-match", "*");
                caller.post(&path, &body)
            };
            refusal_faults(
                &format!("{action} at {path}"),
                &send(&others),
                &[scope],
                &others,
                &mut faults,
            );
            let reply = send(&[scope]);
            if matches!(code_of(&reply).as_str(), "missing-scope" | "registry-only") {
                faults.push(format!("{action} at {path} with {scope} alone: {}", reply.text));
            }
            asked += 1;
        }
    }
    none(&faults);
    assert!(asked >= 9, "transfer and redact of four kinds, and merge_into: {asked}");
}

fn check_challenge(operation: &Operation, reply: &Reply, faults: &mut Vec<String>) {
    let challenge = reply.header("www-authenticate").unwrap_or_default();
    if reply.status == 401 && !challenge.starts_with("Bearer ") {
        faults.push(format!("{}: WWW-Authenticate is {challenge:?}", operation.name()));
    }
}

/// A real token with one character of it changed, so that its checksum does not fit.
fn damaged_token(stage: &Stage<'_>) -> String {
    let new = eduaccord::auth::secret::make_secret().expect("a secret");
    let _ = stage;
    let last = if new.ends_with('0') { '1' } else { '0' };
    let mut damaged = new;
    damaged.pop();
    damaged.push(last);
    damaged
}

fn every_operation_asks_for_a_token_and_for_its_scope(app: &TestApp) {
    let stage = Stage::new(app);
    none(&faults(&stage));

    let wrong = stage.doctored(|document| {
        document["paths"]["/api/v1/offices"]["get"]["x-scope"] = json!("export");
        document["paths"]["/version"]["get"]["security"] = json!([{ "bearer": [] }]);
        document["paths"]["/api/v1/me"]["get"]["security"] = json!([]);
    });
    let found = faults(&wrong);
    turns_red(&found, "GET /api/v1/offices without [\"export\"]: 200");
    turns_red(&found, "GET /api/v1/offices with export alone: 403");
    turns_red(&found, "GET /version without a token: 200");
    turns_red(&found, "GET /api/v1/me is public: 401");
}
