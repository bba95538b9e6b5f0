//! A kind as a value: what `app.rs` lists, and what code that serves all kinds calls without knowing any.

use crate::auth::{Actor, Recorded, Writing};
use crate::db::opening::Levels;
use crate::db::schema::records;
use crate::db::{Conn, StoredDocument, Transaction};
use crate::documents::actions::acts::Acts;
use crate::documents::common::Document;
use crate::documents::contract::{Contract, Contracts};
use crate::documents::derivation::DERIVATION;
use crate::documents::endpoints::endpoints;
use crate::documents::kind::{COMMON_SERVER_KEPT, Kind, WriteOptions};
use crate::documents::read::current::CurrentRecord;
use crate::documents::write::body::complete_new;
use crate::documents::write::check::findings_of;
use crate::documents::write::commit::{self, Prepared};
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::reindex::{self, Rederived, Warning};
use crate::documents::write::revise::{Revision, apply};
use crate::documents::write::store::Stored;
use crate::documents::{actions, external};
use crate::error::{Error, Result};
use crate::http::Endpoint;
use crate::openapi::document::KindFacts;
use crate::schema::component::components_of;
use crate::values::Finding;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// What came of writing a record by its external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was new.
    Created,
    /// It was different.
    Updated,
    /// It was equal.
    Unchanged,
}

/// A checked write, ready for the transaction.
pub type WriteJob = Box<dyn FnOnce(&mut Transaction<'_>, &Actor) -> Result<Written> + Send>;

/// Contract, body, id of the new record.
pub type PrepareCreation = fn(&Arc<Contract>, Map<String, Value>, String) -> Result<WriteJob>;

/// Contract, members to merge, the current document.
pub type PrepareMerge = fn(&Arc<Contract>, Map<String, Value>, StoredDocument) -> Result<WriteJob>;

/// Contract, current version, the office that gets it, why.
pub type GiveRecord =
    fn(&mut Writing<'_, '_>, &Contract, &CurrentRecord, &str, Option<&str>) -> Result<Recorded<Stored>>;

/// A kind, with everything that is done to all kinds alike.
#[derive(Clone, Copy)]
pub struct KindEntry {
    /// `office`.
    pub name: &'static str,
    /// `off`.
    pub prefix: &'static str,
    /// The number of today's format of its documents.
    pub format: i64,
    /// What it brings into the API document.
    pub facts: fn() -> Result<KindFacts>,
    /// Its operations.
    pub endpoints: fn() -> Vec<Endpoint>,
    /// Compiles its contract and adds it.
    pub compile: fn(&Value, &mut Contracts) -> Result<()>,
    /// Checks the creation of a record with this id.
    pub prepare_creation: PrepareCreation,
    /// Checks the merging of these members into the current document.
    pub prepare_merge: PrepareMerge,
    /// Makes a record another office's: contract, current version, the office, why.
    pub give: GiveRecord,
    /// What is wrong between a living record and the rows that follow from it.
    pub verify: fn(&mut Conn, &Contract, &VerifiedHead) -> Result<Vec<String>>,
    /// Makes the rows of a record again, by its id.
    pub rederive: fn(&mut Transaction<'_>, &Contract, &str) -> Result<Rederived>,
    /// In what the stored rows of a record differ from those that its document gives, by its id.
    pub check_rows: fn(&mut Conn, &Contract, &str) -> Result<Vec<String>>,
    /// Its unique values that an older record has.
    pub collisions: fn(&mut Conn, &Contract, &VerifiedHead) -> Result<Vec<Warning>>,
    /// What today's rules say of a stored document; see [`check`](crate::documents::write::check).
    pub check_rules: fn(&Contract, &StoredDocument) -> Result<Vec<Finding>>,
}

/// The head of a record under verification.
#[derive(Debug, Clone, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = records)]
pub struct VerifiedHead {
    /// Record id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Version.
    pub version: i64,
    /// Owner.
    pub owner_office_id: String,
    /// Audience.
    pub audience: String,
    /// Creation.
    pub created_at: String,
    /// Last change.
    pub updated_at: String,
    /// Deletion.
    pub deleted_at: Option<String>,
    /// Document.
    #[diesel(embed)]
    pub document: StoredDocument,
    /// The derivation that made its rows.
    pub derivation: i32,
}

/// The numbers of a program with these kinds. The level that a program must know to write beside it rises with the
/// derivation and with the format of any kind: an older program would write documents and rows that this one takes for
/// current.
pub fn levels_of(kinds: &[KindEntry]) -> Levels {
    let formats: i64 = kinds.iter().map(|entry| entry.format).sum();
    Levels {
        derivation: DERIVATION,
        writer: DERIVATION.saturating_add(i32::try_from(formats).unwrap_or(i32::MAX)),
    }
}

impl KindEntry {
    /// The entry of `K`.
    pub const fn of<K: Acts>() -> Self {
        Self {
            name: K::NAME,
            prefix: K::PREFIX,
            format: K::FORMAT,
            facts: facts::<K>,
            endpoints: all_endpoints::<K>,
            compile: compile::<K>,
            prepare_creation: prepare_creation::<K>,
            prepare_merge: prepare_merge::<K>,
            give: actions::transfer::give_record::<K>,
            verify: verify::<K>,
            rederive: reindex::rederive::<K>,
            check_rows: reindex::check::<K>,
            collisions: collisions::<K>,
            check_rules: check_rules::<K>,
        }
    }
}

fn all_endpoints<K: Acts>() -> Vec<Endpoint> {
    let mut all = endpoints::<K>();
    all.extend(external::endpoints::endpoints::<K>());
    all.extend(K::operations());
    all
}

fn facts<K: Acts>() -> Result<KindFacts> {
    let server_kept = COMMON_SERVER_KEPT.iter().chain(K::SERVER_KEPT).copied().collect();
    Ok(KindFacts {
        schema: K::SCHEMA,
        server_kept,
        example: K::EXAMPLE,
        added: K::ADDED,
        components: components_of::<K::Document>().map_err(Error::internal)?,
        actions: actions::facts::<K>()?,
    })
}

fn compile<K: Acts>(document: &Value, contracts: &mut Contracts) -> Result<()> {
    contracts.add(Contract::compile::<K>(document, actions::compile::<K>(document)?)?);
    Ok(())
}

fn prepare_creation<K: Kind>(contract: &Arc<Contract>, body: Map<String, Value>, id: String) -> Result<WriteJob> {
    let draft = PreparedDocument::<K>::new(contract, complete_new::<K>(contract, body, None, id)?)?;
    Ok(Box::new(move |transaction, actor| {
        let caller = crate::auth::Caller::command_line(transaction.now);
        let mut writing = Writing {
            transaction,
            caller: &caller,
            actor,
            request_audit: None,
        };
        commit::create::<K>(&mut writing, draft, WriteOptions::default())?;
        Ok(Written::Created)
    }))
}

fn prepare_merge<K: Kind>(
    contract: &Arc<Contract>,
    body: Map<String, Value>,
    current: StoredDocument,
) -> Result<WriteJob> {
    let base = contract.current_value(&current)?;
    let mut patch = body;
    patch.remove("owner_office_id");
    let new: K::Document = apply::<K>(contract, &base, &Revision::Merge(patch))?;
    let (version, id) = (new.common().version, new.common().id.to_owned());
    let change = Prepared::<K>::new(contract, id, current, new, "update")?;
    Ok(Box::new(move |transaction, actor| {
        let caller = crate::auth::Caller::command_line(transaction.now);
        let mut writing = Writing {
            transaction,
            caller: &caller,
            actor,
            request_audit: None,
        };
        let stored = commit::update::<K>(&mut writing, change, WriteOptions::default())?.into_inner();
        Ok(if stored.version == version {
            Written::Unchanged
        } else {
            Written::Updated
        })
    }))
}

fn check_rules<K: Kind>(contract: &Contract, stored: &StoredDocument) -> Result<Vec<Finding>> {
    Ok(findings_of::<K>(contract, &contract.current_value(stored)?))
}

fn verify<K: Kind>(conn: &mut Conn, contract: &Contract, head: &VerifiedHead) -> Result<Vec<String>> {
    let mut damage = Vec::new();
    let document: K::Document = match contract.current_document::<K>(&head.document) {
        Ok(document) => document,
        Err(error) => {
            let reason = error.cause().map_or_else(|| error.detail().in_english(), str::to_owned);
            return Ok(vec![format!("the document cannot be read: {reason}")]);
        }
    };
    let common = document.common();
    let columns = [
        ("id", common.id == head.id),
        ("owner_office_id", common.owner_office_id == head.owner_office_id),
        ("created_at", common.created_at == head.created_at),
        ("audience", K::audience(&document).as_str() == head.audience),
        ("version", head.deleted_at.is_some() || common.version == head.version),
        (
            "updated_at",
            head.deleted_at.is_some() || common.updated_at == head.updated_at,
        ),
    ];
    damage.extend(
        columns
            .into_iter()
            .filter(|(_, equal)| !equal)
            .map(|(name, _)| format!("the column {name} differs from the document")),
    );
    let stored = &head.document;
    if contract.is_current(stored) && serde_json::to_string(&document).map_err(Error::internal)? != stored.stored_text()
    {
        damage.push("the document is not in the form in which it was written".to_owned());
    }
    match head.derivation.cmp(&DERIVATION) {
        // Not yet reindexed: the rows are as an older program made them.
        Ordering::Less => {}
        Ordering::Equal => {
            let is_deleted = head.deleted_at.is_some();
            damage.extend(reindex::differences::<K>(
                conn, contract, &head.id, is_deleted, document,
            )?);
        }
        Ordering::Greater => damage.push(format!(
            "its rows are of derivation {}, which this program does not know",
            head.derivation
        )),
    }
    Ok(damage)
}

fn collisions<K: Kind>(conn: &mut Conn, contract: &Contract, head: &VerifiedHead) -> Result<Vec<Warning>> {
    // A document that cannot be read is damage, which is reported elsewhere.
    match contract.current_document::<K>(&head.document) {
        Ok(document) if head.deleted_at.is_none() => reindex::collisions::<K>(conn, &document),
        _ => Ok(Vec::new()),
    }
}
