//! What all documents share, through HTTP: writing, versions, conditions, repeats, history, checking, references.
//! Offices and MOUs stand for every kind; the kernel is the same.

mod bodies;
mod checking;
mod conditions;
mod create;
mod delete;
mod evolving;
mod history;
mod idempotency;
mod memoranda;
mod model;
mod newer_rules;
mod patch;
mod references;
mod replace;
mod tags;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::db::schema::{audit, changes, idempotency as keys, records, revisions};
use serde_json::Value;

use crate::support::client::{Client, Reply};
use crate::support::{Case, TestApp, make, together};

pub(crate) fn cases() -> Vec<Case> {
    let modules = [
        bodies::cases,
        checking::cases,
        conditions::cases,
        create::cases,
        delete::cases,
        evolving::cases,
        history::cases,
        idempotency::cases,
        memoranda::cases,
        model::cases,
        newer_rules::cases,
        patch::cases,
        references::cases,
        replace::cases,
        tags::cases,
    ];
    modules.iter().flat_map(|cases| cases()).collect()
}

const OFFICES: &str = "/api/v1/offices";
const MOUS: &str = "/api/v1/mous";

/// The id of an answered record.
#[track_caller]
fn id_of(record: &Value) -> String {
    record["id"].as_str().expect("a record has an id").to_owned()
}

/// A new office, made by `caller`: its id.
#[track_caller]
fn new_office(caller: &Client, name: &str) -> String {
    id_of(&caller.create(OFFICES, &make::office_body(name, "KR")))
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

/// The findings of a problem as `(pointer, code)`, sorted.
fn findings(problem: &Value) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = problem["errors"]
        .as_array()
        .expect("a problem has errors")
        .iter()
        .map(|finding| {
            let text = |member: &str| finding[member].as_str().unwrap_or_default().to_owned();
            (text("pointer"), text("code"))
        })
        .collect();
    found.sort();
    found
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

/// How many rows there are of what a write leaves behind: records, revisions, changes, audit rows of changes, stored answers.
fn traces(app: &TestApp) -> [i64; 5] {
    app.database()
        .read_blocking(|conn| {
            Ok([
                records::table.count().get_result(conn)?,
                revisions::table.count().get_result(conn)?,
                changes::table.count().get_result(conn)?,
                audit::table
                    .filter(audit::outcome.eq("done"))
                    .count()
                    .get_result(conn)?,
                keys::table.count().get_result(conn)?,
            ])
        })
        .expect("the tables can be counted")
}
