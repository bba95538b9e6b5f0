//! The only door from a handler to the database.
//!
//! [`Authorized<S>`] exists only for a request whose token is valid and holds the scope of `S`; it alone can read or
//! write, and a write takes only a closure that returns [`Recorded`], which needs the proof of an audit row. So an
//! operation without authorisation, or a change without a trace, does not compile.
//!
//! The token is checked twice: when the request arrives (to refuse early), and as the first statement of the request's
//! own database closure (which decides, see [`authority`](crate::auth::authority)).

use crate::auth::audit::{Actor, Audited};
use crate::auth::authority::{Authority, Caller, unauthorized};
use crate::auth::scope::ScopeMarker;
use crate::auth::secret::{hash_secret, is_well_formed};
use crate::auth::usage::Usage;
use crate::db::{Conn, Database, Lane, Transaction};
use crate::error::{Code, Error, Result};
use std::marker::PhantomData;
use std::sync::Arc;

/// The database behind its door: held by the application, opened only here.
#[derive(Clone)]
pub struct Door {
    database: Database,
    authority: Arc<Authority>,
    usage: Arc<Usage>,
}

impl Door {
    /// A door to this database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            authority: Arc::default(),
            usage: Arc::default(),
        }
    }

    /// Where uses of tokens are noted.
    pub fn usage(&self) -> Arc<Usage> {
        self.usage.clone()
    }

    /// Does the database answer? For readiness, which needs no token and learns nothing else.
    pub async fn ping(&self) -> Result<()> {
        self.database
            .read(Lane::Quick, |conn| {
                use crate::db::schema::registry_state;
                use diesel::{QueryDsl, RunQueryDsl};
                let _epoch: i64 = registry_state::table
                    .find(1)
                    .select(registry_state::epoch)
                    .first(conn)?;
                Ok(())
            })
            .await
    }

    /// Tells of every commit of this process.
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<i64> {
        self.database.subscribe()
    }

    /// Opens the door for the holder of this `Authorization` header. `strict` asks the database at once, for requests
    /// whose body is looked at before their own database closure runs.
    pub async fn open<S: ScopeMarker>(
        &self,
        authorization: Option<&str>,
        request_id: &str,
        strict: bool,
    ) -> Result<Authorized<S>> {
        let secret_hash = Arc::<str>::from(read_secret(authorization)?);
        // What is remembered may be out of date, so it never decides that something is refused: the database does.
        let recalled = if strict {
            None
        } else {
            self.authority
                .recall(&secret_hash)
                .filter(|caller| require_scope::<S>(caller).is_ok())
        };
        let caller = match recalled {
            Some(caller) => caller,
            None => {
                let (authority, hash) = (self.authority.clone(), secret_hash.clone());
                self.database
                    .read(Lane::Quick, move |conn| authority.authenticate(conn, &hash))
                    .await?
            }
        };
        if let Some(token) = &caller.token_id {
            self.usage.note(token);
        }
        require_scope::<S>(&caller)?;
        Ok(Authorized {
            door: self.clone(),
            secret_hash,
            caller,
            request_id: request_id.to_owned(),
            scope: PhantomData,
        })
    }
}

/// A request that may do what `S` allows.
pub struct Authorized<S> {
    door: Door,
    secret_hash: Arc<str>,
    caller: Arc<Caller>,
    request_id: String,
    scope: PhantomData<S>,
}

/// A verified read.
pub struct Reading<'a> {
    /// The connection.
    pub conn: &'a mut Conn,
    /// Who reads.
    pub caller: &'a Caller,
}

/// A verified change, inside the writer's transaction.
pub struct Writing<'a, 'b> {
    /// The transaction.
    pub transaction: &'a mut Transaction<'b>,
    /// Who writes.
    pub caller: &'a Caller,
    /// The same, as the audit log keeps it.
    pub actor: &'a Actor,
}

/// The result of a change that left its trace.
#[derive(Debug)]
pub struct Recorded<T>(T);

impl<T> Recorded<T> {
    /// With the proof of its audit row.
    pub fn new(value: T, _proof: Audited) -> Self {
        Self(value)
    }

    /// Nothing was changed (an equal document, a repeated request), so there is nothing to record.
    pub fn unchanged(value: T) -> Self {
        Self(value)
    }

    /// What the change gave.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// The same trace with another value, unless making it fails.
    pub fn try_map<U>(self, change: impl FnOnce(T) -> Result<U>) -> Result<Recorded<U>> {
        change(self.0).map(Recorded)
    }
}

impl<S: ScopeMarker> Authorized<S> {
    /// Who calls, as far as is known before the database was asked.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Tells of every commit of this process.
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<i64> {
        self.door.subscribe()
    }

    /// Reads. The work may run twice when a connection turns out to be dead.
    pub async fn read<T: Send + 'static>(
        &self,
        lane: Lane,
        mut work: impl FnMut(&mut Reading<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (authority, hash) = (self.door.authority.clone(), self.secret_hash.clone());
        self.door
            .database
            .read(lane, move |conn| {
                let caller = authority.authenticate(conn, &hash)?;
                require_scope::<S>(&caller)?;
                work(&mut Reading { conn, caller: &caller })
            })
            .await
    }

    /// Changes something; returns after the commit. A rehearsal runs all of it and keeps nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        rehearse: bool,
        work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<T>> + Send + 'static,
    ) -> Result<T> {
        let (authority, hash) = (self.door.authority.clone(), self.secret_hash.clone());
        let request_id = self.request_id.clone();
        self.door
            .database
            .write(rehearse, move |transaction| {
                let epoch = transaction.state.epoch;
                let caller = authority.authenticate_at(transaction.conn, epoch, &hash)?;
                require_scope::<S>(&caller)?;
                let actor = Actor {
                    client_id: caller.client_id.clone(),
                    token_id: caller.token_id.clone(),
                    office_id: caller.office_id.clone(),
                    request_id,
                };
                work(&mut Writing {
                    transaction,
                    caller: &caller,
                    actor: &actor,
                })
                .map(Recorded::into_inner)
            })
            .await
    }
}

fn read_secret(authorization: Option<&str>) -> Result<String> {
    let Some(header) = authorization else {
        return Err(unauthorized(
            Code::TokenRequired,
            "Send the header Authorization: Bearer <token>.",
        ));
    };
    let secret = match header.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => secret.trim(),
        _ => {
            return Err(unauthorized(
                Code::InvalidToken,
                "The Authorization header must be Bearer and a token.",
            ));
        }
    };
    if !is_well_formed(secret) {
        return Err(unauthorized(
            Code::InvalidToken,
            "The token is damaged: its checksum does not fit.",
        ));
    }
    Ok(hash_secret(secret))
}

fn require_scope<S: ScopeMarker>(caller: &Caller) -> Result<()> {
    let Some(scope) = S::SCOPE else {
        return Ok(());
    };
    if caller.scopes.contains(scope) {
        return Ok(());
    }
    let challenge = format!("Bearer realm=\"eduaccord\", error=\"insufficient_scope\", scope=\"{scope}\"");
    let granted: Vec<_> = caller.scopes.iter().map(|scope| scope.as_str()).collect();
    Err(Error::new(
        Code::MissingScope,
        format!("This operation needs the scope {scope}, which the token does not hold."),
    )
    .with_member("missing_scopes", vec![scope.as_str()])
    .with_member("granted_scopes", granted)
    .with_header("WWW-Authenticate", challenge))
}
