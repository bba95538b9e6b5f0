//! An offer as a caller gets it.

use crate::auth::Reading;
use crate::auth::access::Audience;
use crate::db::StoredVersion;
use crate::db::schema::revisions;
use crate::documents::contract::Contracts;
use crate::documents::offers::{Offer, OfferState};
use crate::documents::read::current::load_head;
use crate::documents::read::render::Renderer;
use crate::error::{Error, Result};
use crate::list::answer::{Item, raw_json};
use crate::schema::component::word_of;
use chrono::{DateTime, Utc};
use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// A record that an office is asked to take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transfer)]
pub struct TransferView {
    /// The offer's id.
    id: String,
    /// What is offered: `office`, `policy`, `mou` or `program`.
    kind: String,
    /// The record.
    record_id: String,
    /// The version that is offered.
    version: i64,
    /// The office that owns it.
    from_office_id: String,
    /// The office that is asked to take it.
    to_office_id: String,
    /// Why; null once the offer is over.
    reason: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when it can be answered.
    #[schema(format = DateTime)]
    until: String,
    /// `ended`: by a later transfer or the end of the record; `expired`: nobody answered in time.
    #[schema(schema_with = states)]
    state: &'static str,
    /// Since when it is accepted, refused or ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// The record at that version, where one pending offer is read.
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    record: Option<Box<RawValue>>,
}

fn states() -> RefOr<Schema> {
    word_of(OfferState::WORDS.iter().copied())
}

impl TransferView {
    /// Without the record.
    pub fn of(offer: Offer, now: DateTime<Utc>) -> Self {
        let state = offer.state_at(now);
        Self {
            id: offer.id,
            kind: offer.kind,
            record_id: offer.record_id,
            version: offer.version,
            from_office_id: offer.from_office_id,
            to_office_id: offer.to_office_id,
            reason: offer.reason.filter(|_| state == OfferState::Pending),
            created_at: offer.created_at,
            until: offer.until,
            state: state.as_str(),
            ended_at: offer.ended_at,
            record: None,
        }
    }

    /// With its place in a list.
    pub fn into_item(self) -> Item<Self> {
        Item {
            key: self.created_at.clone(),
            id: self.id.clone(),
            view: self,
        }
    }
}

/// One offer, with the record at its version while it pends.
pub fn show_offer(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    offer: Offer,
    now: DateTime<Utc>,
) -> Result<TransferView> {
    let record = match offer.state_at(now) {
        OfferState::Pending => Some(show_record(reading, contracts, &offer)?),
        _ => None,
    };
    Ok(TransferView {
        record,
        ..TransferView::of(offer, now)
    })
}

fn show_record(reading: &mut Reading<'_>, contracts: &Contracts, offer: &Offer) -> Result<Box<RawValue>> {
    let head = load_head(reading.conn, &offer.record_id)?;
    let (audience, version): (Audience, StoredVersion) = revisions::table
        .find((&offer.record_id, offer.version))
        .select((revisions::audience, StoredVersion::as_select()))
        .first(reading.conn)?;
    let document = version
        .into_document()
        .ok_or_else(|| Error::internal("a version without a document was offered"))?;
    let renderer = Renderer {
        contract: contracts.by_name(&offer.kind)?,
        language: None,
    };
    let row = head.sight_row_with(audience);
    let view = renderer.suppress(reading, row, document, Some(&head.document))?;
    raw_json(view.text)
}
