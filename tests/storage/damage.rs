//! `verify` finds every single change that did not come through the service.

use serde_json::{Value, json};

use super::tampering::tamperings;
use super::{assert_clean, connect, report_of, run};
use crate::support::client::Client;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_registry_in_use_is_clean,
        every_tampering_is_found,
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
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| !report_of(database).damage.is_empty()));
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
