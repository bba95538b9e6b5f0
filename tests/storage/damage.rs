//! `verify` finds every single change that did not come through the service.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};

use eduaccord::app::{KINDS, blueprint};
use eduaccord::verify::{Report, verify};
use serde_json::{Value, json};

use super::tampering::tamperings;
use crate::support::client::Client;
use crate::support::stored::{assert_clean, connect, report_of, run};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_registry_in_use_is_clean,
        changes_made_meanwhile_are_no_damage,
        a_writer_that_never_rests_is_no_damage,
        every_tampering_is_found,
        damage_below_the_rows_is_found only sqlite "PostgreSQL has no such check without an extension",
        the_program_finds_it_too
    ]
}

/// Something of everything: a tree, tags, codes, unique values, versions, a deletion, an own key.
fn fill(admin: &Client) -> [String; 3] {
    let create = |path: &str, body: &Value| admin.create(path, body)["id"].as_str().unwrap().to_owned();
    let change = |path: &str, patch: Value| admin.header("if-match", "*").patch(path, &patch).expect(200);
    let mut body = make::office_body("One", "KR");
    body["tags"] = json!(["first"]);
    body["identifiers"] = json!({"own": "1"});
    let one = create("/api/v1/offices", &body);
    let mut unit = make::office_body("Unit", "KR");
    unit["parent_id"] = json!(one);
    let unit = create("/api/v1/offices", &unit);
    let other = create("/api/v1/offices", &make::office_body("Other", "MN"));
    let gone = create("/api/v1/offices", &make::office_body("Gone", "MN"));
    admin
        .header("if-match", "*")
        .delete(&format!("/api/v1/offices/{gone}"))
        .expect(204);
    let mut mou = make::mou_body("Exchange", &[&one, &other]);
    mou["owner_office_id"] = json!(one);
    mou["purposes"] = json!(["teacher_exchange"]);
    mou["parties"][&unit] = json!({"roles": ["witness"]});
    let mou = create("/api/v1/mous", &mou);
    change(&format!("/api/v1/offices/{one}"), json!({"city": "Seoul"}));
    change(&format!("/api/v1/mous/{mou}"), json!({"visibility": "partners"}));
    change(&format!("/api/v1/mous/{mou}"), json!({"parties": {unit: null}}));
    change(
        &format!("/api/v1/mous/{mou}"),
        json!({"visibility": "private", "tags": ["x"]}),
    );
    [one, other, mou]
}

fn a_registry_in_use_is_clean(app: &TestApp) {
    fill(&app.admin());
    let report = assert_clean(app.database());
    assert_eq!((report.records, report.revisions), (5, 10));
}

/// An index that lacks a row, and a row that refers to none: rows and documents fit together all the same.
fn damage_below_the_rows_is_found(app: &TestApp) {
    fill(&app.admin());
    assert_clean(app.database());
    let mut conn = connect(app.database());
    let whole = report_of(app.database());
    run(
        &mut conn,
        "CREATE TABLE away AS SELECT * FROM sqlite_schema WHERE name = 'tokens_created_by'",
    );
    run(&mut conn, "PRAGMA writable_schema = ON");
    run(&mut conn, "DELETE FROM sqlite_schema WHERE name = 'tokens_created_by'");
    let mut other = connect(app.database());
    run(
        &mut other,
        "UPDATE tokens SET created_by_token = NULL; UPDATE tokens SET created_by_token = 'x'",
    );
    run(&mut conn, "INSERT INTO sqlite_schema SELECT * FROM away");
    let report = report_of(app.database());
    let found = |words: &str| {
        let mut damage = report.damage.iter();
        damage.any(|damage| damage.place == "database" && damage.detail.contains(words))
    };
    assert!(found("tokens_created_by"), "{report:?}");
    assert_eq!(whole.records, report.records, "the rest is checked all the same");
    run(&mut conn, "PRAGMA foreign_keys = OFF");
    run(
        &mut conn,
        "INSERT INTO record_tags (record_id, tag) VALUES ('off_none', 'x')",
    );
    let report = report_of(app.database());
    let told = report.damage.iter().any(|damage| {
        damage
            .detail
            .contains("record_tags has a row that refers to one of records")
    });
    assert!(told, "{report:?}");
}

/// Every record is changed, one is made and one deleted between any two that verification looks at.
fn changes_made_meanwhile_are_no_damage(app: &TestApp) {
    let admin = app.admin();
    let ids = fill(&admin);
    let before = assert_clean(app.database());
    let blueprint = blueprint().expect("the blueprint of this build");
    let report = verify(app.database(), KINDS, &blueprint.contracts, &|done, _| {
        // No more often: without a snapshot each new record would be one more to look at, without an end.
        if done <= before.records {
            change_something(&admin, &ids, done);
        }
    })
    .expect("the database can be read");
    assert_eq!(report, before, "what was there when it began");
    let after = assert_clean(app.database());
    assert!(after.revisions >= before.revisions + 4 * before.records, "{after:?}");
}

/// Changes records, rights and the tree; `number` makes each call differ.
fn change_something(admin: &Client, ids: &[String; 3], number: usize) {
    let [one, other, mou] = ids;
    let any = admin.header("if-match", "*");
    for path in [
        format!("/api/v1/offices/{one}"),
        format!("/api/v1/offices/{other}"),
        format!("/api/v1/mous/{mou}"),
    ] {
        any.patch(&path, &json!({"tags": [format!("t{number}")]})).expect(200);
    }
    let mut unit = make::office_body(&format!("Unit {number}"), "KR");
    unit["parent_id"] = json!(one);
    let unit = admin.create("/api/v1/offices", &unit)["id"].clone();
    any.delete(&format!("/api/v1/offices/{}", unit.as_str().unwrap()))
        .expect(204);
    let client = json!({"name": format!("Client {number}"), "office_id": other, "scopes": ["mous:read"]});
    admin.create("/api/v1/clients", &client);
}

fn a_writer_that_never_rests_is_no_damage(app: &TestApp) {
    let admin = app.admin();
    let ids = fill(&admin);
    let done = AtomicBool::new(false);
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..2_000 {
                if done.load(Ordering::Relaxed) {
                    return number;
                }
                change_something(&admin, &ids, number);
            }
            2_000
        });
        let reports = std::panic::catch_unwind(AssertUnwindSafe(|| {
            (0..10).map(|_| report_of(app.database())).collect()
        }));
        done.store(true, Ordering::Relaxed);
        assert!(writer.join().unwrap() > 0, "it wrote");
        reports.expect("every verification ends")
    });
    for report in reports {
        assert!(report.damage.is_empty(), "{:#?}", report.damage);
    }
    assert_clean(app.database());
}

fn every_tampering_is_found(app: &TestApp) {
    let ids = fill(&app.admin());
    let database = app.database();
    assert_clean(database);
    let mut conn = connect(database);
    // Who tampers does not keep to foreign keys either.
    run(
        &mut conn,
        match database.url().backend() {
            "sqlite" => "PRAGMA foreign_keys = OFF",
            _ => "SET session_replication_role = replica",
        },
    );
    let mut unseen = Vec::new();
    for (table, statement) in tamperings(&ids) {
        run(&mut conn, &format!("CREATE TABLE kept AS SELECT * FROM {table}"));
        run(&mut conn, &statement);
        let found = std::panic::catch_unwind(AssertUnwindSafe(|| !report_of(database).damage.is_empty()));
        if !matches!(found, Ok(true)) {
            unseen.push(format!("{found:?}: {statement}"));
        }
        run(&mut conn, &format!("DELETE FROM {table}"));
        run(&mut conn, &format!("INSERT INTO {table} SELECT * FROM kept"));
        run(&mut conn, "DROP TABLE kept");
        assert_clean(database);
    }
    assert!(unseen.is_empty(), "verify does not see:\n{}", unseen.join("\n"));
}

fn the_program_finds_it_too(world: &crate::support::World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let [one, ..] = fill(&app.admin());
    let verify = || {
        let output = world
            .command(&database, &["verify", "--json"])
            .output()
            .expect("the program starts");
        let report: Value = serde_json::from_slice(&output.stdout).expect("an object");
        (output.status.code(), report)
    };
    let (code, report) = verify();
    assert_eq!(
        (code, &report["damage"], &report["records"]),
        (Some(0), &json!([]), &json!(5))
    );
    run(
        &mut connect(app.database()),
        &format!("UPDATE record_tags SET tag = 'other' WHERE record_id = '{one}'"),
    );
    let (code, report) = verify();
    assert_eq!(code, Some(1));
    assert_eq!(report["damage"][0]["place"], json!(one), "{report:#}");
}
