//! Creating or changing the record that the caller knows by an id of its own.

use crate::auth::{Recorded, ScopeMarker};
use crate::db::Lane;
use crate::documents::contract::Contracts;
use crate::documents::external::{self, OwnId};
use crate::documents::kind::Kind;
use crate::documents::read::address::{Address, find_external, read_address, resolve_address};
use crate::documents::read::current::{find_living, find_seen};
use crate::documents::write::conflict::not_there;
use crate::documents::write::revise::Revision;
use crate::documents::write::submit::{mark_dry_run, revise_record, submit_creation};
use crate::error::{Code, Error, Result};
use crate::http::tag::Precondition;
use crate::http::{Answer, Call, Request};
use crate::list::DerivedPage;
use crate::texts;
use crate::values::id::ExternalReference;

/// How often a creation that another one overtakes is taken up again.
const ATTEMPTS: usize = 3;

/// The `{system}/{key}` of a path.
pub fn read_own_id(request: &Request) -> Result<ExternalReference> {
    let (system, key) = (request.path("system"), request.path("key"));
    ExternalReference::new(&system, &key)
        .filter(|_| !key.contains(char::REPLACEMENT_CHARACTER))
        .ok_or_else(|| Error::new(Code::InvalidId, texts::requests::own_id_form(system, key)))
}

/// Changes the record with this id of the caller's where there is one, and creates it otherwise. Without a
/// precondition a revision that may not be made unseen is refused by its own kind ([`Revision::Confirm`]).
pub async fn submit_by_external<K: Kind>(
    call: &Call<K::Write>,
    own_id: ExternalReference,
    precondition: Option<Precondition>,
    revision: Revision,
) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let mut attempt = 1;
    loop {
        let result = match find_own::<K, _>(call, &own_id).await? {
            Some(id) => {
                let wanted = precondition.unwrap_or(Precondition::Any);
                let pushed = revise_record::<K>(call, contract, Address::Id(id), wanted, revision).await;
                // A partner that pushes all it has each night, though little changed, does as it should.
                if pushed.is_ok() && !call.request.query.flag("dry_run")? {
                    call.auth.count_as_tenth_if_unchanged();
                }
                return pushed;
            }
            None if precondition.is_some() => return Err(not_there()),
            None => {
                let body = revision.clone().into_body();
                submit_creation::<K>(call, contract.clone(), body, Some(own_id.clone())).await
            }
        };
        match result {
            Err(error) if error.code() == Code::ExternalIdTaken && attempt < ATTEMPTS => attempt += 1,
            other => return other,
        }
    }
}

async fn find_own<K: Kind, S: ScopeMarker>(call: &Call<S>, own_id: &ExternalReference) -> Result<Option<String>> {
    let own_id = own_id.clone();
    call.auth
        .read(Lane::Quick, move |reading| {
            find_external(reading.conn, reading.caller, K::NAME, &own_id)
        })
        .await
}

/// Lets the caller's office know the record of the path by `own_id`.
pub async fn submit_own_id<K: Kind>(call: &Call<K::Write>, own_id: ExternalReference) -> Result<Answer> {
    let dry_run = call.request.query.flag("dry_run")?;
    let address = read_address::<K>(&call.request.path("id"))?;
    let answer = call
        .auth
        .write(dry_run, move |writing| {
            let id = resolve_address(&mut writing.as_reading(), K::NAME, &address)?;
            find_living(writing.transaction.conn, writing.caller, K::NAME, &id)?;
            let proof = external::keep(writing.transaction, writing.actor, K::NAME, &own_id, &id)?;
            let mut answer = Answer::of(&OwnId {
                system: own_id.system,
                key: own_id.key,
            })?;
            Ok(match proof {
                None => Recorded::unchanged(answer),
                Some(proof) => {
                    answer.status = 201;
                    Recorded::new(answer, proof)
                }
            })
        })
        .await?;
    Ok(mark_dry_run(answer, dry_run))
}

/// Takes `own_id` away from the record of the path.
pub async fn submit_removal<K: Kind>(call: &Call<K::Write>, own_id: ExternalReference) -> Result<Answer> {
    let dry_run = call.request.query.flag("dry_run")?;
    let address = read_address::<K>(&call.request.path("id"))?;
    call.auth
        .write(dry_run, move |writing| {
            let id = resolve_address(&mut writing.as_reading(), K::NAME, &address)?;
            let proof = external::remove(writing, K::NAME, &own_id, &id)?;
            Ok(Recorded::new((), proof))
        })
        .await?;
    Ok(mark_dry_run(Answer::no_content(), dry_run))
}

/// One page of the caller's own ids for the record of the path, living or deleted.
pub async fn select_own_ids<K: Kind>(call: &Call<K::Read>) -> Result<Answer> {
    let address = read_address::<K>(&call.request.path("id"))?;
    let asked = DerivedPage::read(&call.request)?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            find_seen(reading.conn, reading.caller, K::NAME, &id)?;
            let mut rows = external::select(reading, &id, asked.rows(), asked.position())?;
            let page = asked.cut(&mut rows)?;
            asked.answer(&rows, &page)
        })
        .await
}
