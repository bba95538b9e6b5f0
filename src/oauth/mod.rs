//! OAuth 2.0 for machines: access tokens in JWT form from a client's secret, and what others need to check them.
//!
//! | path | standard |
//! |---|---|
//! | `POST /oauth/token` | RFC 6749 §4.4 (client credentials); the token is that of RFC 9068 |
//! | `POST /oauth/introspect` | RFC 7662 |
//! | `POST /oauth/revoke` | RFC 7009 |
//! | `GET /.well-known/jwks.json` | RFC 7517 |
//! | `GET /.well-known/oauth-authorization-server` | RFC 8414 |
//! | `GET /.well-known/oauth-protected-resource` | RFC 9728 |
//!
//! `request` (reading the forms) · `failure` (problems that OAuth libraries understand, too) · `api` (handlers) ·
//! `endpoints` · `views` (answers). There is no refresh token: the client asks again with its secret. The parts that decide are
//! in [`auth`](crate::auth): this slice is only their form on the wire.

mod api;
mod endpoints;
mod failure;
mod request;
mod views;

pub use endpoints::endpoints;
