//! Making, changing and rotating tokens.

use crate::accounts::Overrides;
use crate::accounts::rights::{AdminWatch, require_grantable_client};
use crate::accounts::rows::{ClientRow, TokenName, TokenRow, find_client, find_token, require_version};
use crate::accounts::rules::{LONGEST_GRACE_SECONDS, Life, check_name, wrong};
use crate::accounts::view::{TokenView, show_one_token};
use crate::audit::chain::{Actor, Audited, Event, append};
use crate::auth::access::rules;
use crate::auth::authorized::{Recorded, Writing};
use crate::auth::lifetime::longest_of_all;
use crate::auth::secret::Secret;
use crate::clock;
use crate::db::Transaction;
use crate::db::schema::tokens;
use crate::error::{Code, Error, Result};
use crate::texts;
use crate::values::FindingCode;
use crate::values::id::new_id;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

/// A token just made, and its secret: the only time that it is known.
#[derive(Debug)]
pub struct Minted {
    /// The token.
    pub token: TokenView,
    /// Its secret.
    pub secret: Secret,
}

/// What shall become different about a token; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct TokenEdit {
    /// Another name.
    pub name: Option<String>,
    /// An earlier end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a token of a client that the caller manages and that can do no more than the caller; named as its client where no
/// other name is given.
pub fn create_token(
    writing: &mut Writing<'_, '_>,
    client_id: &str,
    name: Option<String>,
    life: Life,
) -> Result<Recorded<Minted>> {
    let client = find_client(writing.transaction.conn, writing.caller, client_id)?;
    require_grantable_client(writing.caller, &client)?;
    let name = name.unwrap_or_else(|| client.name.clone());
    let (row, secret) = insert_token(writing, &client, name, life, None)?;
    let proof = audit(writing.transaction, writing.actor, "token.create", &row)?;
    show_minted(writing, row, client, secret, proof)
}

/// Gives a client a new secret in the place of one. The old one stays valid for `grace` seconds, at most to its own end, so
/// that an admin sees it fall silent. Rotating again makes one more token.
pub fn rotate_token(
    writing: &mut Writing<'_, '_>,
    id: &str,
    grace_seconds: i64,
    life: Life,
) -> Result<Recorded<Minted>> {
    let now = writing.transaction.now;
    if !(0..=LONGEST_GRACE_SECONDS).contains(&grace_seconds) {
        return Err(wrong(
            "/grace_seconds",
            FindingCode::OutOfRange,
            texts::accounts::grace_seconds(LONGEST_GRACE_SECONDS),
        ));
    }
    let (mut old, client) = find_token(writing.transaction.conn, writing.caller, &TokenName::Id(id.to_owned()))?;
    require_grantable_client(writing.caller, &client)?;
    if !rules::may_rotate(writing.caller.token_id.as_deref() == Some(id)) {
        return Err(Error::new(Code::OwnToken, texts::accounts::own_token()));
    }
    require_living(&old, now)?;
    let (row, secret) = insert_token(writing, &client, old.name.clone(), life, Some(&old))?;
    let end = clock::format_instant(now + TimeDelta::seconds(grace_seconds));
    old.expires_at = old.expires_at.min(end);
    store(writing.transaction, &mut old)?;
    audit(writing.transaction, writing.actor, "token.create", &row)?;
    let proof = audit(writing.transaction, writing.actor, "token.rotate", &old)?;
    show_minted(writing, row, client, secret, proof)
}

/// Renames a token or moves its end forward. A longer life needs a new secret.
pub fn update_token(
    writing: &mut Writing<'_, '_>,
    id: &str,
    expected: Option<i64>,
    edit: TokenEdit,
    overrides: Overrides,
) -> Result<Recorded<TokenView>> {
    let now = writing.transaction.now;
    let (old, client) = find_token(writing.transaction.conn, writing.caller, &TokenName::Id(id.to_owned()))?;
    require_version(expected, old.version)?;
    let mut new = old.clone();
    if let Some(name) = edit.name {
        Error::check(check_name("/name", &name))?;
        new.name = name;
    }
    if let Some(end) = edit.expires_at {
        new.expires_at = clock::format_instant(end);
    }
    if new == old {
        let view = show_one_token(writing.transaction.conn, old, client, now)?;
        return Ok(Recorded::unchanged(view));
    }
    require_living(&old, now)?;
    if new.name != old.name {
        require_grantable_client(writing.caller, &client)?;
    }
    let ends_earlier = new.expires_at != old.expires_at;
    if ends_earlier && (new.expires_at > old.expires_at || new.expires_at <= clock::format_instant(now)) {
        return Err(wrong(
            "/expires_at",
            FindingCode::OutOfRange,
            texts::accounts::earlier_end(old.expires_at),
        ));
    }
    let watch = AdminWatch::start(writing.transaction, writing.actor)?;
    store(writing.transaction, &mut new)?;
    watch.finish(
        writing.transaction,
        writing.actor,
        overrides,
        ends_earlier.then_some(id),
    )?;
    let proof = audit(writing.transaction, writing.actor, "token.update", &new)?;
    let view = show_one_token(writing.transaction.conn, new, client, now)?;
    Ok(Recorded::new(view, proof))
}

/// Stores a token of which name, end or revocation changed, as its next version.
pub(in crate::accounts) fn store(transaction: &mut Transaction<'_>, row: &mut TokenRow) -> Result<()> {
    row.version += 1;
    diesel::update(tokens::table.find(&row.id))
        .set((
            tokens::name.eq(&row.name),
            tokens::expires_at.eq(&row.expires_at),
            tokens::revoked_at.eq(&row.revoked_at),
            tokens::revoked_reason.eq(&row.revoked_reason),
            tokens::version.eq(row.version),
        ))
        .execute(transaction.conn)?;
    transaction.state.epoch += 1;
    Ok(())
}

/// Writes what was done to a token into the log, with the seal of what it is now.
pub(in crate::accounts) fn audit(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    operation: &str,
    row: &TokenRow,
) -> Result<Audited> {
    let event = Event {
        version: Some(row.version),
        value_hash: &row.seal(),
        ..Event::done(operation, Some(&row.id))
    };
    append(transaction, actor, event)
}

fn require_living(token: &TokenRow, now: DateTime<Utc>) -> Result<()> {
    if token.revoked_at.is_none() && token.expires_at > clock::format_instant(now) {
        return Ok(());
    }
    Err(Error::new(Code::TokenEnded, texts::accounts::token_ended()))
}

fn insert_token(
    writing: &mut Writing<'_, '_>,
    client: &ClientRow,
    name: String,
    life: Life,
    rotated_from: Option<&TokenRow>,
) -> Result<(TokenRow, Secret)> {
    Error::check(check_name("/name", &name))?;
    let now = writing.transaction.now;
    let secret = Secret::make()?;
    let end = life.end(now, writing.caller.longest_life)?;
    let longest = match (rotated_from, &writing.actor.token_id) {
        (Some(old), _) => old.life().longest().min(writing.caller.longest_life),
        (None, Some(_)) => end - now,
        (None, None) => longest_of_all(),
    };
    let row = TokenRow {
        id: new_id("tok"),
        client_id: client.id.clone(),
        name,
        secret_hash: secret.hash(),
        last_four: secret.last_four(),
        created_at: clock::format_instant(now),
        created_by_token: writing.actor.token_id.clone(),
        expires_at: clock::format_instant(end),
        revoked_at: None,
        revoked_reason: None,
        rotated_from: rotated_from.map(|old| old.id.clone()),
        last_used_at: None,
        last_used_network: None,
        version: 1,
        longest_life: Some(longest.num_seconds()),
    };
    diesel::insert_into(tokens::table)
        .values(&row)
        .execute(writing.transaction.conn)?;
    Ok((row, secret))
}

fn show_minted(
    writing: &mut Writing<'_, '_>,
    row: TokenRow,
    client: ClientRow,
    secret: Secret,
    proof: Audited,
) -> Result<Recorded<Minted>> {
    let token = show_one_token(writing.transaction.conn, row, client, writing.transaction.now)?;
    Ok(Recorded::new(Minted { token, secret }, proof))
}
