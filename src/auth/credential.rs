//! What a caller shows to prove who it is: a secret, an access token, a token of another issuer.

use crate::auth::keys::LEEWAY;
use crate::auth::refusals::{refuse_token, unauthorized};
use crate::auth::secret::{hash_secret, is_well_formed};
use crate::error::{Code, Result};
use crate::texts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a caller shows to prove who it is. Never the secret itself.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An opaque secret, by its hash.
    Secret(Arc<str>),
    /// A verified access token (JWT); the database says whether it is still valid.
    Access(Arc<Verified>),
    /// A verified token of another issuer; the database says which client it stands for.
    Foreign(Arc<Foreign>),
}

impl Credential {
    /// The key in the token cache: a hash, from which the token cannot be derived.
    pub fn key(&self) -> &Arc<str> {
        match self {
            Self::Secret(hash) => hash,
            Self::Access(verified) => &verified.hash,
            Self::Foreign(foreign) => &foreign.hash,
        }
    }

    /// True once its end and the leeway for other clocks are over; the database has the end of a secret.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Secret(_) => false,
            Self::Access(verified) => verified.has_ended(now),
            Self::Foreign(foreign) => foreign.has_ended(now),
        }
    }
}

/// A token as it was sent.
pub struct SentToken<'a> {
    /// The token itself.
    pub text: &'a str,
    /// Its SHA-256 in lower-case hex: the key in the token cache.
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

    /// True if it has the form of a token, a secret's or a JWT's (RFC 7515 §7.1), whether or not it is one.
    pub fn has_form(&self) -> bool {
        is_well_formed(self.text) || is_signed(self.text)
    }
}

/// Three parts of base64url, of which the first is a JSON object.
fn is_signed(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let header = parts.first().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let is_object = header
        .is_some_and(|bytes| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).is_ok());
    parts.len() == 3 && is_object
}

/// What an access token says (RFC 9068 §2.2). `deny_unknown_fields`: we know all that we issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// This service, by its public URL.
    pub iss: String,
    /// The audience: this service.
    pub aud: String,
    /// Who uses it: the client.
    pub sub: String,
    /// The client.
    pub client_id: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The token's own id, by which it can be revoked.
    pub jti: String,
    /// What it allows, space-separated.
    pub scope: String,
    /// The office acted for; absent for the registry itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_id: Option<String>,
    /// The secret that it was made from.
    pub tid: String,
}

/// A token whose form, signature and claims were verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The hash of the token, by which it is remembered.
    pub hash: Arc<str>,
    /// The key that signed it.
    pub kid: String,
    /// What it says.
    pub claims: Claims,
}

impl Verified {
    /// When it ends.
    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.claims.exp, 0).unwrap_or_default()
    }

    /// True once its end and the leeway for other clocks are over.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.expires_at() + LEEWAY <= now
    }
}

/// The subject of a foreign token whose form, signature and claims were verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The hash of the token, by which it is remembered.
    pub hash: Arc<str>,
    /// The key that signed it.
    pub kid: String,
    /// Who made it.
    pub issuer: String,
    /// The subject (`sub`).
    pub subject: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Foreign {
    /// True once its end and the leeway for other clocks are over.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.expires_at + LEEWAY <= now
    }
}

/// The token in an `Authorization` header (RFC 6750 §2.1).
pub fn read_bearer(header: Option<&str>) -> Result<SentToken<'_>> {
    let Some(header) = header else {
        return Err(unauthorized(Code::TokenRequired, texts::access::send_bearer()));
    };
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(SentToken::new(token.trim()))
    } else {
        Err(refuse_token())
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
