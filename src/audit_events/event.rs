//! A row of the log as a caller gets it.

use super::store::{find_names, find_owned};
use crate::audit::chain::AuditRow;
use crate::auth::Reading;
use crate::auth::access::{offices_acted_for, rules};
use crate::error::Result;
use crate::list::answer::Item;
use crate::schema::component::word_of;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// One event of the audit log. Of clients of other offices an office learns neither name, token, address nor request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEvent {
    /// The place in the chain.
    seq: i64,
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
    client: ClientName,
    token_id: Option<String>,
    /// The office acted for; null for the registry itself.
    office_id: Option<String>,
    /// An `operationId`, or for changes `{kind}.{what}`.
    operation: String,
    /// What it was done to: a record, client or token. Of a refusal the id that was asked for, whether or not there is
    /// such a record.
    target_id: Option<String>,
    /// Which version came of it.
    version: Option<i64>,
    #[schema(schema_with = outcomes)]
    outcome: String,
    /// The problem's code, where it was refused.
    code: Option<String>,
    /// How many times, where several are told by one event.
    occurrences: i64,
    /// The beginning of the minute (refusals) or hour (reads) that the event sums up.
    #[schema(format = DateTime)]
    period: Option<String>,
    /// The records that were shown of those that not everybody may see.
    disclosed: Vec<String>,
    /// From where.
    address: Option<String>,
    /// As in the answer and in the service's log.
    request_id: Option<String>,
    /// The hash over this event and the hash of the one before.
    hash: String,
}

fn outcomes() -> RefOr<Schema> {
    word_of(["done", "refused", "read"])
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditClient)]
struct ClientName {
    /// A client; `cli` for commands on the host.
    id: String,
    name: Option<String>,
}

impl AuditEvent {
    /// With its place in the chain.
    pub fn into_item(self) -> Item<Self> {
        let place = self.seq.to_string();
        Item {
            view: self,
            key: place.clone(),
            id: place,
        }
    }
}

/// What a caller may be told of rows that it may see.
struct Insight {
    names: HashMap<String, String>,
    /// Of an office: those it acts for, and the records and accounts they own, as far as the rows name them.
    own: Option<(BTreeSet<String>, BTreeSet<String>)>,
}

/// The rows as this caller gets them.
pub fn show_events(reading: &mut Reading<'_>, rows: Vec<AuditRow>) -> Result<Vec<AuditEvent>> {
    let clients: BTreeSet<&str> = rows.iter().map(|row| row.client_id.as_str()).collect();
    let names = find_names(reading.conn, &clients)?;
    let own = match reading.caller.office_id.as_deref() {
        None => None,
        Some(office) => {
            let offices: BTreeSet<String> = rows.iter().filter_map(|row| row.office_id.clone()).collect();
            let offices: Vec<String> = offices.into_iter().collect();
            let offices = offices_acted_for(reading.conn, office, &offices)?.into_iter().collect();
            let ids: BTreeSet<&str> = rows.iter().flat_map(named_ids).collect();
            Some((offices, find_owned(reading.conn, office, &ids)?))
        }
    };
    let insight = Insight { names, own };
    Ok(rows.into_iter().map(|row| insight.show(row)).collect())
}

fn named_ids(row: &AuditRow) -> impl Iterator<Item = &str> {
    let disclosed = row.disclosed.as_deref().unwrap_or_default().split_whitespace();
    disclosed.chain(row.target_id.as_deref())
}

impl Insight {
    fn show(&self, row: AuditRow) -> AuditEvent {
        let name = match row.client_id.as_str() {
            "cli" => Some("command line".to_owned()),
            "service" => Some("the service itself".to_owned()),
            id => self.names.get(id).cloned(),
        };
        let disclosed = row.disclosed.as_deref().unwrap_or_default().split_whitespace();
        let event = AuditEvent {
            seq: row.seq,
            disclosed: disclosed.map(str::to_owned).collect(),
            at: row.at,
            client: ClientName {
                id: row.client_id,
                name,
            },
            token_id: row.token_id,
            office_id: row.office_id,
            operation: row.operation,
            target_id: row.target_id,
            version: row.version,
            outcome: row.outcome,
            code: row.code,
            occurrences: row.occurrences.unwrap_or(1),
            period: row.period,
            address: row.address,
            request_id: Some(row.request_id).filter(|id| !id.is_empty()),
            hash: row.hash,
        };
        match &self.own {
            Some((offices, owned))
                if !rules::may_know_author(event.office_id.as_ref().is_some_and(|office| offices.contains(office))) =>
            {
                of_stranger(event, owned)
            }
            _ => event,
        }
    }
}

/// What an office is told of what a stranger did with its records and clients: nothing of how the stranger works, and nothing of
/// the records of others that were shown beside.
fn of_stranger(mut event: AuditEvent, owned: &BTreeSet<String>) -> AuditEvent {
    event.client.name = None;
    event.token_id = None;
    event.address = None;
    event.request_id = None;
    event.target_id.take_if(|target| !owned.contains(target));
    event.disclosed.retain(|id| owned.contains(id));
    event
}
