//! Sessions: the dated instances of a program, what was on the agenda, and how many took part.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::documents::common::sourced;
use crate::values::codes::{ParticipationRole, ParticipationUnit, SchoolLevel, SessionMode, SessionState};
use crate::values::count::Count;
use crate::values::id::{OfficeId, PolicyId, ProgramId};
use crate::values::keyed_map::KeyedMap;
use crate::values::lang_map::LangMap;
use crate::values::period::Period;
use crate::values::place::Place;

/// One time that a program takes place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramSession {
    /// What this session is called.
    #[serde(default)]
    pub label: LangMap,
    /// When it was to take place.
    pub planned: Option<Period>,
    /// When it took place; only where `state` is `held`.
    pub actual: Option<Period>,
    /// How people met; null when not stated.
    pub mode: Option<SessionMode>,
    /// Why it was in this mode.
    #[schema(max_length = 20_000)]
    pub mode_reason: Option<String>,
    /// Where; for an online session, nothing.
    #[serde(default)]
    pub places: KeyedMap<Place>,
    /// Whether it took place.
    pub state: SessionState,
    /// What was presented, and by whom.
    #[serde(default)]
    pub agenda: KeyedMap<ProgramAgendaItem>,
    /// How many took part. Counts only, never names.
    #[serde(default)]
    pub participation: KeyedMap<ProgramParticipation>,
    /// What came of it, as reported.
    #[serde(default)]
    pub outcomes: LangMap,
    /// Key of the source.
    pub source: Option<String>,
}

/// One item of a session's agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramAgendaItem {
    /// Place in the sequence; ties are read by key.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub order: i64,
    /// The office that presented it; null when not stated.
    pub presenter_office_id: Option<OfficeId>,
    /// What it was about.
    #[serde(default)]
    pub title: LangMap,
    /// The policy that was shared with the others.
    pub policy_id: Option<PolicyId>,
    /// The program that was shared with the others.
    pub program_id: Option<ProgramId>,
    /// Key of the source.
    pub source: Option<String>,
}

/// How many of one kind took part in a session. Rows of different units are never added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramParticipation {
    /// What they are; null when not stated.
    pub role: Option<ParticipationRole>,
    /// What is counted: persons, schools or classes.
    pub unit: ParticipationUnit,
    /// How many.
    pub count: Count,
    /// The office that they came from.
    pub from_office_id: Option<OfficeId>,
    /// The office that they went to.
    pub to_office_id: Option<OfficeId>,
    /// School level at which they learn or work.
    pub school_level: Option<SchoolLevel>,
    /// Key of the source.
    pub source: Option<String>,
}

sourced!(ProgramSession, ProgramAgendaItem, ProgramParticipation);
