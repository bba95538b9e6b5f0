//! What the list of offices can be asked for.

use super::within::is_within;
use crate::db::Condition;
use crate::db::schema::{office_index, record_keys};
use crate::list::columns::Span;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, FilterValues, ListSpec, PeriodSql, SortSpec};
use diesel::{ExpressionMethods, QueryDsl};

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column(
            "kind",
            FilterForm::Codes("office_kind"),
            "Offices of this kind.",
            office_index::kind,
        ),
        FilterSpec::column(
            "country",
            FilterForm::Countries,
            "Offices in this country (ISO 3166-1 alpha-2).",
            office_index::country,
        ),
        FilterSpec::column(
            "subdivision",
            FilterForm::Subdivisions,
            "Offices in this subdivision (ISO 3166-2).",
            office_index::subdivision,
        ),
        FilterSpec::column(
            "parent",
            FilterForm::Ids("off"),
            "Units directly below this office.",
            office_index::parent_id,
        ),
        FilterSpec::new(
            "within",
            FilterForm::Ids("off"),
            "This office and all units below it, as far as you see the way to them.",
            is_within,
        ),
        FilterSpec::new(
            "identifier",
            FilterForm::Words,
            "The office with this identifier, written `scheme:value`.",
            has_identifier,
        ),
        FilterSpec::new(
            "valid_on",
            FilterForm::Day,
            "Offices that exist on this day.",
            |asked| asked.shares_a_day(valid(), Span::day(&asked.value())),
        ),
    ],
    sorts: &[
        SortSpec::new("name", office_index::name_key),
        SortSpec::CREATED_AT,
        SortSpec::UPDATED_AT,
    ],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("parent", &["parent_id"]),
        ExpandSpec::new("successors", &["successor_ids"]),
        ExpandSpec::new("relations", &["relations.office_id"]),
    ],
};

fn valid() -> PeriodSql {
    PeriodSql::of(
        office_index::valid_open,
        (office_index::valid_from_first, office_index::valid_from_last),
        (office_index::valid_to_first, office_index::valid_to_last),
    )
}

fn has_identifier(asked: &FilterValues<'_>) -> Vec<Condition> {
    let identified = record_keys::table
        .filter(record_keys::name.eq("office-identifier"))
        .filter(asked.is_any(record_keys::value))
        .select(record_keys::record_id);
    vec![Condition::of(office_index::id.eq_any(identified))]
}
