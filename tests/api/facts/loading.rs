//! The input loads as a whole, again without a change, and nothing of it is left out.

use std::process::Command;

use serde_json::{Value, json};

use super::{RECORDS, data, items, load, loaded};
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_program_imports_everything_once_and_verifies_it,
        a_second_import_writes_nothing,
        every_fact_is_cited,
    ]
}

/// How many facts each letter of the input has.
const FACTS: &[(char, usize)] = &[('a', 8), ('b', 5), ('c', 5), ('d', 5), ('e', 5)];

fn run(mut command: Command) -> Value {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stdout)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn the_program_imports_everything_once_and_verifies_it(world: &World) {
    let database = world.database();
    let folder = data().display().to_string();
    let import = || run(world.command(&database, &["import", &folder, "--json"]));
    let expected = |created: usize, unchanged: usize| json!({"created": created, "updated": 0, "unchanged": unchanged, "failed": 0, "problems": []});
    assert_eq!(import(), expected(RECORDS, 0));
    assert_eq!(import(), expected(0, RECORDS));
    let mut report = run(world.command(&database, &["verify", "--json"]));
    let head = report["audit_head"].take();
    assert!(head.as_str().is_some_and(|head| head.starts_with("sha256:")), "{head}");
    // Each record and the id that it was imported under.
    let clean = json!({"records": RECORDS, "revisions": RECORDS, "audit_rows": 2 * RECORDS, "audit_head": null,
            "not_reindexed": 0, "damage": []});
    assert_eq!(report, clean);
}

fn a_second_import_writes_nothing(app: &TestApp) {
    let client = loaded(app);
    let before = client.get("/api/v1/changes?limit=200").expect(200).json();
    assert_eq!(load(app).unchanged, RECORDS);
    let since = before["next"].as_str().unwrap();
    let after = client.get(&format!("/api/v1/changes?since={since}")).expect(200).json();
    assert_eq!(after["items"], json!([]));
}

fn every_fact_is_cited(app: &TestApp) {
    let client = loaded(app);
    let tags = FACTS
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("fact-{letter}{number}")));
    let not_cited: Vec<String> = tags
        .filter(|tag| {
            ["offices", "policies", "mous", "programs"]
                .iter()
                .all(|kind| items(&client, &format!("/api/v1/{kind}?tag={tag}")).is_empty())
        })
        .collect();
    assert_eq!(not_cited, Vec::<String>::new());
}
