//! What a handler gets: a request that has been authorised, then read, in this order.

use crate::auth::limits::Quota;
use crate::auth::{AuthService, Authorized, RequestContext, ScopeMarker};
use crate::bounds::MAX_DEPTH;
use crate::error::{Code, Error, Result};
use crate::http::edge::{Trace, trace_of};
use crate::http::form::Form;
use crate::http::headers::{check_headers, find_header};
use crate::http::operation::{BodySpec, Operation, Operations};
use crate::http::query::Query;
use crate::http::stopping::StopSwitch;
use crate::http::work::work_on_body;
use crate::json::reader::{Excess, JsonFault, Limits, parse_strict};
use crate::texts::{self, Message};
use crate::values::{Finding, FindingCode};
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use serde_json::Value;
use std::borrow::Cow;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

/// The whole body must arrive within this time.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// The parts of a request that handlers look at.
pub struct Request {
    http: HttpRequest,
    /// The decoded query; only parameters that the operation takes.
    pub query: Query,
    /// The body, empty where the operation takes none.
    pub body: Bytes,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The request id, as in the answer and the log.
    pub id: String,
}

impl Request {
    /// A parameter of the path, decoded. U+FFFD stands where it was not UTF-8.
    pub fn path(&self, name: &str) -> String {
        decode_rest(self.http.match_info().get(name).unwrap_or(""))
    }

    /// The path as it was sent.
    pub fn path_text(&self) -> &str {
        self.http.path()
    }

    /// Is this a POST, which is repeated by `Idempotency-Key`?
    pub fn is_post(&self) -> bool {
        self.http.method() == actix_web::http::Method::POST
    }

    /// A header that is a list, of all its lines.
    pub fn list_header(&self, name: &str) -> Option<Cow<'_, str>> {
        find_header(self.http.headers(), name)
    }

    /// A header that takes one value. Those that the operation declares have been checked to be readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.http.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// What is left of the caller's quota; none where there is no limit.
    pub fn quota(&self) -> Option<Quota> {
        trace_of(&self.http).authenticated.get()?.quota
    }

    /// Something that the application shares, by its type.
    pub fn shared<T: 'static + ?Sized>(&self) -> Result<&T> {
        self.http
            .app_data::<Data<T>>()
            .map(|data| &***data)
            .ok_or_else(|| Error::internal("something shared is missing from the application"))
    }

    /// The same, to keep.
    pub fn share<T: 'static + ?Sized>(&self) -> Result<Arc<T>> {
        self.http
            .app_data::<Data<T>>()
            .map(|data| Data::clone(data).into_inner())
            .ok_or_else(|| Error::internal("something shared is missing from the application"))
    }

    /// The body as a form.
    pub fn form(&self) -> Result<Form> {
        Form::parse(&self.body)
    }

    /// The request as authentication sees it, for operations that take the credential from elsewhere than a bearer
    /// header. Strict: the database must confirm a credential that came in the body.
    pub fn context(&self) -> RequestContext {
        RequestContext {
            is_strict: true,
            ..read_context(&self.http, &self.operation, &trace_of(&self.http))
        }
    }

    /// What `work` makes of the body as JSON: strict UTF-8, no duplicate members, bounded depth and size. See
    /// [`work`](crate::http::work) for where it runs.
    pub async fn work_on_json<T: Send + 'static>(
        &self,
        work: impl FnOnce(Value) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let body = self.body.clone();
        work_on_body(body.len(), move || work(parse_json(&body)?)).await
    }
}

fn parse_json(body: &[u8]) -> Result<Value> {
    parse_strict(body, Limits::OF_BODIES).map_err(describe_faults)
}

/// The router decodes a path before it is matched, all but `%`, `/` and `+`, which would change what is matched. In a
/// value they are as good as any other character.
fn decode_rest(segment: &str) -> String {
    let mut decoded = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        let (character, taken) = match after.get(..2) {
            Some("25") => ('%', 2),
            Some("2F" | "2f") => ('/', 2),
            Some("2B" | "2b") => ('+', 2),
            _ => ('%', 0),
        };
        decoded.push(character);
        rest = after.get(taken..).unwrap_or("");
    }
    decoded + rest
}

/// A request behind the guard of `S`.
pub struct Call<S> {
    /// The way to the database.
    pub auth: Authorized<S>,
    /// The request.
    pub request: Request,
}

/// A request that needs no token.
pub struct OpenCall {
    /// The request.
    pub request: Request,
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl<S: ScopeMarker> FromRequest for Call<S> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let http = http.clone();
        let payload = payload.take();
        Box::pin(async move {
            let (operation, trace) = start(&http)?;
            let auth_service = http
                .app_data::<Data<AuthService>>()
                .ok_or_else(|| Error::internal("the application has no database"))?;
            let auth = Authorized::<S>::open(auth_service, read_context(&http, &operation, &trace)).await?;
            match read_request(http, payload, operation, trace.id.clone()).await {
                Ok(request) => Ok(Self { auth, request }),
                Err(error) => auth.conclude(Err(error)).await,
            }
        })
    }
}

impl FromRequest for OpenCall {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let http = http.clone();
        let payload = payload.take();
        Box::pin(async move {
            let (operation, trace) = start(&http)?;
            let request = read_request(http, payload, operation, trace.id.clone()).await?;
            Ok(Self { request })
        })
    }
}

fn read_context(http: &HttpRequest, operation: &Operation, trace: &Trace) -> RequestContext {
    let authorization = http.headers().get(AUTHORIZATION);
    RequestContext {
        authorization: authorization.map(|value| value.to_str().unwrap_or("").to_owned()),
        address: trace.address,
        request_id: trace.id.clone(),
        operation: operation.id.clone(),
        is_strict: !http.method().is_safe(),
        authenticated: trace.authenticated.clone(),
    }
}

fn start(http: &HttpRequest) -> Result<(Arc<Operation>, Arc<Trace>)> {
    let operation = http
        .app_data::<Data<Operations>>()
        .ok_or_else(|| Error::internal("the application has no operations"))?
        .find(http)?;
    let trace = trace_of(http);
    trace.set_operation(&operation);
    Ok((operation, trace))
}

async fn read_request(http: HttpRequest, payload: Payload, operation: Arc<Operation>, id: String) -> Result<Request> {
    let query = Query::parse(http.query_string());
    query.check(&operation.query_names)?;
    check_headers(http.headers(), &operation.header_names)?;
    let body = match &operation.body {
        Some(spec) => {
            check_media_type(&http, spec)?;
            let switch = http.app_data::<Data<StopSwitch>>();
            let reading = tokio::time::timeout(BODY_DEADLINE, read_body(payload, spec.limit));
            unless_stopped(switch.map(|switch| switch.get_ref()), reading)
                .await?
                .map_err(|_| Error::new(Code::RequestTimeout, texts::requests::body_too_slow()))??
        }
        None => Bytes::new(),
    };
    Ok(Request {
        http,
        query,
        body,
        operation,
        id,
    })
}

/// A body that is still coming when the service is stopped is not waited for: nothing of it was done.
async fn unless_stopped<T>(switch: Option<&StopSwitch>, reading: impl Future<Output = T>) -> Result<T> {
    let Some(switch) = switch else {
        return Ok(reading.await);
    };
    match select(pin!(reading), pin!(switch.stopped())).await {
        Either::Left((read, _)) => Ok(read),
        Either::Right(_) => Err(switch.refuse()),
    }
}

fn check_media_type(http: &HttpRequest, spec: &BodySpec) -> Result<()> {
    let header = |name| http.headers().get(name).and_then(|value| value.to_str().ok());
    let refuse = |detail: Message| {
        let accepted = spec.media_types.join(", ");
        let name = if http.method() == actix_web::http::Method::PATCH {
            "Accept-Patch"
        } else {
            "Accept-Post"
        };
        Err(Error::new(Code::UnsupportedMediaType, detail).with_header(name, accepted))
    };
    if let Some(encoding) = header(CONTENT_ENCODING)
        && !encoding.eq_ignore_ascii_case("identity")
    {
        return refuse(texts::requests::body_encoded(encoding));
    }
    let sent = header(CONTENT_TYPE).unwrap_or("");
    let media_type = sent.split(';').next().unwrap_or("").trim();
    if spec
        .media_types
        .iter()
        .any(|accepted| media_type.eq_ignore_ascii_case(accepted))
    {
        return Ok(());
    }
    refuse(texts::requests::wrong_media_type(sent, spec.media_types.join(" or ")))
}

async fn read_body(mut payload: Payload, limit: usize) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|error| Error::new(Code::MalformedRequest, texts::requests::body_broke_off(error)))?;
        if body.len() + part.len() > limit {
            return Err(
                Error::new(Code::BodyTooLarge, texts::requests::body_too_large(limit)).with_member("limit", limit)
            );
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// All faults of a body as one problem; the gravest kind names it.
pub fn describe_faults(faults: Vec<JsonFault>) -> Error {
    let mut findings = Vec::new();
    let mut code = Code::InvalidText;
    for fault in faults {
        let (of_fault, finding) = match fault {
            JsonFault::Malformed { detail, line, column } => {
                return Error::new(Code::MalformedJson, texts::requests::not_json_at(line, column, detail));
            }
            JsonFault::TooLarge { pointer, excess, limit } => return too_large(pointer, excess, limit),
            JsonFault::NotUtf8 => return Error::new(Code::MalformedJson, texts::requests::not_utf8()),
            JsonFault::TooDeep { pointer } => (
                Code::TooDeep,
                Finding::at(pointer, FindingCode::TooDeep, texts::requests::too_deep(MAX_DEPTH)),
            ),
            JsonFault::DuplicateMember { pointer } => (
                Code::DuplicateMember,
                Finding::at(
                    pointer,
                    FindingCode::DuplicateMember,
                    texts::requests::member_given_twice(),
                ),
            ),
            JsonFault::ForbiddenText { pointer } => (
                Code::InvalidText,
                Finding::at(pointer, FindingCode::InvalidText, texts::schema::forbidden_text()),
            ),
        };
        if code == Code::InvalidText {
            code = of_fault;
        }
        findings.push(finding);
    }
    Error::with_findings(code, findings)
}

/// Nothing else is told of such a body: it was read up to here only.
fn too_large(pointer: String, excess: Excess, limit: usize) -> Error {
    let (code, detail) = match excess {
        Excess::Members => (FindingCode::TooMany, texts::requests::too_many_members(limit)),
        Excess::Values => (FindingCode::TooMany, texts::requests::too_many_values(limit)),
        Excess::Name => (FindingCode::TooLong, texts::requests::name_too_long(limit)),
    };
    let finding = Finding::at(pointer, code, detail).with_param("limit", limit);
    Error::with_findings(Code::TooManyMembers, vec![finding])
}

#[cfg(test)]
mod tests {
    use super::decode_rest;

    #[test]
    fn what_the_router_leaves_is_decoded_once() {
        for (sent, meant) in [
            ("plain", "plain"),
            ("a%2Fb%2fc", "a/b/c"),
            ("a%2Bb", "a+b"),
            ("100%25", "100%"),
            ("%252F", "%2F"),
            ("%", "%"),
            ("%서울", "%서울"),
            ("서울%2F1", "서울/1"),
        ] {
            assert_eq!(decode_rest(sent), meant, "{sent}");
        }
    }
}
