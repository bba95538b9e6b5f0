//! What must hold in an office's document beyond the schema, and who may write which part of it. Pure: no clock, no database.
//!
//! Rules that need other records (the tree has no cycle, identifiers are unique, references exist) are the kernel's.

use crate::documents::kind::Rules;
use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;

use super::assessment::OfficeRecommendation;
use super::document::{Office, Offices};
use super::item_rules::{check_contact, check_grade, check_identifier, check_location, check_post, check_relation};
use crate::auth::access::Audience;
use crate::documents::common::{check_key, check_not_empty, check_source_keys, texts};
use crate::values::codes::RecommendationState;
use crate::values::finding::{Finding, join_pointer};
use crate::values::id::OfficeId;
use crate::values::place::check_subdivision;

/// Members of an office that the service keeps, beyond the ones that every kind has: none.
pub const SERVER_KEPT: &[&str] = &[];

impl Rules for Offices {
    /// Everything wrong with the document as a whole. `today` is the day in the owner's time zone.
    fn check(document: &Office, _today: NaiveDate) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(check_not_empty("/names", &document.names));
        findings.extend(check_own_references(document));
        findings.extend(check_subdivision(
            document.country.as_deref(),
            document.subdivision.as_deref(),
        ));
        findings.extend(document.location.as_ref().and_then(check_location));
        for (key, contact) in document.contacts.iter() {
            findings.extend(check_contact(&join_pointer("/contacts", key), contact));
        }
        for (scheme, value) in document.identifiers.iter() {
            findings.extend(check_identifier(&join_pointer("/identifiers", scheme), value));
        }
        for (key, post) in document.posts.iter() {
            findings.extend(check_post(&join_pointer("/posts", key), post));
        }
        for (key, relation) in document.relations.iter() {
            let pointer = join_pointer("/relations", key);
            findings.extend(check_relation(&pointer, relation, document.id.as_ref()));
        }
        for (key, evaluation) in document.evaluations.iter() {
            findings.extend(check_grade(&join_pointer("/evaluations", key), evaluation));
        }
        for (key, recommendation) in document.recommendations.iter() {
            findings.extend(check_key(
                &join_pointer(&join_pointer("/recommendations", key), "evaluation"),
                recommendation.evaluation.as_deref(),
                "evaluations",
                &document.evaluations,
            ));
        }
        findings.extend(check_sources(document));
        findings
    }

    /// Rules about the step from one version to the next (`old` is `None` at creation), and who may take it: a recommendation becomes `fulfilled` by the word of its issuer, or by evidence (`source`).
    /// `acts_for` says whether the caller acts for an office. Code `needs-source`.
    fn check_change(old: Option<&Office>, new: &Office, acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (key, recommendation) in new.recommendations.iter() {
            let before = old.and_then(|old| old.recommendations.get(key));
            if needs_source(before, recommendation) && !acts_for(recommendation.from_office_id.as_ref()) {
                findings.push(Finding::at(
                    join_pointer(&join_pointer("/recommendations", key), "source"),
                    FindingCode::NeedsSource,
                    texts::offices::fulfilled_needs_source(),
                ));
            }
        }
        findings
    }

    /// Who may put an office somewhere in the tree, which gives the offices above it all rights of those below: who acts for
    /// the office itself, for its old parent and for its new one. Owning the record is not enough to take an office over,
    /// to leave the parent, or to add a unit to another tree; only the registry may do these.
    fn beyond_owner(old: Option<&Office>, new: &Office, acts_for: &dyn Fn(&str) -> bool) -> Vec<String> {
        let before = old.and_then(|old| old.parent_id.as_ref());
        let after = new.parent_id.as_ref();
        let may = |office: &OfficeId| acts_for(office.as_ref());
        let moves_own = old.is_none() || may(&new.id);
        if before == after || (moves_own && before.is_none_or(may) && after.is_none_or(may)) {
            Vec::new()
        } else {
            vec!["/parent_id".to_owned()]
        }
    }

    /// That an office has moved in the tree can be read from the audit log, beside that its record has changed.
    fn also_audited(old: &Office, new: &Office) -> Vec<(&'static str, String)> {
        if old.parent_id == new.parent_id {
            return Vec::new();
        }
        vec![(
            "move",
            new.parent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        )]
    }

    /// Nothing is to be derived in an office's document.
    fn derive(_document: &mut Office) {}

    /// Who may see the office's record.
    fn audience(document: &Office) -> Audience {
        Audience::of_visibility(document.visibility)
    }

    /// Whether somebody who is not the owner may change the member at `path`: an evaluator its own evaluation,
    /// an issuer its own recommendation.
    ///
    /// False where `document` has no such item. So ask the document that holds it: the old one for an item that is removed, the new one
    /// for an item that is added, and both for an item that is changed (or one could take over the item of another).
    fn part_of(path: &[&str], document: &Office, acts_for: &dyn Fn(&str) -> bool) -> bool {
        match path {
            ["evaluations", key, ..] => document
                .evaluations
                .get(*key)
                .is_some_and(|evaluation| acts_for(evaluation.evaluator_id.as_ref())),
            ["recommendations", key, ..] => document
                .recommendations
                .get(*key)
                .is_some_and(|recommendation| acts_for(recommendation.from_office_id.as_ref())),
            _ => false,
        }
    }

    /// What a search by words looks into, as written.
    fn search_texts(document: &Office) -> Vec<String> {
        let mut found: Vec<String> = texts(&document.names).collect();
        found.extend(document.aliases.values().map(|alias| alias.text.clone()));
        found.extend(document.city.clone());
        found.extend(document.tags.iter().cloned());
        found.extend(document.identifiers.values().cloned());
        for post in document.posts.values() {
            found.extend(texts(&post.title));
            found.extend(texts(&post.holder));
        }
        for relation in document.relations.values() {
            found.extend(texts(&relation.summary));
            if let Some(place) = &relation.place {
                found.extend(texts(&place.label));
                found.extend(place.city.clone());
            }
        }
        for evaluation in document.evaluations.values() {
            found.extend(texts(&evaluation.scheme));
            found.extend(texts(&evaluation.findings));
        }
        for recommendation in document.recommendations.values() {
            found.extend(texts(&recommendation.text));
        }
        found
    }
}

/// An office is neither its own parent nor its own successor.
fn check_own_references(document: &Office) -> Vec<Finding> {
    let mut findings = Vec::new();
    if document.parent_id.as_ref() == Some(&document.id) {
        findings.push(Finding::at(
            "/parent_id",
            FindingCode::SelfReference,
            texts::offices::own_unit(),
        ));
    }
    if document.successor_ids.contains(&document.id) {
        findings.push(Finding::at(
            "/successor_ids",
            FindingCode::SelfReference,
            texts::offices::own_successor(),
        ));
    }
    findings
}

/// Whether this step sets a recommendation to `fulfilled` and names nothing for it.
fn needs_source(before: Option<&OfficeRecommendation>, after: &OfficeRecommendation) -> bool {
    let is_new = before.is_none_or(|before| {
        before.state != RecommendationState::Fulfilled || (before.source.is_some() && after.source.is_none())
    });
    after.state == RecommendationState::Fulfilled && after.source.is_none() && is_new
}

/// Every source that an item names is listed.
fn check_sources(document: &Office) -> Vec<Finding> {
    let sources = &document.sources;
    let mut findings = check_source_keys("/aliases", document.aliases.iter(), sources);
    findings.extend(check_source_keys("/contacts", document.contacts.iter(), sources));
    findings.extend(check_source_keys("/posts", document.posts.iter(), sources));
    findings.extend(check_source_keys("/relations", document.relations.iter(), sources));
    findings.extend(check_source_keys("/evaluations", document.evaluations.iter(), sources));
    findings.extend(check_source_keys(
        "/recommendations",
        document.recommendations.iter(),
        sources,
    ));
    findings.extend(check_source_keys(
        "/reported_figures",
        document.reported_figures.iter(),
        sources,
    ));
    findings
}

#[cfg(test)]
#[path = "rules_test.rs"]
mod tests;
