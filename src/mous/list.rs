//! What the list of MOUs can be asked for.

use super::store::PARTIES;
use crate::db::schema::{mou_index, office_index, record_links};
use crate::db::{Condition, Sql};
use crate::list::FilterForm::{Codes, Countries, Flag, Ids};
use crate::list::named_offices::NAMED;
use crate::list::{ExpandSpec, FilterSpec, FilterValues, ListSpec, SortSpec};
use diesel::sql_types::Text;
use diesel::{BoolExpressionMethods, ExpressionMethods};

/// Filters that look at each other.
const PARTY: &str = "party";
const PARTY_ROLE: &str = "party_role";

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new(PARTY, Ids("off"), |asked| asked.links_in_role(&[PARTIES], PARTY_ROLE))
            .describe("MOUs that name this office."),
        FilterSpec::new(PARTY_ROLE, Codes("party_role"), |asked| {
            asked.roles_of_links(&[PARTIES], PARTY)
        })
        .describe("The role in which `party` is named; alone: MOUs with a party in this role."),
        FilterSpec::new("partner_country", Countries, |asked| {
            names_partner(asked, office_index::country)
        })
        .describe("MOUs with a party in this country (ISO 3166-1 alpha-2), other than those named in `party`."),
        FilterSpec::new("partner_kind", Codes("office_kind"), |asked| {
            names_partner(asked, office_index::kind)
        })
        .describe("MOUs with a party of this kind, other than those named in `party`."),
        FilterSpec::column("stage", Codes("mou_stage"), mou_index::stage).describe("MOUs at this stage."),
        FilterSpec::column("confirmation", Codes("confirmation"), mou_index::confirmation)
            .describe("Recorded MOUs by whether their signatories stand by them."),
        FilterSpec::column("kind", Codes("mou_kind"), mou_index::kind).describe("MOUs of this kind."),
        FilterSpec::codes("purpose", Codes("purpose")).describe("MOUs for this purpose."),
        FilterSpec::on_or_after("signed_gte", mou_index::signed_first, mou_index::signed_last)
            .describe("Signed on or after this day."),
        FilterSpec::on_or_before("signed_lte", mou_index::signed_first, mou_index::signed_last)
            .describe("Signed on or before this day."),
        FilterSpec::new("signed_missing", Flag, |asked| {
            asked.is_missing(mou_index::signed_first)
        })
        .describe("`true`: MOUs without a signing date; `false`: those with one."),
        FilterSpec::on_or_after(
            "effective_from_gte",
            mou_index::effective_from_first,
            mou_index::effective_from_last,
        )
        .describe("In effect from this day or later."),
        FilterSpec::on_or_before(
            "effective_from_lte",
            mou_index::effective_from_first,
            mou_index::effective_from_last,
        )
        .describe("In effect from this day or earlier."),
        FilterSpec::on_or_after(
            "effective_to_gte",
            mou_index::effective_to_first,
            mou_index::effective_to_last,
        )
        .describe("Ending on or after this day."),
        FilterSpec::on_or_before(
            "effective_to_lte",
            mou_index::effective_to_first,
            mou_index::effective_to_last,
        )
        .describe("Ending on or before this day."),
    ],
    sorts: &[
        SortSpec::new("title", mou_index::title_key),
        SortSpec::both(
            "signed_on",
            mou_index::signed_key_ascending,
            mou_index::signed_key_descending,
        ),
        SortSpec::CREATED_AT,
        SortSpec::UPDATED_AT,
    ],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("parties", &[PARTIES]),
        ExpandSpec::new("parent", &["parent_mou_id"]),
        ExpandSpec::new("predecessor", &["predecessor_id"]),
    ],
};

/// A party has any of the values in this column, other than those asked for in `party`.
fn names_partner(asked: &FilterValues<'_>, column: impl Sql<Text>) -> Vec<Condition> {
    let named: Vec<String> = asked.context.filters.all(PARTY).flatten().cloned().collect();
    let is_partner = NAMED.field(record_links::target_id).ne_all(named);
    asked.names_office(mou_index::id, PARTIES, is_partner.and(asked.is_any(column)))
}
