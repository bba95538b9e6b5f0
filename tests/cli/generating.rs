//! `generate`: the same records for the same seed, as good as those that people write.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::backend::TestDatabase;
use crate::support::look::Look;
use crate::support::program::run;
use crate::support::{Case, TestApp, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_same_seed_makes_the_same_records,
        the_records_are_served_as_documented,
        a_database_with_records_is_left_alone,
    ]
}

const SMALL: &[&str] = &[
    "generate",
    "--offices",
    "45",
    "--mous",
    "12",
    "--programs",
    "12",
    "--policies",
    "4",
    "--json",
];

fn generate(world: &World, database: &TestDatabase, more: &[&str]) -> Value {
    let arguments: Vec<&str> = SMALL.iter().chain(more).copied().collect();
    run(world, database, &arguments).expect(0).json()
}

/// The documents in the order in which they were made, with numbers in the places of ids and without instants.
fn documents(database: &TestDatabase) -> Vec<Value> {
    let mut look = Look::at(&database.url);
    let texts = look.texts(
        "SELECT records.document AS text FROM changes JOIN records ON records.id = changes.record_id ORDER BY seq",
    );
    let mut documents: Vec<Value> = texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("a document"))
        .collect();
    let numbers: BTreeMap<String, String> = documents
        .iter()
        .enumerate()
        .map(|(number, document)| (document["id"].as_str().expect("an id").to_owned(), format!("#{number}")))
        .collect();
    for document in &mut documents {
        for instant in ["created_at", "updated_at"] {
            document
                .as_object_mut()
                .expect("an object")
                .remove(instant)
                .expect(instant);
        }
        number_ids(document, &numbers);
    }
    documents
}

fn number_ids(value: &mut Value, numbers: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(number) = numbers.get(text) {
                text.clone_from(number);
            }
        }
        Value::Array(items) => {
            items.iter_mut().for_each(|item| number_ids(item, numbers));
            items.sort_by_key(Value::to_string);
        }
        Value::Object(members) => {
            for (name, mut member) in std::mem::take(members) {
                number_ids(&mut member, numbers);
                members.insert(numbers.get(&name).cloned().unwrap_or(name), member);
            }
        }
        _ => {}
    }
}

fn the_same_seed_makes_the_same_records(world: &World) {
    let (one, other, different) = (world.database(), world.database(), world.database());
    let summary = generate(world, &one, &[]);
    assert_eq!(summary["total"]["records"], 73, "{summary}");
    let kinds = summary["kinds"].as_array().expect("kinds");
    let counts: Vec<Value> = kinds
        .iter()
        .map(|made| json!([made["kind"], made["records"]]))
        .collect();
    assert_eq!(
        counts,
        [
            json!(["office", 45]),
            json!(["policy", 4]),
            json!(["mou", 12]),
            json!(["program", 12])
        ]
    );
    for made in kinds.iter().chain([&summary["total"]]) {
        let (seconds, speed) = (made["seconds"].as_f64(), made["records_per_second"].as_f64());
        assert!(seconds > Some(0.0) && speed > Some(0.0), "{made}");
    }
    generate(world, &other, &["--seed", "7"]);
    generate(world, &different, &["--seed", "8"]);
    let documents_of_one = documents(&one);
    assert_eq!(documents_of_one, documents(&other));
    assert_ne!(documents_of_one, documents(&different));

    for database in [&one, &different] {
        let report = run(world, database, &["verify", "--json"]).expect(0).json();
        assert_eq!((&report["records"], &report["damage"]), (&json!(73), &json!([])));
    }
}

/// Reads every list to its end: the client holds each answer against the published document.
fn the_records_are_served_as_documented(world: &World) {
    let database = world.database();
    generate(world, &database, &["--seed", "11"]);
    let app = TestApp::start(&database, |_| ());
    let admin = app.admin();
    let read = |list: &str| -> Vec<Value> {
        let page = admin.get(&format!("/api/v1/{list}?limit=200")).expect(200).json();
        page["items"].as_array().expect("items").clone()
    };
    let (offices, policies, mous, programs) = (read("offices"), read("policies"), read("mous"), read("programs"));
    assert_eq!(
        (offices.len(), policies.len(), mous.len(), programs.len()),
        (45, 4, 12, 12)
    );

    // What makes it worth trying things on: three languages, trees, dates of all precisions, counts, references.
    let languages: BTreeSet<&String> = offices
        .iter()
        .filter_map(|office| office["names"].as_object())
        .flat_map(serde_json::Map::keys)
        .collect();
    assert_eq!(languages.into_iter().collect::<Vec<_>>(), ["en", "ko", "mn"]);
    assert!(offices.iter().any(|office| !office["parent_id"].is_null()));
    let parties: BTreeSet<usize> = mous
        .iter()
        .map(|mou| mou["parties"].as_object().map_or(0, serde_json::Map::len))
        .collect();
    assert!(
        parties.iter().all(|count| (2..=4).contains(count)) && parties.len() > 1,
        "{parties:?}"
    );
    let signed: BTreeSet<usize> = mous
        .iter()
        .map(|mou| mou["signed_on"].as_str().map_or(0, str::len))
        .collect();
    assert!(signed.contains(&0) && signed.len() > 2, "{signed:?}");
    assert!(
        policies
            .iter()
            .all(|policy| policy["nodes"].as_object().is_some_and(|nodes| nodes.len() > 1))
    );
    assert!(programs.iter().any(|program| program["mou_ids"] != json!([])));
    assert!(programs.iter().any(|program| program["policy_nodes"] != json!({})));
    assert!(
        programs
            .iter()
            .any(|program| program["sessions"].to_string().contains("\"participation\":{\""))
    );
}

fn a_database_with_records_is_left_alone(world: &World) {
    let database = world.database();
    let few = [
        "generate",
        "--offices",
        "3",
        "--mous",
        "2",
        "--programs",
        "0",
        "--policies",
        "0",
    ];
    let table = run(world, &database, &few).expect(0).output;
    assert!(
        table.contains("records per second") && table.contains("office"),
        "{table}"
    );
    let again = run(world, &database, &few).expect(1).output;
    assert!(
        again.contains("5 records already") && again.contains("--add"),
        "{again}"
    );
    let counted = |look: &mut Look| look.number("SELECT count(*) AS number FROM records");
    let mut look = Look::at(&database.url);
    assert_eq!(counted(&mut look), 5);

    // The same seed once more: nothing that must be unique is made twice.
    let added: Vec<&str> = few.iter().copied().chain(["--add"]).collect();
    run(world, &database, &added).expect(0);
    assert_eq!(counted(&mut look), 10);
    run(world, &database, &["verify"]).expect(0);

    run(world, &world.database(), &["generate", "--offices", "1"]).refuses("--offices 2 at least");
}
