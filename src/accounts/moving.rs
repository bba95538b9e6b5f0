//! When an office moves in the tree: what those that it is no longer below made for it.
//!
//! An office above makes clients for its units, and holds their secrets. After a move it acts for the unit no more; without
//! this it would go on by such a client. So every client of the moved office and its units is suspended that was made, or
//! has a living token that was made, by a token of an office above that is above no more, or by what such a token made
//! for them in turn.

use crate::accounts::clients::suspend;
use crate::accounts::rows::ClientRow;
use crate::auth::authorized::Writing;
use crate::clock;
use crate::db::Conn;
use crate::db::schema::{clients, identities, office_ancestors, tokens};
use crate::error::Result;
use diesel::{ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use std::collections::{BTreeMap, BTreeSet};

/// Ids that one statement asks for at most.
const CHUNK: usize = 500;

/// Suspends them: their ids, in order. The tree is that after the move; `before` is the office that the moved one was
/// directly below.
pub fn suspend_after_move(writing: &mut Writing<'_, '_>, moved: &str, before: &str) -> Result<Vec<String>> {
    let conn = &mut *writing.transaction.conn;
    let above = load_above(conn, moved)?;
    let lost: Vec<String> = load_above(conn, before)?.difference(&above).cloned().collect();
    let now = clock::format_instant(writing.transaction.now);
    let mut latest = load_makers(conn, &lost)?;
    let mut known: BTreeSet<String> = latest.iter().cloned().collect();
    let mut suspended = BTreeMap::new();
    while !latest.is_empty() {
        let mut next = Vec::new();
        for chunk in latest.chunks(CHUNK) {
            let made = load_clients_made(conn, moved, chunk)?;
            let handed = load_tokens_made(conn, moved, chunk, &now)?;
            let made_ids: Vec<&str> = made.iter().map(|client| client.id.as_str()).collect();
            next.extend(load_tokens_of(conn, &made_ids)?);
            suspended.extend(made.into_iter().map(|client| (client.id.clone(), client)));
            for (token, client) in handed {
                next.push(token);
                suspended.insert(client.id.clone(), client);
            }
        }
        latest = next.into_iter().filter(|token| known.insert(token.clone())).collect();
    }
    suspended.retain(|_, client| client.state == "active");
    let ids = suspended.keys().cloned().collect();
    for client in suspended.into_values() {
        suspend(writing, client)?;
    }
    Ok(ids)
}

/// An office and all above it, under all their ids.
fn load_above(conn: &mut Conn, office: &str) -> Result<BTreeSet<String>> {
    let above: Vec<String> = office_ancestors::table
        .filter(office_ancestors::office_id.eq(office))
        .select(office_ancestors::ancestor_id)
        .load(conn)?;
    Ok(above.into_iter().collect())
}

/// What the clients of these offices call with: tokens, and linked subjects.
fn load_makers(conn: &mut Conn, offices: &[String]) -> Result<Vec<String>> {
    let mut makers: Vec<String> = tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .filter(clients::office_id.eq_any(offices))
        .select(tokens::id)
        .load(conn)?;
    makers.extend(
        identities::table
            .inner_join(clients::table.on(clients::id.eq(identities::client_id)))
            .filter(clients::office_id.eq_any(offices))
            .select(identities::id)
            .load::<String>(conn)?,
    );
    Ok(makers)
}

/// The clients for an office and its units that these made.
fn load_clients_made(conn: &mut Conn, office: &str, makers: &[String]) -> Result<Vec<ClientRow>> {
    Ok(clients::table
        .inner_join(office_ancestors::table.on(clients::office_id.eq(office_ancestors::office_id.nullable())))
        .filter(office_ancestors::ancestor_id.eq(office))
        .filter(clients::created_by_token.eq_any(makers))
        .select(ClientRow::as_select())
        .load(conn)?)
}

/// The living tokens of clients for an office and its units that these made.
fn load_tokens_made(conn: &mut Conn, office: &str, makers: &[String], now: &str) -> Result<Vec<(String, ClientRow)>> {
    Ok(tokens::table
        .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
        .inner_join(office_ancestors::table.on(clients::office_id.eq(office_ancestors::office_id.nullable())))
        .filter(office_ancestors::ancestor_id.eq(office))
        .filter(tokens::created_by_token.eq_any(makers))
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.gt(now))
        .select((tokens::id, ClientRow::as_select()))
        .load(conn)?)
}

fn load_tokens_of(conn: &mut Conn, client_ids: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for chunk in client_ids.chunks(CHUNK) {
        found.extend(
            tokens::table
                .filter(tokens::client_id.eq_any(chunk))
                .select(tokens::id)
                .load::<String>(conn)?,
        );
    }
    Ok(found)
}
