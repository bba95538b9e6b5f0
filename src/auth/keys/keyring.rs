//! The published keys in memory: what a request needs of them without asking the database.
//!
//! A token with an unknown key is refused without a look into the database, so that forged ones cost next to nothing.
//! That is safe because the ring is never behind for long: a request's own database closure, which reads the epoch,
//! loads it again whenever that is another than the ring's, and the maintenance thread looks every two seconds.

use super::KNOWN_AFTER;
use super::pair::{open_private, sign};
use super::store::{StoredKey, published_keys};
use crate::auth::sealing::MasterKey;
use crate::clock;
use crate::db::schema::{registry_state, revoked_access, signing_keys};
use crate::db::{Conn, Database};
use crate::error::{Code, Error, Result};
use crate::texts;
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, RwLock};

/// The published keys and what else stands between a signature and its use.
pub struct Keyring {
    master: Option<Arc<MasterKey>>,
    loaded: RwLock<Arc<Loaded>>,
}

/// All of it as of one epoch.
struct Loaded {
    epoch: i64,
    keys: Vec<KnownKey>,
    /// The JWKS (RFC 7517 §5) as it is served.
    published: String,
    /// `jti` of access tokens that were revoked.
    revoked: HashSet<String>,
}

struct KnownKey {
    kid: String,
    /// When it began to sign; a next key has not.
    activated_at: Option<String>,
    created_at: DateTime<Utc>,
    public: DecodingKey,
    private: Option<EncodingKey>,
}

/// Why a token with a valid signature is refused because of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// Its key is retired.
    Unknown,
    /// It was revoked.
    Revoked,
}

impl KeyFault {
    fn of(is_known: bool, is_revoked: bool) -> Option<Self> {
        match (is_known, is_revoked) {
            (false, _) => Some(Self::Unknown),
            (true, true) => Some(Self::Revoked),
            (true, false) => None,
        }
    }
}

impl Keyring {
    /// An empty ring; [`Self::poll`] fills it.
    pub fn new(master: Option<Arc<MasterKey>>) -> Self {
        let empty = Loaded {
            epoch: -1,
            keys: Vec::new(),
            published: json!({"keys": []}).to_string(),
            revoked: HashSet::new(),
        };
        Self {
            master,
            loaded: RwLock::new(Arc::new(empty)),
        }
    }

    /// Looks whether anything has changed, and loads it.
    pub fn poll(&self, database: &Database) -> Result<()> {
        database.read_blocking(|conn| {
            let epoch: i64 = registry_state::table
                .find(1)
                .select(registry_state::epoch)
                .first(conn)?;
            self.refresh(conn, epoch)
        })
    }

    /// Loads the ring again unless it is of this epoch, which was read on this connection. Not within the writer's
    /// transaction, whose epoch may never be committed.
    pub fn refresh(&self, conn: &mut Conn, epoch: i64) -> Result<()> {
        if self.loaded().is_some_and(|loaded| loaded.epoch >= epoch) {
            return Ok(());
        }
        let stored = published_keys(conn)?;
        let revoked: Vec<String> = revoked_access::table.select(revoked_access::jti).load(conn)?;
        let loaded = Arc::new(Loaded {
            epoch,
            published: publish(&stored),
            keys: stored.into_iter().filter_map(|key| self.know(key)).collect(),
            revoked: revoked.into_iter().collect(),
        });
        if let Ok(mut place) = self.loaded.write()
            // A slower request may bring an older state.
            && place.epoch < epoch
        {
            *place = loaded;
        }
        Ok(())
    }

    /// The JWKS.
    pub fn published(&self) -> String {
        self.loaded().map(|loaded| loaded.published.clone()).unwrap_or_default()
    }

    /// The public key with this name, from our own set only.
    pub fn public_key(&self, kid: &str) -> Option<DecodingKey> {
        let loaded = self.loaded()?;
        loaded
            .keys
            .iter()
            .find(|key| key.kid == kid)
            .map(|key| key.public.clone())
    }

    /// Is there a published key of this name?
    pub fn knows(&self, kid: &str) -> bool {
        self.loaded()
            .is_some_and(|loaded| loaded.keys.iter().any(|key| key.kid == kid))
    }

    /// Why a token of this key is no longer valid, as of this connection's view of the database: answered from memory where
    /// that is of the same epoch.
    pub fn find_fault(&self, conn: &mut Conn, epoch: i64, kid: &str, jti: &str) -> Result<Option<KeyFault>> {
        if let Some(loaded) = self.loaded().filter(|loaded| loaded.epoch == epoch) {
            let is_known = loaded.keys.iter().any(|key| key.kid == kid);
            return Ok(KeyFault::of(is_known, loaded.revoked.contains(jti)));
        }
        let keys: i64 = signing_keys::table
            .filter(signing_keys::kid.eq(kid))
            .filter(signing_keys::state.ne("retired"))
            .count()
            .get_result(conn)?;
        let revoked: i64 = revoked_access::table
            .filter(revoked_access::jti.eq(jti))
            .count()
            .get_result(conn)?;
        Ok(KeyFault::of(keys > 0, revoked > 0))
    }

    /// Signs a header, to which the name of the key is added, and claims; the whole token.
    ///
    /// # Errors
    /// As [`Self::sign_message`].
    pub fn sign(&self, mut header: Value, claims: &impl serde::Serialize) -> Result<String> {
        self.sign_message(|kid| {
            if let Some(members) = header.as_object_mut() {
                members.insert("kid".to_owned(), json!(kid));
            }
            Ok(format!("{}.{}", encode(&header)?, encode(claims)?))
        })
    }

    /// Signs what is made for the key of this name; message, dot and signature.
    ///
    /// # Errors
    /// 503 `signing-unavailable` when this process has no master key, or one that opens no key.
    pub fn sign_message(&self, make: impl FnOnce(&str) -> Result<String>) -> Result<String> {
        let loaded = self
            .loaded()
            .ok_or_else(|| Error::internal("the keyring is poisoned"))?;
        let (kid, key) = signer(&loaded).ok_or_else(signing_unavailable)?;
        sign(&make(kid)?, key)
    }

    fn loaded(&self) -> Option<Arc<Loaded>> {
        self.loaded.read().ok().map(|loaded| loaded.clone())
    }

    fn know(&self, stored: StoredKey) -> Option<KnownKey> {
        let public = serde_json::from_str::<Jwk>(&stored.public_jwk)
            .ok()
            .and_then(|jwk| DecodingKey::from_jwk(&jwk).ok());
        let (Some(public), Some(created_at)) = (public, clock::parse_instant(&stored.created_at)) else {
            log::error!("the signing key {} is damaged and left out", stored.kid);
            return None;
        };
        let private = match (&self.master, &stored.sealed_private) {
            (Some(master), Some(sealed)) => open_private(master, &stored.kid, sealed),
            _ => None,
        };
        if private.is_none() && self.master.is_some() && stored.state == "active" {
            log::error!(
                "the master key does not open the signing key {}: give the right one, or replace the key with: eduaccord keys rotate --now",
                stored.kid
            );
        }
        Some(KnownKey {
            activated_at: stored.activated_at,
            kid: stored.kid,
            created_at,
            public,
            private,
        })
    }
}

/// Of the keys that every process already knows, the one that was activated last; where there is none (at the very first
/// start), the first one.
fn signer(loaded: &Loaded) -> Option<(&str, &EncodingKey)> {
    let known = clock::now() - KNOWN_AFTER;
    let mut able: Vec<_> = loaded
        .keys
        .iter()
        .filter_map(|key| Some((key.activated_at.as_deref()?, key, key.private.as_ref()?)))
        .collect();
    able.sort_by_key(|(activated_at, ..)| *activated_at);
    let (_, key, private) = able
        .iter()
        .rfind(|(_, key, _)| key.created_at <= known)
        .or_else(|| able.first())?;
    Some((key.kid.as_str(), private))
}

/// A damaged key is left out; the others are published.
fn publish(keys: &[StoredKey]) -> String {
    let keys: Vec<Value> = keys
        .iter()
        .filter_map(|key| serde_json::from_str(&key.public_jwk).ok())
        .collect();
    json!({"keys": keys}).to_string()
}

fn encode(value: &impl serde::Serialize) -> Result<String> {
    use base64::Engine;
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text))
}

fn signing_unavailable() -> Error {
    Error::new(Code::SigningUnavailable, texts::access::no_signing_key())
}
