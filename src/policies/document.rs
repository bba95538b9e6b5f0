//! The policy document: a plan, scheme, strategy or report with its own tree of nodes.
//!
//! The hierarchy is data: `levels` says which levels there are (vision, promise, task …), `nodes` places them.
//! What a source *declares* (four visions, fourteen types) stands beside what is *listed*, and neither replaces the other,
//! because published plans often give the number and keep the titles to themselves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::common::{document, sourced};
use crate::policies::node::{PolicyLink, PolicyNode, PolicyResponsibility};
use crate::values::codes::{PolicyKind, PolicyStage};
use crate::values::count::Count;
use crate::values::id::PolicyId;
use crate::values::keyed_map::{KeyedMap, OfficeMap};
use crate::values::lang_map::LangMap;
use crate::values::partial_date::PartialDate;
use crate::values::period::Period;

/// The kind `policy`.
#[derive(Debug)]
pub struct Policies;

document! {
    /// A plan, scheme, strategy or report of an office, with its own tree of nodes.
    pub struct Policy(PolicyId) {
        /// What it is called, by language. At least one.
        pub titles: LangMap,
        /// What it is about and why it was made, by language.
        #[serde(default)]
        pub summary: LangMap,
        /// What it is: a medium-term plan, a recognition scheme, a report …
        pub kind: PolicyKind,
        /// How far it has come. A draft is seen by its owner only; without a stage, a policy starts as one.
        #[serde(default = "first_stage")]
        pub stage: PolicyStage,
        /// The time that it is made for; null when not stated.
        pub period: Option<Period>,
        /// When it was made public, as precisely as known.
        pub announced_on: Option<PartialDate>,
        /// The levels of its tree, by code: vision, promise, task; area, type; strategy, task.
        #[serde(default)]
        pub levels: KeyedMap<PolicyLevel>,
        /// How much there is according to the source, beside what is listed here.
        #[serde(default)]
        pub declared: KeyedMap<PolicyDeclaration>,
        /// The tree, by a key that never changes its meaning. At most 2,000 nodes.
        #[serde(default)]
        pub nodes: KeyedMap<PolicyNode, 2_000>,
        /// Offices that answer for the whole policy, or chose what is in it.
        #[serde(default)]
        pub responsibilities: OfficeMap<PolicyResponsibility>,
        /// The law that it rests on.
        #[serde(default)]
        pub legal_basis: KeyedMap<PolicyLegalBasis>,
        /// What guides it.
        #[serde(default)]
        pub principles: KeyedMap<PolicyPrinciple>,
        /// Other policies, and what evaluators said about an office, that the whole policy refers to.
        #[serde(default)]
        pub links: KeyedMap<PolicyLink>,
    }
}

/// The stage of a policy whose writer names none.
pub const fn first_stage() -> PolicyStage {
    PolicyStage::Draft
}

/// One level of a policy's tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyLevel {
    /// What the level is called.
    #[serde(default)]
    pub labels: LangMap,
    /// Place in the hierarchy: a node's parent is of a level with a smaller order. Levels of the same order are peers.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub order: i64,
}

/// A number of things that the source says exist, listed here or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDeclaration {
    /// What is counted: the code of a level, or a code of the list `measure` (programs, units …).
    #[schema(min_length = 1, max_length = 63)]
    pub what: String,
    /// How the source words it.
    #[serde(default)]
    pub label: LangMap,
    /// True: only those in the pilot are counted; false: only those outside it; null: all of them.
    pub pilot: Option<bool>,
    /// Key of the node under which they are counted; null is the whole policy.
    pub under: Option<String>,
    /// How many there are.
    pub count: Count,
    /// Key of the source.
    pub source: Option<String>,
}

/// A law, ordinance or rule that a policy rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyLegalBasis {
    /// What the law is called.
    #[serde(default)]
    pub label: LangMap,
    /// The article, number or date by which it is cited.
    #[schema(max_length = 20_000)]
    pub citation: Option<String>,
    /// Where its text is published.
    #[schema(format = "uri")]
    pub url: Option<String>,
    /// Key of the source.
    pub source: Option<String>,
}

/// One principle that guides a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPrinciple {
    /// What the principle is called.
    #[serde(default)]
    pub label: LangMap,
    /// What it means here.
    #[serde(default)]
    pub text: LangMap,
    /// Place in the sequence in which people read them.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub order: i64,
    /// Key of the source.
    pub source: Option<String>,
}

sourced!(PolicyDeclaration, PolicyLegalBasis, PolicyPrinciple);
