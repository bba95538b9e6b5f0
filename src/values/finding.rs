//! What is wrong with one place of a document or request: the items of `errors` in a problem.

use crate::bounds::{MAX_ALLOWED, MAX_COMPARED, MAX_COMPARED_TEXT};
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
    /// Where the accepted values are still to be looked for.
    #[serde(skip)]
    pub(crate) lookup: Option<Box<Lookup>>,
}

/// What was sent where a key of a map of the same document should stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lookup {
    /// The map, at the top of the document.
    map: &'static str,
    /// What is accepted beside its keys.
    more: Vec<&'static str>,
    sent: String,
    /// Whether the keys are listed, or the nearest is named only.
    lists: bool,
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
            lookup: None,
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

    /// Adds the closed list of accepted values, and the nearest of them to `sent` when it is a near miss. A list that is too
    /// long to read is left out ([`MAX_ALLOWED`]), and too long to compare with ([`MAX_COMPARED`]) not looked at.
    #[must_use]
    pub fn with_allowed<I, S>(mut self, allowed: I, sent: &str) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let options: Vec<S> = allowed.into_iter().take(MAX_COMPARED + 1).collect();
        if options.len() > MAX_COMPARED {
            return self;
        }
        self.suggestion = find_nearest(options.iter().map(AsRef::as_ref), sent).map(str::to_owned);
        if options.len() <= MAX_ALLOWED {
            self.allowed = options.iter().map(|option| option.as_ref().to_owned()).collect();
        }
        self
    }

    /// Where a key of a map at the top of the document should stand, or one of `more`: says among which values to look.
    /// [`look_up`](Self::look_up) does it, for those findings that are told.
    #[must_use]
    pub fn among_keys(self, map: &'static str, more: Vec<&'static str>, sent: &str) -> Self {
        self.with_lookup(map, more, sent, true)
    }

    /// The same where the nearest key is of use, and a list of them all is not.
    #[must_use]
    pub fn near_keys(self, map: &'static str, sent: &str) -> Self {
        self.with_lookup(map, Vec::new(), sent, false)
    }

    fn with_lookup(mut self, map: &'static str, more: Vec<&'static str>, sent: &str, lists: bool) -> Self {
        let sent = if sent.len() > MAX_COMPARED_TEXT { "" } else { sent }.to_owned();
        self.lookup = Some(Box::new(Lookup { map, more, sent, lists }));
        self
    }

    /// Adds the accepted values from the document in which something was found.
    #[must_use]
    pub fn look_up(mut self, document: &Value) -> Self {
        let Some(lookup) = self.lookup.take() else {
            return self;
        };
        let keys = document.get(lookup.map).and_then(Value::as_object);
        let keys = keys.into_iter().flat_map(|map| map.keys()).map(String::as_str);
        let mut finding = self.with_allowed(keys.chain(lookup.more.iter().copied()), &lookup.sent);
        if !lookup.lists {
            finding.allowed.clear();
        }
        finding
    }

    /// Adds one figure of the rule.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// The option that what was sent is a near miss of.
fn find_nearest<'a>(options: impl Iterator<Item = &'a str>, sent: &str) -> Option<&'a str> {
    if sent.len() > MAX_COMPARED_TEXT {
        return None;
    }
    let folded = sent.to_lowercase().replace(['-', ' '], "_");
    let most = |option: &str| 1 + option.len() / 4;
    options
        // The distance is at least the difference in length, and most options are done by that.
        .filter(|option| option.len() <= MAX_COMPARED_TEXT && option.len().abs_diff(folded.len()) <= 4 * most(option))
        .map(|option| (strsim::damerau_levenshtein(option, &folded), option))
        .filter(|(distance, option)| *distance <= most(option))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, option)| option)
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
