//! Ending a token by showing it (RFC 7009): who holds a secret may end it, from anywhere and without any other right.
//!
//! That is what makes a leak harmless in one call, also for somebody who merely found it. So neither the client's
//! networks nor its state are asked.

use crate::accounts::rights::AdminWatch;
use crate::accounts::tokens::{audit, store};
use crate::accounts::{Overrides, TokenRow};
use crate::audit::chain::{Actor, Audited, Event, append};
use crate::auth::credential::Credential;
use crate::auth::guard::PresentedToken;
use crate::auth::request_context::RequestContext;
use crate::clock;
use crate::db::schema::{clients, revoked_access, tokens};
use crate::db::{Conn, Transaction};
use crate::error::Result;
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

/// The stored token behind a credential, with what the audit log records of it.
pub struct StoredToken {
    token_id: String,
    client_id: String,
    office_id: Option<String>,
    /// The id and the end of an access token; none for the secret itself.
    access: Option<(String, String)>,
}

impl PresentedToken for StoredToken {
    fn find(conn: &mut Conn, credential: &Credential) -> Result<Option<Self>> {
        let query = tokens::table
            .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
            .filter(tokens::revoked_at.is_null())
            .select((tokens::id, clients::id, clients::office_id));
        let (row, access): (Option<(String, String, Option<String>)>, _) = match credential {
            Credential::Secret(hash) => {
                let query = query.filter(tokens::secret_hash.eq(&**hash));
                (query.first(conn).optional()?, None)
            }
            // What another issuer made, it ends itself; the link is cut by an administrator.
            Credential::Foreign(_) => (None, None),
            Credential::Access(verified) if is_revoked(conn, &verified.claims.jti)? => (None, None),
            Credential::Access(verified) => {
                let query = query.filter(tokens::id.eq(&verified.claims.tid));
                let end = clock::format_instant(verified.expires_at());
                (query.first(conn).optional()?, Some((verified.claims.jti.clone(), end)))
            }
        };
        Ok(row.map(|(token_id, client_id, office_id)| Self {
            token_id,
            client_id,
            office_id,
            access,
        }))
    }

    fn is_access(&self) -> bool {
        self.access.is_some()
    }

    fn token_id(&self) -> &str {
        &self.token_id
    }

    fn end(self, transaction: &mut Transaction<'_>, visit: &RequestContext) -> Result<()> {
        let actor = Actor {
            client_id: self.client_id,
            token_id: Some(self.token_id.clone()),
            office_id: self.office_id,
            request_id: visit.request_id.clone(),
            address: Some(visit.address),
        };
        match self.access {
            Some((jti, expires_at)) => end_access(transaction, &actor, &jti, &expires_at).map(|_proof| ()),
            None => end_secret(transaction, &actor, &self.token_id),
        }
    }
}

/// Ends one access token and leaves its secret; none where it had ended before.
pub fn end_access(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    jti: &str,
    expires_at: &str,
) -> Result<Option<Audited>> {
    if is_revoked(transaction.conn, jti)? {
        return Ok(None);
    }
    diesel::insert_into(revoked_access::table)
        .values((revoked_access::jti.eq(jti), revoked_access::expires_at.eq(expires_at)))
        .execute(transaction.conn)?;
    transaction.state.epoch += 1;
    append(transaction, actor, Event::done("access.revoke", Some(jti))).map(Some)
}

fn is_revoked(conn: &mut Conn, jti: &str) -> Result<bool> {
    let known: i64 = revoked_access::table
        .filter(revoked_access::jti.eq(jti))
        .count()
        .get_result(conn)?;
    Ok(known > 0)
}

fn end_secret(transaction: &mut Transaction<'_>, actor: &Actor, token_id: &str) -> Result<()> {
    let watch = AdminWatch::start(transaction, actor)?;
    let found: Option<TokenRow> = tokens::table
        .find(token_id)
        .filter(tokens::revoked_at.is_null())
        .select(TokenRow::as_select())
        .first(transaction.conn)
        .optional()?;
    let Some(mut token) = found else {
        return Ok(());
    };
    token.revoked_at = Some(clock::format_instant(transaction.now));
    token.revoked_reason = Some("revoked by presenting it".to_owned());
    store(transaction, &mut token)?;
    watch.finish(transaction, actor, Overrides::default(), None)?;
    audit(transaction, actor, "token.revoke", &token)?;
    Ok(())
}
