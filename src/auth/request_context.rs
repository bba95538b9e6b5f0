//! One request as the authentication sees it: the credential that it sent, its address, its operation.

use crate::auth::caller::Caller;
use crate::auth::limits::Quota;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// One request to be authenticated. It holds the secret as it was sent, so it has no `Debug` that could end in a log line.
pub struct RequestContext {
    /// The `Authorization` header; none when there is none.
    pub authorization: Option<String>,
    /// The address of the caller: the peer, or what a trusted proxy says of it.
    pub address: IpAddr,
    /// The request id, as in the answer and the log.
    pub request_id: String,
    /// The operation (`createOffice`).
    pub operation: String,
    /// True if the database must confirm the token before anything else is looked at; for requests with a body.
    pub is_strict: bool,
    /// Set to the authenticated caller, also when the request is then refused.
    pub authenticated: Arc<OnceLock<AuthenticatedCaller>>,
}

/// The authenticated caller; feeds the access log and the rate-limit headers.
#[derive(Debug)]
pub struct AuthenticatedCaller {
    /// The caller.
    pub caller: Arc<Caller>,
    /// What is left of its quota; none where there is no limit.
    pub quota: Option<Quota>,
}
