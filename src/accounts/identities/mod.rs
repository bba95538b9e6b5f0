//! Subjects of external issuers, linked to clients by the registry's administrators.
//!
//! A link lets tokens of this issuer for this subject act as the client. Unlinking ends that at the next
//! request, whatever the issuer still vouches for. What verifies foreign tokens is in
//! [`auth::issuers`](crate::auth::issuers).

mod api;
mod endpoints;
mod rules;
mod store;

pub use endpoints::{OAUTH, endpoints};
