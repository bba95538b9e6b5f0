//! Every header that an operation declares is read or refused: one that cannot be read never counts as absent.

use super::none;
use super::operations::Operation;
use super::stage::Stage;
use crate::support::credentials::Credentials;
use crate::support::{Case, TestApp, cases, wire};
use eduaccord::auth::scope::Scope;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_header_that_cannot_be_read_is_refused,
        the_lines_of_a_list_header_are_one_list
    ]
}

/// Values that say nothing certain, with the header's name in place of `{}`.
const UNREADABLE: &[(&str, &str)] = &[
    ("Hangul", "{}: 한국어\r\n"),
    ("a tag and more", "{}: \"v1\"\u{e9}\r\n"),
    ("two lines", "{}: \"v1\"\r\n{}: \"v2\"\r\n"),
    ("the same twice", "{}: *\r\n{}: *\r\n"),
];

fn request(stage: &Stage<'_>, operation: &Operation, token: &str, lines: &str) -> String {
    let (media_type, body) = stage.body(operation).unwrap_or_default();
    let body = operation.body.as_ref().map(|_| body.to_string()).unwrap_or_default();
    format!(
        "{} {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\n{lines}\r\n{body}",
        operation.method,
        stage.path(operation),
        body.len(),
    )
}

fn a_header_that_cannot_be_read_is_refused(app: &TestApp) {
    let stage = Stage::new(app);
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let token = Credentials::new(app.database(), None, &scopes).secret;
    let (mut faults, mut asked) = (Vec::new(), 0);
    for operation in &stage.operations {
        for name in operation.names("header") {
            for (what, lines) in UNREADABLE {
                let bytes = request(&stage, operation, &token, &lines.replace("{}", name));
                let answer = wire::send(app.address, bytes.as_bytes());
                if (answer.status, answer.code().as_str()) != (400, "invalid-header") {
                    let got = (answer.status, answer.code());
                    faults.push(format!("{} with {name}, {what}: {got:?}", operation.name()));
                }
                asked += 1;
            }
        }
    }
    none(&faults);
    assert!(asked > 150, "only {asked} requests");
}

fn the_lines_of_a_list_header_are_one_list(app: &TestApp) {
    let stage = Stage::new(app);
    let office = stage.make("/api/v1/offices");
    let path = format!("/api/v1/offices/{}", office["id"].as_str().expect("an id"));
    let tag = app
        .admin()
        .get(&path)
        .expect(200)
        .header("etag")
        .expect("a tag")
        .to_owned();
    let token = Credentials::new(app.database(), None, &["offices:read"]).secret;
    let ask = |lines: &str| {
        let bytes = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{lines}\r\n");
        wire::send(app.address, bytes.as_bytes())
    };
    let lines = format!("If-None-Match: \"other\"\r\nIf-None-Match: {tag}\r\n");
    assert_eq!(ask(&lines).status, 304, "the second line counts");
    let missing = format!("{path}/nowhere");
    let bytes = format!("GET {missing} HTTP/1.1\r\nHost: x\r\nAccept-Language: fr\r\nAccept-Language: ko\r\n\r\n");
    let answer = wire::send(app.address, bytes.as_bytes());
    assert!(answer.body.contains("아무것도"), "{answer:?}");
}
