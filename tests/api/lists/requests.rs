//! What a list may be asked for, what is refused, cursors, totals, links and tags.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::answers::{id, ids, with_query};
use crate::support::client::Client;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_cannot_be_asked_for_is_refused,
        all_that_is_wrong_is_told_at_once,
        a_cursor_fits_only_what_it_was_made_for,
        totals_count_what_the_filters_leave,
        links_lead_through_the_whole_list,
        a_list_is_read_again_by_its_tag,
    ]
}

/// The only finding of a problem.
#[track_caller]
fn only_error(problem: &Value) -> Value {
    let errors = problem["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{problem}");
    errors[0].clone()
}

fn make_offices(admin: &Client, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| id(&admin.create(OFFICES, &make::office_body(&format!("Office {number}"), "KR"))))
        .collect()
}

fn what_cannot_be_asked_for_is_refused(app: &TestApp) {
    let admin = app.admin();
    for limit in ["0", "201", "-1", "x", "1.5", "99999999999999999999"] {
        let problem = admin
            .get(&with_query(MOUS, &[("limit", limit)]))
            .expect(400)
            .problem("invalid-parameter");
        let error = only_error(&problem);
        assert_eq!(
            (&error["parameter"], &error["code"]),
            (&json!("limit"), &json!("out-of-range"))
        );
        assert_eq!(
            (&error["params"]["minimum"], &error["params"]["maximum"]),
            (&json!(1), &json!(200))
        );
    }
    admin.get(&with_query(MOUS, &[("limit", "200")])).expect(200);

    let problem = admin
        .get(&with_query(OFFICES, &[("contry", "KR")]))
        .expect(400)
        .problem("unknown-parameter");
    let error = only_error(&problem);
    assert_eq!(error["suggestion"], "country");
    assert!(
        error["allowed"].as_array().unwrap().contains(&json!("valid_on")),
        "{error}"
    );

    let refused = |path: &str, name: &str, value: &str, code: &str| {
        let problem = admin.get(&with_query(path, &[(name, value)])).expect(400);
        let error = only_error(&problem.problem("invalid-parameter"));
        assert_eq!(
            (&error["parameter"], &error["code"]),
            (&json!(name), &json!(code)),
            "{value}"
        );
        error
    };
    for (path, name, value, code, suggestion) in [
        (
            OFFICES,
            "kind",
            "educaton_office",
            "unknown-code",
            json!("education_office"),
        ),
        (OFFICES, "sort", "nmae", "unknown-code", json!("name")),
        (OFFICES, "sort", "-signed_on", "unknown-code", Value::Null),
        (OFFICES, "expand", "parents", "unknown-code", json!("parent")),
        (MOUS, "stage", "agred", "unknown-code", json!("agreed")),
        (
            MOUS,
            "purpose",
            "teacher_exchanges",
            "unknown-code",
            json!("teacher_exchange"),
        ),
        (MOUS, "party_role", "sign", "unknown-code", Value::Null),
        (MOUS, "date_match", "certainly", "unknown-code", json!("certain")),
        (MOUS, "include_total", "yes", "wrong-type", Value::Null),
        (MOUS, "signed_missing", "1", "wrong-type", Value::Null),
    ] {
        let error = refused(path, name, value, code);
        assert!(!error["allowed"].as_array().unwrap().is_empty(), "{error}");
        if !suggestion.is_null() {
            assert_eq!(error["suggestion"], suggestion, "{value}");
        }
    }
    for (path, name, value, code) in [
        (OFFICES, "country", "kr", "invalid-country"),
        (OFFICES, "subdivision", "Seoul", "invalid-subdivision"),
        (OFFICES, "parent", "mou_00000000000000000000000000", "invalid-id"),
        (OFFICES, "valid_on", "2023", "invalid-date"),
        (OFFICES, "valid_on", "2023-02-30", "invalid-date"),
        (OFFICES, "lang", "not a language", "invalid-language"),
        (MOUS, "signed_gte", "2023-5-1", "invalid-date"),
        (MOUS, "party", "x", "invalid-id"),
        (MOUS, "kind", ",", "empty"),
        (MOUS, "signed_gte", " , ", "empty"),
        (MOUS, "q", "a\0b", "invalid-text"),
    ] {
        refused(path, name, value, code);
    }
    for name in ["limit", "sort", "q", "lang", "cursor", "signed_gte"] {
        let problem = admin
            .get(&with_query(MOUS, &[(name, "2020-01-01"), (name, "2020-01-02")]))
            .expect(400)
            .problem("invalid-parameter");
        assert_eq!(only_error(&problem)["code"], "given-twice", "{name}");
    }
}

fn all_that_is_wrong_is_told_at_once(app: &TestApp) {
    let query = [
        ("kind", "mouu"),
        ("limit", "0"),
        ("sort", "x"),
        ("lang", "!"),
        ("expand", "y"),
        ("include_total", "z"),
    ];
    let problem = app
        .admin()
        .get(&with_query(MOUS, &query))
        .expect(400)
        .problem("invalid-parameter");
    let mut named: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["parameter"].as_str().unwrap())
        .collect();
    named.sort_unstable();
    assert_eq!(named, ["expand", "include_total", "kind", "lang", "limit", "sort"]);
}

fn a_cursor_fits_only_what_it_was_made_for(app: &TestApp) {
    let admin = app.admin();
    let offices = make_offices(&admin, 5);
    let made_for = [("limit", "2"), ("sort", "name"), ("country", "KR")];
    let first = admin.get(&with_query(OFFICES, &made_for)).expect(200).json();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let with = |parameters: &[(&str, &str)]| with_query(OFFICES, &[&[("cursor", cursor)], parameters].concat());

    // Another page size, a total and embedded records are no other list.
    let page = admin.get(&with(&[
        ("limit", "3"),
        ("country", "KR"),
        ("include_total", "true"),
        ("expand", "owner"),
    ]));
    assert_eq!(ids(&page.expect(200).json()), offices[2..]);
    for other in [
        vec![("country", "KR"), ("sort", "-name")],
        vec![("country", "KR"), ("sort", "created_at")],
        vec![("country", "MN")],
        vec![],
        vec![("country", "KR"), ("q", "office")],
        vec![("country", "KR"), ("date_match", "certain")],
    ] {
        admin.get(&with(&other)).expect(400).problem("invalid-cursor");
    }
    // Nor for the same parameters of another list.
    let by_creation = [("limit", "2"), ("sort", "created_at")];
    let page = admin.get(&with_query(OFFICES, &by_creation)).expect(200).json();
    let foreign = ("cursor", page["page"]["next_cursor"].as_str().unwrap());
    let query = with_query(MOUS, &[&by_creation[..], &[foreign]].concat());
    admin.get(&query).expect(400).problem("invalid-cursor");

    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for altered in [
        "x".to_owned(),
        cursor[..cursor.len() - 3].to_owned(),
        format!("{cursor}="),
        encoded("{}"),
        encoded("null"),
        encoded(&text.replace("\"v\":1", "\"v\":2")),
        encoded(&text.replace("\"b\":false", "\"b\":7")),
        encoded(&text.replace("\"k\":\"", "\"k\":\"\\u0000")),
    ] {
        let query = with_query(OFFICES, &[&made_for[..], &[("cursor", altered.as_str())]].concat());
        admin.get(&query).expect(400).problem("invalid-cursor");
    }
}

fn totals_count_what_the_filters_leave(app: &TestApp) {
    let admin = app.admin();
    let offices = make_offices(&admin, 5);
    admin.create(OFFICES, &make::office_body("Elsewhere", "MN"));
    let total = |parameters: &[(&str, &str)]| {
        let page = admin.get(&with_query(OFFICES, parameters)).expect(200).json();
        page["page"]["total"].clone()
    };
    assert_eq!(total(&[]), Value::Null);
    assert_eq!(total(&[("include_total", "true")]), 6);
    let filtered = [("include_total", "true"), ("country", "KR"), ("limit", "2")];
    assert_eq!(total(&filtered), 5);
    let page = admin.get(&with_query(OFFICES, &filtered)).expect(200).json();
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    assert_eq!(
        total(&[&filtered[..], &[("cursor", cursor)]].concat()),
        5,
        "not what is left to come"
    );
    admin
        .header("if-match", "*")
        .delete(&format!("{OFFICES}/{}", offices[0]))
        .expect(204);
    assert_eq!(total(&filtered), 4);
}

/// The target of a link with this relation, if there is one.
fn link(header: Option<&str>, relation: &str) -> Option<String> {
    header?.split(", ").find_map(|link| {
        let target = link.strip_suffix(&format!(">; rel=\"{relation}\""))?;
        Some(target.strip_prefix('<').expect("a link in angle brackets").to_owned())
    })
}

fn links_lead_through_the_whole_list(app: &TestApp) {
    let admin = app.admin();
    let offices = make_offices(&admin, 5);
    let start = with_query(
        OFFICES,
        &[("limit", "2"), ("q", "office"), ("country", "KR,MN"), ("sort", "name")],
    );
    let mut reply = admin.get(&start).expect(200);
    assert_eq!(link(reply.header("link"), "prev"), None);
    let mut seen = ids(&reply.json());
    while let Some(next) = link(reply.header("link"), "next") {
        reply = admin.get(&next).expect(200);
        seen.extend(ids(&reply.json()));
    }
    assert_eq!(seen, offices);
    let middle = admin.get(&link(reply.header("link"), "prev").unwrap()).expect(200);
    assert_eq!(ids(&middle.json()), offices[2..4]);
    let first = admin.get(&link(middle.header("link"), "prev").unwrap()).expect(200);
    assert_eq!(ids(&first.json()), offices[..2]);
}

fn a_list_is_read_again_by_its_tag(app: &TestApp) {
    let admin = app.admin();
    let offices = make_offices(&admin, 2);
    let read = admin.get(OFFICES).expect(200);
    assert!(!read.etag().contains('v'), "a list has no version: {}", read.etag());
    let again = admin.header("if-none-match", read.etag());
    let unchanged = again.get(OFFICES).expect(304);
    assert_eq!((unchanged.text.as_str(), unchanged.etag()), ("", read.etag()));
    let changed = json!({ "city": "Seoul" });
    admin
        .header("if-match", "*")
        .patch(&format!("{OFFICES}/{}", offices[1]), &changed)
        .expect(200);
    assert_ne!(again.get(OFFICES).expect(200).etag(), read.etag());
    again.get(&with_query(OFFICES, &[("limit", "1")])).expect(200);
}
