//! Each rule of the program document, broken once.

#![expect(clippy::unwrap_used, reason = "test")]
#![expect(clippy::indexing_slicing, reason = "test: indexing JSON")]

use chrono::NaiveDate;
use serde_json::{Value, json};
use utoipa::PartialSchema;

use crate::auth::access::Audience;
use crate::documents::kind::Rules;
use crate::programs::Programs;
use crate::programs::document::Program;
use crate::values::codes::{ProgramOfficeRole, Visibility};

const OWN_ID: &str = "prg_01h455vb4pex5vsknk084sn02q";
const HOST: &str = "off_01h455vb4pex5vsknk084sn02q";
const GUEST: &str = "off_01h455vb4pex5vsknk084sn02s";
const POLICY: &str = "pol_01h455vb4pex5vsknk084sn02q";

/// A program with every member in use and nothing wrong.
fn sound() -> Value {
    json!({
        "id": OWN_ID, "version": 1, "created_at": "2023-01-01T00:00:00Z", "updated_at": "2023-01-01T00:00:00Z",
        "owner_office_id": "off_01h455vb4pex5vsknk084sn02r",
        "sources": {"report": {"title": "Report"}},
        "titles": {"en": "Training"}, "kind": "training", "stage": "active",
        "objective": {"en": "Skills"},
        "period": {"from": "2023", "to": "2024-05"},
        "offices": {HOST: {"roles": ["host"], "source": "report"}, GUEST: {"roles": ["participant"]}},
        "mou_ids": ["mou_01h455vb4pex5vsknk084sn02q"],
        "policy_nodes": {"plan": {"policy_id": POLICY, "node": "two", "source": "report"}},
        "target_groups": {"teachers": {"label": {"en": "Teachers"}, "age_from": 20, "age_to": 60, "source": "report"}},
        "places": {"hall": {"label": {"en": "Hall"}, "city": "Pohang"}},
        "sessions": {
            "first": {
                "label": {"en": "First"}, "state": "held", "actual": {"from": "2023-05-15", "to": "2023-05-25"},
                "agenda": {"talk": {"order": 1, "presenter_office_id": HOST, "title": {"en": "Talk"}, "source": "report"}},
                "participation": {"all": {"unit": "person", "count": {"value": 14, "qualifier": "exact"}, "source": "report"}},
                "outcomes": {"en": "Outcome"}, "source": "report",
            },
            "second": {"state": "planned", "planned": {"from": "2024-05", "to": null}},
        },
        "recognitions": {"pilot": {"policy_id": POLICY, "kind": "credit", "credits": {"scheme": "units", "value": "0.5"}, "source": "report"}},
        "commitments": {"research": {
            "text": {"en": "Research"}, "session": "first", "source": "report",
            "progress": {"state": "open", "on": null, "note": null, "source": "report"},
        }},
    })
}

fn read(document: Value) -> Program {
    serde_json::from_value(document).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 12, 31).unwrap()
}

/// What `check` finds after the value at `pointer` was replaced: pointers and codes.
fn found_after(pointer: &str, value: Value) -> Vec<(String, &'static str)> {
    let mut document = sound();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[member] = value;
    Programs::check(&read(document), today())
        .into_iter()
        .map(|finding| (finding.pointer.unwrap(), finding.code.as_str()))
        .collect()
}

fn assert_found(pointer: &str, value: Value, at: &str, code: &'static str) {
    let found = found_after(pointer, value);
    assert_eq!(found, vec![(at.to_owned(), code)], "{pointer}");
}

#[test]
fn a_sound_program_has_no_findings() {
    assert!(Programs::check(&read(sound()), today()).is_empty());
}

#[test]
fn a_title_and_a_kind_are_enough() {
    let program = read(json!({
        "id": OWN_ID, "version": 1, "created_at": "2023-01-01T00:00:00Z", "updated_at": "2023-01-01T00:00:00Z",
        "owner_office_id": HOST, "titles": {"ko": "연수"}, "kind": "training",
    }));
    assert!(Programs::check(&program, today()).is_empty());
    assert!(Programs::check_change(None, &program, &|_| false).is_empty());
}

#[test]
fn titles_and_commitments_say_something() {
    assert_found("/titles", json!({}), "/titles", "empty");
    assert_found(
        "/commitments/research/text",
        json!({}),
        "/commitments/research/text",
        "empty",
    );
}

#[test]
fn an_office_has_a_role() {
    let at = format!("/offices/{GUEST}/roles");
    assert_found(&at, json!([]), &at, "empty");
}

#[test]
fn ages_are_in_order() {
    let at = "/target_groups/teachers/age_to";
    assert_found(at, json!(19), at, "range-order");
    assert!(found_after(at, json!(20)).is_empty());
    assert!(found_after(at, Value::Null).is_empty());
}

#[test]
fn only_a_held_session_has_actual_dates() {
    let at = "/sessions/first/actual";
    assert_found("/sessions/first/state", json!("cancelled"), at, "not-applicable");
    assert!(found_after(at, Value::Null).is_empty());
}

#[test]
fn a_held_session_has_begun() {
    let at = "/sessions/first/actual";
    assert_found(at, json!({"from": "2024-02", "to": null}), at, "in-future");
    assert!(found_after(at, json!({"from": "2023-12-31", "to": "2024-01-02"})).is_empty());
    // Sometime in 2023 may be today or before.
    assert!(found_after(at, json!({"from": "2023", "to": "2023"})).is_empty());
}

#[test]
fn a_session_lies_possibly_within_the_program() {
    let actual = "/sessions/first/actual";
    assert_found(
        actual,
        json!({"from": "2022-12-31", "to": "2023-01-02"}),
        actual,
        "outside-period",
    );
    assert_found(actual, json!({"from": null, "to": "2022"}), actual, "outside-period");
    let planned = "/sessions/second/planned";
    assert_found(
        planned,
        json!({"from": "2024-05-20", "to": "2024-06-01"}),
        planned,
        "outside-period",
    );
    assert_found(planned, json!({"from": "2025", "to": null}), planned, "outside-period");
    // May 2024 and the year 2024 can both lie before the program's end in May.
    assert!(found_after(planned, json!({"from": "2024", "to": "2024"})).is_empty());
    assert!(found_after("/period", json!({"from": "2009", "to": null})).is_empty());
    assert!(found_after("/period", Value::Null).is_empty());
}

#[test]
fn the_actual_dates_count_rather_than_the_planned() {
    let planned = json!({"from": "2022-11-01", "to": "2022-11-02"});
    assert!(found_after("/sessions/first/planned", planned).is_empty());
}

#[test]
fn an_agenda_item_says_what_it_was_about() {
    let talk = "/sessions/first/agenda/talk";
    assert_found(talk, json!({"order": 1}), &format!("{talk}/title"), "empty");
    assert!(found_after(talk, json!({"policy_id": POLICY})).is_empty());
    assert_found(
        talk,
        json!({"program_id": OWN_ID}),
        &format!("{talk}/program_id"),
        "self-reference",
    );
}

#[test]
fn credit_is_counted_and_nothing_else_is() {
    let at = "/recognitions/pilot/credits";
    assert_found(at, Value::Null, at, "required-with");
    assert_found("/recognitions/pilot/kind", json!("class"), at, "not-applicable");
    assert_found("/recognitions/pilot/kind", Value::Null, at, "not-applicable");
    for amount in ["0", "0.00", "-1"] {
        let value = format!("{at}/value");
        assert_found(&value, json!(amount), &value, "not-positive");
    }
    assert!(found_after("/recognitions/pilot", json!({"policy_id": POLICY})).is_empty());
}

#[test]
fn a_commitment_names_a_session_and_another_program() {
    let at = "/commitments/research/session";
    assert_found(at, json!("third"), at, "unknown-key");
    let at = "/commitments/research/realised_by";
    assert_found(at, json!(OWN_ID), at, "self-reference");
}

#[test]
fn every_item_names_a_source_that_is_listed() {
    let items = [
        &format!("/offices/{HOST}"),
        "/policy_nodes/plan",
        "/target_groups/teachers",
        "/sessions/first",
        "/sessions/first/agenda/talk",
        "/sessions/first/participation/all",
        "/recognitions/pilot",
        "/commitments/research",
        "/commitments/research/progress",
    ];
    for item in items {
        let at = format!("{item}/source");
        assert_found(&at, json!("nowhere"), &at, "unknown-source");
    }
}

#[test]
fn lead_host_and_organizer_write_the_sessions_only() {
    let mut program = read(sound());
    let host = |office: &str| office == HOST;
    let guest = |office: &str| office == GUEST;
    assert!(Programs::part_of(&["sessions"], &program, &host));
    assert!(Programs::part_of(
        &["sessions", "first", "participation", "all"],
        &program,
        &host
    ));
    assert!(!Programs::part_of(&["sessions", "first"], &program, &guest));
    assert!(!Programs::part_of(&["offices", HOST], &program, &host));
    assert!(!Programs::part_of(&["commitments", "research"], &program, &host));
    assert!(!Programs::part_of(&[], &program, &host));
    for role in ProgramOfficeRole::ALL {
        program.offices.get_mut(GUEST).unwrap().roles = [*role].into();
        let writes = matches!(role.as_str(), "lead" | "host" | "organizer");
        assert_eq!(
            Programs::part_of(&["sessions", "first"], &program, &guest),
            writes,
            "{role}"
        );
    }
}

#[test]
fn visibility_decides_who_sees_it() {
    let mut program = read(sound());
    assert_eq!(Programs::audience(&program), Audience::Everyone);
    program.visibility = Visibility::Partners;
    assert_eq!(Programs::audience(&program), Audience::Partners);
}

#[test]
fn search_reads_what_people_read() {
    let found = Programs::search_texts(&read(sound()));
    for text in [
        "Training", "Skills", "Hall", "Pohang", "Teachers", "First", "Talk", "Outcome", "Research",
    ] {
        assert!(found.iter().any(|searched| searched == text), "{text}");
    }
}

#[test]
fn the_schema_limits_the_sessions() {
    let schema = serde_json::to_value(Program::schema()).unwrap();
    let text = schema["properties"]["sessions"].to_string();
    assert!(
        text.contains("KeyedMap500") || text.contains("\"maxProperties\":500"),
        "{text}"
    );
}

#[test]
fn every_member_is_written_and_read_back() {
    let program = read(sound());
    let written = serde_json::to_value(&program).unwrap();
    assert_eq!(written["sessions"]["second"]["actual"], Value::Null);
    assert_eq!(read(written), program);
}
