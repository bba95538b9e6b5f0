//! Who a secret belongs to, and whether it still counts: on every request, also beside other processes.
//!
//! Looking a token up costs two joined rows; asking whether anything about rights has changed costs one number. So what
//! was looked up is kept together with the epoch it was read at, and each request's own database closure starts by
//! reading the epoch. Whatever changes a right (a revocation, a suspension, a new scope, the office tree) raises the
//! epoch in the same transaction, so the next request sees it, in every process.

use crate::auth::caller::{Caller, ShownAccess};
use crate::auth::credential::{Credential, Foreign, Verified};
use crate::auth::keys::keyring::KeyFault;
use crate::auth::keys::{Keyring, LEEWAY};
use crate::auth::lifetime::{StoredLife, longest_of_subjects};
use crate::auth::network::Networks;
use crate::auth::refusals::{refuse_expired, refuse_token, unauthorized};
use crate::auth::scope::ScopeSet;
use crate::auth::switches::{Guard, is_on};
use crate::auth::token_cache::TokenCache;
use crate::clock;
use crate::db::schema::{clients, identities, records, registry_state, tokens};
use crate::db::{Backend, Conn};
use crate::error::{Code, Error, Result};
use crate::texts;
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl};
use std::sync::Arc;

/// Finds the caller that a credential authenticates.
pub struct Authority {
    keyring: Arc<Keyring>,
    cache: Arc<TokenCache>,
}

impl Authority {
    /// With the token cache of this process.
    pub fn new(keyring: Arc<Keyring>, cache: Arc<TokenCache>) -> Self {
        Self { keyring, cache }
    }

    /// The caller with this credential, as of this connection's view of the database; 401 when there is none.
    pub fn authenticate(&self, conn: &mut Conn, credential: &Credential) -> Result<Arc<Caller>> {
        let epoch: i64 = registry_state::table
            .find(1)
            .select(registry_state::epoch)
            .first(conn)?;
        self.keyring.refresh(conn, epoch)?;
        let caller = match self.cache.caller_at(epoch, credential.key()) {
            Some(caller) => caller,
            None => {
                let caller = self.look_up(conn, epoch, credential)?;
                self.cache.remember_caller(epoch, credential.key(), &caller);
                caller
            }
        };
        check_end(caller)
    }

    /// The same within the writer's transaction, where the epoch has been read already. Nothing is remembered: the
    /// epoch may be one that is never committed, and the next to have its number may stand for other rights.
    pub fn authenticate_at(&self, conn: &mut Conn, epoch: i64, credential: &Credential) -> Result<Arc<Caller>> {
        let caller = match self.cache.caller_at(epoch, credential.key()) {
            Some(caller) => caller,
            None => self.look_up(conn, epoch, credential)?,
        };
        check_end(caller)
    }

    fn look_up(&self, conn: &mut Conn, epoch: i64, credential: &Credential) -> Result<Arc<Caller>> {
        let caller = match credential {
            Credential::Secret(hash) => find_caller(conn, Key::SecretHash(hash))?,
            Credential::Access(verified) => self.look_up_access(conn, epoch, verified)?,
            Credential::Foreign(foreign) => find_linked(conn, foreign)?,
        };
        Ok(Arc::new(caller))
    }

    /// An access token is valid as long as the secret that it was made from, its own key, and every right that it names.
    fn look_up_access(&self, conn: &mut Conn, epoch: i64, verified: &Verified) -> Result<Caller> {
        let claims = &verified.claims;
        match self.keyring.find_fault(conn, epoch, &verified.kid, &claims.jti)? {
            None => {}
            Some(KeyFault::Unknown) => return Err(refuse_token()),
            Some(KeyFault::Revoked) => return Err(unauthorized(Code::TokenRevoked, texts::access::token_revoked())),
        }
        let source = find_caller(conn, Key::TokenId(&claims.tid))?;
        let scopes = ScopeSet::parse(&claims.scope).map_err(|_| refuse_token())?;
        let is_within = scopes.iter().all(|scope| source.scopes.contains(scope));
        let is_same = source.office_id == claims.office_id && source.client_id == claims.client_id;
        if !(is_within && is_same) && is_on(Guard::RightsOfAccessTokens) {
            return Err(unauthorized(Code::RightsChanged, texts::access::rights_changed()));
        }
        Ok(Caller {
            scopes,
            expires_at: source.expires_at.min(verified.expires_at() + LEEWAY),
            access: Some(ShownAccess {
                jti: claims.jti.clone(),
                expires_at: verified.expires_at(),
            }),
            ..source
        })
    }
}

/// What of a client makes a [`Caller`]: id, name, office, scopes, networks, state.
type ClientColumns = (String, String, Option<String>, String, String, String);

const CLIENT_COLUMNS: (
    clients::id,
    clients::name,
    clients::office_id,
    clients::scopes,
    clients::networks,
    clients::state,
) = (
    clients::id,
    clients::name,
    clients::office_id,
    clients::scopes,
    clients::networks,
    clients::state,
);

/// Does this client count: neither suspended nor of an office that was deleted?
fn is_usable(conn: &mut Conn, (_, _, office_id, _, _, state): &ClientColumns) -> Result<bool> {
    let is_suspended = state != "active" && is_on(Guard::ClientSuspension);
    Ok(!is_suspended && is_living(conn, office_id.as_deref())?)
}

fn make_caller(client: ClientColumns, token_id: String, expires_at: DateTime<Utc>) -> Result<Caller> {
    let (client_id, client_name, office_id, scopes, networks, _) = client;
    Ok(Caller {
        client_id,
        client_name,
        token_id: Some(token_id),
        office_id,
        scopes: read_scopes(&scopes)?,
        networks: read_networks(&networks)?,
        expires_at,
        secret_expires_at: None,
        longest_life: longest_of_subjects(),
        access: None,
    })
}

/// The client that a foreign subject is linked to. Its rights are the client's: what the other issuer says of rights is
/// not read.
fn find_linked(conn: &mut Conn, foreign: &Foreign) -> Result<Caller> {
    let mut query = identities::table
        .inner_join(clients::table.on(clients::id.eq(identities::client_id)))
        .select((CLIENT_COLUMNS, identities::id))
        .into_boxed::<Backend>();
    if is_on(Guard::IssuerOfSubject) {
        query = query.filter(identities::issuer.eq(&foreign.issuer));
    }
    if is_on(Guard::LinkedSubject) {
        query = query.filter(identities::subject.eq(&foreign.subject));
    }
    let row: Option<(ClientColumns, String)> = query.first(conn).optional()?;
    let Some((client, identity)) = row else {
        return Err(unauthorized(
            Code::IdentityNotLinked,
            texts::access::subject_not_linked(),
        ));
    };
    if !is_usable(conn, &client)? {
        return Err(unauthorized(Code::TokenRevoked, texts::access::linked_client_ended()));
    }
    make_caller(client, identity, foreign.expires_at + LEEWAY)
}

fn read_scopes(text: &str) -> Result<ScopeSet> {
    ScopeSet::parse(text).map_err(|scope| Error::internal(format!("a client holds the unknown scope {scope}")))
}

fn read_networks(text: &str) -> Result<Networks> {
    Networks::parse(text).map_err(|network| Error::internal(format!("a client has the unreadable network {network}")))
}

/// Is this office there still? The registry itself always is.
fn is_living(conn: &mut Conn, office_id: Option<&str>) -> Result<bool> {
    let Some(office) = office_id else {
        return Ok(true);
    };
    let living: i64 = records::table
        .filter(records::id.eq(office))
        .filter(records::deleted_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(living > 0 || !is_on(Guard::LivingOffice))
}

/// How a token is looked for.
enum Key<'a> {
    SecretHash(&'a str),
    TokenId(&'a str),
}

/// What of a token makes a [`Caller`]: id, when and by which token it was made, end, revocation, the longest life that it
/// gives.
type TokenColumns = (String, String, Option<String>, String, Option<String>, Option<i64>);

const TOKEN_COLUMNS: (
    tokens::id,
    tokens::created_at,
    tokens::created_by_token,
    tokens::expires_at,
    tokens::revoked_at,
    tokens::longest_life,
) = (
    tokens::id,
    tokens::created_at,
    tokens::created_by_token,
    tokens::expires_at,
    tokens::revoked_at,
    tokens::longest_life,
);

/// The client behind a token, if both still count; its end is not looked at.
fn find_caller(conn: &mut Conn, key: Key<'_>) -> Result<Caller> {
    let query = tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .select((CLIENT_COLUMNS, TOKEN_COLUMNS));
    let row: Option<(ClientColumns, TokenColumns)> = match key {
        Key::SecretHash(hash) => query.filter(tokens::secret_hash.eq(hash)).first(conn).optional()?,
        Key::TokenId(id) => query.filter(tokens::id.eq(id)).first(conn).optional()?,
    };
    let Some((client, (token_id, created_at, created_by_token, expires_at, revoked_at, longest_life))) = row else {
        return Err(refuse_token());
    };
    let life = StoredLife {
        longest_life,
        created_by_token: created_by_token.as_deref(),
        created_at: &created_at,
        expires_at: &expires_at,
    };
    let longest_life = life.longest();
    let is_revoked = revoked_at.is_some() && is_on(Guard::TokenRevocation);
    if is_revoked || !is_usable(conn, &client)? {
        return Err(unauthorized(
            Code::TokenRevoked,
            texts::access::token_no_longer_counts(),
        ));
    }
    let expires_at =
        clock::parse_instant(&expires_at).ok_or_else(|| Error::internal("a token's expiry cannot be read"))?;
    Ok(Caller {
        secret_expires_at: Some(expires_at),
        longest_life,
        ..make_caller(client, token_id, expires_at)?
    })
}

fn check_end(caller: Arc<Caller>) -> Result<Arc<Caller>> {
    if caller.expires_at <= clock::now() && is_on(Guard::TokenExpiry) {
        return Err(refuse_expired());
    }
    Ok(caller)
}
