//! Changes on their way from a request to the writer: prepared against what is there, written, answered.

use crate::auth::access::SightRow;
use crate::auth::{Reading, Recorded, ScopeMarker, Writing};
use crate::db::Lane;
use crate::documents::contract::{Contract, Contracts};
use crate::documents::external;
use crate::documents::kind::{Kind, WriteOptions};
use crate::documents::read::address::{Address, read_address, resolve_address, resolve_external};
use crate::documents::read::render::Renderer;
use crate::documents::write::body::{complete_new, external_references, read_object, replace_external};
use crate::documents::write::commit::{self, Prepared};
use crate::documents::write::conflict::stale_deletion;
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::replay::run_once;
use crate::documents::write::revise::{Revision, prepare};
use crate::documents::write::store::Stored;
use crate::error::{Code, Error, Result};
use crate::http::tag::{Precondition, read_if_match};
use crate::http::work::{wait_for_turn, work_on_body};
use crate::http::{Answer, Call, Request, idempotency};
use crate::schema::walk::SchemaWalk;
use crate::values::id::{ExternalReference, new_id};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use utoipa::ToSchema;

/// How often a change is prepared before the queue when others write in between; then it is prepared in its turn.
const ATTEMPTS: usize = 3;

/// Creates a record from a body whose references are ids, known to the caller's office by an id of its own where one is
/// given.
pub async fn submit_creation<K: Kind>(
    call: &Call<K::Write>,
    contract: Arc<Contract>,
    body: Map<String, Value>,
    own_id: Option<ExternalReference>,
) -> Result<Answer> {
    let options = read_options(&call.request)?;
    let key = idempotency::read_key_of_action(&call.request)?;
    let office = call.auth.caller().office_id.as_deref();
    let (kind, office) = (contract.clone(), office.map(str::to_owned));
    let prepare = move || {
        let document = complete_new::<K>(&kind, body, office.as_deref(), new_id(K::PREFIX))?;
        PreparedDocument::<K>::new(&kind, document)
    };
    let draft = work_on_body(call.request.body.len(), prepare).await?;
    let dry_run = call.request.query.flag("dry_run")?;
    let answer = call
        .auth
        .write(dry_run, move |writing| {
            run_once::<K>(key.as_ref(), writing, &contract, |writing| {
                if let Some(own_id) = &own_id {
                    external::refuse_taken(writing, K::NAME, own_id)?;
                }
                let (stored, proof) = commit::create::<K>(writing, draft, options)?;
                if let Some(own_id) = &own_id {
                    external::keep(writing.transaction, writing.actor, K::NAME, own_id, &stored.id)?;
                }
                let location = format!("/api/v1/{}/{}", K::PLURAL, stored.id);
                let answer = answer_stored(201, &mut writing.as_reading(), &contract, stored)?;
                Ok(Recorded::new(answer.header("Location", location), proof))
            })
        })
        .await?;
    Ok(mark_dry_run(answer, dry_run))
}

/// Which revision is to be restored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"revision": 1})))]
pub struct Restore {
    /// Its number.
    #[schema(minimum = 1)]
    pub revision: i64,
}

/// Changes the record that the path names, at the version that `If-Match` names.
pub async fn submit_revision<K: Kind>(
    call: &Call<K::Write>,
    contract: Arc<Contract>,
    revision: Revision,
) -> Result<Answer> {
    let precondition = read_if_match(call.request.header("If-Match"))?;
    let address = read_address::<K>(&call.request.path("id"))?;
    revise_record::<K>(call, contract, address, precondition, revision).await
}

/// Prepares the change against the version that it is meant for and writes it. When somebody else writes in between,
/// it is prepared again: a change meant for one version then becomes a full conflict, one for any version is applied. What
/// changes nothing never waits for the writer.
pub async fn revise_record<K: Kind>(
    call: &Call<K::Write>,
    contract: Arc<Contract>,
    address: Address,
    precondition: Precondition,
    revision: Revision,
) -> Result<Answer> {
    let options = read_options(&call.request)?;
    let dry_run = call.request.query.flag("dry_run")?;
    let key = idempotency::read_key_of_action(&call.request)?;
    for _ in 0..ATTEMPTS {
        let turn = wait_for_turn(call.request.body.len()).await?;
        let found = find_change::<K>(call, &contract, &address, precondition, &revision).await;
        drop(turn);
        let change = match found {
            Ok((_, Some(answer))) if key.is_none() => return Ok(mark_dry_run(answer, dry_run)),
            Ok((change, _)) => change,
            Err(error) => return repeat_or_refuse::<K>(call, contract, key, error).await,
        };
        let (contract, key) = (contract.clone(), key.clone());
        let written = call
            .auth
            .write(dry_run, move |writing| {
                run_once::<K>(key.as_ref(), writing, &contract, |writing| {
                    write_change::<K>(writing, &contract, change, options)
                })
            })
            .await;
        match written {
            Err(error) if error.code() == Code::VersionConflict => {}
            other => return other.map(|answer| mark_dry_run(answer, dry_run)),
        }
    }
    // Of many concurrent changes to a record, each batch of the writer accepts one; inside the writer there is no race.
    call.auth
        .write(dry_run, move |writing| {
            run_once::<K>(key.as_ref(), writing, &contract, |writing| {
                let mut reading = writing.as_reading();
                let id = resolve_address(&mut reading, K::NAME, &address)?;
                let change = prepare::<K>(&mut reading, &contract, &id, precondition, &revision)?.into_ready()?;
                write_change::<K>(writing, &contract, change, options)
            })
        })
        .await
        .map(|answer| mark_dry_run(answer, dry_run))
}

fn write_change<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    change: Prepared<K>,
    options: WriteOptions,
) -> Result<Recorded<Answer>> {
    commit::update::<K>(writing, change, options)?
        .try_map(|stored| answer_stored(200, &mut writing.as_reading(), contract, stored))
}

/// What cannot be done may have been done already: a repeated request meets the version that it made itself.
async fn repeat_or_refuse<K: Kind>(
    call: &Call<K::Write>,
    contract: Arc<Contract>,
    key: Option<idempotency::Key>,
    error: Error,
) -> Result<Answer> {
    if key.is_none() {
        return Err(error);
    }
    call.auth
        .write(false, move |writing| {
            run_once::<K>(key.as_ref(), writing, &contract, |_| Err(error))
        })
        .await
}

/// The prepared change; with the answer where it changes nothing.
async fn find_change<K: Kind>(
    call: &Call<K::Write>,
    contract: &Arc<Contract>,
    address: &Address,
    precondition: Precondition,
    revision: &Revision,
) -> Result<(Prepared<K>, Option<Answer>)> {
    let (contract, address, revision) = (contract.clone(), address.clone(), revision.clone());
    call.auth
        .read(Lane::Slow, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            let change = prepare::<K>(reading, &contract, &id, precondition, &revision)?.into_ready()?;
            let answer = match change.changes_of_author() {
                [] => Some(answer_stored(200, reading, &contract, change.stored())?),
                _ => None,
            };
            Ok((change, answer))
        })
        .await
}

/// Deletes a record.
pub async fn submit_deletion<K: Kind>(call: &Call<K::Write>, address: Address, version: Option<i64>) -> Result<Answer> {
    let dry_run = call.request.query.flag("dry_run")?;
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let id = call
        .auth
        .read(Lane::Quick, move |reading| resolve_address(reading, K::NAME, &address))
        .await?;
    call.auth
        .write(dry_run, move |writing: &mut Writing<'_, '_>| {
            match commit::delete::<K>(writing, &contract, &id, version) {
                Err(error) if error.code() == Code::VersionConflict => {
                    Err(stale_deletion::<K>(&mut writing.as_reading(), &contract, &id)?)
                }
                other => other,
            }
        })
        .await?;
    Ok(mark_dry_run(Answer::no_content(), dry_run))
}

/// The document in the body, its references as ids.
pub async fn read_document<S: ScopeMarker>(call: &Call<S>, contract: &Arc<Contract>) -> Result<Map<String, Value>> {
    let kind = contract.clone();
    let read = move |body| Ok(WrittenBody::new(&kind.walk, read_object(&kind, body)?));
    let body = call.request.work_on_json(read).await?;
    resolve_body(call, contract.walk.clone(), body).await
}

/// The members of a body, and its `ext:` references: pointer, prefix of the kind, reference.
pub struct WrittenBody {
    members: Value,
    references: Vec<(String, String, ExternalReference)>,
}

impl WrittenBody {
    /// Finds the references.
    pub fn new(walk: &SchemaWalk, members: Map<String, Value>) -> Self {
        let members = Value::Object(members);
        Self {
            references: external_references(walk, &members),
            members,
        }
    }
}

/// Turns the `ext:` references of a body into ids; unknown ones are 422.
pub async fn resolve_body<S: ScopeMarker>(
    call: &Call<S>,
    walk: Arc<SchemaWalk>,
    body: WrittenBody,
) -> Result<Map<String, Value>> {
    let WrittenBody { members, references } = body;
    let mut body = members;
    if !references.is_empty() {
        let (resolved, findings) = call
            .auth
            .read(Lane::Slow, move |reading| {
                resolve_external(reading.conn, reading.caller, &references)
            })
            .await?;
        Error::check(findings)?;
        let replace = move || replace_external(&walk, &mut body, &resolved).map(|()| body);
        body = work_on_body(call.request.body.len(), replace).await?;
    }
    match body {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

fn read_options(request: &Request) -> Result<WriteOptions> {
    Ok(WriteOptions {
        confirm_distinct: request.query.flag("confirm_distinct")?,
    })
}

/// The record as it is now, as this caller gets it.
pub fn answer_stored(status: u16, reading: &mut Reading<'_>, contract: &Contract, stored: Stored) -> Result<Answer> {
    let renderer = Renderer {
        contract,
        language: None,
    };
    let row = SightRow {
        id: &stored.id,
        owner_office_id: &stored.owner_office_id,
        audience: stored.audience,
    };
    let view = renderer.render(reading, row, stored.document)?;
    let tag = view.tag(stored.version);
    let text = add_members(view.text, stored.added)?;
    Ok(Answer::json(status, text).header("ETag", tag))
}

/// The text of a record with what else came of a change, where anything did.
fn add_members(text: String, added: Vec<(&'static str, Vec<String>)>) -> Result<String> {
    let mut text = text;
    for (name, ids) in added.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        if text.ends_with('}') {
            text.pop();
        }
        let ids = serde_json::to_string(&ids).map_err(Error::internal)?;
        text.push_str(&format!(",\"{name}\":{ids}}}"));
    }
    Ok(text)
}

/// Marks the answer to a dry run.
pub fn mark_dry_run(answer: Answer, dry_run: bool) -> Answer {
    if dry_run {
        answer.header("Dry-Run", "true")
    } else {
        answer
    }
}
