//! What older releases left: in each folder beside this file a SQLite file and a PostgreSQL dump that a release wrote,
//! with the script that made them. Today's program opens both; every record is read, sent back, changed, and verified.
//! An issue that changes what is stored adds a folder, and never changes one that is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::answers::with_query;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::parties::any;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases};

mod filters;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = own_cases();
    cases.extend(filters::cases());
    cases
}

fn own_cases() -> Vec<Case> {
    cases![
        every_record_is_read_and_sent_back,
        every_record_can_be_changed,
        every_filter_of_every_list_is_answered,
        the_feed_tells_all_of_it,
        the_program_verifies_it,
    ]
}

const KINDS: &[&str] = &["offices", "mous", "policies", "programs"];

/// The folders of all releases.
fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/storage/releases");
    let entries = std::fs::read_dir(folder).expect("the folder of releases");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// A database with what this release left.
fn left_by(release: &Path, world: &World) -> TestDatabase {
    let database = world.empty_database();
    match database.url.strip_prefix("sqlite://") {
        Some(file) => {
            std::fs::copy(release.join("eduaccord.db"), file).expect("the file of the release");
        }
        None => {
            let dump = std::fs::read_to_string(release.join("eduaccord.sql")).expect("the dump of the release");
            Look::at(&database.url).execute(&dump);
        }
    }
    database
}

/// Runs a test on what each release left.
fn for_each(world: &World, test: impl Fn(&TestApp, &Client)) {
    for release in releases() {
        let database = left_by(&release, world);
        let app = TestApp::start(&database, |_| ());
        app.wait_until_ready();
        test(&app, &app.admin());
    }
}

/// All items of a list.
fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut parameters = vec![("limit", "100")];
        parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = client.get(&with_query(path, &parameters)).expect(200).json();
        items.extend(page["items"].as_array().expect("items").iter().cloned());
        cursor = page["page"]["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return items;
        }
    }
}

/// The path of every living record.
fn records(client: &Client) -> Vec<String> {
    let of = |kind: &&str| -> Vec<String> {
        let path = format!("/api/v1/{kind}");
        let id = |item: &Value| format!("{path}/{}", item["id"].as_str().expect("an id"));
        all(client, &path).iter().map(id).collect()
    };
    KINDS.iter().flat_map(of).collect()
}

fn every_record_is_read_and_sent_back(world: &World) {
    for_each(world, |app, admin| {
        let mut look = Look::into(app.database().url());
        let living = look.number("SELECT count(*) AS number FROM records WHERE deleted_at IS NULL");
        let paths = records(admin);
        assert_eq!(i64::try_from(paths.len()).ok(), Some(living));
        let mut versions = 0;
        for path in &paths {
            let got = admin.get(path).expect(200);
            let put = admin.header("if-match", got.etag()).put(path, &got.json()).expect(200);
            assert_eq!((put.json(), put.etag()), (got.json(), got.etag()), "{path}");
            let revisions = all(admin, &format!("{path}/revisions"));
            versions += revisions.len();
            for revision in &revisions {
                let version = &revision["version"];
                let read = admin.get(&format!("{path}/revisions/{version}")).expect(200).json();
                assert_eq!(read["version"], *version, "{path}");
                admin.get(&format!("{path}/diff?from=1&to={version}")).expect(200);
            }
        }
        // Nothing was written.
        assert_eq!(paths.len() as i64, living);
        let stored = look.number(
            "SELECT count(*) AS number FROM revisions WHERE record_id IN (SELECT id FROM records WHERE deleted_at IS NULL)",
        );
        assert_eq!(i64::try_from(versions).ok(), Some(stored));
        assert_clean(app.database());
    });
}

fn every_record_can_be_changed(world: &World) {
    for_each(world, |app, admin| {
        for path in records(admin) {
            let before = admin.get(&path).expect(200).json();
            let mut tags = before["tags"].as_array().expect("tags").clone();
            tags.push(json!("changed-since"));
            let changed = any(admin).patch(&path, &json!({"tags": tags})).expect(200).json();
            assert_eq!(
                changed["version"].as_i64(),
                before["version"].as_i64().map(|version| version + 1)
            );
            // An earlier version is brought back, with all rules.
            any(admin)
                .post(&format!("{path}/restore"), &json!({"revision": before["version"]}))
                .expect(200);
        }
        assert_clean(app.database());
    });
}

/// Values that some filter takes.
fn candidates(client: &Client) -> Vec<String> {
    let mut found: Vec<String> = [
        "KR",
        "KR-11",
        "own:a-1",
        "2024-01-01",
        "2024",
        "1",
        "true",
        "possible",
        "en",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .collect();
    for kind in KINDS {
        let items = all(client, &format!("/api/v1/{kind}"));
        found.push(items[0]["id"].as_str().expect("an id").to_owned());
    }
    found
}

fn every_filter_of_every_list_is_answered(world: &World) {
    for_each(world, |_, admin| {
        let document = admin.get("/api/openapi.json").expect(200).json();
        let candidates = candidates(admin);
        for kind in KINDS {
            let path = format!("/api/v1/{kind}");
            let total = admin.get(&format!("{path}?include_total=true")).expect(200).json()["page"]["total"].clone();
            assert_eq!(total.as_u64(), u64::try_from(all(admin, &path).len()).ok());
            let parameters = document["paths"][&path]["get"]["parameters"]
                .as_array()
                .expect("parameters");
            assert!(parameters.len() > 10);
            for parameter in parameters {
                let name = parameter["name"].as_str().expect("a name");
                if parameter["in"] != "query" || ["cursor", "lang"].contains(&name) {
                    continue;
                }
                let schema = &parameter["schema"];
                let codes = [&schema["enum"], &schema["items"]["enum"]].map(|codes| codes.as_array().cloned());
                let codes: Vec<String> = codes
                    .into_iter()
                    .flatten()
                    .flatten()
                    .filter_map(|code| code.as_str().map(str::to_owned))
                    .collect();
                let values = if codes.is_empty() { &candidates } else { &codes };
                let answered = values
                    .iter()
                    .filter(|value| admin.get(&with_query(&path, &[(name, value)])).status == 200)
                    .count();
                assert!(answered > 0, "{path}?{name}");
                assert!(codes.is_empty() || answered == codes.len(), "{path}?{name}");
            }
        }
    });
}

fn the_feed_tells_all_of_it(world: &World) {
    for_each(world, |app, admin| {
        let changes = Look::into(app.database().url()).number("SELECT count(*) AS number FROM changes");
        let (mut since, mut told) = ("begin".to_owned(), 0);
        let mut last = BTreeMap::new();
        loop {
            let page = admin
                .get(&format!("/api/v1/changes?limit=50&since={since}"))
                .expect(200)
                .json();
            for item in page["items"].as_array().expect("items") {
                told += 1;
                last.insert(item["id"].as_str().expect("an id").to_owned(), item["record"].clone());
            }
            page["next"].as_str().expect("a position").clone_into(&mut since);
            if page["has_more"] == json!(false) {
                break;
            }
        }
        assert_eq!(told, changes);
        // Whoever has followed the feed holds what the lists show.
        for path in records(admin) {
            let mut record = admin.get(&path).expect(200).json();
            let id = record["id"].as_str().expect("an id").to_owned();
            let mut told = last[&id].clone();
            for side in [&mut record, &mut told] {
                side.as_object_mut().expect("a record").remove("etag");
            }
            assert_eq!(told, record, "{path}");
        }
    });
}

fn the_program_verifies_it(world: &World) {
    for release in releases() {
        let database = left_by(&release, world);
        // An older database is upgraded only where that is asked for.
        let upgraded = world.command(&database, &["reindex"]).output().expect("it runs");
        assert!(
            upgraded.status.success(),
            "{}",
            String::from_utf8_lossy(&upgraded.stderr)
        );
        let ended = world
            .command(&database, &["verify", "--rules", "--json"])
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(
            ended.status.success(),
            "{told}{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        let report: Value = serde_json::from_str(&told).expect("an object");
        assert_eq!(report["damage"], json!([]));
        assert!(
            report["records"].as_u64() > Some(50) && report["warnings"].is_array(),
            "{report:#}"
        );
    }
}
