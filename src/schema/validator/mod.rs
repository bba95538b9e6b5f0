//! The published schema as the validator: a value is checked against the very schema that stands in the document.
//!
//! The compiled schema differs from the published one in one point: an integer must also fit `i64`, and be written
//! without fraction or exponent. JSON Schema takes `1.0` and `1e3` for integers, the Rust types do not, and what this
//! validator has accepted must always be possible to deserialise.

mod compiling;
mod draft;
mod places;
mod report;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use self::compiling::{COMPONENTS, INT64, compile};
use self::places::Places;
use crate::bounds::MAX_FINDINGS;
use crate::values::finding::Finding;

/// One schema component, compiled. Made once at start; checking takes no lock.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    /// The same place by place: says what is wrong.
    places: Places,
}

impl Validator {
    /// Compiles a component of an OpenAPI 3.1 document (JSON Schema 2020-12). All of `values::format::FORMATS` are checked.
    ///
    /// # Errors
    /// The component is missing, refers to something missing, or is not a valid schema; with the reason.
    pub fn new(document: &Value, component: &str) -> Result<Self, String> {
        let components = document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .ok_or("the document has no components.schemas")?;
        let mut schemas = Map::new();
        let mut wanted = vec![component.to_owned()];
        while let Some(name) = wanted.pop() {
            if schemas.contains_key(&name) {
                continue;
            }
            let mut schema = components
                .get(&name)
                .ok_or_else(|| format!("there is no schema component {name}"))?
                .clone();
            let mut targets = BTreeSet::new();
            prepare(&mut schema, &mut targets);
            wanted.extend(targets);
            schemas.insert(name, schema);
        }
        let wrong = |error: String| format!("schema component {component}: {error}");
        let schema = json!({
            "$ref": format!("{COMPONENTS}{component}"),
            "components": {"schemas": schemas},
        });
        Ok(Self {
            compiled: compile(&schema).map_err(|error| wrong(error.to_string()))?,
            places: Places::new(&schemas, component).map_err(wrong)?,
        })
    }

    /// Whether the value is valid; quicker than asking what is wrong.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.compiled.is_valid(value)
    }

    /// What is wrong with the value, ordered by pointer, then code; empty when it is valid. Where that is more than one
    /// answer tells, one more than it tells: the search ends there.
    pub fn findings(&self, value: &Value) -> Vec<Finding> {
        self.find(value, MAX_FINDINGS, &mut |_| true)
    }

    /// The same of those findings that are wanted: of the others there may be any number. They are shown without the
    /// accepted values, which are looked for where a finding is kept.
    pub fn findings_where(&self, value: &Value, mut wants: impl FnMut(&Finding) -> bool) -> Vec<Finding> {
        self.find(value, MAX_FINDINGS, &mut wants)
    }

    /// Everything that is wrong with a value that is stored already.
    pub fn all_findings(&self, value: &Value) -> Vec<Finding> {
        self.find(value, usize::MAX, &mut |_| true)
    }

    fn find(&self, value: &Value, most: usize, wants: &mut dyn FnMut(&Finding) -> bool) -> Vec<Finding> {
        if self.is_valid(value) {
            return Vec::new();
        }
        let mut findings = self.places.find(value, most, wants);
        findings.sort_by_cached_key(|finding| (finding.pointer.clone(), finding.code, finding.detail.in_english()));
        findings
    }
}

/// Adds the limits of integers, and collects the components referred to.
fn prepare(schema: &mut Value, targets: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, value) in keywords.iter_mut() {
                match value {
                    Value::String(target) if keyword == "$ref" => {
                        targets.extend(target.strip_prefix(COMPONENTS).map(str::to_owned));
                    }
                    _ => prepare(value, targets),
                }
            }
            let is_integer = |name: &Value| name.as_str() == Some("integer");
            let has_integer = match keywords.get("type") {
                Some(Value::Array(types)) => types.iter().any(is_integer),
                Some(name) => is_integer(name),
                None => false,
            };
            if has_integer {
                keywords.insert(INT64.to_owned(), Value::Bool(true));
            }
        }
        Value::Array(items) => {
            for item in items {
                prepare(item, targets);
            }
        }
        _ => {}
    }
}
