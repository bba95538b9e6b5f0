//! Offers of records over HTTP: what is offered to whom, and the answer to it. An owner makes one by the action `transfer`.
//!
//! An offer is told to the office that gives and to the one that is asked (and those above them). The receiver reads the
//! record at the version that was offered, a draft too, as one that does not own it; and nothing of it once the offer is
//! over. Where the record has moved on since, it is not taken: it would not be what was shown.
//!
//! - [`list`]: what can be asked for, and the query · [`view`]: an offer as a caller gets it · `answer`: what each answer
//!   does · [`api`]: the handlers

mod answer;
pub mod api;
pub mod list;
pub mod view;

use crate::documents::endpoints::{dry_run, idempotency_key, list_parameters};
use crate::documents::entry::KindEntry;
use crate::error::Code;
use crate::http::Endpoint;
use crate::http::endpoint::{Tag, path_id};
use actix_web::http::Method;
use view::TransferView;

const TAG: Tag = Tag {
    name: "Transfers",
    description: "Records that another office is asked to take.",
};
const ONE: &str = "/api/v1/transfers/{id}";

/// The operations; `kinds` are those whose records can be taken.
pub fn endpoints(kinds: &'static [KindEntry]) -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/transfers", "listTransfers", api::list_transfers)
            .describe(
                TAG,
                "List transfers",
                "Offers that the offices you act for make or get, of kinds that your scopes let you read, newest first. `to=me&state=pending` is what waits for your answer.",
            )
            .parameters(list_parameters(&list::TRANSFERS))
            .answers_page::<TransferView>("A page. `record` is null here: read one offer to see it.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::GET, ONE, "getTransfer", api::get_transfer)
            .describe(
                TAG,
                "Read a transfer",
                "While it pends, with the record at the version that was offered, as an office gets it that does not own it. One of others is answered as one that does not exist. Needs the scope to read the kind.",
            )
            .parameters([path()])
            .answers::<TransferView>(200, "The offer."),
        Endpoint::guarded(Method::POST, &format!("{ONE}/accept"), "acceptTransfer", move |call| {
            api::accept_transfer(kinds, call)
        })
        .describe(
            TAG,
            "Accept a transfer",
            "Takes the record: it is the receiver's from then on, as a new version of the one that was offered. For those who act for the receiver and hold the scope to write the kind.",
        )
        .parameters([path(), idempotency_key(), dry_run()])
        .answers::<TransferView>(200, "The offer, accepted.")
        .problems(&[Code::TransferNotPending, Code::IdempotencyKeyReused, Code::NotYourPart]),
        Endpoint::guarded(Method::POST, &format!("{ONE}/refuse"), "refuseTransfer", api::refuse_transfer)
            .describe(
                TAG,
                "Refuse a transfer",
                "The record stays where it is. For those who act for the receiver and hold the scope to write the kind.",
            )
            .parameters([path(), idempotency_key(), dry_run()])
            .answers::<TransferView>(200, "The offer, refused.")
            .problems(&[Code::TransferNotPending, Code::IdempotencyKeyReused, Code::NotYourPart]),
    ]
}

fn path() -> crate::http::Parameter {
    path_id("trf", "The offer's id.")
}
