//! What must hold in a memorandum beyond the schema, what the service derives in it, and who may write which part. Pure: no clock, no database.
//!
//! Rules that need other records are the kernel's: an office and its own unit cannot be the only two signatories
//! (it asks [`signatory_ids`]), references exist, and the same signatories, kind, day and title are a likely duplicate.

use crate::documents::kind::Rules;
use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;

use super::document::{Mou, MouParty, Mous};
use super::item_rules::{check_condition, check_contribution, check_party, check_promise, check_term};
use crate::auth::access::Audience;
use crate::documents::commitment::{Commitment, check_commitments, is_progress_of_carrier};
use crate::documents::common::{check_not_empty, check_source_keys, texts};
use crate::values::codes::{Confirmation, MouStage, PartyRole};
use crate::values::finding::{Finding, join_pointer};
use crate::values::partial_date::PartialDate;

/// Members of a memorandum that the service keeps, beyond the ones that every kind has.
pub const SERVER_KEPT: &[&str] = &["confirmation", "positions", "signed_on"];

/// The least number of signatories.
const MIN_SIGNATORIES: usize = 2;

impl Rules for Mous {
    /// Everything wrong with the document as a whole. `today` is the day in the owner's time zone.
    fn check(document: &Mou, today: NaiveDate) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(check_not_empty("/titles", &document.titles));
        findings.extend(check_signatories(document));
        for (office_id, party) in document.parties.iter() {
            findings.extend(check_party(&join_pointer("/parties", office_id), party, today));
        }
        findings.extend(check_own_references(document));
        findings.extend(check_term(document));
        for (key, condition) in document.terms.conditions.iter() {
            let pointer = join_pointer("/terms/conditions", key);
            findings.extend(check_condition(&pointer, condition));
        }
        for (key, promise) in document.terms.promised.iter() {
            findings.extend(check_promise(&join_pointer("/terms/promised", key), promise));
        }
        for (key, contribution) in document.contributions.iter() {
            let pointer = join_pointer("/contributions", key);
            findings.extend(check_contribution(&pointer, contribution, today));
        }
        for (key, paper) in document.documents.iter() {
            let pointer = join_pointer(&join_pointer("/documents", key), "title");
            findings.extend(check_not_empty(&pointer, &paper.title));
        }
        for (key, commitment) in document.commitments.iter() {
            findings.extend(check_no_session(&join_pointer("/commitments", key), commitment));
        }
        findings.extend(check_sources(document));
        findings
    }

    /// Rules about the step from one version to the next (`old` is `None` at creation): the stage moves by actions only.
    /// A new memorandum is a draft or a record of a historical one. Code `stage-by-action`.
    fn check_change(old: Option<&Mou>, new: &Mou, _acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let allowed = match old {
            None => vec![MouStage::Draft, MouStage::Recorded],
            Some(old) => vec![old.stage],
        };
        if allowed.contains(&new.stage) {
            return Vec::new();
        }
        vec![
            Finding::at("/stage", FindingCode::StageByAction, texts::mous::stage_by_action())
                .with_allowed(allowed.iter().map(|stage| stage.as_str()), new.stage.as_str()),
        ]
    }

    /// Fills the members that follow from others; called before every write is stored.
    ///
    /// A recorded memorandum starts unconfirmed and keeps what its signatories said since; a draft has nothing to be confirmed.
    fn derive(document: &mut Mou) {
        document.signed_on = signed_on(document);
        match document.stage {
            MouStage::Draft => document.confirmation = None,
            MouStage::Recorded if document.confirmation.is_none() => {
                document.confirmation = Some(Confirmation::Unconfirmed);
            }
            _ => {}
        }
    }

    /// Who may see the record, by its stage and then its visibility.
    fn audience(document: &Mou) -> Audience {
        match document.stage {
            MouStage::Draft => Audience::Owner,
            MouStage::Proposed
            | MouStage::Negotiating
            | MouStage::Agreed
            | MouStage::Declined
            | MouStage::Withdrawn => Audience::Partners,
            _ => Audience::of_visibility(document.visibility),
        }
    }

    /// Whether somebody who is not the owner may change the member at `path`: a signatory its own file number,
    /// signing persons and signing day; who carries a commitment its progress. Terms change by the action `revise`, not by an edit.
    ///
    /// False where `document` has no such party. Ask the old document and the new one: both must say yes.
    fn part_of(path: &[&str], document: &Mou, acts_for: &dyn Fn(&str) -> bool) -> bool {
        match path {
            ["parties", office_id, "local_ref" | "signatories" | "signed_on", ..] => {
                document
                    .parties
                    .get(*office_id)
                    .is_some_and(|party| party.roles.contains(&PartyRole::Signatory))
                    && acts_for(office_id)
            }
            _ => is_progress_of_carrier(path, &document.commitments, acts_for),
        }
    }

    /// What a search by words looks into, as written.
    fn search_texts(document: &Mou) -> Vec<String> {
        let mut found: Vec<String> = texts(&document.titles).collect();
        found.extend(document.tags.iter().cloned());
        found.extend(texts(&document.terms.summary));
        for condition in document.terms.conditions.values() {
            found.extend(texts(&condition.activity));
        }
        for promise in document.terms.promised.values() {
            found.extend(texts(&promise.what));
        }
        for party in document.parties.values() {
            found.extend(texts(&party.name_as_signed));
            found.extend(party.local_ref.clone());
        }
        for contribution in document.contributions.values() {
            found.extend(texts(&contribution.what));
            found.extend(texts(&contribution.to_label));
        }
        for paper in document.documents.values() {
            found.extend(texts(&paper.title));
        }
        for commitment in document.commitments.values() {
            found.extend(texts(&commitment.text));
        }
        found
    }
}

/// The ids of the offices that the memorandum binds, sorted.
pub fn signatory_ids(document: &Mou) -> Vec<String> {
    signatories(document).map(|(id, _)| id.clone()).collect()
}

/// The day on which the last signatory signed: the latest of their days (by the last day that each can mean),
/// or `None` until every one has a day.
pub fn signed_on(document: &Mou) -> Option<PartialDate> {
    let days: Option<Vec<&PartialDate>> = signatories(document)
        .map(|(_, party)| party.signed_on.as_ref())
        .collect();
    days?
        .into_iter()
        .max_by_key(|day| (day.last_day(), day.first_day()))
        .cloned()
}

/// The parties that are bound, with their ids.
fn signatories(document: &Mou) -> impl Iterator<Item = (&String, &MouParty)> {
    document
        .parties
        .iter()
        .filter(|(_, party)| party.roles.contains(&PartyRole::Signatory))
}

/// Only a draft may still lack its signatories.
fn check_signatories(document: &Mou) -> Option<Finding> {
    let count = signatories(document).count();
    (document.stage != MouStage::Draft && count < MIN_SIGNATORIES).then(|| {
        Finding::at(
            "/parties",
            FindingCode::TooFewSignatories,
            texts::mous::signatories_needed(MIN_SIGNATORIES),
        )
        .with_param("minimum", MIN_SIGNATORIES)
        .with_param("found", count)
    })
}

/// A memorandum is neither its own framework nor its own predecessor.
fn check_own_references(document: &Mou) -> Vec<Finding> {
    [
        ("/parent_mou_id", &document.parent_mou_id),
        ("/predecessor_id", &document.predecessor_id),
    ]
    .into_iter()
    .filter(|(_, reference)| reference.as_ref() == Some(&document.id))
    .map(|(pointer, _)| Finding::at(pointer, FindingCode::SelfReference, texts::mous::own_reference()))
    .collect()
}

/// A memorandum has no sessions in which something could have been agreed.
fn check_no_session(pointer: &str, commitment: &Commitment) -> Option<Finding> {
    commitment.session.is_some().then(|| {
        Finding::at(
            join_pointer(pointer, "session"),
            FindingCode::NotApplicable,
            texts::mous::only_programs_have_sessions(),
        )
    })
}

/// Every source that an item names is listed.
fn check_sources(document: &Mou) -> Vec<Finding> {
    let sources = &document.sources;
    let mut findings = check_source_keys("/parties", document.parties.iter(), sources);
    findings.extend(check_source_keys(
        "/terms/conditions",
        document.terms.conditions.iter(),
        sources,
    ));
    findings.extend(check_source_keys(
        "/terms/promised",
        document.terms.promised.iter(),
        sources,
    ));
    findings.extend(check_source_keys(
        "/contributions",
        document.contributions.iter(),
        sources,
    ));
    findings.extend(check_source_keys("/documents", document.documents.iter(), sources));
    findings.extend(check_commitments(&document.commitments, sources));
    findings
}

#[cfg(test)]
#[path = "rules_test.rs"]
mod tests;
