//! Every operation with an id in its path, with ids that are none and ids of nothing.

use serde_json::json;

use super::stage::{Stage, collection_of};
use super::{none, turns_red};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![ids_of_another_kind_are_400_and_unknown_ones_404]
}

/// An id of this kind that nothing has.
fn unknown(prefix: &str) -> String {
    format!("{prefix}_{}", "0".repeat(26))
}

fn faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in &stage.operations {
        if !operation.names("path").contains(&"id") {
            continue;
        }
        let record = stage.record(&collection_of(&operation.path));
        let id = record["id"].as_str().expect("a record has an id");
        let prefix = id.split('_').next().unwrap_or_default();
        let other = if prefix == "off" { "mou" } else { "off" };
        // Own ids are of records only.
        let is_record = ["off", "pol", "mou", "prg"].contains(&prefix);
        let own = if is_record {
            (404, "record-not-found")
        } else {
            (400, "invalid-id")
        };
        let cases = [
            (unknown(other), 400, "invalid-id"),
            (unknown("zzz"), 400, "invalid-id"),
            ("nonsense".to_owned(), 400, "invalid-id"),
            (id.to_uppercase(), 400, "invalid-id"),
            (format!("{id}0"), 400, "invalid-id"),
            (format!("{prefix}_"), 400, "invalid-id"),
            ("ext:".to_owned(), 400, "invalid-id"),
            ("ext:nobody".to_owned(), 400, "invalid-id"),
            (unknown(prefix), 404, "record-not-found"),
            ("ext:nobody:unknown".to_owned(), own.0, own.1),
        ];
        for (sent, status, code) in cases {
            let path = stage.path(operation).replacen(id, &sent, 1);
            let reply = stage.ask_at(&stage.admin, operation, &path);
            let got = if reply.status < 400 {
                json!("")
            } else {
                reply.json()["code"].clone()
            };
            if reply.status != status || got != code {
                let name = operation.name();
                faults.push(format!(
                    "{name} with {sent}: {} {got}, not {status} {code}",
                    reply.status
                ));
            }
        }
    }
    faults
}

fn ids_of_another_kind_are_400_and_unknown_ones_404(app: &TestApp) {
    let stage = Stage::new(app);
    none(&faults(&stage));

    // A path whose segment is called an id and is none.
    let wrong = stage.doctored(|document| {
        let item = document["paths"]["/problems/{code}"]
            .to_string()
            .replace("\"code\"", "\"id\"");
        let paths = document["paths"].as_object_mut().expect("paths");
        let created = paths["/api/v1/offices"]["post"].clone();
        paths.insert(
            "/problems/{id}".to_owned(),
            serde_json::from_str(&item).expect("an item"),
        );
        paths.insert("/problems".to_owned(), json!({"post": created}));
    });
    wrong.remember("/problems", &stage.record("/api/v1/offices"));
    turns_red(&faults(&wrong), "GET /problems/{id} with nonsense: 404");
}
