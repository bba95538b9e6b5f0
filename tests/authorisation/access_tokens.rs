//! Access tokens: who gets one, and who is told what of whose.

use serde_json::Value;

use super::facts::{Principal, Shows, Token};
use super::oracle::acts_for_caller;
use super::run::Outcome;
use super::stage::{Shown, Stage};
use crate::support::client::{Client, Reply};

/// Sends a form.
pub(super) fn send_form(client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let media_type = [("content-type", "application/x-www-form-urlencoded")];
    client.raw("POST", path, &media_type, form.as_bytes())
}

/// The access token for an id and a secret.
pub(super) fn ask_for_token(anonymous: &Client, shown: &Shown) -> Reply {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", shown.client_id.as_str()),
        ("client_secret", shown.secret.as_str()),
    ];
    send_form(anonymous, "/oauth/token", &fields)
}

/// Every caller asks for an access token, and asks what the tokens of others are.
pub(super) fn run(stage: &Stage<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let plain = |(principal, _): &&(Principal, Client)| {
        !principal.group.starts_with("owner, ") && principal.shows == Shows::Secret
    };
    for (principal, client) in stage.principals.iter().filter(plain) {
        if let Some(shown) = stage.shown.get(&principal.name) {
            outcomes.push(issue(stage, principal, shown));
        }
        for (holder, _) in stage.principals.iter().filter(plain) {
            if let Some(shown) = stage.shown.get(&holder.name) {
                outcomes.push(introspect(stage, (principal, client), holder, shown));
            }
        }
        let reply = send_form(client, "/oauth/revoke", &[("token", "nonsense")]);
        let faults = if reply.status == 200 {
            Vec::new()
        } else {
            vec![format!("{} {}", reply.status, reply.text)]
        };
        outcomes.push(outcome("revokeToken", principal, "no token", "200 ok", faults));
    }
    outcomes
}

fn issue(stage: &Stage<'_>, principal: &Principal, shown: &Shown) -> Outcome {
    let reply = ask_for_token(&stage.app.anonymous(), shown);
    let wanted = match principal.token {
        Token::Elsewhere => (403, "network-not-allowed"),
        _ if counts(stage, principal) => (200, ""),
        _ => (401, "invalid-client"),
    };
    outcome(
        "issueToken",
        principal,
        "own secret",
        &word(wanted),
        compare(&reply, wanted),
    )
}

fn introspect(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    holder: &Principal,
    shown: &Shown,
) -> Outcome {
    let reply = send_form(client, "/oauth/introspect", &[("token", &shown.secret)]);
    let wanted = match principal.token {
        Token::Missing => (401, "token-required"),
        Token::Malformed | Token::BadChecksum | Token::Unknown => (401, "invalid-token"),
        Token::Expired => (401, "token-expired"),
        Token::Revoked | Token::Suspended => (401, "token-revoked"),
        Token::Unlinked | Token::Cut | Token::LinkedElsewhere => (401, "identity-not-linked"),
        _ if !stage.lives(principal) => (401, "token-revoked"),
        Token::Outdated => (401, "rights-changed"),
        Token::Elsewhere => (403, "network-not-allowed"),
        Token::Valid => (200, ""),
    };
    let mut faults = compare(&reply, wanted);
    let mut told = word(wanted);
    if wanted.0 == 200 && faults.is_empty() {
        // From where a token may be used is not asked here.
        let ends = counts(stage, holder) || holder.token == Token::Elsewhere;
        let knows = match &holder.office {
            Some(office) => acts_for_caller(&stage.world, principal, office),
            None => principal.office.is_none(),
        };
        told = format!("200 {}", if ends && knows { "active" } else { "not active" });
        let answer = reply.json();
        if answer["active"] != (ends && knows)
            || (!(ends && knows) && answer.as_object().map(serde_json::Map::len) != Some(1))
        {
            faults.push(format!("{answer}, not {told}"));
        }
    }
    outcome(
        "introspectToken",
        principal,
        &format!("token of {}", holder.name),
        &told,
        faults,
    )
}

fn counts(stage: &Stage<'_>, principal: &Principal) -> bool {
    principal.token == Token::Valid && stage.lives(principal)
}

fn word((status, code): (u16, &str)) -> String {
    format!("{status} {}", if code.is_empty() { "ok" } else { code })
}

fn compare(reply: &Reply, (status, code): (u16, &str)) -> Vec<String> {
    let body: Value = serde_json::from_str(&reply.text).unwrap_or_default();
    if reply.status == status && body["code"].as_str().unwrap_or_default() == code {
        Vec::new()
    } else {
        vec![format!("{} {}, not {status} {code}", reply.status, reply.text)]
    }
}

fn outcome(operation: &str, principal: &Principal, relation: &str, expected: &str, faults: Vec<String>) -> Outcome {
    Outcome {
        operation: operation.to_owned(),
        principal: principal.name.clone(),
        group: principal.group.clone(),
        relation: relation.to_owned(),
        place: "-",
        expected: expected.to_owned(),
        faults,
    }
}
