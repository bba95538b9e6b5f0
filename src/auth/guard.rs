//! The only way from a handler to the database, which [`Authorized`](crate::auth::Authorized) gives.
//!
//! The token is checked twice: when the request arrives (to refuse early), and as the first statement of the request's
//! own database closure (which decides, see [`authority`](crate::auth::authority)).

use crate::audit::recorder::AuditRecorder;
use crate::auth::access_token::{AccessTokens, Grant, read_token};
use crate::auth::authority::Authority;
use crate::auth::caller::Caller;
use crate::auth::credential::{Credential, SentToken, read_bearer, read_secret};
use crate::auth::issuers::Issuers;
use crate::auth::keys::Keyring;
use crate::auth::limits::{Failure, Limits, TooMany};
use crate::auth::refusals::{refuse_token, require_rights};
use crate::auth::request_audit::RequestAudit;
use crate::auth::request_context::{AuthenticatedCaller, RequestContext};
use crate::auth::scope::ScopeMarker;
use crate::auth::token_cache::TokenCache;
use crate::db::{Conn, Database, Lane, Transaction};
use crate::error::{Code, Error, Result};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A token that its holder presents to end it. The room that stores tokens implements this.
pub trait PresentedToken: Sized + Send + 'static {
    /// The token behind a credential, where there is something to end.
    fn find(conn: &mut Conn, credential: &Credential) -> Result<Option<Self>>;

    /// True for an access token, false for the secret itself.
    fn is_access(&self) -> bool;

    /// The secret's id; of an access token, the id of the secret that it was made from.
    fn token_id(&self) -> &str;

    /// Ends it: an access token alone, or a secret and with it all access tokens made from it.
    ///
    /// # Errors
    /// 409 `last-admin` for the last secret with which somebody can administer the registry.
    fn end(self, transaction: &mut Transaction<'_>, context: &RequestContext) -> Result<()>;
}

/// A request that came in, with the way to the database.
pub(super) struct Entry {
    pub(super) auth_service: AuthService,
    pub(super) credential: Credential,
    pub(super) request_audit: Arc<RequestAudit>,
    /// True once the database has confirmed that the token is valid; until then the request relies on the token cache.
    pub(super) is_confirmed: AtomicBool,
}

impl Entry {
    /// Checks the rights of the caller that the database found for the token. From here on the request is answered by
    /// what the database says, and no longer by the token cache.
    pub(super) fn confirm<S: ScopeMarker>(&self, found: Result<Arc<Caller>>) -> Result<Arc<Caller>> {
        let caller = match found {
            Ok(caller) => caller,
            Err(error) => {
                // It counted when the request came in.
                let (key, address) = (self.credential.key(), self.request_audit.address());
                self.auth_service
                    .note_refused(key, &error, failure_of(&error, None), address)?;
                return Err(error);
            }
        };
        require_rights::<S>(&caller, self.request_audit.address())?;
        self.is_confirmed.store(true, Ordering::Relaxed);
        Ok(caller)
    }
}

/// Authenticates requests and gives them the way to the database; held by the application.
#[derive(Clone)]
pub struct AuthService {
    pub(super) database: Database,
    pub(super) authority: Arc<Authority>,
    limits: Arc<Limits>,
    tokens: Arc<AccessTokens>,
    recorder: Arc<AuditRecorder>,
    issuers: Arc<Issuers>,
    cache: Arc<TokenCache>,
}

impl AuthService {
    /// For this database, for the service with this public URL, with these limits.
    pub fn new(database: Database, keyring: Arc<Keyring>, issuers: Issuers, public_url: &str, limits: Limits) -> Self {
        let cache = Arc::new(TokenCache::default());
        Self {
            database,
            authority: Arc::new(Authority::new(keyring.clone(), cache.clone())),
            limits: Arc::new(limits),
            tokens: Arc::new(AccessTokens::new(public_url, keyring, cache.clone())),
            recorder: Arc::default(),
            issuers: Arc::new(issuers),
            cache,
        }
    }

    /// What issues and verifies access tokens.
    pub fn tokens(&self) -> &AccessTokens {
        &self.tokens
    }

    /// Records refusals, reads and usage for the audit log.
    pub fn recorder(&self) -> Arc<AuditRecorder> {
        self.recorder.clone()
    }

    /// Does the database answer, can it be written where it last could not, and which derivation have the rows of all records reached? For readiness, which needs no
    /// token and learns nothing else.
    pub async fn ping(&self) -> Result<i32> {
        self.database.check_presence()?;
        self.database.check_writer().await?;
        self.database
            .read(Lane::Quick, |conn| {
                use crate::db::schema::registry_state;
                use diesel::{QueryDsl, RunQueryDsl};
                Ok(registry_state::table
                    .find(1)
                    .select(registry_state::derivation)
                    .first(conn)?)
            })
            .await
    }

    /// Tells of every commit of this process.
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<i64> {
        self.database.subscribe()
    }

    /// Revokes the token that was presented (RFC 7009); an unknown one changes nothing. What is no token counts against
    /// the address. Revoking an access token costs a request of its secret's quota, because it is a write; revoking a secret
    /// costs none, so that its owner can do so while a thief uses the quota up.
    pub async fn end_presented<T: PresentedToken>(&self, token: &str, context: RequestContext) -> Result<()> {
        let sent = SentToken::new(token);
        let shown = read_token(&sent, &self.tokens);
        let found = match shown {
            Err(error) => Err(error),
            Ok(shown) => {
                let authority = self.authority.clone();
                self.database
                    .read(Lane::Quick, move |conn| match T::find(conn, &shown)? {
                        Some(found) => Ok(Ok(found)),
                        // Why there is nothing to end: it has ended, or never was.
                        None => Ok(Err(authority
                            .authenticate(conn, &shown)
                            .err()
                            .unwrap_or_else(refuse_token))),
                    })
                    .await?
            }
        };
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code().facts().status == 401 => {
                self.cache.evict(&sent.hash);
                return self.note_failure(failure_of(&error, Some(&sent)), context.address);
            }
            Err(error) => return Err(error),
        };
        if found.is_access() {
            self.limits.spend(found.token_id(), Instant::now())?;
        }
        self.database
            .write(false, move |transaction| found.end(transaction, &context))
            .await
    }

    /// Makes an access token; with it, how many seconds it lives.
    pub fn issue(&self, grant: &Grant) -> Result<(String, i64)> {
        self.tokens.issue(grant)
    }

    /// Counts a request, which was counted as a whole one of this caller, as a tenth.
    pub(super) fn count_as_tenth(&self, caller: &Caller) {
        self.limits.give_back(quota_of(caller), Instant::now());
    }

    /// Authenticates the token in the request's header.
    pub(super) async fn open<S: ScopeMarker>(&self, mut context: RequestContext) -> Result<Entry> {
        let header = context.authorization.take();
        match read_bearer(header.as_deref()) {
            Err(error) => {
                self.recorder.count_unknown();
                if error.code() != Code::TokenRequired {
                    self.note_failure(Failure::Malformed, context.address)?;
                }
                Err(error)
            }
            Ok(sent) => {
                let shown = self.read(&sent).await;
                self.admit::<S>(&sent, shown, context).await
            }
        }
    }

    /// Authenticates a client's secret that came in another way than in the header.
    pub(super) async fn open_by_secret<S: ScopeMarker>(&self, secret: &str, context: RequestContext) -> Result<Entry> {
        let sent = SentToken::new(secret);
        self.admit::<S>(&sent, read_secret(&sent), context).await
    }

    async fn read(&self, sent: &SentToken<'_>) -> Result<Credential> {
        match self.issuers.find(sent.text) {
            Some(issuer) => issuer.verify(sent, &self.cache).await,
            None => read_token(sent, &self.tokens),
        }
    }

    async fn admit<S: ScopeMarker>(
        &self,
        sent: &SentToken<'_>,
        shown: Result<Credential>,
        context: RequestContext,
    ) -> Result<Entry> {
        let (address, recalled) = (context.address, self.cache.caller(&sent.hash));
        let admitted = match shown {
            Ok(credential) => self.authorize::<S>(credential, recalled, context).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &admitted {
            self.note_refused(&sent.hash, error, failure_of(error, Some(sent)), address)?;
        }
        admitted
    }

    /// Evicts a token that is not valid (any more), and counts a failure of its address.
    ///
    /// # Errors
    /// 429 in the place of the refusal, where the token is unknown and the address must wait. What is valid never comes
    /// here: whoever else sends guesses from the same address, it is answered as ever.
    pub(super) fn note_refused(&self, hash: &str, error: &Error, failure: Failure, address: IpAddr) -> Result<()> {
        if error.code().facts().status != 401 {
            return Ok(());
        }
        self.cache.evict(hash);
        self.recorder.count_unknown();
        self.note_failure(failure, address)
    }

    fn note_failure(&self, failure: Failure, address: IpAddr) -> Result<()> {
        if failure == Failure::Unknown {
            self.limits.check_address(address, Instant::now())?;
        }
        match self.limits.note_failure(address, failure, Instant::now()) {
            None => {}
            Some(TooMany::Blocked(block)) => log::warn!(
                "{address} is shut out with unknown tokens for {} seconds: it sent too many of them",
                block.as_secs()
            ),
            Some(TooMany::Noticed(Failure::Ended)) => log::warn!(
                "{address} goes on sending tokens that have expired or were revoked; a program there needs a new one"
            ),
            Some(TooMany::Noticed(_)) => {
                log::warn!(
                    "{address} sends texts that have not the form of any token; a program there is misconfigured"
                );
            }
        }
        Ok(())
    }

    async fn authorize<S: ScopeMarker>(
        &self,
        credential: Credential,
        recalled: Option<Arc<Caller>>,
        context: RequestContext,
    ) -> Result<Entry> {
        // What is remembered may be out of date, so it never decides that something is refused: the database does.
        let known =
            recalled.filter(|caller| !context.is_strict && require_rights::<S>(caller, context.address).is_ok());
        let is_confirmed = AtomicBool::new(known.is_none());
        let caller = match known {
            Some(caller) => caller,
            None => {
                let (authority, shown) = (self.authority.clone(), credential.clone());
                self.database
                    .read(Lane::Quick, move |conn| authority.authenticate(conn, &shown))
                    .await?
            }
        };
        let authenticated = context.authenticated.clone();
        let request_audit = Arc::new(RequestAudit::new(self.recorder.clone(), caller.clone(), context));
        let quota = self.limits.spend(quota_of(&caller), Instant::now())?;
        let rights = require_rights::<S>(&caller, request_audit.address());
        // A request that also sends a secret in its body is authenticated twice: the first caller is kept.
        let _ignored = authenticated.set(AuthenticatedCaller { caller, quota });
        if rights.is_err() {
            request_audit.conclude(rights).await?;
        }
        Ok(Entry {
            auth_service: self.clone(),
            credential,
            request_audit,
            is_confirmed,
        })
    }
}

/// Whose quota a request of this caller is counted to.
fn quota_of(caller: &Caller) -> &str {
    caller.token_id.as_deref().unwrap_or(&caller.client_id)
}

/// What a refused token is to its address. Without the token itself: one that counted a moment ago.
fn failure_of(error: &Error, sent: Option<&SentToken<'_>>) -> Failure {
    match (error.code(), sent) {
        (Code::InvalidToken, Some(sent)) if sent.has_form() => Failure::Unknown,
        (Code::InvalidToken, Some(_)) => Failure::Malformed,
        _ => Failure::Ended,
    }
}
