//! Every operation with a query parameter that it does not have, and literal segments beside parameters of the path.

use serde_json::json;

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        unknown_query_parameters_are_refused,
        literal_segments_are_not_taken_for_parameters,
    ]
}

/// `name` is the parameter that no operation has; the self-test takes one that some have.
fn unknown_faults(stage: &Stage<'_>, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in &stage.operations {
        let reply = stage.ask(&stage.admin, operation, &format!("?{name}=1"));
        let what = operation.name();
        if reply.status != 400 || reply.json()["code"] != "unknown-parameter" {
            faults.push(format!("{what}: {} {}", reply.status, reply.text));
            continue;
        }
        let problem = reply.json();
        let error = &problem["errors"][0];
        if error["parameter"] != name {
            faults.push(format!("{what} does not name the parameter: {error}"));
        }
        let mut allowed: Vec<&str> = operation.names("query");
        allowed.sort_unstable();
        let mut told: Vec<&str> = error["allowed"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .collect();
        told.sort_unstable();
        if told != allowed {
            faults.push(format!("{what} tells {told:?} and not {allowed:?}"));
        }
    }
    faults
}

fn unknown_query_parameters_are_refused(app: &TestApp) {
    let stage = Stage::new(app);
    none(&unknown_faults(&stage, "no_such_parameter"));

    turns_red(&unknown_faults(&stage, "limit"), "GET /api/v1/offices: 200");
    let less = stage.doctored(|document| document["paths"]["/api/v1/offices"]["get"]["parameters"] = json!([]));
    turns_red(&unknown_faults(&less, "no_such_parameter"), "GET /api/v1/offices tells");
}

/// Operations with a literal segment where another path has a parameter.
fn literals_beside_parameters<'a>(stage: &'a Stage<'_>) -> Vec<&'a Operation> {
    let is_shadowed = |path: &str| {
        stage.operations.iter().any(|other| {
            let (mut literal, mut same) = (false, other.path.split('/').count() == path.split('/').count());
            for (mine, theirs) in path.split('/').zip(other.path.split('/')) {
                literal |= !mine.starts_with('{') && theirs.starts_with('{');
                same &= mine == theirs || theirs.starts_with('{');
            }
            literal && same
        })
    };
    stage
        .operations
        .iter()
        .filter(|operation| is_shadowed(&operation.path))
        .collect()
}

/// The one with the id in its place would say that the id is wrong, or that it has no such method.
fn literal_faults(stage: &Stage<'_>) -> Vec<String> {
    literals_beside_parameters(stage)
        .into_iter()
        .filter_map(|operation| {
            let reply = stage.ask(&stage.admin, operation, "");
            let code = if reply.status < 400 {
                json!("")
            } else {
                reply.json()["code"].clone()
            };
            let taken = code == "invalid-id" || code == "not-found" || code == "method-not-allowed";
            taken.then(|| format!("{} is taken for another path: {code}", operation.name()))
        })
        .collect()
}

fn literal_segments_are_not_taken_for_parameters(app: &TestApp) {
    let stage = Stage::new(app);
    none(&literal_faults(&stage));

    let more = stage.doctored(|document| {
        document["paths"]["/api/v1/offices/resolve"] = json!({"get": {"operationId": "resolveOffice"}});
    });
    turns_red(&literal_faults(&more), "GET /api/v1/offices/resolve is taken");
}
