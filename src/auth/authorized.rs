//! The way of one authorised request to the database.
//!
//! [`Authorized<S>`] exists only for a request whose token is valid and holds the scope of `S`; it alone can read or
//! write, and a write takes only a closure that returns [`Recorded`], which needs the proof of an audit row. So an
//! operation without authorisation, or a change without a trace, does not compile.

use crate::audit::chain::{Actor, Audited};
use crate::auth::caller::Caller;
use crate::auth::credential::Credential;
use crate::auth::guard::{AuthService, Entry};
use crate::auth::request_audit::RequestAudit;
use crate::auth::request_context::RequestContext;
use crate::auth::scope::ScopeMarker;
use crate::db::{Conn, Lane, Transaction};
use crate::error::Result;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A request that may do what `S` allows. Cheap to clone.
pub struct Authorized<S> {
    entry: Arc<Entry>,
    scope: PhantomData<S>,
}

impl<S> Clone for Authorized<S> {
    fn clone(&self) -> Self {
        Self {
            entry: self.entry.clone(),
            scope: PhantomData,
        }
    }
}

/// What a verified read works with.
pub struct Reading<'a> {
    /// The connection.
    pub conn: &'a mut Conn,
    /// The authenticated caller.
    pub caller: &'a Caller,
    /// Where shown records are noted; none on the host.
    pub request_audit: Option<&'a RequestAudit>,
}

impl Reading<'_> {
    /// Notes that this record, which is not public, is about to be shown.
    pub fn record_read(&self, record_id: &str) {
        if let Some(request_audit) = self.request_audit {
            request_audit.record_read(record_id);
        }
    }
}

/// What a verified change works with, inside the writer's transaction.
pub struct Writing<'a, 'b> {
    /// The transaction.
    pub transaction: &'a mut Transaction<'b>,
    /// The authenticated caller.
    pub caller: &'a Caller,
    /// The same, as the audit log keeps it.
    pub actor: &'a Actor,
    /// Where shown records are noted; none on the host.
    pub request_audit: Option<&'a RequestAudit>,
}

impl Writing<'_, '_> {
    /// The same transaction for functions that only read.
    pub fn as_reading(&mut self) -> Reading<'_> {
        Reading {
            conn: &mut *self.transaction.conn,
            caller: self.caller,
            request_audit: self.request_audit,
        }
    }
}

/// The result of a change and whether it was recorded in the audit log.
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
    /// Authenticates the token in the request's header.
    ///
    /// # Errors
    /// 401 without a valid token, 403 without the scope or outside of the client's networks, 429 beyond a limit.
    pub async fn open(service: &AuthService, context: RequestContext) -> Result<Self> {
        service.open::<S>(context).await.map(Self::new)
    }

    /// Authenticates a client's secret that came in another way than in the header.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_by_secret(service: &AuthService, secret: &str, context: RequestContext) -> Result<Self> {
        service.open_by_secret::<S>(secret, context).await.map(Self::new)
    }

    fn new(entry: Entry) -> Self {
        Self {
            entry: Arc::new(entry),
            scope: PhantomData,
        }
    }

    /// Who calls, as far as is known before the database was asked.
    pub fn caller(&self) -> &Caller {
        self.entry.request_audit.caller()
    }

    /// From where the request comes.
    pub fn address(&self) -> IpAddr {
        self.entry.request_audit.address()
    }

    /// The audit of this request.
    pub fn request_audit(&self) -> Arc<RequestAudit> {
        self.entry.request_audit.clone()
    }

    /// Ends the request. An error such as a wrong parameter is answered only to a valid token: where only the token cache
    /// vouched for it, the database is asked first.
    pub async fn conclude<T>(&self, result: Result<T>) -> Result<T> {
        let result = match result {
            Err(error) if error.code().facts().status != 401 && !self.entry.is_confirmed.load(Ordering::Relaxed) => {
                let confirmed = self.read(Lane::Quick, |_| Ok(())).await;
                confirmed.and(Err(error))
            }
            other => other,
        };
        self.entry.request_audit.conclude(result).await
    }

    /// Counts this request as a tenth of one, unless it changed something.
    pub fn count_as_tenth_if_unchanged(&self) {
        if !self.entry.request_audit.is_recorded() {
            self.entry.auth_service.count_as_tenth(self.caller());
        }
    }

    /// Notifies of every commit of this process.
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<i64> {
        self.entry.auth_service.subscribe()
    }

    /// Reads. The work may run twice when a connection turns out to be dead.
    pub async fn read<T: Send + 'static>(
        &self,
        lane: Lane,
        mut work: impl FnMut(&mut Reading<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let entry = self.entry.clone();
        self.entry
            .auth_service
            .database
            .read(lane, move |conn| {
                let caller = entry.confirm::<S>(entry.auth_service.authority.authenticate(conn, &entry.credential))?;
                work(&mut Reading {
                    conn,
                    caller: &caller,
                    request_audit: Some(&entry.request_audit),
                })
            })
            .await
    }

    /// Reads about the holder of another credential; none where that is not valid.
    pub async fn read_about<T: Send + 'static>(
        &self,
        credential: Credential,
        mut work: impl FnMut(&mut Reading<'_>, Option<&Caller>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let authority = self.entry.auth_service.authority.clone();
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

    /// Changes something; returns after the commit. A dry run runs all of it and keeps nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        dry_run: bool,
        work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<T>> + Send + 'static,
    ) -> Result<T> {
        let entry = self.entry.clone();
        self.entry
            .auth_service
            .database
            .write(dry_run, move |transaction| {
                let (epoch, authority) = (transaction.state.epoch, &entry.auth_service.authority);
                let found = authority.authenticate_at(transaction.conn, epoch, &entry.credential);
                let caller = entry.confirm::<S>(found)?;
                let request_audit = &entry.request_audit;
                let actor = request_audit.actor(&caller);
                let recorded = work(&mut Writing {
                    transaction,
                    caller: &caller,
                    actor: &actor,
                    request_audit: Some(request_audit),
                })?;
                if recorded.left_trace && !dry_run {
                    request_audit.set_recorded();
                }
                Ok(recorded.into_inner())
            })
            .await
    }
}
