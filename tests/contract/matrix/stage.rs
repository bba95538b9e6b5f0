//! A service with one record of every kind, and for every operation of the document a request that it must accept.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::operations::{Operation, read};
use crate::support::TestApp;
use crate::support::client::{Client, Reply};
use crate::support::contract::PATH;
use crate::support::credentials::Credentials;
use crate::support::look::Look;
use crate::support::paths::{TOKENS, TRANSFERS};

/// The body that names a token.
const PASTED: &str = "PastedRevocation";

/// A reference to a component.
const COMPONENTS: &str = "#/components/schemas/";

/// A running service and what is known of it.
pub(super) struct Stage<'a> {
    pub(super) app: &'a TestApp,
    pub(super) admin: Client,
    /// The published document.
    pub(super) document: Value,
    /// All its operations.
    pub(super) operations: Vec<Operation>,
    /// The latest record by the path of its collection.
    records: RefCell<BTreeMap<String, Value>>,
    /// The records that stand for the `ext:` references of examples.
    references: RefCell<BTreeMap<String, String>>,
    /// A client's id and its secret.
    holder: RefCell<Option<Credentials>>,
    made: Cell<u32>,
}

impl<'a> Stage<'a> {
    /// Reads the document. Records are made when an operation needs them.
    pub(super) fn new(app: &'a TestApp) -> Stage<'a> {
        let document = app.anonymous().get(PATH).expect(200).json();
        Stage {
            app,
            admin: app.admin(),
            operations: read(&document),
            document,
            records: RefCell::default(),
            references: RefCell::default(),
            holder: RefCell::default(),
            made: Cell::new(0),
        }
    }

    /// The same service under another document.
    pub(super) fn doctored(&self, change: impl FnOnce(&mut Value)) -> Stage<'a> {
        let mut document = self.document.clone();
        change(&mut document);
        Stage {
            app: self.app,
            admin: self.admin.clone(),
            operations: read(&document),
            document,
            records: RefCell::new(self.records.borrow().clone()),
            references: RefCell::new(self.references.borrow().clone()),
            holder: RefCell::default(),
            made: Cell::new(self.made.get() + 1_000),
        }
    }

    /// A look at its database.
    pub(super) fn look(&self) -> Look {
        Look::into(self.app.database().url())
    }

    /// A caller of the registry itself with these scopes and no other.
    pub(super) fn caller(&self, scopes: &[&str]) -> Client {
        self.app
            .with_token(&Credentials::new(self.app.database(), None, scopes).secret)
    }

    /// A record of the collection at this path, the latest that was made.
    pub(super) fn record(&self, collection: &str) -> Value {
        if let Some(record) = self.records.borrow().get(collection) {
            return record.clone();
        }
        self.make(collection)
    }

    /// A new record there, from the example of the document.
    pub(super) fn make(&self, collection: &str) -> Value {
        if let Some(made) = self.make_account(collection) {
            self.records.borrow_mut().insert(collection.to_owned(), made.clone());
            return made;
        }
        let posts = || self.operations.iter().filter(|operation| operation.method == "POST");
        // Tokens are made below their client.
        let below = format!("/{{id}}/{}", collection.rsplit('/').next().unwrap_or_default());
        let creation = posts()
            .find(|operation| operation.path == collection)
            .or_else(|| posts().find(|operation| operation.path.ends_with(&below)))
            .unwrap_or_else(|| panic!("nothing can be created at {collection}"));
        let (_, body) = self.body(creation).expect("a creation has a body");
        let path = format!("{}{}", self.path(creation), creation.confirmation());
        let record = self.admin.post(&path, &body).expect(201).json();
        self.records.borrow_mut().insert(collection.to_owned(), record.clone());
        record
    }

    /// A client, or a subject that is linked to one: made by other ways than a POST to the collection.
    fn make_account(&self, collection: &str) -> Option<Value> {
        let client = || Credentials::new(self.app.database(), None, &["admin"]).client_id;
        match collection {
            "/api/v1/clients" => Some(json!({"id": client()})),
            "/api/v1/identities" => {
                self.made.set(self.made.get() + 1);
                let body = json!({"issuer": "https://sso.example", "subject": self.made.get().to_string()});
                let path = format!("/api/v1/clients/{}/identities", client());
                Some(self.admin.create(&path, &body))
            }
            TRANSFERS => Some(self.make_offer()),
            _ => None,
        }
    }

    /// A record of one office that another one is asked to take.
    fn make_offer(&self) -> Value {
        self.made.set(self.made.get() + 1);
        let office = |side: &str| {
            let name = format!("{side} {}", self.made.get());
            crate::support::make::new_office(&self.admin, &name)
        };
        let (from, to) = (office("Giver"), office("Receiver"));
        let owner = self.app.client_for(&from, &["programs:read", "programs:write"]);
        let program = owner.create(
            "/api/v1/programs",
            &json!({"titles": {"en": "Offered"}, "kind": "training"}),
        );
        let path = format!("/api/v1/programs/{}/actions", program["id"].as_str().expect("an id"));
        let offer = json!({"action": "transfer", "to_office_id": to, "reason": "It is theirs."});
        let offered = owner.header("if-match", "*").post(&path, &offer).expect(202);
        let path = offered.header("location").expect("the offer");
        self.admin.get(path).expect(200).json()
    }

    /// Takes a record for one of this collection.
    pub(super) fn remember(&self, collection: &str, record: &Value) {
        self.records.borrow_mut().insert(collection.to_owned(), record.clone());
    }

    /// A new token, or a new offer, for an operation that may end it.
    pub(super) fn prepare(&self, operation: &Operation) {
        let pasted = operation.body.as_ref().is_some_and(|body| body.component == PASTED);
        let collection = collection_of(&operation.path);
        if pasted || (collection == TOKENS && !operation.is_safe()) {
            self.make(TOKENS);
        }
        if collection == TRANSFERS && !operation.is_safe() {
            self.make(TRANSFERS);
        }
    }

    /// Who calls an operation that must be done: the admin, or somebody new where it ends the caller's own token.
    pub(super) fn caller_of(&self, operation: &Operation) -> Client {
        if operation.id == "revokeCurrentToken" {
            return self.caller(&crate::support::make::every_scope());
        }
        self.admin.clone()
    }

    /// Whether the answer of an operation holds a secret, so that no repeat gets it again.
    pub(super) fn shows_secret(&self, operation: &Operation) -> bool {
        let answers = &self.document["paths"][&operation.path][operation.method.to_lowercase()]["responses"];
        answers["409"]["description"]
            .as_str()
            .is_some_and(|text| text.contains("secret-already-shown"))
    }

    /// The path of an operation with its parameters filled in.
    pub(super) fn path(&self, operation: &Operation) -> String {
        let mut path = operation.path.clone();
        let names = operation.names("path");
        let has_own_id = names.contains(&"system") && names.contains(&"key");
        let collection = collection_of(&operation.path);
        for name in &names {
            let value = if *name == "id" || (*name == "key" && has_own_id) {
                let record = self.record(&collection);
                record["id"].as_str().expect("a record has an id").to_owned()
            } else {
                example_of(operation, name)
            };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        if has_own_id {
            self.prepare_own_id(operation, &collection);
        }
        path
    }

    /// The record is known by its own id, as the key in a system: the operation that gives that id finds none, all
    /// others find it.
    fn prepare_own_id(&self, operation: &Operation, collection: &str) {
        let record = self.record(collection);
        let id = record["id"].as_str().expect("a record has an id");
        let path = format!(
            "{collection}/{id}/external-ids/{}/{id}",
            example_of(operation, "system")
        );
        let gives_it = operation.method == "PUT" && operation.path.contains("/external-ids/");
        let method = if gives_it { "DELETE" } else { "PUT" };
        let status = self.admin.raw(method, &path, &[], b"").status;
        let done = if gives_it { [204, 404] } else { [200, 201] };
        assert!(done.contains(&status), "{method} {path}: {status}");
    }

    /// Media type and body that an operation must accept: a creation's example, a record as it is with a new tag,
    /// a patch that adds a tag, or whatever example the component has.
    pub(super) fn body(&self, operation: &Operation) -> Option<(String, Value)> {
        let component = &operation.body.as_ref()?.component;
        let number = self.made.get() + 1;
        self.made.set(number);
        let tag = json!([format!("matrix {number}")]);
        let body = if component.ends_with("Patch") {
            json!({ "tags": tag })
        } else if component.ends_with("Edit") {
            json!({ "name": format!("matrix {number}") })
        } else if component == PASTED {
            json!({ "token": self.record(TOKENS)["id"] })
        } else if component.ends_with("Replace") {
            let path = self.path(operation);
            let mut record = self.admin.get(&path).expect(200).json();
            record["tags"] = tag;
            record
        } else {
            let schema = &self.document["components"]["schemas"][component];
            let example = schema["examples"][0].clone();
            assert!(!example.is_null(), "the component {component} needs an example");
            let mut body = self.with_records(schema, &example);
            if component == "IdentityLink" {
                body["subject"] = json!(format!("matrix {number}"));
            }
            if operation.is_by_client {
                let holder = self.holder();
                (body["client_id"], body["client_secret"]) = (json!(holder.client_id), json!(holder.secret));
            }
            if component.ends_with("Create") {
                body["tags"] = tag;
                if component != "OfficeCreate" {
                    body["owner_office_id"] = self.record("/api/v1/offices")["id"].clone();
                }
            }
            body
        };
        Some((operation.media_type().to_owned(), body))
    }

    /// The caller, without its token where the operation asks for a client's id and secret in its place.
    pub(super) fn sender(&self, caller: &Client, operation: &Operation) -> Client {
        if operation.is_by_client {
            self.app.anonymous()
        } else {
            caller.clone()
        }
    }

    /// A client of the registry with every scope.
    fn holder(&self) -> Credentials {
        let make = || Credentials::new(self.app.database(), None, &crate::support::make::every_scope());
        self.holder.borrow_mut().get_or_insert_with(make).clone()
    }

    /// Sends the request that an operation must accept; `query` begins with `?` or is empty.
    pub(super) fn ask(&self, caller: &Client, operation: &Operation, query: &str) -> Reply {
        let path = self.path(operation);
        self.ask_at(caller, operation, &format!("{path}{query}"))
    }

    /// The same at another path.
    pub(super) fn ask_at(&self, caller: &Client, operation: &Operation, path: &str) -> Reply {
        let mut headers = vec![("if-match", "*")];
        headers.retain(|_| operation.names("header").contains(&"If-Match"));
        let (media_type, body) = self.body(operation).unwrap_or_default();
        let sent = if operation.body.is_some() {
            headers.push(("content-type", media_type.as_str()));
            operation.encode(&body)
        } else {
            String::new()
        };
        let reply = self
            .sender(caller, operation)
            .raw(&operation.method, path, &headers, sent.as_bytes());
        if operation.method == "DELETE" && reply.status < 400 {
            self.records.borrow_mut().remove(&collection_of(&operation.path));
        }
        reply
    }

    /// `example` with every `ext:` reference in it replaced by the id of a record of the kind that the schema says.
    fn with_records(&self, schema: &Value, example: &Value) -> Value {
        let mut names = BTreeMap::new();
        self.find_references(schema, example, &mut names);
        let mut ids = BTreeMap::new();
        for (name, kind) in names {
            let known = self.references.borrow().get(&name).cloned();
            let id = known.unwrap_or_else(|| self.id_of(&kind));
            self.references.borrow_mut().insert(name.clone(), id.clone());
            ids.insert(name, id);
        }
        replace(example, &ids)
    }

    /// A new record of a kind such as `Office`.
    fn id_of(&self, kind: &str) -> String {
        let component = format!("{kind}Create");
        let creation = self
            .operations
            .iter()
            .find(|operation| operation.body.as_ref().is_some_and(|body| body.component == component))
            .unwrap_or_else(|| panic!("nothing creates {component}"));
        let record = self.make(&creation.path.clone());
        record["id"].as_str().expect("a record has an id").to_owned()
    }

    /// Every `ext:` text of `example` with the kind of record that stands there.
    fn find_references(&self, schema: &Value, example: &Value, found: &mut BTreeMap<String, String>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix(COMPONENTS)) {
            if let (Some(kind), Some(text)) = (name.strip_suffix("Reference"), example.as_str())
                && text.starts_with("ext:")
            {
                found.insert(text.to_owned(), kind.to_owned());
            }
            self.find_references(&self.document["components"]["schemas"][name], example, found);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            for option in schema[choice].as_array().into_iter().flatten() {
                self.find_references(option, example, found);
            }
        }
        for item in example.as_array().into_iter().flatten() {
            self.find_references(&schema["items"], item, found);
        }
        for (key, member) in example.as_object().into_iter().flatten() {
            self.find_references(&schema["propertyNames"], &json!(key), found);
            match schema["properties"].get(key) {
                Some(property) => self.find_references(property, member, found),
                None => self.find_references(&schema["additionalProperties"], member, found),
            }
        }
    }
}

/// `/api/v1/mous/{id}/diff` → `/api/v1/mous`.
pub(super) fn collection_of(path: &str) -> String {
    let before = path.split("/{id}").next().unwrap_or(path);
    before.split("/by-external/").next().unwrap_or(before).to_owned()
}

/// A value for a parameter: its first code, its smallest number, its example.
fn example_of(operation: &Operation, name: &str) -> String {
    let parameter = operation
        .parameters
        .iter()
        .find(|parameter| parameter["name"] == name)
        .unwrap_or(&Value::Null);
    let schema = &parameter["schema"];
    [
        &schema["enum"][0],
        &schema["minimum"],
        &schema["examples"][0],
        &parameter["example"],
    ]
    .into_iter()
    .find(|value| !value.is_null())
    .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    .unwrap_or_else(|| panic!("{}: the parameter {name} needs an example", operation.name()))
}

/// `value` with texts and keys replaced.
fn replace(value: &Value, ids: &BTreeMap<String, String>) -> Value {
    let other = |text: &String| ids.get(text).unwrap_or(text).clone();
    match value {
        Value::String(text) => json!(other(text)),
        Value::Array(items) => items.iter().map(|item| replace(item, ids)).collect(),
        Value::Object(members) => {
            let members: Map<String, Value> = members
                .iter()
                .map(|(key, member)| (other(key), replace(member, ids)))
                .collect();
            Value::Object(members)
        }
        other => other.clone(),
    }
}
