//! The document of a memorandum: who agreed, on what, and what was delivered.
//!
//! Its *stage* is what people decided and moves by actions only; whether it is in force follows from stage, terms and the day.
//! The terms proper, to which an endorsement binds, are in [`terms`](super::terms).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::terms::MouTerms;
use crate::documents::commitment::Commitment;
use crate::documents::common::{document, sourced};
use crate::values::codes::{
    Confirmation, ContributionKind, MouKind, MouStage, PartyRole, PositionDecision, PostKind, Purpose,
};
use crate::values::count::Count;
use crate::values::id::{MouId, OfficeId};
use crate::values::keyed_map::{KeyedMap, OfficeMap};
use crate::values::lang_map::LangMap;
use crate::values::money::Money;
use crate::values::partial_date::PartialDate;

/// The kind `mou`.
#[derive(Debug)]
pub struct Mous;

document! {
    /// A memorandum between two or more offices: its terms, and each party's position on them.
    pub struct Mou(MouId) {
        /// What it is called. At least one.
        pub titles: LangMap,
        /// How binding its writers call it.
        pub kind: MouKind,
        /// What it is for.
        #[serde(default)]
        pub purposes: BTreeSet<Purpose>,
        /// Languages (BCP 47) in which its text is authentic. Empty when not stated.
        #[serde(default)]
        #[schema(schema_with = crate::documents::common::languages_schema)]
        pub authentic_languages: BTreeSet<String>,
        /// The offices named in it, by id, each in one or more roles. At most 50.
        #[serde(default)]
        pub parties: OfficeMap<MouParty, 50>,
        /// The framework under which it was made; null when it stands alone.
        pub parent_mou_id: Option<MouId>,
        /// The memorandum that it follows; null when it is the first.
        pub predecessor_id: Option<MouId>,
        /// What was agreed.
        #[serde(default)]
        pub terms: MouTerms,
        /// What was delivered under it. What was promised is in the terms.
        #[serde(default)]
        pub contributions: KeyedMap<MouContribution>,
        /// Its papers. The files live elsewhere.
        #[serde(default)]
        pub documents: KeyedMap<MouDocument>,
        /// What its parties agreed to do.
        #[serde(default)]
        pub commitments: KeyedMap<Commitment>,
        /// What its parties decided so far. A new one is `draft` or `recorded` (a historical one); afterwards only actions change it.
        #[serde(default)]
        pub stage: MouStage,
        /// How far the signatories of a recorded memorandum confirmed it; null while nothing is there to be confirmed. Kept by the service.
        pub confirmation: Option<Confirmation>,
        /// Each party's last position, by office. Kept by the service.
        #[serde(default)]
        pub positions: OfficeMap<MouPosition, 50>,
        /// The day on which the last signatory signed; null until every signatory has a date. Kept by the service.
        pub signed_on: Option<PartialDate>,
    }
}

/// One office named in a memorandum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouParty {
    /// In which roles. At least one; only signatories are bound.
    pub roles: BTreeSet<PartyRole>,
    /// The persons who signed for it. The party itself may write them.
    #[serde(default)]
    pub signatories: KeyedMap<MouSignatory>,
    /// Its name as the text of the memorandum has it, where that differs.
    #[serde(default)]
    pub name_as_signed: LangMap,
    /// The day on which it signed; null when not stated. The party itself may write it.
    pub signed_on: Option<PartialDate>,
    /// The party's own reference or file number. The party itself may write it.
    #[schema(min_length = 1, max_length = 200)]
    pub local_ref: Option<String>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A person who signed for a party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouSignatory {
    /// Name of the person.
    pub name: LangMap,
    /// The post in which the person signed; null when not stated.
    pub post: Option<PostKind>,
    /// What the post is called in full, where the code says too little.
    #[serde(default)]
    pub title: LangMap,
}

/// Something that was delivered under a memorandum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouContribution {
    /// Money, things or work.
    pub kind: ContributionKind,
    /// What it was.
    #[serde(default)]
    pub what: LangMap,
    /// How many pieces; null when it cannot be counted or nobody says.
    pub quantity: Option<Count>,
    /// The sum, or the value of the things; null when not stated.
    pub amount: Option<Money>,
    /// Who gave; null when not stated.
    pub from_office_id: Option<OfficeId>,
    /// Who received; null when not stated, or when it is no single office.
    pub to_office_id: Option<OfficeId>,
    /// Who received, in words, where the receiver is no single office.
    #[serde(default)]
    pub to_label: LangMap,
    /// When; null when not stated.
    pub on: Option<PartialDate>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// A paper of a memorandum, kept elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouDocument {
    /// What it is called.
    pub title: LangMap,
    /// Where it can be fetched; null when it is not on the web.
    #[schema(format = "uri", max_length = 2_000)]
    pub url: Option<String>,
    /// SHA-256 of the file, 64 hexadecimal digits in lower case. Proves that a file is the one meant.
    #[schema(format = "sha256")]
    pub sha256: Option<String>,
    /// Media type of the file (RFC 6838), for example `application/pdf`.
    #[schema(
        max_length = 255,
        pattern = "^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*$"
    )]
    pub media_type: Option<String>,
    /// Language of the text (BCP 47); null when not known.
    #[schema(format = "language")]
    pub language: Option<String>,
    /// Key of `sources`.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// The last position of one party on one exact version of the terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MouPosition {
    /// What the party decided.
    pub decision: PositionDecision,
    /// The terms that it decided on: `sha256:` and 64 hexadecimal digits.
    #[schema(pattern = "^sha256:[0-9a-f]{64}$")]
    pub digest: String,
    /// Why, where the party said so.
    #[schema(max_length = 20_000)]
    pub reason: Option<String>,
    /// Who decided for the party; null when it did not say.
    pub decided_by: Option<MouSignatory>,
    /// The registered party that recorded the position for one without a client; null when the party spoke for itself.
    pub recorded_by_office_id: Option<OfficeId>,
    /// Instant at which the service took it down (UTC).
    #[schema(format = "date-time")]
    pub at: String,
}

sourced!(MouParty, MouContribution, MouDocument);
