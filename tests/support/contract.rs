//! The OpenAPI document that the service publishes, read as data: which operation a request meets, what the document
//! promises for an answer, and the validators of its schemas.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

/// The document's name among schemas, so that a validator can point into it.
const NAME: &str = "urn:eduaccord:openapi";

/// Where every service publishes it.
pub(crate) const PATH: &str = "/api/openapi.json";

/// One published document. Services of one program publish the same one, so it is read and its schemas are compiled
/// once per test run.
pub(crate) struct Contract {
    text: String,
    document: Value,
    registry: Registry<'static>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// Where a request's path leads.
pub(crate) struct Found<'a> {
    /// The template, as written in the document.
    pub(crate) template: &'a str,
    /// The path item: methods in lower case, beside `parameters` and texts.
    pub(crate) item: &'a Value,
}

impl Contract {
    /// The document of the services of this process, all of which publish the blueprint of this build: read from the
    /// first of them.
    pub(super) fn served_here(address: SocketAddr) -> Arc<Contract> {
        static OF_THIS_PROCESS: OnceLock<Arc<Contract>> = OnceLock::new();
        Arc::clone(OF_THIS_PROCESS.get_or_init(|| Contract::served_at(address)))
    }

    /// The document of the service that listens here, in whatever process.
    pub(crate) fn served_at(address: SocketAddr) -> Arc<Contract> {
        let text = super::client::agent()
            .get(format!("http://{address}{PATH}"))
            .call()
            .and_then(|mut answer| {
                let status = answer.status();
                assert_eq!(status, 200, "GET {PATH} answers {status}");
                answer.body_mut().with_config().limit(64 << 20).read_to_string()
            })
            .unwrap_or_else(|error| panic!("GET {PATH}: {error}"));
        Contract::shared(text)
    }

    /// The contract with this text, from the cache where it was read before.
    fn shared(text: String) -> Arc<Contract> {
        static READ: Mutex<Vec<Arc<Contract>>> = Mutex::new(Vec::new());
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.iter().find(|known| known.text == text) {
            return Arc::clone(known);
        }
        let new = Arc::new(Contract::read(text));
        read.push(Arc::clone(&new));
        new
    }

    /// Reads a document; fails the test where it is not JSON.
    pub(crate) fn read(text: String) -> Contract {
        let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{PATH}: {error}"));
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(NAME, document.clone())
            .and_then(|builder| builder.prepare())
            .unwrap_or_else(|error| panic!("{PATH} is not usable as schemas: {error}"));
        Contract {
            text,
            document,
            registry,
            validators: Mutex::default(),
        }
    }

    /// The path item that a request's path (without query) meets. Literal segments win over parameters,
    /// from the left, as they do in the service.
    pub(crate) fn find(&self, path: &str) -> Option<Found<'_>> {
        let paths = self.document["paths"].as_object()?;
        paths
            .iter()
            .filter(|(template, _)| matches(template, path))
            .min_by_key(|(template, _)| {
                template
                    .split('/')
                    .map(|segment| segment.contains('{'))
                    .collect::<Vec<_>>()
            })
            .map(|(template, item)| Found { template, item })
    }

    /// `value` itself, or what its `$ref` into this document names.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
            Some(pointer) => self.document.pointer(pointer).unwrap_or(&Value::Null),
            None => value,
        }
    }

    /// Every error of `body` against `schema`, which is a part of this document.
    pub(crate) fn errors(&self, schema: &Value, body: &Value) -> Vec<String> {
        self.validator(schema)
            .iter_errors(body)
            .map(|error| format!("at \"{}\": {error}", error.instance_path()))
            .collect()
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        let known = |validators: &HashMap<String, Arc<Validator>>| validators.get(&key).cloned();
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known(&validators) {
            return validator;
        }
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true);
        for (name, test, _) in eduaccord::values::format::FORMATS {
            options = options.with_format(*name, *test);
        }
        let validator = options
            .build(&absolute(schema))
            .unwrap_or_else(|error| panic!("{PATH} has a schema that does not compile: {error}"));
        let validator = Arc::new(validator);
        validators.insert(key, Arc::clone(&validator));
        validator
    }
}

/// `schema` with its references into the document made absolute, so that it can stand outside of it.
fn absolute(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| match member.as_str() {
                Some(target) if name == "$ref" && target.starts_with('#') => {
                    (name.clone(), json!(format!("{NAME}{target}")))
                }
                _ => (name.clone(), absolute(member)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(absolute).collect(),
        other => other.clone(),
    }
}

/// Whether a path meets a template: as many segments, and in each the literal parts are equal and the rest not empty.
fn matches(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if segment_matches(wanted, given) => {}
            _ => return false,
        }
    }
}

fn segment_matches(template: &str, segment: &str) -> bool {
    match (template.find('{'), template.rfind('}')) {
        (Some(open), Some(close)) => segment
            .strip_prefix(&template[..open])
            .and_then(|rest| rest.strip_suffix(&template[close + 1..]))
            .is_some_and(|parameter| !parameter.is_empty()),
        _ => template == segment,
    }
}
