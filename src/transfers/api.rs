//! The handlers.

use super::answer::{accept, answer_offer, answer_to_offer, find, refuse};
use super::list::{TRANSFERS, resolve_offices, select_offers};
use super::view::TransferView;
use crate::auth::scope::{AnyRead, AnyWrite};
use crate::clock;
use crate::db::Lane;
use crate::documents::contract::Contracts;
use crate::documents::entry::KindEntry;
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Call, Request};
use crate::list::answer::answer_items;
use crate::list::read_plain_list_request;
use crate::texts;
use crate::values::id::is_id;

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
    let id = read_id(&call.request)?;
    answer_to_offer(&call, id, move |writing, contract, offer| {
        accept(kinds, writing, contract, offer)
    })
    .await
}

/// `POST /transfers/{id}/refuse`.
pub async fn refuse_transfer(call: Call<AnyWrite>) -> Result<Answer> {
    let id = read_id(&call.request)?;
    answer_to_offer(&call, id, |writing, _, offer| refuse(writing, offer)).await
}

fn read_id(request: &Request) -> Result<String> {
    let id = request.path("id");
    if is_id("trf", &id) {
        return Ok(id);
    }
    Err(Error::new(Code::InvalidId, texts::accounts::id_of_kind(id, "trf")))
}
