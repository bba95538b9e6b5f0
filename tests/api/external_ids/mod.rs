//! Partners' own ids: given to records, used wherever an id is, and written by.

mod ids;
mod push;
mod writing;

use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, all_of, make};

pub(crate) fn cases() -> Vec<Case> {
    all_of![ids, writing, push]
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

/// What came on top, in the same order.
fn more(before: [i64; 6], after: [i64; 6]) -> [i64; 6] {
    std::array::from_fn(|index| after[index] - before[index])
}
