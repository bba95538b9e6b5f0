//! From a request to the offer and back: who may answer it, what each answer does, and the offer as it is then.

use super::view::show_offer;
use crate::audit::chain::{Event, append};
use crate::auth::access::{acts_for, rules};
use crate::auth::refusals::require_any;
use crate::auth::scope::AnyWrite;
use crate::auth::{Reading, Recorded, Scope, Writing};
use crate::clock;
use crate::documents::contract::{Contract, Contracts};
use crate::documents::entry::KindEntry;
use crate::documents::offers::{Offer, OfferState, end_offers, find_offer};
use crate::documents::read::current::load_head;
use crate::documents::write::submit::mark_dry_run;
use crate::error::{Code, Error, Result};
use crate::http::idempotency::{read_key, run_once};
use crate::http::tag::body_tag;
use crate::http::{Answer, Call};
use crate::texts;

/// What both answers share: who may give one, and that it is still asked for. A repeat by key is answered with the offer
/// as it is.
pub(super) async fn answer_to_offer(
    call: &Call<AnyWrite>,
    id: String,
    answer: impl FnOnce(&mut Writing<'_, '_>, &Contract, &Offer) -> Result<Recorded<()>> + Send + 'static,
) -> Result<Answer> {
    let key = read_key(&call.request)?;
    let dry_run = call.request.query.flag("dry_run")?;
    let contracts = call.request.share::<Contracts>()?;
    let answered = call
        .auth
        .write(dry_run, move |writing| {
            let (offer, contract) = find_to_answer(writing, &contracts, &id)?;
            let show = |writing: &mut Writing<'_, '_>| show_again(&mut writing.as_reading(), &contracts, &id);
            run_once(
                key.as_ref(),
                writing,
                |writing, _| show(writing),
                |writing| {
                    refuse_over(&offer, offer.state_at(writing.transaction.now))?;
                    answer(writing, contract, &offer)?.try_map(|()| show(writing))
                },
            )
        })
        .await?;
    Ok(mark_dry_run(answered, dry_run))
}

/// The offer, for those who act for the office that is asked and hold the scope to write the kind.
fn find_to_answer<'a>(
    writing: &mut Writing<'_, '_>,
    contracts: &'a Contracts,
    id: &str,
) -> Result<(Offer, &'a Contract)> {
    let (offer, contract) = find(&mut writing.as_reading(), contracts, id, |contract| {
        contract.write_scope
    })?;
    let receives = match writing.caller.office_id.as_deref() {
        None => true,
        Some(office) => acts_for(writing.transaction.conn, office, &offer.to_office_id)?,
    };
    if rules::may_answer(receives) {
        Ok((offer, contract))
    } else {
        Err(Error::new(Code::NotYourPart, texts::documents::receiver_answers()))
    }
}

/// The record becomes the receiver's, where it is still what was offered.
pub(super) fn accept(
    kinds: &'static [KindEntry],
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    offer: &Offer,
) -> Result<Recorded<()>> {
    let head = load_head(writing.transaction.conn, &offer.record_id)?;
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

/// The record stays where it is.
pub(super) fn refuse(writing: &mut Writing<'_, '_>, offer: &Offer) -> Result<Recorded<()>> {
    end_offers(writing.transaction, &offer.record_id, OfferState::Refused)?;
    let operation = format!("{}.refuse_offer", offer.kind);
    let event = Event::done(&operation, Some(&offer.record_id));
    Ok(Recorded::new((), append(writing.transaction, writing.actor, event)?))
}

fn refuse_over(offer: &Offer, state: OfferState) -> Result<()> {
    if state == OfferState::Pending {
        return Ok(());
    }
    let detail = texts::documents::offer_is_over(state.as_str());
    let error = Error::new(Code::TransferNotPending, detail).with_member("state", state.as_str());
    Err(error.concerning(&offer.record_id))
}

/// The offer, for callers that hold this scope of its kind.
pub(super) fn find<'a>(
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

fn show_again(reading: &mut Reading<'_>, contracts: &Contracts, id: &str) -> Result<Answer> {
    let offer = find_offer(reading.conn, reading.caller, id)?;
    answer_offer(reading, contracts, offer)
}

/// One offer, with its tag.
pub(super) fn answer_offer(reading: &mut Reading<'_>, contracts: &Contracts, offer: Offer) -> Result<Answer> {
    let view = show_offer(reading, contracts, offer, clock::now())?;
    let body = serde_json::to_string(&view).map_err(Error::internal)?;
    let tag = body_tag(None, &body);
    Ok(Answer::json(200, body).header("ETag", tag))
}
