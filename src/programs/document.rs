//! The program document: what is actually done. Training, exchange, project, workshop, meeting, expo, class.
//!
//! People are counted, never named (DESIGN: personal data of participants is not kept).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::commitment::Commitment;
use crate::documents::common::{document, sourced};
use crate::programs::recognition::ProgramRecognition;
use crate::programs::session::ProgramSession;
use crate::values::codes::{
    ParticipationRole, ProgramKind, ProgramOfficeRole, ProgramStage, Recurrence, SchoolLevel, Sex,
};
use crate::values::id::{MouId, PolicyId, ProgramId};
use crate::values::keyed_map::{KeyedMap, OfficeMap};
use crate::values::lang_map::LangMap;
use crate::values::period::Period;
use crate::values::place::Place;

/// The kind `program`.
#[derive(Debug)]
pub struct Programs;

document! {
    /// What offices actually do together or for others: training, exchange, project, workshop, meeting, expo, class.
    pub struct Program(ProgramId) {
        /// What it is called, by language. At least one.
        pub titles: LangMap,
        /// What it is.
        pub kind: ProgramKind,
        /// How far it has come; null when not stated.
        pub stage: Option<ProgramStage>,
        /// What it is for, and by which means.
        #[serde(default)]
        pub objective: LangMap,
        /// The time that it runs; null when not stated.
        pub period: Option<Period>,
        /// How often it takes place; null when not stated.
        pub recurrence: Option<Recurrence>,
        /// The offices that take part, and how.
        #[serde(default)]
        pub offices: OfficeMap<ProgramOffice>,
        /// The memoranda under which it is done; none is legal.
        #[serde(default)]
        pub mou_ids: BTreeSet<MouId>,
        /// The policies, or nodes of policies, that it carries out.
        #[serde(default)]
        pub policy_nodes: KeyedMap<ProgramPolicyNode>,
        /// Whether small counts could point at people who need protection. Then counts under 5 are withheld from other offices.
        #[serde(default)]
        pub sensitive: bool,
        /// Whom it is for.
        #[serde(default)]
        pub target_groups: KeyedMap<ProgramTargetGroup>,
        /// Where it takes place.
        #[serde(default)]
        pub places: KeyedMap<Place>,
        /// The dated instances of it. At most 500.
        #[serde(default)]
        pub sessions: KeyedMap<ProgramSession, 500>,
        /// Under which scheme it counts as class, credit or experience.
        #[serde(default)]
        pub recognitions: KeyedMap<ProgramRecognition>,
        /// What was agreed to be done afterwards.
        #[serde(default)]
        pub commitments: KeyedMap<Commitment>,
    }
}

/// The part that an office takes in a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramOffice {
    /// At least one. Lead, host and organizer may write the program's sessions.
    pub roles: BTreeSet<ProgramOfficeRole>,
    /// Key of the source.
    pub source: Option<String>,
}

/// A policy, or one node of it, that a program carries out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramPolicyNode {
    /// The policy.
    pub policy_id: PolicyId,
    /// Key of the node; null is the whole policy.
    #[schema(max_length = 63)]
    pub node: Option<String>,
    /// Key of the source.
    pub source: Option<String>,
}

/// One group of people that a program is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramTargetGroup {
    /// How the group is called.
    #[serde(default)]
    pub label: LangMap,
    /// Null: not stated, or all.
    pub sex: Option<Sex>,
    /// Youngest age, in completed years.
    #[schema(minimum = 0, maximum = 130)]
    pub age_from: Option<i64>,
    /// Oldest age, in completed years, itself included.
    #[schema(minimum = 0, maximum = 130)]
    pub age_to: Option<i64>,
    /// School levels at which they learn or work.
    #[serde(default)]
    pub school_levels: BTreeSet<SchoolLevel>,
    /// What they are: teachers, administrators, pupils …
    #[serde(default)]
    pub roles: BTreeSet<ParticipationRole>,
    /// Key of the source.
    pub source: Option<String>,
}

sourced!(ProgramOffice, ProgramPolicyNode, ProgramTargetGroup);
