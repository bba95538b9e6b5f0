//! What one request may ask for, and how long a page becomes: `q`, values of a filter, 4 MiB of items.

use serde_json::{Value, json};

use crate::support::answers::{id, ids};
use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_search_has_eight_words_at_most,
        a_filter_has_twenty_values_at_most,
        long_records_fill_a_page_before_its_limit,
        long_records_fill_a_part_of_the_feed,
    ]
}

/// The finding about one parameter, of a 400.
fn finding(caller: &Client, path: &str) -> Value {
    let problem = caller.get(path).expect(400).problem("invalid-parameter");
    let errors = problem["errors"].as_array().expect("errors").clone();
    assert_eq!(errors.len(), 1, "{problem}");
    errors[0].clone()
}

fn a_search_has_eight_words_at_most(app: &TestApp) {
    let admin = app.admin();
    admin.create(OFFICES, &make::office_body("a b c d e f g h", "KR"));
    let words = |count: u32| {
        let words: Vec<String> = (0..count)
            .filter_map(|at| char::from_digit(10 + at, 36))
            .map(String::from)
            .collect();
        words.join("+")
    };
    let found = |q: &str| {
        let page = admin.get(&format!("{OFFICES}?q={q}")).expect(200).json();
        page["items"].as_array().expect("items").len()
    };
    assert_eq!(found(&words(8)), 1);
    // A word counts once, in whatever case and form.
    assert_eq!(found(&format!("{}+A+B+%EF%BC%A3+a+a", words(8))), 1);
    let told = finding(&admin, &format!("{OFFICES}?q={}", words(9)));
    assert_eq!((&told["parameter"], &told["code"]), (&json!("q"), &json!("too-many")));
    assert_eq!(told["params"], json!({"maximum": 8, "found": 9}));
}

fn a_filter_has_twenty_values_at_most(app: &TestApp) {
    let admin = app.admin();
    let tags = |count: usize| (0..count).map(|tag| format!("t{tag}")).collect::<Vec<_>>();
    for ask in [
        |tags: &[String]| format!("tag={}", tags.join(",")),
        |tags: &[String]| {
            tags.iter()
                .map(|tag| format!("tag={tag}"))
                .collect::<Vec<_>>()
                .join("&")
        },
    ] {
        admin.get(&format!("{OFFICES}?{}", ask(&tags(20)))).expect(200);
        let told = finding(&admin, &format!("{OFFICES}?{}", ask(&tags(21))));
        assert_eq!((&told["parameter"], &told["code"]), (&json!("tag"), &json!("too-many")));
        assert_eq!(told["params"], json!({"maximum": 20, "found": 21}));
    }
    let kinds = vec!["mou"; 21].join(",");
    assert_eq!(
        finding(&admin, &format!("/api/v1/changes?kinds={kinds}"))["code"],
        "too-many"
    );
}

/// Offices of about 900 KiB.
fn create_long_offices(admin: &Client, count: usize) -> Vec<String> {
    let text = "x".repeat(4_500);
    let sources: Value = (0..200)
        .map(|number| (format!("s{number}"), json!({"title": text})))
        .collect();
    (0..count)
        .map(|number| {
            let mut body = make::office_body(&format!("Long {number}"), "KR");
            body["sources"] = sources.clone();
            id(&admin.create(OFFICES, &body))
        })
        .collect()
}

/// 4 MiB of items, and what stands around them.
const LONGEST: usize = 4 * 1024 * 1024 + 64 * 1024;

fn long_records_fill_a_page_before_its_limit(app: &TestApp) {
    let admin = app.admin().unchecked();
    let mut made = create_long_offices(&admin, 6);
    let first = format!("{OFFICES}?limit=50&country=KR");
    let page = |path: &str| {
        let reply = admin.get(path).expect(200);
        assert!(reply.text.len() <= LONGEST, "{} bytes", reply.text.len());
        reply.json()
    };
    let (mut pages, mut path) = (Vec::new(), first.clone());
    let last = loop {
        let page = page(&path);
        pages.push(ids(&page));
        assert_eq!(page["page"]["has_more"] == true, !page["page"]["next_cursor"].is_null());
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("{first}&cursor={cursor}"),
            None => break page,
        }
    };
    assert!(
        pages.len() >= 2 && pages.iter().all(|page| !page.is_empty()),
        "{pages:?}"
    );
    // And back again: what stands before the last page, as far as it has room.
    let cursor = last["page"]["prev_cursor"].as_str().expect("a page before");
    let before = ids(&page(&format!("{first}&cursor={cursor}")));
    let behind = pages.pop().unwrap_or_default();
    let ahead = pages.concat();
    assert!(
        !before.is_empty() && ahead.ends_with(&before),
        "{before:?} in {ahead:?}"
    );
    let mut found = [ahead, behind].concat();
    made.sort();
    found.sort();
    assert_eq!(found, made);
}

fn long_records_fill_a_part_of_the_feed(app: &TestApp) {
    let admin = app.admin().unchecked();
    let made = create_long_offices(&admin, 6);
    let mut since = "begin".to_owned();
    let (mut found, mut parts) = (Vec::new(), 0);
    loop {
        let reply = admin
            .get(&format!("/api/v1/changes?limit=50&since={since}"))
            .expect(200);
        assert!(reply.text.len() <= LONGEST, "{} bytes", reply.text.len());
        let part = reply.json();
        found.extend(ids(&part));
        since = part["next"].as_str().expect("a position").to_owned();
        parts += 1;
        if part["has_more"] == false {
            break;
        }
    }
    assert!(parts >= 2);
    assert_eq!(found, made);
}
