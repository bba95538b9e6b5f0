//! The handlers.

use super::failure::{explain, invalid_client, refuse_client};
use super::request::TokenRequest;
use super::views::{
    AccessToken, IntrospectedAccessToken, IntrospectedSecret, Introspection, NothingIntrospected, ResourceMetadata,
    ServerMetadata,
};
use crate::accounts::revoke_presented::StoredToken;
use crate::auth::access::{acts_for, rules};
use crate::auth::access_token::{Grant, read_token};
use crate::auth::credential::{Credential, SentToken};
use crate::auth::scope::{AnyToken, Scope};
use crate::auth::{AuthService, Authorized, Caller, Reading};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Call, OpenCall, Request};
use serde::Serialize;

/// How long others may keep keys and metadata; a next key is published for at least as long before it signs.
const KEPT: &str = "public, max-age=300";

/// `POST /oauth/token`
pub(super) async fn issue_token(call: OpenCall) -> Result<Answer> {
    let request = TokenRequest::read(&call.request).map_err(explain)?;
    let grant = grant(&call.request, &request).await.map_err(explain)?;
    let auth_service = call.request.share::<AuthService>()?;
    let (token, seconds) = auth_service.issue(&grant).map_err(explain)?;
    secret_answer(&AccessToken {
        access_token: token,
        token_type: "Bearer",
        expires_in: seconds,
        scope: &grant.scope,
    })
}

/// What the client behind the id and the secret gets. The secret is checked as any bearer's is.
async fn grant(request: &Request, asked: &TokenRequest) -> Result<Grant> {
    let auth_service = request.share::<AuthService>()?;
    let admitted = Authorized::<AnyToken>::open_by_secret(&auth_service, &asked.secret, request.context());
    let auth = admitted.await.map_err(refuse_client)?;
    let caller = auth.caller();
    if caller.client_id != asked.client_id {
        return Err(invalid_client());
    }
    Ok(Grant {
        client_id: caller.client_id.clone(),
        office_id: caller.office_id.clone(),
        token_id: caller.token_id.clone().unwrap_or_default(),
        scope: asked.choose_scopes(caller.scopes)?.to_text(),
        secret_expires_at: caller.expires_at,
    })
}

/// `POST /oauth/introspect`
pub(super) async fn introspect_token(call: Call<AnyToken>) -> Result<Answer> {
    let form = call.request.form().map_err(explain)?;
    let auth_service = call.request.share::<AuthService>()?;
    let sent = SentToken::new(form.get("token").map_err(explain)?);
    let told = match read_token(&sent, auth_service.tokens()) {
        Err(_) => None,
        Ok(credential) => {
            let shown = credential.clone();
            let describe = move |reading: &mut Reading<'_>, holder: Option<&Caller>| describe(reading, holder, &shown);
            call.auth.read_about(credential, describe).await?
        }
    };
    let nothing = Introspection::Nothing(NothingIntrospected { active: false });
    secret_answer(&told.unwrap_or(nothing))
}

/// What the caller may know of a token: nothing, unless it acts for the office of the token's client.
fn describe(
    reading: &mut Reading<'_>,
    holder: Option<&Caller>,
    credential: &Credential,
) -> Result<Option<Introspection>> {
    let Some(holder) = holder else {
        return Ok(None);
    };
    let may_know = match (&reading.caller.office_id, &holder.office_id) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(own), Some(other)) => acts_for(reading.conn, own, other)?,
    };
    Ok(rules::may_know_token(may_know).then(|| describe_holder(holder, credential)))
}

fn describe_holder(holder: &Caller, credential: &Credential) -> Introspection {
    let mut secret = IntrospectedSecret {
        active: true,
        token_type: "Bearer",
        scope: holder.scopes.to_text(),
        client_id: holder.client_id.clone(),
        sub: holder.client_id.clone(),
        office_id: holder.office_id.clone(),
        tid: holder.token_id.clone(),
        exp: holder.expires_at.timestamp(),
    };
    let Credential::Access(verified) = credential else {
        return Introspection::Secret(secret);
    };
    let claims = verified.claims.clone();
    secret.exp = claims.exp;
    Introspection::AccessToken(IntrospectedAccessToken {
        holder: secret,
        iat: claims.iat,
        iss: claims.iss,
        aud: claims.aud,
        jti: claims.jti,
    })
}

/// `POST /oauth/revoke`
pub(super) async fn revoke_token(call: OpenCall) -> Result<Answer> {
    let form = call.request.form().map_err(explain)?;
    let auth_service = call.request.share::<AuthService>()?;
    // An unknown token has nothing to revoke, and the answer is the same (RFC 7009 §2.2).
    let token = form.get("token").map_err(explain)?;
    auth_service
        .end_presented::<StoredToken>(token, call.request.context())
        .await
        .map_err(explain)?;
    Ok(Answer {
        status: 200,
        headers: vec![("Cache-Control".to_owned(), "no-store".to_owned())],
        body: String::new(),
        secret_of: None,
    })
}

/// `GET /.well-known/jwks.json`
pub(super) async fn list_signing_keys(call: OpenCall) -> Result<Answer> {
    Ok(kept(
        call.request.share::<AuthService>()?.tokens().keyring().published(),
    ))
}

/// `GET /.well-known/oauth-authorization-server`
pub(super) async fn get_server_metadata(call: OpenCall) -> Result<Answer> {
    let auth_service = call.request.share::<AuthService>()?;
    kept_value(&server_metadata(auth_service.tokens().issuer()))
}

/// `GET /.well-known/oauth-protected-resource`
pub(super) async fn get_resource_metadata(call: OpenCall) -> Result<Answer> {
    let auth_service = call.request.share::<AuthService>()?;
    let issuer = auth_service.tokens().issuer();
    kept_value(&ResourceMetadata {
        resource: issuer,
        authorization_servers: vec![issuer],
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        scopes_supported: scopes(),
        bearer_methods_supported: vec!["header"],
        resource_name: "Eduaccord",
        resource_documentation: format!("{issuer}/docs/"),
    })
}

fn server_metadata(issuer: &str) -> ServerMetadata<'_> {
    ServerMetadata {
        issuer,
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        introspection_endpoint: format!("{issuer}/oauth/introspect"),
        revocation_endpoint: format!("{issuer}/oauth/revoke"),
        scopes_supported: scopes(),
        response_types_supported: Vec::new(),
        grant_types_supported: vec!["client_credentials"],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
        introspection_endpoint_auth_methods_supported: vec!["Bearer"],
        revocation_endpoint_auth_methods_supported: vec!["none"],
        service_documentation: format!("{issuer}/docs/"),
    }
}

fn scopes() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.as_str()).collect()
}

fn kept_value(value: &impl Serialize) -> Result<Answer> {
    serde_json::to_string(value).map_err(Error::internal).map(kept)
}

fn kept(body: String) -> Answer {
    let tag = crate::http::tag::body_tag(None, &body);
    Answer::json(200, body)
        .header("ETag", tag)
        .header("Cache-Control", KEPT)
}

/// What must stay nowhere on its way (RFC 6749 §5.1).
fn secret_answer(value: &impl Serialize) -> Result<Answer> {
    let body = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(Answer::json(200, body)
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache"))
}

/// Problems that are particular to `/oauth/token`.
pub(super) const TOKEN_PROBLEMS: &[Code] = &[
    Code::UnsupportedGrantType,
    Code::InvalidScope,
    Code::SigningUnavailable,
    Code::RateLimited,
    Code::TooManyFailures,
];
