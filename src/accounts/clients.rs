//! Making and changing clients.

use crate::accounts::Overrides;
use crate::accounts::first_client::OwnRecords;
use crate::accounts::rights::{AdminWatch, choose_office, require_grantable, require_within_networks};
use crate::accounts::rows::{ClientRow, find_client, require_version};
use crate::accounts::rules::check_name;
use crate::accounts::view::{ClientView, show_one_client};
use crate::audit::chain::{Audited, Event, append};
use crate::auth::access::rules;
use crate::auth::authorized::{Recorded, Writing};
use crate::auth::network::Networks;
use crate::auth::scope::ScopeSet;
use crate::clock;
use crate::db::schema::clients;
use crate::error::{Code, Error, Result};
use crate::texts;
use crate::values::id::new_id;
use crate::values::{Finding, FindingCode};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

/// A service account to be made.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What people call it.
    pub name: String,
    /// The office that it shall act for; none: the caller's own, or the registry itself.
    pub office_id: Option<String>,
    /// What it may do.
    pub scopes: ScopeSet,
    /// From where it may call; none named: from where the caller may.
    pub networks: Networks,
}

/// What shall become different about a client; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct ClientEdit {
    /// Another name.
    pub name: Option<String>,
    /// Other scopes, all of them.
    pub scopes: Option<ScopeSet>,
    /// Other networks, all of them.
    pub networks: Option<Networks>,
    /// Suspended (`false`), or active again.
    pub is_active: Option<bool>,
    /// Another office; the inner none makes it a client of the registry itself.
    pub office_id: Option<Option<String>>,
}

/// Makes a client. It has no token yet. The first one of an office hands it the record of it.
pub fn create_client(
    writing: &mut Writing<'_, '_>,
    own_records: &OwnRecords,
    new: NewClient,
) -> Result<Recorded<ClientView>> {
    let (row, proof) = insert_client(writing, new)?;
    own_records.take(writing, &row)?;
    let view = show_one_client(writing.transaction.conn, row, writing.transaction.now)?;
    Ok(Recorded::new(view, proof))
}

/// The same, for callers that continue in the same transaction.
pub fn insert_client(writing: &mut Writing<'_, '_>, new: NewClient) -> Result<(ClientRow, Audited)> {
    Error::check(check_name("/name", &new.name))?;
    require_grantable(writing.caller, new.scopes)?;
    let networks = if new.networks.is_open() {
        writing.caller.networks.clone()
    } else {
        new.networks
    };
    require_within_networks(writing.caller, &networks)?;
    let row = ClientRow {
        id: new_id("cli"),
        office_id: choose_office(writing.transaction.conn, writing.caller, new.office_id.as_deref())?,
        name: new.name,
        scopes: new.scopes.to_text(),
        networks: networks.to_text(),
        state: "active".to_owned(),
        created_at: clock::format_instant(writing.transaction.now),
        created_by_token: writing.actor.token_id.clone(),
        version: 1,
    };
    diesel::insert_into(clients::table)
        .values(&row)
        .execute(writing.transaction.conn)?;
    let proof = audit(writing, "client.create", &row)?;
    Ok((row, proof))
}

/// Changes a client; nothing is written where nothing differs. `own_records` is needed where it may come to another office. Its tokens have the new rights at the next request.
pub fn update_client(
    writing: &mut Writing<'_, '_>,
    id: &str,
    expected: Option<i64>,
    edit: ClientEdit,
    overrides: Overrides,
    own_records: Option<&OwnRecords>,
) -> Result<Recorded<ClientView>> {
    let old = find_client(writing.transaction.conn, writing.caller, id)?;
    require_version(expected, old.version)?;
    let new = apply(writing, &old, edit)?;
    if new == old {
        let view = show_one_client(writing.transaction.conn, old, writing.transaction.now)?;
        return Ok(Recorded::unchanged(view));
    }
    let watch = AdminWatch::start(writing.transaction, writing.actor)?;
    let (new, proof) = store(writing, &old, new)?;
    watch.finish(writing.transaction, writing.actor, overrides, None)?;
    if new.networks != old.networks {
        require_confirmed_restriction(writing, &new, overrides)?;
    }
    if let Some(own_records) = own_records.filter(|_| new.office_id != old.office_id) {
        own_records.take(writing, &new)?;
    }
    let view = show_one_client(writing.transaction.conn, new, writing.transaction.now)?;
    Ok(Recorded::new(view, proof))
}

/// Suspends an active client, for endings that go further than one token.
pub fn suspend(writing: &mut Writing<'_, '_>, old: ClientRow) -> Result<Audited> {
    let new = ClientRow {
        state: "suspended".to_owned(),
        ..old.clone()
    };
    store(writing, &old, new).map(|(_, proof)| proof)
}

/// Binds all clients of an office to another one, where it is merged into that. What they may do is not asked: the
/// office that they act for is the same, under another id.
pub fn rebind_clients(writing: &mut Writing<'_, '_>, merged: &str, survivor: &str) -> Result<()> {
    let rows: Vec<ClientRow> = clients::table
        .filter(clients::office_id.eq(merged))
        .order(clients::id.asc())
        .select(ClientRow::as_select())
        .load(writing.transaction.conn)?;
    for old in rows {
        let new = ClientRow {
            office_id: Some(survivor.to_owned()),
            ..old.clone()
        };
        store(writing, &old, new)?;
    }
    Ok(())
}

/// The client as it shall be. Refuses what the caller may not decide.
fn apply(writing: &mut Writing<'_, '_>, old: &ClientRow, edit: ClientEdit) -> Result<ClientRow> {
    if let Some(name) = &edit.name {
        Error::check(check_name("/name", name))?;
    }
    let mut new = old.clone();
    new.name = edit.name.unwrap_or(new.name);
    new.scopes = edit.scopes.map_or(new.scopes, ScopeSet::to_text);
    new.networks = edit.networks.map_or(new.networks, |networks| networks.to_text());
    if let Some(is_active) = edit.is_active {
        new.state = if is_active { "active" } else { "suspended" }.to_owned();
    }
    if let Some(office) = edit.office_id {
        new.office_id = match office {
            Some(named) if writing.caller.is_registry() => {
                choose_office(writing.transaction.conn, writing.caller, Some(&named))?
            }
            other => other,
        };
    }
    if !rules::may_move_client(writing.caller.viewer(), new.office_id == old.office_id) {
        let finding = Finding::at(
            "/office_id",
            FindingCode::NotYourPart,
            texts::accounts::registry_moves_clients(),
        );
        return Err(Error::with_findings(Code::NotYourPart, vec![finding]));
    }
    // To suspend takes less than anything else: an alarm must not wait.
    let suspended = ClientRow {
        state: "suspended".to_owned(),
        ..old.clone()
    };
    if new != *old && new != suspended {
        require_grantable(writing.caller, old.scope_set()?)?;
        require_grantable(writing.caller, new.scope_set()?)?;
        require_within_networks(writing.caller, &new.network_set()?)?;
    }
    Ok(new)
}

fn store(writing: &mut Writing<'_, '_>, old: &ClientRow, mut new: ClientRow) -> Result<(ClientRow, Audited)> {
    new.version = old.version + 1;
    diesel::update(clients::table.find(&old.id))
        .set((
            clients::name.eq(&new.name),
            clients::office_id.eq(&new.office_id),
            clients::scopes.eq(&new.scopes),
            clients::networks.eq(&new.networks),
            clients::state.eq(&new.state),
            clients::version.eq(new.version),
        ))
        .execute(writing.transaction.conn)?;
    writing.transaction.state.epoch += 1;
    let operation = match (old.state.as_str(), new.state.as_str()) {
        ("active", "suspended") => "client.suspend",
        ("suspended", "active") => "client.resume",
        _ => "client.update",
    };
    let proof = audit(writing, operation, &new)?;
    Ok((new, proof))
}

/// A caller that binds its own client to networks without its own address must confirm it.
fn require_confirmed_restriction(writing: &Writing<'_, '_>, new: &ClientRow, overrides: Overrides) -> Result<()> {
    let Some(address) = writing.actor.address else {
        return Ok(());
    };
    let is_meant = new.id != writing.caller.client_id || overrides.confirm_fence;
    if is_meant || rules::may_fence(new.network_set()?.allow(address)) {
        return Ok(());
    }
    Err(Error::new(
        Code::FenceExcludesYou,
        texts::accounts::outside_your_networks(address),
    ))
}

fn audit(writing: &mut Writing<'_, '_>, operation: &str, row: &ClientRow) -> Result<Audited> {
    let event = Event {
        version: Some(row.version),
        value_hash: &row.seal(),
        ..Event::done(operation, Some(&row.id))
    };
    append(writing.transaction, writing.actor, event)
}
