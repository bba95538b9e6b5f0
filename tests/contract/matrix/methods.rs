//! Every path with every method: what is not documented is refused and told, `OPTIONS` and `HEAD` follow from the rest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::operations::METHODS;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::client::{Client, Reply};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        undocumented_methods_are_refused_with_what_is_allowed,
        options_tells_what_is_allowed,
        head_is_get_without_a_body,
    ]
}

/// The path of each template with its parameters filled in, and the methods that it allows.
fn paths(stage: &Stage<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &stage.operations {
        let methods = paths.entry(stage.path(operation)).or_default();
        methods.insert("OPTIONS".to_owned());
        methods.insert(operation.method.clone());
        if operation.method == "GET" {
            methods.insert("HEAD".to_owned());
        }
    }
    paths
}

fn check_allow(reply: &Reply, name: &str, expected: &BTreeSet<String>, faults: &mut Vec<String>) {
    let told: BTreeSet<String> = reply
        .header("allow")
        .unwrap_or_default()
        .split(',')
        .map(|method| method.trim().to_owned())
        .collect();
    if &told != expected {
        faults.push(format!("{name}: Allow is {told:?} and not {expected:?}"));
    }
}

fn undocumented_faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, allowed) in paths(stage) {
        for method in METHODS.iter().chain(&["HEAD", "TRACE", "PURGE"]) {
            if allowed.contains(*method) {
                continue;
            }
            for (who, caller) in [("anonymous", &stage.app.anonymous()), ("admin", &stage.admin)] {
                let name = format!("{method} {path} ({who})");
                let reply = caller.raw(method, &path, &[], b"");
                if reply.status != 405 {
                    faults.push(format!("{name}: {} and not 405", reply.status));
                    continue;
                }
                check_allow(&reply, &name, &allowed, &mut faults);
                if *method != "HEAD" && reply.json()["code"] != "method-not-allowed" {
                    faults.push(format!("{name}: {}", reply.text));
                }
            }
        }
    }
    faults
}

fn undocumented_methods_are_refused_with_what_is_allowed(app: &TestApp) {
    let stage = Stage::new(app);
    none(&undocumented_faults(&stage));

    let without = stage.doctored(|document| document["paths"]["/version"] = json!({"put": {}}));
    turns_red(
        &undocumented_faults(&without),
        "GET /version (anonymous): 200 and not 405",
    );
    turns_red(&undocumented_faults(&without), "DELETE /version (admin): Allow is");
}

fn options_faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, allowed) in paths(stage) {
        let name = format!("OPTIONS {path}");
        let reply = stage.app.anonymous().raw("OPTIONS", &path, &[], b"");
        if reply.status != 204 || !reply.text.is_empty() {
            faults.push(format!("{name}: {} {}", reply.status, reply.text));
        }
        check_allow(&reply, &name, &allowed, &mut faults);
    }
    faults
}

fn options_tells_what_is_allowed(app: &TestApp) {
    let stage = Stage::new(app);
    none(&options_faults(&stage));

    let more = stage.doctored(|document| document["paths"]["/version"]["post"] = json!({}));
    turns_red(&options_faults(&more), "OPTIONS /version: Allow is");
}

/// All headers but those that differ from one answer to the next, whatever the method.
fn lasting_headers(caller: &Client, method: &str, path: &str) -> BTreeMap<String, String> {
    let reply = caller.raw(method, path, &[], b"");
    assert!(method == "GET" || reply.text.is_empty(), "{method} {path} has a body");
    reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
        .chain([("status".to_owned(), reply.status.to_string())])
        .collect()
}

/// `Head` is what is sent in the place of `HEAD`: the self-test sends another method.
fn head_faults(stage: &Stage<'_>, head: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in stage.operations.iter().filter(|operation| operation.is_safe()) {
        let path = stage.path(operation);
        for caller in [&stage.admin, &stage.app.anonymous()] {
            let mut got = lasting_headers(caller, "GET", &path);
            let mut again = lasting_headers(caller, "GET", &path);
            let mut told = lasting_headers(caller, head, &path);
            // The clock in an answer makes its tag another one each time.
            if got.get("etag") != again.get("etag") {
                for headers in [&mut got, &mut again, &mut told] {
                    headers.remove("etag");
                }
            }
            if got != told {
                faults.push(format!("HEAD {path}: {told:?} and not {got:?}"));
            }
        }
    }
    faults
}

fn head_is_get_without_a_body(app: &TestApp) {
    let stage = Stage::new(app);
    none(&head_faults(&stage, "HEAD"));
    turns_red(&head_faults(&stage, "OPTIONS"), "HEAD /version: ");
}
