//! What the list of MOUs can be asked for.

use super::store::PARTIES;
use crate::db::Condition;
use crate::db::schema::{mou_index, office_index, record_links};
use crate::list::named_offices::NAMED;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, FilterValues, ListSpec, SortSpec};
use diesel::{BoolExpressionMethods, ExpressionMethods};

/// Filters that look at each other.
const PARTY: &str = "party";
const PARTY_ROLE: &str = "party_role";

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new(PARTY, FilterForm::Ids("off"), "MOUs that name this office.", |asked| {
            asked.links_in_role(&[PARTIES], PARTY_ROLE)
        }),
        FilterSpec::new(
            PARTY_ROLE,
            FilterForm::Codes("party_role"),
            "The role in which `party` is named; alone: MOUs with a party in this role.",
            |asked| asked.roles_of_links(&[PARTIES], PARTY),
        ),
        FilterSpec::new(
            "partner_country",
            FilterForm::Countries,
            "MOUs with a party in this country (ISO 3166-1 alpha-2), other than those named in `party`.",
            |asked| {
                asked.names_office(
                    mou_index::id,
                    PARTIES,
                    is_partner(asked).and(asked.is_any(office_index::country)),
                )
            },
        ),
        FilterSpec::new(
            "partner_kind",
            FilterForm::Codes("office_kind"),
            "MOUs with a party of this kind, other than those named in `party`.",
            |asked| {
                asked.names_office(
                    mou_index::id,
                    PARTIES,
                    is_partner(asked).and(asked.is_any(office_index::kind)),
                )
            },
        ),
        FilterSpec::column(
            "stage",
            FilterForm::Codes("mou_stage"),
            "MOUs at this stage.",
            mou_index::stage,
        ),
        FilterSpec::column(
            "confirmation",
            FilterForm::Codes("confirmation"),
            "Recorded MOUs by whether their signatories stand by them.",
            mou_index::confirmation,
        ),
        FilterSpec::column(
            "kind",
            FilterForm::Codes("mou_kind"),
            "MOUs of this kind.",
            mou_index::kind,
        ),
        FilterSpec::codes("purpose", FilterForm::Codes("purpose"), "MOUs for this purpose."),
        FilterSpec::new("signed_gte", FilterForm::Day, "Signed on or after this day.", |asked| {
            asked.on_or_after(mou_index::signed_first, mou_index::signed_last)
        }),
        FilterSpec::new(
            "signed_lte",
            FilterForm::Day,
            "Signed on or before this day.",
            |asked| asked.on_or_before(mou_index::signed_first, mou_index::signed_last),
        ),
        FilterSpec::new(
            "signed_missing",
            FilterForm::Flag,
            "`true`: MOUs without a signing date; `false`: those with one.",
            |asked| asked.is_missing(mou_index::signed_first),
        ),
        FilterSpec::new(
            "effective_from_gte",
            FilterForm::Day,
            "In effect from this day or later.",
            |asked| asked.on_or_after(mou_index::effective_from_first, mou_index::effective_from_last),
        ),
        FilterSpec::new(
            "effective_from_lte",
            FilterForm::Day,
            "In effect from this day or earlier.",
            |asked| asked.on_or_before(mou_index::effective_from_first, mou_index::effective_from_last),
        ),
        FilterSpec::new(
            "effective_to_gte",
            FilterForm::Day,
            "Ending on or after this day.",
            |asked| asked.on_or_after(mou_index::effective_to_first, mou_index::effective_to_last),
        ),
        FilterSpec::new(
            "effective_to_lte",
            FilterForm::Day,
            "Ending on or before this day.",
            |asked| asked.on_or_before(mou_index::effective_to_first, mou_index::effective_to_last),
        ),
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

/// Is the party that a reference names another than those asked for in `party`?
fn is_partner(asked: &FilterValues<'_>) -> Condition {
    let named: Vec<String> = asked.context.filters.all(PARTY).flatten().cloned().collect();
    Condition::of(NAMED.field(record_links::target_id).ne_all(named))
}
