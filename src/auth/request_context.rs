//! What the door is told of a request: who it says it is from, from where it comes, and what it wants.

use crate::auth::access_token::{AccessTokens, Refusal, Verified};
use crate::auth::authority::{Caller, unauthorized};
use crate::auth::issuers::Foreign;
use crate::auth::limits::Quota;
use crate::auth::secret::{hash_secret, is_well_formed};
use crate::error::{Code, Error, Result};
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// One request at the door. It holds the secret as it was sent, so it has no `Debug` that could end in a log line.
pub struct RequestContext {
    /// The `Authorization` header; none when there is none.
    pub authorization: Option<String>,
    /// Where it comes from: the peer, or what a trusted proxy says of it.
    pub address: IpAddr,
    /// The request id, as in the answer and the log.
    pub request_id: String,
    /// The operation (`createOffice`).
    pub operation: String,
    /// Must the database be asked before anything else is looked at? For requests with a body.
    pub is_strict: bool,
    /// Where the door notes whom it knew, also when it lets nobody in.
    pub authenticated: Arc<OnceLock<AuthenticatedCaller>>,
}

/// Whom the door knew.
#[derive(Debug)]
pub struct AuthenticatedCaller {
    /// The caller.
    pub caller: Arc<Caller>,
    /// What is left of its quota; none where there is no limit.
    pub quota: Option<Quota>,
}

/// What a caller shows to prove who it is. Never the secret itself.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An opaque secret, by its hash.
    Secret(Arc<str>),
    /// An access token (JWT) that was found good; whether it still counts, the database says.
    Access(Arc<Verified>),
    /// A token of another issuer that was found good; whom it stands for here, the database says.
    Foreign(Arc<Foreign>),
}

impl Credential {
    /// What it is remembered by: a hash, which tells nothing of the token itself.
    pub fn key(&self) -> &Arc<str> {
        match self {
            Self::Secret(hash) => hash,
            Self::Access(verified) => &verified.hash,
            Self::Foreign(foreign) => &foreign.hash,
        }
    }
}

/// A token as it was sent.
pub struct SentToken<'a> {
    /// The token itself.
    pub text: &'a str,
    /// Its SHA-256 in lower-case hex: what it is remembered by, which tells nothing of the token itself.
    pub hash: Arc<str>,
}

impl<'a> SentToken<'a> {
    /// Whatever it is.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            hash: hash_secret(text).into(),
        }
    }
}

/// The token in an `Authorization` header (RFC 6750 §2.1).
pub fn read_bearer(header: Option<&str>) -> Result<SentToken<'_>> {
    let Some(header) = header else {
        return Err(unauthorized(
            Code::TokenRequired,
            "Send the header Authorization: Bearer <token>.",
        ));
    };
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(SentToken::new(token.trim()))
    } else {
        Err(refuse_token())
    }
}

/// The credential that a secret or an access token is. Two dots make an access token (RFC 7515 §7.1); no secret has any.
/// Whatever cannot be one is refused in one and the same way, without a look into the database.
pub fn read_token(sent: &SentToken<'_>, tokens: &AccessTokens) -> Result<Credential> {
    if !sent.text.contains('.') {
        return read_secret(sent);
    }
    match tokens.verify(sent) {
        Ok(verified) => Ok(Credential::Access(verified)),
        Err(Refusal::Expired) => Err(refuse_expired()),
        Err(Refusal::Invalid) => Err(refuse_token()),
    }
}

/// The credential that an opaque secret is.
pub fn read_secret(sent: &SentToken<'_>) -> Result<Credential> {
    if is_well_formed(sent.text) {
        Ok(Credential::Secret(sent.hash.clone()))
    } else {
        Err(refuse_token())
    }
}

/// The answer to a token that was good once.
pub fn refuse_expired() -> Error {
    unauthorized(Code::TokenExpired, "The token has expired.")
}

/// The one answer to everything that is no token of this service: it tells nothing of what was nearly right.
pub fn refuse_token() -> Error {
    unauthorized(
        Code::InvalidToken,
        "The Authorization header does not carry a token of this service.",
    )
}
