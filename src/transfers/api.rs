//! The handlers.

use super::list::{TRANSFERS, resolve_offices, select_offers};
use super::view::{TransferView, show_offer};
use crate::audit::chain::{Event, append};
use crate::auth::access::{acts_for, rules};
use crate::auth::refusals::require_any;
use crate::auth::scope::{AnyRead, AnyWrite};
use crate::auth::{Reading, Recorded, Scope, Writing};
use crate::clock;
use crate::db::Lane;
use crate::db::schema::records;
use crate::documents::contract::{Contract, Contracts};
use crate::documents::entry::KindEntry;
use crate::documents::offers::{Offer, OfferState, end_offers, find_offer};
use crate::documents::read::current::CurrentRecord;
use crate::documents::write::submit::mark_dry_run;
use crate::error::{Code, Error, Result};
use crate::http::idempotency::{read_key, run_once};
use crate::http::tag::body_tag;
use crate::http::{Answer, Call, Request};
use crate::list::answer::answer_items;
use crate::list::read_plain_list_request;
use crate::texts;
use crate::values::id::is_id;
use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};

/// `GET /transfers`.
pub async fn list_transfers(call: Call<AnyRead>) -> Result<Answer> {
    let list = read_plain_list_request(&call.request.query, &TRANSFERS)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Slow, move |reading| {
            let filters = resolve_offices(reading, &list)?;
            let (offers, total) = select_offers(reading, &contracts, &list, &filters)?;
            let now = clock::now();
            let items = offers.into_iter().map(|offer| TransferView::of(offer, now).into_item());
            answer_items(&path, &query, &list, items.collect(), total)
        })
        .await
}

/// `GET /transfers/{id}`.
pub async fn get_transfer(call: Call<AnyRead>) -> Result<Answer> {
    let id = read_id(&call.request)?;
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Slow, move |reading| {
            let (offer, _) = find(reading, &contracts, &id, |contract| contract.read_scope)?;
            answer_offer(reading, &contracts, offer)
        })
        .await
}

/// `POST /transfers/{id}/accept`.
pub async fn accept_transfer(kinds: &'static [KindEntry], call: Call<AnyWrite>) -> Result<Answer> {
    answer_to_offer(call, move |writing, contract, offer| {
        accept(kinds, writing, contract, offer)
    })
    .await
}

/// `POST /transfers/{id}/refuse`.
pub async fn refuse_transfer(call: Call<AnyWrite>) -> Result<Answer> {
    answer_to_offer(call, |writing, _, offer| {
        end_offers(writing.transaction, &offer.record_id, OfferState::Refused)?;
        let operation = format!("{}.refuse_offer", offer.kind);
        let event = Event::done(&operation, Some(&offer.record_id));
        Ok(Recorded::new((), append(writing.transaction, writing.actor, event)?))
    })
    .await
}

/// What both answers share: who may give one, and that it is still asked for. A repeat by key is answered with the offer as it is.
async fn answer_to_offer(
    call: Call<AnyWrite>,
    answer: impl FnOnce(&mut Writing<'_, '_>, &Contract, &Offer) -> Result<Recorded<()>> + Send + 'static,
) -> Result<Answer> {
    let (id, key) = (read_id(&call.request)?, read_key(&call.request)?);
    let dry_run = call.request.query.flag("dry_run")?;
    let contracts = call.request.share::<Contracts>()?;
    let answered = call
        .auth
        .write(dry_run, move |writing| {
            let (offer, contract) = find(&mut writing.as_reading(), &contracts, &id, |contract| {
                contract.write_scope
            })?;
            let receives = match writing.caller.office_id.as_deref() {
                None => true,
                Some(office) => acts_for(writing.transaction.conn, office, &offer.to_office_id)?,
            };
            if !rules::may_answer(receives) {
                return Err(Error::new(Code::NotYourPart, texts::documents::receiver_answers()));
            }
            let again = |writing: &mut Writing<'_, '_>, _| answer_again(&mut writing.as_reading(), &contracts, &id);
            run_once(key.as_ref(), writing, again, |writing| {
                refuse_over(&offer, offer.state_at(writing.transaction.now))?;
                let recorded = answer(writing, contract, &offer)?;
                recorded.try_map(|()| answer_again(&mut writing.as_reading(), &contracts, &id))
            })
        })
        .await?;
    Ok(mark_dry_run(answered, dry_run))
}

fn accept(
    kinds: &'static [KindEntry],
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    offer: &Offer,
) -> Result<Recorded<()>> {
    let head: CurrentRecord = records::table
        .find(&offer.record_id)
        .select(CurrentRecord::as_select())
        .first(writing.transaction.conn)?;
    if head.version != offer.version {
        let detail = texts::documents::offer_outdated(offer.version);
        return Err(Error::new(Code::TransferNotPending, detail).with_member("state", "outdated"));
    }
    let entry = kinds.iter().find(|entry| entry.name == offer.kind);
    let entry = entry.ok_or_else(|| Error::internal("an offer of an unknown kind"))?;
    end_offers(writing.transaction, &offer.record_id, OfferState::Accepted)?;
    let reason = offer.reason.as_deref();
    (entry.give)(writing, contract, &head, &offer.to_office_id, reason)?.try_map(|_| Ok(()))
}

fn refuse_over(offer: &Offer, state: OfferState) -> Result<()> {
    if state == OfferState::Pending {
        return Ok(());
    }
    let detail = texts::documents::offer_is_over(state.as_str());
    let error = Error::new(Code::TransferNotPending, detail).with_member("state", state.as_str());
    Err(error.concerning(&offer.record_id))
}

/// The offer, for callers that hold the scope for its kind.
fn find<'a>(
    reading: &mut Reading<'_>,
    contracts: &'a Contracts,
    id: &str,
    scope: impl Fn(&Contract) -> Option<Scope>,
) -> Result<(Offer, &'a Contract)> {
    let offer = find_offer(reading.conn, reading.caller, id)?;
    let contract = contracts.by_name(&offer.kind)?;
    require_any(reading.caller, scope(contract).into_iter().collect())?;
    Ok((offer, contract))
}

fn answer_again(reading: &mut Reading<'_>, contracts: &Contracts, id: &str) -> Result<Answer> {
    let offer = find_offer(reading.conn, reading.caller, id)?;
    answer_offer(reading, contracts, offer)
}

fn answer_offer(reading: &mut Reading<'_>, contracts: &Contracts, offer: Offer) -> Result<Answer> {
    let view = show_offer(reading, contracts, offer, clock::now())?;
    let body = serde_json::to_string(&view).map_err(Error::internal)?;
    let tag = body_tag(None, &body);
    Ok(Answer::json(200, body).header("ETag", tag))
}

fn read_id(request: &Request) -> Result<String> {
    let id = request.path("id");
    if is_id("trf", &id) {
        return Ok(id);
    }
    Err(Error::new(Code::InvalidId, texts::accounts::id_of_kind(id, "trf")))
}
