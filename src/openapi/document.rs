//! The API document (OpenAPI 3.1), put together from the endpoints and the document types.

use crate::error::{Code, Error, Result};
use crate::http::edge::Problem;
use crate::http::endpoint::{AnswerSpec, Endpoint, Place, Tag};
use crate::list::answer::{Expanded, PageInfo};
use crate::schema::component::{Components, MakeComponents, answer_components, components_of};
use crate::schema::derive::{Kind as DerivedKind, derive_documents};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Components of answers that belong to no single operation.
const OF_ALL: &[MakeComponents] = &[
    components_of::<Problem<'_>>,
    answer_components::<PageInfo>,
    components_of::<Expanded>,
];

/// Marks members of a document that a request adds (`lang`, `expand`) and that no stored document has.
pub const ADDED: &str = "x-added-on-request";

/// What a kind brings into the document.
#[derive(Debug, Clone)]
pub struct KindFacts {
    /// Name of the component (`Office`).
    pub schema: &'static str,
    /// All members that the service keeps.
    pub server_kept: Vec<&'static str>,
    /// Example of a creation.
    pub example: &'static str,
    /// The document's type and those that it refers to.
    pub components: Components,
    /// Members that the answer to a change may have beside: lists of ids, with their meaning.
    pub added: &'static [(&'static str, &'static str)],
    /// What can be done to a record beside writing its document.
    pub actions: Vec<ActionFacts>,
}

/// What an action brings into the API document.
#[derive(Debug, Clone)]
pub struct ActionFacts {
    /// As `action` says it.
    pub name: &'static str,
    /// The scope that it needs.
    pub scope: Option<&'static str>,
    /// Name of the component.
    pub component: String,
    /// The component, and those that it refers to.
    pub schemas: Map<String, Value>,
    /// A body.
    pub example: Value,
}

/// Builds the document.
pub fn build(endpoints: &[Endpoint], kinds: &[KindFacts]) -> Result<Value> {
    let mut components = Map::new();
    for kind in kinds {
        components.extend(kind.components.clone());
    }
    let mut holder = json!({"components": {"schemas": components}});
    crate::values::keyed_map::inline_maps(&mut holder);
    let mut components = match holder.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(components)) => components,
        _ => Map::new(),
    };
    let derived: Vec<DerivedKind> = kinds
        .iter()
        .map(|kind| DerivedKind {
            schema: kind.schema,
            server_kept: &kind.server_kept,
        })
        .collect();
    derive_documents(&mut components, &derived).map_err(Error::internal)?;
    for kind in kinds {
        add_page(&mut components, kind);
        add_example(&mut components, kind)?;
        add_actions(&mut components, kind);
    }
    for make in endpoints.iter().flat_map(|endpoint| &endpoint.components).chain(OF_ALL) {
        components.extend(make().map_err(Error::internal)?);
    }
    name_operations(&mut components, kinds);
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Eduaccord",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Registry of cooperation between education offices: who cooperates with whom, under which memorandum, through which programs, in the service of which policy, and what came of it.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
            "contact": {"name": "The operator of this registry"},
        },
        "externalDocs": {"url": "/guide", "description": "The guides: rules of the API, integrators, admins, operators, changing the service, glossary"},
        "servers": [{"url": "/", "description": "This server"}],
        "tags": list_tags(endpoints),
        "security": [{"bearer": []}],
        "paths": build_paths(endpoints),
        "components": {
            "schemas": components,
            "headers": token_headers(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An opaque token (`eda_live_…`), or an access token (JWT) from `/oauth/token`. Its scopes decide what it may do.",
                },
                "client": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "A client's id as the user and one of its tokens (`eda_live_…`) as the password (RFC 6749, section 2.3.1); or both as fields of the form.",
                },
            },
        },
    }))
}

/// The groups in the order of their first operations.
fn list_tags(endpoints: &[Endpoint]) -> Vec<Value> {
    let mut tags: Vec<Tag> = Vec::new();
    for endpoint in endpoints {
        if !tags.contains(&endpoint.tag) {
            tags.push(endpoint.tag);
        }
    }
    let described = tags.iter();
    described
        .map(|tag| json!({"name": tag.name, "description": tag.description}))
        .collect()
}

/// The headers of every answer to a token.
fn token_headers() -> Value {
    let header = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    json!({
        "RateLimit-Policy": header("How many requests (`q`) the token may make in how many seconds (`w`)."),
        "RateLimit": header("How many requests are left (`r`), and in how many seconds all are there again (`t`)."),
        "X-Token-Expires": header("When the token ends; only in its last 30 days."),
    })
}

fn add_page(components: &mut Map<String, Value>, kind: &KindFacts) {
    let schema = kind.schema;
    components.insert(
        format!("{schema}Page"),
        json!({
            "type": "object",
            "description": "One page of a list.",
            "required": ["items", "page"],
            "properties": {
                "items": {"type": "array", "items": {"$ref": format!("#/components/schemas/{schema}")}},
                "page": {"$ref": "#/components/schemas/PageInfo"},
                "expanded": {"$ref": "#/components/schemas/Expanded"},
            },
            "additionalProperties": false,
        }),
    );
    let component = |suffix: &str| json!({"$ref": format!("#/components/schemas/{schema}{suffix}")});
    components.insert(
        format!("{schema}CreateOrReplace"),
        json!({
            "description": "To create one, or to replace the one that is there.",
            "anyOf": [component("Create"), component("Replace")],
        }),
    );
    // Members that `lang`, `expand` and later `computed` add; they are ignored when they are sent back.
    if let Some(properties) = components
        .get_mut(schema)
        .and_then(|schema| schema.get_mut("properties"))
        .and_then(Value::as_object_mut)
    {
        properties.insert(
            "expanded".to_owned(),
            // Written out: beside a `$ref` readers of documents take nothing but texts.
            json!({
                "type": "object",
                "description": "With `expand`: embedded records by id.",
                "additionalProperties": {"type": "object"},
                ADDED: true,
            }),
        );
        properties.insert(
            "etag".to_owned(),
            json!({
                "type": "string",
                "description": "On a record beside others (in a list, `expanded`, the feed, a conflict): its ETag, to be sent as `If-Match`. Ignored when sent back.",
                ADDED: true,
            }),
        );
        for (name, meaning) in kind.added {
            let ids = json!({"type": "array", "items": {"type": "string"}, "description": meaning, ADDED: true});
            properties.insert((*name).to_owned(), ids);
        }
        let flat = [("names", "name"), ("titles", "title"), ("labels", "label")];
        for (_, name) in flat
            .into_iter()
            .filter(|(plural, _)| properties.contains_key(*plural))
            .collect::<Vec<_>>()
        {
            properties.insert(
                name.to_owned(),
                json!({"type": ["string", "null"], "description": "With `lang`: the text in the language served.", ADDED: true}),
            );
            properties.insert(
                "language".to_owned(),
                json!({"type": ["string", "null"], "description": "With `lang`: the language served.", ADDED: true}),
            );
        }
    }
}

/// A revision came about by a write, or by one of the actions.
fn name_operations(components: &mut Components, kinds: &[KindFacts]) {
    let actions: BTreeSet<&str> = kinds
        .iter()
        .flat_map(|kind| kind.actions.iter().map(|action| action.name))
        .collect();
    let names: Vec<&str> = ["create", "update", "restore", "delete"]
        .into_iter()
        .chain(actions)
        .collect();
    let operation = components
        .get_mut("Revision")
        .and_then(|revision| revision.pointer_mut("/properties/operation"))
        .and_then(Value::as_object_mut);
    if let Some(operation) = operation {
        operation.insert("enum".to_owned(), json!(names));
    }
}

fn add_example(components: &mut Map<String, Value>, kind: &KindFacts) -> Result<()> {
    let example: Value = serde_json::from_str(kind.example)
        .map_err(|error| Error::internal(format!("the example of {} is no JSON: {error}", kind.schema)))?;
    if let Some(Value::Object(schema)) = components.get_mut(&format!("{}Create", kind.schema)) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    Ok(())
}

/// The bodies of actions: one component each, and their choice by `action`.
fn add_actions(components: &mut Map<String, Value>, kind: &KindFacts) {
    let target = |action: &ActionFacts| format!("#/components/schemas/{}", action.component);
    let choices: Vec<Value> = kind
        .actions
        .iter()
        .map(|action| json!({"$ref": target(action)}))
        .collect();
    let mapping: Map<String, Value> = kind
        .actions
        .iter()
        .map(|action| (action.name.to_owned(), json!(target(action))))
        .collect();
    let scopes: Map<String, Value> = kind
        .actions
        .iter()
        .map(|action| (action.name.to_owned(), json!(action.scope)))
        .collect();
    let examples: Vec<&Value> = kind.actions.iter().map(|action| &action.example).collect();
    components.insert(
        format!("{}Action", kind.schema),
        json!({
            "description": "One action; `action` says which.",
            "oneOf": choices,
            "discriminator": {"propertyName": "action", "mapping": mapping},
            "examples": examples,
            "x-scopes": scopes,
        }),
    );
    for action in &kind.actions {
        components.extend(action.schemas.clone());
    }
}

fn build_paths(endpoints: &[Endpoint]) -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for endpoint in endpoints {
        paths
            .entry(endpoint.path.clone())
            .or_default()
            .insert(endpoint.method.as_str().to_lowercase(), build_operation(endpoint));
    }
    json!(paths)
}

fn build_operation(endpoint: &Endpoint) -> Value {
    let parameters: Vec<Value> = endpoint
        .parameters
        .iter()
        .map(|parameter| {
            let place = match parameter.place {
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
            };
            let mut value = json!({
                "name": parameter.name,
                "in": place,
                "required": parameter.required,
                "description": parameter.description,
                "schema": parameter.schema,
            });
            if parameter.schema.get("type").and_then(Value::as_str) == Some("array")
                && let Some(members) = value.as_object_mut()
            {
                members.insert("style".to_owned(), json!("form"));
                members.insert("explode".to_owned(), json!(false));
            }
            value
        })
        .collect();
    let mut operation = json!({
        "operationId": endpoint.operation_id,
        "tags": [endpoint.tag.name],
        "summary": endpoint.summary,
        "description": describe(endpoint),
        "parameters": parameters,
        "responses": build_responses(endpoint),
    });
    if let Some(members) = operation.as_object_mut() {
        if let Some(body) = &endpoint.body {
            let content: Map<String, Value> = body
                .media_types
                .iter()
                .map(|media_type| ((*media_type).to_owned(), json!({"schema": reference(&body.component)})))
                .collect();
            members.insert("requestBody".to_owned(), json!({"required": true, "content": content}));
        }
        if endpoint.public {
            members.insert("security".to_owned(), json!([]));
        } else if endpoint.by_client {
            members.insert("security".to_owned(), json!([{"client": []}]));
        }
        match endpoint.scopes.to_list().as_slice() {
            [] => {}
            [scope] => {
                members.insert("x-scope".to_owned(), json!(scope));
            }
            several => {
                members.insert("x-any-scope".to_owned(), json!(several));
            }
        }
    }
    operation
}

fn describe(endpoint: &Endpoint) -> String {
    if endpoint.by_client {
        return format!("{}\n\nNeeds a client's id and secret.", endpoint.description);
    }
    let needed = match endpoint.scopes.to_list().as_slice() {
        _ if endpoint.public => "no token".to_owned(),
        [] => "any valid token".to_owned(),
        [scope] => format!("the scope `{scope}`"),
        several => format!("one of the scopes `{}`", several.join("`, `")),
    };
    format!("{}\n\nNeeds {needed}.", endpoint.description)
        .trim_start()
        .to_owned()
}

fn reference(component: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{component}")})
}

fn build_responses(endpoint: &Endpoint) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for answer in &endpoint.answers {
        let mut described = build_answer(answer);
        if let (false, Some(members)) = (endpoint.public, described.as_object_mut()) {
            members.insert("headers".to_owned(), header_references());
        }
        responses.insert(answer.status.to_string(), described);
    }
    if endpoint.method == actix_web::http::Method::GET && endpoint.is_tagged {
        responses.insert(
            "304".to_owned(),
            json!({"description": "Not modified: `If-None-Match` names the current tag."}),
        );
    }
    let mut by_status: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for code in problem_codes(endpoint) {
        by_status.entry(code.facts().status).or_default().insert(code.as_str());
    }
    for (status, codes) in by_status {
        let codes: Vec<String> = codes.into_iter().map(|code| format!("`{code}`")).collect();
        responses.insert(
            status.to_string(),
            problem(&format!("A problem: {}.", codes.join(", "))),
        );
    }
    Value::Object(responses)
}

fn header_references() -> Value {
    let names = token_headers();
    let names = names.as_object().into_iter().flatten().map(|(name, _)| name);
    names
        .map(|name| (name.clone(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect()
}

fn build_answer(answer: &AnswerSpec) -> Value {
    let mut value = json!({"description": answer.description});
    let content: Map<String, Value> = answer
        .media_types
        .iter()
        .map(|media_type| {
            let component = answer
                .component
                .as_deref()
                .filter(|_| *media_type == "application/json");
            let schema = component.map_or_else(|| json!({"type": "string"}), reference);
            ((*media_type).to_owned(), json!({"schema": schema}))
        })
        .collect();
    if let (false, Some(members)) = (content.is_empty(), value.as_object_mut()) {
        members.insert("content".to_owned(), Value::Object(content));
    }
    value
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": {"application/problem+json": {"schema": reference("Problem")}},
    })
}

/// Which problems an operation can answer with: its own, and those of its shape.
fn problem_codes(endpoint: &Endpoint) -> Vec<Code> {
    let mut codes = endpoint.problems.clone();
    codes.extend([
        Code::MalformedRequest,
        Code::UnknownParameter,
        Code::UriTooLong,
        Code::HeadersTooLarge,
        Code::Internal,
        Code::Stopping,
    ]);
    if endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.place == Place::Query)
    {
        codes.push(Code::InvalidParameter);
    }
    if endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.place == Place::Path)
    {
        codes.extend([Code::InvalidId, Code::RecordNotFound, Code::RecordDeleted]);
    }
    if endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.place == Place::Header)
    {
        codes.push(Code::InvalidHeader);
    }
    if endpoint.by_client {
        codes.extend([Code::InvalidClient, Code::NetworkNotAllowed, Code::DatabaseUnavailable]);
    } else if !endpoint.public {
        codes.extend([
            Code::TokenRequired,
            Code::RightsChanged,
            Code::IdentityNotLinked,
            Code::IssuerUnavailable,
            Code::InvalidToken,
            Code::TokenExpired,
            Code::TokenRevoked,
            Code::MissingScope,
            Code::NetworkNotAllowed,
            Code::RateLimited,
            Code::TooManyFailures,
            Code::DatabaseUnavailable,
        ]);
    }
    if let Some(body) = &endpoint.body {
        codes.extend([Code::RequestTimeout, Code::BodyTooLarge, Code::UnsupportedMediaType]);
        let of_form = [Code::InvalidTokenRequest];
        let of_json = [
            Code::MalformedJson,
            Code::DuplicateMember,
            Code::TooDeep,
            Code::TooManyMembers,
            Code::InvalidDocument,
            Code::InvalidText,
        ];
        codes.extend_from_slice(if body.is_form() { &of_form } else { &of_json });
    }
    if !endpoint.method.is_safe() {
        codes.extend([Code::Overloaded, Code::NewerWriter]);
        let is_form = endpoint.body.as_ref().is_some_and(|body| body.is_form());
        if !is_form {
            codes.extend([Code::NotYourPart, Code::RecordMerged]);
        }
    }
    codes
}
