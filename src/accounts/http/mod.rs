//! The operations on clients and tokens. What they do, and for whom, is decided in
//! [`auth::accounts`](crate::accounts), which the command line uses, too.
//!
//! A secret is shown by one answer only: `no-store`, kept by no `Idempotency-Key`, and in no log.

mod api;
mod bodies;
mod endpoints;
mod submit;

pub use endpoints::endpoints;
