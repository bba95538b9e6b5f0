//! The operations of the service itself: who you are, codes, health, the API document, the pages of problems.

mod me;
mod problems;

use crate::auth::AuthService;
use crate::documents::derivation::require_reached;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Endpoint, OpenCall, Parameter};
use crate::openapi::component_schemas;
use crate::values::codes::code_lists;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

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

const TAG: &str = "Service";

/// The components of answers that are described beside their types.
pub fn schemas() -> Result<Map<String, Value>> {
    let mut schemas = component_schemas::<problems::ProblemList>()?;
    schemas.extend(component_schemas::<problems::ProblemPage>()?);
    Ok(schemas)
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
            .answers(200, "The caller.", "Me"),
        Endpoint::open(Method::GET, "/api/v1/codes", "listCodes", list_codes)
            .tagged()
            .describe(
                TAG,
                "List the code lists",
                "Kinds, roles, purposes, stages and every other code, with labels in Korean, Mongolian and English.",
            )
            .answers(200, "All lists of codes.", "CodeLists"),
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
            .answers(200, "It is.", "Health"),
        Endpoint::open(Method::GET, "/readyz", "getReadiness", get_readiness)
            .describe(TAG, "Check that the service can answer", "Asks the database, and whether the indexes are up to date: after an upgrade lists are answered 503 until they are.")
            .answers(200, "It can.", "Readiness")
            .problems(&[Code::DatabaseUnavailable, Code::Reindexing]),
        Endpoint::open(Method::GET, "/version", "getVersion", get_version)
            .describe(TAG, "Read the version", "Name and version.")
            .answers(200, "Name and version.", "Version"),
        Endpoint::open(Method::GET, "/problems", "listProblems", problems::list_problems)
            .tagged()
            .describe(
                TAG,
                "List the problem types",
                "Every code that a problem can have, and every code of one wrong place (`errors[].code`).",
            )
            .answers_in(200, "A page for people, or JSON, as `Accept` asks.", "ProblemList", problems::FORMS),
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
            .answers_in(200, "A page for people, or JSON, as `Accept` asks.", "ProblemPage", problems::FORMS),
    ]
}

async fn list_codes(_call: OpenCall) -> Result<Answer> {
    let lists: Map<String, Value> = code_lists()
        .iter()
        .map(|list| {
            let codes: Vec<Value> = list
                .codes
                .iter()
                .map(|code| json!({"code": code.code, "broader": code.broader, "labels": code.labels}))
                .collect();
            (
                list.name.to_owned(),
                json!({"description": list.description, "codes": codes}),
            )
        })
        .collect();
    let body = serde_json::to_string(&lists).map_err(Error::internal)?;
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

async fn get_health(_call: OpenCall) -> Result<Answer> {
    Answer::of(&json!({"status": "ok"}))
}

async fn get_readiness(call: OpenCall) -> Result<Answer> {
    let readiness = call.request.share::<Readiness>()?;
    require_reached(readiness.auth_service.ping().await?)?;
    Answer::of(&json!({"status": "ready", "database": readiness.backend}))
}

async fn get_version(_call: OpenCall) -> Result<Answer> {
    Answer::of(&json!({"name": "eduaccord", "version": env!("CARGO_PKG_VERSION"), "api": "v1"}))
}
