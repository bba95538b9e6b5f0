//! One error, one table of codes, one way to a response.
//!
//! Every failure that a caller can see is an [`Error`] with a [`Code`]; `http::edge` turns it into
//! `application/problem+json` (RFC 9457), and `/problems/{code}` serves a page for each row. Codes never change once
//! published; texts may.

pub use crate::texts::codes::{Code, CodeFacts};

use crate::bounds::MAX_FINDINGS;
use crate::texts::{self, Message};
use crate::values::Finding;
use actix_web::http::StatusCode;
use serde_json::{Map, Value};
use std::fmt;

impl Code {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.facts().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A failure on its way to the caller.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Message,
    findings: Vec<Finding>,
    members: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
    cause: Option<String>,
    subject: Option<String>,
    from_database: bool,
}

/// The member of a problem that says that more places are wrong than it names.
pub const MORE_ERRORS: &str = "more_errors";

/// What functions of this crate return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this code; `detail` tells what was wrong this time and what to do.
    pub fn new(code: Code, detail: Message) -> Self {
        let mut headers = Vec::new();
        match code {
            Code::DatabaseUnavailable | Code::Overloaded | Code::Stopping => {
                headers.push(("Retry-After", "1".to_owned()))
            }
            Code::Reindexing | Code::NewerWriter => headers.push(("Retry-After", "5".to_owned())),
            _ => {}
        }
        Self(Box::new(Inner {
            code,
            detail,
            findings: Vec::new(),
            members: Map::new(),
            headers,
            cause: None,
            subject: None,
            from_database: false,
        }))
    }

    /// An error of the database itself: it says something of the connection, and of the other work beside this.
    #[must_use]
    pub fn from_database(mut self) -> Self {
        self.0.from_database = true;
        self
    }

    /// A fault of our own. `cause` is logged with the request id and never sent.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut error = Self::new(Code::Internal, texts::requests::fault_is_logged());
        error.0.cause = Some(cause.to_string());
        error
    }

    /// An error with the places that are wrong: the first [`MAX_FINDINGS`] of them, and where there are more, the member
    /// `more_errors`.
    pub fn with_findings(code: Code, mut findings: Vec<Finding>) -> Self {
        let has_more = findings.len() > MAX_FINDINGS;
        findings.truncate(MAX_FINDINGS);
        let detail = match findings.as_slice() {
            [only] => only.detail.clone(),
            _ if has_more => texts::requests::more_places_are_wrong(MAX_FINDINGS),
            several => texts::requests::places_are_wrong(several.len()),
        };
        let mut error = Self::new(code, detail);
        error.0.findings = findings;
        if has_more {
            error = error.with_member(MORE_ERRORS, true);
        }
        error
    }

    /// `Ok` when nothing was found, else 422 `invalid-document`.
    pub fn check(findings: Vec<Finding>) -> Result<()> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self::with_findings(Code::InvalidDocument, findings))
        }
    }

    /// The uniform answer for a record that is absent or hidden.
    pub fn record_not_found() -> Self {
        Self::new(Code::RecordNotFound, texts::access::no_record_you_see())
    }

    /// Adds an extension member to the problem.
    #[must_use]
    pub fn with_member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// Adds what is logged and never sent.
    #[must_use]
    pub fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Names the record that was refused, for the audit log; never sent. A 404 that has one is logged as a refusal, whether
    /// the record is hidden or absent: or the log, its numbers or its counters would tell which of the two it is.
    #[must_use]
    pub fn concerning(mut self, record_id: &str) -> Self {
        self.0.subject = Some(record_id.to_owned());
        self
    }

    /// The record, client or token that was refused.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Did the service refuse somebody something that exists, or may exist: a 403, or the 404 of a record?
    pub fn is_refusal(&self) -> bool {
        match self.0.code.facts().status {
            403 => true,
            404 => self.0.subject.is_some(),
            _ => false,
        }
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What was wrong this time.
    pub fn detail(&self) -> &Message {
        &self.0.detail
    }

    /// The places that are wrong.
    pub fn findings(&self) -> &[Finding] {
        &self.0.findings
    }

    /// Extension members of the problem.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0.members
    }

    /// Headers that the answer carries.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.0.headers
    }

    /// What is logged and never sent.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Did the database itself fail? Then the connection is not to be trusted any more.
    pub fn is_from_database(&self) -> bool {
        self.0.from_database
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.code.as_str(), self.0.detail.in_english())?;
        for finding in &self.0.findings {
            let place = finding.pointer.as_deref().or(finding.parameter.as_deref());
            write!(
                formatter,
                "\n  {}: {} ({})",
                place.unwrap_or(""),
                finding.detail.in_english(),
                finding.code
            )?;
            match &finding.suggestion {
                Some(suggestion) => write!(formatter, " Did you mean {suggestion}?")?,
                None if finding.allowed.is_empty() => {}
                None => write!(formatter, " Allowed: {}.", finding.allowed.join(", "))?,
            }
        }
        match &self.0.cause {
            Some(cause) => write!(formatter, " [{cause}]"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// The answer's status only: `http::edge` writes the body, which needs the request.
impl actix_web::ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }
}
