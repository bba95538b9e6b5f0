//! What the list of policies can be asked for.

use super::store::RESPONSIBILITIES;
use crate::db::Condition;
use crate::db::schema::policy_index;
use crate::list::FilterForm::{Codes, Day, Ids, Words, Year};
use crate::list::columns::Span;
use crate::list::{ExpandSpec, FilterSpec, FilterValues, ListSpec, SortSpec};

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column("kind", Codes("policy_kind"), policy_index::kind).describe("Policies of this kind."),
        FilterSpec::column("stage", Codes("policy_stage"), policy_index::stage).describe("Policies at this stage."),
        FilterSpec::new("year", Year, |asked| in_period(asked, Span::year))
            .describe("Policies whose period shares a day with this calendar year."),
        FilterSpec::new("period_from", Day, |asked| in_period(asked, Span::from))
            .describe("Policies whose period reaches this day or later."),
        FilterSpec::new("period_to", Day, |asked| in_period(asked, Span::to))
            .describe("Policies whose period begins on this day or earlier."),
        FilterSpec::new("responsible_office", Ids("off"), |asked| asked.links(RESPONSIBILITIES))
            .describe("Policies for which, or for a node of which, this office answers."),
        FilterSpec::codes("level", Words)
            .describe("Policies whose tree has a level of this code, `strategy` for instance."),
    ],
    sorts: &[
        SortSpec::new("title", policy_index::title_key),
        SortSpec::both(
            "announced_on",
            policy_index::announced_key_ascending,
            policy_index::announced_key_descending,
        ),
        SortSpec::CREATED_AT,
        SortSpec::UPDATED_AT,
    ],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("responsible_offices", RESPONSIBILITIES),
        ExpandSpec::new(
            "links",
            &[
                "links.policy_id",
                "links.office_id",
                "nodes.links.policy_id",
                "nodes.links.office_id",
            ],
        ),
    ],
};

fn in_period(asked: &FilterValues<'_>, span: fn(&str) -> Span) -> Vec<Condition> {
    asked.shares_a_day(
        &span(&asked.value()),
        policy_index::period_open,
        (policy_index::period_from_first, policy_index::period_from_last),
        (policy_index::period_to_first, policy_index::period_to_last),
    )
}
