//! Clients, tokens and linked subjects: each has the rights of its last audit row, and nothing was made or taken away
//! without it.

use super::report::{CHUNK, Report};
use crate::accounts::rows::{ClientRow, TokenRow, UNLINKED, seal_link};
use crate::audit::chain::AuditRow;
use crate::db::Conn;
use crate::db::schema::{clients, identities, tokens};
use crate::error::Result;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use std::collections::{BTreeMap, BTreeSet};

/// What rows about accounts begin with.
const KINDS: [&str; 3] = ["client.", "token.", "identity."];

/// The newest row about an account.
#[derive(Debug)]
struct Last {
    operation: String,
    version: Option<i64>,
    seal: String,
}

/// What the audit log says about accounts.
#[derive(Debug, Default)]
pub(super) struct Told {
    last: BTreeMap<String, Last>,
    /// Tokens for which older versions of the service recorded that they were rotated, but not their successors.
    rotated: BTreeSet<String>,
}

impl Told {
    /// Notes a row; was it about a change of an account?
    pub(super) fn note(&mut self, row: &AuditRow) -> bool {
        let is_change = row.outcome == "done" && KINDS.iter().any(|kind| row.operation.starts_with(kind));
        let Some(target) = row.target_id.as_ref().filter(|_| is_change) else {
            return false;
        };
        if row.operation == "token.rotate" && row.value_hash.is_empty() {
            self.rotated.insert(target.clone());
        }
        let last = Last {
            operation: row.operation.clone(),
            version: row.version,
            seal: row.value_hash.clone(),
        };
        self.last.insert(target.clone(), last);
        true
    }

    /// Holds an account against its newest row. Older versions of the service sealed nothing; that is accepted until the
    /// next change.
    fn compare(&mut self, id: &str, version: Option<i64>, seal: &str, report: &mut Report) {
        match self.last.remove(id) {
            None => report.add(id, "no audit row tells of it"),
            Some(last) if last.operation == UNLINKED => report.add(id, "its link was cut, yet it is there"),
            Some(last) if last.seal.is_empty() => {}
            Some(last) if last.seal != seal || last.version != version => {
                report.add(id, "its rights are not those that the audit log tells");
            }
            Some(_) => {}
        }
    }
}

/// Every account has the rights that its newest audit row seals; none exists without a row, none is missing.
pub(super) fn verify_accounts(conn: &mut Conn, mut told: Told, report: &mut Report) -> Result<()> {
    verify_clients(conn, &mut told, report)?;
    verify_tokens(conn, &mut told, report)?;
    let links: Vec<(String, String, String, String)> = identities::table
        .order(identities::id)
        .select((
            identities::id,
            identities::client_id,
            identities::issuer,
            identities::subject,
        ))
        .load(conn)?;
    for (id, client, issuer, subject) in links {
        told.compare(&id, None, &seal_link(&client, &issuer, &subject), report);
    }
    for (id, _) in told.last.into_iter().filter(|(_, last)| last.operation != UNLINKED) {
        report.add(id, "the audit log tells of it, but it is not there");
    }
    Ok(())
}

fn verify_clients(conn: &mut Conn, told: &mut Told, report: &mut Report) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows: Vec<ClientRow> = clients::table
            .filter(clients::id.gt(&after))
            .order(clients::id.asc())
            .limit(CHUNK)
            .select(ClientRow::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        for row in rows {
            told.compare(&row.id, Some(row.version), &row.seal(), report);
        }
    }
}

fn verify_tokens(conn: &mut Conn, told: &mut Told, report: &mut Report) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows: Vec<TokenRow> = tokens::table
            .filter(tokens::id.gt(&after))
            .order(tokens::id.asc())
            .limit(CHUNK)
            .select(TokenRow::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        for row in rows {
            let came_of_rotation = row.rotated_from.as_ref().is_some_and(|old| told.rotated.contains(old));
            if came_of_rotation && !told.last.contains_key(&row.id) {
                continue;
            }
            told.compare(&row.id, Some(row.version), &row.seal(), report);
        }
    }
}
