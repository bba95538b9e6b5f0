//! `import`: good and bad files.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::backend::TestDatabase;
use crate::support::program::{Ended, run};
use crate::support::{Case, TestApp, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_facts_are_imported_once,
        lines_and_arrays_are_read,
        every_bad_record_is_named_and_the_others_go_on,
        records_given_twice_and_rings_are_named,
        what_is_not_there_cannot_be_imported,
    ]
}

/// A record of an office under its own id; `more` are further members.
fn office(key: &str, more: &Value) -> Value {
    let mut document = json!({
        "owner_office_id": format!("ext:test:{key}"),
        "names": {"en": key},
        "kind": "education_office",
        "country": "KR",
    });
    for (name, value) in more.as_object().expect("members") {
        document[name] = value.clone();
    }
    json!({"kind": "office", "external_id": {"system": "test", "key": key}, "document": document})
}

fn import(world: &World, database: &TestDatabase, path: &Path) -> Ended {
    run(world, database, &["import", "--json", path.to_str().expect("a path")])
}

/// `[created, updated, unchanged, failed]`.
fn counts(ended: &Ended) -> Value {
    let summary = ended.json();
    json!([
        summary["created"],
        summary["updated"],
        summary["unchanged"],
        summary["failed"]
    ])
}

fn the_facts_are_imported_once(world: &World) {
    let database = world.database();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let folders = [data.join("offices"), data.join("mous")];
    let files: usize = folders
        .iter()
        .map(|folder| std::fs::read_dir(folder).expect("a folder").count())
        .sum();
    let mut arguments = vec!["import", "--json"];
    arguments.extend(folders.iter().map(|folder| folder.to_str().expect("a path")));
    let first = run(world, &database, &arguments).expect(0);
    assert_eq!(counts(&first), json!([files, 0, 0, 0]), "{first:?}");
    let second = run(world, &database, &arguments).expect(0);
    assert_eq!(counts(&second), json!([0, 0, files, 0]), "{second:?}");
    run(world, &database, &["verify"]).expect(0);
    arguments.remove(1);
    let table = run(world, &database, &arguments).expect(0).output;
    assert!(
        table.contains("unchanged") && table.contains(&files.to_string()),
        "{table}"
    );
}

fn lines_and_arrays_are_read(world: &World) {
    let database = world.database();
    let folder = tempfile::tempdir().expect("a folder");
    let lines = folder.path().join("a.ndjson");
    let text = format!(
        "{}\n\n{}\n",
        office("one", &json!({})),
        office("two", &json!({"parent_id": "ext:test:four"}))
    );
    std::fs::write(&lines, text).expect("a file");
    let array = json!([office("three", &json!({})), office("four", &json!({}))]);
    std::fs::write(folder.path().join("b.json"), format!("\n{array:#}")).expect("a file");
    std::fs::write(folder.path().join("empty.json"), "[]").expect("a file");
    std::fs::write(folder.path().join("notes.txt"), "not for import").expect("a file");
    let ended = import(world, &database, folder.path()).expect(0);
    assert_eq!(counts(&ended), json!([4, 0, 0, 0]), "{ended:?}");

    // One member of one record is another: a merge, and a new version of that record alone.
    std::fs::write(&lines, office("one", &json!({"city": "Suwon"})).to_string()).expect("a file");
    let ended = import(world, &database, folder.path()).expect(0);
    assert_eq!(counts(&ended), json!([0, 1, 2, 0]), "{ended:?}");
    let app = TestApp::start(&database, |_| ());
    let read = app.admin().get("/api/v1/offices/ext:test:one").status;
    let list = app.admin().get("/api/v1/offices?q=one").expect(200).json();
    assert_eq!(list["items"][0]["city"], "Suwon", "{read}");
    assert_eq!(list["items"][0]["version"], 2);
}

fn every_bad_record_is_named_and_the_others_go_on(world: &World) {
    let database = world.database();
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).expect("a file");
    let good = office("good", &json!({}));
    let wrong = office(
        "wrong",
        &json!({"country": "XX", "no_such_member": 1, "kind": "offfice"}),
    );
    write("lines.ndjson", format!("{good}\n{{\"kind\":\n{wrong}\n").as_bytes());
    write(
        "pretty.json",
        format!(
            "[\n{},\n{:#}\n]",
            office("also-good", &json!({})),
            office("bad", &json!({"country": "QQ"}))
        )
        .as_bytes(),
    );
    write("half.json", b"[{]");
    write("bytes.json", b"{\"kind\": \"\xff\"}");
    write(
        "kind.json",
        json!({"kind": "offise", "external_id": {"system": "a", "key": "b"}, "document": {}})
            .to_string()
            .as_bytes(),
    );
    write(
        "nameless.json",
        json!({"kind": "office", "document": {}}).to_string().as_bytes(),
    );
    write(
        "dangling.json",
        office("dangling", &json!({"parent_id": "ext:test:nowhere"}))
            .to_string()
            .as_bytes(),
    );
    write("twice.json", br#"{"kind":"office","kind":"office"}"#);

    let ended = import(world, &database, folder.path()).expect(1);
    let summary = ended.json();
    assert_eq!(
        (&summary["created"], &summary["failed"]),
        (&json!(2), &json!(9)),
        "{summary:#}"
    );
    let problems = summary["problems"].as_array().expect("problems");
    let pretty: Vec<&str> = "[\n{},\n".lines().collect();
    let first = pretty.len();
    for (file, line, pointer, code) in [
        ("lines.ndjson", 2, "", "malformed-json"),
        ("lines.ndjson", 3, "/country", ""),
        ("lines.ndjson", 3, "/no_such_member", ""),
        ("lines.ndjson", 3, "/kind", ""),
        ("half.json", 1, "", "malformed-json"),
        ("bytes.json", 1, "", "malformed-json"),
        ("kind.json", 1, "/kind", "unknown-code"),
        ("nameless.json", 1, "/external_id", "required"),
        ("dangling.json", 1, "/parent_id", "unknown-reference"),
        ("twice.json", 1, "/kind", "duplicate-member"),
    ] {
        let found = problems.iter().any(|problem| {
            problem["file"].as_str().is_some_and(|name| name.ends_with(file))
                && problem["line"] == line
                && problem["pointer"] == pointer
                && (code.is_empty() || problem["code"] == code)
                && problem["detail"].as_str().is_some_and(|detail| !detail.is_empty())
        });
        assert!(found, "{file}:{line} {pointer} {code} is not in {summary:#}");
    }
    // In a record over several lines the line is that of the place.
    let line = problems.iter().find_map(|problem| {
        problem["file"]
            .as_str()?
            .ends_with("pretty.json")
            .then(|| problem["line"].as_u64())?
    });
    let text = std::fs::read_to_string(folder.path().join("pretty.json")).expect("the file");
    let wanted = text.lines().position(|line| line.contains("QQ")).expect("the place") + 1;
    assert_eq!(line, u64::try_from(wanted).ok(), "{first} {summary:#}");

    // For people: one line for each, `file:line: pointer: words (code)`.
    let shown = run(world, &database, &["import", folder.path().to_str().expect("a path")])
        .expect(1)
        .output;
    assert!(shown.contains("lines.ndjson:3: /country: "), "{shown}");
}

fn records_given_twice_and_rings_are_named(world: &World) {
    let database = world.database();
    let folder = tempfile::tempdir().expect("a folder");
    let twice = format!(
        "{}\n{}\n",
        office("same", &json!({"city": "First"})),
        office("same", &json!({"city": "Second"}))
    );
    std::fs::write(folder.path().join("twice.ndjson"), twice).expect("a file");
    let ring = json!([
        office("a", &json!({"parent_id": "ext:test:b"})),
        office("b", &json!({"parent_id": "ext:test:a"})),
    ]);
    std::fs::write(folder.path().join("ring.json"), ring.to_string()).expect("a file");
    let ended = import(world, &database, folder.path()).expect(1);
    let summary = ended.json();
    assert_eq!(counts(&ended), json!([1, 0, 0, 3]), "{summary:#}");
    let told = summary["problems"].to_string();
    assert!(told.contains("ext:test:same") && told.contains("twice"), "{told}");
    assert!(
        told.contains("in a ring (ext:test:b)") && told.contains("in a ring (ext:test:a)"),
        "{told}"
    );
    run(world, &database, &["verify"]).expect(0);
}

fn what_is_not_there_cannot_be_imported(world: &World) {
    let database = world.database();
    run(world, &database, &["import", "/no/such/file.json"]).refuses("/no/such/file.json cannot be read");
    run(world, &database, &["import", "/no/such/file.txt"]).refuses("ends in neither .json nor .ndjson");
    run(world, &database, &["import"]).expect(2);
}
