//! Offers: a record on its way to an office that is asked first.
//!
//! An offer speaks of one version of one record. It ends by the receiver's answer, by a later transfer, by the end of the
//! record, or after [`OFFER_LASTS`]. Until then the receiver reads the record at that version, and nothing later of it.

use crate::auth::access::acts_for;
use crate::auth::{Caller, Guard};
use crate::clock;
use crate::db::schema::transfers;
use crate::db::{Conn, Transaction};
use crate::error::{Error, Result};
use crate::values::id::new_id;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};

/// How long the receiver may answer.
pub const OFFER_LASTS: TimeDelta = TimeDelta::days(30);

/// One offer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = transfers)]
pub struct Offer {
    /// Its id, `trf_…`.
    pub id: String,
    /// The record.
    pub record_id: String,
    /// Its kind.
    pub kind: String,
    /// The version that was offered.
    pub version: i64,
    /// The office that owns it.
    pub from_office_id: String,
    /// The office that is asked.
    pub to_office_id: String,
    /// The client that made the offer.
    pub client_id: String,
    /// Why; only while it pends.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: String,
    /// Until when it can be answered.
    pub until: String,
    /// As it is stored: `pending` until something ends it.
    pub state: String,
    /// Since when it is over.
    pub ended_at: Option<String>,
}

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// It can be answered.
    Pending,
    /// The record was taken.
    Accepted,
    /// The receiver does not want it.
    Refused,
    /// A later transfer, or the end of the record, ended it.
    Ended,
    /// Nobody answered in time.
    Expired,
}

impl OfferState {
    /// All states.
    pub const ALL: &'static [Self] = &[Self::Pending, Self::Accepted, Self::Refused, Self::Ended, Self::Expired];

    /// The same as words.
    pub const WORDS: &'static [&'static str] = &[
        Self::Pending.as_str(),
        Self::Accepted.as_str(),
        Self::Refused.as_str(),
        Self::Ended.as_str(),
        Self::Expired.as_str(),
    ];

    /// As answers and filters write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}

impl Offer {
    /// Where it stands at an instant. What is stored as pending expires by itself.
    pub fn state_at(&self, now: DateTime<Utc>) -> OfferState {
        let stored = OfferState::ALL.iter().find(|state| state.as_str() == self.state);
        match stored.copied().unwrap_or(OfferState::Ended) {
            OfferState::Pending if self.until <= clock::format_instant(now) => OfferState::Expired,
            state => state,
        }
    }
}

/// What is offered, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct NewOffer<'a> {
    /// The record.
    pub record_id: &'a str,
    /// Its kind.
    pub kind: &'static str,
    /// Its version.
    pub version: i64,
    /// The office that owns it.
    pub from: &'a str,
    /// The office that is asked.
    pub to: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Stores an offer, which ends the one before: its id.
pub fn store_offer(transaction: &mut Transaction<'_>, client_id: &str, new: &NewOffer<'_>) -> Result<String> {
    end_offers(transaction, new.record_id, OfferState::Ended)?;
    let id = new_id("trf");
    let offer = Offer {
        id: id.clone(),
        record_id: new.record_id.to_owned(),
        kind: new.kind.to_owned(),
        version: new.version,
        from_office_id: new.from.to_owned(),
        to_office_id: new.to.to_owned(),
        client_id: client_id.to_owned(),
        reason: Some(new.reason.to_owned()),
        created_at: clock::format_instant(transaction.now),
        until: clock::format_instant(transaction.now + OFFER_LASTS),
        state: OfferState::Pending.as_str().to_owned(),
        ended_at: None,
    };
    diesel::insert_into(transfers::table)
        .values(&offer)
        .execute(transaction.conn)?;
    Ok(id)
}

/// Ends what pends of a record; true if something did.
pub fn end_offers(transaction: &mut Transaction<'_>, record_id: &str, state: OfferState) -> Result<bool> {
    let at = clock::format_instant(transaction.now);
    let pending = transfers::table
        .filter(transfers::record_id.eq(record_id))
        .filter(transfers::state.eq(OfferState::Pending.as_str()));
    let ended = diesel::update(pending)
        .set((
            transfers::state.eq(state.as_str()),
            transfers::ended_at.eq(Some(at)),
            transfers::reason.eq(None::<String>),
        ))
        .execute(transaction.conn)?;
    Ok(ended > 0)
}

/// An offer that the caller gives or gets; 404 otherwise, the same for one of others and for one that never was.
pub fn find_offer(conn: &mut Conn, caller: &Caller, id: &str) -> Result<Offer> {
    let found: Option<Offer> = transfers::table
        .find(id)
        .select(Offer::as_select())
        .first(conn)
        .optional()?;
    let offer = found.ok_or_else(Error::record_not_found)?;
    if let Some(office) = caller.viewer().limited_by(Guard::VisibleTransfers)
        && !acts_for(conn, office, &offer.to_office_id)?
        && !acts_for(conn, office, &offer.from_office_id)?
    {
        return Err(Error::record_not_found());
    }
    Ok(offer)
}
