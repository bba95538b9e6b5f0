//! Every operation that takes a body, with bodies that cannot be read.

use serde_json::json;

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![bodies_that_cannot_be_read_are_refused]
}

/// The largest body: 1 MiB for documents, 256 KiB for all others.
fn limit(component: &str) -> usize {
    let is_document = ["Create", "Replace", "Patch"]
        .iter()
        .any(|end| component.ends_with(end));
    if is_document { 1024 * 1024 } else { 256 * 1024 }
}

struct Bad {
    what: &'static str,
    media_type: String,
    body: Vec<u8>,
    status: u16,
    code: &'static str,
}

/// The same of an operation that takes a form.
fn bad_forms(operation: &Operation) -> Vec<Bad> {
    let bad = |what, body: &[u8], status, code| Bad {
        what,
        media_type: operation.media_type().to_owned(),
        body: body.to_vec(),
        status,
        code,
    };
    let mut bodies = vec![
        bad("nothing", b"", 400, "invalid-token-request"),
        bad("no UTF-8", b"token=%FF", 400, "invalid-token-request"),
        bad("U+0000", b"token=%00", 400, "invalid-token-request"),
        bad("a field twice", b"token=a&token=a", 400, "invalid-token-request"),
        bad("no field that it needs", b"a=1", 400, "invalid-token-request"),
        bad("too large", &[b'a'; 16 * 1024 + 1], 413, "body-too-large"),
    ];
    for other in ["text/plain", "application/json", "multipart/form-data", ""] {
        let mut wrong = bad("another media type", b"token=a", 415, "unsupported-media-type");
        wrong.media_type = other.to_owned();
        bodies.push(wrong);
    }
    bodies
}

fn bad_bodies(operation: &Operation) -> Vec<Bad> {
    let media_type = operation.media_type().to_owned();
    let component = operation.body.as_ref().map(|body| body.component.as_str());
    let bad = |what, body: &[u8], status, code| Bad {
        what,
        media_type: media_type.clone(),
        body: body.to_vec(),
        status,
        code,
    };
    let deep = format!("{{\"tags\":{}1{}}}", "[".repeat(40), "]".repeat(40));
    let many = format!("{{\"tags\":[{}0]}}", "0,".repeat(5_000));
    let too_large = " ".repeat(limit(component.unwrap_or_default()) + 1);
    let mut bodies = vec![
        bad("nothing", b"", 400, "malformed-json"),
        bad("spaces", b"  \n", 400, "malformed-json"),
        bad("half an object", b"{\"tags\":", 400, "malformed-json"),
        bad("a trailing comma", b"{\"tags\":[],}", 400, "malformed-json"),
        bad("two values", b"{} {}", 400, "malformed-json"),
        bad("single quotes", b"{'tags':[]}", 400, "malformed-json"),
        bad("NaN", b"{\"tags\":NaN}", 400, "malformed-json"),
        bad("no UTF-8", b"{\"tags\":[\"\xff\"]}", 400, "malformed-json"),
        bad("a byte order mark", b"\xef\xbb\xbf{}", 400, "malformed-json"),
        bad("a member twice", b"{\"tags\":[],\"tags\":[]}", 400, "duplicate-member"),
        bad("too deep", deep.as_bytes(), 400, "too-deep"),
        bad("too many items", many.as_bytes(), 400, "too-many-members"),
        bad("an array", b"[]", 422, "invalid-document"),
        bad("a text", b"\"x\"", 422, "invalid-document"),
        bad("null", b"null", 422, "invalid-document"),
        bad("a number", b"1", 422, "invalid-document"),
        bad("true", b"true", 422, "invalid-document"),
        bad("an unknown member", b"{\"no_such_member\":1}", 422, "invalid-document"),
        bad("too large", too_large.as_bytes(), 413, "body-too-large"),
    ];
    for other in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
    ] {
        let mut wrong = bad("another media type", b"{}", 415, "unsupported-media-type");
        wrong.media_type = other.to_owned();
        bodies.push(wrong);
    }
    bodies
}

fn faults(stage: &Stage<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in stage.operations.iter().filter(|operation| operation.body.is_some()) {
        let path = stage.path(operation);
        let before = traces(stage.app);
        let bad_bodies = if operation.takes_form() {
            bad_forms(operation)
        } else {
            bad_bodies(operation)
        };
        for bad in bad_bodies {
            let mut headers = vec![("if-match", "*")];
            if !bad.media_type.is_empty() {
                headers.push(("content-type", &bad.media_type));
            }
            let sender = stage.sender(&stage.admin, operation);
            let reply = sender.raw(&operation.method, &path, &headers, &bad.body);
            let what = format!("{} with {} ({})", operation.name(), bad.what, bad.media_type);
            if reply.status < 400 || reply.status != bad.status || reply.json()["code"] != bad.code {
                faults.push(format!("{what}: {} {}", reply.status, reply.text));
                continue;
            }
            let accepted = match operation.method.as_str() {
                "PATCH" => reply.header("accept-patch"),
                _ => reply.header("accept-post"),
            };
            if bad.status == 415 && !accepted.is_some_and(|accepted| accepted.contains(operation.media_type())) {
                faults.push(format!("{what} does not tell what it takes: {accepted:?}"));
            }
        }
        if traces(stage.app) != before {
            faults.push(format!("{} left something of what it refused", operation.name()));
        }
    }
    faults
}

fn bodies_that_cannot_be_read_are_refused(app: &TestApp) {
    let stage = Stage::new(app);
    none(&faults(&stage));

    let wrong = stage.doctored(|document| {
        let schema = json!({"schema": {"$ref": "#/components/schemas/OfficeCreate"}});
        document["paths"]["/api/v1/offices"]["post"]["requestBody"]["content"] = json!({ "text/plain": schema });
        let schema = json!({"schema": {"$ref": "#/components/schemas/Office"}});
        document["paths"]["/api/v1/offices/{id}"]["put"]["requestBody"]["content"] =
            json!({ "application/json": schema });
    });
    let found = faults(&wrong);
    turns_red(&found, "POST /api/v1/offices with half an object (text/plain): 415");
    turns_red(&found, "PUT /api/v1/offices/{id} with too large");
}
