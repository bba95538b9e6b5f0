//! Offices in the database: index columns, the tree.

use crate::accounts::suspend_after_move;
use crate::auth::Caller;
use crate::clock;
use crate::db::schema::{clients, identities, office_ancestors, office_index, tokens};
use crate::db::{Conn, Transaction};
use crate::documents::actions::redact::HOLE;
use crate::documents::kind::{FollowUp, Indexed, Rules, UniqueKey, WriteOptions};
use crate::error::{Code, Error, Result};
use crate::list::columns::{PeriodColumns, text_key};
use crate::list::index_row::index_table;
use crate::offices::document::{Office, Offices};
use crate::texts;
use crate::values::join_pointer;
use crate::values::{Finding, FindingCode};
use diesel::dsl::exists;
use diesel::prelude::*;

/// The index columns of an office.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = office_index, treat_none_as_null = true)]
pub struct OfficeIndex {
    /// Record id.
    pub id: String,
    /// Folded name in the original language, or any.
    pub name_key: String,
    /// Code of the kind.
    pub kind: String,
    /// ISO 3166-1.
    pub country: Option<String>,
    /// ISO 3166-2.
    pub subdivision: Option<String>,
    /// The office above.
    pub parent_id: Option<String>,
    /// `true` when it has no end.
    pub valid_open: String,
    /// First day on which it may have begun.
    pub valid_from_first: Option<String>,
    /// Last day on which it may have begun.
    pub valid_from_last: Option<String>,
    /// First day on which it may have ended.
    pub valid_to_first: Option<String>,
    /// Last day on which it may have ended.
    pub valid_to_last: Option<String>,
}

index_table!(office_index, OfficeIndex);

impl Indexed for Offices {
    type Index = OfficeIndex;

    /// The index columns of a document.
    fn index(office: &Office) -> OfficeIndex {
        let valid = PeriodColumns::of(office.valid.as_ref());
        OfficeIndex {
            id: office.id.to_string(),
            name_key: text_key(&office.names, office.original_language.as_deref()),
            kind: office.kind.as_str().to_owned(),
            country: office.country.clone(),
            subdivision: office.subdivision.clone(),
            parent_id: office.parent_id.as_ref().map(ToString::to_string),
            valid_open: valid.open,
            valid_from_first: valid.from_first,
            valid_from_last: valid.from_last,
            valid_to_first: valid.to_first,
            valid_to_last: valid.to_last,
        }
    }

    fn unique_keys(document: &Office) -> Vec<UniqueKey> {
        document
            .identifiers
            .iter()
            // A redacted identifier identifies no office.
            .filter(|(_, value)| *value != HOLE)
            .map(|(scheme, value)| UniqueKey {
                name: "office-identifier",
                value: format!("{scheme}:{value}"),
                pointer: join_pointer("/identifiers", scheme),
            })
            .collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        _caller: &Caller,
        old: Option<&Office>,
        new: &Office,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        if old.is_some_and(|old| Offices::audience(new) > Offices::audience(old)) {
            refuse_in_use(conn, new.id.as_str())?;
        }
        check_tree(conn, new)
    }

    fn check_deletion(conn: &mut Conn, id: &str) -> Result<()> {
        refuse_in_use(conn, id)
    }

    /// An office that moves is acted for no more by those that it leaves.
    fn follow_up(old: &Office, new: &Office) -> Option<FollowUp> {
        let before = old
            .parent_id
            .clone()
            .filter(|before| new.parent_id.as_ref() != Some(before))?;
        let moved = new.id.clone();
        Some(Box::new(move |writing| {
            let suspended = suspend_after_move(writing, moved.as_str(), before.as_str())?;
            Ok(vec![("suspended_clients", suspended)])
        }))
    }

    fn after_write(transaction: &mut Transaction<'_>, old: Option<&Office>, new: Option<&Office>) -> Result<()> {
        write_ancestors(transaction, old, new)
    }
}

/// 409 while somebody can act for the office: whoever owns its record must not end its tokens, or hide it from itself, by
/// the way. A client counts that is active and has a living token or a linked subject.
fn refuse_in_use(conn: &mut Conn, office: &str) -> Result<()> {
    let now = clock::format_instant(clock::now());
    let has_token = exists(
        tokens::table
            .filter(tokens::client_id.eq(clients::id))
            .filter(tokens::revoked_at.is_null())
            .filter(tokens::expires_at.gt(now)),
    );
    let has_subject = exists(identities::table.filter(identities::client_id.eq(clients::id)));
    let living: i64 = clients::table
        .filter(clients::office_id.eq(office))
        .filter(clients::state.eq("active"))
        .filter(has_token.or(has_subject))
        .count()
        .get_result(conn)?;
    if living == 0 {
        return Ok(());
    }
    Err(Error::new(Code::HasClients, texts::offices::in_use(living)).with_member("clients", living))
}

/// The tree has no cycles: the new parent must not be the office itself or one below it.
pub(super) fn check_tree(conn: &mut Conn, office: &Office) -> Result<Vec<Finding>> {
    let Some(parent) = &office.parent_id else {
        return Ok(Vec::new());
    };
    let below: i64 = office_ancestors::table
        .filter(office_ancestors::office_id.eq(parent.as_str()))
        .filter(office_ancestors::ancestor_id.eq(office.id.as_str()))
        .count()
        .get_result(conn)?;
    Ok(if below > 0 {
        vec![Finding::at(
            "/parent_id",
            FindingCode::Cycle,
            texts::offices::above_its_parent(),
        )]
    } else {
        Vec::new()
    })
}

/// Keeps the closed tree true when an office is created or moved. A deleted one keeps its place, so that who could see
/// it sees its tombstone, and its end in the feed; its tokens end.
pub(super) fn write_ancestors(
    transaction: &mut Transaction<'_>,
    old: Option<&Office>,
    new: Option<&Office>,
) -> Result<()> {
    let conn = &mut *transaction.conn;
    match (old, new) {
        (None, Some(new)) => {
            insert_ancestors(conn, &[(new.id.to_string(), 0)], new.id.as_str(), 0)?;
            match &new.parent_id {
                Some(parent) => hang_below(conn, &[(new.id.to_string(), 0)], parent.as_str()),
                None => Ok(()),
            }
        }
        (Some(old), Some(new)) if old.parent_id != new.parent_id => {
            let moved = load_below(conn, new.id.as_str())?;
            let ids: Vec<&str> = moved.iter().map(|(id, _)| id.as_str()).collect();
            // What lies between them goes along; only what was above all of them goes.
            diesel::delete(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq_any(&ids))
                    .filter(office_ancestors::ancestor_id.ne_all(&ids)),
            )
            .execute(conn)?;
            if let Some(parent) = &new.parent_id {
                hang_below(conn, &moved, parent.as_str())?;
            }
            transaction.state.epoch += 1;
            Ok(())
        }
        (Some(_), None) => {
            // Whoever acted for it is refused from the next request on.
            transaction.state.epoch += 1;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Makes one office of two that are no units of each other's merged one: all of the merged one's units, and all its ids,
/// come under whatever the survivor is under, and all that is below the survivor is below each of these ids.
pub(super) fn merge_in_tree(conn: &mut Conn, merged: &str, survivor: &str) -> Result<()> {
    let moved = load_below(conn, merged)?;
    let ids: Vec<&str> = moved.iter().map(|(id, _)| id.as_str()).collect();
    let mut below = load_below(conn, survivor)?;
    below.retain(|(id, _)| !ids.contains(&id.as_str()));
    let above: Vec<(String, i64)> = office_ancestors::table
        .filter(office_ancestors::office_id.eq(survivor))
        .select((office_ancestors::ancestor_id, office_ancestors::depth))
        .load(conn)?;
    diesel::delete(
        office_ancestors::table
            .filter(office_ancestors::office_id.eq_any(&ids))
            .filter(office_ancestors::ancestor_id.ne_all(&ids)),
    )
    .execute(conn)?;
    for (ancestor, depth) in above {
        insert_ancestors(conn, &moved, &ancestor, depth)?;
    }
    for (id, _) in moved.iter().filter(|(_, depth)| *depth == 0) {
        insert_ancestors(conn, &below, id, 0)?;
    }
    Ok(())
}

/// An office under all its ids, and all offices below it, each with its depth.
fn load_below(conn: &mut Conn, office: &str) -> Result<Vec<(String, i64)>> {
    Ok(office_ancestors::table
        .filter(office_ancestors::ancestor_id.eq(office))
        .select((office_ancestors::office_id, office_ancestors::depth))
        .load(conn)?)
}

/// Puts offices, each with its depth below the topmost of them, under a parent.
fn hang_below(conn: &mut Conn, offices: &[(String, i64)], parent: &str) -> Result<()> {
    let above: Vec<(String, i64)> = office_ancestors::table
        .filter(office_ancestors::office_id.eq(parent))
        .select((office_ancestors::ancestor_id, office_ancestors::depth))
        .load(conn)?;
    for (ancestor, depth) in above {
        insert_ancestors(conn, offices, &ancestor, depth + 1)?;
    }
    Ok(())
}

/// Makes `ancestor` one of these offices' ancestors, `distance` above the topmost of them.
fn insert_ancestors(conn: &mut Conn, offices: &[(String, i64)], ancestor: &str, distance: i64) -> Result<()> {
    for (office, depth) in offices {
        diesel::insert_into(office_ancestors::table)
            .values((
                office_ancestors::office_id.eq(office),
                office_ancestors::ancestor_id.eq(ancestor),
                office_ancestors::depth.eq(depth + distance),
            ))
            .execute(conn)?;
    }
    Ok(())
}
