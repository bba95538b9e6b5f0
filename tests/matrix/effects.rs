//! What every operation leaves in the database: a refusal and a reading one nothing, a change exactly its traces.

use std::collections::BTreeMap;

use serde_json::json;

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        refusals_change_nothing,
        reading_leaves_no_trace_and_a_change_exactly_one,
        a_repeat_and_a_rehearsal_leave_no_trace,
    ]
}

/// The tables in which a change leaves traces, and how many: an own id stands beside the record and is only audited,
/// everything else makes a version.
fn traces(operation: &Operation) -> [(&'static str, i64); 3] {
    let versions = i64::from(!operation.path.contains("/external-ids/") && !operation.takes_form());
    // What takes a form asks for tokens and about them; ending one is another matter, tested beside it.
    [
        ("audit", i64::from(!operation.takes_form())),
        ("changes", versions),
        ("revisions", versions),
    ]
}

type Counts = BTreeMap<String, i64>;

/// How many rows came to each table, where any did.
fn growth(before: &Counts, after: &Counts) -> BTreeMap<String, i64> {
    after
        .iter()
        .map(|(table, count)| (table.clone(), count - before.get(table).copied().unwrap_or(0)))
        .filter(|(_, more)| *more != 0)
        .collect()
}

/// A request that must be refused, and how it is sent.
fn refusals(stage: &Stage<'_>, operation: &Operation) -> Vec<(&'static str, u16)> {
    let path = stage.path(operation);
    let mut answers = vec![(
        "an unknown parameter",
        stage.ask(&stage.admin, operation, "?nonsense=1").status,
    )];
    if !operation.is_public && !operation.is_by_client {
        let anonymous = stage.app.anonymous();
        answers.push(("no token", stage.ask(&anonymous, operation, "").status));
    }
    if operation.names("header").contains(&"If-Match") {
        let (media_type, body) = stage.body(operation).unwrap_or_default();
        let send = |headers: &[(&str, &str)]| {
            let body = if operation.body.is_some() {
                body.to_string()
            } else {
                String::new()
            };
            stage
                .admin
                .raw(&operation.method, &path, headers, body.as_bytes())
                .status
        };
        if operation.requires("If-Match") {
            answers.push(("no If-Match", send(&[("content-type", &media_type)])));
        }
        let stale = [("content-type", media_type.as_str()), ("if-match", "\"v999\"")];
        answers.push(("a stale If-Match", send(&stale)));
    }
    if operation.body.is_some() {
        let headers = [("content-type", operation.media_type()), ("if-match", "*")];
        let body = br#"{"tags":[""],"no_such_member":1,"revision":0}"#;
        let reply = stage.admin.raw(&operation.method, &path, &headers, body);
        answers.push(("a wrong body", reply.status));
    }
    answers
}

fn refusal_faults(stage: &Stage<'_>) -> Vec<String> {
    let mut look = stage.look();
    let mut faults = Vec::new();
    for operation in &stage.operations {
        // Whatever must exist for it is made before the count.
        stage.path(operation);
        stage.body(operation);
        let before = look.row_counts();
        for (what, status) in refusals(stage, operation) {
            if status < 400 {
                faults.push(format!("{} with {what}: {status}", operation.name()));
            }
        }
        let grown = growth(&before, &look.row_counts());
        if !grown.is_empty() {
            faults.push(format!("{}: a refusal changed {grown:?}", operation.name()));
        }
    }
    faults
}

fn refusals_change_nothing(app: &TestApp) {
    let stage = Stage::new(app);
    none(&refusal_faults(&stage));

    // An operation that is not refused: `q` is taken by the list, `nonsense` by none, so the check itself is fed.
    let (before, after) = (
        Counts::from([("audit".to_owned(), 1)]),
        Counts::from([("audit".to_owned(), 2)]),
    );
    assert_eq!(growth(&before, &after), Counts::from([("audit".to_owned(), 1)]));
    let public = stage.doctored(|document| {
        document["paths"]["/version"]["get"]["security"] = json!([{ "bearer": [] }]);
    });
    turns_red(&refusal_faults(&public), "GET /version with no token: 200");
}

/// Makes whatever an operation needs, so that only its own effect is counted.
fn effect(stage: &Stage<'_>, operation: &Operation) -> (u16, Counts) {
    // What is deleted must be referred to by nobody, and what is restored must differ from what it was.
    if operation.path.contains("/{id}") && !operation.is_safe() {
        let collection = super::stage::collection_of(&operation.path);
        stage.make(&collection);
        if let Some(patch) = stage
            .operations
            .iter()
            .find(|other| other.method == "PATCH" && other.path == format!("{collection}/{{id}}"))
        {
            stage.ask(&stage.admin, patch, "").expect(200);
        }
    }
    let path = stage.path(operation);
    let body = stage.body(operation);
    let mut headers = vec![("if-match", "*")];
    headers.retain(|_| operation.names("header").contains(&"If-Match"));
    let query = if operation.names("query").contains(&"confirm_distinct") {
        "?confirm_distinct=true"
    } else {
        ""
    };
    let mut look = stage.look();
    let before = look.row_counts();
    let sent = body
        .as_ref()
        .map(|(_, body)| operation.encode(body))
        .unwrap_or_default();
    if let Some((media_type, _)) = &body {
        headers.push(("content-type", media_type));
    }
    let path = format!("{path}{query}");
    let sender = stage.sender(&stage.admin, operation);
    let reply = sender.raw(&operation.method, &path, &headers, sent.as_bytes());
    let grown = growth(&before, &look.row_counts());
    if operation.method == "DELETE" && reply.status < 400 {
        stage.make(&super::stage::collection_of(&operation.path));
    }
    (reply.status, grown)
}

fn effect_faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in &stage.operations {
        let (status, grown) = effect(stage, operation);
        let name = operation.name();
        if status >= 400 {
            faults.push(format!("{name}: {status}, where it must be done"));
        }
        if operation.is_safe() {
            if !grown.is_empty() {
                faults.push(format!("{name} reads, yet changed {grown:?}"));
            }
            continue;
        }
        for (table, expected) in traces(operation) {
            let rows = grown.get(table).copied().unwrap_or(0);
            if rows != expected {
                faults.push(format!("{name} left {rows} rows in {table}"));
            }
        }
    }
    faults
}

fn reading_leaves_no_trace_and_a_change_exactly_one(app: &TestApp) {
    let stage = Stage::new(app);
    none(&effect_faults(&stage));

    // A creation that is called a reading one, and a list that is called a change.
    let wrong = stage.doctored(|document| {
        let paths = document["paths"].as_object_mut().expect("paths");
        let health = paths["/healthz"]["get"].clone();
        paths["/healthz"] = json!({"delete": health});
    });
    turns_red(&effect_faults(&wrong), "DELETE /healthz left 0 rows in audit");
    let grown = Counts::from([("audit".to_owned(), 1)]);
    assert_eq!(growth(&Counts::new(), &grown), grown);
}

fn a_repeat_and_a_rehearsal_leave_no_trace(app: &TestApp) {
    let stage = Stage::new(app);
    let changing: Vec<&Operation> = stage
        .operations
        .iter()
        .filter(|operation| !operation.is_safe())
        .collect();
    let mut look = stage.look();
    for operation in changing {
        if operation.names("query").contains(&"dry_run") {
            stage.path(operation);
            stage.body(operation);
            let query = if operation.names("query").contains(&"confirm_distinct") {
                "?dry_run=true&confirm_distinct=true"
            } else {
                "?dry_run=true"
            };
            // A record that others refer to cannot be deleted, not even for a try.
            if operation.method == "DELETE" {
                stage.make(&super::stage::collection_of(&operation.path));
                stage.path(operation);
            }
            let before = look.row_counts();
            let reply = stage.ask(&stage.admin, operation, query);
            let name = operation.name();
            assert!(reply.status < 400, "{name}: {} {}", reply.status, reply.text);
            assert_eq!(reply.header("dry-run"), Some("true"), "{name}");
            assert_eq!(growth(&before, &look.row_counts()), Counts::new(), "{name}");
        }
        if operation.names("header").contains(&"Idempotency-Key") {
            let (media_type, body) = stage.body(operation).expect("a POST with a body");
            let confirms = operation.names("query").contains(&"confirm_distinct");
            let query = if confirms { "?confirm_distinct=true" } else { "" };
            let path = format!("{}{query}", stage.path(operation));
            let headers = [
                ("content-type", media_type.as_str()),
                ("if-match", "*"),
                ("idempotency-key", operation.id.as_str()),
            ];
            let send = || {
                stage
                    .admin
                    .raw(&operation.method, &path, &headers, body.to_string().as_bytes())
            };
            let first = send();
            assert!(first.status < 300, "{}: {}", operation.name(), first.text);
            let before = look.row_counts();
            let again = send();
            assert_eq!(
                (again.status, &again.text),
                (first.status, &first.text),
                "{}",
                operation.name()
            );
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
            assert_eq!(
                growth(&before, &look.row_counts()),
                Counts::new(),
                "{}",
                operation.name()
            );
        }
    }
}
