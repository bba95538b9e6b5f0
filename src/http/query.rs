//! The query of a request: decoded once, in the order it was sent.

use crate::error::{Code, Error, Result};
use crate::texts::{self, Message};
use crate::values::{Finding, FindingCode};

/// A query may have so many parameters, a repeated one counted each time.
const MOST_PARAMETERS: usize = 200;

/// Names and values of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes `a=b&c=d`.
    pub fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Refuses more than 200 parameters (each of them wrong would make an answer many times as long as the request), every
    /// parameter that is not in `allowed`, and every value with U+0000, which no database keeps.
    pub fn check(&self, allowed: &[String]) -> Result<()> {
        if self.0.len() > MOST_PARAMETERS {
            return Err(Error::new(
                Code::InvalidParameter,
                texts::requests::too_many_parameters(MOST_PARAMETERS),
            )
            .with_member("limit", MOST_PARAMETERS));
        }
        let mut findings = Vec::new();
        for (name, value) in &self.0 {
            if !allowed.contains(name) {
                findings.push(
                    Finding::parameter(
                        name,
                        FindingCode::UnknownParameter,
                        texts::requests::unknown_parameter(name),
                    )
                    .with_allowed(allowed, name),
                );
            } else if value.contains('\0') || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(invalid_parameter(
                    name,
                    FindingCode::InvalidText,
                    texts::requests::parameter_not_text(),
                ));
            }
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Error::with_findings(Code::UnknownParameter, findings))
        }
    }

    /// The value of a parameter that may be given once. An empty value counts as not given.
    pub fn one<'a>(&'a self, name: &'a str) -> Result<Option<&'a str>> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(invalid_parameter(
                name,
                FindingCode::GivenTwice,
                texts::requests::parameter_once(),
            ));
        }
        Ok(first)
    }

    /// All values of a parameter that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// `true`, `false`, or not given (`false`).
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.one(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Error::with_findings(
                Code::InvalidParameter,
                vec![
                    Finding::parameter(name, FindingCode::WrongType, texts::requests::true_or_false())
                        .with_allowed(["true", "false"], other),
                ],
            )),
        }
    }

    /// A whole number in a range, or `default`.
    pub fn number(&self, name: &str, default: i64, lowest: i64, highest: i64) -> Result<i64> {
        let Some(text) = self.one(name)? else {
            return Ok(default);
        };
        match text.parse::<i64>() {
            Ok(number) if (lowest..=highest).contains(&number) => Ok(number),
            _ => Err(Error::with_findings(
                Code::InvalidParameter,
                vec![
                    Finding::parameter(
                        name,
                        FindingCode::OutOfRange,
                        texts::requests::number_between(lowest, highest),
                    )
                    .with_param("minimum", lowest)
                    .with_param("maximum", highest),
                ],
            )),
        }
    }

    /// All parameters but those named, encoded again in their order: for `Link`.
    pub fn without(&self, names: &[&str]) -> form_urlencoded::Serializer<'static, String> {
        let mut text = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            if !names.contains(&name.as_str()) {
                text.append_pair(name, value);
            }
        }
        text
    }
}

/// A 400 about one parameter.
pub fn invalid_parameter(name: &str, code: FindingCode, detail: Message) -> Error {
    Error::with_findings(Code::InvalidParameter, vec![Finding::parameter(name, code, detail)])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_kept_in_order() {
        let query = Query::parse("tag=a&tag=%EA%B5%90&limit=5&empty=");
        assert_eq!(query.all("tag").collect::<Vec<_>>(), ["a", "교"]);
        assert_eq!(query.number("limit", 50, 1, 200).unwrap(), 5);
        assert_eq!(query.one("empty").unwrap(), None);
        assert!(query.one("tag").is_err());
        assert_eq!(query.without(&["tag"]).finish(), "limit=5&empty=");
    }

    #[test]
    fn unknown_parameters_are_named_with_a_suggestion() {
        let error = Query::parse("contry=KR").check(&["country".to_owned()]).unwrap_err();
        assert_eq!(error.code(), Code::UnknownParameter);
        assert_eq!(error.findings()[0].suggestion.as_deref(), Some("country"));
    }

    #[test]
    fn endless_queries_are_refused_in_a_word() {
        let allowed = ["a".to_owned()];
        assert!(Query::parse(&"a=1&".repeat(200)).check(&allowed).is_ok());
        let error = Query::parse(&"b=1&".repeat(201)).check(&allowed).unwrap_err();
        assert_eq!(error.code(), Code::InvalidParameter);
        assert!(error.findings().is_empty());
    }
}
