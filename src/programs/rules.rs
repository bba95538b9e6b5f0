//! Rules of the program document: pure functions over the whole document.
//!
//! What takes a session alone to decide is in `session_rules` beside this; what other offices may read of small
//! counts in [`crate::programs::suppress`].

use super::suppress;
use crate::documents::commitment::is_progress_of_carrier;
use crate::documents::kind::Rules;
use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;
use serde_json::Value;

use crate::auth::access::Audience;
use crate::documents::common::{check_key, check_not_empty, check_source_key, check_source_keys, texts};
use crate::programs::document::{Program, Programs};
use crate::programs::session_rules::check_sessions;
use crate::values::codes::{ProgramOfficeRole, RecognitionKind};
use crate::values::finding::{Finding, join_pointer};

/// Members that the service keeps, beyond the four that every kind has: none.
pub const SERVER_KEPT: &[&str] = &[];

/// Roles whose offices write a program's sessions without owning the record.
pub const SESSION_WRITERS: &[ProgramOfficeRole] = &[
    ProgramOfficeRole::Lead,
    ProgramOfficeRole::Host,
    ProgramOfficeRole::Organizer,
];

impl Rules for Programs {
    const SUPPRESSES: bool = true;

    /// Everything that is wrong with the document. `today` is the day of the owner office.
    fn check(document: &Program, today: NaiveDate) -> Vec<Finding> {
        let mut findings: Vec<Finding> = check_not_empty("/titles", &document.titles).into_iter().collect();
        check_offices(document, &mut findings);
        check_target_groups(document, &mut findings);
        check_sessions(document, today, &mut findings);
        check_recognitions(document, &mut findings);
        check_commitments(document, &mut findings);
        findings.extend(check_source_keys(
            "/policy_nodes",
            document.policy_nodes.iter(),
            &document.sources,
        ));
        findings
    }

    /// What may not change from one version to the next: nothing, since dates, states and stages are corrected
    /// when the truth becomes known.
    fn check_change(_old: Option<&Program>, _new: &Program, _acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        Vec::new()
    }

    /// Who may see the record: as its visibility says, in every stage.
    fn audience(document: &Program) -> Audience {
        Audience::of_visibility(document.visibility)
    }

    /// Whether somebody who is not the owner may change the member at `path`: an office that leads, hosts or organizes
    /// the program its `sessions`, who carries a commitment its progress, and nothing else. `document` is the version before the change.
    fn part_of(path: &[&str], document: &Program, acts_for: &dyn Fn(&str) -> bool) -> bool {
        let ["sessions", ..] = path else {
            return is_progress_of_carrier(path, &document.commitments, acts_for);
        };
        document.offices.iter().any(|(office, part)| {
            SESSION_WRITERS.iter().any(|role| part.roles.contains(role)) && acts_for(office.as_str())
        })
    }

    /// The texts that `q` searches, as written.
    fn search_texts(document: &Program) -> Vec<String> {
        let mut found: Vec<String> = texts(&document.titles)
            .chain(texts(&document.objective))
            .chain(document.tags.iter().cloned())
            .collect();
        let session_places = document.sessions.values().flat_map(|session| session.places.values());
        for place in document.places.values().chain(session_places) {
            found.extend(texts(&place.label).chain(place.city.clone()));
        }
        for group in document.target_groups.values() {
            found.extend(texts(&group.label));
        }
        for session in document.sessions.values() {
            found.extend(texts(&session.label).chain(texts(&session.outcomes)));
            for item in session.agenda.values() {
                found.extend(texts(&item.title));
            }
        }
        for commitment in document.commitments.values() {
            found.extend(texts(&commitment.text));
        }
        found
    }

    fn derive(_document: &mut Program) {}

    fn suppress(version: &Value, current: &Value) -> Value {
        if suppress::is_protected(version) || suppress::is_protected(current) {
            suppress::suppress_counts(version)
        } else {
            version.clone()
        }
    }

    fn keep_suppressed(sent: &mut Value, version: &Value, shown: &Value) {
        suppress::keep_suppressed(sent, version, shown);
    }
}

/// Fills derived members: a program has none.
pub const fn derive(_document: &mut Program) {}

fn check_offices(document: &Program, findings: &mut Vec<Finding>) {
    for (office, part) in document.offices.iter() {
        let at = join_pointer("/offices", office.as_str());
        if part.roles.is_empty() {
            findings.push(Finding::at(
                join_pointer(&at, "roles"),
                FindingCode::Empty,
                texts::programs::role_needed(),
            ));
        }
        findings.extend(check_source_key(&at, part.source.as_deref(), &document.sources));
    }
}

fn check_target_groups(document: &Program, findings: &mut Vec<Finding>) {
    for (key, group) in document.target_groups.iter() {
        let at = join_pointer("/target_groups", key);
        if let (Some(from), Some(to)) = (group.age_from, group.age_to)
            && from > to
        {
            findings.push(
                Finding::at(
                    join_pointer(&at, "age_to"),
                    FindingCode::RangeOrder,
                    texts::programs::ages_reversed(to, from),
                )
                .with_param("age_from", from)
                .with_param("age_to", to),
            );
        }
    }
    findings.extend(check_source_keys(
        "/target_groups",
        document.target_groups.iter(),
        &document.sources,
    ));
}

/// Credit is an amount in a scheme: the kind `credit` without one says nothing, and an amount without that kind contradicts it.
fn check_recognitions(document: &Program, findings: &mut Vec<Finding>) {
    for (key, recognition) in document.recognitions.iter() {
        let at = join_pointer(&join_pointer("/recognitions", key), "credits");
        let is_credit = recognition.kind == Some(RecognitionKind::Credit);
        match &recognition.credits {
            None if is_credit => findings.push(Finding::at(
                at,
                FindingCode::RequiredWith,
                texts::programs::credit_says_how_much(),
            )),
            Some(_) if !is_credit => findings.push(Finding::at(
                at,
                FindingCode::NotApplicable,
                texts::programs::only_credit_has_credits(),
            )),
            Some(credits) if !is_positive(&credits.value) => findings.push(Finding::at(
                join_pointer(&at, "value"),
                FindingCode::NotPositive,
                texts::programs::credit_above_zero(),
            )),
            _ => {}
        }
    }
    findings.extend(check_source_keys(
        "/recognitions",
        document.recognitions.iter(),
        &document.sources,
    ));
}

/// Whether decimal text stands for more than zero: it has no sign and some digit that is not 0.
fn is_positive(decimal: &str) -> bool {
    !decimal.starts_with('-') && decimal.chars().any(|digit| matches!(digit, '1'..='9'))
}

fn check_commitments(document: &Program, findings: &mut Vec<Finding>) {
    for (key, commitment) in document.commitments.iter() {
        let at = join_pointer("/commitments", key);
        findings.extend(check_not_empty(&join_pointer(&at, "text"), &commitment.text));
        findings.extend(check_key(
            &join_pointer(&at, "session"),
            commitment.session.as_deref(),
            "sessions",
            &document.sessions,
        ));
        findings.extend(check_source_key(
            &join_pointer(&at, "progress"),
            commitment.progress.source.as_deref(),
            &document.sources,
        ));
        if commitment.realised_by.as_ref() == Some(&document.id) {
            findings.push(Finding::at(
                join_pointer(&at, "realised_by"),
                FindingCode::SelfReference,
                texts::programs::carried_by_another(),
            ));
        }
    }
    findings.extend(check_source_keys(
        "/commitments",
        document.commitments.iter(),
        &document.sources,
    ));
}
