//! The published schema as the validator: a value is checked against the very schema that stands in the document.
//!
//! The compiled schema differs from the published one in one point: an integer must also fit `i64`, and be written
//! without fraction or exponent. JSON Schema takes `1.0` and `1e3` for integers, the Rust types do not, and what this
//! validator has accepted must always be possible to deserialise.

mod report;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, ValidationError};
use serde_json::{Map, Value, json};

use crate::values::finding::Finding;
use crate::values::format::FORMATS;

/// What a reference to a component begins with.
const COMPONENTS: &str = "#/components/schemas/";

/// The keyword that the compiled schema has beside every `integer`.
const INT64: &str = "x-int64";

/// One schema component, compiled. Made once at start; checking takes no lock.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    /// What was compiled; reports look up here what would have been accepted.
    schema: Value,
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
        let schema = json!({
            "$ref": format!("{COMPONENTS}{component}"),
            "components": {"schemas": schemas},
        });
        let compiled = FORMATS
            .iter()
            .fold(jsonschema::options(), |options, (name, check, _)| {
                options.with_format(*name, *check)
            })
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_keyword(INT64, int64)
            .build(&schema)
            .map_err(|error| format!("schema component {component}: {error}"))?;
        Ok(Self { compiled, schema })
    }

    /// Whether the value is valid; quicker than asking what is wrong.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.compiled.is_valid(value)
    }

    /// Everything that is wrong with the value, ordered by pointer, then code; empty when it is valid.
    pub fn findings(&self, value: &Value) -> Vec<Finding> {
        let mut report = report::Report::new(&self.schema);
        for error in self.compiled.iter_errors(value) {
            report.add(&error);
        }
        report.finish()
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

/// Makes the check of the added keyword.
fn int64<'a>(
    _schema: &'a Map<String, Value>,
    _keyword: &'a Value,
    _path: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    Ok(Box::new(Int64))
}

/// Every number that JSON Schema takes for an integer must be an `i64`. Other numbers are findings of `type`.
struct Int64;

impl<'i> Keyword<'i> for Int64 {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            Ok(())
        } else {
            Err(ValidationError::custom("not a 64-bit integer"))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let has_fraction = |number: f64| number.fract() != 0.0;
        !instance.is_number() || instance.is_i64() || instance.as_f64().is_some_and(has_fraction)
    }
}
