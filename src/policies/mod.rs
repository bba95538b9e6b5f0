//! Policies: plans, schemes, strategies and reports, each with its own tree of nodes.
//!
//! `document` and `node` are the shape, `rules` what must hold, `list` what the list can be asked for, `store`
//! index columns and rules about other records.

pub mod document;
mod link_rules;
mod list;
pub mod node;
pub mod rules;
mod store;
mod tree;

#[cfg(test)]
mod tests;

pub use self::document::Policies;

use crate::auth::scope::{PoliciesRead, PoliciesWrite};
use crate::documents::actions::acts::Acts;
use crate::documents::kind::Shape;
use crate::list::ListSpec;
use document::Policy;

impl Acts for Policies {}

impl Shape for Policies {
    const NAME: &'static str = "policy";
    const PLURAL: &'static str = "policies";
    const PREFIX: &'static str = "pol";
    const SCHEMA: &'static str = "Policy";
    const TITLE: &'static str = "Policies";
    const LABEL: &'static str = "a policy";
    const LABEL_PLURAL: &'static str = "policies";
    const MEANING: &'static str = "A plan, scheme, strategy or report of an office, with its own tree of nodes.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const SIGHT: &'static [&'static str] = &["responsibilities", "nodes.responsibilities"];
    const EXAMPLE: &'static str = r#"{
        "titles": {"en": "Medium-term education plan", "ko": "중기 교육 발전 계획"},
        "original_language": "ko",
        "kind": "medium_term_plan",
        "stage": "published",
        "period": {"from": "2023", "to": "2026"},
        "announced_on": "2022-12",
        "levels": {
            "vision": {"labels": {"en": "Vision"}, "order": 1},
            "task": {"labels": {"en": "Task"}, "order": 2}
        },
        "declared": {"tasks": {"what": "task", "count": {"value": 6, "qualifier": "exact"}}},
        "nodes": {
            "safe-schools": {"level": "vision", "order": 1, "labels": {"en": "Safe schools"}},
            "counselling": {
                "level": "task",
                "parent": "safe-schools",
                "labels": {"en": "Counselling in every school"},
                "responsibilities": {"ext:own:office-a": {"roles": ["lead"]}}
            }
        }
    }"#;

    const LIST: &'static ListSpec = &list::LIST;

    type Document = Policy;
    type Read = PoliciesRead;
    type Write = PoliciesWrite;
}
