//! Lists: paging, what may be asked for, filters, search, languages, and the plans that the databases choose for them.

mod language;
mod mou_filters;
mod office_filters;
mod paging;
mod plan_filters;
mod plan_rows;
pub(crate) mod plans;
mod requests;
mod search;
mod statements;

use serde_json::Value;

use crate::support::Case;
use crate::support::client::Client;

pub(crate) fn cases() -> Vec<Case> {
    [
        paging::cases,
        requests::cases,
        office_filters::cases,
        mou_filters::cases,
        search::cases,
        statements::cases,
        language::cases,
        plans::cases,
        plan_filters::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}

const OFFICES: &str = "/api/v1/offices";
const MOUS: &str = "/api/v1/mous";

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
