//! One declaration per operation: the route, the scope, the parameters, the answers.
//!
//! From the list of all endpoints come the actix routes, `HEAD`, `OPTIONS`, 405 with `Allow`, the check for unknown
//! parameters, and the paths of the API document, so none of them can differ from another. The scope is taken from the
//! handler's own type: it cannot be documented differently from what is checked.
//!
//! (actix's route macros answer 404 to a wrong method, and one annotation per handler and slice would say the same
//! thing four times; that is why routes are values here.)

use crate::auth::{ScopeMarker, ScopeSet};
use crate::bounds::BODY_LIMIT;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::call::{Call, OpenCall};
use crate::http::form::FORM;
use crate::http::operation::{BodySpec, Operation, Operations};
use crate::schema::component::{MakeComponents, answer_components, components_of, page_components, page_name};
use crate::texts;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, Route, web};
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use utoipa::ToSchema;

/// A token has 8 KiB at most, and percent signs.
const LARGEST_FORM: usize = 16 * 1024;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A header.
    Header,
}

/// One parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// For people.
    pub description: String,
    /// JSON Schema.
    pub schema: Value,
    /// Must it be given?
    pub required: bool,
}

impl Parameter {
    /// A query parameter.
    pub fn query(name: &str, schema: Value, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: Place::Query,
            description: description.to_owned(),
            schema,
            required: false,
        }
    }

    /// A header.
    pub fn header(name: &str, required: bool, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: Place::Header,
            description: description.to_owned(),
            schema: json!({"type": "string"}),
            required,
        }
    }

    /// A part of the path.
    pub fn path(name: &str, schema: Value, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: Place::Path,
            description: description.to_owned(),
            schema,
            required: true,
        }
    }
}

/// A group of operations in the API document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub description: &'static str,
}

/// The service itself.
pub const SERVICE: Tag = Tag {
    name: "Service",
    description: "The service itself: who you are, codes, health, this document.",
};

/// `{id}` of a path: an id with this prefix.
pub fn path_id(prefix: &str, description: &str) -> Parameter {
    let schema = json!({"type": "string", "pattern": format!("^{prefix}_[0-7][0-9abcdefghjkmnpqrstvwxyz]{{25}}$")});
    Parameter::path("id", schema, description)
}

/// An answer below 400 that an operation gives.
#[derive(Debug, Clone)]
pub struct AnswerSpec {
    /// HTTP status.
    pub status: u16,
    /// For people.
    pub description: String,
    /// Name of the component that a JSON body has; none where no body is JSON.
    pub component: Option<String>,
    /// Media types of the body, of which `Accept` chooses; none for an empty body.
    pub media_types: Vec<&'static str>,
}

type MakeRoute = Arc<dyn Fn(Method) -> Route + Send + Sync>;

/// One operation.
#[derive(Clone)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path with `{parameters}`.
    pub path: String,
    /// `operationId`: the handler's name in camelCase, unique.
    pub operation_id: String,
    /// The group it is shown in.
    pub tag: Tag,
    /// One line.
    pub summary: String,
    /// More, in Markdown.
    pub description: String,
    /// The scopes of which a caller must hold one; empty where any valid token, or none, will do.
    pub scopes: ScopeSet,
    /// Needs no token at all.
    pub public: bool,
    /// Needs a client's id and secret in the place of a token.
    pub by_client: bool,
    /// Whether its answers have an `ETag`, so that a read may be answered 304.
    pub is_tagged: bool,
    /// Parameters of the path, the query and headers.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<BodySpec>,
    /// Answers below 400.
    pub answers: Vec<AnswerSpec>,
    /// Codes of problems that are particular to it.
    pub problems: Vec<Code>,
    /// Make the components of the types that it takes and answers.
    pub components: Vec<MakeComponents>,
    make_route: MakeRoute,
}

impl Endpoint {
    /// An operation behind the guard of `S`.
    pub fn guarded<S, F, Fut>(method: Method, path: &str, operation_id: &str, handler: F) -> Self
    where
        S: ScopeMarker,
        F: Fn(Call<S>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Answer>> + 'static,
    {
        let make_route: MakeRoute = Arc::new(move |verb| {
            let handler = handler.clone();
            web::method(verb).to(move |request: HttpRequest, call: Call<S>| {
                let (handler, auth) = (handler.clone(), call.auth.clone());
                async move {
                    let result = contain(handler(call)).await;
                    auth.conclude(result).await.map(|answer| answer.into_response(&request))
                }
            })
        });
        Self::new(method, path, operation_id, S::any_of(), false, make_route)
    }

    /// An operation that needs no token. It gets no way to the database but readiness.
    pub fn open<F, Fut>(method: Method, path: &str, operation_id: &str, handler: F) -> Self
    where
        F: Fn(OpenCall) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Answer>> + 'static,
    {
        let make_route: MakeRoute = Arc::new(move |verb| {
            let handler = handler.clone();
            web::method(verb).to(move |request: HttpRequest, call: OpenCall| {
                let handler = handler.clone();
                async move {
                    contain(handler(call))
                        .await
                        .map(|answer| answer.into_response(&request))
                }
            })
        });
        Self::new(method, path, operation_id, ScopeSet::default(), true, make_route)
    }

    fn new(
        method: Method,
        path: &str,
        operation_id: &str,
        scopes: ScopeSet,
        public: bool,
        make_route: MakeRoute,
    ) -> Self {
        Self {
            method,
            path: path.to_owned(),
            operation_id: operation_id.to_owned(),
            tag: SERVICE,
            summary: String::new(),
            description: String::new(),
            scopes,
            public,
            by_client: false,
            is_tagged: !public,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            components: Vec::new(),
            make_route,
        }
    }

    /// Its answer has an `ETag` and may be confirmed by 304. Reads that need a token always do.
    #[must_use]
    pub fn tagged(mut self) -> Self {
        self.is_tagged = true;
        self
    }

    /// Group, summary and description.
    #[must_use]
    pub fn describe(mut self, tag: Tag, summary: &str, description: &str) -> Self {
        self.tag = tag;
        self.summary = summary.to_owned();
        self.description = description.to_owned();
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Adds parameters.
    #[must_use]
    pub fn parameters(mut self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Takes a body of this type, which [`Request::typed`](crate::http::Request::typed) reads.
    #[must_use]
    pub fn body<T: ToSchema>(mut self, media_types: &'static [&'static str]) -> Self {
        self.components.push(components_of::<T>);
        self.body = Some(BodySpec {
            component: T::name().into_owned(),
            media_types,
            limit: BODY_LIMIT,
            is_typed: true,
        });
        self
    }

    /// Takes a document, whose component is derived from its kind, or another body that the handler itself checks.
    #[must_use]
    pub fn body_of(mut self, component: &str, media_types: &'static [&'static str], limit: usize) -> Self {
        self.body = Some(BodySpec {
            component: component.to_owned(),
            media_types,
            limit,
            is_typed: false,
        });
        self
    }

    /// Takes a form of up to 16 KiB.
    #[must_use]
    pub fn form<T: ToSchema>(mut self) -> Self {
        self.components.push(components_of::<T>);
        self.body_of(&T::name(), FORM, LARGEST_FORM)
    }

    /// The handler itself asks for a client's id and secret (RFC 6749 §2.3), in the place of a bearer token.
    #[must_use]
    pub fn asks_for_client(mut self) -> Self {
        (self.public, self.by_client) = (false, true);
        self
    }

    /// Answers with JSON of this type.
    #[must_use]
    pub fn answers<T: ToSchema>(self, status: u16, description: &str) -> Self {
        self.answers_in::<T>(status, description, ["application/json"])
    }

    /// Answers with a page of a list of this type.
    #[must_use]
    pub fn answers_page<T: ToSchema>(mut self, description: &str) -> Self {
        self.components.push(page_components::<T>);
        self.answers_of(200, description, &page_name::<T>())
    }

    /// Answers with a document, whose component is derived from its kind, or with a list of them.
    #[must_use]
    pub fn answers_of(mut self, status: u16, description: &str, component: &str) -> Self {
        self.answers.push(AnswerSpec {
            status,
            description: description.to_owned(),
            component: Some(component.to_owned()),
            media_types: vec!["application/json"],
        });
        self
    }

    /// Answers with an empty body, or one of other media types.
    #[must_use]
    pub fn answers_with(
        mut self,
        status: u16,
        description: &str,
        media_types: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        self.answers.push(AnswerSpec {
            status,
            description: description.to_owned(),
            component: None,
            media_types: media_types.into_iter().collect(),
        });
        self
    }

    /// Answers with JSON of this type, or with another form of the same, as `Accept` asks.
    #[must_use]
    pub fn answers_in<T: ToSchema>(
        mut self,
        status: u16,
        description: &str,
        media_types: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        self.components.push(answer_components::<T>);
        self.answers.push(AnswerSpec {
            status,
            description: description.to_owned(),
            component: Some(T::name().into_owned()),
            media_types: media_types.into_iter().collect(),
        });
        self
    }

    /// Names problems that are particular to it.
    #[must_use]
    pub fn problems(mut self, codes: &[Code]) -> Self {
        self.problems.extend_from_slice(codes);
        self
    }

    /// Names of the parameters at a place.
    pub fn names(&self, place: Place) -> Vec<String> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.place == place)
            .map(|parameter| parameter.name.clone())
            .collect()
    }
}

/// Runs a handler; a panic in it becomes a 500 of this request only.
async fn contain(handling: impl Future<Output = Result<Answer>>) -> Result<Answer> {
    AssertUnwindSafe(handling)
        .catch_unwind()
        .await
        .unwrap_or_else(|_panic| Err(Error::internal("a handler panicked")))
}

impl Operations {
    /// From the list of endpoints.
    pub fn new(endpoints: &[Endpoint]) -> Self {
        let mut operations: HashMap<String, HashMap<Method, Arc<Operation>>> = HashMap::new();
        for endpoint in endpoints {
            let operation = Arc::new(Operation {
                id: endpoint.operation_id.clone(),
                query_names: endpoint.names(Place::Query),
                header_names: endpoint.names(Place::Header),
                body: endpoint.body.clone(),
            });
            let methods = operations.entry(endpoint.path.clone()).or_default();
            if endpoint.method == Method::GET {
                methods.insert(Method::HEAD, operation.clone());
            }
            methods.insert(endpoint.method.clone(), operation);
        }
        Self(operations)
    }
}

/// Registers every endpoint, with `HEAD`, `OPTIONS` and 405 for each path. Paths with fewer parameters come first, so
/// that a literal segment is never taken for an id.
pub fn register(config: &mut web::ServiceConfig, endpoints: &[Endpoint]) {
    let mut by_path: BTreeMap<(usize, &str), Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        let parameters = endpoint.path.matches('{').count();
        by_path
            .entry((parameters, endpoint.path.as_str()))
            .or_default()
            .push(endpoint);
    }
    for ((_, path), group) in by_path {
        let mut resource = web::resource(path);
        let mut methods = vec!["OPTIONS"];
        for endpoint in &group {
            methods.push(endpoint.method.as_str());
            resource = resource.route((endpoint.make_route)(endpoint.method.clone()));
            if endpoint.method == Method::GET {
                methods.push("HEAD");
                resource = resource.route((endpoint.make_route)(Method::HEAD));
            }
        }
        methods.sort_unstable();
        let allow = methods.join(", ");
        let refuse = allow.clone();
        resource = resource
            .route(web::method(Method::OPTIONS).to(move || {
                let allow = allow.clone();
                async move { HttpResponse::NoContent().insert_header(("Allow", allow)).finish() }
            }))
            .default_service(web::to(move || {
                let allow = refuse.clone();
                async move {
                    Err::<HttpResponse, _>(
                        Error::new(Code::MethodNotAllowed, texts::requests::path_takes(&allow))
                            .with_header("Allow", allow),
                    )
                }
            }));
        config.service(resource);
    }
}
