//! Schemas compiled with all that is checked beyond the standard: our formats, and integers that fit `i64`.

use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, ValidationError};
use serde_json::{Map, Value};

use crate::values::format::FORMATS;

/// What a reference to a component begins with.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// The keyword that the compiled schema has beside every `integer`.
pub(super) const INT64: &str = "x-int64";

/// Compiles one schema.
pub(super) fn compile(schema: &Value) -> Result<jsonschema::Validator, ValidationError<'static>> {
    FORMATS
        .iter()
        .fold(jsonschema::options(), |options, (name, check, _)| {
            options.with_format(*name, *check)
        })
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_keyword(INT64, int64)
        .build(schema)
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
