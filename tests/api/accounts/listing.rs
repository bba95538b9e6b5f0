//! Lists of clients and tokens: filters, the computed status, pages, and what a token did.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use eduaccord::clock;
use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for, office};
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::make::delete_office_in_use;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_status_is_found_by_its_filter,
        what_nobody_misses_is_found,
        lists_are_paged_in_both_directions,
        clients_are_filtered_and_sorted,
        wrong_filters_are_refused,
        the_use_of_a_token_is_told_by_the_hour,
    ]
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items").iter();
    items
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[track_caller]
fn found(by: &Client, query: &str) -> BTreeSet<String> {
    ids(&by.get(&format!("{TOKENS}?limit=200&{query}")).expect(200).json())
        .into_iter()
        .collect()
}

/// Sets the instant of a token's column that nobody can set over the API.
fn set(app: &TestApp, token: &Minted, column: &str, days_ago: i64) {
    let at = clock::format_instant(clock::now() - TimeDelta::days(days_ago));
    let statement = format!("UPDATE tokens SET {column} = '{at}' WHERE id = '{}'", token.id);
    let epoch = "UPDATE registry_state SET epoch = epoch + 1";
    Look::into(app.database().url()).execute(&format!("{statement}; {epoch}"));
}

/// One token for every combination of what decides its status.
fn every_status_is_found_by_its_filter(app: &TestApp) {
    let admin = app.admin();
    for number in 0..32 {
        let has = |bit: u32| number & (1 << bit) != 0;
        let home = office(&admin, "Home");
        let token = mint(&admin, Some(&home), &["mous:read"]);
        if has(0) {
            admin.post(&format!("{}/rotate", token.path()), &json!({})).expect(201);
        }
        if has(1) {
            set(app, &token, "expires_at", 1);
        }
        if has(2) {
            edit(&admin, &token, &json!({"state": "suspended"})).expect(200);
        }
        if has(3) {
            delete_office_in_use(&admin, &home);
        }
        if has(4) {
            admin.post(&format!("{}/revoke", token.path()), &json!({})).expect(200);
        }
        let wanted = match number {
            16.. => "revoked",
            8.. => "office_deleted",
            4.. => "suspended",
            2.. => "expired",
            1 => "rotating",
            _ => "active",
        };
        assert_eq!(admin.get(&token.path()).json()["status"], wanted, "{number:05b}");
    }
    let all = admin.get(&format!("{TOKENS}?limit=200&include_total=true")).json();
    let mut by_filter = 0;
    let words = [
        "active",
        "rotating",
        "expired",
        "suspended",
        "office_deleted",
        "revoked",
    ];
    for word in words {
        let shown: BTreeSet<String> = all["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter(|item| item["status"] == word)
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect();
        assert!(!shown.is_empty(), "{word}");
        assert_eq!(found(&admin, &format!("status={word}")), shown, "{word}");
        by_filter += shown.len();
    }
    assert_eq!(all["page"]["total"], by_filter);
    let usable = admin
        .get(&format!("{TOKENS}?limit=200&status=active,rotating&include_total=true"))
        .json();
    assert_eq!(usable["page"]["total"], ids(&usable).len());
    assert_eq!(found(&admin, &format!("status={}", words.join(","))).len(), by_filter);
}

fn what_nobody_misses_is_found(app: &TestApp) {
    let admin = app.admin();
    let [never, long_ago, lately, new] = [(); 4].map(|()| mint(&admin, None, &["mous:read"]));
    for token in [&never, &long_ago, &lately] {
        set(app, token, "created_at", 200);
    }
    set(app, &long_ago, "last_used_at", 91);
    set(app, &lately, "last_used_at", 89);
    let wanted = BTreeSet::from([never.id.clone(), long_ago.id.clone()]);
    assert_eq!(found(&admin, "unused_for_days=90"), wanted);
    assert_eq!(found(&admin, "unused_for_days=100"), BTreeSet::from([never.id.clone()]));
    assert!(found(&admin, "unused_for_days=0").contains(&new.id));
    assert_eq!(found(&admin, "unused_for_days=9223372036854775807"), BTreeSet::new());
    let shown = |token: &Minted| admin.get(&token.path()).json()["unused_since_days"].clone();
    assert_eq!(
        (shown(&never), shown(&long_ago), shown(&new)),
        (json!(200), json!(91), json!(0))
    );
}

fn lists_are_paged_in_both_directions(app: &TestApp) {
    let admin = app.admin();
    let first = mint(&admin, None, &["mous:read"]);
    for _ in 0..6 {
        mint_for(&admin, &first.client);
    }
    for base in [
        format!("{TOKENS}?limit=3&sort=-expires_at"),
        format!("{TOKENS}?limit=3"),
        format!("{}/tokens?limit=3&include_total=true", first.client_path()),
    ] {
        let whole = ids(&admin.get(&base.replace("limit=3", "limit=200")).json());
        let (mut seen, mut next, mut previous) = (Vec::new(), String::new(), Vec::new());
        loop {
            let page = admin.get(&format!("{base}{next}")).expect(200).json();
            previous.push((ids(&page), page["page"]["prev_cursor"].clone()));
            seen.extend(ids(&page));
            match page["page"]["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, whole, "{base}");
        let (_, cursor) = previous.pop().expect("a page");
        let back = admin
            .get(&format!("{base}&cursor={}", cursor.as_str().expect("a page before")))
            .json();
        assert_eq!(ids(&back), previous.pop().expect("a page").0, "{base}");
    }
    // A cursor is bound to its list and its filters.
    let cursor = admin.get(&format!("{TOKENS}?limit=3")).json()["page"]["next_cursor"].clone();
    let cursor = cursor.as_str().expect("a next page").to_owned();
    for other in [format!("{CLIENTS}?limit=3"), format!("{TOKENS}?limit=3&status=active")] {
        admin
            .get(&format!("{other}&cursor={cursor}"))
            .expect(400)
            .problem("invalid-cursor");
    }
}

fn clients_are_filtered_and_sorted(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    for name in ["b", "a", "c"] {
        admin.create(CLIENTS, &json!({"name": name, "scopes": [], "office_id": home}));
    }
    let names = |query: &str| {
        let list = admin.get(&format!("{CLIENTS}?office={home}{query}")).expect(200).json();
        let items = list["items"].as_array().expect("items").iter();
        items
            .map(|item| item["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["b", "a", "c"]);
    assert_eq!(names("&sort=name"), ["a", "b", "c"]);
    assert_eq!(names("&sort=-name&limit=2"), ["c", "b"]);
    let first = ids(&admin.get(&format!("{CLIENTS}?office={home}&sort=name")).json())[0].clone();
    any(&admin)
        .patch(&format!("{CLIENTS}/{first}"), &json!({"state": "suspended"}))
        .expect(200);
    assert_eq!(names("&state=suspended"), ["a"]);
    assert_eq!(names("&state=active&sort=name"), ["b", "c"]);
}

fn wrong_filters_are_refused(app: &TestApp) {
    let admin = app.admin();
    let problem = admin
        .get(&format!("{TOKENS}?status=actve&client=tok_x&limit=0"))
        .expect(400)
        .problem("invalid-parameter");
    let named: Vec<&str> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|error| error["parameter"].as_str())
        .collect();
    assert_eq!(named, ["client", "status", "limit"]);
    assert_eq!(problem["errors"][1]["suggestion"], "active");
    admin
        .get(&format!("{TOKENS}?owner=off_00000000000000000000000000"))
        .expect(400)
        .problem("unknown-parameter");
    admin
        .get(&format!("{TOKENS}?office=ext:no:one"))
        .expect(400)
        .problem("invalid-parameter");
}

fn the_use_of_a_token_is_told_by_the_hour(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    let path = format!("{}/usage", token.path());
    let empty = admin.get(&path).expect(200).json();
    assert_eq!((&empty["items"], &empty["totals"]["requests"]), (&json!([]), &json!(0)));
    let mut look = Look::into(app.database().url());
    let hour = |number: i64| {
        clock::format_instant(
            clock::parse_instant("2026-01-01T00:00:00Z").expect("an instant") + TimeDelta::hours(number),
        )
    };
    for number in 0..5 {
        for operation in ["listMous", "getMou"] {
            let (hour, last) = (hour(number), hour(number).replace("00:00.", "59:59."));
            look.execute(&format!(
                "INSERT INTO token_usage (token_id, operation, hour, client_id, requests, refused, reads, audited, last_at, last_network)
                 VALUES ('{}', '{operation}', '{hour}', '{}', {}, 1, 0, 0, '{last}', '127.0.0.0/24')",
                token.id, token.client, number + 2
            ));
        }
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{path}?limit=3{cursor}")).expect(200).json();
        assert_eq!(
            page["totals"],
            json!({"requests": 40, "refused": 10, "last_at": hour(4).replace("00:00.", "59:59.")})
        );
        for item in page["items"].as_array().expect("items") {
            seen.push(format!("{} {} {}", item["hour"], item["operation"], item["requests"]));
        }
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.reverse();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (10, &sorted));
}
