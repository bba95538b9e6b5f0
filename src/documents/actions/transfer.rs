//! `transfer`: a record gets another owner.
//!
//! The owner may give a record to an office that it acts for or that the record names, so that it never lands with a
//! stranger who did not ask for it; the registry may give any to any. From the next request on the previous
//! owner has only the rights of an office that the record names; offices that lose sight of it get `hidden` in the feed.

use crate::auth::Recorded;
use crate::auth::access::{acts_for, rules};
use crate::documents::actions::action::{OfficeReference, PerformAction, reason_schema};
use crate::documents::actions::context::{ActionContext, Done, replaced, unchanged};
use crate::documents::common::Document;
use crate::documents::kind::Kind;
use crate::documents::office_aliases::ids_of;
use crate::documents::write::constraints::check_references;
use crate::documents::write::parts::not_your_part;
use crate::documents::write::prepared::PreparedDocument;
use crate::documents::write::store::{Cause, store_next};
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
    const DESCRIPTION: &'static str = "Gives the record another owner. Its owner may give it to an office that it acts for or that the record names; the registry to any. The owner before loses its rights at once, except those of whoever the record names.";

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
    let old = context.draft(&seen.head)?;
    check_receiver(context, &old, &to)?;
    context.refuse_stale(&seen)?;
    if to == seen.head.owner_office_id {
        return Ok(Recorded::unchanged(unchanged(seen.head)));
    }
    let mut document = serde_json::to_value(&old.document).map_err(Error::internal)?;
    if let Some(owner) = document.get_mut("owner_office_id") {
        *owner = Value::from(to);
    }
    let new = PreparedDocument::<K>::new(
        context.contract,
        serde_json::from_value(document).map_err(Error::internal)?,
    )?;
    let transaction = &mut *context.writing.transaction;
    let cause = Cause {
        operation: "transfer",
        reason: Some(&reason),
    };
    let replaced = replaced(&seen.head, &old);
    let (stored, proof) = store_next::<K>(transaction, context.writing.actor, &replaced, new, cause)?;
    transaction.state.epoch += 1;
    Ok(Recorded::new(stored, proof))
}

/// The receiver lives and is known to the caller; and it is one that the caller acts for, or that the record names.
fn check_receiver<K: Kind>(
    context: &mut ActionContext<'_, '_, '_, K>,
    old: &PreparedDocument<K>,
    to: &str,
) -> Result<()> {
    let caller = context.writing.caller;
    let conn = &mut *context.writing.transaction.conn;
    let receiver = Reference {
        pointer: POINTER.to_owned(),
        relation: "owner_office_id".to_owned(),
        prefix: "off",
        target: to.to_owned(),
    };
    // An office may own itself, and is no reference to another then.
    if to != old.document.common().id {
        Error::check(check_references(conn, caller, &[&receiver])?)?;
    }
    let Some(office) = caller.office_id.as_deref() else {
        return Ok(());
    };
    let same = ids_of(conn, &[to.to_owned()])?;
    let receiver = rules::Receiver {
        is_named: old.offices().any(|named| same.contains(&named)),
        is_record: same.iter().any(|id| id == old.document.common().id),
        is_acted_for: acts_for(conn, office, to)?,
    };
    if rules::may_receive(receiver) {
        Ok(())
    } else {
        Err(not_your_part(vec![POINTER.to_owned()]))
    }
}
