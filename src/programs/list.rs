//! What the list of programs can be asked for.

use super::store::{MOUS, OFFICES, POLICIES};
use crate::db::Condition;
use crate::db::schema::{office_index, program_index, record_codes, record_links, records};
use crate::list::FilterForm::{Codes, Countries, Day, Flag, Ids, Number, Words, Year};
use crate::list::columns::Span;
use crate::list::conditions::has_code;
use crate::list::{ExpandSpec, FilterSpec, FilterValues, ListSpec, SortSpec};
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
        FilterSpec::new(OFFICE, Ids("off"), |asked| asked.links_in_role(&[OFFICES], OFFICE_ROLE))
            .describe("Programs in which this office takes part."),
        FilterSpec::new(OFFICE_ROLE, Codes("program_office_role"), |asked| asked.roles_of_links(&[OFFICES], OFFICE))
            .describe("The role in which `office` takes part; alone: programs in which any office has this role."),
        FilterSpec::new("office_country", Countries, |asked| asked.names_office(program_index::id, OFFICES, asked.is_any(office_index::country)))
            .describe("Programs in which an office of this country takes part (ISO 3166-1 alpha-2)."),
        FilterSpec::column("kind", Codes("program_kind"), program_index::kind).describe("Programs of this kind."),
        FilterSpec::column("stage", Codes("program_stage"), program_index::stage).describe("Programs at this stage."),
        FilterSpec::new("mou", Ids("mou"), |asked| asked.links(&[MOUS])).describe("Programs done under this MOU."),
        FilterSpec::new("has_mou", Flag, has_mou)
            .describe("`true`: programs done under an MOU; `false`: those without one."),
        FilterSpec::new(POLICY, Ids("pol"), |asked| asked.links_in_role(POLICIES, NODE))
            .describe("Programs that carry out this policy or a node of it, or are recognised under it."),
        FilterSpec::new(NODE, Words, |asked| asked.roles_of_links(POLICIES, POLICY))
            .describe("Key of the node of `policy`; alone: a node with this key of any policy."),
        FilterSpec::new("year", Year, |asked| in_period(asked, Span::year))
            .describe("Programs whose period shares a day with this calendar year."),
        FilterSpec::new("period_from", Day, |asked| in_period(asked, Span::from))
            .describe("Programs whose period reaches this day or later."),
        FilterSpec::new("period_to", Day, |asked| in_period(asked, Span::to))
            .describe("Programs whose period begins on this day or earlier."),
        FilterSpec::codes("mode", Codes("session_mode")).describe("Programs with a session in this mode."),
        FilterSpec::new("place", Words, in_place)
            .describe("Programs, or sessions of them, in this place: a word of its name or city in any language, the whole of either, or the code of its country or subdivision (ISO 3166)."),
        FilterSpec::new("target_age", Number, for_age)
            .describe("Programs for a group of people that includes this age, in completed years. Groups without an age do not count."),
        FilterSpec::codes("target_sex", Codes("sex"))
            .describe("Programs for a group of people of this sex. Groups without one do not count."),
        FilterSpec::codes("recognised_as", Codes("recognition_kind")).describe("Programs that are recognised as this."),
        FilterSpec::column("sensitive", Flag, program_index::sensitive)
            .describe("`true`: programs whose small counts need protection; `false`: the others."),
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

fn in_period(asked: &FilterValues<'_>, span: fn(&str) -> Span) -> Vec<Condition> {
    asked.shares_a_day(
        &span(&asked.value()),
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
