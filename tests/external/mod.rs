//! Partners' own ids: given to records, used wherever an id is, and written by.

mod ids;
mod push;
mod writing;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::db::schema::{audit, changes, external_ids, records, revisions};
use serde_json::Value;

use crate::support::client::Client;
use crate::support::{Case, TestApp, make};

pub(crate) fn cases() -> Vec<Case> {
    [ids::cases, writing::cases, push::cases]
        .iter()
        .flat_map(|cases| cases())
        .collect()
}

const OFFICES: &str = "/api/v1/offices";
const MOUS: &str = "/api/v1/mous";

fn id_of(record: &Value) -> String {
    record["id"].as_str().expect("a record has an id").to_owned()
}

fn new_office(caller: &Client, name: &str) -> String {
    id_of(&caller.create(OFFICES, &make::office_body(name, "KR")))
}

/// A partner: a new office and a client of it.
fn partner(app: &TestApp, name: &str) -> (String, Client) {
    let office = new_office(&app.admin(), name);
    let client = app.client_for(&office, &make::every_scope());
    (office, client)
}

/// The path of a record by an own id of the system `erp`.
fn by_key(collection: &str, key: &str) -> String {
    format!("{collection}/by-external/erp/{}", encode(key))
}

/// The path of an own id of a record in the system `erp`.
fn own_id(record: &str, key: &str) -> String {
    format!("{OFFICES}/{record}/external-ids/erp/{}", encode(key))
}

/// A segment of a path, with everything encoded that is not a letter or a digit.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// How many rows there are of records, revisions, changes, audit and own ids.
fn traces(app: &TestApp) -> [i64; 5] {
    app.database()
        .read_blocking(|conn| {
            Ok([
                records::table.count().get_result(conn)?,
                revisions::table.count().get_result(conn)?,
                changes::table.count().get_result(conn)?,
                audit::table
                    .filter(audit::outcome.eq("done"))
                    .count()
                    .get_result(conn)?,
                external_ids::table.count().get_result(conn)?,
            ])
        })
        .expect("the tables can be counted")
}

/// What came on top, in the same order.
fn more(before: [i64; 5], after: [i64; 5]) -> [i64; 5] {
    std::array::from_fn(|index| after[index] - before[index])
}
