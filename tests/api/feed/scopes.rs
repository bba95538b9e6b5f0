//! The feed tells of the kinds that a token may read.

use eduaccord::auth::scope::{Role, Scope};
use serde_json::{Value, json};

use super::{now, read, told};
use crate::support::answers::{id, with_query};
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{CHANGES, MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_token_is_told_of_the_kinds_that_it_reads,
        a_kind_that_may_not_be_read_is_refused_by_its_scope,
        a_scope_that_is_added_is_told_from_the_beginning,
        whoever_follows_the_feed_by_role_reads_every_kind,
    ]
}

/// Every kind with the scope to read it.
const KINDS: [(&str, &str); 4] = [
    ("mou", "mous:read"),
    ("office", "offices:read"),
    ("policy", "policies:read"),
    ("program", "programs:read"),
];

/// A record of every kind but offices, all of which everybody sees.
fn fill(parties: &Parties) {
    parties.mou("An MOU", "public", "recorded");
    let a = &parties.a.client;
    let policy = json!({"titles": {"en": "A plan"}, "kind": "annual_plan", "stage": "published"});
    a.create("/api/v1/policies", &policy);
    a.create(
        "/api/v1/programs",
        &json!({"titles": {"en": "A program"}, "kind": "training"}),
    );
}

/// The kinds of which the feed tells.
fn kinds(client: &Client, parameters: &[(&str, &str)]) -> Vec<String> {
    let page = read(client, parameters);
    let items = page["items"].as_array().expect("items").iter();
    let mut kinds: Vec<String> = items
        .map(|item| item["kind"].as_str().expect("a kind").to_owned())
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn a_token_is_told_of_the_kinds_that_it_reads(app: &TestApp) {
    let parties = Parties::new(app);
    fill(&parties);
    assert_eq!(kinds(&parties.c.client, &[]), KINDS.map(|(kind, _)| kind));
    for (kind, scope) in KINDS {
        let reader = app.client_for(&parties.c.id, &["changes:read", scope]);
        assert_eq!(kinds(&reader, &[]), [kind]);
        assert_eq!(kinds(&reader, &[("kinds", kind)]), [kind]);
    }
    let reader = app.client_for(&parties.c.id, &["changes:read", "mous:read", "programs:read"]);
    assert_eq!(kinds(&reader, &[]), ["mou", "program"]);
    let page = read(&reader, &[]).to_string();
    assert!(page.contains("An MOU") && !page.contains("A plan"), "{page}");
    // Nor is it told that a record of another kind is hidden now, or gone.
    let hidden = id(&parties.registry.create(OFFICES, &make::office_body("Hidden", "KR")));
    let start = now(&reader);
    any(&parties.registry)
        .patch(&format!("{OFFICES}/{hidden}"), &json!({"visibility": "private"}))
        .expect(200);
    let gone = id(&parties.registry.create(OFFICES, &make::office_body("Gone", "KR")));
    any(&parties.registry).delete(&format!("{OFFICES}/{gone}")).expect(204);
    let page = read(&reader, &[("since", &start)]);
    assert_eq!(told(&page), []);
    assert_ne!(page["next"], json!(start), "it moves on all the same");
}

fn a_kind_that_may_not_be_read_is_refused_by_its_scope(app: &TestApp) {
    let parties = Parties::new(app);
    fill(&parties);
    let refused = |client: &Client, parameters: &[(&str, &str)], missing: &[&str]| {
        let reply = client.get(&with_query(CHANGES, parameters)).expect(403);
        let challenge = reply.header("www-authenticate").expect("a challenge").to_owned();
        assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
        assert!(
            challenge.contains(&format!("scope=\"{}\"", missing.join(" "))),
            "{challenge}"
        );
        let problem = reply.problem("missing-scope");
        assert_eq!(problem["missing_scopes"], json!(missing), "{problem}");
    };
    let reader = app.client_for(&parties.c.id, &["changes:read", "mous:read"]);
    refused(&reader, &[("kinds", "office")], &["offices:read"]);
    refused(&reader, &[("kinds", "mou,office")], &["offices:read"]);
    refused(
        &reader,
        &[("kinds", "program,policy"), ("since", "now")],
        &["policies:read", "programs:read"],
    );
    // Without a scope to read there is nothing to follow.
    let nothing = app.client_for(&parties.c.id, &["changes:read"]);
    let all = ["offices:read", "policies:read", "mous:read", "programs:read"];
    for parameters in [vec![], vec![("since", "now"), ("wait", "1")]] {
        refused(&nothing, &parameters, &all);
    }
    // A scope that writes is none that reads.
    let writer = app.client_for(&parties.c.id, &["changes:read", "mous:write"]);
    refused(&writer, &[("kinds", "mou")], &["mous:read"]);
}

fn a_scope_that_is_added_is_told_from_the_beginning(app: &TestApp) {
    let parties = Parties::new(app);
    fill(&parties);
    let reader = app.client_for(&parties.c.id, &["changes:read", "mous:read"]);
    let position = now(&reader);
    let me = reader.get("/api/v1/me").expect(200).json();
    let path = format!("/api/v1/clients/{}", me["client_id"].as_str().expect("an id"));
    let scopes = json!({"scopes": ["changes:read", "mous:read", "programs:read"]});
    any(&parties.registry).patch(&path, &scopes).expect(200);
    assert_eq!(kinds(&reader, &[("since", &position)]), [""; 0]);
    assert_eq!(kinds(&reader, &[("since", "begin")]), ["mou", "program"]);
    // And taken away at the next request.
    let fewer = json!({"scopes": ["changes:read", "programs:read"]});
    any(&parties.registry).patch(&path, &fewer).expect(200);
    assert_eq!(kinds(&reader, &[("since", "begin")]), ["program"]);
    let mous: Value = reader.get(MOUS).expect(403).problem("missing-scope");
    assert_eq!(mous["missing_scopes"], json!(["mous:read"]));
}

fn whoever_follows_the_feed_by_role_reads_every_kind(_: &TestApp) {
    for role in Role::ALL {
        let scopes = role.scopes();
        if scopes.contains(Scope::ChangesRead) {
            for (_, scope) in KINDS {
                let scope = Scope::from_text(scope).expect("a scope");
                assert!(scopes.contains(scope), "{} lacks {scope}", role.as_str());
            }
        }
    }
}
