//! Paging equals a plain Rust model, on both databases the same one: so they page alike.

use eduaccord::values::text::fold;
use serde_json::{Value, json};

use crate::support::answers::{id, ids, with_query};
use crate::support::client::Client;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_sort_pages_as_the_model_says,
        offices_page_by_name_in_byte_order,
        pages_hold_still_while_records_come_and_go,
        the_longest_titles_can_be_stored_and_paged,
    ]
}

/// Texts that languages order in another way than bytes do, and some that are equal once folded.
const TITLES: &[&str] = &[
    "Alpha",
    "alpha",
    "ａｌｐｈａ",
    "Ähre",
    "Zebra",
    "a b",
    "a-b",
    "A_b",
    "10",
    "9",
    "교육",
    "교류",
    "Ёлка",
    "ёлка",
    "école",
    "e\u{301}cole",
    "ecole",
    "Өвөрхангай",
    "~",
    "ß",
    "ss",
];
const DAYS: &[Option<&str>] = &[
    Some("2009"),
    None,
    Some("2022-04"),
    Some("2022-04-16"),
    None,
    Some("2022"),
    Some("2009-01-01"),
    Some("1999-12-31"),
];

/// Forty memoranda with few titles and few days, every third of them touched once more.
fn make_mous(admin: &Client, a: &str, b: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for number in 0..40 {
        let mut body = make::mou_body(TITLES[number * 5 % TITLES.len()], &[a, b]);
        body["owner_office_id"] = json!(a);
        for party in [a, b] {
            body["parties"][party]["signed_on"] = json!(DAYS[number % DAYS.len()]);
        }
        all.push(admin.create("/api/v1/mous?confirm_distinct=true", &body));
    }
    let any = admin.header("if-match", "*");
    for mou in all.iter_mut().step_by(3) {
        let path = format!("{MOUS}/{}", id(mou));
        *mou = any.patch(&path, &json!({ "tags": ["touched"] })).expect(200).json();
    }
    all
}

/// The first day that a partial date can mean.
fn first_day(date: &str) -> String {
    match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    }
}

/// What the sort key of a record is; nothing where the record lacks it.
fn key(record: &Value, sort: &str) -> Option<String> {
    match sort {
        "title" => record["titles"]["en"].as_str().map(fold),
        "name" => record["names"]["en"].as_str().map(fold),
        "signed_on" => record["signed_on"].as_str().map(first_day),
        other => record[other].as_str().map(str::to_owned),
    }
}

/// The ids in the order that the documentation promises: by key and id, missing keys last in both directions.
fn model(records: &[Value], sort: &str, descending: bool) -> Vec<String> {
    let mut rows: Vec<(Option<String>, String)> =
        records.iter().map(|record| (key(record, sort), id(record))).collect();
    rows.sort_by(|one, other| match (&one.0, &other.0) {
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        _ if descending => other.cmp(one),
        _ => one.cmp(other),
    });
    rows.into_iter().map(|(_, id)| id).collect()
}

/// All pages from the first to the last, then back from there to the first.
fn walk(client: &Client, path: &str, sort: &str, limit: usize) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let limit = limit.to_string();
    let page = |cursor: Option<&str>| {
        let mut parameters = vec![("sort", sort), ("limit", limit.as_str())];
        parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
        client.get(&with_query(path, &parameters)).expect(200).json()
    };
    let mut current = page(None);
    assert_eq!(
        current["page"]["prev_cursor"],
        Value::Null,
        "nothing lies before the first page"
    );
    let mut forward = vec![ids(&current)];
    while let Some(cursor) = current["page"]["next_cursor"].as_str() {
        assert_eq!(current["page"]["has_more"], true);
        current = page(Some(cursor));
        forward.push(ids(&current));
    }
    assert_eq!(current["page"]["has_more"], false);
    let mut backward = vec![ids(&current)];
    while let Some(cursor) = current["page"]["prev_cursor"].as_str() {
        current = page(Some(cursor));
        assert_eq!(current["page"]["has_more"], true, "the page that we came from follows");
        backward.push(ids(&current));
    }
    backward.reverse();
    (forward, backward)
}

#[track_caller]
fn check_walk(client: &Client, path: &str, records: &[Value], sorts: &[&str], limits: &[usize]) {
    for sort in sorts {
        for descending in [false, true] {
            let expected = model(records, sort, descending);
            let sent = if descending {
                format!("-{sort}")
            } else {
                (*sort).to_owned()
            };
            for limit in limits {
                let pages: Vec<Vec<String>> = expected.chunks(*limit).map(<[String]>::to_vec).collect();
                let (forward, backward) = walk(client, path, &sent, *limit);
                assert_eq!(forward, pages, "{path} by {sent}, {limit} at a time");
                assert_eq!(backward, pages, "{path} by {sent}, {limit} at a time, from the end");
            }
        }
    }
}

fn every_sort_pages_as_the_model_says(app: &TestApp) {
    let admin = app.admin();
    let a = id(&admin.create(OFFICES, &make::office_body("A", "KR")));
    let b = id(&admin.create(OFFICES, &make::office_body("B", "MN")));
    let records = make_mous(&admin, &a, &b);
    let sorts = ["title", "signed_on", "created_at", "updated_at"];
    check_walk(&admin, MOUS, &records, &sorts, &[3, 7]);
    // The same for a caller whose rows are filtered, and one row at a time where keys are equal.
    let office = app.client_for(&b, &make::every_scope());
    check_walk(&office, MOUS, &records, &["signed_on"], &[1, 4, 40]);
}

fn offices_page_by_name_in_byte_order(app: &TestApp) {
    let admin = app.admin();
    let records: Vec<Value> = TITLES
        .iter()
        .map(|name| admin.create(OFFICES, &make::office_body(name, "KR")))
        .collect();
    check_walk(
        &admin,
        OFFICES,
        &records,
        &["name", "created_at", "updated_at"],
        &[1, 6],
    );
}

fn pages_hold_still_while_records_come_and_go(app: &TestApp) {
    let admin = app.admin();
    let make_office = |name: &str| id(&admin.create(OFFICES, &make::office_body(name, "KR")));
    let known: Vec<String> = ["b", "d", "f", "h", "j", "l"].map(make_office).to_vec();
    let page = |cursor: &str| {
        let query = with_query(OFFICES, &[("limit", "2"), ("cursor", cursor)]);
        admin.get(&query).expect(200).json()
    };
    let first = admin.get(&with_query(OFFICES, &[("limit", "2")])).expect(200).json();
    assert_eq!(ids(&first), known[..2]);
    // The very row of the cursor goes, one comes before it and one after it.
    let any = admin.header("if-match", "*");
    any.delete(&format!("{OFFICES}/{}", known[1])).expect(204);
    make_office("a");
    let new = make_office("e");
    let second = page(first["page"]["next_cursor"].as_str().unwrap());
    assert_eq!(ids(&second), [new.clone(), known[2].clone()]);
    any.delete(&format!("{OFFICES}/{}", known[5])).expect(204);
    let third = page(second["page"]["next_cursor"].as_str().unwrap());
    assert_eq!(ids(&third), known[3..5]);
    assert_eq!(third["page"]["next_cursor"], Value::Null);
    let back = page(third["page"]["prev_cursor"].as_str().unwrap());
    assert_eq!(ids(&back), [new, known[2].clone()]);
}

/// A title may have 20,000 characters; neither the index of a database nor a cursor in a URL takes that many.
fn the_longest_titles_can_be_stored_and_paged(app: &TestApp) {
    let admin = app.admin();
    // Different characters everywhere, so that no database can make it short.
    let long: String = (0..20_000_u32)
        .map(|at| char::from_u32(0xac00 + (at * 7_919) % 11_171).unwrap())
        .collect();
    let names = [
        format!("{}a", &long[..long.len() - 3]),
        format!("{}b", &long[..long.len() - 3]),
    ];
    let records: Vec<Value> = names
        .iter()
        .map(|name| admin.create(OFFICES, &make::office_body(name, "KR")))
        .collect();
    let (forward, backward) = walk(&admin, OFFICES, "name", 1);
    let expected: Vec<Vec<String>> = records.iter().map(|record| vec![id(record)]).collect();
    assert_eq!((&forward, &backward), (&expected, &expected));
}
