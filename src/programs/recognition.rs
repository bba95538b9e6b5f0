//! Recognition: whether a program counts as class, credit or experience, under which scheme, decided by whom.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::common::sourced;
use crate::values::codes::{RecognitionKind, RecognitionState, SchoolLevel};
use crate::values::id::{OfficeId, PolicyId};
use crate::values::partial_date::PartialDate;
use crate::values::period::Period;

/// One decision, or the absence of one, about what a program counts for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramRecognition {
    /// The scheme under which it is recognised.
    pub policy_id: PolicyId,
    /// The edition of the scheme that was decided under; null when not stated.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub edition: Option<i64>,
    /// Key of the node of the scheme (its area or type); null when not stated.
    #[schema(max_length = 63)]
    pub node: Option<String>,
    /// What it counts as; null when not stated.
    pub kind: Option<RecognitionKind>,
    /// How much credit; only, and always, with kind `credit`.
    pub credits: Option<ProgramCredits>,
    /// Hours that are recognised.
    #[schema(minimum = 0, maximum = 100_000)]
    pub hours: Option<i64>,
    /// School levels whose pupils it is recognised for.
    #[serde(default)]
    pub school_levels: BTreeSet<SchoolLevel>,
    /// The office that decided.
    pub decided_by: Option<OfficeId>,
    /// When it was decided.
    pub decided_on: Option<PartialDate>,
    /// The time for which it holds.
    pub valid: Option<Period>,
    /// Whether it is recognised as part of a pilot; null when not stated.
    pub pilot: Option<bool>,
    /// How far the decision has come; null when not stated.
    pub state: Option<RecognitionState>,
    /// Key of the source.
    pub source: Option<String>,
}

/// An amount of credit in a named scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramCredits {
    /// What the credit is counted in.
    #[schema(min_length = 1, max_length = 200)]
    pub scheme: String,
    /// How much, as decimal text, more than zero.
    #[schema(format = "decimal", example = "2")]
    pub value: String,
}

sourced!(ProgramRecognition);
