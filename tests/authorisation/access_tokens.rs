//! Access tokens: who gets one, and who is told what of whose.

use super::answers::{compare, expecting, outcome, wanted_text};
use super::facts::{Principal, Shows, Token};
use super::oracle::acts_for_caller;
use super::run::Outcome;
use super::stage::Stage;
use crate::support::client::Client;
use crate::support::credentials::Credentials;

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
        let reply = client.form("/oauth/revoke", &[("token", "nonsense")]);
        let wanted = (200, "");
        outcomes.push(outcome(
            "revokeToken",
            principal,
            "no token",
            "-",
            wanted,
            compare(&reply, wanted),
        ));
    }
    outcomes
}

fn issue(stage: &Stage<'_>, principal: &Principal, shown: &Credentials) -> Outcome {
    let reply = stage.app.anonymous().form("/oauth/token", &shown.fields());
    let wanted = match principal.token {
        Token::Elsewhere => (403, "network-not-allowed"),
        _ if counts(stage, principal) => (200, ""),
        _ => (401, "invalid-client"),
    };
    outcome(
        "issueToken",
        principal,
        "own secret",
        "-",
        wanted,
        compare(&reply, wanted),
    )
}

fn introspect(
    stage: &Stage<'_>,
    (principal, client): (&Principal, &Client),
    holder: &Principal,
    shown: &Credentials,
) -> Outcome {
    let reply = client.form("/oauth/introspect", &[("token", &shown.secret)]);
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
    let mut told = wanted_text(wanted);
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
    expecting(
        "introspectToken",
        principal,
        &format!("token of {}", holder.name),
        "-",
        &told,
        faults,
    )
}

fn counts(stage: &Stage<'_>, principal: &Principal) -> bool {
    principal.token == Token::Valid && stage.lives(principal)
}
