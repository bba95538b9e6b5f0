//! Partners' own ids: by which system and key of its own an office knows a record.
//!
//! They stand beside the document, (office, system, kind, key) → record, so giving one makes no new version and nothing
//! in the feed; it is audited. Two offices may use the same system and key without a conflict, and no office sees those
//! of others. The registry itself has its own too, under the empty office.
//!
//! A deleted record keeps its ids: a system that keeps pushing must get 410, not have the record
//! created anew: remove the key from it first.

pub mod api;
pub mod endpoints;
pub mod submit;

use crate::audit::chain::{Actor, Audited, Event, append};
use crate::auth::access::rules;
use crate::auth::{Caller, Reading, Writing};
use crate::clock;
use crate::db::schema::external_ids;
use crate::db::{Backend, Conn, Transaction};
use crate::documents::read::current::find_seen;
use crate::error::{Code, Error, Result};
use crate::json::digest::sha256_hex;
use crate::list::answer::CursorKey;
use crate::list::cursor::Position;
use crate::texts;
use crate::values::id::ExternalReference;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An id that your office gave to a record.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, ToSchema)]
#[schema(as = ExternalId)]
#[diesel(table_name = external_ids)]
pub struct OwnId {
    /// Your system.
    pub system: String,
    /// The record's key in it.
    #[diesel(column_name = external_key)]
    pub key: String,
}

impl CursorKey for OwnId {
    fn place(&self) -> (&str, &str) {
        (&self.system, &self.key)
    }
}

/// As rows name an office: the registry itself is empty.
fn column(office: Option<&str>) -> &str {
    office.unwrap_or("")
}

/// The record that an office (none: the registry itself) knows by this id.
pub fn find(conn: &mut Conn, office: Option<&str>, kind: &str, external: &ExternalReference) -> Result<Option<String>> {
    let mut query = external_ids::table
        .filter(external_ids::kind.eq(kind))
        .filter(external_ids::system.eq(&external.system))
        .filter(external_ids::external_key.eq(&external.key))
        .select(external_ids::record_id)
        .into_boxed::<Backend>();
    if rules::is_own_id_of_office() {
        query = query.filter(external_ids::office_id.eq(column(office)));
    }
    Ok(query.first(conn).optional()?)
}

/// 409 where the caller's office knows a record of this kind by this id already.
pub fn refuse_taken(writing: &mut Writing<'_, '_>, kind: &str, external: &ExternalReference) -> Result<()> {
    let office = writing.caller.office_id.as_deref();
    match find(writing.transaction.conn, office, kind, external)? {
        Some(existing) => Err(taken(external, &existing)),
        None => Ok(()),
    }
}

fn taken(external: &ExternalReference, existing: &str) -> Error {
    let detail = texts::documents::own_id_means_other(external);
    Error::new(Code::ExternalIdTaken, detail).with_member("existing_id", existing)
}

/// Lets the actor's office know a record by this id; `None` where it does already, 409 where it knows another by it.
pub fn keep(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    kind: &str,
    external: &ExternalReference,
    record_id: &str,
) -> Result<Option<Audited>> {
    let office = actor.office_id.as_deref();
    match find(transaction.conn, office, kind, external)? {
        Some(existing) if existing == record_id => return Ok(None),
        Some(existing) => return Err(taken(external, &existing)),
        None => {}
    }
    diesel::insert_into(external_ids::table)
        .values((
            external_ids::office_id.eq(column(office)),
            external_ids::kind.eq(kind),
            external_ids::system.eq(&external.system),
            external_ids::external_key.eq(&external.key),
            external_ids::record_id.eq(record_id),
            external_ids::created_at.eq(clock::format_instant(transaction.now)),
        ))
        .execute(transaction.conn)?;
    record(transaction, actor, (kind, "set_external_id"), external, record_id).map(Some)
}

/// Takes an id of the caller's away from a record, also from one that is deleted or that it may no longer see.
pub fn remove(
    writing: &mut Writing<'_, '_>,
    kind: &str,
    external: &ExternalReference,
    record_id: &str,
) -> Result<Audited> {
    let office = writing.caller.office_id.as_deref();
    let known = find(writing.transaction.conn, office, kind, external)?;
    if known.is_none_or(|known| known != record_id) {
        find_seen(writing.transaction.conn, writing.caller, kind, record_id)?;
        let detail = texts::documents::own_id_unknown_here(external);
        return Err(Error::new(Code::RecordNotFound, detail));
    }
    diesel::delete(external_ids::table.find((column(office), &external.system, kind, &external.key)))
        .execute(writing.transaction.conn)?;
    let event = (kind, "remove_external_id");
    record(writing.transaction, writing.actor, event, external, record_id)
}

fn record(
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    (kind, operation): (&str, &str),
    external: &ExternalReference,
    record_id: &str,
) -> Result<Audited> {
    append(
        transaction,
        actor,
        Event {
            value_hash: &format!("sha256:{}", sha256_hex(external.to_string().as_bytes())),
            ..Event::done(&format!("{kind}.{operation}"), Some(record_id))
        },
    )
}

/// The caller's own ids for a record, by system and key; up to `rows` of them after or before a position.
pub fn select(
    reading: &mut Reading<'_>,
    record_id: &str,
    rows: i64,
    position: Option<&Position>,
) -> Result<Vec<OwnId>> {
    let caller: &Caller = reading.caller;
    let mut query = external_ids::table
        .filter(external_ids::record_id.eq(record_id))
        .filter(external_ids::office_id.eq(column(caller.office_id.as_deref())))
        .select(OwnId::as_select())
        .limit(rows)
        .into_boxed::<Backend>();
    let same = |at: &Position| external_ids::system.eq(at.key.clone());
    query = match position {
        Some(at) if at.backwards => query
            .filter(
                external_ids::system
                    .lt(at.key.clone())
                    .or(same(at).and(external_ids::external_key.lt(at.id.clone()))),
            )
            .order((external_ids::system.desc(), external_ids::external_key.desc())),
        Some(at) => query
            .filter(
                external_ids::system
                    .gt(at.key.clone())
                    .or(same(at).and(external_ids::external_key.gt(at.id.clone()))),
            )
            .order((external_ids::system.asc(), external_ids::external_key.asc())),
        None => query.order((external_ids::system.asc(), external_ids::external_key.asc())),
    };
    Ok(query.load(reading.conn)?)
}
