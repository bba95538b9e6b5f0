//! Failures as this service tells them (RFC 9457), with the members that OAuth libraries look for (RFC 6749 §5.2).

use crate::error::{Code, Error};
use crate::texts;

/// The `error` of RFC 6749 §5.2 for a code.
fn error_of(code: Code) -> &'static str {
    match code {
        Code::InvalidClient => "invalid_client",
        Code::UnsupportedGrantType => "unsupported_grant_type",
        Code::InvalidScope => "invalid_scope",
        Code::NetworkNotAllowed => "unauthorized_client",
        Code::SigningUnavailable
        | Code::DatabaseUnavailable
        | Code::Overloaded
        | Code::NewerWriter
        | Code::Stopping
        | Code::RateLimited
        | Code::TooManyFailures => "temporarily_unavailable",
        Code::Internal => "server_error",
        _ => "invalid_request",
    }
}

/// Adds `error` and `error_description`. The description is ASCII without quotes, as the RFC wants it.
pub(super) fn explain(error: Error) -> Error {
    let description: String = error
        .detail()
        .in_english()
        .chars()
        .map(|letter| match letter {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => letter,
            _ => '?',
        })
        .collect();
    let name = error_of(error.code());
    error
        .with_member("error", name)
        .with_member("error_description", description)
}

/// The refusal of a client. There is one answer for everything that can be wrong with an id and a secret; a client that
/// fails only at the network check has shown a valid secret and gets that reason.
pub(super) fn refuse_client(error: Error) -> Error {
    match error.code() {
        Code::InvalidToken | Code::TokenExpired | Code::TokenRevoked | Code::TokenRequired => invalid_client(),
        _ => error,
    }
}

/// 401 with the challenge that RFC 6749 §5.2 asks for where Basic was used, and RFC 9110 §11.6.1 on every 401.
pub(super) fn invalid_client() -> Error {
    Error::new(Code::InvalidClient, texts::access::client_and_secret())
        .with_header("WWW-Authenticate", "Basic realm=\"eduaccord\", charset=\"UTF-8\"")
}
