//! The tree of a policy: nodes, who answers for them, how far they have come, and what they refer to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::common::sourced;
use crate::values::codes::{NodeProgressState, PolicyLinkKind, ResponsibilityRole};
use crate::values::id::{OfficeId, PolicyId};
use crate::values::keyed_map::{KeyedMap, OfficeMap};
use crate::values::lang_map::LangMap;
use crate::values::partial_date::PartialDate;

/// One vision, promise, strategy, area, type or task of a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyNode {
    /// Code of its level, one of the policy's `levels`.
    #[schema(min_length = 1, max_length = 63)]
    pub level: String,
    /// Key of the node that it belongs to; null where that is not stated, or where it is at the top.
    pub parent: Option<String>,
    /// Place among its siblings; ties are read by key.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub order: i64,
    /// What it is called.
    #[serde(default)]
    pub labels: LangMap,
    /// What it says.
    #[serde(default)]
    pub text: LangMap,
    /// Whether it is in the pilot; null when not stated.
    pub pilot: Option<bool>,
    /// Offices that answer for it, or chose it. They may write its `progress`.
    #[serde(default)]
    pub responsibilities: OfficeMap<PolicyResponsibility>,
    /// How far it has come; null until somebody says.
    pub progress: Option<PolicyNodeProgress>,
    /// What it refers to.
    #[serde(default)]
    pub links: KeyedMap<PolicyLink>,
    /// Key of the source.
    pub source: Option<String>,
}

/// What an office has to do with a policy or one of its nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyResponsibility {
    /// Leads, supports, or chose it. At least one.
    pub roles: BTreeSet<ResponsibilityRole>,
    /// Key of the source.
    pub source: Option<String>,
}

/// How far a node has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyNodeProgress {
    /// How far.
    pub state: NodeProgressState,
    /// The day of which this is said.
    pub on: Option<PartialDate>,
    /// What is said about it.
    #[schema(max_length = 20_000)]
    pub note: Option<String>,
    /// Key of the source.
    pub source: Option<String>,
}

/// A reference to exactly one thing: a policy (or one node of it), or an evaluation or recommendation kept with an office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyLink {
    /// What ties the two.
    pub kind: PolicyLinkKind,
    /// The policy referred to. Then `office_id` is null.
    pub policy_id: Option<PolicyId>,
    /// Key of one node of that policy; null is the whole policy.
    #[schema(max_length = 63)]
    pub node: Option<String>,
    /// The office that keeps the evaluation or recommendation. Then `policy_id` is null.
    pub office_id: Option<OfficeId>,
    /// Key of a recommendation of that office.
    #[schema(max_length = 63)]
    pub recommendation: Option<String>,
    /// Key of an evaluation of that office.
    #[schema(max_length = 63)]
    pub evaluation: Option<String>,
    /// Key of the source.
    pub source: Option<String>,
}

sourced!(PolicyNode, PolicyResponsibility, PolicyNodeProgress, PolicyLink);
