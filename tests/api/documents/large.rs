//! Conflicts about large records.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![a_conflict_shows_records_that_fit, a_conflict_shows_overlaps_that_fit]
}

/// An office with so many KiB of sources, at version 2; its path.
fn changed_office(admin: &Client, size: usize) -> String {
    let source = json!({"title": "x".repeat(4_000)});
    let sources: Value = (0..size / 4)
        .map(|number| (format!("s{number}"), source.clone()))
        .collect();
    let mut body = make::office_body("Large", "KR");
    body["sources"] = sources;
    let path = format!(
        "{OFFICES}/{}",
        admin.create(OFFICES, &body)["id"].as_str().expect("an id")
    );
    let first = admin.header("if-match", "\"v1\"");
    first.patch(&path, &json!({"city": "Seoul"})).expect(200);
    path
}

fn a_conflict_shows_records_that_fit(app: &TestApp) {
    let admin = app.admin();
    let stale = |path: &str| {
        let reply = admin
            .header("if-match", "\"v1\"")
            .patch(path, &json!({"tags": ["mine"]}));
        let reply = reply.expect(412);
        assert_eq!(reply.etag(), "\"v2\"");
        (reply.text.len(), reply.problem("version-conflict"))
    };
    let (_, small) = stale(&changed_office(&admin, 400));
    assert_eq!(
        (&small["current"]["city"], &small["merged"]["city"]),
        (&json!("Seoul"), &json!("Seoul"))
    );
    assert!(small.get("current_link").is_none());
    let path = changed_office(&admin, 700);
    let (size, large) = stale(&path);
    assert!(size <= 256 * 1024, "{size}");
    assert_eq!((&large["current"], &large["merged"]), (&Value::Null, &Value::Null));
    assert_eq!(large["current_link"], json!(path));
    assert_eq!(large["overlaps"], json!([]));
}

fn a_conflict_shows_overlaps_that_fit(app: &TestApp) {
    let admin = app.admin();
    let path = changed_office(&admin, 400);
    let retitled = |text: &str| -> Value {
        (0..100)
            .map(|number| (format!("s{number}"), json!({"title": text.repeat(4_000)})))
            .collect()
    };
    let second = admin.header("if-match", "\"v2\"");
    second.patch(&path, &json!({"sources": retitled("y")})).expect(200);
    let reply = admin
        .header("if-match", "\"v1\"")
        .patch(&path, &json!({"sources": retitled("z")}))
        .expect(412);
    let problem = reply.problem("version-conflict");
    let shown = problem["overlaps"].as_array().expect("overlaps");
    assert!((1..100).contains(&shown.len()), "{}", shown.len());
    assert_eq!(problem["more_overlaps"], true);
    assert!(json!(shown).to_string().len() <= 128 * 1024);
    assert_eq!(shown[0]["pointer"], "/sources/s0/title");
    assert!(!problem["current"].is_null());
}
