//! What callers see of each resource: examples of requests and their answers.

pub(crate) mod accounts;
mod audit_events;
mod documents;
mod edge;
mod external_ids;
mod facts;
pub(crate) mod feed;
pub(crate) mod lists;
pub(crate) mod oauth;
mod programs;
mod transfer_merge_redact;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    let modules = [
        edge::cases,
        facts::cases,
        programs::cases,
        lists::cases,
        transfer_merge_redact::cases,
        audit_events::cases,
        accounts::cases,
        feed::cases,
        documents::cases,
        external_ids::cases,
        oauth::cases,
    ];
    modules.iter().flat_map(|cases| cases()).collect()
}
