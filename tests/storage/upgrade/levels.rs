//! Programs of different versions on one database: the older one reads, and does not begin where a newer one wrote.

use serde_json::json;

use super::{Registry, listed};
use crate::support::look::Look;
use crate::support::paths::OFFICES;
use crate::support::program::{end, run};
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_older_instance_only_reads,
        what_a_newer_program_wrote_is_refused,
        reindex_does_not_upgrade_what_is_served only sqlite "only SQLite has one service at a time",
    ]
}

/// A service of an older version would go on writing by the rules of before.
fn reindex_does_not_upgrade_what_is_served(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    Registry::fill(&app.admin());
    let mut look = Look::at(&database.url);
    run(world, &database, &["reindex"]).expect(0);
    look.execute(super::SET_BACK);
    run(world, &database, &["reindex"]).refuses("is served by another process");
    assert_eq!(
        look.number("SELECT count(*) AS number FROM records WHERE derivation = 1"),
        4
    );
    drop(app);
    run(world, &database, &["reindex"]).expect(0);
    assert_eq!(
        look.number("SELECT count(*) AS number FROM records WHERE derivation = 1"),
        0
    );
}

/// This program plays the older one: the number in the row is raised as by an instance that came after it.
fn an_older_instance_only_reads(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let admin = app.admin();
    let registry = Registry::fill(&admin);
    let path = format!("{OFFICES}/{}", registry.one);
    let hidden = json!({"visibility": "private"});
    admin.header("if-match", "*").patch(&path, &hidden).expect(200);
    let mut look = Look::at(&database.url);
    let level = look.number("SELECT CAST(writer_level AS BIGINT) AS number FROM registry_state");
    look.execute("UPDATE registry_state SET writer_level = 99, derivation = 99");

    let new = make::office_body("New", "KR");
    let refused = admin.post(OFFICES, &new).expect(503);
    assert_eq!(refused.header("retry-after"), Some("5"));
    refused.problem("newer-writer");
    let change = json!({"city": "Seoul"});
    admin
        .header("if-match", "*")
        .patch(&path, &change)
        .expect(503)
        .problem("newer-writer");
    admin
        .header("if-match", "*")
        .delete(&path)
        .expect(503)
        .problem("newer-writer");
    // Reads go on, those that the audit log tells of among them.
    admin.get("/readyz").expect(200);
    for _ in 0..3 {
        admin.get(&path).expect(200);
        assert_eq!(listed(&admin, OFFICES).len(), 2);
    }
    let query = format!("/api/v1/audit-events?record={}&outcome=read", registry.one);
    let events = admin.get(&query).expect(200).json();
    assert!(!events["items"].as_array().expect("items").is_empty(), "{events:#}");

    look.execute(&format!(
        "UPDATE registry_state SET writer_level = {level}, derivation = 2"
    ));
    admin.post(OFFICES, &new).expect(201);
    assert_clean(app.database());
}

fn what_a_newer_program_wrote_is_refused(world: &World) {
    let database = world.database();
    let mut look = Look::at(&database.url);
    let own = concat!("eduaccord ", env!("CARGO_PKG_VERSION"));
    let level = look.number("SELECT CAST(writer_level AS BIGINT) AS number FROM registry_state");
    let level_back = format!("UPDATE registry_state SET writer_level = {level}");
    for (change, back, what) in [
        (
            "UPDATE registry_state SET writer_level = 99",
            level_back.as_str(),
            "writer level is 99",
        ),
        (
            "UPDATE registry_state SET derivation = 99",
            "UPDATE registry_state SET derivation = 2",
            "derivation is 99",
        ),
        (
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')",
            "DELETE FROM __diesel_schema_migrations WHERE version = '29990101000000'",
            "schema is 29990101000000",
        ),
    ] {
        look.execute(change);
        let before = look.row_counts();
        for arguments in [
            &["serve"][..],
            &["verify"],
            &["reindex"],
            &["reindex", "--check"],
            &["token", "list"],
            &["client", "create", "--name", "x", "--role", "viewer"],
            &["admin", "bootstrap"],
            &["import", "."],
        ] {
            let mut command = world.command(&database, arguments);
            command.env("EDUACCORD_LISTEN", "127.0.0.1:0");
            let ended = end(command);
            for word in [what, own, "newer build", "restore the backup"] {
                assert!(ended.complaint.contains(word), "{arguments:?}: no {word:?}: {ended:?}");
            }
            ended.refuses(what);
        }
        assert_eq!(look.row_counts(), before);
        look.execute(back);
        run(world, &database, &["verify"]).expect(0);
    }
}
