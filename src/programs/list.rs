//! What the list of programs can be asked for.

use super::store::{MOUS, OFFICES, POLICIES};
use crate::db::Condition;
use crate::db::schema::{office_index, program_index, record_codes, record_links, records};
use crate::list::columns::Span;
use crate::list::conditions::has_code;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, FilterValues, ListSpec, PeriodSql, SortSpec};
use crate::values::text::sort_key;
use diesel::sql_types::{Integer, Text};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};

diesel::define_sql_function! {
    /// Characters of a text from a place counted from 1.
    fn substr(text: Text, from: Integer, length: Integer) -> Text;
}

/// Filters that look at each other.
const OFFICE: &str = "office";
const OFFICE_ROLE: &str = "office_role";
const POLICY: &str = "policy";
const NODE: &str = "node";

/// Filters, sorts and expansions of the list.
pub(super) const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new(
            OFFICE,
            FilterForm::Ids("off"),
            "Programs in which this office takes part.",
            |asked| asked.links_in_role(&[OFFICES], OFFICE_ROLE),
        ),
        FilterSpec::new(
            OFFICE_ROLE,
            FilterForm::Codes("program_office_role"),
            "The role in which `office` takes part; alone: programs in which any office has this role.",
            |asked| asked.roles_of_links(&[OFFICES], OFFICE),
        ),
        FilterSpec::new(
            "office_country",
            FilterForm::Countries,
            "Programs in which an office of this country takes part (ISO 3166-1 alpha-2).",
            |asked| asked.names_office(program_index::id, OFFICES, asked.is_any(office_index::country)),
        ),
        FilterSpec::column(
            "kind",
            FilterForm::Codes("program_kind"),
            "Programs of this kind.",
            program_index::kind,
        ),
        FilterSpec::column(
            "stage",
            FilterForm::Codes("program_stage"),
            "Programs at this stage.",
            program_index::stage,
        ),
        FilterSpec::new(
            "mou",
            FilterForm::Ids("mou"),
            "Programs done under this MOU.",
            |asked| asked.links(&[MOUS]),
        ),
        FilterSpec::new(
            "has_mou",
            FilterForm::Flag,
            "`true`: programs done under an MOU; `false`: those without one.",
            has_mou,
        ),
        FilterSpec::new(
            POLICY,
            FilterForm::Ids("pol"),
            "Programs that carry out this policy or a node of it, or are recognised under it.",
            |asked| asked.links_in_role(POLICIES, NODE),
        ),
        FilterSpec::new(
            NODE,
            FilterForm::Words,
            "Key of the node of `policy`; alone: a node with this key of any policy.",
            |asked| asked.roles_of_links(POLICIES, POLICY),
        ),
        FilterSpec::new(
            "year",
            FilterForm::Year,
            "Programs whose period shares a day with this calendar year.",
            |asked| asked.shares_a_day(period(), Span::year(&asked.value())),
        ),
        FilterSpec::new(
            "period_from",
            FilterForm::Day,
            "Programs whose period reaches this day or later.",
            |asked| asked.shares_a_day(period(), Span::from(&asked.value())),
        ),
        FilterSpec::new(
            "period_to",
            FilterForm::Day,
            "Programs whose period begins on this day or earlier.",
            |asked| asked.shares_a_day(period(), Span::to(&asked.value())),
        ),
        FilterSpec::codes(
            "mode",
            FilterForm::Codes("session_mode"),
            "Programs with a session in this mode.",
        ),
        FilterSpec::new(
            "place",
            FilterForm::Words,
            "Programs, or sessions of them, in this place: a word of its name or city in any language, the whole of either, or the code of its country or subdivision (ISO 3166).",
            in_place,
        ),
        FilterSpec::new(
            "target_age",
            FilterForm::Number,
            "Programs for a group of people that includes this age, in completed years. Groups without an age do not count.",
            for_age,
        ),
        FilterSpec::codes(
            "target_sex",
            FilterForm::Codes("sex"),
            "Programs for a group of people of this sex. Groups without one do not count.",
        ),
        FilterSpec::codes(
            "recognised_as",
            FilterForm::Codes("recognition_kind"),
            "Programs that are recognised as this.",
        ),
        FilterSpec::column(
            "sensitive",
            FilterForm::Flag,
            "`true`: programs whose small counts need protection; `false`: the others.",
            program_index::sensitive,
        ),
    ],
    sorts: &[
        SortSpec::new("title", program_index::title_key),
        SortSpec::both(
            "starts_on",
            program_index::starts_key_ascending,
            program_index::starts_key_descending,
        ),
        SortSpec::CREATED_AT,
        SortSpec::UPDATED_AT,
    ],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("offices", &[OFFICES]),
        ExpandSpec::new("mous", &[MOUS]),
        ExpandSpec::new("policies", POLICIES),
        ExpandSpec::new(
            "agenda",
            &[
                "sessions.agenda.presenter_office_id",
                "sessions.agenda.policy_id",
                "sessions.agenda.program_id",
            ],
        ),
        ExpandSpec::new(
            "commitments",
            &["commitments.owner_office_ids", "commitments.realised_by"],
        ),
    ],
};

fn period() -> PeriodSql {
    PeriodSql::of(
        program_index::period_open,
        (program_index::period_from_first, program_index::period_from_last),
        (program_index::period_to_first, program_index::period_to_last),
    )
}

fn in_place(asked: &FilterValues<'_>) -> Vec<Condition> {
    let places: Vec<String> = asked.values.iter().map(|place| sort_key(place)).collect();
    let is_there = Condition::of(record_codes::code.eq_any(places));
    vec![has_code(program_index::id, "place", is_there)]
}

fn for_age(asked: &FilterValues<'_>) -> Vec<Condition> {
    let age = asked.number();
    // Ranges are written `012-018`: those that begin at this age or below sort before `…-~`.
    let includes = record_codes::code
        .lt(format!("{age:03}-~"))
        .and(substr(record_codes::code, 5, 3).ge(format!("{age:03}")));
    vec![has_code(program_index::id, "target_ages", Condition::of(includes))]
}

fn has_mou(asked: &FilterValues<'_>) -> Vec<Condition> {
    let with_mou = record_links::table
        .filter(record_links::relation.eq(MOUS))
        .select(record_links::record_id);
    vec![if asked.flag() {
        Condition::of(records::id.eq_any(with_mou))
    } else {
        Condition::of(records::id.ne_all(with_mou))
    }]
}
