//! Lists: paging, what may be asked for, filters, search, languages, and the plans that the databases choose for them.

mod language;
mod mou_filters;
mod office_filters;
mod paging;
mod plan_filters;
mod plan_rows;
pub(crate) mod plans;
mod requests;
mod search;
mod statements;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        paging::cases,
        requests::cases,
        office_filters::cases,
        mou_filters::cases,
        search::cases,
        statements::cases,
        language::cases,
        plans::cases,
        plan_filters::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}
