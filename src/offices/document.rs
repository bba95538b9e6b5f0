//! The document of an office: any body that takes part, from a ministry to a shared school or an NGO.
//!
//! Whether an office is planned, active or dissolved follows from `valid` and the day, so it is no member.
//! What others say about an office (evaluations, recommendations, reported totals) is in [`assessment`](super::assessment).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use super::assessment::{OfficeEvaluation, OfficeRecommendation, ReportedFigure};
use crate::documents::common::{document, sourced};
use crate::values::codes::{AliasKind, ContactFunction, OfficeKind, PostKind, Purpose};
use crate::values::id::OfficeId;
use crate::values::keyed_map::KeyedMap;
use crate::values::lang_map::LangMap;
use crate::values::period::Period;
use crate::values::place::Place;

/// The kind `office`.
#[derive(Debug)]
pub struct Offices;

document! {
    /// Any body that takes part: education office, bureau, support office, school, government, NGO, evaluator.
    pub struct Office(OfficeId) {
        /// Official names by language. At least one.
        pub names: LangMap,
        /// Other names that it is known by: short, former, alias, romanised.
        #[serde(default)]
        pub aliases: KeyedMap<OfficeAlias>,
        /// What sort of body it is.
        pub kind: OfficeKind,
        /// The office of which it is a unit; null when it stands alone. The tree has no cycles.
        pub parent_id: Option<OfficeId>,
        /// Country (ISO 3166-1 alpha-2); null when not stated.
        #[schema(format = "country")]
        pub country: Option<String>,
        /// Subdivision (ISO 3166-2, prefix = country); null when not stated.
        #[schema(format = "subdivision")]
        pub subdivision: Option<String>,
        /// City or town, as commonly written; null when not stated.
        #[schema(min_length = 1, max_length = 200)]
        pub city: Option<String>,
        /// Time zone (IANA) in which its days are counted; null means UTC.
        #[schema(format = "time-zone")]
        pub time_zone: Option<String>,
        /// Address and coordinates; null when not stated.
        pub location: Option<OfficeLocation>,
        /// Its own page on the web.
        #[schema(format = "uri", max_length = 2_000)]
        pub website: Option<String>,
        /// How to reach it, by function; never a private person's own number.
        #[serde(default)]
        pub contacts: KeyedMap<OfficeContact>,
        /// From when to when it exists. Planned, active and dissolved follow from it; null when not stated.
        pub valid: Option<Period>,
        /// The offices that took over its work.
        #[serde(default)]
        pub successor_ids: BTreeSet<OfficeId>,
        /// Identifiers in other schemes, scheme → value (for example `isni`). A value is unique within its scheme.
        #[serde(default)]
        pub identifiers: KeyedMap<String>,
        /// Posts and who holds or held them.
        #[serde(default)]
        pub posts: KeyedMap<OfficePost>,
        /// Ties to other offices or to places that rest on no memorandum.
        #[serde(default)]
        pub relations: KeyedMap<OfficeRelation>,
        /// Evaluations of this office by others.
        #[serde(default)]
        pub evaluations: KeyedMap<OfficeEvaluation>,
        /// Recommendations of others to this office.
        #[serde(default)]
        pub recommendations: KeyedMap<OfficeRecommendation>,
        /// Totals that somebody published about this office. They never enter a sum of recorded counts.
        #[serde(default)]
        pub reported_figures: KeyedMap<ReportedFigure>,
    }
}

/// Another name of an office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeAlias {
    /// The name.
    #[schema(min_length = 1, max_length = 1_000)]
    pub text: String,
    /// Its language (BCP 47); null when not known.
    #[schema(format = "language")]
    pub language: Option<String>,
    /// What sort of name it is.
    pub kind: AliasKind,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// Where an office is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeLocation {
    /// Postal address as people write it.
    #[serde(default)]
    pub address: LangMap,
    /// Postal code.
    #[schema(min_length = 1, max_length = 20)]
    pub postal_code: Option<String>,
    /// Degrees north (WGS 84), −90 to 90. Given together with `longitude`.
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    pub latitude: Option<Number>,
    /// Degrees east (WGS 84), −180 to 180. Given together with `latitude`.
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    pub longitude: Option<Number>,
}

/// How to reach an office for one function. At least one of the ways must be given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeContact {
    /// For what.
    pub function: ContactFunction,
    /// What the contact is called, for example the name of the team.
    #[serde(default)]
    pub label: LangMap,
    /// Electronic mail address.
    #[schema(min_length = 3, max_length = 320, pattern = "^[^@\\s]+@[^@\\s]+$")]
    pub email: Option<String>,
    /// Telephone number, with country code.
    #[schema(min_length = 3, max_length = 50)]
    pub telephone: Option<String>,
    /// Page on the web.
    #[schema(format = "uri", max_length = 2_000)]
    pub website: Option<String>,
    /// Languages (BCP 47) in which it answers.
    #[serde(default)]
    #[schema(schema_with = crate::documents::common::languages_schema)]
    pub languages: BTreeSet<String>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A post of an office and one person who holds or held it. A new holder is a new item, so that any day can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficePost {
    /// Which post.
    pub post: PostKind,
    /// What the post is called in full, where the code says too little.
    #[serde(default)]
    pub title: LangMap,
    /// Name of the person. Empty when vacant or not stated.
    #[serde(default)]
    pub holder: LangMap,
    /// From when to when; null when not stated.
    pub valid: Option<Period>,
    /// Which term of office it is for this person, counted from 1; null when not stated.
    #[schema(minimum = 1, maximum = 100)]
    pub term: Option<i64>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A tie without a memorandum, to exactly one of: an office, a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeRelation {
    /// The partner office; null when the tie is to a place.
    pub office_id: Option<OfficeId>,
    /// The place, where no single office there is named; null when the tie is to an office.
    pub place: Option<Place>,
    /// What the tie is for.
    #[serde(default)]
    pub purposes: BTreeSet<Purpose>,
    /// From when to when; null when not stated.
    pub valid: Option<Period>,
    /// What people say about it.
    #[serde(default)]
    pub summary: LangMap,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

sourced!(OfficeAlias, OfficeContact, OfficePost, OfficeRelation);
