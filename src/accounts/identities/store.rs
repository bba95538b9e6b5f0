//! Links in the database.

use super::rules::IdentityLink;
use crate::accounts::ending::cut_link;
use crate::accounts::rights::{require_secret, require_within_networks};
use crate::accounts::rows::{ClientRow, LINK, seal_link};
use crate::audit::chain::{Event, append};
use crate::auth::access::rules;
use crate::auth::scope::ScopeSet;
use crate::auth::{Caller, Reading, Recorded, Writing};
use crate::clock;
use crate::db::Conn;
use crate::db::schema::{clients, identities, links_ever_made};
use crate::error::{Code, Error, Result};
use crate::list::FilterForm::Text;
use crate::list::answer::Item;
use crate::list::filter::FilterContext;
use crate::list::select::{keep, select_rows};
use crate::list::{FilterSpec, ListRequest, ListSpec, SortSpec};
use crate::texts;
use crate::values::id::new_id;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

/// What a list of links can be asked for.
pub(super) static IDENTITIES: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column("issuer", Text, identities::issuer)
            .describe("Subjects of this issuer, as tokens have it in `iss`."),
        FilterSpec::column("subject", Text, identities::subject).describe("This subject, as tokens have it in `sub`."),
    ],
    sorts: &[SortSpec::new("created_at", identities::created_at)],
    expands: &[],
};

/// A subject of an external issuer that stands for a client.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = identities)]
pub(super) struct Identity {
    /// Its id.
    pub(super) id: String,
    /// Whom the subject stands for.
    pub(super) client_id: String,
    /// As tokens have it in `iss`.
    pub(super) issuer: String,
    /// As tokens have it in `sub`.
    #[schema(min_length = 1, max_length = 255)]
    pub(super) subject: String,
    /// When it was linked.
    #[schema(format = DateTime)]
    pub(super) created_at: String,
    /// The token with which it was linked.
    pub(super) created_by_token: Option<String>,
    /// When a token of it was last used, to the minute.
    #[schema(format = DateTime)]
    pub(super) last_used_at: Option<String>,
}

/// Only the registry's own administrators link: a link reaches around a client's secrets.
pub(super) fn require_registry(caller: &Caller) -> Result<()> {
    if rules::may_link(caller.viewer()) {
        return Ok(());
    }
    Err(Error::new(Code::RegistryOnly, texts::accounts::registry_links()))
}

/// They do it with a secret of theirs, as they manage all accounts.
pub(super) fn require_manager(caller: &Caller) -> Result<()> {
    require_registry(caller)?;
    require_secret(caller)
}

/// A page of the links of a client, with one row more where there is another, and the total if it was asked for.
pub(super) fn select_identities(
    reading: &mut Reading<'_>,
    client_id: &str,
    list: &ListRequest,
) -> Result<(Vec<Item<Identity>>, Option<i64>)> {
    find_client(reading.conn, client_id)?;
    let context = FilterContext::of(&list.filters, reading.caller, clock::now());
    let filtered = || {
        let of_client = identities::table.filter(identities::client_id.eq(client_id.to_owned()));
        keep(of_client.into_boxed(), context.conditions(IDENTITIES.filters))
    };
    let selection = Identity::as_select();
    let (rows, total) = select_rows(reading.conn, filtered, selection, (list, &IDENTITIES), identities::id)?;
    let items = rows.into_iter().map(|identity| Item {
        key: identity.created_at.clone(),
        id: identity.id.clone(),
        view: identity,
    });
    Ok((items.collect(), total))
}

/// Links a subject to a client; `true` with it when it was not linked before.
pub(super) fn link(
    writing: &mut Writing<'_, '_>,
    client_id: &str,
    new: &IdentityLink,
) -> Result<Recorded<(Identity, bool)>> {
    let client = find_client(writing.transaction.conn, client_id)?;
    require_grantable(writing.caller, client.scope_set()?)?;
    require_within_networks(writing.caller, &client.network_set()?)?;
    let known: Option<Identity> = identities::table
        .filter(identities::issuer.eq(&new.issuer))
        .filter(identities::subject.eq(&new.subject))
        .select(Identity::as_select())
        .first(writing.transaction.conn)
        .optional()?;
    match known {
        Some(known) if known.client_id == client_id => return Ok(Recorded::unchanged((known, false))),
        Some(known) => {
            let error = Error::new(Code::IdentityTaken, texts::accounts::subject_taken());
            return Err(error.with_member("existing_id", known.id));
        }
        None => {}
    }
    let identity = Identity {
        id: new_id("idn"),
        client_id: client_id.to_owned(),
        issuer: new.issuer.clone(),
        subject: new.subject.clone(),
        created_at: clock::format_instant(writing.transaction.now),
        created_by_token: writing.actor.token_id.clone(),
        last_used_at: None,
    };
    diesel::insert_into(identities::table)
        .values((
            identities::id.eq(&identity.id),
            identities::client_id.eq(&identity.client_id),
            identities::issuer.eq(&identity.issuer),
            identities::subject.eq(&identity.subject),
            identities::created_at.eq(&identity.created_at),
            identities::created_by_token.eq(&identity.created_by_token),
        ))
        .execute(writing.transaction.conn)?;
    diesel::insert_into(links_ever_made::table)
        .values((
            links_ever_made::identity_id.eq(&identity.id),
            links_ever_made::client_id.eq(client_id),
        ))
        .execute(writing.transaction.conn)?;
    writing.transaction.state.epoch += 1;
    let event = Event {
        value_hash: &seal_link(client_id, &new.issuer, &new.subject),
        ..Event::done(LINK, Some(&identity.id))
    };
    let proof = append(writing.transaction, writing.actor, event)?;
    Ok(Recorded::new((identity, true), proof))
}

/// Cuts a link.
pub(super) fn unlink(writing: &mut Writing<'_, '_>, id: &str) -> Result<Recorded<()>> {
    let proof = cut_link(writing, id)?.ok_or_else(Error::record_not_found)?;
    Ok(Recorded::new((), proof))
}

fn find_client(conn: &mut Conn, client_id: &str) -> Result<ClientRow> {
    let found: Option<ClientRow> = clients::table
        .find(client_id)
        .select(ClientRow::as_select())
        .first(conn)
        .optional()?;
    found.ok_or_else(Error::record_not_found)
}

/// Nobody gives more than they hold: else an administrator with few scopes would link a subject of its own to a client
/// with more.
fn require_grantable(caller: &Caller, scopes: ScopeSet) -> Result<()> {
    let missing: Vec<&str> = scopes
        .iter()
        .filter(|scope| !caller.scopes.contains(*scope))
        .map(|scope| scope.as_str())
        .collect();
    if rules::may_grant_link(missing.len()) {
        return Ok(());
    }
    let granted: Vec<&str> = caller.scopes.iter().map(|scope| scope.as_str()).collect();
    Err(
        Error::new(Code::MissingScope, texts::accounts::client_has_more_scopes())
            .with_member("missing_scopes", missing)
            .with_member("granted_scopes", granted),
    )
}
