//! What must hold in the single items of an office's document: posts, contacts, relations, evaluations. Pure.

use crate::texts;
use crate::values::FindingCode;
use serde_json::Number;

use super::assessment::{EvaluationScale, OfficeEvaluation};
use super::document::{OfficeContact, OfficeLocation, OfficePost, OfficeRelation};
use crate::values::finding::{Finding, join_pointer};

/// Longest value of one identifier, in characters.
const MAX_IDENTIFIER: usize = 200;

/// One coordinate alone is no place.
pub(super) fn check_location(location: &OfficeLocation) -> Option<Finding> {
    let (given, missing) = match (&location.latitude, &location.longitude) {
        (Some(_), None) => ("latitude", "longitude"),
        (None, Some(_)) => ("longitude", "latitude"),
        _ => return None,
    };
    Some(Finding::at(
        join_pointer("/location", missing),
        FindingCode::RequiredWith,
        texts::offices::given_with(missing, given),
    ))
}

/// A contact that gives no way to reach it is none.
pub(super) fn check_contact(pointer: &str, contact: &OfficeContact) -> Option<Finding> {
    let reachable = contact.email.is_some() || contact.telephone.is_some() || contact.website.is_some();
    (!reachable).then(|| {
        Finding::at(
            pointer,
            FindingCode::NothingGiven,
            texts::offices::contact_needs_a_way(),
        )
    })
}

/// A term of office is the term of somebody.
pub(super) fn check_post(pointer: &str, post: &OfficePost) -> Option<Finding> {
    (post.term.is_some() && post.holder.is_empty()).then(|| {
        Finding::at(
            join_pointer(pointer, "holder"),
            FindingCode::RequiredWith,
            texts::offices::holder_with_term(),
        )
    })
}

/// The value of an identifier is a short text.
pub(super) fn check_identifier(pointer: &str, value: &str) -> Option<Finding> {
    let length = value.chars().count();
    (value.trim().is_empty() || length > MAX_IDENTIFIER).then(|| {
        Finding::at(
            pointer,
            FindingCode::Length,
            texts::offices::identifier_length(MAX_IDENTIFIER),
        )
        .with_param("max_length", MAX_IDENTIFIER)
        .with_param("length", length)
    })
}

/// A relation leads to exactly one partner, and not to the office itself.
pub(super) fn check_relation(pointer: &str, relation: &OfficeRelation, own_id: &str) -> Option<Finding> {
    if relation.office_id.is_some() == relation.place.is_some() {
        return Some(Finding::at(
            pointer,
            FindingCode::ExactlyOne,
            texts::offices::relation_exactly_one(),
        ));
    }
    let partner = relation.office_id.as_ref()?;
    (partner.as_ref() == own_id).then(|| {
        Finding::at(
            join_pointer(pointer, "office_id"),
            FindingCode::SelfReference,
            texts::offices::own_partner(),
        )
    })
}

/// The scale is a scale, and the grade lies on it.
pub(super) fn check_grade(pointer: &str, evaluation: &OfficeEvaluation) -> Vec<Finding> {
    let Some(scale) = &evaluation.scale else {
        return Vec::new();
    };
    let mut findings = check_scale(&join_pointer(pointer, "scale"), scale);
    if let Some(grade) = &evaluation.grade
        && !lies_between(grade, scale)
    {
        findings.push(
            Finding::at(
                join_pointer(pointer, "grade"),
                FindingCode::OutsideScale,
                texts::offices::grade_outside_scale(grade, &scale.min, &scale.max),
            )
            .with_param("min", scale.min.clone())
            .with_param("max", scale.max.clone()),
        );
    }
    findings
}

/// `min` is below `max`, and the best figure is one of the two.
fn check_scale(pointer: &str, scale: &EvaluationScale) -> Vec<Finding> {
    let mut findings = Vec::new();
    if scale.min.as_f64() >= scale.max.as_f64() {
        findings.push(Finding::at(
            join_pointer(pointer, "max"),
            FindingCode::Order,
            texts::offices::max_above_min(),
        ));
    }
    if let Some(best) = &scale.best {
        let best_value = best.as_f64();
        if best_value != scale.min.as_f64() && best_value != scale.max.as_f64() {
            findings.push(
                Finding::at(
                    join_pointer(pointer, "best"),
                    FindingCode::OutsideScale,
                    texts::offices::best_is_an_end(),
                )
                .with_param("min", scale.min.clone())
                .with_param("max", scale.max.clone()),
            );
        }
    }
    findings
}

/// Whether a figure lies on a scale, ends included.
fn lies_between(figure: &Number, scale: &EvaluationScale) -> bool {
    figure.as_f64() >= scale.min.as_f64() && figure.as_f64() <= scale.max.as_f64()
}
