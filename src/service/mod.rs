//! The operations of the service itself: who you are, codes, health, the API document, the pages of problems.

mod me;
mod problems;

use crate::auth::AuthService;
use crate::documents::derivation::require_reached;
use crate::error::{Code, Error, Result};
use crate::http::endpoint::SERVICE as TAG;
use crate::http::{Answer, Endpoint, OpenCall, Parameter};
use crate::schema::component::word_of;
use crate::values::codes;
use actix_web::http::Method;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// What readiness asks.
#[derive(Clone)]
pub struct Readiness {
    /// The way to the database.
    pub auth_service: AuthService,
    /// `sqlite` or `postgres`.
    pub backend: &'static str,
}

/// The API document as it is served.
#[derive(Debug, Clone)]
pub struct ApiDocument {
    /// JSON text.
    pub text: String,
    /// Its entity tag.
    pub tag: String,
}

/// All operations of the service itself.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/me", "getMe", me::get_me)
            .describe(
                TAG,
                "Read who is calling",
                "The client behind the token, its office, its scopes, its end, the networks that it may call from and the address that it does call from; the server's clock, and how far yours is from it where the request has a `Date` header.",
            )
            .answers::<me::Me>(200, "The caller."),
        Endpoint::open(Method::GET, "/api/v1/codes", "listCodes", list_codes)
            .tagged()
            .describe(
                TAG,
                "List the code lists",
                "Kinds, roles, purposes, stages and every other code, with labels in Korean, Mongolian and English.",
            )
            .answers::<CodeLists>(200, "All lists of codes."),
        Endpoint::open(Method::GET, "/api/openapi.json", "getApiDocument", get_api_document)
            .tagged()
            .describe(
                TAG,
                "Read the OpenAPI document",
                "The API document (OpenAPI 3.1), generated from what is served.",
            )
            .answers_with(200, "The API document.", Some("application/json")),
        Endpoint::open(Method::GET, "/healthz", "getHealth", get_health)
            .describe(TAG, "Check that the process is alive", "Asks nothing of the database.")
            .answers::<Health>(200, "It is."),
        Endpoint::open(Method::GET, "/readyz", "getReadiness", get_readiness)
            .describe(TAG, "Check that the service can answer", "Asks the database, and whether the indexes are up to date: after an upgrade lists are answered 503 until they are.")
            .answers::<Ready>(200, "It can.")
            .problems(&[Code::DatabaseUnavailable, Code::Reindexing]),
        Endpoint::open(Method::GET, "/version", "getVersion", get_version)
            .describe(TAG, "Read the version", "Name and version.")
            .answers::<Version>(200, "Name and version."),
        Endpoint::open(Method::GET, "/problems", "listProblems", problems::list_problems)
            .tagged()
            .describe(
                TAG,
                "List the problem types",
                "Every code that a problem can have, and every code of one wrong place (`errors[].code`).",
            )
            .answers_in::<problems::ProblemList>(200, "A page for people, or JSON, as `Accept` asks.", problems::FORMS),
        Endpoint::open(Method::GET, "/problems/{code}", "getProblem", problems::get_problem)
            .tagged()
            .describe(
                TAG,
                "Read a problem type",
                "The page that a problem's `type` opens: cause, example and fix; and the same for codes of one wrong place.",
            )
            .parameter(Parameter::path(
                "code",
                json!({"type": "string", "examples": ["not-found"]}),
                "The code of a problem, or of one wrong place.",
            ))
            .answers_in::<problems::ProblemPage>(200, "A page for people, or JSON, as `Accept` asks.", problems::FORMS),
    ]
}

/// All lists of codes by name.
#[derive(Serialize, ToSchema)]
struct CodeLists(BTreeMap<&'static str, PublishedList>);

/// One list of codes.
#[derive(Serialize, ToSchema)]
#[schema(as = CodeList)]
struct PublishedList {
    description: &'static str,
    #[schema(value_type = Vec<codes::Code>)]
    codes: &'static [codes::Code],
}

async fn list_codes(_call: OpenCall) -> Result<Answer> {
    let lists = codes::code_lists().iter().map(|list| {
        let published = PublishedList {
            description: list.description,
            codes: list.codes,
        };
        (list.name, published)
    });
    let body = serde_json::to_string(&CodeLists(lists.collect())).map_err(Error::internal)?;
    let tag = crate::http::tag::body_tag(None, &body);
    Ok(Answer::json(200, body)
        .header("ETag", tag)
        .header("Cache-Control", "public, max-age=300"))
}

async fn get_api_document(call: OpenCall) -> Result<Answer> {
    let document = call.request.shared::<ApiDocument>()?;
    Ok(Answer::json(200, document.text.clone())
        .header("ETag", document.tag.clone())
        .header("Cache-Control", "public, max-age=300"))
}

/// The process runs.
#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(schema_with = ok)]
    status: &'static str,
}

fn ok() -> RefOr<Schema> {
    word_of(["ok"])
}

async fn get_health(_call: OpenCall) -> Result<Answer> {
    Answer::of(&Health { status: "ok" })
}

/// The service can answer.
#[derive(Serialize, ToSchema)]
#[schema(as = Readiness)]
struct Ready {
    #[schema(schema_with = ready)]
    status: &'static str,
    #[schema(schema_with = backends)]
    database: &'static str,
}

fn ready() -> RefOr<Schema> {
    word_of(["ready"])
}

fn backends() -> RefOr<Schema> {
    word_of(["sqlite", "postgres"])
}

async fn get_readiness(call: OpenCall) -> Result<Answer> {
    let readiness = call.request.share::<Readiness>()?;
    require_reached(readiness.auth_service.ping().await?)?;
    Answer::of(&Ready {
        status: "ready",
        database: readiness.backend,
    })
}

/// What runs here.
#[derive(Serialize, ToSchema)]
struct Version {
    name: &'static str,
    version: &'static str,
    api: &'static str,
}

async fn get_version(_call: OpenCall) -> Result<Answer> {
    Answer::of(&Version {
        name: "eduaccord",
        version: env!("CARGO_PKG_VERSION"),
        api: "v1",
    })
}
