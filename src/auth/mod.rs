//! Who calls, and what they may do.
//!
//! - [`scope`]: the closed list of rights · [`secret`]: the form of tokens
//! - [`request_context`]: one request to be authenticated · [`credential`]: what it shows · [`caller`]: who that is
//! - [`refusals`]: 401 and 403 · [`network`]: from where clients may call
//! - [`authority`]: from a credential to a caller, on every request · [`token_cache`]: what is remembered of tokens
//! - [`guard`]: the only way from a handler to the database · [`authorized`]: what it gives
//! - [`lifetime`]: how long tokens live, and those that they make
//! - [`limits`]: how much a token may ask, how often an address may fail
//! - [`request_audit`]: what one request read, and how it ended
//! - [`switches`]: every guard by name, to be switched off in tests
//! - [`access`]: which rows a caller may see and write
//! - [`access_token`]: the short view of a secret (JWT) · [`keys`]: what signs it · [`sealing`]: secrets at rest
//! - [`issuers`]: tokens of others, from subjects that are linked to a client

pub mod access;
pub mod access_token;
pub mod authority;
pub mod authorized;
pub mod caller;
pub mod credential;
pub mod guard;
pub mod issuers;
pub mod keys;
pub mod lifetime;
pub mod limits;
pub mod network;
pub mod refusals;
pub mod request_audit;
pub mod request_context;
pub mod scope;
pub mod sealing;
pub mod secret;
pub mod switches;
pub mod token_cache;

pub use crate::audit::Actor;
pub use authorized::{Authorized, Reading, Recorded, Writing};
pub use caller::Caller;
pub use credential::Credential;
pub use guard::AuthService;
pub use request_audit::RequestAudit;
pub use request_context::{AuthenticatedCaller, RequestContext};
pub use scope::{Scope, ScopeMarker, ScopeSet};
pub use switches::Guard;
