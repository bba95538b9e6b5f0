//! What every operation leaves in the database: a refusal and a reading one nothing, a change exactly its traces.

use std::collections::BTreeMap;

use serde_json::json;

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        refusals_change_nothing,
        reading_leaves_no_trace_and_a_change_exactly_one,
        a_repeat_and_a_rehearsal_leave_no_trace,
        a_rehearsal_of_what_few_see_leaves_no_damage,
    ]
}

/// The tables in which a change leaves traces, and how many: own ids, clients and what belongs to them are no
/// records and are only audited, everything else makes a version.
fn traces(operation: &Operation) -> [(&'static str, i64); 3] {
    let is_account = ["/api/v1/clients", "/api/v1/tokens", "/api/v1/identities"]
        .iter()
        .any(|path| operation.path.starts_with(path));
    let is_record = !operation.path.contains("/external-ids/") && !operation.takes_form() && !is_account;
    // What is refused stays as it is.
    let is_record = is_record && !operation.path.ends_with("/refuse");
    let versions = i64::from(is_record);
    // The old token ends and the new one begins: each has its row.
    let accounts = if operation.path.ends_with("/rotate") { 2 } else { 1 };
    // What takes a form asks for tokens and about them; ending one is another matter, tested beside it.
    [
        ("audit", if operation.takes_form() { 0 } else { accounts }),
        ("changes", versions),
        ("revisions", versions),
    ]
}

type Counts = BTreeMap<String, i64>;

/// What stands in the audit log beside changes, by outcome.
const REFUSED: &str = "audit of refusals";
const READ: &str = "audit of reads";

/// How many rows each table has; those of the audit log by outcome. How often tokens are used is counted beside all
/// requests, at any time.
fn count(stage: &Stage<'_>, look: &mut Look) -> Counts {
    // What was noted before is written when this is answered.
    stage.admin.get("/api/v1/audit-events?limit=1").expect(200);
    let mut counts = look.row_counts();
    counts.retain(|table, _| !matches!(table.as_str(), "token_usage" | "audit_records"));
    for (name, filter) in [
        ("audit", "outcome = 'done'"),
        (REFUSED, "outcome = 'refused'"),
        (READ, "outcome = 'read' AND occurrences IS NULL"),
    ] {
        let rows = look.number(&format!("SELECT count(*) AS number FROM audit WHERE {filter}"));
        counts.insert(name.to_owned(), rows);
    }
    counts
}

/// How many rows came to each table, where any did.
fn growth(before: &Counts, after: &Counts) -> BTreeMap<String, i64> {
    after
        .iter()
        .map(|(table, count)| (table.clone(), count - before.get(table).copied().unwrap_or(0)))
        .filter(|(_, more)| *more != 0)
        .collect()
}

/// A request that must be refused, and how it is sent.
fn refusals(stage: &Stage<'_>, operation: &Operation, narrow: &Client) -> Vec<(&'static str, u16)> {
    let path = stage.path(operation);
    let mut answers = vec![(
        "an unknown parameter",
        stage.ask(&stage.admin, operation, "?nonsense=1").status,
    )];
    if !operation.is_public && !operation.is_by_client {
        let anonymous = stage.app.anonymous();
        answers.push(("no token", stage.ask(&anonymous, operation, "").status));
    }
    if !operation.scopes.is_empty() {
        answers.push(("no scope", stage.ask(narrow, operation, "").status));
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
    // A scope that no operation asks for as yet.
    let narrow = stage.caller(&["webhooks"]);
    for operation in &stage.operations {
        // Whatever must exist for it is made before the count.
        stage.path(operation);
        stage.body(operation);
        let before = count(stage, &mut look);
        let mut expected = Counts::new();
        for (what, status) in refusals(stage, operation, &narrow) {
            // Only a known client that may not do something leaves a trace; and who is shown a record by a conflict.
            match status {
                403 => *expected.entry(REFUSED.to_owned()).or_default() += 1,
                412 if is_restricted(stage, operation) => *expected.entry(READ.to_owned()).or_default() += 1,
                _ => {}
            }
            if status < 400 {
                faults.push(format!("{} with {what}: {status}", operation.name()));
            }
        }
        let grown = growth(&before, &count(stage, &mut look));
        if grown != expected {
            let name = operation.name();
            faults.push(format!("{name}: refusals changed {grown:?} and not {expected:?}"));
        }
    }
    faults
}

/// Whether the record that an operation is about is not for everybody.
fn is_restricted(stage: &Stage<'_>, operation: &Operation) -> bool {
    let record = stage.record(&super::stage::collection_of(&operation.path));
    let id = record["id"].as_str().expect("an id");
    let query = format!("SELECT count(*) AS number FROM records WHERE id = '{id}' AND audience <> 'everyone'");
    stage.look().number(&query) > 0
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
    stage.prepare(operation);
    let caller = stage.caller_of(operation);
    let path = stage.path(operation);
    let body = stage.body(operation);
    let mut headers = vec![("if-match", "*")];
    headers.retain(|_| operation.names("header").contains(&"If-Match"));
    let query = operation.confirmation();
    let mut look = stage.look();
    let before = count(stage, &mut look);
    let sent = body
        .as_ref()
        .map(|(_, body)| operation.encode(body))
        .unwrap_or_default();
    if let Some((media_type, _)) = &body {
        headers.push(("content-type", media_type));
    }
    let path = format!("{path}{query}");
    let sender = stage.sender(&caller, operation);
    let reply = sender.raw(&operation.method, &path, &headers, sent.as_bytes());
    let grown = growth(&before, &count(stage, &mut look));
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
        let shown = grown.get(READ).copied().unwrap_or(0);
        if shown > i64::from(operation.is_safe()) {
            faults.push(format!("{name} left {shown} rows of what it showed"));
        }
        if operation.is_safe() {
            if grown.keys().any(|table| table != READ) {
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

/// What a rehearsal may leave: that it was asked, by whom and from where, and which records it showed that are there.
fn is_left_by_rehearsals(table: &str, column: &str) -> bool {
    matches!(
        (table, column),
        ("audit" | "audit_records" | "token_usage", _)
            | ("registry_state", "audit_seq" | "audit_hash")
            | ("tokens", "last_used_at" | "last_used_network")
    )
}

/// The outcome and the shown records of each row of the audit log after one.
fn logged_after(look: &mut Look, seq: i64) -> Vec<String> {
    look.texts(&format!(
        "SELECT outcome || ' ' || COALESCE(disclosed, '') AS text FROM audit
         WHERE seq > {seq} AND (occurrences IS NULL OR outcome <> 'read')"
    ))
}

fn a_rehearsal_of_what_few_see_leaves_no_damage(app: &TestApp) {
    let stage = Stage::new(app);
    let (mut look, mut tried) = (stage.look(), 0);
    let rehearsed = stage.operations.iter().filter(|operation| {
        !operation.is_safe() && operation.names("query").contains(&"dry_run") && operation.method != "DELETE"
    });
    for operation in rehearsed {
        stage.prepare(operation);
        let caller = stage.caller_of(operation);
        let (path, sent) = (stage.path(operation), stage.body(operation));
        // A push makes a record where the key is new.
        let is_push = operation.path.contains("/by-external/");
        let cases = [
            ("private", false),
            ("partners", false),
            ("private", true),
            ("partners", true),
        ];
        for (visibility, is_new) in cases.into_iter().filter(|(_, is_new)| is_push || !is_new) {
            let (media_type, mut body) = sent.clone().unwrap_or_default();
            if is_new {
                let collection = super::stage::collection_of(&operation.path);
                let creation = stage
                    .operations
                    .iter()
                    .find(|other| other.name() == format!("POST {collection}"));
                (_, body) = stage.body(creation.expect("a creation")).expect("its body");
            }
            if body.get("names").is_some() || body.get("titles").is_some() {
                body["visibility"] = json!(visibility);
                tried += 1;
            }
            let mark = if operation.confirmation().is_empty() { "?" } else { "&" };
            let new = if is_new { "-new" } else { "" };
            let path = format!("{path}{new}{}{mark}dry_run=true", operation.confirmation());
            let key = format!("{} {visibility}", operation.id).replace(' ', "-");
            let mut headers = vec![("content-type", media_type.as_str()), ("idempotency-key", key.as_str())];
            headers
                .retain(|(name, _)| *name == "content-type" || operation.names("header").contains(&"Idempotency-Key"));
            if operation.names("header").contains(&"If-Match") && !is_new {
                headers.push(("if-match", "*"));
            }
            count(&stage, &mut look);
            let (before, seq) = (
                look.contents(is_left_by_rehearsals),
                look.number("SELECT max(seq) AS number FROM audit"),
            );
            let reply = caller.raw(&operation.method, &path, &headers, body.to_string().as_bytes());
            let name = operation.name();
            assert!(reply.status < 400, "{name}: {} {}", reply.status, reply.text);
            count(&stage, &mut look);
            assert_eq!(look.contents(is_left_by_rehearsals), before, "{name}, {visibility}");
            for row in logged_after(&mut look, seq) {
                let ids = row.strip_prefix("read ").unwrap_or_else(|| panic!("{name}: {row}"));
                for id in ids.split(' ') {
                    let query = format!("SELECT count(*) AS number FROM records WHERE id = '{id}'");
                    assert_eq!(look.number(&query), 1, "{name}, {visibility}: {id} never was");
                }
            }
        }
    }
    assert!(tried >= 20, "{tried} records were rehearsed");
    assert_clean(app.database());
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
        stage.prepare(operation);
        let caller = stage.caller_of(operation);
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
            let before = count(&stage, &mut look);
            let reply = stage.ask(&caller, operation, query);
            let name = operation.name();
            assert!(reply.status < 400, "{name}: {} {}", reply.status, reply.text);
            assert_eq!(reply.header("dry-run"), Some("true"), "{name}");
            // What it shows of a record that is not for everybody was shown all the same.
            let mut grown = growth(&before, &count(&stage, &mut look));
            assert!(grown.remove(READ).unwrap_or(0) <= 1, "{name}");
            assert_eq!(grown, Counts::new(), "{name}");
        }
        if operation.names("header").contains(&"Idempotency-Key") {
            let (media_type, body) = stage
                .body(operation)
                .unwrap_or_else(|| ("application/json".into(), json!({})));
            let path = format!("{}{}", stage.path(operation), operation.confirmation());
            let headers = [
                ("content-type", media_type.as_str()),
                ("if-match", "*"),
                ("idempotency-key", operation.id.as_str()),
            ];
            let send = || caller.raw(&operation.method, &path, &headers, body.to_string().as_bytes());
            let first = send();
            assert!(first.status < 300, "{}: {}", operation.name(), first.text);
            let before = count(&stage, &mut look);
            let again = send();
            if stage.shows_secret(operation) {
                again.expect(409).problem("secret-already-shown");
                assert_eq!(
                    growth(&before, &count(&stage, &mut look)),
                    Counts::new(),
                    "{}",
                    operation.name()
                );
                continue;
            }
            // A token that ended itself repeats nothing.
            if operation.id == "revokeCurrentToken" {
                again.expect(401).problem("token-revoked");
                continue;
            }
            assert_eq!(
                (again.status, &again.text),
                (first.status, &first.text),
                "{}",
                operation.name()
            );
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
            assert_eq!(
                growth(&before, &count(&stage, &mut look)),
                Counts::new(),
                "{}",
                operation.name()
            );
        }
    }
}
