//! The operations, as they are registered and documented.

use super::api;
use super::api::Rights;
use super::bodies::{
    ClientEditBody, NewClientBody, NewTokenBody, OwnRevocationBody, PastedRevocationBody, RevocationBody, RotationBody,
    TokenEditBody,
};
use super::submit::MintedToken;
use crate::accounts::ending::Ended;
use crate::accounts::select::{CLIENTS, TOKENS};
use crate::accounts::used::TokenUsage;
use crate::accounts::view::{ClientView, TokenView};
use crate::documents::endpoints::{
    JSON, MERGE_PATCH, cursor, dry_run, idempotency_key, if_match, limit, list_parameters,
};
use crate::documents::entry::KindEntry;
use crate::error::Code;
use crate::http::endpoint::{Tag, path_id};
use crate::http::{Endpoint, Parameter};
use actix_web::http::Method;
use serde_json::json;

const TAG: Tag = Tag {
    name: "Clients and tokens",
    description: "Who may call, with which rights, from where, until when.",
};
const CLIENT: &str = "/api/v1/clients/{id}";
const TOKEN: &str = "/api/v1/tokens/{id}";

/// All of them.
pub fn endpoints(kinds: &'static [KindEntry]) -> Vec<Endpoint> {
    let mut endpoints = client_endpoints(kinds);
    endpoints.extend(token_endpoints());
    endpoints.extend(ending_endpoints());
    endpoints.extend(own_endpoints());
    endpoints
}

fn client_endpoints(kinds: &'static [KindEntry]) -> Vec<Endpoint> {
    let clients = "/api/v1/clients";
    vec![
        Endpoint::guarded(Method::GET, clients, "listClients", api::list_clients)
            .describe(
                TAG,
                "List clients",
                "The service accounts of the offices that you act for; all of them for the registry's own callers.",
            )
            .parameters(list_parameters(&CLIENTS))
            .answers_page::<ClientView>("A page.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::POST, clients, "createClient", move |call| api::create_client(kinds, call))
            .describe(
                TAG,
                "Create a client",
                "A service account, bound to one office; it has no token yet. Nobody gives scopes or an office that they do not hold themselves (403 `not-grantable`); only the registry's own callers make clients of the registry itself. With its first client an office becomes the owner of its own record, where a stranger had entered it. Networks are yours where none are named, and lie within yours.",
            )
            .parameters([idempotency_key(), dry_run()])
            .body::<NewClientBody>(JSON)
            .answers::<ClientView>(201, "Made; `Location` and `ETag` name it.")
            .problems(&[Code::NotGrantable, Code::SecretRequired, Code::IdempotencyKeyReused, Code::RecordNotFound]),
        Endpoint::guarded(Method::GET, CLIENT, "getClient", api::get_client)
            .describe(TAG, "Read a client", "One that you do not manage is answered as one that does not exist.")
            .parameters([path_id("cli", "The client's id.")])
            .answers::<ClientView>(200, "The client."),
        Endpoint::guarded(Method::PATCH, CLIENT, "updateClient", move |call| api::update_client(kinds, call))
            .describe(
                TAG,
                "Change a client",
                "Name, scopes, networks, state, and for the registry's own callers the office. It takes effect at the very next request of any of its tokens, in all processes. Everything but to suspend it needs that you hold the client's scopes, those it has and those it gets, and that its networks lie within yours. The last usable administrator stays (409 `last-admin`).",
            )
            .parameters([path_id("cli", "The client's id."), if_match(), confirm_fence(), dry_run()])
            .body::<ClientEditBody>(MERGE_PATCH)
            .answers::<ClientView>(200, "The client as it is now.")
            .problems(&[
                Code::NotGrantable,
                Code::SecretRequired,
                Code::LastAdmin,
                Code::FenceExcludesYou,
                Code::VersionConflict,
                Code::PreconditionRequired,
            ]),
        Endpoint::guarded(Method::GET, "/api/v1/clients/{id}/tokens", "listClientTokens", api::list_client_tokens)
            .describe(TAG, "List the tokens of a client", "Also those that no longer count.")
            .parameters([path_id("cli", "The client's id.")])
            .parameters(list_parameters(&TOKENS).filter(|parameter| parameter.name != "client"))
            .answers_page::<TokenView>("A page.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::POST, "/api/v1/clients/{id}/tokens", "createToken", api::create_token)
            .describe(
                TAG,
                "Create a token",
                "Lives 90 days unless another end is asked for, and at most as long as the token that you use was given when it was made (366 days where that was made on the host, 90 for a linked subject of another issuer). The answer alone holds the secret: it is not kept, not even for a repeat by `Idempotency-Key` (409 `secret-already-shown`). Needs that you hold the client's scopes, and that its networks lie within yours.",
            )
            .parameters([path_id("cli", "The client's id."), idempotency_key(), dry_run()])
            .body::<NewTokenBody>(JSON)
            .answers::<MintedToken<'_>>(201, "The token with its secret, this once.")
            .problems(&[Code::NotGrantable, Code::SecretRequired, Code::IdempotencyKeyReused, Code::SecretAlreadyShown]),
    ]
}

fn token_endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/tokens", "listTokens", api::list_tokens)
            .describe(
                TAG,
                "List tokens",
                "Of all clients that you manage, also those that no longer count. `unused_for_days=90` finds what nobody misses.",
            )
            .parameters(list_parameters(&TOKENS))
            .answers_page::<TokenView>("A page.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::GET, TOKEN, "getToken", api::get_token)
            .describe(TAG, "Read a token", "Without its secret, which is kept nowhere.")
            .parameters([path_id("tok", "The token's id.")])
            .answers::<TokenView>(200, "The token."),
        Endpoint::guarded(Method::PATCH, TOKEN, "updateToken", api::update_token)
            .describe(
                TAG,
                "Rename a token or end it earlier",
                "Never later: a longer life takes a new secret (`rotate`). To rename it needs that you hold the client's scopes.",
            )
            .parameters([path_id("tok", "The token's id."), if_match(), dry_run()])
            .body::<TokenEditBody>(MERGE_PATCH)
            .answers::<TokenView>(200, "The token as it is now.")
            .problems(&[
                Code::NotGrantable,
                Code::SecretRequired,
                Code::LastAdmin,
                Code::TokenEnded,
                Code::VersionConflict,
                Code::PreconditionRequired,
            ]),
        Endpoint::guarded(Method::POST, "/api/v1/tokens/{id}/rotate", "rotateToken", api::rotate_token)
            .describe(
                TAG,
                "Rotate a token",
                "Gives the client a new secret; the old one goes on for `grace_seconds`, at most to its own end, and both are listed with their own last use, so that you see the old one fall silent. When an answer is lost, rotate again. A token cannot rotate itself, or whoever found one could prolong the find. The new one lives as long as one that you create, and makes tokens that live no longer than those of the old one. Needs that you hold the client's scopes, and that its networks lie within yours.",
            )
            .parameters([path_id("tok", "The token's id."), idempotency_key(), dry_run()])
            .body::<RotationBody>(JSON)
            .answers::<MintedToken<'_>>(201, "The new token with its secret, this once.")
            .problems(&[
                Code::NotGrantable,
                Code::SecretRequired,
                Code::OwnToken,
                Code::TokenEnded,
                Code::IdempotencyKeyReused,
                Code::SecretAlreadyShown,
            ]),
        Endpoint::guarded(Method::GET, "/api/v1/tokens/{id}/usage", "getTokenUsage", api::get_token_usage)
            .describe(
                TAG,
                "Read the usage of a token",
                "Requests by operation and hour, the latest first, and all of them together.",
            )
            .parameters([path_id("tok", "The token's id."), limit(), cursor()])
            .answers::<TokenUsage>(200, "A page.")
            .problems(&[Code::InvalidCursor]),
    ]
}

fn ending_endpoints() -> Vec<Endpoint> {
    let problems = [Code::SecretRequired, Code::LastAdmin, Code::IdempotencyKeyReused];
    vec![
        Endpoint::guarded(Method::POST, "/api/v1/tokens/{id}/revoke", "revokeTokenById", api::revoke_token_by_id)
            .describe(
                TAG,
                "Revoke a token",
                "Its very next request is refused, in all processes. Tells what the token made (`created`); with `cascade` that ends, too: tokens are revoked, clients suspended, links of identities cut. Repeating it is harmless. No scope but this one is needed: an alarm must not wait. It takes a secret, not an access token.",
            )
            .parameters([path_id("tok", "The token's id."), idempotency_key(), dry_run()])
            .body::<RevocationBody>(JSON)
            .answers::<Ended>(200, "What ended.")
            .problems(&problems),
        Endpoint::guarded(Method::POST, "/api/v1/tokens/revoke", "revokeTokenBySecret", api::revoke_token_by_secret)
            .describe(
                TAG,
                "Revoke a token by its secret",
                "The same for a secret that was found, or an id. A token that you do not manage is answered as one that does not exist (404).",
            )
            .parameters([idempotency_key(), dry_run()])
            .body::<PastedRevocationBody>(JSON)
            .answers::<Ended>(200, "What ended.")
            .problems(&problems)
            .problems(&[Code::RecordNotFound]),
    ]
}

fn own_endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/tokens/current", "getCurrentToken", api::get_current_token)
            .describe(TAG, "Read the token of this request", "What an admin sees of it.")
            .answers::<TokenView>(200, "The token.")
            .problems(&[Code::RecordNotFound]),
        Endpoint::guarded(
            Method::POST,
            "/api/v1/tokens/current/revoke",
            "revokeCurrentToken",
            api::revoke_current_token,
        )
        .describe(
            TAG,
            "Revoke the token of this request",
            "For a program that is taken out of use, and for whoever finds a token. An access token (JWT) ends alone, and its secret stays. There is no rotation by a token of itself: whoever found one could prolong the find.",
        )
        .parameters([idempotency_key(), dry_run()])
        .body::<OwnRevocationBody>(JSON)
        .answers::<Ended>(200, "What ended.")
        .answers_with(204, "The access token ended.", None)
        .problems(&[Code::LastAdmin, Code::IdempotencyKeyReused, Code::RecordNotFound]),
        Endpoint::open(Method::GET, "/api/v1/rights", "listRights", api::list_rights)
            .describe(
                TAG,
                "List scopes and roles",
                "What a token can be allowed, and the roles: names for scopes that stand for them when a client is made.",
            )
            .answers::<Rights>(200, "Scopes and roles."),
    ]
}

fn confirm_fence() -> Parameter {
    Parameter::query(
        "confirm_fence",
        json!({"type": "boolean", "default": false}),
        "Binds your own client to networks that do not contain the address that you call from. Never the last administrator's.",
    )
}
