//! `transfer`: a record gets another owner.
//!
//! The owner gives a record at once to an office that it acts for; the registry gives any to any. Every other office is
//! asked first ([`offers`](crate::documents::offers)): a record never becomes the charge of somebody who did not agree. From the
//! next request on the previous owner has only the rights of an office that the record names; offices that lose sight of
//! it get `hidden` in the feed.

use crate::audit::chain::{Audited, Event, append};
use crate::auth::access::{acts_for, rules};
use crate::auth::{Recorded, Writing};
use crate::documents::actions::action::{OfficeReference, PerformAction, reason_schema};
use crate::documents::actions::context::{ActionContext, Done, replaced, unchanged};
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::offers::{NewOffer, OfferState, end_offers, store_offer};
use crate::documents::office_aliases::ids_of;
use crate::documents::read::current::CurrentRecord;
use crate::documents::write::constraints::check_references;
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::store::{Cause, Stored, store_next};
use crate::error::{Code, Error, Result};
use crate::schema::walk::Reference;
use crate::texts;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

const POINTER: &str = "/to_office_id";

/// The action.
pub struct Transfer;

/// To whom a record is given, and why.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({"to_office_id": "ext:erp:new-owner", "reason": "The department has taken over the work."})))]
pub struct TransferAction {
    /// The office that shall own the record.
    #[schema(value_type = OfficeReference)]
    to_office_id: String,
    /// Why.
    #[schema(schema_with = reason_schema)]
    reason: String,
}

impl<K: Kind> PerformAction<K> for Transfer {
    type Body = TransferAction;
    type Scope = K::Write;
    const NAME: &'static str = "transfer";
    const DESCRIPTION: &'static str = "Gives the record another owner: at once where you act for the receiver, or for the registry. Any other office is asked: 202, and `Location` names the offer, which it accepts or refuses within 30 days under `/transfers`. A later transfer ends an offer; one to the owner takes it back. The owner before loses its rights at once, except those of whoever the record names.";

    fn perform(context: &mut ActionContext<'_, '_, '_, K>, body: TransferAction) -> Result<Recorded<Done>> {
        transfer(context, body)
    }
}

fn transfer<K: Kind>(context: &mut ActionContext<'_, '_, '_, K>, body: TransferAction) -> Result<Recorded<Done>> {
    let seen = context.find_living()?;
    if !rules::may_act_as_owner(context.standing(&seen)?) {
        return Err(Error::new(Code::NotYourPart, texts::documents::owner_gives()).concerning(&seen.head.id));
    }
    let (to, reason) = (body.to_office_id, body.reason);
    check_receiver(context, &to)?;
    context.refuse_stale(&seen)?;
    let is_given = acts_for_receiver(context, &to)?;
    let writing = &mut *context.writing;
    if to == seen.head.owner_office_id {
        return if end_offers(writing.transaction, &seen.head.id, OfferState::Ended)? {
            let proof = note::<K>(writing, "withdraw_offer", &seen.head)?;
            Ok(Recorded::new(unchanged(seen.head), proof))
        } else {
            Ok(Recorded::unchanged(unchanged(seen.head)))
        };
    }
    if is_given {
        let given = give_record::<K>(writing, context.contract, &seen.head, &to, Some(&reason))?;
        return given.try_map(|stored| Ok(stored.into()));
    }
    let offer = store_offer(
        writing.transaction,
        &writing.actor.client_id,
        &NewOffer {
            record_id: &seen.head.id,
            kind: K::NAME,
            version: seen.head.version,
            from: &seen.head.owner_office_id,
            to: &to,
            reason: &reason,
        },
    )?;
    let proof = note::<K>(writing, "offer", &seen.head)?;
    let done = Done {
        offer: Some(offer),
        ..unchanged(seen.head)
    };
    Ok(Recorded::new(done, proof))
}

/// An audit row about a record that stays as it is: it names no version, since none came of it.
fn note<K: Kind>(writing: &mut Writing<'_, '_>, what: &str, head: &CurrentRecord) -> Result<Audited> {
    let operation = format!("{}.{what}", K::NAME);
    let event = Event::done(&operation, Some(&head.id));
    append(writing.transaction, writing.actor, event)
}

/// Stores the version in which the record is another office's. What was offered of it before is over.
pub fn give_record<K: Kind>(
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    head: &CurrentRecord,
    to: &str,
    reason: Option<&str>,
) -> Result<Recorded<Stored>> {
    end_offers(writing.transaction, &head.id, OfferState::Ended)?;
    let old = PreparedDocument::<K>::new(contract, contract.current_document::<K>(&head.document)?)?;
    let mut document = serde_json::to_value(&old.document).map_err(Error::internal)?;
    if let Some(owner) = document.get_mut("owner_office_id") {
        *owner = Value::from(to);
    }
    let new = PreparedDocument::<K>::new(contract, serde_json::from_value(document).map_err(Error::internal)?)?;
    let cause = Cause {
        operation: "transfer",
        reason,
    };
    let replaced = replaced(head, &old);
    let (stored, proof) = store_next::<K>(writing.transaction, writing.actor, &replaced, new, cause)?;
    writing.transaction.state.epoch += 1;
    Ok(Recorded::new(stored, proof))
}

/// The receiver lives and is known to the caller.
fn check_receiver<K: Kind>(context: &mut ActionContext<'_, '_, '_, K>, to: &str) -> Result<()> {
    let receiver = Reference {
        pointer: POINTER.to_owned(),
        relation: "owner_office_id".to_owned(),
        prefix: "off",
        target: to.to_owned(),
    };
    // An office may own itself, and is no reference to another then.
    if to == context.id {
        return Ok(());
    }
    let conn = &mut *context.writing.transaction.conn;
    Error::check(check_references(conn, context.writing.caller, &[&receiver])?)
}

/// Does the caller act for the receiver? An office is given its own record without being asked: it is its own.
fn acts_for_receiver<K: Kind>(context: &mut ActionContext<'_, '_, '_, K>, to: &str) -> Result<bool> {
    let Some(office) = context.writing.caller.office_id.as_deref() else {
        return Ok(true);
    };
    let conn = &mut *context.writing.transaction.conn;
    let is_record = ids_of(conn, &[to.to_owned()])?.iter().any(|id| id == context.id);
    Ok(rules::may_give(is_record || acts_for(conn, office, to)?))
}
