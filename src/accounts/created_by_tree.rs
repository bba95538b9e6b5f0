//! What a token made, and what that made in turn: the first question after a leak.

use crate::accounts::rows::{ClientRow, LINK, TokenRow, manages};
use crate::accounts::view::{show_clients, show_tokens};
use crate::auth::access::rules;
use crate::auth::caller::Caller;
use crate::db::Conn;
use crate::db::schema::{audit, clients, identities, tokens};
use crate::error::Result;
use crate::schema::component::word_of;
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// One thing that a token made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CreatedByToken)]
pub struct Made {
    /// `identity`: a subject of another issuer that is linked to a client.
    #[schema(schema_with = kinds)]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The office that it acts for.
    pub office_id: Option<String>,
    /// As lists show it.
    pub status: &'static str,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// By which token.
    pub created_by_token: Option<String>,
}

fn kinds() -> RefOr<Schema> {
    word_of(["client", "token", "identity"])
}

/// A subject of another issuer that a token linked to a client.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub struct LinkedIdentity {
    /// Id.
    pub id: String,
    /// Who vouches for it.
    pub issuer: String,
    /// Its name there.
    pub subject: String,
    /// When it was linked.
    pub created_at: String,
    /// By which token.
    pub created_by_token: Option<String>,
}

impl LinkedIdentity {
    fn show(self, client: ClientRow, status: &'static str) -> Made {
        Made {
            kind: "identity",
            name: format!("{} at {}", self.subject, self.issuer),
            id: self.id,
            office_id: client.office_id,
            status,
            created_at: self.created_at,
            created_by_token: self.created_by_token,
        }
    }
}

/// All that came of one token, as far as the caller manages it.
#[derive(Debug, Clone, Default)]
pub struct CreatedByTree {
    /// Clients.
    pub clients: Vec<ClientRow>,
    /// Tokens, with their clients.
    pub tokens: Vec<(TokenRow, ClientRow)>,
    /// Linked identities, with their clients. Ending one takes the link away.
    pub identities: Vec<(LinkedIdentity, ClientRow)>,
    /// Links that were taken away just now.
    pub unlinked: Vec<(LinkedIdentity, ClientRow)>,
    /// How much more there is that the caller does not manage.
    pub hidden: i64,
}

fn is_told(conn: &mut Conn, caller: &Caller, client: &ClientRow) -> Result<bool> {
    Ok(rules::may_find_created(manages(
        conn,
        caller,
        client.office_id.as_deref(),
    )?))
}

/// Finds all of it, through every token and every linked subject that came of it.
pub fn find_created_by(conn: &mut Conn, caller: &Caller, token_id: &str) -> Result<CreatedByTree> {
    let mut created_by_tree = CreatedByTree::default();
    let mut makers = BTreeSet::from([token_id.to_owned()]);
    let mut latest: Vec<String> = vec![token_id.to_owned()];
    while !latest.is_empty() {
        let made: Vec<ClientRow> = clients::table
            .filter(clients::created_by_token.eq_any(&latest))
            .order(clients::id.asc())
            .select(ClientRow::as_select())
            .load(conn)?;
        for client in made {
            if is_told(conn, caller, &client)? {
                created_by_tree.clients.push(client);
            } else {
                created_by_tree.hidden += 1;
            }
        }
        let made: Vec<(LinkedIdentity, ClientRow)> = identities::table
            .inner_join(clients::table.on(clients::id.eq(identities::client_id)))
            .filter(identities::created_by_token.eq_any(&latest))
            .order(identities::id.asc())
            .select((LinkedIdentity::as_select(), ClientRow::as_select()))
            .load(conn)?;
        for (identity, client) in made {
            if is_told(conn, caller, &client)? {
                created_by_tree.identities.push((identity, client));
            } else {
                created_by_tree.hidden += 1;
            }
        }
        let made: Vec<(TokenRow, ClientRow)> = tokens::table
            .inner_join(clients::table.on(clients::id.eq(tokens::client_id)))
            .filter(tokens::created_by_token.eq_any(&latest))
            .order(tokens::id.asc())
            .select((TokenRow::as_select(), ClientRow::as_select()))
            .load(conn)?;
        latest = find_linked(conn, &latest)?
            .into_iter()
            .filter(|identity| makers.insert(identity.clone()))
            .collect();
        for (token, client) in made {
            if makers.insert(token.id.clone()) {
                latest.push(token.id.clone());
            }
            if is_told(conn, caller, &client)? {
                created_by_tree.tokens.push((token, client));
            } else {
                created_by_tree.hidden += 1;
            }
        }
    }
    Ok(created_by_tree)
}

/// The subjects that these linked, also those whose link was taken away since: what such a subject made outlives its
/// link, and only the log still knows who linked it.
fn find_linked(conn: &mut Conn, makers: &[String]) -> Result<Vec<String>> {
    Ok(audit::table
        .filter(audit::operation.eq(LINK))
        .filter(audit::outcome.eq("done"))
        .filter(audit::token_id.eq_any(makers.iter().map(Some)))
        .filter(audit::target_id.is_not_null())
        .select(audit::target_id.assume_not_null())
        .load(conn)?)
}

impl CreatedByTree {
    /// As it is shown, in the order in which it was made.
    pub fn show(self, conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Made>> {
        let clients = show_clients(conn, self.clients, now)?;
        let tokens = show_tokens(conn, self.tokens, now)?;
        let mut made: Vec<Made> = clients
            .into_iter()
            .map(|client| Made {
                kind: "client",
                id: client.id,
                name: client.name,
                office_id: client.office_id,
                status: client.status,
                created_at: client.created_at,
                created_by_token: client.created_by_token,
            })
            .chain(tokens.into_iter().map(|token| Made {
                kind: "token",
                id: token.id,
                name: token.name,
                office_id: token.office_id,
                status: token.status,
                created_at: token.created_at,
                created_by_token: token.created_by_token,
            }))
            .chain(self.identities.into_iter().map(|(identity, client)| {
                let is_active = client.state == "active";
                identity.show(client, if is_active { "active" } else { "suspended" })
            }))
            .chain(
                self.unlinked
                    .into_iter()
                    .map(|(identity, client)| identity.show(client, "cut")),
            )
            .collect();
        made.sort_by(|one, other| (&one.created_at, &one.id).cmp(&(&other.created_at, &other.id)));
        Ok(made)
    }
}
