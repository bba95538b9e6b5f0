//! What the log can be asked for.

use crate::clock;
use crate::error::{Code, Error, Result};
use crate::http::Query;
use crate::http::query::invalid_parameter;
use crate::list::cursor::{Position, fingerprint};
use crate::list::request::keep;
use crate::list::spec::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::texts;
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode};
use serde_json::{Value, json};
use std::net::IpAddr;

/// What happened.
const OUTCOMES: &[&str] = &["done", "refused", "read"];

type FilterParameter = (&'static str, fn() -> Value, &'static str);

/// The filters, for the API document. Each takes one value.
pub const FILTERS: &[FilterParameter] = &[
    ("client", text, "Events of this client."),
    ("token", text, "Events of this token, or of this linked subject."),
    ("address", text, "Events from this address (IPv4 or IPv6)."),
    ("office", text, "Events of clients that acted for this office."),
    (
        "record",
        text,
        "Events about this record (or client or token), also those that showed it.",
    ),
    (
        "operation",
        text,
        "Events of this operation: an `operationId`, or for changes `{kind}.{what}` (`office.create`, `token.revoke`).",
    ),
    ("outcome", outcomes, "What came of it."),
    ("code", text, "Refusals with this problem code."),
    ("from", instant, "Events recorded at this instant or later."),
    ("to", instant, "Events recorded before this instant."),
];

fn text() -> Value {
    json!({"type": "string"})
}

fn outcomes() -> Value {
    json!({"type": "string", "enum": OUTCOMES})
}

fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// An office, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeFilter {
    /// By its id.
    Id(String),
    /// By the caller's own id for it.
    External(ExternalReference),
}

/// What must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilters {
    /// The client.
    pub client: Option<String>,
    /// The token, or the link of a subject of another issuer.
    pub token: Option<String>,
    /// The address, as it is stored.
    pub address: Option<String>,
    /// The office acted for.
    pub office: Option<OfficeFilter>,
    /// What it was done to, or what was shown.
    pub record: Option<String>,
    /// The operation.
    pub operation: Option<String>,
    /// The outcome.
    pub outcome: Option<String>,
    /// The problem's code.
    pub code: Option<String>,
    /// Recorded at this instant or later, as it is stored.
    pub from: Option<String>,
    /// Recorded before this instant, as it is stored.
    pub to: Option<String>,
}

/// A request for a page of the log, checked.
#[derive(Debug, Clone)]
pub struct AuditRequest {
    /// What must match.
    pub filters: AuditFilters,
    /// Events of a page.
    pub limit: i64,
    /// From the newest to the oldest.
    pub descending: bool,
    /// Where the page starts.
    pub position: Option<Position>,
    /// Is the total wanted?
    pub include_total: bool,
    /// What a cursor of this list is bound to.
    pub fingerprint: String,
}

impl AuditRequest {
    /// Must the database go downwards?
    pub fn goes_down(&self) -> bool {
        self.descending != self.position.as_ref().is_some_and(|position| position.backwards)
    }
}

/// Reads the query; all that is wrong is told at once.
pub fn read_audit_request(query: &Query) -> Result<AuditRequest> {
    let mut findings = Vec::new();
    let filters = read_filters(query, &mut findings)?;
    let descending = keep(read_sort(query), &mut findings)?.unwrap_or(true);
    let limit = keep(query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), &mut findings)?.unwrap_or(DEFAULT_LIMIT);
    let include_total = keep(query.flag("include_total"), &mut findings)?.unwrap_or_default();
    let cursor = keep(query.one("cursor"), &mut findings)?.flatten();
    if !findings.is_empty() {
        return Err(Error::with_findings(Code::InvalidParameter, findings));
    }
    let fingerprint = fingerprint(&format!("audit {filters:?} {descending}"));
    let position = cursor.map(|text| Position::decode(text, &fingerprint)).transpose()?;
    Ok(AuditRequest {
        filters,
        limit,
        descending,
        position,
        include_total,
        fingerprint,
    })
}

fn read_sort(query: &Query) -> Result<bool> {
    match query.one("sort")? {
        None | Some("-at") => Ok(true),
        Some("at") => Ok(false),
        Some(other) => Err(Error::with_findings(
            Code::InvalidParameter,
            vec![
                Finding::parameter(
                    "sort",
                    FindingCode::UnknownCode,
                    texts::requests::not_a_value_of(other, "sort"),
                )
                .with_allowed(["at", "-at"], other),
            ],
        )),
    }
}

fn read_filters(query: &Query, findings: &mut Vec<Finding>) -> Result<AuditFilters> {
    let mut read = |name: &'static str, parse: fn(&'static str, &str) -> Result<String>| {
        let value = keep(query.one(name), findings)?.flatten();
        match value {
            Some(value) => keep(parse(name, value), findings),
            None => Ok(None),
        }
    };
    let mut filters = AuditFilters {
        client: read("client", parse_id)?,
        token: read("token", parse_id)?,
        address: read("address", parse_address)?,
        office: None,
        record: read("record", parse_id)?,
        operation: read("operation", parse_operation)?,
        outcome: read("outcome", parse_outcome)?,
        code: read("code", parse_code)?,
        from: read("from", parse_instant)?,
        to: read("to", parse_instant)?,
    };
    if let Some(office) = keep(query.one("office"), findings)?.flatten() {
        filters.office = match ExternalReference::parse(office) {
            Some(external) => Some(OfficeFilter::External(external)),
            None if is_id("off", office) => Some(OfficeFilter::Id(office.to_owned())),
            None => {
                let detail = texts::requests::not_an_id_or_own(office, "off");
                findings.push(Finding::parameter("office", FindingCode::InvalidId, detail));
                None
            }
        };
    }
    Ok(filters)
}

/// An id of this log: of records, clients, tokens. The host's command line has the client id `cli`; subjects of other
/// issuers act under the ids of their links, which stand where a token's id would.
fn parse_id(name: &'static str, value: &str) -> Result<String> {
    let prefix = match (name, value) {
        ("client", "cli") => return Ok(value.to_owned()),
        ("client", _) => "cli",
        ("token", _) if value.starts_with("idn_") => "idn",
        ("token", _) => "tok",
        _ => value.split('_').next().unwrap_or_default(),
    };
    if is_id(prefix, value) {
        return Ok(value.to_owned());
    }
    let detail = texts::requests::not_an_id_here(value);
    Err(invalid_parameter(name, FindingCode::InvalidId, detail))
}

fn parse_address(name: &'static str, value: &str) -> Result<String> {
    let address: Result<IpAddr, _> = value.parse();
    address.map(|address| address.to_canonical().to_string()).map_err(|_| {
        invalid_parameter(
            name,
            FindingCode::InvalidAddress,
            texts::requests::not_an_ip_address(value),
        )
    })
}

fn parse_operation(name: &'static str, value: &str) -> Result<String> {
    let is_name = |text: &str| {
        text.len() <= 100
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if is_name(value) {
        return Ok(value.to_owned());
    }
    let detail = texts::requests::operation_name();
    Err(invalid_parameter(name, FindingCode::InvalidName, detail))
}

fn parse_outcome(name: &'static str, value: &str) -> Result<String> {
    one_of(name, value, OUTCOMES.iter().copied())
}

fn parse_code(name: &'static str, value: &str) -> Result<String> {
    one_of(name, value, Code::ALL.iter().map(|code| code.as_str()))
}

fn one_of(name: &'static str, value: &str, mut allowed: impl Iterator<Item = &'static str> + Clone) -> Result<String> {
    let all = allowed.clone();
    if allowed.any(|known| known == value) {
        return Ok(value.to_owned());
    }
    let detail = texts::requests::not_a_value_of(value, name);
    let finding = Finding::parameter(name, FindingCode::UnknownCode, detail).with_allowed(all, value);
    Err(Error::with_findings(Code::InvalidParameter, vec![finding]))
}

fn parse_instant(name: &'static str, value: &str) -> Result<String> {
    clock::parse_instant(value).map(clock::format_instant).ok_or_else(|| {
        let detail = texts::requests::not_an_instant(value);
        invalid_parameter(name, FindingCode::InvalidInstant, detail)
    })
}
