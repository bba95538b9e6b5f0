//! From a query to a list request: every parameter checked, all that is wrong told at once.

use crate::bounds::{MAX_VALUES_OF_FILTER, MAX_WORDS};
use crate::error::{Code, Error, Result};
use crate::http::Query;
use crate::list::conditions::distinct_words;
use crate::list::cursor::{Position, fingerprint};
use crate::list::filter::{COMMON_FILTERS, FilterForm, FilterSpec, Filters};
use crate::list::spec::{DEFAULT_LIMIT, ExpandSpec, ListSpec, MAX_LIMIT, Sort};
use crate::texts::{self, Message};
use crate::values::codes::code_lists;
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode, geo, locale};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A list request, checked.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// Rows of a page.
    pub limit: i64,
    /// What must match. Ids may still be `ext:` references.
    pub filters: Filters,
    /// Dates of low precision must match as a whole.
    pub certain_dates: bool,
    /// The order.
    pub sort: Sort,
    /// Where the page starts.
    pub position: Option<Position>,
    /// Is the total wanted?
    pub include_total: bool,
    /// What is embedded.
    pub expand: Vec<&'static ExpandSpec>,
    /// The language of flat texts.
    pub language: Option<String>,
    /// What a cursor of this list is bound to.
    pub fingerprint: String,
}

impl ListRequest {
    /// Must the database go downwards?
    pub fn goes_down(&self) -> bool {
        self.sort.descending != self.position.as_ref().is_some_and(|position| position.backwards)
    }
}

/// Reads the query of a list of records.
pub fn read_list_request(query: &Query, spec: &'static ListSpec) -> Result<ListRequest> {
    read_with(query, spec, COMMON_FILTERS)
}

/// Reads the query of a list of something else than records: only the filters that it names itself.
pub fn read_plain_list_request(query: &Query, spec: &'static ListSpec) -> Result<ListRequest> {
    read_with(query, spec, &[])
}

fn read_with(query: &Query, spec: &'static ListSpec, common: &'static [FilterSpec]) -> Result<ListRequest> {
    let mut findings = Vec::new();
    let mut filters = Filters::default();
    for filter in common.iter().chain(spec.filters) {
        read_filter(query, filter, &mut filters, &mut findings);
    }
    // All findings are reported at once: a parameter that cannot be read leaves its findings and counts as its default.
    let sort = keep(read_sort(query, spec), &mut findings)?.unwrap_or_else(|| default_sort(spec));
    let certain_dates = keep(read_date_match(query), &mut findings)?.unwrap_or_default();
    let language = keep(read_language(query), &mut findings)?.flatten();
    let limit = keep(query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), &mut findings)?.unwrap_or(DEFAULT_LIMIT);
    let include_total = keep(query.flag("include_total"), &mut findings)?.unwrap_or_default();
    let expand = keep(read_expand(query, spec.expands), &mut findings)?.unwrap_or_default();
    let cursor = keep(query.one("cursor"), &mut findings)?.flatten();
    if !findings.is_empty() {
        return Err(Error::with_findings(Code::InvalidParameter, findings));
    }
    let fingerprint = fingerprint(&format!(
        "{:?} {:?} {} {} {certain_dates} {language:?}",
        spec.shape(),
        filters.0,
        sort.key,
        sort.descending
    ));
    let position = match cursor {
        Some(text) => Some(Position::decode(text, &fingerprint)?),
        None => None,
    };
    Ok(ListRequest {
        limit,
        filters,
        certain_dates,
        sort,
        position,
        include_total,
        expand,
        language,
        fingerprint,
    })
}

/// The value, or none and its findings kept beside those of other parameters.
pub fn keep<T>(read: Result<T>, findings: &mut Vec<Finding>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == Code::InvalidParameter => {
            findings.extend_from_slice(error.findings());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read_date_match(query: &Query) -> Result<bool> {
    match query.one("date_match")? {
        None | Some("possible") => Ok(false),
        Some("certain") => Ok(true),
        Some(other) => Err(not_one_of("date_match", other, ["possible", "certain"])),
    }
}

/// Reads `lang`.
pub fn read_language(query: &Query) -> Result<Option<String>> {
    match query.one("lang")? {
        Some(tag) if !locale::is_language(tag) => Err(Error::with_findings(
            Code::InvalidParameter,
            vec![Finding::parameter(
                "lang",
                FindingCode::InvalidLanguage,
                texts::requests::language_tag(),
            )],
        )),
        other => Ok(other.map(str::to_owned)),
    }
}

/// Reads `expand`: names separated by commas.
pub fn read_expand(query: &Query, known: &'static [ExpandSpec]) -> Result<Vec<&'static ExpandSpec>> {
    let Some(text) = query.one("expand")? else {
        return Ok(Vec::new());
    };
    text.split(',')
        .map(|name| {
            known
                .iter()
                .find(|spec| spec.name == name.trim())
                .ok_or_else(|| not_one_of("expand", name.trim(), known.iter().map(|spec| spec.name)))
        })
        .collect()
}

fn not_one_of(name: &str, sent: &str, allowed: impl IntoIterator<Item = &'static str>) -> Error {
    Error::with_findings(
        Code::InvalidParameter,
        vec![
            Finding::parameter(
                name,
                FindingCode::UnknownCode,
                texts::requests::not_a_value_of(sent, name),
            )
            .with_allowed(allowed, sent),
        ],
    )
}

fn read_sort(query: &Query, spec: &'static ListSpec) -> Result<Sort> {
    let Some(text) = query.one("sort")? else {
        return Ok(default_sort(spec));
    };
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    match spec.sort_names().find(|key| *key == name) {
        Some(key) => Ok(Sort { key, descending }),
        None => Err(not_one_of("sort", name, spec.sort_names())),
    }
}

fn default_sort(spec: &ListSpec) -> Sort {
    let first = spec.sorts.first();
    Sort {
        key: first.map_or("created_at", |sort| sort.name),
        descending: first.is_some_and(|sort| sort.is_newest_first),
    }
}

fn read_filter(query: &Query, spec: &FilterSpec, filters: &mut Filters, findings: &mut Vec<Finding>) {
    let mut sets = Vec::new();
    for given in query.all(spec.name) {
        let values: Vec<String> = match spec.form {
            FilterForm::Own(own) => match (own.read)(spec.name, given) {
                Ok(value) => vec![value],
                Err(finding) => {
                    findings.push(*finding);
                    continue;
                }
            },
            FilterForm::Text => vec![given.to_owned()],
            _ => given
                .split(',')
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
                .collect(),
        };
        if values.is_empty() {
            findings.push(Finding::parameter(
                spec.name,
                FindingCode::Empty,
                texts::requests::nothing_between_commas(),
            ));
        }
        let single = matches!(
            spec.form,
            FilterForm::Day | FilterForm::Flag | FilterForm::Number | FilterForm::Year
        );
        if single && values.len() > 1 {
            findings.push(Finding::parameter(
                spec.name,
                FindingCode::TooMany,
                texts::requests::one_value_only(),
            ));
        }
        sets.push(values);
    }
    match find_excess(spec, &sets) {
        Some(finding) => findings.push(finding),
        None => findings.extend(sets.iter().flatten().filter_map(|value| check_value(spec, value))),
    }
    if sets.len() > 1 && !spec.form.repeats() {
        findings.push(Finding::parameter(
            spec.name,
            FindingCode::GivenTwice,
            texts::requests::parameter_once(),
        ));
    }
    if !sets.is_empty() {
        filters.0.insert(spec.name, sets);
    }
}

/// More than a query can ask the database at once: each set of values, and each word, is looked for by itself in all
/// records. Values that are given several times count each time.
fn find_excess(spec: &FilterSpec, sets: &[Vec<String>]) -> Option<Finding> {
    let values = sets.iter().flatten();
    let (count, most, detail): (_, _, fn(usize) -> Message) = match spec.form {
        FilterForm::Text => {
            let words: BTreeSet<String> = values.flat_map(|text| distinct_words(text)).collect();
            (words.len(), MAX_WORDS, texts::requests::at_most_words)
        }
        _ => (values.count(), MAX_VALUES_OF_FILTER, texts::requests::at_most_values),
    };
    (count > most).then(|| {
        Finding::parameter(spec.name, FindingCode::TooMany, detail(most))
            .with_param("maximum", most)
            .with_param("found", count)
    })
}

fn check_value(spec: &FilterSpec, value: &str) -> Option<Finding> {
    let wrong = |code, detail: Message| Some(Finding::parameter(spec.name, code, detail));
    match spec.form {
        FilterForm::Codes(list) => {
            let codes = code_lists().iter().find(|known| known.name == list)?.codes;
            if codes.iter().any(|known| known.code == value) {
                return None;
            }
            Some(
                Finding::parameter(
                    spec.name,
                    FindingCode::UnknownCode,
                    texts::requests::not_a_code_of(value, list),
                )
                .with_allowed(codes.iter().map(|known| known.code), value),
            )
        }
        FilterForm::OneOf(words) if !words.contains(&value) => Some(
            Finding::parameter(
                spec.name,
                FindingCode::UnknownCode,
                texts::requests::not_a_value_of(value, spec.name),
            )
            .with_allowed(words.iter().copied(), value),
        ),
        FilterForm::Countries if !geo::is_country(value) => {
            wrong(FindingCode::InvalidCountry, texts::requests::not_a_country(value))
        }
        FilterForm::Subdivisions if !geo::is_subdivision_code(value) => wrong(
            FindingCode::InvalidSubdivision,
            texts::requests::not_a_subdivision(value),
        ),
        FilterForm::Ids(prefix) if !is_id(prefix, value) && ExternalReference::parse(value).is_none() => {
            wrong(FindingCode::InvalidId, texts::requests::not_an_id_or_own(value, prefix))
        }
        FilterForm::Day if NaiveDate::parse_from_str(value, "%Y-%m-%d").is_err() || value.len() != 10 => {
            wrong(FindingCode::InvalidDate, texts::requests::not_a_full_date(value))
        }
        FilterForm::Number if value.parse::<i64>().is_err() => {
            wrong(FindingCode::WrongType, texts::requests::not_a_whole_number(value))
        }
        FilterForm::Year if value.len() != 4 || !value.parse::<i64>().is_ok_and(|year| year >= 1000) => {
            wrong(FindingCode::InvalidDate, texts::requests::not_a_year(value))
        }
        FilterForm::Flag if value != "true" && value != "false" => Some(
            Finding::parameter(spec.name, FindingCode::WrongType, texts::requests::true_or_false())
                .with_allowed(["true", "false"], value),
        ),
        _ => None,
    }
}
