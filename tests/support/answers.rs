//! Reading answers: ids, names, findings, and what two answers have in common.

use serde_json::Value;

use crate::support::client::{Client, Reply};

/// `path` with these query parameters, percent-encoded.
pub(crate) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("{path}?{query}")
}

/// The id of a record.
#[track_caller]
pub(crate) fn id(record: &Value) -> String {
    record["id"].as_str().expect("a record has an id").to_owned()
}

/// The ids of the items of a page, in their order.
#[track_caller]
pub(crate) fn ids(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .expect("a page has items")
        .iter()
        .map(id)
        .collect()
}

/// The English names or titles of the records that a list with these parameters shows, sorted.
#[track_caller]
pub(crate) fn found(client: &Client, path: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let page = client.get(&with_query(path, parameters)).expect(200).json();
    let mut names: Vec<String> = page["items"]
        .as_array()
        .expect("a page has items")
        .iter()
        .map(|item| {
            let texts = if item["names"].is_null() {
                &item["titles"]
            } else {
                &item["names"]
            };
            texts["en"].as_str().expect("an English text").to_owned()
        })
        .collect();
    names.sort();
    names
}

/// The pointers that a problem names, sorted.
#[track_caller]
pub(crate) fn pointers(problem: &Value) -> Vec<String> {
    let mut pointers: Vec<String> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].as_str().expect("a pointer").to_owned())
        .collect();
    pointers.sort();
    pointers
}

/// An answer without what differs between any two answers: status, body and headers, with `id` masked.
pub(crate) fn masked(reply: &Reply, id: &str) -> (u16, String, Vec<(String, String)>) {
    let request_id = reply.header("x-request-id").unwrap_or_default().to_owned();
    let mask = |text: &str| text.replace(&request_id, "<request>").replace(id, "<id>");
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| (name.to_string(), mask(value.to_str().unwrap_or_default())))
        .collect();
    headers.sort();
    (reply.status, mask(&reply.text), headers)
}

/// The findings of a problem as `(pointer, code)`, sorted.
pub(crate) fn findings(problem: &Value) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = problem["errors"]
        .as_array()
        .expect("a problem has errors")
        .iter()
        .map(|finding| {
            let text = |member: &str| finding[member].as_str().unwrap_or_default().to_owned();
            (text("pointer"), text("code"))
        })
        .collect();
    found.sort();
    found
}

/// The code of a problem; empty for a success.
pub(crate) fn code_of(reply: &Reply) -> String {
    if reply.status < 400 {
        return String::new();
    }
    reply.json()["code"].as_str().unwrap_or_default().to_owned()
}

/// A member that is a text.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}
