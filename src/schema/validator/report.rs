//! Says in the words of the service what the JSON Schema library found.

use crate::texts::{self, Message};
use crate::values::FindingCode;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::draft::{Allowed, DraftFinding};
use super::words::{
    accepted, count, is_fixed_value, too_few, too_many, type_name, type_names, unknown_code, wants_null,
};
use crate::values::finding::{Finding, join_pointer};
use crate::values::format::FORMATS;

/// The code of a format, and what to write.
type FormatFacts = (FindingCode, fn() -> Message);

/// The code and the hint of each format: `invalid-` and the name of the format.
static FORMAT_CODES: LazyLock<BTreeMap<&'static str, FormatFacts>> = LazyLock::new(|| {
    FORMATS
        .iter()
        .filter_map(|(name, _, hint)| Some((*name, (FindingCode::from_text(&format!("invalid-{name}"))?, *hint))))
        .collect()
});

/// The code of a format. One that is not ours is not checked either, so the general code is for completeness only.
fn format_code(name: &str) -> FindingCode {
    FORMAT_CODES
        .get(name)
        .map_or(FindingCode::InvalidFormat, |(code, _)| *code)
}

/// The findings of one place of a value while they are collected.
pub(super) struct Report<'a> {
    /// The pointer of the place.
    place: &'a str,
    findings: Vec<DraftFinding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(place: &'a str) -> Self {
        Self {
            place,
            findings: Vec::new(),
        }
    }

    /// Adds what one error of the library says. `schema` is what the library has checked.
    pub(super) fn add(&mut self, schema: &Value, error: &ValidationError<'_>) {
        let pointer = &self.pointer(error);
        match error.kind() {
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
                self.add_choice(schema, error, context);
            }
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                let known = Rc::new(known_members(schema, error));
                for name in unexpected {
                    let finding = Finding::at(
                        join_pointer(pointer, name),
                        FindingCode::UnknownMember,
                        texts::schema::no_such_member(),
                    );
                    let allowed = Some(Allowed {
                        options: known.clone(),
                        sent: name.clone(),
                    });
                    self.findings.push(DraftFinding { finding, allowed });
                }
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let finding = Finding::at(
                    join_pointer(pointer, name),
                    FindingCode::Required,
                    texts::schema::must_be_given(),
                );
                self.findings.push(finding.into());
            }
            Kind::PropertyNames { error: inner } => {
                let name = inner.instance().as_str().unwrap_or_default();
                let DraftFinding { finding, allowed } = plain(&join_pointer(pointer, name), schema, inner);
                let finding = Finding {
                    detail: texts::schema::of_key(finding.detail.clone()),
                    ..finding.with_param("key", true)
                };
                self.findings.push(DraftFinding { finding, allowed });
            }
            _ => self.findings.push(plain(pointer, schema, error)),
        }
    }

    /// The place of an error in the whole value.
    fn pointer(&self, error: &ValidationError<'_>) -> String {
        format!("{}{}", self.place, error.instance_path().as_str())
    }

    /// The errors of the one form that was meant: null is never meant where something else was sent.
    fn add_choice(&mut self, schema: &Value, error: &ValidationError<'_>, context: &[Vec<ValidationError<'_>>]) {
        let forms: Vec<_> = context.iter().filter(|form| !wants_null(form)).collect();
        // With several forms, one whose fixed member (the discriminator) has another value was not meant.
        let meant = forms
            .iter()
            .find(|form| forms.len() == 1 || !form.iter().any(is_fixed_value));
        if let Some(form) = meant {
            for inner in form.iter() {
                self.add(schema, inner);
            }
            return;
        }
        let fixed: Vec<_> = forms
            .iter()
            .filter_map(|form| form.iter().find(|inner| is_fixed_value(inner)))
            .collect();
        let allowed = fixed.iter().flat_map(|inner| accepted(inner.kind()));
        match fixed.first() {
            Some(first) => {
                let draft = unknown_code(&self.pointer(first), first.instance(), allowed.collect());
                self.findings.push(draft);
            }
            None => {
                let detail = texts::schema::no_allowed_form();
                let finding = Finding::at(self.pointer(error), FindingCode::Invalid, detail);
                self.findings.push(finding.into());
            }
        }
    }

    /// The findings in their order, without those that only follow from another at the same place.
    pub(super) fn finish(self) -> Vec<DraftFinding> {
        let place = |draft: &DraftFinding| {
            let is_key = draft.finding.params.contains_key("key");
            (draft.finding.pointer.clone(), is_key)
        };
        let mut best: BTreeMap<_, u8> = BTreeMap::new();
        for draft in &self.findings {
            let known = best.entry(place(draft)).or_insert(u8::MAX);
            *known = (*known).min(rank(draft.finding.code.as_str()));
        }
        let mut drafts: Vec<_> = self
            .findings
            .into_iter()
            .filter(|draft| best.get(&place(draft)) == Some(&rank(draft.finding.code.as_str())))
            .collect();
        drafts.sort_by_cached_key(|draft| {
            let finding = &draft.finding;
            (finding.pointer.clone(), finding.code, finding.detail.in_english())
        });
        drafts.dedup_by(|one, other| one.finding == other.finding);
        drafts
    }
}

/// An error that stands for itself.
fn plain(pointer: &str, schema: &Value, error: &ValidationError<'_>) -> DraftFinding {
    let finding = |code, detail: Message| Finding::at(pointer, code, detail);
    let value = error.instance();
    let found = match error.kind() {
        Kind::Enum { .. } | Kind::Constant { .. } => {
            return unknown_code(pointer, value, accepted(error.kind()));
        }
        Kind::Type { kind } => {
            let expected = type_names(kind);
            finding(
                FindingCode::WrongType,
                texts::schema::wrong_type(expected.join(" or "), type_name(value)),
            )
            .with_param("expected", expected)
        }
        // The only keyword of our own.
        Kind::Custom { .. } => {
            finding(FindingCode::WrongType, texts::schema::integer_bounds()).with_param("expected", vec!["integer"])
        }
        Kind::Format { format } => {
            let hint = FORMAT_CODES.get(format.as_str()).map(|(_, hint)| hint());
            let hint = hint.unwrap_or_else(|| texts::untranslated(format));
            finding(format_code(format), texts::schema::must_be_form(hint)).with_param("format", format.as_str())
        }
        Kind::Pattern { pattern } => {
            let example = example(schema, error);
            let detail = match example {
                None => texts::schema::must_match(pattern),
                Some(example) => texts::schema::must_match_such_as(pattern, example),
            };
            finding(FindingCode::Pattern, detail).with_param("pattern", pattern.as_str())
        }
        Kind::MaxItems { limit } => too_many(pointer, *limit, count(value)),
        Kind::MaxProperties { limit } => too_many(pointer, *limit, count(value)),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => {
            too_few(pointer, FindingCode::TooFew, *limit, count(value))
        }
        Kind::MinLength { limit } => too_few(pointer, FindingCode::TooShort, *limit, count(value)),
        Kind::MaxLength { limit } => finding(
            FindingCode::TooLong,
            texts::schema::too_many_characters(count(value), limit),
        )
        .with_param("limit", *limit)
        .with_param("found", count(value)),
        Kind::Minimum { limit } => {
            finding(FindingCode::OutOfRange, texts::schema::at_least(limit)).with_param("minimum", limit.clone())
        }
        Kind::Maximum { limit } => {
            finding(FindingCode::OutOfRange, texts::schema::at_most(limit)).with_param("maximum", limit.clone())
        }
        Kind::ExclusiveMinimum { limit } => {
            finding(FindingCode::OutOfRange, texts::schema::more_than(limit)).with_param("above", limit.clone())
        }
        Kind::ExclusiveMaximum { limit } => {
            finding(FindingCode::OutOfRange, texts::schema::less_than(limit)).with_param("below", limit.clone())
        }
        Kind::UniqueItems => finding(FindingCode::DuplicateItem, texts::schema::named_twice()),
        Kind::FalseSchema => finding(FindingCode::NotAllowed, texts::schema::not_to_be_given()),
        _ => finding(FindingCode::Invalid, texts::schema::not_valid()),
    };
    found.into()
}

/// The members that the object of an "unknown member" error may have.
fn known_members(schema: &Value, error: &ValidationError<'_>) -> Vec<String> {
    around(schema, error)
        .and_then(|schema| schema.get("properties")?.as_object())
        .map(|members| members.keys().cloned().collect())
        .unwrap_or_default()
}

/// The first example of the schema of an error.
fn example<'a>(schema: &'a Value, error: &ValidationError<'_>) -> Option<&'a str> {
    let schema = around(schema, error)?;
    schema
        .get("example")
        .or_else(|| schema.get("examples")?.get(0))
        .and_then(Value::as_str)
}

/// The schema that has the keyword of an error.
fn around<'a>(schema: &'a Value, error: &ValidationError<'_>) -> Option<&'a Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)
}

/// Of several findings at one place only the lowest rank is useful: a value of the wrong type is no known code
/// either, and an empty text or a date that does not exist needs no finding about its pattern.
fn rank(code: &str) -> u8 {
    match code {
        "wrong-type" => 0,
        "unknown-code" | "empty" => 1,
        "pattern" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_code_of_its_own() {
        for (name, _, _) in FORMATS {
            assert_eq!(format_code(name).as_str(), format!("invalid-{name}"));
        }
    }
}
