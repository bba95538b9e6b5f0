//! Access tokens in JWT form (RFC 9068): a short view of a secret, for callers that want to hand on less than it.
//!
//! The secret remains the credential. A token lives ten minutes, names the secret that it was made from (`tid`), and
//! every request with it asks whether that secret still counts (see [`authority`](crate::auth::authority)).
//!
//! Anything that is not a token of this service is refused in one way, without a look into the database or at any address that it names:
//! the header is read by hand before the signature (RFC 8725), because a JWT library rightly takes much more than one
//! service ever issues: one algorithm, one `typ`, keys of our own set only, and three members. The claims are exactly
//! ours, each of its one type and given once.

use crate::auth::credential::{Claims, Credential, SentToken, Verified, read_secret};
use crate::auth::keys::{ACCESS_LIFE, Keyring, LEEWAY};
use crate::auth::refusals::{refuse_expired, refuse_token};
use crate::auth::token_cache::TokenCache;
use crate::clock;
use crate::error::Result;
use crate::json::reader::{Limits, parse_strict};
use crate::values::id::{is_id, new_id};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Value, json};
use std::sync::Arc;

/// A longer token is not looked at.
pub const LONGEST_TOKEN: usize = 8 * 1024;
/// The type of an access token (RFC 9068 §2.1). An ID token or a webhook's signature has another.
const TYPE: &str = "at+jwt";
/// Levels that a header or claims may have: both are flat.
const MAX_DEPTH: usize = 1;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not one of ours, whatever is wrong with it.
    Invalid,
    /// It was ours, and its time is over.
    Expired,
}

/// The claims of a token to be issued.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The client.
    pub client_id: String,
    /// Its office.
    pub office_id: Option<String>,
    /// The secret that was shown.
    pub token_id: String,
    /// What is granted, space-separated.
    pub scope: String,
    /// When the secret ends: the token does not outlive it.
    pub secret_expires_at: DateTime<Utc>,
}

/// Issues and verifies the access tokens of one service.
pub struct AccessTokens {
    issuer: String,
    keyring: Arc<Keyring>,
    cache: Arc<TokenCache>,
}

impl AccessTokens {
    /// For the service with this public URL, which is the issuer and the audience of all its tokens.
    pub fn new(public_url: &str, keyring: Arc<Keyring>, cache: Arc<TokenCache>) -> Self {
        Self {
            issuer: public_url.to_owned(),
            keyring,
            cache,
        }
    }

    /// The keys behind them.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The issuer: this service's public URL.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Makes a token; with it, how many seconds it lives.
    pub fn issue(&self, grant: &Grant) -> Result<(String, i64)> {
        let now = clock::now();
        let exp = (now + ACCESS_LIFE).min(grant.secret_expires_at).timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: grant.client_id.clone(),
            client_id: grant.client_id.clone(),
            iat: now.timestamp(),
            exp,
            nbf: None,
            jti: new_id("jti"),
            scope: grant.scope.clone(),
            office_id: grant.office_id.clone(),
            tid: grant.token_id.clone(),
        };
        let token = self.keyring.sign(json!({"typ": TYPE, "alg": "ES256"}), &claims)?;
        Ok((token, exp - now.timestamp()))
    }

    /// Is this one of our tokens, and does it still live? Asks only the memory of this process.
    pub fn verify(&self, sent: &SentToken<'_>) -> Result<Arc<Verified>, Refusal> {
        if sent.text.len() > LONGEST_TOKEN {
            return Err(Refusal::Invalid);
        }
        // A remembered token counts only while its key does.
        if let Some(Credential::Access(known)) = self.cache.credential(&sent.hash)
            && self.keyring.knows(&known.kid)
        {
            return if known.has_ended(clock::now()) {
                Err(Refusal::Expired)
            } else {
                Ok(known)
            };
        }
        let (kid, claims) = self.read(sent.text)?;
        let verified = Arc::new(Verified {
            hash: sent.hash.clone(),
            kid,
            claims,
        });
        self.cache.remember_credential(&Credential::Access(verified.clone()));
        Ok(verified)
    }

    fn read(&self, token: &str) -> Result<(String, Claims), Refusal> {
        let [header, ..] = split(token).ok_or(Refusal::Invalid)?;
        let kid = read_header(header).ok_or(Refusal::Invalid)?;
        let key = self.keyring.public_key(&kid).ok_or(Refusal::Invalid)?;
        match jsonwebtoken::decode::<Claims>(token, &key, &self.validation()) {
            Ok(token) if is_ours(&token.claims) => Ok((kid, token.claims)),
            Err(error) if *error.kind() == ErrorKind::ExpiredSignature => Err(Refusal::Expired),
            _ => Err(Refusal::Invalid),
        }
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        // jsonwebtoken allows 60 s of leeway by default; a 10-minute token would live 11 minutes.
        validation.leeway = LEEWAY.num_seconds().unsigned_abs();
        validation.validate_nbf = true;
        validation
    }
}

/// Are the claims of the form that this service gives them? The library has checked `iss`, `aud`, `exp` and `nbf`.
fn is_ours(claims: &Claims) -> bool {
    let latest = (clock::now() + LEEWAY).timestamp();
    claims.sub == claims.client_id
        && is_id("cli", &claims.client_id)
        && is_id("tok", &claims.tid)
        && is_id("jti", &claims.jti)
        && claims.office_id.as_deref().is_none_or(|id| is_id("off", id))
        && (0..=latest).contains(&claims.iat)
        && claims.exp >= claims.iat
        && claims.exp - claims.iat <= ACCESS_LIFE.num_seconds()
}

/// The three parts of a JWS in compact form (RFC 7515 §7.1), each of at least one character of base64url.
pub(super) fn split(token: &str) -> Option<[&str; 3]> {
    let mut parts = token.split('.');
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let is_whole = parts.next().is_none()
        && three.iter().all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        });
    is_whole.then_some(three)
}

/// The key's name, where the header is `{"alg":"ES256","kid":…,"typ":"at+jwt"}` and nothing more: no `crit`, no `b64`,
/// and nothing that names a key or an address (`jwk`, `jku`, `x5c`, `x5u`).
fn read_header(part: &str) -> Option<String> {
    let header = read_object(part)?;
    let members = header.as_object()?;
    let is = |name: &str, value: &str| members.get(name).and_then(Value::as_str) == Some(value);
    let kid = members.get("kid")?.as_str()?;
    (members.len() == 3 && is("alg", "ES256") && is("typ", TYPE)).then(|| kid.to_owned())
}

/// A flat JSON object, read strictly: UTF-8, each member once.
fn read_object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let value = parse_strict(
        &bytes,
        Limits {
            max_depth: MAX_DEPTH,
            ..Limits::OF_BODIES
        },
    )
    .ok()?;
    value.is_object().then_some(value)
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
