//! Who sees and writes what: visibility, whose part it is, the tree of offices, tokens.

mod limits;
mod networks;
mod parts;
mod sight;
mod standing;
mod tokens;
mod tree;
mod visibility;

use serde_json::{Value, json};

use crate::lists::id;
use crate::support::client::{Client, Reply};
use crate::support::{Case, TestApp, make};

pub(crate) fn cases() -> Vec<Case> {
    [
        visibility::cases,
        parts::cases,
        sight::cases,
        tree::cases,
        tokens::cases,
        networks::cases,
        limits::cases,
        standing::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}

pub(crate) const OFFICES: &str = "/api/v1/offices";
pub(crate) const MOUS: &str = "/api/v1/mous";

/// One office with a caller of its own that holds every scope.
pub(crate) struct Party {
    pub(crate) id: String,
    pub(crate) client: Client,
}

/// Office A with its unit A1, offices B and C, each its own owner; and the registry.
pub(crate) struct Parties {
    pub(crate) registry: Client,
    pub(crate) a: Party,
    pub(crate) unit: Party,
    pub(crate) b: Party,
    pub(crate) c: Party,
}

impl Parties {
    pub(crate) fn new(app: &TestApp) -> Parties {
        let registry = app.admin();
        let party = |name: &str, parent: Option<&str>| {
            let mut body = make::office_body(name, "KR");
            body["parent_id"] = json!(parent);
            let id = id(&registry.create(OFFICES, &body));
            let client = app.client_for(&id, &make::every_scope());
            Party { id, client }
        };
        let a = party("A", None);
        let unit = party("A1", Some(&a.id));
        let (b, c) = (party("B", None), party("C", None));
        Parties {
            registry,
            a,
            unit,
            b,
            c,
        }
    }

    /// All five callers with the names that messages call them by.
    pub(crate) fn callers(&self) -> [(&'static str, &Client); 5] {
        [
            ("registry", &self.registry),
            ("A", &self.a.client),
            ("A1", &self.unit.client),
            ("B", &self.b.client),
            ("C", &self.c.client),
        ]
    }

    /// A memorandum that A owns, between A and B.
    #[track_caller]
    pub(crate) fn mou(&self, title: &str, visibility: &str, stage: &str) -> String {
        let mut body = make::mou_body(title, &[&self.a.id, &self.b.id]);
        body["visibility"] = json!(visibility);
        body["stage"] = json!(stage);
        id(&self.a.client.create(MOUS, &body))
    }
}

/// The same caller, whose changes are meant for whatever version there is.
pub(crate) fn any(client: &Client) -> Client {
    client.header("if-match", "*")
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
