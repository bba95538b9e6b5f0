//! Successful answers: one type from the handler to the wire, which can also be stored and repeated.

use crate::error::{Error, Result};
use crate::http::coding::negotiate_coding;
use crate::http::headers::find_header;
use crate::http::tag::find_unmodified;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use std::fmt;

/// An answer below 400.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for 204.
    pub body: String,
    /// The token whose secret the body shows, this once: such an answer is never stored, logged or cached.
    pub secret_of: Option<String>,
}

/// Without the body, which may hold a secret.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("bytes", &self.body.len())
            .finish()
    }
}

impl Answer {
    /// A JSON body that is ready.
    pub fn json(status: u16, body: String) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body,
            secret_of: None,
        }
    }

    /// 200 with this value as JSON.
    pub fn of(value: &impl Serialize) -> Result<Self> {
        serde_json::to_string(value)
            .map(|body| Self::json(200, body))
            .map_err(Error::internal)
    }

    /// 200 with a body of another media type.
    pub fn text(media_type: &str, body: String) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body,
            secret_of: None,
        }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: String::new(),
            secret_of: None,
        }
    }

    /// Marks an answer that shows the secret of this token: neither caches nor the idempotency store may keep it.
    #[must_use]
    pub fn showing_secret_of(mut self, token_id: &str) -> Self {
        self.secret_of = Some(token_id.to_owned());
        self.header("Cache-Control", "no-store")
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The value of a header.
    pub fn find_header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The response; 304 without a body where the request's `If-None-Match` names the answer's tag.
    pub fn into_response(self, request: &HttpRequest) -> HttpResponse {
        let known = find_header(request.headers(), IF_NONE_MATCH.as_str());
        let confirmed = self
            .find_header(ETAG.as_str())
            .filter(|_| request.method().is_safe())
            .and_then(|tag| find_unmodified(known.as_deref(), tag, negotiate_coding(request)));
        let unmodified = confirmed.is_some();
        let status = if unmodified {
            StatusCode::NOT_MODIFIED
        } else {
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        };
        let mut response = HttpResponse::build(status);
        for (name, value) in self.headers {
            if !(unmodified && name.eq_ignore_ascii_case(CONTENT_TYPE.as_str())) {
                response.insert_header((name, value));
            }
        }
        if let Some(tag) = confirmed {
            response.insert_header((ETAG, tag));
        }
        if unmodified || self.status == 204 {
            response.finish()
        } else {
            response.body(self.body)
        }
    }
}
