//! Commitments: what offices promised each other to do, in a memorandum or at a session of a program.
//! One type for both, so that the flat view over all commitments is one query.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::common::{Sourced, check_not_empty, check_source_key};
use crate::documents::common::sourced;
use crate::values::codes::CommitmentState;
use crate::values::finding::{Finding, join_pointer};
use crate::values::id::{OfficeId, ProgramId};
use crate::values::keyed_map::KeyedMap;
use crate::values::lang_map::LangMap;
use crate::values::partial_date::PartialDate;
use crate::values::source::Source;

/// Something that offices agreed to do. Overdue follows from `due`, the state and the day; it is not stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// What is to be done.
    pub text: LangMap,
    /// Key of the session where it was agreed (programs only); null when it belongs to no single session.
    #[schema(max_length = 63)]
    pub session: Option<String>,
    /// Day of the agreement; null when not stated.
    pub agreed_on: Option<PartialDate>,
    /// The offices that carry it. Empty when the source does not say who.
    #[serde(default)]
    pub owner_office_ids: BTreeSet<OfficeId>,
    /// Day by which it is to be done; null when none was set.
    pub due: Option<PartialDate>,
    /// How far it has come.
    #[serde(default)]
    pub progress: CommitmentProgress,
    /// The program that carries it out, once there is one.
    pub realised_by: Option<ProgramId>,
    /// Key of `sources`: where the commitment is documented.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

/// How far a commitment has come, as its carriers last said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentProgress {
    /// What people decided about it.
    #[serde(default)]
    pub state: CommitmentState,
    /// Day of that state; null when not stated.
    pub on: Option<PartialDate>,
    /// What was said about it.
    #[schema(max_length = 20_000)]
    pub note: Option<String>,
    /// Key of `sources`: the evidence.
    #[schema(max_length = 63)]
    pub source: Option<String>,
}

sourced!(Commitment, CommitmentProgress);

/// Whether somebody who does not own the record may change the member at this path of it: those who carry a commitment
/// say how far it has come. Ask the old version and the new one: both must say yes.
pub fn is_progress_of_carrier(
    path: &[&str],
    commitments: &KeyedMap<Commitment>,
    acts_for: &dyn Fn(&str) -> bool,
) -> bool {
    let ["commitments", key, "progress", ..] = path else {
        return false;
    };
    let carriers = commitments.get(*key).map(|commitment| &commitment.owner_office_ids);
    carriers.is_some_and(|carriers| carriers.iter().any(|office| acts_for(office.as_ref())))
}

/// What is wrong with the `commitments` of a record, in both kinds: one says nothing (`empty`), or names a source that the record does not list.
/// Whether `session` may be given, and exists, is for the kind to say.
pub fn check_commitments(commitments: &KeyedMap<Commitment>, sources: &KeyedMap<Source>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, commitment) in commitments.iter() {
        let pointer = join_pointer("/commitments", key);
        findings.extend(check_not_empty(&join_pointer(&pointer, "text"), &commitment.text));
        findings.extend(check_source_key(&pointer, commitment.source_key(), sources));
        findings.extend(check_source_key(
            &join_pointer(&pointer, "progress"),
            commitment.progress.source_key(),
            sources,
        ));
    }
    findings
}
