//! The only door from a handler to the database.
//!
//! [`Authorized<S>`] exists only for a request whose token is valid and holds the scope of `S`; it alone can read or
//! write, and a write takes only a closure that returns [`Recorded`], which needs the proof of an audit row. So an
//! operation without authorisation, or a change without a trace, does not compile.
//!
//! The token is checked twice: when the request arrives (to refuse early), and as the first statement of the request's
//! own database closure (which decides, see [`authority`](crate::auth::authority)).

use crate::auth::access_token::AccessTokens;
use crate::auth::audit::{Actor, Audited};
use crate::auth::auditor::Auditor;
use crate::auth::authority::{Authority, Caller};
use crate::auth::issuers::Issuers;
use crate::auth::keys::Keyring;
use crate::auth::limits::{Limits, Quota};
use crate::auth::presented;
use crate::auth::scope::ScopeMarker;
use crate::auth::switches::{Guard, is_on};
use crate::auth::visit::{Admission, Credential, Visit};
use crate::auth::witness::Witness;
use crate::db::{Conn, Database, Lane, Transaction};
use crate::error::{Code, Error, Result};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

/// The database behind its door: held by the application, opened only here.
#[derive(Clone)]
pub struct Door {
    database: Database,
    authority: Arc<Authority>,
    limits: Arc<Limits>,
    tokens: Arc<AccessTokens>,
    auditor: Arc<Auditor>,
    issuers: Arc<Issuers>,
}

impl Door {
    /// A door to this database, for the service with this public URL, with these limits.
    pub fn new(database: Database, keyring: Arc<Keyring>, issuers: Issuers, public_url: &str, limits: Limits) -> Self {
        Self {
            database,
            authority: Arc::new(Authority::new(keyring.clone())),
            limits: Arc::new(limits),
            tokens: Arc::new(AccessTokens::new(public_url, keyring)),
            auditor: Arc::default(),
            issuers: Arc::new(issuers),
        }
    }

    /// What issues and verifies access tokens.
    pub fn tokens(&self) -> &AccessTokens {
        &self.tokens
    }

    /// Who takes notes for the audit log.
    pub fn auditor(&self) -> Arc<Auditor> {
        self.auditor.clone()
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

    /// Ends a credential for whoever shows it; nothing happens when there is nothing to end. See
    /// [`presented`].
    pub async fn end_presented(&self, credential: Credential, visit: Visit) -> Result<()> {
        let shown = credential.clone();
        let found = self
            .database
            .read(Lane::Quick, move |conn| presented::find(conn, &shown))
            .await?;
        let Some(found) = found else {
            return Ok(());
        };
        self.database
            .write(false, move |transaction| presented::end(transaction, found, &visit))
            .await
    }

    /// Opens the door for the holder of the credential in the visit's header.
    pub async fn open<S: ScopeMarker>(&self, visit: Visit) -> Result<Authorized<S>> {
        let credential = visit.read_credential(&self.tokens, &self.issuers).await;
        self.admit(credential, visit).await
    }

    /// Opens the door for the holder of a credential that came in another way, or that could not be read. An address
    /// from which too many were refused must wait, unless the credential counted a moment ago.
    pub async fn admit<S: ScopeMarker>(&self, shown: Result<Credential>, visit: Visit) -> Result<Authorized<S>> {
        let recalled = shown.as_ref().ok().and_then(|shown| self.authority.recall(shown));
        if recalled.is_none() {
            self.limits.check_address(visit.address, Instant::now())?;
        }
        let address = visit.address;
        let admitted = match shown {
            Ok(credential) => self.authorize(credential, recalled, visit).await,
            Err(error) => Err(error),
        };
        let is_unknown = admitted.as_ref().is_err_and(|error| error.code().facts().status == 401);
        if is_unknown {
            self.auditor.count_unknown();
        }
        if let Err(error) = &admitted
            && is_unknown
            && error.code() != Code::TokenRequired
            && let Some(block) = self.limits.note_failure(address, Instant::now())
        {
            log::warn!(
                "{address} is shut out for {} seconds: too many of its tokens were refused",
                block.as_secs()
            );
        }
        admitted
    }

    async fn authorize<S: ScopeMarker>(
        &self,
        credential: Credential,
        recalled: Option<Arc<Caller>>,
        visit: Visit,
    ) -> Result<Authorized<S>> {
        // What is remembered may be out of date, so it never decides that something is refused: the database does.
        let known = recalled.filter(|caller| !visit.is_strict && require_rights::<S>(caller, visit.address).is_ok());
        let caller = match known {
            Some(caller) => caller,
            None => {
                let (authority, shown) = (self.authority.clone(), credential.clone());
                self.database
                    .read(Lane::Quick, move |conn| authority.authenticate(conn, &shown))
                    .await?
            }
        };
        let admission = visit.admission.clone();
        let witness = Arc::new(Witness::new(self.auditor.clone(), caller.clone(), visit));
        let token = caller.token_id.as_deref().unwrap_or(&caller.client_id);
        let quota = self.limits.spend(token, Instant::now())?;
        let rights = require_rights::<S>(&caller, witness.address());
        // Only the first door of a request notes.
        let _ignored = admission.set(Admission { caller, quota });
        if rights.is_err() {
            witness.conclude(rights).await?;
        }
        Ok(Authorized {
            door: self.clone(),
            credential,
            witness,
            quota,
            scope: PhantomData,
        })
    }
}

/// A request that may do what `S` allows.
pub struct Authorized<S> {
    door: Door,
    credential: Credential,
    witness: Arc<Witness>,
    quota: Option<Quota>,
    scope: PhantomData<S>,
}

/// A verified read.
pub struct Reading<'a> {
    /// The connection.
    pub conn: &'a mut Conn,
    /// Who reads.
    pub caller: &'a Caller,
    /// Who is told what is shown; none on the host.
    pub witness: Option<&'a Witness>,
}

impl Reading<'_> {
    /// This record, which not everybody may see, is about to be shown.
    pub fn disclose(&self, record_id: &str) {
        if let Some(witness) = self.witness {
            witness.disclose(record_id);
        }
    }
}

/// A verified change, inside the writer's transaction.
pub struct Writing<'a, 'b> {
    /// The transaction.
    pub transaction: &'a mut Transaction<'b>,
    /// Who writes.
    pub caller: &'a Caller,
    /// The same, as the audit log keeps it.
    pub actor: &'a Actor,
    /// Who is told what is shown; none on the host.
    pub witness: Option<&'a Witness>,
}

/// The result of a change that left its trace.
#[derive(Debug)]
pub struct Recorded<T> {
    value: T,
    left_trace: bool,
}

impl<T> Recorded<T> {
    /// With the proof of its audit row.
    pub fn new(value: T, _proof: Audited) -> Self {
        Self {
            value,
            left_trace: true,
        }
    }

    /// Nothing was changed (an equal document, a repeated request), so there is nothing to record.
    pub fn unchanged(value: T) -> Self {
        Self {
            value,
            left_trace: false,
        }
    }

    /// What the change gave.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same trace with another value, unless making it fails.
    pub fn try_map<U>(self, change: impl FnOnce(T) -> Result<U>) -> Result<Recorded<U>> {
        let left_trace = self.left_trace;
        change(self.value).map(|value| Recorded { value, left_trace })
    }
}

impl<S: ScopeMarker> Authorized<S> {
    /// Who calls, as far as is known before the database was asked.
    pub fn caller(&self) -> &Caller {
        self.witness.caller()
    }

    /// What is left of the token's quota; none where there is no limit.
    pub fn quota(&self) -> Option<Quota> {
        self.quota
    }

    /// The operation that was called.
    pub fn operation(&self) -> &str {
        self.witness.operation()
    }

    /// From where the request comes.
    pub fn address(&self) -> IpAddr {
        self.witness.address()
    }

    /// Who sees how the request ends.
    pub fn witness(&self) -> Arc<Witness> {
        self.witness.clone()
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
        let (authority, credential) = (self.door.authority.clone(), self.credential.clone());
        let witness = self.witness.clone();
        self.door
            .database
            .read(lane, move |conn| {
                let caller = authority.authenticate(conn, &credential)?;
                require_rights::<S>(&caller, witness.address())?;
                work(&mut Reading {
                    conn,
                    caller: &caller,
                    witness: Some(&witness),
                })
            })
            .await
    }

    /// Reads what concerns the holder of some credential; none when it counts no longer, or never did.
    pub async fn read_about<T: Send + 'static>(
        &self,
        credential: Credential,
        mut work: impl FnMut(&mut Reading<'_>, Option<&Caller>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let authority = self.door.authority.clone();
        self.read(Lane::Quick, move |reading| {
            let holder = match authority.authenticate(reading.conn, &credential) {
                Ok(holder) => Some(holder),
                Err(error) if error.code().facts().status == 401 => None,
                Err(error) => return Err(error),
            };
            work(reading, holder.as_deref())
        })
        .await
    }

    /// Changes something; returns after the commit. A rehearsal runs all of it and keeps nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        rehearse: bool,
        work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<T>> + Send + 'static,
    ) -> Result<T> {
        let (authority, credential) = (self.door.authority.clone(), self.credential.clone());
        let witness = self.witness.clone();
        self.door
            .database
            .write(rehearse, move |transaction| {
                let epoch = transaction.state.epoch;
                let caller = authority.authenticate_at(transaction.conn, epoch, &credential)?;
                require_rights::<S>(&caller, witness.address())?;
                let actor = witness.actor(&caller);
                let recorded = work(&mut Writing {
                    transaction,
                    caller: &caller,
                    actor: &actor,
                    witness: Some(&witness),
                })?;
                if recorded.left_trace && !rehearse {
                    witness.set_recorded();
                }
                Ok(recorded.into_inner())
            })
            .await
    }
}

/// May this caller call from this address, and do what `S` allows?
fn require_rights<S: ScopeMarker>(caller: &Caller, address: IpAddr) -> Result<()> {
    if !caller.networks.allow(address) && is_on(Guard::Network) {
        return Err(Error::new(
            Code::NetworkNotAllowed,
            format!("The token may not be used from {address}."),
        ));
    }
    require_scope::<S>(caller)
}

/// 403 where the caller does not hold the scope of `S`.
pub fn require_scope<S: ScopeMarker>(caller: &Caller) -> Result<()> {
    let Some(scope) = S::SCOPE else {
        return Ok(());
    };
    if caller.scopes.contains(scope) || !is_on(Guard::Scope) {
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
