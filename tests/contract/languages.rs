//! The language of the service's own texts: chosen by `Accept-Language`, told by `Content-Language`; codes never change.

use crate::support::client::{Client, Reply};
use crate::support::{Case, TestApp, cases};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        problems_are_told_in_the_language_that_is_asked_for,
        pages_of_problems_are_told_in_the_language_that_is_asked_for,
        every_operation_refuses_in_the_language_that_is_asked_for
    ]
}

/// What is sent as `Accept-Language`, and the language that answers.
const ASKED: &[(&str, &str)] = &[
    ("en-GB", "en"),
    ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
    ("mn", "mn"),
    ("fr, mn;q=0.4, ko;q=0.3", "mn"),
    ("fr", "en"),
    ("*", "en"),
];

fn is_in(language: &str, text: &str) -> bool {
    let has = |from: char, to: char| text.chars().any(|letter| (from..=to).contains(&letter));
    match language {
        "ko" => has('가', '힣'),
        "mn" => has('Ѐ', 'ӿ'),
        _ => !has('가', '힣') && !has('Ѐ', 'ӿ'),
    }
}

#[track_caller]
fn check_headers(reply: &Reply, language: &str) {
    assert_eq!(reply.header("content-language"), Some(language), "{}", reply.text);
    let vary = reply.header("vary").unwrap_or_default().to_lowercase();
    assert!(vary.contains("accept-language"), "Vary: {vary}");
}

/// What clients compare: everything of a problem but its texts.
fn without_texts(problem: &Value) -> Value {
    let mut bare = problem.clone();
    for text in ["title", "detail", "request_id"] {
        bare[text] = Value::Null;
    }
    for finding in bare["errors"].as_array_mut().into_iter().flatten() {
        finding["detail"] = Value::Null;
    }
    bare
}

#[track_caller]
fn check_problem(ask: impl Fn(&Client) -> Reply, caller: &Client) {
    let english = ask(caller);
    check_headers(&english, "en");
    for (asked, language) in ASKED {
        let reply = ask(&caller.header("accept-language", asked));
        check_headers(&reply, language);
        let (problem, plain) = (reply.json(), english.json());
        assert_eq!(without_texts(&problem), without_texts(&plain), "{asked}");
        let mut texts = vec![&problem["title"], &problem["detail"]];
        texts.extend(
            problem["errors"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|finding| &finding["detail"]),
        );
        for text in texts {
            let text = text.as_str().expect("a text");
            assert!(is_in(language, text), "{asked}: {text}");
        }
    }
}

fn problems_are_told_in_the_language_that_is_asked_for(app: &TestApp) {
    let admin = app.admin();
    let wrong = json!({"names": {}, "kind": "palace", "country": "KR", "subdivision": "MN-1", "colour": "red"});
    check_problem(|caller| caller.post("/api/v1/offices", &wrong).expect(422), &admin);
    check_problem(
        |caller| caller.get("/api/v1/mous?stage=nowhere&limit=0").expect(400),
        &admin,
    );
    check_problem(
        |caller| caller.get("/api/v1/mous/mou_00000000000000000000000000").expect(404),
        &admin,
    );
    check_problem(|caller| caller.get("/api/v1/mous").expect(401), &app.anonymous());
    check_problem(|caller| caller.get("/nowhere").expect(404), &admin);
    check_problem(|caller| caller.raw("PUT", "/healthz", &[], b"").expect(405), &admin);
    check_problem(
        |caller| {
            let json = [("content-type", "application/json")];
            caller.raw("POST", "/api/v1/offices", &json, b"{\"names\":").expect(400)
        },
        &admin,
    );
}

fn pages_of_problems_are_told_in_the_language_that_is_asked_for(app: &TestApp) {
    let mut tags = std::collections::BTreeSet::new();
    for path in ["/problems", "/problems/not-found", "/problems/unknown-code"] {
        for (asked, language) in ASKED {
            let caller = app.anonymous().header("accept-language", asked);
            let page = caller.get(path).expect(200);
            check_headers(&page, language);
            assert!(
                page.text.contains(&format!("<html lang=\"{language}\">")),
                "{path} {asked}"
            );
            let heading = page
                .text
                .split("<h1>")
                .nth(1)
                .and_then(|rest| rest.split("</h1>").next());
            assert!(
                path.ends_with("unknown-code") || is_in(language, heading.expect("a heading")),
                "{path}"
            );
            tags.insert((path, page.header("etag").expect("a tag").to_owned()));
            let told = caller.header("accept", "application/json").get(path).expect(200);
            check_headers(&told, language);
            assert!(is_in(language, &told.text), "{path} {asked}: {}", told.text);
        }
    }
    assert_eq!(tags.len(), 9, "three pages in three languages: {tags:?}");
    // Guides are written in English only.
    let guide = app
        .anonymous()
        .header("accept-language", "ko")
        .get("/guide")
        .expect(200);
    assert_eq!(guide.header("content-language"), Some("en"));
}

/// Whatever an operation says to a stranger is said in the language that the stranger reads.
fn every_operation_refuses_in_the_language_that_is_asked_for(app: &TestApp) {
    let document = app.anonymous().get("/api/openapi.json").expect(200).json();
    let mut refused = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let path = path.replace(['{', '}'], "");
        for method in operations.as_object().expect("operations").keys() {
            for (asked, language) in &ASKED[1..3] {
                let caller = app.anonymous().header("accept-language", asked);
                let reply = caller.raw(&method.to_uppercase(), &path, &[], b"");
                if reply.status < 400 {
                    continue;
                }
                check_headers(&reply, language);
                let problem = reply.json();
                for text in ["title", "detail"] {
                    let text = problem[text].as_str().expect("a text");
                    assert!(is_in(language, text), "{method} {path}: {text}");
                }
                refused += 1;
            }
        }
    }
    assert!(refused > 150, "only {refused} refusals");
}
