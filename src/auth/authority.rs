//! Who a secret belongs to, and whether it still counts: on every request, also beside other processes.
//!
//! Looking a token up costs two joined rows; asking whether anything about rights has changed costs one number. So what
//! was looked up is kept together with the epoch it was read at, and each request's own database closure starts by
//! reading the epoch. Whatever changes a right (a revocation, a suspension, a new scope, the office tree) raises the
//! epoch in the same transaction, so the next request sees it, in every process.

use crate::auth::network::Networks;
use crate::auth::scope::ScopeSet;
use crate::auth::visit::{Credential, refuse_token};
use crate::clock;
use crate::db::Conn;
use crate::db::schema::{clients, records, registry_state, tokens};
use crate::error::{Code, Error, Result};
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// More callers than this are not remembered at once.
const LARGEST_CACHE: usize = 10_000;

/// A client behind a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The service account.
    pub client_id: String,
    /// Its name.
    pub client_name: String,
    /// The token that was shown.
    pub token_id: Option<String>,
    /// The office it acts for; none for the registry's own administrators.
    pub office_id: Option<String>,
    /// What it may do.
    pub scopes: ScopeSet,
    /// From where it may call.
    pub networks: Networks,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

impl Caller {
    /// Somebody at the host's command line, who acts for the registry itself.
    pub fn command_line(now: DateTime<Utc>) -> Self {
        Self {
            client_id: "cli".to_owned(),
            client_name: "command line".to_owned(),
            token_id: None,
            office_id: None,
            scopes: ScopeSet::all(),
            networks: Networks::default(),
            expires_at: now + chrono::TimeDelta::days(1),
        }
    }

    /// May this caller see and write every record?
    pub fn is_registry(&self) -> bool {
        self.office_id.is_none()
    }
}

/// What is remembered of tokens.
#[derive(Default)]
pub struct Authority {
    remembered: RwLock<Remembered>,
}

#[derive(Default)]
struct Remembered {
    epoch: i64,
    callers: HashMap<String, Arc<Caller>>,
}

impl Authority {
    /// What was known of this credential at some earlier request: good enough to read on, never to let in or to refuse.
    pub fn recall(&self, credential: &Credential) -> Option<Arc<Caller>> {
        let Credential::Secret(hash) = credential;
        let remembered = self.remembered.read().ok()?;
        remembered.callers.get(&**hash).cloned()
    }

    /// The caller with this credential, as of this connection's view of the database; 401 when there is none.
    pub fn authenticate(&self, conn: &mut Conn, credential: &Credential) -> Result<Arc<Caller>> {
        let epoch: i64 = registry_state::table
            .find(1)
            .select(registry_state::epoch)
            .first(conn)?;
        self.authenticate_at(conn, epoch, credential)
    }

    /// The same where the epoch has been read already.
    pub fn authenticate_at(&self, conn: &mut Conn, epoch: i64, credential: &Credential) -> Result<Arc<Caller>> {
        let Credential::Secret(secret_hash) = credential;
        let known = self.remembered.read().ok().and_then(|remembered| {
            (remembered.epoch == epoch)
                .then(|| remembered.callers.get(&**secret_hash).cloned())
                .flatten()
        });
        let caller = match known {
            Some(caller) => caller,
            None => self.look_up(conn, epoch, secret_hash)?,
        };
        if caller.expires_at <= clock::now() {
            return Err(unauthorized(Code::TokenExpired, "The token has expired."));
        }
        Ok(caller)
    }

    fn look_up(&self, conn: &mut Conn, epoch: i64, secret_hash: &str) -> Result<Arc<Caller>> {
        type Row = (
            String,
            String,
            Option<String>,
            String,
            String,
            String,
            String,
            String,
            Option<String>,
        );
        let row: Option<Row> = tokens::table
            .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
            .filter(tokens::secret_hash.eq(secret_hash))
            .select((
                clients::id,
                clients::name,
                clients::office_id,
                clients::scopes,
                clients::networks,
                clients::state,
                tokens::id,
                tokens::expires_at,
                tokens::revoked_at,
            ))
            .first(conn)
            .optional()?;
        let Some((client_id, client_name, office_id, scopes, networks, state, token_id, expires_at, revoked_at)) = row
        else {
            return Err(refuse_token());
        };
        if revoked_at.is_some() || state != "active" || !is_living(conn, office_id.as_deref())? {
            return Err(unauthorized(
                Code::TokenRevoked,
                "The token was revoked, its client is suspended, or its office was deleted.",
            ));
        }
        let caller = Arc::new(Caller {
            client_id,
            client_name,
            token_id: Some(token_id),
            office_id,
            scopes: ScopeSet::parse(&scopes)
                .map_err(|scope| Error::internal(format!("a client holds the unknown scope {scope}")))?,
            networks: Networks::parse(&networks)
                .map_err(|network| Error::internal(format!("a client has the unreadable network {network}")))?,
            expires_at: clock::parse_instant(&expires_at)
                .ok_or_else(|| Error::internal("a token's expiry cannot be read"))?,
        });
        self.remember(epoch, secret_hash, &caller);
        Ok(caller)
    }

    fn remember(&self, epoch: i64, secret_hash: &str, caller: &Arc<Caller>) {
        let Ok(mut remembered) = self.remembered.write() else {
            return;
        };
        // A slower request may still hold an older epoch: never let it bring old rights back.
        if epoch < remembered.epoch {
            return;
        }
        if epoch > remembered.epoch || remembered.callers.len() >= LARGEST_CACHE {
            remembered.callers.clear();
            remembered.epoch = epoch;
        }
        remembered.callers.insert(secret_hash.to_owned(), caller.clone());
    }
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
    Ok(living > 0)
}

/// A 401 with the header that RFC 6750 §3 asks for.
pub fn unauthorized(code: Code, detail: &str) -> Error {
    let challenge = match code {
        Code::TokenRequired => "Bearer realm=\"eduaccord\"".to_owned(),
        _ => format!("Bearer realm=\"eduaccord\", error=\"invalid_token\", error_description=\"{detail}\""),
    };
    Error::new(code, detail).with_header("WWW-Authenticate", challenge)
}
