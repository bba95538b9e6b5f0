//! Bodies that can be read but are wrong: every mistake at once, each with its place.

use serde_json::{Value, json};

use super::{assert_findings, matching, office_path};
use crate::support::make::new_office;
use crate::support::paths::OFFICES;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_mistake_is_told_at_once,
        one_wrong_value_is_one_finding,
        a_near_miss_gets_a_suggestion,
        text_has_a_limit_in_characters,
        keys_of_maps_have_a_form,
        rules_across_members_are_told_at_once,
        a_value_of_the_right_form_is_kept_as_written,
    ]
}

fn every_mistake_is_told_at_once(app: &TestApp) {
    let admin = app.admin();
    let before = traces(app);
    let body = json!({
        "names": {"xx-": "A", "en": ""},
        "kind": "education_ofice",
        "country": "XX",
        "time_zone": "Asia/Soul",
        "website": "ftp://example.org",
        "original_language": "korean language",
        "valid": {"from": "2022-02-30"},
        "tags": ["ok", ""],
        "visibility": 1,
        "posts": {"head": {"holder": {"en": "B"}, "unknown": 1}},
        "nothing": true,
    });
    let reply = admin.post(OFFICES, &body).expect(422);
    assert_findings(
        reply,
        "invalid-document",
        &[
            ("/country", "invalid-country"),
            ("/kind", "unknown-code"),
            ("/names/en", "empty"),
            ("/names/xx-", "invalid-language"),
            ("/nothing", "unknown-member"),
            ("/original_language", "invalid-language"),
            ("/posts/head/post", "required"),
            ("/posts/head/unknown", "unknown-member"),
            ("/tags/1", "empty"),
            ("/time_zone", "invalid-time-zone"),
            ("/valid/from", "invalid-partial-date"),
            ("/visibility", "wrong-type"),
            ("/website", "invalid-uri"),
        ],
    );
    assert_eq!(traces(app), before);
}

fn one_wrong_value_is_one_finding(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Right"));
    let date = |value: &str| json!({"valid": {"from": value}});
    let mut wrong: Vec<(Value, &str, &str)> = vec![
        (json!({"country": "kr"}), "/country", "invalid-country"),
        (json!({"country": "KOR"}), "/country", "invalid-country"),
        (json!({"country": ""}), "/country", "invalid-country"),
        (json!({"subdivision": "Seoul"}), "/subdivision", "invalid-subdivision"),
        (json!({"time_zone": "KST+9"}), "/time_zone", "invalid-time-zone"),
        (json!({"names": {"english": "A"}}), "/names/english", "invalid-language"),
        (json!({"website": "example.org"}), "/website", "invalid-uri"),
        (json!({"city": ""}), "/city", "empty"),
        (json!({"city": 7}), "/city", "wrong-type"),
        (json!({"names": "A"}), "/names", "wrong-type"),
        (json!({"tags": "a"}), "/tags", "wrong-type"),
        (json!({"tags": [["a"]]}), "/tags/0", "wrong-type"),
        (json!({"tags": [null]}), "/tags/0", "wrong-type"),
        (json!({"tags": {"a": null}}), "/tags", "wrong-type"),
        (json!({"visibility": "Public"}), "/visibility", "unknown-code"),
        (
            json!({"location": {"latitude": 91, "longitude": 0}}),
            "/location/latitude",
            "out-of-range",
        ),
    ];
    for day in [
        "2022-13",
        "2022-02-29",
        "22",
        "2022-2-1",
        "2022-02-01T00:00:00Z",
        "",
        "0999",
        "1900-02-29",
    ] {
        wrong.push((date(day), "/valid/from", "invalid-partial-date"));
    }
    for (patch, pointer, code) in wrong {
        let reply = matching(&admin, "*").patch(&path, &patch).expect(422);
        assert_findings(reply, "invalid-document", &[(pointer, code)]);
    }
    assert_eq!(admin.get(&path).etag(), "\"v1\"");
    for day in ["2000-02-29", "2022", "2022-02", "1000-01-01", "9999-12-31"] {
        matching(&admin, "*").patch(&path, &date(day)).expect(200);
    }
}

fn a_near_miss_gets_a_suggestion(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Near", "KR");
    body["kind"] = json!("education-office");
    let problem = admin.post(OFFICES, &body).expect(422).problem("invalid-document");
    let finding = &problem["errors"][0];
    assert_eq!(finding["suggestion"], "education_office", "{problem:#}");
    assert!(finding["allowed"].as_array().unwrap().contains(&json!("school")));
    body["kind"] = json!("zzzzzzzzzzzz");
    let problem = admin.post(OFFICES, &body).expect(422).problem("invalid-document");
    assert!(
        problem["errors"][0].get("suggestion").is_none_or(Value::is_null),
        "{problem:#}"
    );
}

fn text_has_a_limit_in_characters(app: &TestApp) {
    let admin = app.admin();
    let named = |text: String| {
        let mut body = make::office_body("x", "KR");
        body["names"]["ko"] = json!(text);
        admin.post(OFFICES, &body)
    };
    // Characters, not bytes; and of the composed text, which is what is kept.
    assert_eq!(
        named("가".repeat(20_000)).expect(201).json()["names"]["ko"],
        "가".repeat(20_000)
    );
    named("\u{1100}\u{1161}".repeat(20_000)).expect(201);
    assert_findings(
        named("가".repeat(20_001)).expect(422),
        "invalid-document",
        &[("/names/ko", "too-long")],
    );
    // What has no limit of its own has this one; what has one keeps to it.
    let long = |length: usize| Value::from("s".repeat(length));
    for (member, value, pointer) in [
        ("identifiers", json!({"own": long(20_001)}), "/identifiers/own"),
        ("city", long(201), "/city"),
        ("tags", json!([long(101)]), "/tags/0"),
        (
            "posts",
            json!({"head": {"post": "head", "source": long(64)}}),
            "/posts/head/source",
        ),
    ] {
        let mut body = make::office_body("x", "KR");
        body[member] = value;
        assert_findings(
            admin.post(OFFICES, &body).expect(422),
            "invalid-document",
            &[(pointer, "too-long")],
        );
    }
}

fn keys_of_maps_have_a_form(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Keys"));
    let longest = "k".repeat(63);
    for key in ["", "A", "1a", "_a", "a b", "a/b", "a~", "ключ", &"k".repeat(64)] {
        let patch = json!({"aliases": {key: {"text": "A", "kind": "short"}}});
        let reply = matching(&admin, "*").patch(&path, &patch).expect(422);
        let pointer = format!("/aliases/{}", key.replace('~', "~0").replace('/', "~1"));
        let problem = reply.problem("invalid-document");
        assert_eq!(problem["errors"][0]["pointer"], json!(pointer), "{problem:#}");
    }
    for key in ["a", "a-b_1", &longest] {
        let patch = json!({"aliases": {key: {"text": "A", "kind": "short"}}});
        matching(&admin, "*").patch(&path, &patch).expect(200);
    }
    let many: serde_json::Map<String, Value> = (0..201)
        .map(|number| (format!("k{number}"), json!({"text": "A", "kind": "short"})))
        .collect();
    let reply = matching(&admin, "*")
        .patch(&path, &json!({ "aliases": many }))
        .expect(422);
    assert_eq!(reply.problem("invalid-document")["errors"][0]["code"], "too-many");
}

fn rules_across_members_are_told_at_once(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Rules", "KR");
    body["valid"] = json!({"from": "2022", "to": "2021"});
    body["posts"] = json!({"head": {"post": "head", "valid": {"to": "2020", "open": true}}});
    body["relations"] = json!({"place": {"place": {"country": "KR", "subdivision": "US-CA"}}});
    let reply = admin.post(OFFICES, &body).expect(422);
    let problem = reply.clone().problem("invalid-document");
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["pointer"].as_str())
        .collect();
    assert_eq!(pointers.len(), 3, "{problem:#}");
    for start in ["/posts/head/valid", "/relations/place/place/subdivision", "/valid"] {
        assert!(
            pointers.iter().any(|pointer| pointer.starts_with(start)),
            "{start}: {problem:#}"
        );
    }
    // The rules of the kind: a source that is named must be listed, a relation has exactly one partner.
    let mut body = make::office_body("Rules", "KR");
    body["posts"] = json!({"head": {"post": "head", "source": "page"}});
    body["relations"] = json!({"nobody": {"purposes": ["teacher_exchange"]}});
    assert_findings(
        admin.post(OFFICES, &body).expect(422),
        "invalid-document",
        &[
            ("/posts/head/source", "unknown-source"),
            ("/relations/nobody", "exactly-one"),
        ],
    );
}

fn a_value_of_the_right_form_is_kept_as_written(app: &TestApp) {
    let admin = app.admin();
    let body = r#"{"names": {"zh-Hant-TW": "局"}, "kind": "school", "valid": {"from": "2009", "to": "2022-04"},
        "location": {"latitude": 37.5665350, "longitude": -126.0}, "country": "KR"}"#;
    let reply = admin
        .raw(
            "POST",
            OFFICES,
            &[("content-type", "application/json")],
            body.as_bytes(),
        )
        .expect(201);
    let office = reply.json();
    assert_eq!(office["valid"], json!({"from": "2009", "to": "2022-04", "open": false}));
    assert_eq!(office["names"], json!({"zh-Hant-TW": "局"}));
    assert_eq!(office["location"]["latitude"], json!(37.566_535));
}
