//! Reading a foreign token before its signature is looked at: strictly, but with what other issuers add.

use super::config::IssuerConfig;
use crate::auth::access_token::{LONGEST_TOKEN, split};
use crate::auth::keys::LEEWAY;
use crate::json::reader::{Limits, parse_strict};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde_json::Value;

/// Members of a header that change how a token is read or where its key comes from (RFC 7515 §4.1, RFC 7797).
const REFUSED_MEMBERS: &[&str] = &["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip"];
/// Claims that only ID tokens have (OpenID Connect Core 1.0 §3.3.2.11).
const OF_ID_TOKENS: &[&str] = &["at_hash", "c_hash", "s_hash"];

/// What a token says, as far as it matters here.
pub(super) struct Read {
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
    pub(super) subject: String,
    pub(super) expires_at: DateTime<Utc>,
}

/// Who a token says it is from; nothing is believed yet.
pub(super) fn read_issuer(token: &str) -> Option<String> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let [_, claims, _] = split(token)?;
    read_object(claims)?.get("iss")?.as_str().map(str::to_owned)
}

/// Reads a token as this issuer must write it.
pub(super) fn read_token(config: &IssuerConfig, token: &str, now: DateTime<Utc>) -> Option<Read> {
    let [header, claims, _] = split(token)?;
    let (header, claims) = (read_object(header)?, read_object(claims)?);
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let algorithm = *config
        .algorithms
        .iter()
        .find(|algorithm| text(&header, "alg").is_some_and(|name| name == format!("{algorithm:?}")))?;
    let typ = text(&header, "typ")?;
    let is_of_type = typ.trim_start_matches("application/").eq_ignore_ascii_case(&config.typ);
    let is_odd = REFUSED_MEMBERS.iter().any(|name| header.get(*name).is_some())
        || OF_ID_TOKENS.iter().any(|name| claims.get(*name).is_some())
        // Keycloak's way to tell its kinds of tokens apart, whose headers are alike.
        || claims.get("typ").is_some_and(|kind| kind != "Bearer");
    let latest = (now + LEEWAY).timestamp();
    let is_past = claims
        .get("iat")
        .is_none_or(|iat| seconds(iat).is_some_and(|iat| iat <= latest));
    let exp = seconds(claims.get("exp")?)?;
    let subject = text(&claims, "sub").filter(|subject| !subject.is_empty() && subject.len() <= 255)?;
    let is_good = is_of_type && !is_odd && is_past;
    is_good.then_some(Read {
        algorithm,
        kid: text(&header, "kid")?,
        subject,
        expires_at: DateTime::from_timestamp(exp, 0)?,
    })
}

/// What the library checks, beside the signature.
pub(super) fn validation(config: &IssuerConfig, algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[&config.issuer]);
    validation.set_audience(&[&config.audience]);
    validation.leeway = LEEWAY.num_seconds().unsigned_abs();
    validation.validate_nbf = true;
    validation
}

/// Whole seconds since 1970, not before it.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().filter(|seconds| *seconds >= 0)
}

fn read_object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let value = parse_strict(
        &bytes,
        Limits {
            max_depth: 16,
            ..Limits::OF_BODIES
        },
    )
    .ok()?;
    value.is_object().then_some(value)
}
