//! The terms of a memorandum: what its parties endorse and sign.
//! Everything here is part of the digest, so nothing here may be a mere note of one party.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::common::sourced;
use crate::values::codes::{
    ConditionDirection, ConditionPer, ContributionKind, ParticipationRole, SchoolLevel, TermType,
};
use crate::values::count::Count;
use crate::values::id::OfficeId;
use crate::values::keyed_map::KeyedMap;
use crate::values::lang_map::LangMap;
use crate::values::money::Money;
use crate::values::period::Period;

/// What was agreed. A draft may leave out everything.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouTerms {
    /// The agreement in short.
    #[serde(default)]
    pub summary: LangMap,
    /// Single undertakings.
    #[serde(default)]
    pub conditions: KeyedMap<MouCondition>,
    /// How it ends (`unknown` where nobody says). `fixed` needs an end, `evergreen` must not have one, `auto_renew` needs `renewal_months`.
    #[serde(default)]
    pub term_type: TermType,
    /// From when to when it has effect; null when not stated.
    pub effective: Option<Period>,
    /// By how many months it is prolonged each time.
    #[schema(minimum = 1, maximum = 1_200)]
    pub renewal_months: Option<i64>,
    /// How many days before its end, or before leaving, a party must give notice.
    #[schema(minimum = 0, maximum = 3_650)]
    pub notice_days: Option<i64>,
    /// After how many months the parties look at it again.
    #[schema(minimum = 1, maximum = 1_200)]
    pub review_months: Option<i64>,
    /// What the parties promised to give. What they gave is in `contributions`.
    #[serde(default)]
    pub promised: KeyedMap<MouPromise>,
}

/// One undertaking: for example ten teachers a year, in both directions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouCondition {
    /// What is to be done.
    pub activity: LangMap,
    /// Which way it goes; null when not stated.
    pub direction: Option<ConditionDirection>,
    /// Who sends or gives; null when not stated, or when it is everybody.
    pub from_office_id: Option<OfficeId>,
    /// Who receives; null when not stated, or when it is everybody.
    pub to_office_id: Option<OfficeId>,
    /// How many; null when not stated.
    pub quantity: Option<Count>,
    /// For which span that number counts; null when not stated.
    pub per: Option<ConditionPer>,
    /// Whom it is about.
    #[serde(default)]
    pub roles: BTreeSet<ParticipationRole>,
    /// Of which levels of school.
    #[serde(default)]
    pub school_levels: BTreeSet<SchoolLevel>,
    /// Languages (BCP 47) that are needed.
    #[serde(default)]
    #[schema(schema_with = crate::documents::common::languages_schema)]
    pub languages: BTreeSet<String>,
    /// Who bears which costs.
    #[serde(default)]
    pub costs: LangMap,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// Something that a party promised to give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouPromise {
    /// Money, things or work.
    pub kind: ContributionKind,
    /// What it is.
    #[serde(default)]
    pub what: LangMap,
    /// How many pieces; null when not stated.
    pub quantity: Option<Count>,
    /// The sum, or the value of the things; null when not stated.
    pub amount: Option<Money>,
    /// Who gives; null when not stated.
    pub from_office_id: Option<OfficeId>,
    /// Who receives; null when not stated, or when it is no single office.
    pub to_office_id: Option<OfficeId>,
    /// Who receives, in words, where the receiver is no single office.
    #[serde(default)]
    pub to_label: LangMap,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

sourced!(MouCondition, MouPromise);
