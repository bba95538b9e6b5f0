//! An HTTP client whose every answer is checked against the published document before a test sees it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};

use super::check::{Exchange, check};
use super::contract::Contract;
use super::journal::{self, Journal};

/// The largest answer that a test reads.
const LARGEST_ANSWER: u64 = 256 * 1024 * 1024;

/// A caller of one service, with the headers that it sends along. Cheap to copy; copies share their connections.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    address: SocketAddr,
    headers: Vec<(String, String)>,
    /// None: whoever asks very often, for whom checking every answer takes too long.
    contract: Option<Arc<Contract>>,
    /// Shared by all copies.
    journal: Journal,
}

/// A client library that reports what the server says: no redirect followed, no status turned into an error.
pub(super) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .new_agent()
}

impl Client {
    pub(super) fn new(address: SocketAddr, contract: Arc<Contract>) -> Client {
        Client {
            agent: agent(),
            address,
            headers: Vec::new(),
            contract: Some(contract),
            journal: journal::open(),
        }
    }

    /// A caller without credentials of the service that listens here, in whatever process.
    pub(crate) fn at(address: SocketAddr) -> Client {
        Client::new(address, Contract::served_at(address))
    }

    /// The same caller, whose answers are not held against the document: for matrices of thousands of requests, the
    /// like of which others send and check.
    pub(crate) fn unchecked(&self) -> Client {
        let mut client = self.clone();
        client.contract = None;
        client
    }

    /// The same caller, sending this header too (in place of one of that name that it sent before).
    pub(crate) fn header(&self, name: &str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.retain(|(kept, _)| !kept.eq_ignore_ascii_case(name));
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// GET. `path` is everything after the host: `/api/v1/offices?limit=5`.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.raw("GET", path, &[], b"")
    }

    /// DELETE without a body.
    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.raw("DELETE", path, &[], b"")
    }

    /// POST of a JSON body.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, "application/json", body)
    }

    /// PUT of a JSON body.
    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, "application/json", body)
    }

    /// PATCH with a merge patch (RFC 7396).
    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send("PATCH", path, "application/merge-patch+json", body)
    }

    /// POST of a form.
    #[track_caller]
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.raw("POST", path, &headers, encode_form(fields).as_bytes())
    }

    /// POST that must create: the record that the answer holds.
    #[track_caller]
    pub(crate) fn create(&self, path: &str, body: &Value) -> Value {
        self.post(path, body).expect(201).json()
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, media_type: &str, body: &Value) -> Reply {
        let named = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let headers = [("content-type", media_type)];
        let headers: &[(&str, &str)] = if named { &[] } else { &headers };
        self.raw(method, path, headers, body.to_string().as_bytes())
    }

    /// Any method with any bytes; `headers` come on top of the caller's own.
    #[track_caller]
    pub(crate) fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let method = Method::from_bytes(method.as_bytes()).expect("a method is a word");
        let mut request = Request::builder()
            .method(&method)
            .uri(format!("http://{}{path}", self.address));
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<(&str, &str)> = own.chain(headers.iter().copied()).collect();
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let carries_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
        let sent = body;
        let answer = if body.is_empty() && !carries_body {
            self.agent.run(request.body(()).expect("a valid request"))
        } else {
            self.agent.run(request.body(body).expect("a valid request"))
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let body = answer
            .body_mut()
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .unwrap_or_else(|error| panic!("{method} {path}: reading the body: {error}"));
        let reply = Reply {
            request: format!("{method} {path}"),
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: String::from_utf8_lossy(&body).into_owned(),
        };
        let tag = reply.header("etag");
        journal::note(&self.journal, &reply.request, &headers, sent, reply.status, tag, &body);
        let exchange = Exchange {
            method: method.as_str(),
            path: path.split(['?', '#']).next().unwrap_or(path),
            status: reply.status,
            headers: &reply.headers,
            body: &body,
        };
        if let Some(contract) = &self.contract
            && let Err(broken) = check(contract, &exchange)
        {
            panic!(
                "{} {} breaks the contract:\n{broken}\nbody: {}",
                reply.request,
                reply.status,
                reply.shown()
            );
        }
        reply
    }
}

/// Fields as a form has them.
pub(crate) fn encode_form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// An answer that keeps what the document promises.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Method and path, for messages.
    request: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// All headers.
    pub(crate) headers: HeaderMap,
    /// The body; bytes that are not UTF-8 are replaced.
    pub(crate) text: String,
}

impl Reply {
    /// Fails the test, showing the body, unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Reply {
        if self.status != status {
            panic!(
                "{} answered {} and not {status}: {}",
                self.request,
                self.status,
                self.shown()
            );
        }
        self
    }

    /// Fails the test unless this is an error with this `code`; gives the whole problem.
    #[track_caller]
    pub(crate) fn problem(self, code: &str) -> Value {
        if self.status < 400 {
            panic!(
                "{} answered {} and not a problem: {}",
                self.request,
                self.status,
                self.shown()
            );
        }
        let problem = self.json();
        if problem["code"] != code {
            panic!(
                "{} answered {} with another code than {code}: {}",
                self.request,
                self.status,
                self.shown()
            );
        }
        problem
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: no JSON body ({error}): {}", self.request, self.shown()))
    }

    /// A record of the answer as it stands beside others: with its tag as the member `etag`.
    #[track_caller]
    pub(crate) fn beside_others(&self) -> Value {
        let mut record = self.json();
        record["etag"] = Value::from(self.etag());
        record
    }

    /// A header's value, when it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body with a word in the place of the request id, which no two answers share.
    pub(crate) fn text_without_id(&self) -> String {
        match self.header("x-request-id") {
            Some(id) => self.text.replace(id, "<request>"),
            None => self.text.clone(),
        }
    }

    /// The entity tag, to be sent in `If-Match` or `If-None-Match`.
    #[track_caller]
    pub(crate) fn etag(&self) -> &str {
        self.header("etag")
            .unwrap_or_else(|| panic!("{} {} has no ETag", self.request, self.status))
    }

    /// The body for a message, cut where it is long.
    fn shown(&self) -> String {
        const LONGEST: usize = 4_000;
        match self.text.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{} … ({} bytes)", &self.text[..at], self.text.len()),
            None => self.text.clone(),
        }
    }
}
