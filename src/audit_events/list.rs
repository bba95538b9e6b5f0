//! What the log can be asked for.

use crate::clock;
use crate::db::Condition;
use crate::db::schema::audit;
use crate::error::Code;
use crate::list::filter::OwnForm;
use crate::list::{FilterForm, FilterSpec, ListSpec, SortSpec};
use crate::texts::{self, Message};
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode};
use diesel::ExpressionMethods;
use serde_json::{Value, json};
use std::net::IpAddr;

/// What happened.
const OUTCOMES: &[&str] = &["done", "refused", "read"];

/// By the token, or the link of a subject of another issuer.
pub(super) const TOKEN: &str = "token";
/// By the address of the caller.
pub(super) const ADDRESS: &str = "address";
/// By the office acted for.
pub(super) const OFFICE: &str = "office";
/// By what was done to it, or what was shown.
pub(super) const RECORD: &str = "record";
/// From an instant on.
pub(super) const FROM: &str = "from";
/// Up to an instant.
pub(super) const TO: &str = "to";

static ID: OwnForm = OwnForm {
    schema: text,
    read: read_id,
};
static OFFICE_ID: OwnForm = OwnForm {
    schema: text,
    read: read_office,
};
static IP_ADDRESS: OwnForm = OwnForm {
    schema: text,
    read: read_address,
};
static OPERATION: OwnForm = OwnForm {
    schema: text,
    read: read_operation,
};
static OUTCOME: OwnForm = OwnForm {
    schema: || json!({"type": "string", "enum": OUTCOMES}),
    read: |name, value| one_of(name, value, OUTCOMES.iter().copied()),
};
static PROBLEM_CODE: OwnForm = OwnForm {
    schema: text,
    read: |name, value| one_of(name, value, Code::ALL.iter().map(|code| code.as_str())),
};
static INSTANT: OwnForm = OwnForm {
    schema: || json!({"type": "string", "format": "date-time"}),
    read: read_instant,
};

/// Filters and sorts. Every filter takes one value: the order of the chain must go on by its index.
pub static AUDIT_EVENTS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::equals("client", FilterForm::Own(&ID), audit::client_id)
            .describe("Events of this client."),
        FilterSpec::equals(TOKEN, FilterForm::Own(&ID), audit::token_id)
            .describe("Events of this token, or of this linked subject."),
        FilterSpec::equals(ADDRESS, FilterForm::Own(&IP_ADDRESS), audit::address)
            .describe("Events from this address (IPv4 or IPv6)."),
        FilterSpec::equals(OFFICE, FilterForm::Own(&OFFICE_ID), audit::office_id)
            .describe("Events of clients that acted for this office."),
        // The query has a branch for each way in which an event has to do with a record.
        FilterSpec::new(RECORD, FilterForm::Own(&ID), |_| Vec::new())
            .describe("Events about this record (or client or token), also those that showed it."),
        FilterSpec::equals("operation", FilterForm::Own(&OPERATION), audit::operation)
            .describe("Events of this operation: an `operationId`, or for changes `{kind}.{what}` (`office.create`, `token.revoke`)."),
        FilterSpec::equals("outcome", FilterForm::Own(&OUTCOME), audit::outcome)
            .describe("What came of it."),
        FilterSpec::equals("code", FilterForm::Own(&PROBLEM_CODE), audit::code)
            .describe("Refusals with this problem code."),
        FilterSpec::new(FROM, FilterForm::Own(&INSTANT), |asked| {
            vec![Condition::of(audit::at.ge(asked.value()))]
        })
            .describe("Events recorded at this instant or later."),
        FilterSpec::new(TO, FilterForm::Own(&INSTANT), |asked| {
            vec![Condition::of(audit::at.lt(asked.value()))]
        })
            .describe("Events recorded before this instant."),
    ],
    sorts: &[SortSpec::new("at", audit::at).newest_first()],
    expands: &[],
};

fn text() -> Value {
    json!({"type": "string"})
}

fn wrong(name: &str, code: FindingCode, detail: Message) -> Result<String, Box<Finding>> {
    Err(Box::new(Finding::parameter(name, code, detail)))
}

/// An id of this log: of records, clients, tokens. The host's command line has the client id `cli`; subjects of other
/// issuers act under the ids of their links, which stand where a token's id would.
fn read_id(name: &'static str, value: &str) -> Result<String, Box<Finding>> {
    let prefix = match (name, value) {
        ("client", "cli") => return Ok(value.to_owned()),
        ("client", _) => "cli",
        (TOKEN, _) if value.starts_with("idn_") => "idn",
        (TOKEN, _) => "tok",
        _ => value.split('_').next().unwrap_or_default(),
    };
    if is_id(prefix, value) {
        return Ok(value.to_owned());
    }
    wrong(name, FindingCode::InvalidId, texts::requests::not_an_id_here(value))
}

/// An id, or the caller's own for it.
fn read_office(name: &'static str, value: &str) -> Result<String, Box<Finding>> {
    if is_id("off", value) || ExternalReference::parse(value).is_some() {
        return Ok(value.to_owned());
    }
    let detail = texts::requests::not_an_id_or_own(value, "off");
    wrong(name, FindingCode::InvalidId, detail)
}

fn read_address(name: &'static str, value: &str) -> Result<String, Box<Finding>> {
    match value.parse::<IpAddr>() {
        Ok(address) => Ok(address.to_canonical().to_string()),
        Err(_) => wrong(
            name,
            FindingCode::InvalidAddress,
            texts::requests::not_an_ip_address(value),
        ),
    }
}

fn read_operation(name: &'static str, value: &str) -> Result<String, Box<Finding>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if value.len() <= 100 && value.bytes().all(is_part) {
        return Ok(value.to_owned());
    }
    wrong(name, FindingCode::InvalidName, texts::requests::operation_name())
}

fn one_of(
    name: &'static str,
    value: &str,
    mut allowed: impl Iterator<Item = &'static str> + Clone,
) -> Result<String, Box<Finding>> {
    let all = allowed.clone();
    if allowed.any(|known| known == value) {
        return Ok(value.to_owned());
    }
    let detail = texts::requests::not_a_value_of(value, name);
    let finding = Finding::parameter(name, FindingCode::UnknownCode, detail);
    Err(Box::new(finding.with_allowed(all, value)))
}

fn read_instant(name: &'static str, value: &str) -> Result<String, Box<Finding>> {
    match clock::parse_instant(value) {
        Some(instant) => Ok(clock::format_instant(instant)),
        None => wrong(
            name,
            FindingCode::InvalidInstant,
            texts::requests::not_an_instant(value),
        ),
    }
}
