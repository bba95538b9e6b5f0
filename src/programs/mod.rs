//! Programs: what is actually done, its sessions, recognitions and commitments.
//!
//! `document`, `session` and `recognition` are the shape, `rules` what must hold, `suppress` what others than the owner
//! may read of small counts, `list` what the list can be asked for, `store` index columns and rules about other
//! records.

pub mod document;
mod list;
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

use crate::auth::scope::{ProgramsRead, ProgramsWrite};
use crate::documents::actions::acts::Acts;
use crate::documents::kind::Shape;
use crate::list::ListSpec;
use document::Program;

impl Acts for Programs {}

impl Shape for Programs {
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
    const ABOUT: Option<&'static str> = Some("offices");
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

    const LIST: &'static ListSpec = &list::LIST;

    type Document = Program;
    type Read = ProgramsRead;
    type Write = ProgramsWrite;
}
