//! What must hold in the single parts of a memorandum: parties, term, undertakings, promises, contributions. Pure.

use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;

use super::document::{Mou, MouContribution, MouParty};
use super::terms::{MouCondition, MouPromise};
use crate::documents::common::check_not_empty;
use crate::values::codes::{MouStage, TermType};
use crate::values::finding::{Finding, join_pointer};
use crate::values::id::OfficeId;
use crate::values::partial_date::PartialDate;

/// A party is there for something, and has not signed in the future.
pub(super) fn check_party(pointer: &str, party: &MouParty, today: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if party.roles.is_empty() {
        findings.push(Finding::at(
            join_pointer(pointer, "roles"),
            FindingCode::Empty,
            texts::mous::party_needs_role(),
        ));
    }
    findings.extend(check_past(
        &join_pointer(pointer, "signed_on"),
        party.signed_on.as_ref(),
        today,
    ));
    for (key, person) in party.signatories.iter() {
        let name = join_pointer(&join_pointer(&join_pointer(pointer, "signatories"), key), "name");
        findings.extend(check_not_empty(&name, &person.name));
    }
    findings
}

/// An undertaking says what is done, and not from an office to itself.
pub(super) fn check_condition(pointer: &str, condition: &MouCondition) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(check_not_empty(&join_pointer(pointer, "activity"), &condition.activity));
    findings.extend(check_ends(
        pointer,
        condition.from_office_id.as_ref(),
        condition.to_office_id.as_ref(),
    ));
    findings
}

/// A promise is not made by an office to itself.
pub(super) fn check_promise(pointer: &str, promise: &MouPromise) -> Option<Finding> {
    check_ends(pointer, promise.from_office_id.as_ref(), promise.to_office_id.as_ref())
}

/// What was delivered was delivered already, and not by an office to itself.
pub(super) fn check_contribution(pointer: &str, contribution: &MouContribution, today: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(check_ends(
        pointer,
        contribution.from_office_id.as_ref(),
        contribution.to_office_id.as_ref(),
    ));
    findings.extend(check_past(
        &join_pointer(pointer, "on"),
        contribution.on.as_ref(),
        today,
    ));
    findings
}

/// Giver and receiver differ. Code `same-office`.
fn check_ends(pointer: &str, from: Option<&OfficeId>, to: Option<&OfficeId>) -> Option<Finding> {
    (from.is_some() && from == to).then(|| {
        Finding::at(
            join_pointer(pointer, "to_office_id"),
            FindingCode::SameOffice,
            texts::mous::same_office_twice(),
        )
    })
}

/// Something that has happened cannot lie wholly in the future. Code `in-future`.
fn check_past(pointer: &str, day: Option<&PartialDate>, today: NaiveDate) -> Option<Finding> {
    let day = day.filter(|day| day.first_day() > today)?;
    Some(
        Finding::at(pointer, FindingCode::InFuture, texts::mous::day_after_today(day, today))
            .with_param("today", today.to_string()),
    )
}

/// The way it ends and its end must agree. What is missing is reported only once it is neither draft nor recorded:
/// a draft is not finished, and of a historical memorandum often nobody knows.
pub(super) fn check_term(document: &Mou) -> Vec<Finding> {
    let terms = &document.terms;
    let has_end = terms.effective.as_ref().is_some_and(|effective| effective.to.is_some());
    let is_open = terms.effective.as_ref().is_some_and(|effective| effective.open);
    let must_be_complete = !matches!(document.stage, MouStage::Draft | MouStage::Recorded);
    let mut findings = Vec::new();
    match terms.term_type {
        TermType::Evergreen if has_end => findings.push(Finding::at(
            "/terms/effective/to",
            FindingCode::EvergreenWithEnd,
            texts::mous::evergreen_has_no_end(),
        )),
        TermType::Fixed if is_open || (must_be_complete && !has_end) => {
            findings.push(Finding::at(
                "/terms/effective/to",
                FindingCode::FixedWithoutEnd,
                texts::mous::fixed_needs_end(),
            ));
        }
        TermType::AutoRenew if must_be_complete && terms.renewal_months.is_none() => {
            findings.push(Finding::at(
                "/terms/renewal_months",
                FindingCode::RequiredWith,
                texts::mous::renewal_months_needed(),
            ));
        }
        _ => {}
    }
    findings
}
