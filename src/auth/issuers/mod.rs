//! Tokens of other issuers (OpenID Connect): taken only from subjects that an administrator has linked to a client.
//!
//! An issuer authenticates a subject; the rights come from the linked client alone. A foreign token carries no rights,
//! and unlinking the subject ends it at the next request, although the issuer still accepts it.
//!
//! An issuer's keys are kept in memory. An unknown key asks for them again, at most once a minute however many tokens
//! name one, and a failure leaves the last good set in use. Worker threads never wait for the network.

pub mod config;
mod remote;
mod token;

use self::config::IssuerConfig;
use self::remote::{fetch_keys, read_certificates};
use self::token::{Read, read_issuer, read_token, validation};
use crate::auth::credential::{Credential, Foreign, SentToken};
use crate::auth::refusals::{refuse_expired, refuse_token};
use crate::auth::token_cache::TokenCache;
use crate::clock;
use crate::error::{Code, Error, Result};
use crate::texts;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

/// A set older than this is asked for again, so that a key that its issuer withdrew is forgotten here, too.
const KEPT_FOR: Duration = Duration::from_secs(15 * 60);

/// All issuers that are trusted.
pub struct Issuers(Vec<Arc<Issuer>>);

/// One issuer and what is known of its keys.
pub struct Issuer {
    config: IssuerConfig,
    interval: Duration,
    known: RwLock<Known>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: Option<Arc<Vec<Jwk>>>,
    /// When the set was received.
    since: Option<Instant>,
    /// When it was last asked for.
    asked: Option<Instant>,
}

/// Looks whether the certificates that an issuer is to be known by can be read, so that a wrong `ca_file` stops the start
/// and not its subjects' requests, hours later.
///
/// # Errors
/// A sentence for the operator.
pub fn check_authorities(configs: &[IssuerConfig]) -> Result<(), String> {
    for config in configs {
        if let Some(file) = &config.ca_file {
            read_certificates(Some(file.as_path()))
                .map_err(|problem| format!("{}: ca_file: {problem}", config.issuer))?;
        }
    }
    Ok(())
}

impl Issuers {
    /// `interval` is the shortest time between two questions for keys.
    pub fn new(configs: &[IssuerConfig], interval: Duration) -> Self {
        let issuer = |config: &IssuerConfig| Issuer {
            config: config.clone(),
            interval,
            known: RwLock::default(),
            asking: tokio::sync::Mutex::new(()),
        };
        Self(configs.iter().map(|config| Arc::new(issuer(config))).collect())
    }

    /// The issuer that a token says it is from, if that one is trusted. Nothing else of the token is believed by this.
    pub fn find(&self, token: &str) -> Option<Arc<Issuer>> {
        if self.0.is_empty() {
            return None;
        }
        let name = read_issuer(token)?;
        self.0.iter().find(|issuer| issuer.config.issuer == name).cloned()
    }
}

impl Issuer {
    /// The credential that a token of this issuer is.
    ///
    /// # Errors
    /// 401 as for every token that is none; 503 `issuer-unavailable` while its keys were never received.
    pub async fn verify(self: &Arc<Self>, sent: &SentToken<'_>, cache: &TokenCache) -> Result<Credential> {
        if let Some(Credential::Foreign(foreign)) = cache.credential(&sent.hash)
            && self.has_current(&foreign.kid)
        {
            return if foreign.has_ended(clock::now()) {
                Err(refuse_expired())
            } else {
                Ok(Credential::Foreign(foreign))
            };
        }
        let read = read_token(&self.config, sent.text, clock::now()).ok_or_else(refuse_token)?;
        let keys = self.keys_with(&read.kid).await?;
        check_signature(&self.config, &keys, &read, sent.text)?;
        let credential = Credential::Foreign(Arc::new(Foreign {
            hash: sent.hash.clone(),
            kid: read.kid,
            issuer: self.config.issuer.clone(),
            subject: read.subject,
            expires_at: read.expires_at,
        }));
        cache.remember_credential(&credential);
        Ok(credential)
    }

    /// The keys, asked for (again) where this one is not among them and the last question was long enough ago.
    async fn keys_with(self: &Arc<Self>, kid: &str) -> Result<Arc<Vec<Jwk>>> {
        if self.is_due(kid) {
            // Those who come meanwhile wait for the one answer.
            let _asking = self.asking.lock().await;
            if self.is_due(kid) {
                let issuer = self.clone();
                actix_web::web::block(move || issuer.ask())
                    .await
                    .map_err(Error::internal)?;
            }
        }
        let known = self.known.read().ok().and_then(|known| known.keys.clone());
        known.ok_or_else(|| Error::new(Code::IssuerUnavailable, texts::access::issuer_silent()))
    }

    fn is_due(&self, kid: &str) -> bool {
        let Ok(known) = self.known.read() else {
            return false;
        };
        let may_ask = known.asked.is_none_or(|asked| asked.elapsed() >= self.interval);
        may_ask && !known.has_current(kid)
    }

    /// Is this key in the set, and the set not too old? A remembered token counts only then.
    fn has_current(&self, kid: &str) -> bool {
        self.known.read().is_ok_and(|known| known.has_current(kid))
    }

    fn ask(&self) {
        let fetched = fetch_keys(&self.config);
        let Ok(mut known) = self.known.write() else {
            return;
        };
        known.asked = Some(Instant::now());
        match fetched {
            Ok(set) => {
                known.keys = Some(Arc::new(set.keys));
                known.since = known.asked;
            }
            Err(problem) => log::warn!(
                "the keys of the issuer {} were not received: {problem}",
                self.config.issuer
            ),
        }
    }
}

impl Known {
    fn has_current(&self, kid: &str) -> bool {
        let has_key = self
            .keys
            .as_ref()
            .is_some_and(|keys| keys.iter().any(|key| key.common.key_id.as_deref() == Some(kid)));
        has_key && self.since.is_some_and(|since| since.elapsed() < KEPT_FOR)
    }
}

fn check_signature(config: &IssuerConfig, keys: &[Jwk], read: &Read, token: &str) -> Result<()> {
    let jwk = keys
        .iter()
        .find(|key| key.common.key_id.as_deref() == Some(&read.kid) && fits(key, read.algorithm))
        .ok_or_else(refuse_token)?;
    let key = DecodingKey::from_jwk(jwk).map_err(|_| refuse_token())?;
    match jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation(config, read.algorithm)) {
        Ok(_) => Ok(()),
        Err(error) if *error.kind() == ErrorKind::ExpiredSignature => Err(refuse_expired()),
        Err(_) => Err(refuse_token()),
    }
}

/// Is the key for signatures of this algorithm? Its own word on it counts, too, where it has one.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let of_family = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256) => true,
        (AlgorithmParameters::EllipticCurve(parameters), Algorithm::ES256) => parameters.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(parameters), Algorithm::EdDSA) => parameters.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    let common = &key.common;
    of_family
        && common
            .key_algorithm
            .is_none_or(|named| named.to_string() == format!("{algorithm:?}"))
        && common
            .public_key_use
            .as_ref()
            .is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
}
