//! What is wrong with one place of a document or request: the items of `errors` in a problem.

use crate::texts::codes::FindingCode;
use crate::texts::{Language, Message};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// One thing that is wrong, at one place: `pointer` (RFC 6901, into the body) or `parameter`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProblemError)]
pub struct Finding {
    /// JSON pointer (RFC 6901) into the body; `""` is the whole body. Empty when `parameter` names the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// Name of the query parameter, path parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// Stable; listed at `/problems` with its meaning.
    #[schema(value_type = String)]
    pub code: FindingCode,
    /// For people; may change.
    #[schema(value_type = String)]
    pub detail: Message,
    /// The values that would be accepted, where there is a closed list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub allowed: Vec<String>,
    /// The accepted value nearest to what was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub suggestion: Option<String>,
    /// The figures of the rule (limits, found values), for clients that write their own text.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

impl Finding {
    /// A finding at a place of the body.
    pub fn at(pointer: impl Into<String>, code: FindingCode, detail: Message) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            code,
            detail,
            allowed: Vec::new(),
            suggestion: None,
            params: Map::new(),
        }
    }

    /// A finding about a query parameter, path parameter or header.
    pub fn parameter(name: impl Into<String>, code: FindingCode, detail: Message) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            ..Self::at("", code, detail)
        }
    }

    /// Adds the closed list of accepted values, and the nearest of them to `sent` when it is a near miss.
    #[must_use]
    pub fn with_allowed<I, S>(mut self, allowed: I, sent: &str) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        let folded = sent.to_lowercase().replace(['-', ' '], "_");
        self.suggestion = self
            .allowed
            .iter()
            .map(|option| (strsim::damerau_levenshtein(option, &folded), option))
            .filter(|(distance, option)| *distance <= 1 + option.len() / 4)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, option)| option.clone());
        self
    }

    /// Adds one figure of the rule.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// A finding as an answer in one language has it.
#[derive(Debug, Serialize)]
pub struct TranslatedFinding<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    code: FindingCode,
    detail: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allowed: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    params: &'a Map<String, Value>,
}

impl Finding {
    /// The finding with its text in a language.
    pub fn translated(&self, language: Language) -> TranslatedFinding<'_> {
        TranslatedFinding {
            pointer: self.pointer.as_deref(),
            parameter: self.parameter.as_deref(),
            code: self.code,
            detail: self.detail.render(language),
            allowed: &self.allowed,
            suggestion: self.suggestion.as_deref(),
            params: &self.params,
        }
    }
}

/// Appends one segment to a JSON pointer, escaped as RFC 6901 §3 says.
pub fn join_pointer(base: &str, segment: &str) -> String {
    format!("{base}/{}", segment.replace('~', "~0").replace('/', "~1"))
}
