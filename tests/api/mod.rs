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

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        edge,
        facts,
        programs,
        lists,
        transfer_merge_redact,
        audit_events,
        accounts,
        feed,
        documents,
        external_ids,
        oauth
    ]
}
