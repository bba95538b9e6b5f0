//! A small registry for tests of rights: three offices, a unit, and a caller for each.

use serde_json::json;

use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{TestApp, make};

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
