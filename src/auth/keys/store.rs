//! Signing keys in the database: made, rotated, retired.

use super::pair::{NewPair, make_pair, open_private};
use super::{PUBLISHED_FOR, RETIRING_FOR};
use crate::audit::chain::{Actor, Event, append};
use crate::auth::sealing::MasterKey;
use crate::clock;
use crate::db::schema::{revoked_access, signing_keys};
use crate::db::{Conn, Database, Transaction};
use crate::error::{Error, Result};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde::Serialize;
use std::sync::Arc;

/// One key as it is stored.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = signing_keys)]
pub struct StoredKey {
    /// Its thumbprint (RFC 7638).
    pub kid: String,
    /// `next`, `active`, `retiring` or `retired`.
    pub state: String,
    /// The private part; none when it was erased.
    #[serde(skip)]
    pub sealed_private: Option<String>,
    /// The public part (RFC 7517), JSON.
    #[serde(skip)]
    pub public_jwk: String,
    /// When it was made, which is when it was first published.
    pub created_at: String,
    /// When it began to sign.
    pub activated_at: Option<String>,
    /// When it stopped.
    pub retiring_at: Option<String>,
    /// When it was taken out of the JWKS and its private part erased.
    pub retired_at: Option<String>,
}

/// What came of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The key that signs now.
    Done {
        /// Its thumbprint.
        active: String,
    },
    /// The next key is not known to all caches yet.
    TooEarly {
        /// When it will be.
        at: DateTime<Utc>,
    },
}

/// All keys, the newest first.
pub fn list_keys(conn: &mut Conn) -> Result<Vec<StoredKey>> {
    Ok(signing_keys::table
        .order((signing_keys::created_at.desc(), signing_keys::kid.asc()))
        .select(StoredKey::as_select())
        .load(conn)?)
}

/// The keys that are published.
pub(super) fn published_keys(conn: &mut Conn) -> Result<Vec<StoredKey>> {
    Ok(signing_keys::table
        .filter(signing_keys::state.ne("retired"))
        .order((signing_keys::created_at.asc(), signing_keys::kid.asc()))
        .select(StoredKey::as_select())
        .load(conn)?)
}

/// Makes what is missing of an active and a next key. The first active key signs at once: no client has cached a set
/// without it.
pub fn ensure_keys(database: &Database, master: &Arc<MasterKey>) -> Result<()> {
    let keys = database.read_blocking(published_keys)?;
    let has = |keys: &[StoredKey], state: &str| keys.iter().any(|key| key.state == state);
    if has(&keys, "active") && has(&keys, "next") {
        return Ok(());
    }
    let master = master.clone();
    database.write_blocking(move |transaction| {
        // Another instance may have made them meanwhile.
        let keys = published_keys(transaction.conn)?;
        for state in ["active", "next"] {
            if !has(&keys, state) {
                let pair = make_pair(&master)?;
                insert(transaction, &Actor::command_line(), &pair, state)?;
            }
        }
        Ok(())
    })
}

/// Moves every key on: the next one signs, the active one retires, and a new next one is published. Not before the next
/// key has been published for as long as caches may keep the set, unless `now`.
pub fn rotate_keys(database: &Database, master: &Arc<MasterKey>, now: bool) -> Result<Rotation> {
    let master = master.clone();
    database.write_blocking(move |transaction| {
        let actor = Actor::command_line();
        let keys = published_keys(transaction.conn)?;
        let next = keys.iter().find(|key| key.state == "next" && can_open(&master, key));
        let published = match next {
            Some(next) => instant(&next.created_at)?,
            None => transaction.now,
        };
        if !now && published + PUBLISHED_FOR > transaction.now {
            return Ok(Rotation::TooEarly {
                at: published + PUBLISHED_FOR,
            });
        }
        let active = match next {
            Some(next) => next.kid.clone(),
            None => {
                // The next key was sealed with a master key that is gone: another takes its place.
                let pair = make_pair(&master)?;
                insert(transaction, &actor, &pair, "next")?;
                pair.kid
            }
        };
        step_back(transaction, &keys, &active)?;
        activate(transaction, &active)?;
        let pair = make_pair(&master)?;
        insert(transaction, &actor, &pair, "next")?;
        transaction.state.epoch += 1;
        append(transaction, &actor, event("keys.rotate", &active))?;
        Ok(Rotation::Done { active })
    })
}

/// Takes keys whose last token has ended out of the JWKS and erases their private parts; takes ended tokens out of the
/// list of revoked ones. `true` when something was done.
pub fn retire_keys(database: &Database) -> Result<bool> {
    let due = |conn: &mut Conn, now: DateTime<Utc>| -> Result<(Vec<String>, i64)> {
        let stopped = clock::format_instant(now - RETIRING_FOR);
        let keys = signing_keys::table
            .filter(signing_keys::state.eq("retiring"))
            .filter(signing_keys::retiring_at.le(stopped))
            .select(signing_keys::kid)
            .load(conn)?;
        let ended = clock::format_instant(now - TimeDelta::minutes(1));
        let revoked = revoked_access::table
            .filter(revoked_access::expires_at.lt(ended))
            .count()
            .get_result(conn)?;
        Ok((keys, revoked))
    };
    let (keys, revoked) = database.read_blocking(|conn| due(conn, clock::now()))?;
    if keys.is_empty() && revoked == 0 {
        return Ok(false);
    }
    database.write_blocking(move |transaction| {
        let (keys, _) = due(transaction.conn, transaction.now)?;
        for kid in &keys {
            diesel::update(signing_keys::table.find(kid))
                .set((
                    signing_keys::state.eq("retired"),
                    signing_keys::sealed_private.eq(None::<String>),
                    signing_keys::retired_at.eq(Some(clock::format_instant(transaction.now))),
                ))
                .execute(transaction.conn)?;
            transaction.state.epoch += 1;
            append(transaction, &Actor::command_line(), event("keys.retire", kid))?;
        }
        let ended = clock::format_instant(transaction.now - TimeDelta::minutes(1));
        diesel::delete(revoked_access::table.filter(revoked_access::expires_at.lt(ended))).execute(transaction.conn)?;
        Ok(true)
    })
}

/// Can this process sign with the key?
pub fn can_open(master: &MasterKey, key: &StoredKey) -> bool {
    key.sealed_private
        .as_deref()
        .is_some_and(|sealed| open_private(master, &key.kid, sealed).is_some())
}

/// All keys but the new active one stop signing. A next key among them was never used; it is kept like the others, for
/// caches do not mind.
fn step_back(transaction: &mut Transaction<'_>, keys: &[StoredKey], active: &str) -> Result<()> {
    for key in keys.iter().filter(|key| key.kid != active && key.state != "retiring") {
        diesel::update(signing_keys::table.find(&key.kid))
            .set((
                signing_keys::state.eq("retiring"),
                signing_keys::retiring_at.eq(Some(clock::format_instant(transaction.now))),
            ))
            .execute(transaction.conn)?;
    }
    Ok(())
}

fn activate(transaction: &mut Transaction<'_>, kid: &str) -> Result<()> {
    diesel::update(signing_keys::table.find(kid))
        .set((
            signing_keys::state.eq("active"),
            signing_keys::activated_at.eq(Some(clock::format_instant(transaction.now))),
        ))
        .execute(transaction.conn)?;
    Ok(())
}

fn insert(transaction: &mut Transaction<'_>, actor: &Actor, pair: &NewPair, state: &str) -> Result<()> {
    let now = clock::format_instant(transaction.now);
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&pair.kid),
            signing_keys::state.eq(state),
            signing_keys::sealed_private.eq(Some(&pair.sealed_private)),
            signing_keys::public_jwk.eq(&pair.public_jwk),
            signing_keys::created_at.eq(&now),
            signing_keys::activated_at.eq((state == "active").then_some(&now)),
        ))
        .execute(transaction.conn)?;
    transaction.state.epoch += 1;
    append(transaction, actor, event("keys.create", &pair.kid))?;
    Ok(())
}

fn event<'a>(operation: &'a str, kid: &'a str) -> Event<'a> {
    Event::done(operation, Some(kid))
}

fn instant(text: &str) -> Result<DateTime<Utc>> {
    clock::parse_instant(text).ok_or_else(|| Error::internal("an instant of a signing key cannot be read"))
}
