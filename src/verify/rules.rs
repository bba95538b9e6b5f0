//! `verify --rules`: living records that today's rules would refuse. No damage: they were right when they were written,
//! and can be changed everywhere else. Told so that somebody can put them right.

use super::report::CHUNK;
use crate::db::schema::records;
use crate::db::{Conn, Database};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::entry::{KindEntry, VerifiedHead};
use crate::error::Result;
use crate::texts::{self, Message};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;

/// One rule that a stored record does not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleWarning {
    /// Record id.
    pub record_id: String,
    /// Its kind.
    pub kind: String,
    /// JSON pointer (RFC 6901) of the place, in today's format.
    pub pointer: String,
    /// The rule, as an answer to a write would name it.
    pub code: String,
    /// What is wrong, for people.
    pub detail: String,
}

/// Holds all living records against the rules of today, in the order of their ids.
pub fn check_rules(database: &Database, kinds: &[KindEntry], contracts: &Contracts) -> Result<Vec<RuleWarning>> {
    database.read_blocking(|conn| {
        let mut warnings = Vec::new();
        let mut after = String::new();
        loop {
            let heads: Vec<VerifiedHead> = records::table
                .filter(records::id.gt(&after))
                .filter(records::deleted_at.is_null())
                .order(records::id.asc())
                .limit(CHUNK)
                .select(VerifiedHead::as_select())
                .load(conn)?;
            let Some(last) = heads.last() else {
                return Ok(warnings);
            };
            after.clone_from(&last.id);
            for head in heads {
                // A kind that is unknown, and a document that cannot be read, are damage, which `verify` reports.
                if let Some(entry) = kinds.iter().find(|entry| entry.name == head.kind) {
                    warnings.extend(warnings_of(conn, entry, contracts.by_name(entry.name)?, &head)?);
                }
            }
        }
    })
}

fn warnings_of(
    conn: &mut Conn,
    entry: &KindEntry,
    contract: &Contract,
    head: &VerifiedHead,
) -> Result<Vec<RuleWarning>> {
    let warning = |pointer, code: &str, detail: &Message| RuleWarning {
        record_id: head.id.clone(),
        kind: head.kind.clone(),
        pointer,
        code: code.to_owned(),
        detail: detail.in_english(),
    };
    let found = (entry.check_rules)(contract, &head.document).unwrap_or_default();
    let mut warnings: Vec<RuleWarning> = found
        .into_iter()
        .map(|finding| {
            warning(
                finding.pointer.unwrap_or_default(),
                finding.code.as_str(),
                &finding.detail,
            )
        })
        .collect();
    let collisions = (entry.collisions)(conn, contract, head)?;
    warnings.extend(collisions.into_iter().map(|found| {
        let detail = texts::documents::older_record_has_value();
        warning(found.pointer, found.code, &detail)
    }));
    Ok(warnings)
}
