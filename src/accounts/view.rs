//! Clients and tokens as they are shown: what is stored, and what follows from it today.

use crate::accounts::rows::{ClientRow, TokenRow};
use crate::auth::scope::{Role, Scope};
use crate::clock;
use crate::db::Conn;
use crate::db::schema::{records, tokens};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// What a token is good for now; computed, so that it is never out of date. The gravest reason wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(as = TokenStatus, rename_all = "snake_case")]
pub enum Status {
    /// It counts.
    Active,
    /// It counts until its grace is over: another one has taken its place.
    Rotating,
    /// Its time is over.
    Expired,
    /// Its client is suspended.
    Suspended,
    /// The office that its client acts for was deleted.
    OfficeDeleted,
    /// It was revoked.
    Revoked,
}

impl Status {
    /// All of them.
    pub const ALL: &'static [Status] = &[
        Status::Active,
        Status::Rotating,
        Status::Expired,
        Status::Suspended,
        Status::OfficeDeleted,
        Status::Revoked,
    ];
    /// The same as words, in the same order.
    pub const WORDS: &'static [&'static str] = &[
        "active",
        "rotating",
        "expired",
        "suspended",
        "office_deleted",
        "revoked",
    ];

    /// As answers and filters name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Rotating => "rotating",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::OfficeDeleted => "office_deleted",
            Self::Revoked => "revoked",
        }
    }

    /// True if a request with the token would be authenticated.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Rotating)
    }
}

/// What was decided of a client.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "the words stand in rows and filters; this describes them")]
pub(super) enum ClientState {
    Active,
    Suspended,
}

/// What follows from the state of a client and of its office.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "see ClientState")]
enum ClientStatus {
    Active,
    Suspended,
    OfficeDeleted,
}

/// A service account: what tokens belong to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientView {
    /// Id.
    pub id: String,
    /// For `If-Match`.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// The office that it acts for, with its units; null for the registry itself.
    pub office_id: Option<String>,
    /// What it may do.
    #[schema(value_type = Vec<Scope>)]
    pub scopes: Vec<&'static str>,
    /// The role that stands for exactly these scopes.
    #[schema(value_type = Option<Role>)]
    pub role: Option<&'static str>,
    /// From where it may call; empty for anywhere.
    pub networks: Vec<String>,
    /// What was decided.
    #[schema(value_type = ClientState)]
    pub state: String,
    /// What follows from it: a client whose office was deleted may do nothing.
    #[schema(value_type = ClientStatus)]
    pub status: &'static str,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The token that made it; null for the host.
    pub created_by_token: Option<String>,
    /// How many of its tokens are neither revoked nor expired.
    pub living_tokens: i64,
}

/// A token, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenView {
    /// Id.
    pub id: String,
    /// For `If-Match`.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub client_id: String,
    /// That client's name.
    pub client_name: String,
    /// The office that its client acts for; null for the registry itself.
    pub office_id: Option<String>,
    /// Computed. `rotating`: another token has taken its place, and it goes on until `expires_at`. `suspended`: its
    /// client is. `office_deleted`: the office of its client is gone.
    #[schema(value_type = Status)]
    pub status: &'static str,
    /// What it may do.
    #[schema(value_type = Vec<Scope>)]
    pub scopes: Vec<&'static str>,
    /// The last characters of the secret.
    pub last_four: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The token that made it; null for the host.
    pub created_by_token: Option<String>,
    /// When it ends.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Whole days until then; null where it no longer counts.
    pub expires_in_days: Option<i64>,
    /// When it was revoked.
    #[schema(format = DateTime)]
    pub revoked_at: Option<String>,
    /// Why.
    pub revoked_reason: Option<String>,
    /// The token whose place it took.
    pub rotated_from: Option<String>,
    /// The token that took its place.
    pub replaced_by: Option<String>,
    /// When it was last used, to half a minute.
    #[schema(format = DateTime)]
    pub last_used_at: Option<String>,
    /// The network that the last request came from: 24 bits of an IPv4 address, 48 of an IPv6 one.
    pub last_used_network: Option<String>,
    /// Whole days since the last use, or since it was made.
    pub unused_since_days: i64,
}

/// What is known of the surroundings of several tokens, asked for once.
struct Surroundings {
    deleted_offices: HashSet<String>,
    successors: HashMap<String, String>,
}

/// The status of a token.
fn status_of(token: &TokenRow, client: &ClientRow, around: &Surroundings, now: &str) -> Status {
    let office = client.office_id.as_ref();
    if token.revoked_at.is_some() {
        Status::Revoked
    } else if office.is_some_and(|office| around.deleted_offices.contains(office)) {
        Status::OfficeDeleted
    } else if client.state != "active" {
        Status::Suspended
    } else if token.expires_at.as_str() <= now {
        Status::Expired
    } else if around.successors.contains_key(&token.id) {
        Status::Rotating
    } else {
        Status::Active
    }
}

/// Tokens with their clients, as they are shown.
pub fn show_tokens(conn: &mut Conn, rows: Vec<(TokenRow, ClientRow)>, now: DateTime<Utc>) -> Result<Vec<TokenView>> {
    let ids: Vec<&str> = rows.iter().map(|(token, _)| token.id.as_str()).collect();
    let successors: Vec<(Option<String>, String)> = tokens::table
        .filter(tokens::rotated_from.eq_any(ids))
        .order(tokens::id.asc())
        .select((tokens::rotated_from, tokens::id))
        .load(conn)?;
    let around = Surroundings {
        deleted_offices: deleted_offices(conn, rows.iter().map(|(_, client)| client))?,
        successors: successors
            .into_iter()
            .filter_map(|(from, to)| Some((from?, to)))
            .collect(),
    };
    rows.into_iter()
        .map(|(token, client)| show_token(token, client, &around, now))
        .collect()
}

/// One of them.
pub fn show_one_token(conn: &mut Conn, token: TokenRow, client: ClientRow, now: DateTime<Utc>) -> Result<TokenView> {
    let mut shown = show_tokens(conn, vec![(token, client)], now)?;
    shown
        .pop()
        .ok_or_else(|| Error::internal("a token was lost on its way"))
}

fn show_token(token: TokenRow, client: ClientRow, around: &Surroundings, now: DateTime<Utc>) -> Result<TokenView> {
    let status = status_of(&token, &client, around, &clock::format_instant(now));
    let days_until = |text: &str| clock::parse_instant(text).map_or(0, |instant| (instant - now).num_days());
    Ok(TokenView {
        scopes: client.scope_set()?.to_list(),
        status: status.as_str(),
        expires_in_days: status.is_usable().then(|| days_until(&token.expires_at)),
        replaced_by: around.successors.get(&token.id).cloned(),
        unused_since_days: -days_until(token.last_used_at.as_ref().unwrap_or(&token.created_at)),
        id: token.id,
        version: token.version,
        name: token.name,
        client_id: client.id,
        client_name: client.name,
        office_id: client.office_id,
        last_four: token.last_four,
        created_at: token.created_at,
        created_by_token: token.created_by_token,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
        revoked_reason: token.revoked_reason,
        rotated_from: token.rotated_from,
        last_used_at: token.last_used_at,
        last_used_network: token.last_used_network,
    })
}

/// Clients as they are shown.
pub fn show_clients(conn: &mut Conn, rows: Vec<ClientRow>, now: DateTime<Utc>) -> Result<Vec<ClientView>> {
    let deleted = deleted_offices(conn, rows.iter())?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let holders: Vec<String> = tokens::table
        .filter(tokens::client_id.eq_any(ids))
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.gt(clock::format_instant(now)))
        .select(tokens::client_id)
        .load(conn)?;
    let mut living: HashMap<String, i64> = HashMap::new();
    for holder in holders {
        *living.entry(holder).or_default() += 1;
    }
    rows.into_iter()
        .map(|row| {
            let scopes = row.scope_set()?;
            let is_orphan = row.office_id.as_ref().is_some_and(|office| deleted.contains(office));
            Ok(ClientView {
                role: Role::of(scopes).map(Role::as_str),
                scopes: scopes.to_list(),
                networks: row.network_set()?.to_list(),
                status: match row.state.as_str() {
                    _ if is_orphan => "office_deleted",
                    "active" => "active",
                    _ => "suspended",
                },
                living_tokens: living.get(&row.id).copied().unwrap_or(0),
                id: row.id,
                version: row.version,
                name: row.name,
                office_id: row.office_id,
                state: row.state,
                created_at: row.created_at,
                created_by_token: row.created_by_token,
            })
        })
        .collect()
}

/// One of them.
pub fn show_one_client(conn: &mut Conn, row: ClientRow, now: DateTime<Utc>) -> Result<ClientView> {
    let mut shown = show_clients(conn, vec![row], now)?;
    shown
        .pop()
        .ok_or_else(|| Error::internal("a client was lost on its way"))
}

fn deleted_offices<'a>(conn: &mut Conn, clients: impl Iterator<Item = &'a ClientRow>) -> Result<HashSet<String>> {
    let offices: HashSet<&str> = clients.filter_map(|client| client.office_id.as_deref()).collect();
    Ok(records::table
        .filter(records::id.eq_any(offices))
        .filter(records::deleted_at.is_not_null())
        .select(records::id)
        .load::<String>(conn)?
        .into_iter()
        .collect())
}
