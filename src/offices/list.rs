//! What the list of offices can be asked for.

use super::within::is_within;
use crate::db::Condition;
use crate::db::schema::{office_index, record_keys};
use crate::list::FilterForm::{Codes, Countries, Day, Ids, Subdivisions, Words};
use crate::list::columns::Span;
use crate::list::{ExpandSpec, FilterSpec, FilterValues, ListSpec, SortSpec};
use diesel::{ExpressionMethods, QueryDsl};

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::column("kind", Codes("office_kind"), office_index::kind).describe("Offices of this kind."),
        FilterSpec::column("country", Countries, office_index::country)
            .describe("Offices in this country (ISO 3166-1 alpha-2)."),
        FilterSpec::column("subdivision", Subdivisions, office_index::subdivision)
            .describe("Offices in this subdivision (ISO 3166-2)."),
        FilterSpec::column("parent", Ids("off"), office_index::parent_id).describe("Units directly below this office."),
        FilterSpec::new("within", Ids("off"), is_within)
            .describe("This office and all units below it, as far as you see the way to them."),
        FilterSpec::new("identifier", Words, has_identifier)
            .describe("The office with this identifier, written `scheme:value`."),
        FilterSpec::new("valid_on", Day, is_valid).describe("Offices that exist on this day."),
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

fn is_valid(asked: &FilterValues<'_>) -> Vec<Condition> {
    asked.shares_a_day(
        &Span::day(&asked.value()),
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
