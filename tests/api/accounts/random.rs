//! Random callers make, rotate and change clients and tokens: none ever gets a right that whoever gave it lacked, and
//! somebody can always administer the registry.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Minted, edit, office};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::random::Random;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![no_sequence_gives_more_than_its_author_has]
}

/// The scopes that are handed around.
const SCOPES: &[&str] = &["tokens:office", "mous:read", "mous:write", "export", "admin"];

/// Requests of one run.
const STEPS: usize = 400;

/// Some of the scopes.
fn some_scopes(random: &mut Random) -> Vec<&'static str> {
    SCOPES.iter().copied().filter(|_| random.toss()).collect()
}

/// What a caller may do at this moment; none when its token does not count.
#[derive(Debug, Clone)]
struct Rights {
    office: Option<String>,
    scopes: BTreeSet<String>,
}

fn rights(caller: &Client) -> Option<Rights> {
    let reply = caller.get("/api/v1/me");
    (reply.status == 200).then(|| {
        let me = reply.json();
        Rights {
            office: me["office_id"].as_str().map(str::to_owned),
            scopes: texts(&me["scopes"]),
        }
    })
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Two offices, one the unit of the other.
struct Tree {
    above: String,
    unit: String,
}

impl Tree {
    /// Does a caller of the one office act for the other? None is the registry.
    fn acts_for(&self, own: Option<&str>, other: Option<&str>) -> bool {
        match (own, other) {
            (None, _) => true,
            (Some(own), Some(other)) => own == other || (own == self.above && other == self.unit),
            (Some(_), None) => false,
        }
    }
}

fn no_sequence_gives_more_than_its_author_has(app: &TestApp) {
    let admin = app.admin();
    let tree = Tree {
        above: office(&admin, "Above"),
        unit: String::new(),
    };
    let mut unit = crate::support::make::office_body("Unit", "KR");
    unit["parent_id"] = json!(tree.above);
    let unit = id(&admin.create("/api/v1/offices", &unit));
    let tree = Tree { unit, ..tree };
    let mut random = Random(20_261_122);
    let mut tokens: Vec<Minted> = Vec::new();
    // Some to begin with, of each office, so that much is allowed.
    for office in [None, None, Some(&tree.above), Some(&tree.unit)] {
        tokens.push(super::mint(&admin, office.map(String::as_str), SCOPES));
    }
    admin.post(&format!("{TOKENS}/current/revoke"), &json!({})).expect(200);
    let mut done = 0;
    for step in 0..STEPS {
        let caller = tokens[random.below(tokens.len())].caller(app);
        let before = rights(&caller);
        let target = random.below(tokens.len());
        let reply = match random.below(8) {
            0 | 1 => {
                let office = random.of(&[None, Some(&tree.above), Some(&tree.unit)]);
                let body = json!({"name": "x", "scopes": some_scopes(&mut random), "office_id": office});
                let made = caller.post(CLIENTS, &body);
                match made.status {
                    201 => caller.post(&format!("{CLIENTS}/{}/tokens", id(&made.json())), &json!({})),
                    _ => made,
                }
            }
            2 => caller.post(&format!("{}/tokens", tokens[target].client_path()), &json!({})),
            3 => caller.post(
                &format!("{}/rotate", tokens[target].path()),
                &json!({"grace_seconds": 600}),
            ),
            4 | 5 => edit(&caller, &tokens[target], &json!({"scopes": some_scopes(&mut random)})),
            6 => edit(
                &caller,
                &tokens[target],
                &json!({"state": random.of(&["active", "suspended"])}),
            ),
            _ => any(&caller).post(
                &format!("{}/revoke", tokens[target].path()),
                &json!({"cascade": random.below(4) == 0}),
            ),
        };
        assert!(reply.status < 500, "step {step}: {}", reply.text);
        if reply.status < 300 {
            done += 1;
            let author = before.expect("a token that does not count changes nothing");
            assert!(author.scopes.contains("tokens:office"), "step {step}");
            let answer = reply.json();
            let shown = if answer["token"].is_object() {
                &answer["token"]
            } else {
                &answer
            };
            assert!(
                tree.acts_for(author.office.as_deref(), shown["office_id"].as_str()),
                "step {step}: {answer}"
            );
            let given = texts(&shown["scopes"]);
            // Whoever gets a secret or other rights by it gets none that its author lacked.
            if answer["secret"].is_string() || (answer["state"] == "active" && answer["version"] != 1) {
                assert!(given.is_subset(&author.scopes), "step {step}: {given:?} by {author:?}");
            }
            if answer["secret"].is_string() {
                let minted = Minted::of(&answer);
                if let Some(rights) = rights(&minted.caller(app)) {
                    assert_eq!(rights.scopes, given, "step {step}");
                }
                tokens.push(minted);
            }
        }
        let is_admin = |token: &&Minted| {
            rights(&token.caller(app)).is_some_and(|rights| rights.office.is_none() && rights.scopes.contains("admin"))
        };
        // Asking for all after each step takes long; the latest that was seen is asked first.
        if step % 10 == 0 {
            assert!(
                tokens.iter().rev().any(|token| is_admin(&token)),
                "step {step}: nobody is left"
            );
        }
    }
    assert!(done > STEPS / 10, "only {done} of {STEPS} were allowed");
}
