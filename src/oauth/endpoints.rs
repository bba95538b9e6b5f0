//! The operations.

use super::api;
use super::request::{TokenForm, TokenRequestForm};
use super::views::{AccessToken, Introspection, ResourceMetadata, ServerMetadata, SigningKeys};
use crate::accounts::identities::OAUTH as TAG;
use crate::error::Code;
use crate::http::Endpoint;
use actix_web::http::Method;

/// All operations of this slice.
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = token_endpoints();
    endpoints.extend(public_endpoints());
    endpoints
}

fn token_endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::open(Method::POST, "/oauth/token", "issueToken", api::issue_token)
            .describe(
                TAG,
                "Issue an access token",
                "Exchanges a client's secret for an access token (JWT, RFC 9068) of ten minutes (RFC 6749, section 4.4). `scope` may ask for less than the client holds. \
                 The token ends at once when the secret is revoked, the client is suspended or its rights change. There is no refresh token: ask again.",
            )
            .asks_for_client()
            .form::<TokenRequestForm>()
            .answers::<AccessToken<'_>>(200, "The access token.")
            .problems(api::TOKEN_PROBLEMS),
        Endpoint::guarded(Method::POST, "/oauth/introspect", "introspectToken", api::introspect_token)
            .describe(
                TAG,
                "Introspect a token",
                "Whether a secret or an access token counts, and for what (RFC 7662). It tells of clients of the offices that you act for; of all others it says that the token is not active.",
            )
            .form::<TokenForm>()
            .answers::<Introspection>(200, "What is known of it."),
        Endpoint::open(Method::POST, "/oauth/revoke", "revokeToken", api::revoke_token)
            .describe(
                TAG,
                "Revoke a token by its value",
                "Whoever holds a secret or an access token may end it (RFC 7009). With a secret end all access tokens that were made from it. Unknown ones are answered alike.",
            )
            .form::<TokenForm>()
            .answers_with(200, "It does not count (any more).", None)
            .problems(&[
                Code::LastAdmin,
                Code::DatabaseUnavailable,
                Code::RateLimited,
                Code::TooManyFailures,
            ]),
    ]
}

fn public_endpoints() -> Vec<Endpoint> {
    let endpoints = vec![
        Endpoint::open(
            Method::GET,
            "/.well-known/jwks.json",
            "listSigningKeys",
            api::list_signing_keys,
        )
        .tagged()
        .describe(
            TAG,
            "List the signing keys",
            "The public keys (RFC 7517). The next key is published well before it signs, so keep them for no longer than `max-age`.",
        )
        .answers::<SigningKeys>(200, "The keys."),
        Endpoint::open(
            Method::GET,
            "/.well-known/oauth-authorization-server",
            "getServerMetadata",
            api::get_server_metadata,
        )
        .tagged()
        .describe(TAG, "Read the authorization server metadata", "Where everything is (RFC 8414).")
        .answers::<ServerMetadata<'_>>(200, "The metadata."),
        Endpoint::open(
            Method::GET,
            "/.well-known/oauth-protected-resource",
            "getResourceMetadata",
            api::get_resource_metadata,
        )
        .tagged()
        .describe(
            TAG,
            "Read the protected resource metadata",
            "Which authorization server makes tokens for this service (RFC 9728).",
        )
        .answers::<ResourceMetadata<'_>>(200, "The metadata."),
    ];
    endpoints
        .into_iter()
        .map(|endpoint| endpoint.answers_with(304, "Not modified: `If-None-Match` names the current tag.", None))
        .collect()
}
