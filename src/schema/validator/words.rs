//! Small pieces of a report: findings that several errors share, and what things are called.

use crate::texts;
use crate::values::FindingCode;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::types::JsonType;
use serde_json::Value;
use std::rc::Rc;

use super::draft::{Allowed, DraftFinding};
use crate::values::finding::Finding;

pub(super) fn unknown_code(pointer: &str, value: &Value, allowed: Vec<String>) -> DraftFinding {
    let finding = Finding::at(pointer, FindingCode::UnknownCode, texts::schema::none_of_allowed());
    // Written out only where it is short: of an object nothing is a near miss.
    let sent = match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => String::new(),
        other => other.to_string(),
    };
    let options = Rc::new(allowed);
    let allowed = Some(Allowed { options, sent });
    DraftFinding { finding, allowed }
}

/// The values that a list or constant accepts, without null.
pub(super) fn accepted(kind: &Kind) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    match kind {
        Kind::Enum { options } => options.as_array().into_iter().flatten().filter_map(text).collect(),
        Kind::Constant { expected_value } => text(expected_value).into_iter().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn is_fixed_value(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Kind::Constant { .. } => true,
        Kind::Enum { options } => options.as_array().is_some_and(|options| options.len() == 1),
        _ => false,
    }
}

/// Whether the form of a choice is plain null.
pub(super) fn wants_null(form: &[ValidationError<'_>]) -> bool {
    matches!(
        form,
        [error] if matches!(error.kind(), Kind::Type { kind: TypeKind::Single(JsonType::Null) })
    )
}

pub(super) fn too_many(pointer: &str, limit: u64, found: usize) -> Finding {
    let detail = texts::schema::too_many_items(found, limit);
    Finding::at(pointer, FindingCode::TooMany, detail)
        .with_param("limit", limit)
        .with_param("found", found)
}

/// Below a minimum of one there is only emptiness, which has its own code.
pub(super) fn too_few(pointer: &str, code: FindingCode, limit: u64, found: usize) -> Finding {
    let (code, detail) = match limit {
        1 => (FindingCode::Empty, texts::schema::empty()),
        _ => (code, texts::schema::too_few(found, limit)),
    };
    Finding::at(pointer, code, detail)
        .with_param("limit", limit)
        .with_param("found", found)
}

/// Items, members or characters.
pub(super) fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        Value::String(text) => text.chars().count(),
        _ => 0,
    }
}

pub(super) fn type_names(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(name) => vec![json_type(*name)],
        TypeKind::Multiple(names) => names.iter().map(json_type).collect(),
    }
}

fn json_type(name: JsonType) -> &'static str {
    match name {
        JsonType::Null => "null",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
