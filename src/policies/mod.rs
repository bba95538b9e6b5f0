//! Policies: plans, schemes, strategies and reports, each with its own tree of nodes.
//!
//! `document` and `node` are the shape, `rules` what must hold, `store` index columns, the list, and rules about other
//! records.

pub mod document;
mod link_rules;
pub mod node;
pub mod rules;
mod store;
mod tree;

#[cfg(test)]
mod tests;

pub use self::document::Policies;

use crate::auth::Caller;
use crate::auth::scope::{PoliciesRead, PoliciesWrite};
use crate::db::Conn;
use crate::documents::actions::acts::Acts;
use crate::documents::kind::{Kind, WriteOptions};
use crate::error::Result;
use crate::kind_functions;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec};
use crate::values::Finding;
use document::Policy;

const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new("kind", FilterForm::Codes("policy_kind"), "Policies of this kind."),
        FilterSpec::new("stage", FilterForm::Codes("policy_stage"), "Policies at this stage."),
        FilterSpec::new(
            "year",
            FilterForm::Year,
            "Policies whose period shares a day with this calendar year.",
        ),
        FilterSpec::new(
            "period_from",
            FilterForm::Day,
            "Policies whose period reaches this day or later.",
        ),
        FilterSpec::new(
            "period_to",
            FilterForm::Day,
            "Policies whose period begins on this day or earlier.",
        ),
        FilterSpec::new(
            "responsible_office",
            FilterForm::Ids("off"),
            "Policies for which, or for a node of which, this office answers.",
        ),
        FilterSpec::new(
            "level",
            FilterForm::Words,
            "Policies whose tree has a level of this code, `strategy` for instance.",
        ),
    ],
    sorts: &["title", "announced_on", "created_at", "updated_at"],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("responsible_offices", store::RESPONSIBILITIES),
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

impl Acts for Policies {}

impl Kind for Policies {
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

    type Document = Policy;
    type Read = PoliciesRead;
    type Write = PoliciesWrite;
    type Index = store::PolicyIndex;

    kind_functions!(rules, store, LIST, policy_index);

    fn codes(document: &Policy) -> Vec<(&'static str, String)> {
        document.levels.keys().map(|level| ("level", level.clone())).collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        caller: &Caller,
        old: Option<&Policy>,
        new: &Policy,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        store::check_targets(conn, caller, old, new)
    }
}
