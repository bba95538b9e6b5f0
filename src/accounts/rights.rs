//! Limits on managing clients and tokens that hold for every scope: no caller grants rights that it lacks, and the last
//! administrator is not removed.

use crate::accounts::Overrides;
use crate::accounts::rows::{ClientRow, manages};
use crate::audit::chain::Actor;
use crate::auth::access::rules;
use crate::auth::caller::Caller;
use crate::auth::network::Networks;
use crate::auth::scope::{Scope, ScopeSet};
use crate::clock;
use crate::db::schema::{clients, records, tokens};
use crate::db::{Conn, Transaction};
use crate::documents::read::address::{find_external, unknown_reference};
use crate::error::{Code, Error, Result};
use crate::texts;
use crate::values::id::ExternalReference;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};
use std::net::IpAddr;

/// Refuses to hand out scopes that the caller does not hold (403 `not-grantable`), naming them.
pub fn require_grantable(caller: &Caller, scopes: ScopeSet) -> Result<()> {
    let missing = scopes.missing_from(caller.scopes);
    if rules::may_grant(missing.len()) {
        return Ok(());
    }
    Err(Error::new(
        Code::NotGrantable,
        texts::accounts::not_yours_to_grant(missing.join(", ")),
    )
    .with_member("missing_scopes", missing)
    .with_member("granted_scopes", caller.scopes.to_list()))
}

/// Refuses to give out rights in networks where the caller itself may not call from (403 `not-grantable`), naming them.
/// Else a caller would escape its own restriction by a client, or a secret of a client, that has none.
pub fn require_within_networks(caller: &Caller, networks: &Networks) -> Result<()> {
    let outside = networks.outside_of(&caller.networks);
    if rules::may_grant_networks(outside.len()) {
        return Ok(());
    }
    Err(Error::new(
        Code::NotGrantable,
        texts::accounts::not_your_networks(outside.join(", ")),
    )
    .with_member("missing_networks", outside)
    .with_member("granted_networks", caller.networks.to_list()))
}

/// Refuses to give out a secret of a client that may do more, or from elsewhere, than the caller.
pub fn require_grantable_client(caller: &Caller, client: &ClientRow) -> Result<()> {
    require_grantable(caller, client.scope_set()?)?;
    require_within_networks(caller, &client.network_set()?)
}

/// Refuses what manages accounts to an access token (403 `secret-required`): it is handed on, and what it made would
/// outlive its ten minutes.
pub fn require_secret(caller: &Caller) -> Result<()> {
    if rules::may_manage_accounts(caller.access.is_some()) {
        return Ok(());
    }
    Err(Error::new(Code::SecretRequired, texts::accounts::secret_needed()))
}

/// The office that a new client is bound to: the one named, if the caller acts for it; the caller's own, if none is. A
/// foreign office and one that does not exist are refused alike.
pub fn choose_office(conn: &mut Conn, caller: &Caller, named: Option<&str>) -> Result<Option<String>> {
    let Some(text) = named else {
        return Ok(caller.office_id.clone());
    };
    let unknown = || Error::with_findings(Code::InvalidDocument, vec![unknown_reference("/office_id", text)]);
    let office = match ExternalReference::parse(text) {
        Some(external) => find_external(conn, caller, "office", &external)?.ok_or_else(unknown)?,
        None => text.to_owned(),
    };
    if !rules::may_grant_office(manages(conn, caller, Some(&office))?) {
        return Err(
            Error::new(Code::NotGrantable, texts::accounts::not_acting_for(text)).with_member("office_id", text)
        );
    }
    let living: i64 = records::table
        .filter(records::id.eq(&office))
        .filter(records::kind.eq("office"))
        .filter(records::deleted_at.is_null())
        .count()
        .get_result(conn)?;
    if living == 0 { Err(unknown()) } else { Ok(Some(office)) }
}

/// True if there is a token with which the registry can be administered.
pub fn has_usable_admin(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    Ok(usable_admins(conn, now, None, None)?.anywhere)
}

/// A token that ends sooner does not count as a usable administrator: there may be no time left to make another.
const LASTING: TimeDelta = TimeDelta::hours(1);

/// Whether somebody can administer the registry: at all, from where the caller is, and for longer than a moment.
#[derive(Debug, Clone, Copy)]
struct Usable {
    anywhere: bool,
    here: bool,
    lasting: bool,
}

impl Usable {
    /// True if the change removes the last usable administrator.
    fn is_less_than(self, before: Usable) -> bool {
        (before.anywhere && !self.anywhere) || (before.here && !self.here) || (before.lasting && !self.lasting)
    }
}

/// Looks before and after a change that no more than the last administrator is at stake.
///
/// An administrator that is bound to networks counts as far as they can be seen to be real: where the caller calls from
/// one. So a mistyped network cannot lock the last administrator out, nor make it look as if there were another one.
#[derive(Debug)]
pub struct AdminWatch(Usable);

impl AdminWatch {
    /// Before the change.
    pub fn start(transaction: &mut Transaction<'_>, actor: &Actor) -> Result<Self> {
        usable_admins(transaction.conn, transaction.now, actor.address, None).map(Self)
    }

    /// After it: 409 `last-admin` if it took the last one away. `ending` is a token that ends earlier by it, and
    /// counts as ended. Nothing is kept of a refused change: its transaction is rolled back.
    pub fn finish(
        self,
        transaction: &mut Transaction<'_>,
        actor: &Actor,
        overrides: Overrides,
        ending: Option<&str>,
    ) -> Result<()> {
        if overrides.force {
            return Ok(());
        }
        let after = usable_admins(transaction.conn, transaction.now, actor.address, ending)?;
        if !rules::may_end_administrator(after.is_less_than(self.0)) {
            return Err(Error::new(Code::LastAdmin, texts::accounts::last_administrator()));
        }
        Ok(())
    }
}

fn usable_admins(conn: &mut Conn, now: DateTime<Utc>, address: Option<IpAddr>, ending: Option<&str>) -> Result<Usable> {
    let rows: Vec<(String, String, String)> = tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .filter(clients::office_id.is_null())
        .filter(clients::state.eq("active"))
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.gt(clock::format_instant(now)))
        .filter(tokens::id.ne(ending.unwrap_or("")))
        .select((clients::scopes, clients::networks, tokens::expires_at))
        .load(conn)?;
    let admins: Vec<(Networks, String)> = rows
        .into_iter()
        .filter(|(scopes, ..)| ScopeSet::parse(scopes).is_ok_and(can_administer))
        .filter_map(|(_, networks, end)| Some((Networks::parse(&networks).ok()?, end)))
        .collect();
    let here = |networks: &Networks| address.is_none_or(|address| networks.allow(address));
    let soon = clock::format_instant(now + LASTING);
    Ok(Usable {
        anywhere: !admins.is_empty(),
        here: admins.iter().any(|(networks, _)| here(networks)),
        lasting: admins.iter().any(|(networks, end)| *end > soon && here(networks)),
    })
}

/// Can a client of the registry with these scopes make another administrator? Both are needed for that.
fn can_administer(scopes: ScopeSet) -> bool {
    scopes.contains(Scope::Admin) && scopes.contains(Scope::TokensOffice)
}
