//! Rows that follow from documents, after an upgrade and after damage: they are made again, and nobody is answered
//! wrongly until that is done.

mod healing;
mod levels;
mod operations;
mod sight;
mod waiting;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, all_of, make};

pub(crate) fn cases() -> Vec<Case> {
    all_of![healing, sight, waiting, levels, operations]
}

/// Two offices, an MOU between them and a deleted office; the ids in this order.
struct Registry {
    one: String,
    other: String,
    mou: String,
}

impl Registry {
    fn fill(admin: &Client) -> Registry {
        let create = |path: &str, body: &Value| admin.create(path, body)["id"].as_str().expect("an id").to_owned();
        let mut body = make::office_body("One", "KR");
        body["tags"] = json!(["tagged"]);
        body["identifiers"] = json!({"own": "1"});
        let one = create(OFFICES, &body);
        let other = create(OFFICES, &make::office_body("Other", "MN"));
        let gone = create(OFFICES, &make::office_body("Gone", "MN"));
        let path = format!("{OFFICES}/{gone}");
        admin.header("if-match", "*").delete(&path).expect(204);
        let mut mou = make::mou_body("Exchange", &[&one, &other]);
        mou["owner_office_id"] = json!(one);
        mou["purposes"] = json!(["teacher_exchange"]);
        let mou = create(MOUS, &mou);
        Registry { one, other, mou }
    }
}

/// The ids that a list gives.
#[track_caller]
fn listed(caller: &Client, path: &str) -> Vec<String> {
    let page = caller.get(path).expect(200).json();
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// As a program of the derivation before leaves a database.
const SET_BACK: &str = "UPDATE records SET derivation = 1; \
     UPDATE registry_state SET derivation = 1, writer_level = 1, old_sight_until = change_seq";

/// The audit log tells of reindexing so many records by this client.
#[track_caller]
fn assert_told(admin: &Client, records: i64, client: &str) {
    let page = admin
        .get("/api/v1/audit-events?operation=registry.reindex")
        .expect(200)
        .json();
    let event = &page["items"][0];
    assert_eq!(
        (&event["occurrences"], &event["client"]["id"]),
        (&json!(records), &json!(client))
    );
}

/// What reindexing may not change, and what it tells: changes, revisions, audit rows of reindexing.
fn told(look: &mut Look) -> (i64, i64, i64) {
    (
        look.number("SELECT count(*) AS number FROM changes"),
        look.number("SELECT count(*) AS number FROM revisions"),
        look.number("SELECT count(*) AS number FROM audit WHERE operation = 'registry.reindex'"),
    )
}
