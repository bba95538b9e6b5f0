//! Clients and tokens as they are stored, and finding them as far as the caller manages them.

use crate::auth::access::{acts_for, rules};
use crate::auth::caller::Caller;
use crate::auth::lifetime::StoredLife;
use crate::auth::network::Networks;
use crate::auth::scope::ScopeSet;
use crate::auth::secret::hash_secret;
use crate::db::Conn;
use crate::db::schema::{clients, tokens};
use crate::error::{Code, Error, Result};
use crate::json::digest::{canonical, digest_of};
use crate::texts;
use crate::values::id::is_id;
use diesel::{
    ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use serde_json::json;

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = clients)]
pub struct ClientRow {
    /// Id, `cli_…`.
    pub id: String,
    /// The office that it acts for; none for the registry itself.
    pub office_id: Option<String>,
    /// What people call it.
    pub name: String,
    /// Scopes, space-separated.
    pub scopes: String,
    /// Networks, space-separated; empty for any.
    pub networks: String,
    /// `active` or `suspended`.
    pub state: String,
    /// When it was made.
    pub created_at: String,
    /// The token that made it; none for the host.
    pub created_by_token: Option<String>,
    /// From 1.
    pub version: i64,
}

impl ClientRow {
    /// Its scopes.
    pub fn scope_set(&self) -> Result<ScopeSet> {
        ScopeSet::parse(&self.scopes)
            .map_err(|scope| Error::internal(format!("a client holds the unknown scope {scope}")))
    }

    /// From where it may call.
    pub fn network_set(&self) -> Result<Networks> {
        Networks::parse(&self.networks)
            .map_err(|network| Error::internal(format!("a client has the unreadable network {network}")))
    }

    /// What the audit log keeps of it: the digest of all that says who it is and what it may do. `verify` compares.
    pub fn seal(&self) -> String {
        digest_of(&canonical(&json!({
            "name": self.name,
            "office_id": self.office_id,
            "scopes": self.scopes,
            "networks": self.networks,
            "state": self.state,
        })))
    }
}

/// A secret of a client, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens)]
pub struct TokenRow {
    /// Id, `tok_…`.
    pub id: String,
    /// Whose it is.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// SHA-256 of the secret.
    pub secret_hash: String,
    /// The end of the secret.
    pub last_four: String,
    /// When it was made.
    pub created_at: String,
    /// The token that made it; none for the host.
    pub created_by_token: Option<String>,
    /// When it ends.
    pub expires_at: String,
    /// When it was revoked.
    pub revoked_at: Option<String>,
    /// Why.
    pub revoked_reason: Option<String>,
    /// The token whose place it takes.
    pub rotated_from: Option<String>,
    /// When it was last used, to half a minute.
    pub last_used_at: Option<String>,
    /// From which network.
    pub last_used_network: Option<String>,
    /// From 1.
    pub version: i64,
    /// For how long, in seconds, it lets tokens live that are made with it; none in rows of older releases.
    pub longest_life: Option<i64>,
}

impl TokenRow {
    /// What is stored of how long it lives, and those that it makes.
    pub fn life(&self) -> StoredLife<'_> {
        StoredLife {
            longest_life: self.longest_life,
            created_by_token: self.created_by_token.as_deref(),
            created_at: &self.created_at,
            expires_at: &self.expires_at,
        }
    }

    /// What the audit log keeps of it: the digest of all that says whose it is, by which secret, until when, and for how
    /// long those live that it makes; rows of older releases were sealed without the last.
    /// Left out are when and whence it was last used, which change without a row in the log.
    pub fn seal(&self) -> String {
        let mut sealed = json!({
            "client_id": self.client_id,
            "name": self.name,
            "secret_hash": self.secret_hash,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
        });
        if let (Some(seconds), Some(members)) = (self.longest_life, sealed.as_object_mut()) {
            members.insert("longest_life".to_owned(), seconds.into());
        }
        digest_of(&canonical(&sealed))
    }
}

/// The event in the audit log by which a subject of another issuer is linked to a client.
pub const LINK: &str = "identity.link";
/// The event by which a link is cut; nothing is left of it then.
pub const UNLINKED: &str = "identity.cut";

/// What the audit log keeps of a link: the digest of client, issuer and subject.
pub fn seal_link(client_id: &str, issuer: &str, subject: &str) -> String {
    digest_of(&canonical(&json!({
        "client_id": client_id,
        "issuer": issuer,
        "subject": subject,
    })))
}

/// What a token is called by in a request.
#[derive(Debug, Clone)]
pub enum TokenName {
    /// Its id.
    Id(String),
    /// The hash of its secret.
    Hash(String),
}

impl TokenName {
    /// Reads what was pasted: an id, or else the secret itself.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if is_id("tok", text) {
            Self::Id(text.to_owned())
        } else {
            Self::Hash(hash_secret(text))
        }
    }
}

/// Does this caller manage clients of this office (none: of the registry itself)?
pub fn manages(conn: &mut Conn, caller: &Caller, office_id: Option<&str>) -> Result<bool> {
    match (caller.office_id.as_deref(), office_id) {
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
        (Some(own), Some(office)) => acts_for(conn, own, office),
    }
}

/// Is a client of this office there for this caller at all?
fn is_known(conn: &mut Conn, caller: &Caller, office_id: Option<&str>) -> Result<bool> {
    Ok(rules::may_find_account(manages(conn, caller, office_id)?))
}

/// A client that the caller manages; 404 otherwise, the same for others' and absent ones.
pub fn find_client(conn: &mut Conn, caller: &Caller, id: &str) -> Result<ClientRow> {
    let row: Option<ClientRow> = clients::table
        .find(id)
        .select(ClientRow::as_select())
        .first(conn)
        .optional()?;
    match row {
        Some(row) if is_known(conn, caller, row.office_id.as_deref())? => Ok(row),
        _ => Err(Error::record_not_found().concerning(id)),
    }
}

/// A token of a client that the caller manages, and that client; 404 otherwise.
pub fn find_token(conn: &mut Conn, caller: &Caller, name: &TokenName) -> Result<(TokenRow, ClientRow)> {
    let query = tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .select((TokenRow::as_select(), ClientRow::as_select()));
    let row: Option<(TokenRow, ClientRow)> = match name {
        TokenName::Id(id) => query.filter(tokens::id.eq(id)).first(conn).optional()?,
        TokenName::Hash(hash) => query.filter(tokens::secret_hash.eq(hash)).first(conn).optional()?,
    };
    match row {
        Some((token, client)) if is_known(conn, caller, client.office_id.as_deref())? => Ok((token, client)),
        _ => Err(match name {
            TokenName::Id(id) => Error::record_not_found().concerning(id),
            // A row about it would reveal its owner to the finder.
            TokenName::Hash(_) => Error::record_not_found(),
        }),
    }
}

/// Refuses a change that is meant for another version (412).
pub fn require_version(expected: Option<i64>, current: i64) -> Result<()> {
    match expected {
        Some(version) if version != current => {
            Err(Error::new(Code::VersionConflict, texts::accounts::read_again(current))
                .with_member("current_version", current))
        }
        _ => Ok(()),
    }
}
