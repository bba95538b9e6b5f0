//! What all documents share, through HTTP: writing, versions, conditions, repeats, history, checking, references.
//! Offices and MOUs stand for every kind; the kernel is the same.

mod about_others;
mod bodies;
mod checking;
mod conditions;
mod create;
mod delete;
mod evolving;
mod history;
mod idempotency;
mod large;
mod memoranda;
mod model;
mod newer_rules;
mod parts_of_others;
mod patch;
mod references;
mod replace;
mod tags;

use crate::support::answers::findings;
use crate::support::client::{Client, Reply};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, all_of, together};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        about_others,
        bodies,
        checking,
        conditions,
        create,
        delete,
        evolving,
        history,
        large,
        idempotency,
        memoranda,
        model,
        newer_rules,
        parts_of_others,
        patch,
        references,
        replace,
        tags
    ]
}

/// The path of an office.
fn office_path(id: &str) -> String {
    format!("{OFFICES}/{id}")
}

/// The path of an MOU.
fn mou_path(id: &str) -> String {
    format!("{MOUS}/{id}")
}

/// The caller, sending this `If-Match`.
fn matching(caller: &Client, tag: &str) -> Client {
    caller.header("if-match", tag)
}

/// Fails unless exactly these places are wrong.
#[track_caller]
fn assert_findings(reply: Reply, code: &str, expected: &[(&str, &str)]) {
    let problem = reply.problem(code);
    let mut expected: Vec<(String, String)> = expected
        .iter()
        .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
        .collect();
    expected.sort();
    assert_eq!(findings(&problem), expected, "{problem:#}");
}
