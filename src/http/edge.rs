//! The edge of the service: request ids, one log line per request, and every failure as problem+json (RFC 9457).

use crate::auth::AuthenticatedCaller;
use crate::auth::limits::Quota;
use crate::bounds::MAX_REFUSAL;
use crate::clock;
use crate::error::{Code, Error, MORE_ERRORS};
use crate::http::address::find_address;
use crate::http::headers::find_header;
use crate::http::negotiation::choose_language;
use crate::http::operation::Operation;
use crate::http::stopping::StopSwitch;
use crate::texts::{self, Language, Message};
use crate::values::Finding;
use crate::values::finding::TranslatedFinding;
use crate::values::id::new_id;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use utoipa::ToSchema;

/// The longest path and query.
const LONGEST_URI: usize = 8 * 1024;
/// The largest headers, names and values together. (What is larger than its own buffer, 128 KiB, the server refuses
/// before any of this is asked.)
const LARGEST_HEADERS: usize = 32 * 1024;

/// What a problem has beside the places that are wrong: the path, a sentence, lists of scopes.
const ROOM_BESIDE_ERRORS: usize = 32 * 1024;

/// This long before a token ends, every answer says so.
const EXPIRY_WARNING: TimeDelta = TimeDelta::days(30);

/// How clients reach this service, without a slash at the end.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub String);

/// The data of the log line of a request.
#[derive(Debug)]
pub struct Trace {
    /// The request id, always of this service: what audit rows and the log can be searched by is not for callers to choose.
    pub id: String,
    /// The caller's own, where it is safe to repeat: it stands beside ours in the answer and in the log.
    pub callers_id: Option<String>,
    /// Where the request comes from, see [`find_address`].
    pub address: IpAddr,
    /// Set to the authenticated caller; feeds the access log and the rate-limit headers.
    pub authenticated: Arc<OnceLock<AuthenticatedCaller>>,
    operation: OnceLock<String>,
}

impl Trace {
    fn new(request: &ServiceRequest) -> Self {
        let sent = request
            .headers()
            .get("X-Request-Id")
            .and_then(|value| value.to_str().ok())
            .filter(|id| {
                (1..=128).contains(&id.len())
                    && id
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
            });
        Self {
            id: new_id("req"),
            callers_id: sent.map(str::to_owned),
            address: find_address(request.request()),
            authenticated: Arc::default(),
            operation: OnceLock::new(),
        }
    }

    /// Which operation serves the request.
    pub fn set_operation(&self, operation: &Operation) {
        self.operation.get_or_init(|| operation.id.clone());
    }
}

/// The trace of a request.
pub fn trace_of(request: &HttpRequest) -> Arc<Trace> {
    request.extensions().get::<Arc<Trace>>().cloned().unwrap_or_else(|| {
        Arc::new(Trace {
            id: new_id("req"),
            callers_id: None,
            address: find_address(request),
            authenticated: Arc::default(),
            operation: OnceLock::new(),
        })
    })
}

/// The data of a request that a problem needs, taken before the request is handed on: actix must be its only owner.
#[derive(Debug, Clone)]
struct Scene {
    path: String,
    trace: Arc<Trace>,
    base: Option<Data<PublicUrl>>,
    language: Language,
}

impl Scene {
    fn of(request: &HttpRequest) -> Self {
        Self {
            path: request.path().to_owned(),
            trace: trace_of(request),
            base: request.app_data::<Data<PublicUrl>>().cloned(),
            language: choose_language(find_header(request.headers(), "Accept-Language").as_deref()),
        }
    }
}

/// An error raised outside the handler (a panic, a failed layer), with the request data needed to render a problem.
#[derive(Debug)]
struct Lost {
    error: Error,
    scene: Scene,
}

impl fmt::Display for Lost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, formatter)
    }
}

impl actix_web::ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.error.code().status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = problem_response(&self.scene, &self.error);
        tell_ids(&self.scene.trace, response.headers_mut());
        response
    }
}

/// The outermost layer: gives the request its id, logs it, and turns what other layers refused into problems.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let trace = Arc::new(Trace::new(&request));
    request.extensions_mut().insert(trace.clone());
    let result = next.call(request).await.map(|response| {
        let mut response = explain(response.map_into_boxed_body());
        tell_ids(&trace, response.headers_mut());
        if let Some(authenticated) = trace.authenticated.get() {
            tell_of_token(authenticated, response.headers_mut());
        }
        if is_stopping(response.request()) {
            response
                .response_mut()
                .head_mut()
                .set_connection_type(ConnectionType::Close);
        }
        response
    });
    let status = match &result {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    log::info!(
        target: "eduaccord::request",
        "{} {} {} {} {:.1}ms {} {}",
        trace.id,
        trace.address,
        trace.operation.get().map_or("-", String::as_str),
        status.as_u16(),
        started.elapsed().as_secs_f64() * 1000.0,
        trace.authenticated.get().map_or("-", |authenticated| authenticated.caller.client_id.as_str()),
        trace.callers_id.as_deref().unwrap_or("-"),
    );
    result
}

/// Our request id, and beside it the caller's own.
fn tell_ids(trace: &Trace, headers: &mut HeaderMap) {
    let ids = [
        ("x-request-id", Some(&trace.id)),
        ("x-caller-request-id", trace.callers_id.as_ref()),
    ];
    for (name, id) in ids {
        if let Some(Ok(id)) = id.map(|id| HeaderValue::from_str(id)) {
            headers.insert(HeaderName::from_static(name), id);
        }
    }
}

/// Is the service being stopped? Then the answer is the last one on its connection.
fn is_stopping(request: &HttpRequest) -> bool {
    let switch = request.app_data::<Data<StopSwitch>>();
    switch.is_some_and(|switch| switch.is_stopping())
}

/// What is left of the token's quota, and of its secret's life where that ends within 30 days. Access tokens are asked
/// for again every few minutes: no word of their end.
fn tell_of_token(authenticated: &AuthenticatedCaller, headers: &mut HeaderMap) {
    let mut insert = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    for (name, value) in authenticated.quota.map(Quota::headers).into_iter().flatten() {
        insert(name, value);
    }
    if let Some(end) = authenticated.caller.secret_expires_at
        && end - clock::now() <= EXPIRY_WARNING
    {
        insert("x-token-expires", clock::format_instant(end));
    }
}

/// The innermost layer: an error of a handler becomes its problem, a panic one 500. Inside CORS, so that browsers may
/// read them.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let scene = Scene::of(request.request());
    if request
        .uri()
        .path_and_query()
        .is_some_and(|uri| uri.as_str().len() > LONGEST_URI)
    {
        let error = Error::new(Code::UriTooLong, texts::requests::uri_too_long());
        let response = problem_response(&scene, &error);
        return Ok(request.into_response(response));
    }
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers > LARGEST_HEADERS {
        let error = Error::new(Code::HeadersTooLarge, texts::requests::headers_too_large());
        let response = problem_response(&scene, &error);
        return Ok(request.into_response(response));
    }
    let switch = request.app_data::<Data<StopSwitch>>().cloned();
    if let Some(switch) = switch.as_ref().filter(|switch| switch.is_stopping()) {
        let response = problem_response(&scene, &switch.refuse());
        return Ok(request.into_response(response));
    }
    let is_read = request.method().is_safe();
    let handling = AssertUnwindSafe(next.call(request)).catch_unwind();
    let handled = match switch.filter(|_| is_read) {
        None => handling.await,
        // What a change came to must be told; a read is given up where it takes longer than a stop may.
        Some(switch) => match select(pin!(handling), pin!(switch.reads_end())).await {
            Either::Left((handled, _)) => handled,
            Either::Right(_) => {
                return Err(Lost {
                    error: switch.refuse(),
                    scene,
                }
                .into());
            }
        },
    };
    let error = match handled {
        Ok(Ok(response)) => {
            let mut response = explain(response.map_into_boxed_body());
            add_common_headers(&mut response);
            return Ok(response);
        }
        Ok(Err(error)) => from_status(error.as_response_error().status_code()).with_cause(error),
        Err(_panic) => Error::internal("a handler panicked"),
    };
    Err(Lost { error, scene }.into())
}

fn add_common_headers(response: &mut ServiceResponse<BoxBody>) {
    let headers = response.headers_mut();
    if !headers.contains_key("cache-control") {
        headers.insert(
            HeaderName::from_static("cache-control"),
            HeaderValue::from_static("private, no-cache"),
        );
    }
    headers.insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
}

/// Gives every failure its problem body: our own errors with all they know, those of the framework by their status.
fn explain(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes().starts_with(b"application/problem+json"));
    if status.as_u16() < 400 || is_problem {
        return response;
    }
    let scene = Scene::of(response.request());
    let replacement = match response.response().error().and_then(|error| error.as_error::<Error>()) {
        Some(error) => problem_response(&scene, error),
        None => problem_response(&scene, &from_status(status)),
    };
    response.into_response(replacement)
}

fn from_status(status: StatusCode) -> Error {
    let code = match status.as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::RequestTimeout,
        413 => Code::BodyTooLarge,
        414 => Code::UriTooLong,
        415 => Code::UnsupportedMediaType,
        431 => Code::HeadersTooLarge,
        400..=499 => Code::MalformedRequest,
        _ => Code::Internal,
    };
    Error::new(code, Message::cause_of(code))
}

/// A failure (RFC 9457). `type` is a page with cause, example and fix; `code` never changes. Some codes add members of
/// their own.
#[derive(Serialize, ToSchema)]
pub struct Problem<'a> {
    /// The page of this code.
    #[schema(format = "uri-reference")]
    r#type: String,
    title: &'static str,
    status: u16,
    /// What was wrong this time and what to do.
    detail: String,
    /// The path that was called.
    instance: &'a str,
    /// The stable code.
    code: &'static str,
    /// As in the header X-Request-Id and in the service's log.
    request_id: &'a str,
    /// Every place that is wrong, all at once; up to 100. Where there are more, `more_errors` is true.
    #[schema(value_type = Vec<Finding>)]
    errors: Vec<TranslatedFinding<'a>>,
    #[serde(flatten)]
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    members: Cow<'a, Map<String, Value>>,
}

fn problem_response(scene: &Scene, error: &Error) -> HttpResponse {
    let (facts, language) = (error.code().facts(), scene.language);
    if facts.status >= 500 {
        log::error!("{} {}", scene.trace.id, error);
    }
    let body = problem_body(scene, error);
    let mut response = HttpResponse::build(error.code().status());
    for (name, value) in error.headers() {
        response.insert_header((*name, value.as_str()));
    }
    response
        .insert_header((CONTENT_TYPE, "application/problem+json"))
        .insert_header(("Content-Language", language.tag()))
        .append_header(("Vary", "Accept-Language"))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .body(body)
}

/// The problem as JSON. Places that are wrong are left out from the end where they make it longer than [`MAX_REFUSAL`]:
/// what was sent is repeated in them, and could be long.
fn problem_body(scene: &Scene, error: &Error) -> String {
    let (facts, language) = (error.code().facts(), scene.language);
    let base = scene.base.as_ref().map_or("", |url| url.0.as_str());
    let mut problem = Problem {
        r#type: format!("{base}/problems/{}", facts.code),
        title: error.code().texts(language).title,
        status: facts.status,
        detail: error.detail().render(language),
        instance: &scene.path,
        code: facts.code,
        request_id: &scene.trace.id,
        errors: error
            .findings()
            .iter()
            .map(|finding| finding.translated(language))
            .collect(),
        members: Cow::Borrowed(error.members()),
    };
    let size = |value: &TranslatedFinding<'_>| serde_json::to_string(value).map_or(0, |text| text.len() + 1);
    let of_errors: usize = problem.errors.iter().map(size).sum();
    let mut left = MAX_REFUSAL.saturating_sub(ROOM_BESIDE_ERRORS);
    if of_errors > left {
        let fitting = problem.errors.iter().take_while(|finding| {
            let rest = left.checked_sub(size(finding));
            left = rest.unwrap_or(0);
            rest.is_some()
        });
        let fitting = fitting.count();
        problem.errors.truncate(fitting);
        problem.members.to_mut().insert(MORE_ERRORS.to_owned(), true.into());
    }
    serde_json::to_string(&problem).unwrap_or_default()
}
