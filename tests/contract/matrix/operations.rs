//! The published document as a list of operations.

use serde_json::{Value, json};

use crate::support::{Case, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![an_operation_is_read_as_it_is_written]
}

/// The methods that a path item can have, in capitals.
pub(super) const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// One operation of the document.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// In capitals.
    pub(super) method: String,
    /// The path with its `{parameters}`.
    pub(super) path: String,
    /// `operationId`.
    pub(super) id: String,
    /// Needs no token.
    pub(super) is_public: bool,
    /// Asks for a client's id and secret in the place of a token.
    pub(super) is_by_client: bool,
    /// `x-scope`, or `x-any-scope`: one of them is needed.
    pub(super) scopes: Vec<String>,
    /// As written.
    pub(super) parameters: Vec<Value>,
    /// The media types and the component of the body.
    pub(super) body: Option<Body>,
    /// The documented statuses.
    pub(super) statuses: Vec<String>,
}

/// What an operation takes.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) media_types: Vec<String>,
    /// Name of the component.
    pub(super) component: String,
}

impl Operation {
    /// Method and path, for messages.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The names of the parameters at this place (`path`, `query`, `header`).
    pub(super) fn names(&self, place: &str) -> Vec<&str> {
        self.parameters
            .iter()
            .filter(|parameter| parameter["in"] == place)
            .filter_map(|parameter| parameter["name"].as_str())
            .collect()
    }

    /// Whether a parameter must be given.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.parameters
            .iter()
            .any(|parameter| parameter["name"] == name && parameter["required"] == true)
    }

    /// The query by which it makes a record that seems to exist already, if it asks for that.
    pub(super) fn confirmation(&self) -> &'static str {
        if self.names("query").contains(&"confirm_distinct") {
            "?confirm_distinct=true"
        } else {
            ""
        }
    }

    /// Reads only.
    pub(super) fn is_safe(&self) -> bool {
        self.method == "GET"
    }

    /// Takes a form and not JSON.
    pub(super) fn takes_form(&self) -> bool {
        self.body.is_some() && self.media_type() == "application/x-www-form-urlencoded"
    }

    /// A body of the operation's media type.
    pub(super) fn encode(&self, body: &Value) -> String {
        match body.as_object().filter(|_| self.takes_form()) {
            Some(fields) => {
                let texts: Vec<(&str, &str)> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
                    .collect();
                crate::support::client::encode_form(&texts)
            }
            None => body.to_string(),
        }
    }

    /// The first media type of the body.
    pub(super) fn media_type(&self) -> &str {
        match &self.body {
            Some(body) => &body.media_types[0],
            None => "application/json",
        }
    }
}

/// Every operation of a document.
pub(super) fn read(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get(method.to_lowercase()) {
                operations.push(read_one(method, path, operation));
            }
        }
    }
    operations
}

fn read_one(method: &str, path: &str, operation: &Value) -> Operation {
    let body = operation["requestBody"]["content"].as_object().map(|content| {
        let component = content
            .values()
            .find_map(|described| described["schema"]["$ref"].as_str())
            .unwrap_or_default();
        let mut media_types: Vec<String> = content.keys().cloned().collect();
        // The document has no order; the more particular one is what the operation is about.
        media_types.sort_by_key(|media_type| media_type == "application/json");
        Body {
            media_types,
            component: component.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    });
    Operation {
        method: method.to_owned(),
        path: path.to_owned(),
        id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
        is_public: operation["security"].as_array().is_some_and(Vec::is_empty),
        is_by_client: !operation["security"][0]["client"].is_null(),
        scopes: operation["x-any-scope"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![operation["x-scope"].clone()])
            .iter()
            .filter_map(|scope| scope.as_str().map(str::to_owned))
            .collect(),
        parameters: operation["parameters"].as_array().cloned().unwrap_or_default(),
        body,
        statuses: operation["responses"]
            .as_object()
            .map(|responses| responses.keys().cloned().collect())
            .unwrap_or_default(),
    }
}

fn an_operation_is_read_as_it_is_written() {
    let document = json!({"paths": {"/things/{id}": {
        "patch": {
            "operationId": "updateThing",
            "x-scope": "things:write",
            "parameters": [{"name": "id", "in": "path"}, {"name": "dry_run", "in": "query"}],
            "requestBody": {"content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/ThingPatch"}},
                "application/merge-patch+json": {"schema": {"$ref": "#/components/schemas/ThingPatch"}},
            }},
            "responses": {"200": {}, "404": {}},
        },
        "get": {"operationId": "getThing", "security": []},
    }}});
    let [get, patch] = &read(&document)[..] else {
        panic!("two operations");
    };
    assert!(get.is_public && get.is_safe() && get.body.is_none());
    assert_eq!(patch.name(), "PATCH /things/{id}");
    assert_eq!(patch.scopes, ["things:write"]);
    assert_eq!(
        (patch.names("path"), patch.names("query")),
        (vec!["id"], vec!["dry_run"])
    );
    assert_eq!(patch.media_type(), "application/merge-patch+json");
    assert_eq!(
        patch.body.as_ref().map(|body| body.component.as_str()),
        Some("ThingPatch")
    );
    assert_eq!(patch.statuses, ["200", "404"]);
    assert!(!patch.is_public && !patch.is_safe());
}
