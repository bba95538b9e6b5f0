//! Lists: paging, what may be asked for, filters, search, languages, and the plans that the databases choose for them.

mod bounds;
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

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        bounds,
        paging,
        requests,
        office_filters,
        mou_filters,
        search,
        statements,
        language,
        plans,
        plan_filters
    ]
}
