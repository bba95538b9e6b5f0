//! The contract of an answer: what holds for every one, and what the published document promises for this one.

use serde_json::Value;
use ureq::http::HeaderMap;

use super::contract::{Contract, Found, PATH};

/// What the document does not describe: people's pages and the document itself. A path that ends in `/` stands for
/// all below it.
const NOT_IN_THE_DOCUMENT: &[&str] = &["/", "/docs", "/docs/", "/problems/", PATH];

/// The members of every problem (RFC 9457, and this service's `code` and `request_id`).
const PROBLEM_MEMBERS: &[&str] = &["type", "title", "status", "detail", "instance", "code", "request_id"];

/// A request and its answer, as far as the contract speaks of them.
pub(crate) struct Exchange<'a> {
    /// In capitals.
    pub(crate) method: &'a str,
    /// Without the query.
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Exchange<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type without its parameters.
    fn media_type(&self) -> Option<&str> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }

    /// Whether HTTP itself forbids a body here.
    fn has_no_body(&self) -> bool {
        self.method == "HEAD" || matches!(self.status, 204 | 304)
    }
}

/// Everything in which this answer breaks the contract, one line each.
pub(crate) fn check(contract: &Contract, exchange: &Exchange<'_>) -> Result<(), String> {
    let mut broken = Vec::new();
    check_always(exchange, &mut broken);
    let described = !NOT_IN_THE_DOCUMENT.iter().any(|path| {
        exchange.path == *path || (path.len() > 1 && path.ends_with('/') && exchange.path.starts_with(path))
    });
    if described {
        match contract.find(exchange.path) {
            Some(found) => check_operation(contract, exchange, &found, &mut broken),
            None if exchange.status < 400 => {
                broken.push("the document has no such path, yet it is answered".to_owned());
            }
            None => {}
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

/// What holds for every answer of the service, described or not.
fn check_always(exchange: &Exchange<'_>, broken: &mut Vec<String>) {
    if exchange.header("x-request-id").is_none_or(str::is_empty) {
        broken.push("X-Request-Id is missing".to_owned());
    }
    if exchange.has_no_body() && !exchange.body.is_empty() {
        broken.push("a body where HTTP allows none".to_owned());
    }
    // RFC 9110, 15.5.2 and 15.5.6: what a refusal has to tell.
    for (status, header) in [(401, "www-authenticate"), (405, "allow")] {
        if exchange.status == status && exchange.header(header).is_none() {
            broken.push(format!("{status} without {header}"));
        }
    }
    if exchange.status < 400 {
        return;
    }
    if exchange.media_type() != Some("application/problem+json") {
        let sent = exchange.media_type();
        broken.push(format!("an error that is not application/problem+json but {sent:?}"));
        return;
    }
    if exchange.method == "HEAD" {
        return;
    }
    let problem: Value = serde_json::from_slice(exchange.body).unwrap_or_default();
    for member in PROBLEM_MEMBERS {
        if problem[*member].is_null() {
            broken.push(format!("the problem has no \"{member}\""));
        }
    }
    if problem["status"] != exchange.status {
        broken.push(format!("the problem says status {}", problem["status"]));
    }
    if problem["request_id"].as_str() != exchange.header("x-request-id") {
        broken.push("the problem's request_id is not X-Request-Id".to_owned());
    }
}

/// What the document promises for the path that the request met.
fn check_operation(contract: &Contract, exchange: &Exchange<'_>, found: &Found<'_>, broken: &mut Vec<String>) {
    // HEAD is GET without the body (RFC 9110, 9.3.2), and no document lists it beside GET.
    let method = match exchange.method {
        "HEAD" => "get".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    let Some(operation) = found.item.get(&method) else {
        check_undescribed_method(exchange, broken);
        return;
    };
    let name = format!("{} {}", exchange.method, found.template);
    let Some(answer) = documented(&operation["responses"], exchange.status) else {
        broken.push(format!("{name} does not document status {}", exchange.status));
        return;
    };
    let answer = contract.resolve(answer);
    check_headers(contract, exchange, answer, broken);
    check_body(contract, exchange, answer, broken);
}

/// A method that the document does not list is OPTIONS, or refused.
fn check_undescribed_method(exchange: &Exchange<'_>, broken: &mut Vec<String>) {
    let preflight = exchange.header("access-control-allow-methods").is_some();
    if exchange.method == "OPTIONS" {
        if exchange.status < 400 && exchange.header("allow").is_none() && !preflight {
            broken.push("OPTIONS tells neither Allow nor Access-Control-Allow-Methods".to_owned());
        }
    } else if exchange.status < 400 {
        broken.push("the document has no such method here, yet it is answered".to_owned());
    }
}

/// The documented answer for a status: that very status, or its range such as `4XX`. `default` describes nothing.
fn documented(answers: &Value, status: u16) -> Option<&Value> {
    let range = format!("{}XX", status / 100);
    answers.get(status.to_string()).or_else(|| answers.get(range))
}

/// A documented header that is `required` must be there.
fn check_headers(contract: &Contract, exchange: &Exchange<'_>, answer: &Value, broken: &mut Vec<String>) {
    for (name, header) in answer["headers"].as_object().into_iter().flatten() {
        if contract.resolve(header)["required"] == true && exchange.header(name).is_none() {
            broken.push(format!("the required header {name} is missing"));
        }
    }
}

/// The media type is documented, and a JSON body is valid against its schema.
fn check_body(contract: &Contract, exchange: &Exchange<'_>, answer: &Value, broken: &mut Vec<String>) {
    let content = answer["content"].as_object().filter(|kinds| !kinds.is_empty());
    let Some(content) = content else {
        if !exchange.body.is_empty() {
            broken.push(format!("the document has no body for {}", exchange.status));
        }
        return;
    };
    if matches!(exchange.status, 204 | 304) {
        return;
    }
    let media_type = exchange.media_type().unwrap_or_default();
    let Some(described) = content.get(media_type) else {
        broken.push(format!("the document does not have the media type {media_type:?} here"));
        return;
    };
    let is_json = media_type == "application/json" || media_type.ends_with("+json");
    if exchange.method == "HEAD" || !is_json || described["schema"].is_null() {
        return;
    }
    match serde_json::from_slice(exchange.body) {
        Ok(body) => broken.extend(contract.errors(&described["schema"], &body)),
        Err(error) => broken.push(format!("the body is not JSON: {error}")),
    }
}
