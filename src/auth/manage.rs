//! Making and ending clients and tokens, and the first administrator.

use crate::auth::audit::{Actor, Event, append};
use crate::auth::scope::ScopeSet;
use crate::auth::secret::{hash_secret, make_secret};
use crate::clock;
use crate::db::schema::{clients, records, tokens};
use crate::db::{Conn, Database, Transaction};
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use crate::values::id::new_id;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl};
use serde::Serialize;

/// The longest life of a token, in days.
pub const LONGEST_LIFE_DAYS: i64 = 366;

/// A service account to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewClient<'a> {
    /// What people call it.
    pub name: &'a str,
    /// The office it acts for; none makes a registry administrator.
    pub office_id: Option<&'a str>,
    /// What it may do.
    pub scopes: &'a [&'a str],
}

/// A token just made: the only time that its secret is known.
#[derive(Debug, Clone, Serialize)]
pub struct NewToken {
    /// Id of the token.
    pub token_id: String,
    /// Id of its client.
    pub client_id: String,
    /// The secret. Shown once.
    pub token: String,
    /// When it ends.
    pub expires_at: String,
}

/// A token as it is listed.
#[derive(Debug, Clone, Serialize)]
pub struct ListedToken {
    /// Id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The client's name.
    pub client: String,
    /// The office it acts for.
    pub office_id: Option<String>,
    /// `active`, `expired`, `revoked` or `suspended`.
    pub status: &'static str,
    /// The last four characters of the secret.
    pub last_four: String,
    /// What it may do.
    pub scopes: String,
    /// When it was made.
    pub created_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<String>,
}

/// Makes a client; its id.
pub fn create_client(database: &Database, client: NewClient<'_>) -> Result<String> {
    let scopes = ScopeSet::parse(&client.scopes.join(" ")).map_err(|unknown| {
        Error::with_findings(
            Code::InvalidParameter,
            vec![
                Finding::parameter("scopes", "unknown-code", format!("There is no scope {unknown}.")).with_allowed(
                    crate::auth::scope::Scope::ALL.iter().map(|scope| scope.as_str()),
                    &unknown,
                ),
            ],
        )
    })?;
    let (name, office_id) = (client.name.to_owned(), client.office_id.map(str::to_owned));
    database.write_blocking(move |transaction| {
        insert_client(transaction, &Actor::command_line(), &name, office_id.as_deref(), scopes)
    })
}

/// Makes a client together with its first token.
pub fn create_client_with_token(database: &Database, client: NewClient<'_>, days: i64) -> Result<NewToken> {
    let id = create_client(database, client)?;
    make_token(database, &id, client.name, days)
}

/// Makes a token of a client; its id and its secret.
pub fn create_token(database: &Database, client_id: &str, name: &str, days: i64) -> Result<(String, String)> {
    let token = make_token(database, client_id, name, days)?;
    Ok((token.token_id, token.token))
}

fn make_token(database: &Database, client_id: &str, name: &str, days: i64) -> Result<NewToken> {
    if !(1..=LONGEST_LIFE_DAYS).contains(&days) {
        return Err(Error::with_findings(
            Code::InvalidParameter,
            vec![Finding::parameter(
                "days",
                "out-of-range",
                format!("A token lives 1 to {LONGEST_LIFE_DAYS} days."),
            )],
        ));
    }
    let (client_id, name) = (client_id.to_owned(), name.to_owned());
    database.write_blocking(move |transaction| {
        insert_token(
            transaction,
            &Actor::command_line(),
            &client_id,
            &name,
            TimeDelta::days(days),
        )
    })
}

/// Makes the first administrator: a client without an office and with every scope, and a token for it. Refused (`None`)
/// while a usable administrator token exists, unless forced.
pub fn bootstrap(database: &Database, life: TimeDelta, force: bool) -> Result<Option<NewToken>> {
    database.write_blocking(move |transaction| {
        if !force && has_usable_admin(transaction.conn, transaction.now)? {
            return Ok(None);
        }
        let actor = Actor::command_line();
        let client = insert_client(transaction, &actor, "Registry administrator", None, ScopeSet::all())?;
        insert_token(transaction, &actor, &client, "bootstrap", life).map(Some)
    })
}

/// Has nothing ever been made here?
pub fn is_empty(database: &Database) -> Result<bool> {
    database.read_blocking(|conn| {
        let clients: i64 = clients::table.count().get_result(conn)?;
        let records: i64 = records::table.count().get_result(conn)?;
        Ok(clients + records == 0)
    })
}

/// Is there a token with which somebody can administer the registry?
pub fn has_admin(database: &Database) -> Result<bool> {
    database.read_blocking(|conn| has_usable_admin(conn, clock::now()))
}

pub(super) fn has_usable_admin(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    let usable: Vec<String> = tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .filter(clients::office_id.is_null())
        .filter(clients::state.eq("active"))
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.gt(clock::format_instant(now)))
        .select(clients::scopes)
        .load(conn)?;
    Ok(usable
        .iter()
        .any(|scopes| scopes.split(' ').any(|scope| scope == "admin")))
}

/// All tokens, also those that no longer count.
pub fn list_tokens(database: &Database) -> Result<Vec<ListedToken>> {
    type Row = (
        (String, String, String, String, String, Option<String>, Option<String>),
        (String, Option<String>, String, String),
    );
    let now = clock::format_instant(clock::now());
    database.read_blocking(|conn| {
        let rows: Vec<Row> = tokens::table
            .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
            .order(tokens::id.asc())
            .select((
                (
                    tokens::id,
                    tokens::name,
                    tokens::last_four,
                    tokens::created_at,
                    tokens::expires_at,
                    tokens::revoked_at,
                    tokens::last_used_at,
                ),
                (clients::name, clients::office_id, clients::scopes, clients::state),
            ))
            .load(conn)?;
        Ok(rows
            .into_iter()
            .map(
                |((id, name, last_four, created_at, expires_at, revoked, used), (client, office_id, scopes, state))| {
                    let status = match (&revoked, state.as_str()) {
                        (Some(_), _) => "revoked",
                        (None, "suspended") => "suspended",
                        _ if expires_at <= now => "expired",
                        _ => "active",
                    };
                    ListedToken {
                        id,
                        name,
                        client,
                        office_id,
                        status,
                        last_four,
                        scopes,
                        created_at,
                        expires_at,
                        last_used_at: used,
                    }
                },
            )
            .collect())
    })
}

/// Ends a token; the very next request with it is refused. Takes the token's id or the secret itself. `false` when it
/// was revoked before.
pub fn revoke_token(database: &Database, token: &str, reason: &str) -> Result<bool> {
    let (token, reason) = (token.to_owned(), reason.to_owned());
    let hash = hash_secret(&token);
    database.write_blocking(move |transaction| {
        let found: Option<(String, Option<String>)> = tokens::table
            .filter(tokens::id.eq(&token))
            .or_filter(tokens::secret_hash.eq(&hash))
            .select((tokens::id, tokens::revoked_at))
            .first(transaction.conn)
            .optional()?;
        let Some((id, revoked_at)) = found else {
            return Err(Error::new(Code::RecordNotFound, "There is no such token."));
        };
        if revoked_at.is_some() {
            return Ok(false);
        }
        let now = clock::format_instant(transaction.now);
        diesel::update(tokens::table.find(&id))
            .set((
                tokens::revoked_at.eq(Some(now)),
                tokens::revoked_reason.eq(Some(reason)),
            ))
            .execute(transaction.conn)?;
        transaction.state.epoch += 1;
        append(transaction, &Actor::command_line(), event("token.revoke", &id))?;
        Ok(true)
    })
}

fn insert_client(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    name: &str,
    office_id: Option<&str>,
    scopes: ScopeSet,
) -> Result<String> {
    if let Some(office) = office_id {
        let known: i64 = records::table
            .filter(records::id.eq(office))
            .filter(records::kind.eq("office"))
            .filter(records::deleted_at.is_null())
            .count()
            .get_result(transaction.conn)?;
        if known == 0 {
            return Err(Error::new(
                Code::RecordNotFound,
                format!("There is no office {office}."),
            ));
        }
    }
    let id = new_id("cli");
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(&id),
            clients::office_id.eq(office_id),
            clients::name.eq(name),
            clients::scopes.eq(scopes.to_text()),
            clients::networks.eq(""),
            clients::state.eq("active"),
            clients::created_at.eq(clock::format_instant(transaction.now)),
            clients::created_by_token.eq(actor.token_id.as_deref()),
            clients::version.eq(1),
        ))
        .execute(transaction.conn)?;
    append(transaction, actor, event("client.create", &id))?;
    Ok(id)
}

fn insert_token(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    client_id: &str,
    name: &str,
    life: TimeDelta,
) -> Result<NewToken> {
    let known: i64 = clients::table
        .filter(clients::id.eq(client_id))
        .count()
        .get_result(transaction.conn)?;
    if known == 0 {
        return Err(Error::new(
            Code::RecordNotFound,
            format!("There is no client {client_id}."),
        ));
    }
    let secret = make_secret()?;
    let last_four: String = secret.chars().skip(secret.len().saturating_sub(4)).collect();
    let token = NewToken {
        token_id: new_id("tok"),
        client_id: client_id.to_owned(),
        expires_at: clock::format_instant(transaction.now + life),
        token: secret,
    };
    diesel::insert_into(tokens::table)
        .values((
            tokens::id.eq(&token.token_id),
            tokens::client_id.eq(client_id),
            tokens::name.eq(name),
            tokens::secret_hash.eq(hash_secret(&token.token)),
            tokens::last_four.eq(last_four),
            tokens::created_at.eq(clock::format_instant(transaction.now)),
            tokens::created_by_token.eq(actor.token_id.as_deref()),
            tokens::expires_at.eq(&token.expires_at),
            tokens::version.eq(1),
        ))
        .execute(transaction.conn)?;
    append(transaction, actor, event("token.create", &token.token_id))?;
    Ok(token)
}

fn event<'a>(operation: &'a str, target: &'a str) -> Event<'a> {
    Event::done(operation, Some(target))
}
