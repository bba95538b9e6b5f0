//! An action on its way from a request to the writer.

use crate::auth::access::rules;
use crate::auth::refusals::require_any;
use crate::auth::{Caller, Writing};
use crate::documents::actions::action::{Action, AllowedActor};
use crate::documents::actions::acts::{Acts, Performing};
use crate::documents::actions::context::{ActionContext, Done};
use crate::documents::contract::{ActionContract, Contract, Contracts};
use crate::documents::kind::Kind;
use crate::documents::read::address::{read_address, resolve_address};
use crate::documents::write::replay::run_once;
use crate::documents::write::submit::{WrittenBody, answer_stored, mark_dry_run, resolve_body};
use crate::error::{Code, Error, Result};
use crate::http::tag::read_if_match;
use crate::http::{Answer, Call, idempotency};
use crate::schema::walk::normalise_text;
use crate::texts::{self, Message};
use crate::values::{Finding, FindingCode};
use serde_json::{Map, Value};

/// Takes the action that the body names on the record that the path names, at the version that `If-Match` names.
pub async fn submit_action<K: Acts>(call: &Call<Performing<K>>) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let kind = contract.clone();
    let read = move |body| {
        let (action, members) = read_action::<K>(&kind, body)?;
        Ok((action, WrittenBody::new(&known(&kind, action.name)?.walk, members)))
    };
    let (action, body) = call.request.work_on_json(read).await?;
    admit(action, call.auth.caller())?;
    let address = read_address::<K>(&call.request.path("id"))?;
    let precondition = read_if_match(call.request.header("If-Match"))?;
    let key = idempotency::read_key(&call.request)?;
    let dry_run = call.request.query.flag("dry_run")?;
    let body = resolve_body(call, known(&contract, action.name)?.walk.clone(), body).await?;
    let answer = call
        .auth
        .write(dry_run, move |writing: &mut Writing<'_, '_>| {
            admit(action, writing.caller)?;
            run_once::<K>(key.as_ref(), writing, &contract, |writing| {
                let id = resolve_address(&mut writing.as_reading(), K::NAME, &address)?;
                let mut context = ActionContext {
                    writing: &mut *writing,
                    contract: &contract,
                    id: &id,
                    precondition,
                    kind: std::marker::PhantomData,
                };
                let done = (action.perform)(&mut context, Value::Object(body))?;
                done.try_map(|done| answer_done::<K>(writing, &contract, &id, done))
            })
        })
        .await?;
    Ok(mark_dry_run(answer, dry_run))
}

/// The record as it is now. `Content-Location` names it where the action ended in another record; 202 and `Location` name
/// the offer that somebody else has to accept first.
fn answer_done<K: Kind>(writing: &mut Writing<'_, '_>, contract: &Contract, id: &str, done: Done) -> Result<Answer> {
    let Done { stored, offer } = done;
    let location = (stored.id != id).then(|| format!("/api/v1/{}/{}", K::PLURAL, stored.id));
    let status = if offer.is_some() { 202 } else { 200 };
    let mut answer = answer_stored(status, &mut writing.as_reading(), contract, stored)?;
    if let Some(location) = location {
        answer = answer.header("Content-Location", location);
    }
    if let Some(offer) = offer {
        answer = answer.header("Location", format!("/api/v1/transfers/{offer}"));
    }
    Ok(answer)
}

fn known<'a>(contract: &'a Contract, name: &str) -> Result<&'a ActionContract> {
    contract
        .actions
        .get(name)
        .ok_or_else(|| Error::internal(format!("the action {name} was not compiled")))
}

/// The action that a body names, and the members that it takes. All findings are reported at once.
fn read_action<K: Acts>(contract: &Contract, body: Value) -> Result<(&'static Action<K>, Map<String, Value>)> {
    let mut body = body;
    let mut findings = Vec::new();
    normalise_text(&mut body, &mut findings);
    Error::check(findings)?;
    let Some(members) = body.as_object() else {
        return Err(wrong(
            "",
            FindingCode::WrongType,
            texts::documents::body_must_be_object(),
        ));
    };
    let names = K::actions().map(|action| action.name);
    let Some(name) = members.get("action").and_then(Value::as_str) else {
        let finding =
            Finding::at("/action", FindingCode::Required, texts::documents::name_the_action()).with_allowed(names, "");
        return Err(Error::with_findings(Code::InvalidDocument, vec![finding]));
    };
    let Some(action) = K::actions().find(|action| action.name == name) else {
        let detail = texts::documents::no_such_action(name, K::PLURAL);
        let finding = Finding::at("/action", FindingCode::UnknownCode, detail).with_allowed(names, name);
        return Err(Error::with_findings(Code::InvalidDocument, vec![finding]));
    };
    Error::check(known(contract, action.name)?.body.findings(&body))?;
    let mut members = members.clone();
    members.remove("action");
    Ok((action, members))
}

fn wrong(pointer: &str, code: FindingCode, detail: Message) -> Error {
    Error::with_findings(Code::InvalidDocument, vec![Finding::at(pointer, code, detail)])
}

/// The caller holds the action's scope, and is one of those who may perform it. The check depends on no record, so
/// it reveals none.
fn admit<K: Kind>(action: &Action<K>, caller: &Caller) -> Result<()> {
    require_any(caller, action.scope.into_iter().collect())?;
    if action.actor == AllowedActor::Concerned || rules::may_act_for_registry(caller.viewer()) {
        return Ok(());
    }
    let detail = texts::documents::registry_action(action.name);
    Err(Error::new(Code::RegistryOnly, detail).with_member("action", action.name))
}
