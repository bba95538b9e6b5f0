//! Programs: what is actually done, its sessions, recognitions and commitments.
//!
//! `document`, `session` and `recognition` are the shape, `rules` what must hold, `suppress` what others than the owner
//! may read of small counts, `store` index columns, the list, and rules about other records.

pub mod document;
pub mod recognition;
pub mod rules;
pub mod session;
mod session_rules;
mod store;
pub mod suppress;

#[cfg(test)]
mod suppress_tests;
#[cfg(test)]
mod tests;

pub use self::document::Programs;

use crate::auth::Caller;
use crate::auth::scope::{ProgramsRead, ProgramsWrite};
use crate::db::Conn;
use crate::documents::actions::acts::Acts;
use crate::documents::kind::{Kind, RoleLink, WriteOptions};
use crate::error::Result;
use crate::kind_functions;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec};
use crate::values::Finding;
use document::Program;
use serde_json::Value;

const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new(
            "office",
            FilterForm::Ids("off"),
            "Programs in which this office takes part.",
        ),
        FilterSpec::new(
            "office_role",
            FilterForm::Codes("program_office_role"),
            "The role in which `office` takes part; alone: programs in which any office has this role.",
        ),
        FilterSpec::new(
            "office_country",
            FilterForm::Countries,
            "Programs in which an office of this country takes part (ISO 3166-1 alpha-2).",
        ),
        FilterSpec::new("kind", FilterForm::Codes("program_kind"), "Programs of this kind."),
        FilterSpec::new("stage", FilterForm::Codes("program_stage"), "Programs at this stage."),
        FilterSpec::new("mou", FilterForm::Ids("mou"), "Programs done under this MOU."),
        FilterSpec::new(
            "has_mou",
            FilterForm::Flag,
            "`true`: programs done under an MOU; `false`: those without one.",
        ),
        FilterSpec::new(
            "policy",
            FilterForm::Ids("pol"),
            "Programs that carry out this policy or a node of it, or are recognised under it.",
        ),
        FilterSpec::new(
            "node",
            FilterForm::Words,
            "Key of the node of `policy`; alone: a node with this key of any policy.",
        ),
        FilterSpec::new(
            "year",
            FilterForm::Year,
            "Programs whose period shares a day with this calendar year.",
        ),
        FilterSpec::new(
            "period_from",
            FilterForm::Day,
            "Programs whose period reaches this day or later.",
        ),
        FilterSpec::new(
            "period_to",
            FilterForm::Day,
            "Programs whose period begins on this day or earlier.",
        ),
        FilterSpec::new(
            "mode",
            FilterForm::Codes("session_mode"),
            "Programs with a session in this mode.",
        ),
        FilterSpec::new(
            "place",
            FilterForm::Words,
            "Programs, or sessions of them, in this place: a word of its name or city in any language, the whole of either, or the code of its country or subdivision (ISO 3166).",
        ),
        FilterSpec::new(
            "target_age",
            FilterForm::Number,
            "Programs for a group of people that includes this age, in completed years. Groups without an age do not count.",
        ),
        FilterSpec::new(
            "target_sex",
            FilterForm::Codes("sex"),
            "Programs for a group of people of this sex. Groups without one do not count.",
        ),
        FilterSpec::new(
            "recognised_as",
            FilterForm::Codes("recognition_kind"),
            "Programs that are recognised as this.",
        ),
        FilterSpec::new(
            "sensitive",
            FilterForm::Flag,
            "`true`: programs whose small counts need protection; `false`: the others.",
        ),
    ],
    sorts: &["title", "starts_on", "created_at", "updated_at"],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("offices", &[store::OFFICES]),
        ExpandSpec::new("mous", &[store::MOUS]),
        ExpandSpec::new("policies", store::POLICIES),
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

impl Acts for Programs {}

impl Kind for Programs {
    const NAME: &'static str = "program";
    const PLURAL: &'static str = "programs";
    const PREFIX: &'static str = "prg";
    const SCHEMA: &'static str = "Program";
    const TITLE: &'static str = "Programs";
    const LABEL: &'static str = "a program";
    const LABEL_PLURAL: &'static str = "programs";
    const MEANING: &'static str =
        "What is actually done: training, exchange, project, workshop, meeting, expo, class; with its sessions.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const SIGHT: &'static [&'static str] = &["offices", "commitments.owner_office_ids"];
    const EXAMPLE: &'static str = r#"{
        "titles": {"en": "Training of IT teachers", "mn": "Мэдээлэл зүйн багш нарын сургалт"},
        "original_language": "en",
        "kind": "training",
        "stage": "active",
        "period": {"from": "2022", "open": true},
        "recurrence": "yearly",
        "offices": {"ext:own:office-a": {"roles": ["organizer", "host"]}, "ext:own:office-b": {"roles": ["sender"]}},
        "mou_ids": ["ext:own:mou-1"],
        "target_groups": {"teachers": {"roles": ["it_teacher"], "age_from": 18}},
        "places": {"venue": {"label": {"en": "Training institute"}, "country": "KR", "subdivision": "KR-11"}},
        "sessions": {
            "y2023": {
                "state": "held",
                "mode": "onsite",
                "actual": {"from": "2023-05-15", "to": "2023-05-25"},
                "participation": {
                    "teachers": {"role": "it_teacher", "unit": "person", "count": {"value": 14, "qualifier": "exact"}}
                }
            }
        }
    }"#;
    const SUPPRESSES: bool = true;

    type Document = Program;
    type Read = ProgramsRead;
    type Write = ProgramsWrite;
    type Index = store::ProgramIndex;

    kind_functions!(rules, store, LIST, program_index);

    fn role_links(document: &Program) -> Vec<RoleLink> {
        store::role_links(document)
    }

    fn codes(document: &Program) -> Vec<(&'static str, String)> {
        store::codes(document)
    }

    fn suppress(version: &Value, current: &Value) -> Value {
        if suppress::is_protected(version) || suppress::is_protected(current) {
            suppress::suppress_counts(version)
        } else {
            version.clone()
        }
    }

    fn keep_suppressed(sent: &mut Value, version: &Value, shown: &Value) {
        suppress::keep_suppressed(sent, version, shown);
    }

    fn check_in_transaction(
        conn: &mut Conn,
        caller: &Caller,
        old: Option<&Program>,
        new: &Program,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        store::check_targets(conn, caller, old, new)
    }
}
