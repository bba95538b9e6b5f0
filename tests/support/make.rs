//! The smallest bodies that the service accepts; a test adds the members that it is about.

use eduaccord::auth::scope::Scope;
use serde_json::{Map, Value, json};

use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::paths::{CLIENTS, OFFICES};

/// Every scope that a client can hold.
pub(crate) fn every_scope() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

/// An education office; `country` is an ISO 3166-1 alpha-2 code.
pub(crate) fn office_body(name: &str, country: &str) -> Value {
    json!({
        "names": { "en": name },
        "kind": "education_office",
        "country": country,
    })
}

/// A memorandum of the past, between these offices as its signatories.
pub(crate) fn mou_body(title: &str, parties: &[&str]) -> Value {
    let parties: Map<String, Value> = parties
        .iter()
        .map(|id| ((*id).to_owned(), json!({ "roles": ["signatory"] })))
        .collect();
    json!({
        "titles": { "en": title },
        "kind": "mou",
        "stage": "recorded",
        "parties": parties,
    })
}

/// A new office, made by `caller`: its id.
#[track_caller]
pub(crate) fn new_office(caller: &Client, name: &str) -> String {
    id(&caller.create(OFFICES, &office_body(name, "KR")))
}

/// Deletes an office for which clients act: they are suspended before, as it must be, and resumed afterwards.
#[track_caller]
pub(crate) fn delete_office_in_use(admin: &Client, office: &str) {
    let any = admin.header("if-match", "*");
    let active = format!("{CLIENTS}?office={office}&state=active&limit=200");
    let clients: Vec<String> = admin.get(&active).expect(200).json()["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|client| format!("{CLIENTS}/{}", id(client)))
        .collect();
    let set = |state: &str| {
        for client in &clients {
            any.patch(client, &json!({ "state": state })).expect(200);
        }
    };
    set("suspended");
    any.delete(&format!("{OFFICES}/{office}")).expect(204);
    set("active");
}
