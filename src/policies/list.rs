//! What the list of policies can be asked for.

use super::store::RESPONSIBILITIES;
use crate::db::schema::policy_index;
use crate::list::columns::Span;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec, PeriodSql, SortSpec};

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column(
            "kind",
            FilterForm::Codes("policy_kind"),
            "Policies of this kind.",
            policy_index::kind,
        ),
        FilterSpec::column(
            "stage",
            FilterForm::Codes("policy_stage"),
            "Policies at this stage.",
            policy_index::stage,
        ),
        FilterSpec::new(
            "year",
            FilterForm::Year,
            "Policies whose period shares a day with this calendar year.",
            |asked| asked.shares_a_day(period(), Span::year(&asked.value())),
        ),
        FilterSpec::new(
            "period_from",
            FilterForm::Day,
            "Policies whose period reaches this day or later.",
            |asked| asked.shares_a_day(period(), Span::from(&asked.value())),
        ),
        FilterSpec::new(
            "period_to",
            FilterForm::Day,
            "Policies whose period begins on this day or earlier.",
            |asked| asked.shares_a_day(period(), Span::to(&asked.value())),
        ),
        FilterSpec::new(
            "responsible_office",
            FilterForm::Ids("off"),
            "Policies for which, or for a node of which, this office answers.",
            |asked| asked.links(RESPONSIBILITIES),
        ),
        FilterSpec::codes(
            "level",
            FilterForm::Words,
            "Policies whose tree has a level of this code, `strategy` for instance.",
        ),
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

fn period() -> PeriodSql {
    PeriodSql::of(
        policy_index::period_open,
        (policy_index::period_from_first, policy_index::period_from_last),
        (policy_index::period_to_first, policy_index::period_to_last),
    )
}
