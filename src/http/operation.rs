//! What a request needs to know of its operation, found by path and method.

use crate::error::{Error, Result};
use crate::http::form::FORM;
use actix_web::HttpRequest;
use actix_web::http::Method;
use std::collections::HashMap;
use std::sync::Arc;

/// The body that an operation takes.
#[derive(Debug, Clone)]
pub struct BodySpec {
    /// Name of the component.
    pub component: String,
    /// Media types, the first of which is shown.
    pub media_types: &'static [&'static str],
    /// Largest size in bytes.
    pub limit: usize,
    /// Is it checked against its component and read as a type?
    pub is_typed: bool,
}

impl BodySpec {
    /// Is it a form and not JSON?
    pub fn is_form(&self) -> bool {
        self.media_types == FORM
    }
}

/// What a request needs to know of its operation.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// The query parameters that it takes.
    pub query_names: Vec<String>,
    /// The headers that it declares.
    pub header_names: Vec<String>,
    /// The body that it takes.
    pub body: Option<BodySpec>,
}

/// All operations, looked up by path template and method.
#[derive(Debug)]
pub struct Operations(pub(super) HashMap<String, HashMap<Method, Arc<Operation>>>);

impl Operations {
    /// The operation that serves this request.
    pub fn find(&self, request: &HttpRequest) -> Result<Arc<Operation>> {
        request
            .match_pattern()
            .and_then(|pattern| self.0.get(&pattern)?.get(request.method()).cloned())
            .ok_or_else(|| Error::internal("a route without an endpoint"))
    }
}
