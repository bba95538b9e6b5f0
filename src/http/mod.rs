//! Between the wire and the handlers.
//!
//! - [`endpoint`]: one declaration per operation, from which routes, 405, parameters and the API document come
//! - [`operation`]: what a request needs of that
//! - [`call`]: what a handler gets · [`query`]: the query · [`answer`]: what it gives back · [`tag`]: entity tags
//! - [`headers`]: lists on several lines, and headers that cannot be read
//! - [`edge`]: request ids, the log line, problems
//! - [`negotiation`]: the form of an answer that `Accept` asks for · [`page`]: HTML pages for people
//! - [`stopping`]: what is still answered when the service is being stopped
//! - [`work`]: where bodies are read and checked · [`bodies`]: bodies that are no documents · [`form`]: form bodies · [`idempotency`]: repeated requests

pub mod address;
pub mod answer;
pub mod bodies;
pub mod call;
pub mod coding;
pub mod edge;
#[cfg(test)]
mod edge_test;
pub mod endpoint;
pub mod form;
pub mod headers;
pub mod idempotency;
pub mod negotiation;
pub mod operation;
pub mod page;
pub mod query;
pub mod stopping;
pub mod tag;
pub mod work;

pub use answer::Answer;
pub use call::{Call, OpenCall, Request};
pub use endpoint::{Endpoint, Parameter};
pub use query::Query;
