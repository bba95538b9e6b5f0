//! An office speaks for itself from its first client on.
//!
//! Records of offices are often entered by others, before the office takes part itself. With its first client it gets the
//! record of it, unless the owner is the office itself or one above it, which act for it anyhow.

use crate::accounts::rows::ClientRow;
use crate::auth::access::acts_for;
use crate::auth::authorized::Writing;
use crate::db::schema::clients;
use crate::documents::contract::{Contract, Contracts};
use crate::documents::entry::{GiveRecord, KindEntry};
use crate::documents::read::current::load_head;
use crate::error::{Error, Result};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::sync::Arc;

/// Why the record gets another owner, as its history tells.
const REASON: &str = "The office has its first client.";

/// What gives offices the records of them.
#[derive(Clone)]
pub struct OwnRecords {
    give: GiveRecord,
    contract: Arc<Contract>,
}

impl OwnRecords {
    /// Of a registry that keeps these kinds.
    pub fn new(kinds: &[KindEntry], contracts: &Contracts) -> Result<Self> {
        let offices = kinds.iter().find(|kind| kind.prefix == "off");
        let offices = offices.ok_or_else(|| Error::internal("the registry keeps no offices"))?;
        Ok(Self {
            give: offices.give,
            contract: contracts.shared(offices.name)?,
        })
    }

    /// Gives an office the record of it where this client, just bound to it, is its first, and a stranger owns the record.
    pub(super) fn take(&self, writing: &mut Writing<'_, '_>, client: &ClientRow) -> Result<()> {
        let Some(office) = client.office_id.as_deref() else {
            return Ok(());
        };
        let conn = &mut *writing.transaction.conn;
        let others: i64 = clients::table
            .filter(clients::office_id.eq(office))
            .filter(clients::id.ne(&client.id))
            .count()
            .get_result(conn)?;
        if others > 0 {
            return Ok(());
        }
        let head = load_head(conn, office)?;
        if acts_for(conn, &head.owner_office_id, office)? {
            return Ok(());
        }
        (self.give)(writing, &self.contract, &head, office, Some(REASON)).map(|_| ())
    }
}
