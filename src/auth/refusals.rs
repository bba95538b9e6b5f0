//! Refusals: 401 for what is no valid token, 403 for a caller without the network or the scope.

use crate::auth::caller::Caller;
use crate::auth::scope::{Scope, ScopeMarker, ScopeSet};
use crate::auth::switches::{Guard, is_on};
use crate::error::{Code, Error, Result};
use crate::texts::{self, Message};
use std::net::IpAddr;

/// A 401 with the header that RFC 6750 §3 asks for.
pub fn unauthorized(code: Code, detail: Message) -> Error {
    let challenge = match code {
        Code::TokenRequired => "Bearer realm=\"eduaccord\"".to_owned(),
        _ => format!(
            "Bearer realm=\"eduaccord\", error=\"invalid_token\", error_description=\"{}\"",
            detail.in_english()
        ),
    };
    Error::new(code, detail).with_header("WWW-Authenticate", challenge)
}

/// The answer to a token that was valid once.
pub fn refuse_expired() -> Error {
    unauthorized(Code::TokenExpired, texts::access::token_expired())
}

/// The one answer to everything that is not a token of this service; it does not say which check failed.
pub fn refuse_token() -> Error {
    unauthorized(Code::InvalidToken, texts::access::no_token_of_ours())
}

/// May this caller call from this address, and do what `S` allows?
pub(super) fn require_rights<S: ScopeMarker>(caller: &Caller, address: IpAddr) -> Result<()> {
    if !caller.networks.allow(address) && is_on(Guard::Network) {
        return Err(Error::new(
            Code::NetworkNotAllowed,
            texts::access::not_from_address(address),
        ));
    }
    require_any(caller, S::any_of())
}

/// 403 where the caller holds none of these scopes. None asked for: any caller will do.
pub fn require_any(caller: &Caller, scopes: ScopeSet) -> Result<()> {
    if scopes.is_empty() || caller.scopes.meets(scopes) || !is_on(Guard::Scope) {
        return Ok(());
    }
    let text = match scopes.iter().count() {
        1 => texts::access::scope_needed(scopes.to_text()),
        _ => texts::access::one_scope_needed(scopes.to_list().join(", ")),
    };
    Err(missing_scope(caller, scopes, text))
}

/// The 403 of a caller that needs all of these scopes and does not hold them.
pub fn missing_scopes(caller: &Caller, missing: &[Scope]) -> Error {
    let missing: ScopeSet = missing.iter().copied().collect();
    let text = match missing.iter().count() {
        1 => texts::access::scope_needed(missing.to_text()),
        _ => texts::access::all_scopes_needed(missing.to_text()),
    };
    missing_scope(caller, missing, text)
}

fn missing_scope(caller: &Caller, missing: ScopeSet, detail: Message) -> Error {
    Error::new(Code::MissingScope, detail)
        .with_member("missing_scopes", missing.to_list())
        .with_member("granted_scopes", caller.scopes.to_list())
        .with_header(
            "WWW-Authenticate",
            format!(
                "Bearer realm=\"eduaccord\", error=\"insufficient_scope\", scope=\"{}\"",
                missing.to_text()
            ),
        )
}
