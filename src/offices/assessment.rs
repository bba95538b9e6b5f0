//! What others say about an office: evaluations, recommendations, and totals that somebody published.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use crate::documents::common::sourced;
use crate::values::codes::{Measure, ParticipationRole, RecommendationState};
use crate::values::count::Count;
use crate::values::id::OfficeId;
use crate::values::lang_map::LangMap;
use crate::values::partial_date::PartialDate;
use crate::values::period::Period;

/// An evaluation of the office by another. The evaluator may write it, whoever owns the office's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeEvaluation {
    /// The office that evaluated.
    pub evaluator_id: OfficeId,
    /// What the evaluation is called. Items of the same scheme make a series over the years.
    #[serde(default)]
    pub scheme: LangMap,
    /// The time that was evaluated; null when not stated.
    pub period: Option<Period>,
    /// The result on the scale; null when not stated.
    #[schema(value_type = Option<f64>)]
    pub grade: Option<Number>,
    /// The scale; null when not stated, and then a grade says nothing about better or worse.
    pub scale: Option<EvaluationScale>,
    /// What was found, in words.
    #[serde(default)]
    pub findings: LangMap,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// The scale of an evaluation: its ends, and which of them is the good one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationScale {
    /// Lowest figure that can be given.
    #[schema(value_type = f64)]
    pub min: Number,
    /// Highest figure that can be given.
    #[schema(value_type = f64)]
    pub max: Number,
    /// The best figure: `min` or `max`; null when not stated.
    #[schema(value_type = Option<f64>)]
    pub best: Option<Number>,
}

/// One recommendation to the office, or several that are only counted. Its issuer may write it, whoever owns the office's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeRecommendation {
    /// The office that recommended.
    pub from_office_id: OfficeId,
    /// Key of `evaluations` out of which it came; null when of none, or not stated.
    #[schema(max_length = 63)]
    pub evaluation: Option<String>,
    /// How many recommendations this item stands for: exactly one, unless the source only counts them.
    #[serde(default = "one")]
    pub count: Count,
    /// What is recommended. Empty when not stated.
    #[serde(default)]
    pub text: LangMap,
    /// How far it has come. Anything but `fulfilled` and `rejected` is unfulfilled. Only its issuer sets `fulfilled` without naming a `source`.
    #[serde(default)]
    pub state: RecommendationState,
    /// Day by which it is to be fulfilled; null when not stated.
    pub due: Option<PartialDate>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A total that somebody published about the office. It is shown beside what the records give, never added to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedFigure {
    /// What was counted.
    pub measure: Measure,
    /// The figure.
    pub count: Count,
    /// The time that it covers; null when not stated.
    pub period: Option<Period>,
    /// Whom it counts. Empty when not stated.
    #[serde(default)]
    pub roles: BTreeSet<ParticipationRole>,
    /// In how many countries; null when not stated.
    pub countries: Option<Count>,
    /// What the publication says that it covers.
    #[serde(default)]
    pub summary: LangMap,
    /// Key of `sources`: who published it.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A recommendation counts as one unless its source only gives a number.
fn one() -> Count {
    Count::exact(1)
}

sourced!(OfficeEvaluation, OfficeRecommendation, ReportedFigure);
