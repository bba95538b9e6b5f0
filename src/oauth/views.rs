//! What these operations answer. Names of members are those of the standards.

use crate::auth::scope::Scope;
use crate::schema::component::word_of;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// An access token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub(super) struct AccessToken<'a> {
    /// The token (JWT): send it as `Authorization: Bearer`.
    pub(super) access_token: String,
    #[schema(schema_with = bearer)]
    pub(super) token_type: &'static str,
    /// Seconds.
    pub(super) expires_in: i64,
    /// What it allows.
    pub(super) scope: &'a str,
}

/// What is known of a token (RFC 7662). Only `active` is there when it does not count, or is not for you to know.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Introspection {
    Secret(IntrospectedSecret),
    AccessToken(IntrospectedAccessToken),
    Nothing(NothingIntrospected),
}

/// A secret that counts.
#[derive(Serialize, ToSchema)]
pub(super) struct IntrospectedSecret {
    #[schema(schema_with = yes)]
    pub(super) active: bool,
    #[schema(schema_with = bearer)]
    pub(super) token_type: &'static str,
    /// What it allows.
    pub(super) scope: String,
    pub(super) client_id: String,
    /// The client.
    pub(super) sub: String,
    /// The office acted for; null for the registry itself.
    pub(super) office_id: Option<String>,
    /// The secret's own id.
    pub(super) tid: Option<String>,
    /// When it ends, in seconds since 1970.
    pub(super) exp: i64,
}

/// An access token that counts.
#[derive(Serialize, ToSchema)]
pub(super) struct IntrospectedAccessToken {
    #[serde(flatten)]
    #[schema(inline)]
    pub(super) holder: IntrospectedSecret,
    /// When it was made, in seconds since 1970.
    pub(super) iat: i64,
    /// Who made it.
    pub(super) iss: String,
    /// Whom it is for.
    pub(super) aud: String,
    /// Its own id.
    pub(super) jti: String,
}

/// No token, or none that is for you to know.
#[derive(Serialize, ToSchema)]
pub(super) struct NothingIntrospected {
    #[schema(schema_with = no)]
    pub(super) active: bool,
}

/// A set of public keys (RFC 7517).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the keys are published as they are stored; this describes them")]
pub(super) struct SigningKeys {
    keys: Vec<SigningKey>,
}

/// A public key for ES256.
#[derive(ToSchema)]
#[expect(dead_code, reason = "see SigningKeys")]
struct SigningKey {
    /// Its thumbprint (RFC 7638).
    kid: String,
    #[schema(schema_with = elliptic_curve)]
    kty: String,
    #[schema(schema_with = p_256)]
    crv: String,
    x: String,
    y: String,
    #[schema(schema_with = es256)]
    alg: String,
    #[schema(schema_with = signature)]
    r#use: String,
}

/// Metadata of the authorization server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub(super) struct ServerMetadata<'a> {
    #[schema(format = "uri")]
    pub(super) issuer: &'a str,
    #[schema(format = "uri")]
    pub(super) token_endpoint: String,
    #[schema(format = "uri")]
    pub(super) jwks_uri: String,
    #[schema(format = "uri")]
    pub(super) introspection_endpoint: String,
    #[schema(format = "uri")]
    pub(super) revocation_endpoint: String,
    #[schema(value_type = Vec<Scope>)]
    pub(super) scopes_supported: Vec<&'static str>,
    pub(super) response_types_supported: Vec<&'static str>,
    pub(super) grant_types_supported: Vec<&'static str>,
    pub(super) token_endpoint_auth_methods_supported: Vec<&'static str>,
    pub(super) introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    pub(super) revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    #[schema(format = "uri")]
    pub(super) service_documentation: String,
}

/// Metadata of the protected resource (RFC 9728).
#[derive(Serialize, ToSchema)]
pub(super) struct ResourceMetadata<'a> {
    #[schema(format = "uri")]
    pub(super) resource: &'a str,
    pub(super) authorization_servers: Vec<&'a str>,
    #[schema(format = "uri")]
    pub(super) jwks_uri: String,
    #[schema(value_type = Vec<Scope>)]
    pub(super) scopes_supported: Vec<&'static str>,
    pub(super) bearer_methods_supported: Vec<&'static str>,
    pub(super) resource_name: &'static str,
    #[schema(format = "uri")]
    pub(super) resource_documentation: String,
}

fn bearer() -> RefOr<Schema> {
    word_of(["Bearer"])
}

fn elliptic_curve() -> RefOr<Schema> {
    word_of(["EC"])
}

fn p_256() -> RefOr<Schema> {
    word_of(["P-256"])
}

fn es256() -> RefOr<Schema> {
    word_of(["ES256"])
}

fn signature() -> RefOr<Schema> {
    word_of(["sig"])
}

fn yes() -> RefOr<Schema> {
    only(true)
}

fn no() -> RefOr<Schema> {
    only(false)
}

fn only(value: bool) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .enum_values(Some([value]))
        .into()
}
