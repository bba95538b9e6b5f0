//! Rules of a program's sessions: dates, agenda, participation.

use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;

use crate::documents::common::{check_source_key, check_source_keys};
use crate::programs::document::Program;
use crate::programs::session::{ProgramAgendaItem, ProgramSession};
use crate::values::codes::SessionState;
use crate::values::finding::{Finding, join_pointer};
use crate::values::period::Period;

/// Everything that is wrong with `sessions`.
pub(super) fn check_sessions(document: &Program, today: NaiveDate, findings: &mut Vec<Finding>) {
    for (key, session) in document.sessions.iter() {
        let at = join_pointer("/sessions", key);
        findings.extend(check_source_key(&at, session.source.as_deref(), &document.sources));
        check_dates(&at, session, document.period.as_ref(), today, findings);
        let agenda = join_pointer(&at, "agenda");
        for (item_key, item) in session.agenda.iter() {
            findings.extend(check_agenda_item(&join_pointer(&agenda, item_key), item, document));
        }
        findings.extend(check_source_keys(&agenda, session.agenda.iter(), &document.sources));
        findings.extend(check_source_keys(
            &join_pointer(&at, "participation"),
            session.participation.iter(),
            &document.sources,
        ));
    }
}

fn check_dates(
    at: &str,
    session: &ProgramSession,
    program: Option<&Period>,
    today: NaiveDate,
    findings: &mut Vec<Finding>,
) {
    let actual = session.actual.as_ref().filter(|period| is_dated(period));
    if let Some(actual) = actual {
        if session.state != SessionState::Held {
            findings.push(Finding::at(
                join_pointer(at, "actual"),
                FindingCode::NotApplicable,
                texts::programs::actual_dates_of_held(),
            ));
        }
        let start = actual.from.as_ref().or(actual.to.as_ref());
        if start.is_some_and(|day| day.first_day() > today) {
            findings.push(Finding::at(
                join_pointer(at, "actual"),
                FindingCode::InFuture,
                texts::programs::held_session_began(),
            ));
        }
    }
    // A session that was postponed or cancelled may well have been planned outside; where it was held is what counts.
    let (member, judged) = match actual {
        Some(actual) => ("actual", Some(actual)),
        None => ("planned", session.planned.as_ref()),
    };
    if let (Some(judged), Some(program)) = (judged, program)
        && !possibly_within(judged, program)
    {
        findings.push(Finding::at(
            join_pointer(at, member),
            FindingCode::OutsidePeriod,
            texts::programs::session_outside_period(),
        ));
    }
}

const fn is_dated(period: &Period) -> bool {
    period.from.is_some() || period.to.is_some()
}

/// Whether the session can lie within the program's period for some reading of the partial dates.
/// Only what is certain to be outside is refused.
fn possibly_within(session: &Period, program: &Period) -> bool {
    let latest_start = session.from.as_ref().or(session.to.as_ref());
    let earliest_end = session.to.as_ref().or(session.from.as_ref());
    let starts_in_time = match (latest_start, &program.from) {
        (Some(start), Some(first)) => start.last_day() >= first.first_day(),
        _ => true,
    };
    let ends_in_time = match (earliest_end, &program.to) {
        (Some(end), Some(last)) => end.first_day() <= last.last_day(),
        _ => true,
    };
    starts_in_time && ends_in_time
}

/// An agenda item says what it was about, and does not share the program with itself.
fn check_agenda_item(at: &str, item: &ProgramAgendaItem, document: &Program) -> Option<Finding> {
    if item.title.is_empty() && item.policy_id.is_none() && item.program_id.is_none() {
        return Some(Finding::at(
            join_pointer(at, "title"),
            FindingCode::Empty,
            texts::programs::agenda_item_needs_subject(),
        ));
    }
    (item.program_id.as_ref() == Some(&document.id)).then(|| {
        Finding::at(
            join_pointer(at, "program_id"),
            FindingCode::SelfReference,
            texts::programs::agenda_of_another_program(),
        )
    })
}
