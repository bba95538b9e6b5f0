//! The operations on clients and tokens. The rules and the changes themselves are in
//! [`accounts`](crate::accounts), which the command line uses, too.
//!
//! A secret is shown by one answer only: `no-store`, kept by no `Idempotency-Key`, and in no log.

mod api;
mod bodies;
mod endpoints;
pub(super) mod submit;

pub use endpoints::endpoints;
