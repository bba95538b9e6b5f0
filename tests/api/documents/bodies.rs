//! Bodies that cannot be read: their form, size, type and encoding.

use serde_json::json;

use super::{assert_findings, office_path};
use crate::support::client::{Client, Reply};
use crate::support::make::new_office;
use crate::support::paths::OFFICES;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_member_given_twice_is_refused,
        depth_is_bounded,
        text_that_no_database_keeps_is_refused,
        size_is_bounded,
        a_merge_patch_is_no_document,
        compressed_bodies_are_refused,
        an_integer_has_no_fraction,
    ]
}

fn post(caller: &Client, body: &[u8]) -> Reply {
    caller.raw("POST", OFFICES, &[("content-type", "application/json")], body)
}

fn a_member_given_twice_is_refused(app: &TestApp) {
    let admin = app.admin();
    let body = br#"{"names": {"en": "A", "en": "B"}, "kind": "school", "kind": "school", "k\u0069nd": 1}"#;
    let problem = post(&admin, body).expect(400).problem("duplicate-member");
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert!(
        pointers.contains(&&json!("/names/en")) && pointers.contains(&&json!("/kind")),
        "{problem:#}"
    );
}

fn depth_is_bounded(app: &TestApp) {
    let admin = app.admin();
    let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    post(&admin, nested(32).as_bytes())
        .expect(422)
        .problem("invalid-document");
    post(&admin, nested(33).as_bytes()).expect(400).problem("too-deep");
    let arrays = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let reply = post(&admin, arrays.as_bytes()).expect(400);
    assert!(["too-deep", "malformed-json"].contains(&reply.json()["code"].as_str().unwrap()));
}

fn text_that_no_database_keeps_is_refused(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Text"));
    let before = traces(app);
    for (text, body) in [
        ("/names/en", r#"{"names": {"en": "a\u0000b"}, "kind": "school"}"#),
        ("/names/en", r#"{"names": {"en": "a\ud800"}, "kind": "school"}"#),
        ("/names/en", r#"{"names": {"en": "\udc00\ud800"}, "kind": "school"}"#),
        (
            "/tags/1",
            r#"{"names": {"en": "A"}, "kind": "school", "tags": ["a", "\u0000"]}"#,
        ),
    ] {
        assert_findings(
            post(&admin, body.as_bytes()).expect(422),
            "invalid-text",
            &[(text, "invalid-text")],
        );
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        admin
            .raw("PATCH", &path, &headers, body.as_bytes())
            .expect(422)
            .problem("invalid-text");
    }
    assert_eq!(traces(app), before);
    // A pair of surrogates is one character.
    let body = r#"{"names": {"en": "\ud83c\udfeb"}, "kind": "school"}"#;
    assert_eq!(post(&admin, body.as_bytes()).expect(201).json()["names"]["en"], "🏫");
}

fn size_is_bounded(app: &TestApp) {
    let admin = app.admin();
    let body = make::office_body("Large", "KR").to_string();
    let padded = |length: usize| format!("{body}{}", " ".repeat(length - body.len()));
    post(&admin, padded(1024 * 1024).as_bytes()).expect(201);
    let problem = post(&admin, padded(1024 * 1024 + 1).as_bytes())
        .expect(413)
        .problem("body-too-large");
    assert_eq!(problem["limit"], 1024 * 1024);
    // The connection, or a new one, serves the next request.
    post(&admin, body.as_bytes()).expect(201);
}

fn a_merge_patch_is_no_document(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Typed"));
    // A merge patch is no document to create or to replace one with.
    let headers = [("content-type", "application/merge-patch+json"), ("if-match", "*")];
    admin.raw("POST", OFFICES, &headers, b"{}").expect(415);
    admin.raw("PUT", &path, &headers, b"{}").expect(415);
    let headers = [("content-type", "Application/JSON ; charset=UTF-8"), ("if-match", "*")];
    admin.raw("PATCH", &path, &headers, b"{}").expect(200);
}

fn compressed_bodies_are_refused(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Plain"));
    let whole = admin.get(&path).text;
    for encoding in ["gzip", "br", "deflate", "gzip, identity", "x"] {
        let headers = [
            ("content-type", "application/json"),
            ("content-encoding", encoding),
            ("if-match", "*"),
        ];
        for (method, path) in [("POST", OFFICES), ("PATCH", &path), ("PUT", &path)] {
            let reply = admin.raw(method, path, &headers, whole.as_bytes()).expect(415);
            reply.problem("unsupported-media-type");
        }
    }
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "identity"),
        ("if-match", "*"),
    ];
    admin.raw("PUT", &path, &headers, whole.as_bytes()).expect(200);
}

fn an_integer_has_no_fraction(app: &TestApp) {
    let admin = app.admin();
    let with_term = |term: &str| {
        let body = format!(
            r#"{{"names": {{"en": "A"}}, "kind": "school", "posts": {{"head": {{"post": "head", "holder": {{"en": "B"}}, "term": {term}}}}}}}"#
        );
        post(&admin, body.as_bytes())
    };
    assert_eq!(with_term("2").expect(201).json()["posts"]["head"]["term"], 2);
    for term in ["2.0", "2e0", "2.5", "1e400", "99999999999999999999", "\"2\""] {
        let reply = with_term(term);
        if reply.status == 400 {
            // Not a number that can be read at all.
            assert_eq!(term, "1e400", "{}", reply.text);
            continue;
        }
        assert_findings(
            reply.expect(422),
            "invalid-document",
            &[("/posts/head/term", "wrong-type")],
        );
    }
    assert_findings(
        with_term("0").expect(422),
        "invalid-document",
        &[("/posts/head/term", "out-of-range")],
    );
}
