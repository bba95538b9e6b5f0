//! Subjects of external issuers, linked to clients by the registry's administrators.
//!
//! A link says: whoever this issuer calls this subject may do what this client may do. Cutting it ends that at the next
//! request, whatever the issuer still vouches for. What verifies foreign tokens is in
//! [`auth::issuers`](crate::auth::issuers).

mod api;
mod endpoints;
mod rules;
mod store;

pub use endpoints::{OAUTH, endpoints};
