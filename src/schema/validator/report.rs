//! Says in the words of the service what the JSON Schema library found.

use crate::texts::{self, Message};
use crate::values::FindingCode;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

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

/// The findings of one value while they are collected.
pub(super) struct Report<'a> {
    schema: &'a Value,
    findings: Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(schema: &'a Value) -> Self {
        Self {
            schema,
            findings: Vec::new(),
        }
    }

    /// Adds what one error of the library says.
    pub(super) fn add(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        match error.kind() {
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
                self.add_choice(error, context);
            }
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                let known = self.known_members(error);
                for name in unexpected {
                    let finding = Finding::at(
                        join_pointer(pointer, name),
                        FindingCode::UnknownMember,
                        texts::schema::no_such_member(),
                    );
                    self.findings.push(finding.with_allowed(known.iter().copied(), name));
                }
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                self.findings.push(Finding::at(
                    join_pointer(pointer, name),
                    FindingCode::Required,
                    texts::schema::must_be_given(),
                ));
            }
            Kind::PropertyNames { error: inner } => {
                let name = inner.instance().as_str().unwrap_or_default();
                let finding = self.plain(&join_pointer(pointer, name), inner);
                self.findings.push(Finding {
                    detail: texts::schema::of_key(finding.detail.clone()),
                    ..finding.with_param("key", true)
                });
            }
            _ => {
                let finding = self.plain(pointer, error);
                self.findings.push(finding);
            }
        }
    }

    /// The errors of the one form that was meant: null is never meant where something else was sent.
    fn add_choice(&mut self, error: &ValidationError<'_>, context: &[Vec<ValidationError<'_>>]) {
        let forms: Vec<_> = context.iter().filter(|form| !wants_null(form)).collect();
        // With several forms, one whose fixed member (the discriminator) has another value was not meant.
        let meant = forms
            .iter()
            .find(|form| forms.len() == 1 || !form.iter().any(is_fixed_value));
        if let Some(form) = meant {
            for inner in form.iter() {
                self.add(inner);
            }
            return;
        }
        let fixed: Vec<_> = forms
            .iter()
            .filter_map(|form| form.iter().find(|inner| is_fixed_value(inner)))
            .collect();
        let allowed = fixed.iter().flat_map(|inner| accepted(inner.kind()));
        match fixed.first() {
            Some(first) => self.findings.push(unknown_code(
                first.instance_path().as_str(),
                first.instance(),
                allowed.collect(),
            )),
            None => self.findings.push(Finding::at(
                error.instance_path().as_str(),
                FindingCode::Invalid,
                texts::schema::no_allowed_form(),
            )),
        }
    }

    /// An error that stands for itself.
    fn plain(&self, pointer: &str, error: &ValidationError<'_>) -> Finding {
        let finding = |code, detail: Message| Finding::at(pointer, code, detail);
        let value = error.instance();
        match error.kind() {
            Kind::Enum { .. } | Kind::Constant { .. } => unknown_code(pointer, value, accepted(error.kind())),
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
                let example = self.example(error);
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
        }
    }

    /// The members that the object of an "unknown member" error may have.
    fn known_members(&self, error: &ValidationError<'_>) -> Vec<&'a str> {
        self.around(error)
            .and_then(|schema| schema.get("properties")?.as_object())
            .map(|members| members.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// The first example of the schema of an error.
    fn example(&self, error: &ValidationError<'_>) -> Option<&'a str> {
        let schema = self.around(error)?;
        schema
            .get("example")
            .or_else(|| schema.get("examples")?.get(0))
            .and_then(Value::as_str)
    }

    /// The schema that has the keyword of an error.
    fn around(&self, error: &ValidationError<'_>) -> Option<&'a Value> {
        let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
        self.schema.pointer(parent)
    }

    /// The findings in their order, without those that only follow from another at the same place.
    pub(super) fn finish(self) -> Vec<Finding> {
        let place = |finding: &Finding| {
            let is_key = finding.params.contains_key("key");
            (finding.pointer.clone(), is_key)
        };
        let mut best: BTreeMap<_, u8> = BTreeMap::new();
        for finding in &self.findings {
            let known = best.entry(place(finding)).or_insert(u8::MAX);
            *known = (*known).min(rank(finding.code.as_str()));
        }
        let mut findings: Vec<_> = self
            .findings
            .into_iter()
            .filter(|finding| best.get(&place(finding)) == Some(&rank(finding.code.as_str())))
            .collect();
        findings.sort_by_cached_key(|finding| (finding.pointer.clone(), finding.code, finding.detail.in_english()));
        findings.dedup();
        findings
    }
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
