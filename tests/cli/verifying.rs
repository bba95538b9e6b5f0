//! `verify` and `openapi --check`.

use std::process::Command;

use serde_json::json;

use crate::support::look::Look;
use crate::support::program::{end, run};
use crate::support::{Case, TestApp, World, cases, make, sample};

pub(crate) fn cases() -> Vec<Case> {
    cases![damage_is_found_and_named, a_stale_document_is_found]
}

/// Statements of which each breaks one thing that nothing but verification would see.
const DAMAGES: &[&str] = &[
    "UPDATE office_index SET country = 'MN'",
    "UPDATE office_index SET name_key = 'x'",
    "DELETE FROM office_index",
    "DELETE FROM search_text",
    "UPDATE records SET audience = 'owner'",
    "UPDATE records SET version = 2",
    "DELETE FROM record_tags",
    "DELETE FROM office_ancestors",
    "UPDATE revisions SET digest = 'x'",
    "UPDATE changes SET version = 2",
    "UPDATE audit SET outcome = 'x' WHERE seq = 1",
    "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    "DELETE FROM registry_state",
];

/// A sample has one in so many: what is found is tried without the program, too.
const SHARE: u64 = 3;

fn damage_is_found_and_named(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let mut body = make::office_body("One", "KR");
    body["tags"] = json!(["tagged"]);
    let id = app.admin().create("/api/v1/offices", &body)["id"].clone();
    drop(app);
    let sound = run(world, &database, &["verify", "--json"]).expect(0).json();
    assert_eq!((&sound["records"], &sound["damage"]), (&json!(1), &json!([])));
    assert!(run(world, &database, &["verify"]).expect(0).output.contains("damage"));

    let mut look = Look::at(&database.url);
    for damage in sample::some(DAMAGES, SHARE) {
        let table = damage
            .split(' ')
            .find(|word| look.tables().iter().any(|table| table == word))
            .expect("a table");
        look.execute(&format!("CREATE TABLE kept AS SELECT * FROM {table}"));
        look.execute(
            "PRAGMA_OR_SET"
                .replace(
                    "PRAGMA_OR_SET",
                    if look.is_sqlite() {
                        "PRAGMA foreign_keys = OFF"
                    } else {
                        "SET session_replication_role = replica"
                    },
                )
                .as_str(),
        );
        look.execute(damage);
        let found = run(world, &database, &["verify", "--json"]).expect(1).json();
        let places = found["damage"].as_array().expect("damage");
        assert!(!places.is_empty(), "{damage}: {found:#}");
        let shown = run(world, &database, &["verify"]).expect(1).output;
        let place = places[0]["place"].as_str().expect("a place");
        assert!(shown.contains(place), "{damage}: {shown}");
        look.execute(&format!(
            "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
        ));
        run(world, &database, &["verify"]).expect(0);
    }
    drop(id);
}

fn a_stale_document_is_found() {
    let program = || Command::new(env!("CARGO_BIN_EXE_eduaccord"));
    let mut check = program();
    check
        .args(["openapi", "--check"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    end(check).expect(0);

    let folder = tempfile::tempdir().expect("a folder");
    let here = |arguments: &[&str]| {
        let mut command = program();
        command.args(arguments).current_dir(folder.path());
        end(command)
    };
    let none = here(&["openapi", "--check"]).expect(1);
    assert!(none.output.contains("openapi --write"), "{none:?}");
    here(&["openapi", "--write"]).expect(0);
    here(&["openapi", "--check"]).expect(0);
    let path = folder.path().join("openapi/openapi.json");
    let written = std::fs::read_to_string(&path).expect("the document");
    assert_eq!(here(&["openapi"]).expect(0).output, written);
    std::fs::write(&path, written.replacen("Eduaccord", "Other", 1)).expect("a stale document");
    here(&["openapi", "--check"]).expect(1);
    let both = here(&["openapi", "--check", "--write"]).expect(2);
    assert!(both.complaint.contains("cannot be used with"), "{both:?}");
}
