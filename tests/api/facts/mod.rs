//! The first real input: it loads through the service's own import, and the service answers the questions about it
//! from lists, single records and the feed, not by reading texts.

mod lists;
mod loading;
mod questions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eduaccord::app::{KINDS, blueprint};
use eduaccord::import::{Summary, import};
use serde_json::Value;

use crate::support::client::Client;
use crate::support::{Case, TestApp, all_of};

/// Records of the input.
const RECORDS: usize = 52;

pub(crate) fn cases() -> Vec<Case> {
    all_of![loading, questions, lists]
}

/// The folder of the input.
fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// Imports the whole input into the service's database.
fn load(app: &TestApp) -> Summary {
    let contracts = &blueprint().unwrap().contracts;
    import(app.database(), KINDS, contracts, &[data()], &|_, _| ()).unwrap()
}

/// A registry admin of a service with the whole input.
fn loaded(app: &TestApp) -> Client {
    let summary = load(app);
    assert_eq!(
        (summary.created, summary.failed),
        (RECORDS, 0),
        "{:?}",
        summary.problems
    );
    app.admin()
}

/// The records of the input by the typed ids that they got: what `ext:facts:{key}` stands for.
struct Keys(BTreeMap<String, String>);

impl Keys {
    /// Asks the service for each by its key.
    fn read(client: &Client) -> Keys {
        let mut found = BTreeMap::new();
        for kind in ["offices", "policies", "mous", "programs"] {
            for file in std::fs::read_dir(data().join(kind)).unwrap() {
                let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
                let record: Value = serde_json::from_str(&text).unwrap();
                let key = record["external_id"]["key"].as_str().unwrap().to_owned();
                let answer = client
                    .get(&format!("/api/v1/{kind}/ext:facts:{key}"))
                    .expect(200)
                    .json();
                found.insert(answer["id"].as_str().unwrap().to_owned(), key);
            }
        }
        Keys(found)
    }

    /// The key of a record.
    fn of(&self, id: &Value) -> &str {
        self.of_id(id.as_str().unwrap())
    }

    /// The same for an id that is the key of a map.
    fn of_id(&self, id: &str) -> &str {
        &self.0[id]
    }

    /// The keys of the records of a list, in its order.
    fn of_all(&self, items: &[Value]) -> Vec<&str> {
        items.iter().map(|item| self.of(&item["id"])).collect()
    }
}

/// The items of a list that fits on one page.
fn items(client: &Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).expect(200).json();
    assert_eq!(answer["page"]["has_more"], false, "{path}");
    answer["items"].as_array().unwrap().clone()
}

/// The only item of a list.
fn only(client: &Client, path: &str) -> Value {
    let mut found = items(client, path);
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    found.remove(0)
}
