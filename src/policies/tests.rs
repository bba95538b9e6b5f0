//! Each rule of the policy document, broken once.

#![expect(clippy::unwrap_used, reason = "test")]
#![expect(clippy::indexing_slicing, reason = "test: indexing JSON")]

use chrono::NaiveDate;
use serde_json::{Value, json};
use utoipa::PartialSchema;

use crate::auth::access::Audience;
use crate::documents::common::Document;
use crate::documents::kind::Rules;
use crate::policies::Policies;
use crate::policies::document::Policy;
use crate::values::codes::{PolicyStage, Visibility};

const OWN_ID: &str = "pol_01h455vb4pex5vsknk084sn02q";
const UNIT: &str = "off_01h455vb4pex5vsknk084sn02q";

/// A policy with every member in use and nothing wrong.
fn sound() -> Value {
    json!({
        "id": OWN_ID, "version": 1, "created_at": "2023-01-01T00:00:00Z", "updated_at": "2023-01-01T00:00:00Z",
        "owner_office_id": "off_01h455vb4pex5vsknk084sn02r",
        "sources": {"plan": {"title": "Plan"}},
        "titles": {"en": "Plan"}, "kind": "annual_plan", "stage": "published",
        "levels": {
            "vision": {"labels": {"en": "Vision"}, "order": 1},
            "task": {"labels": {"en": "Task"}, "order": 2},
            "measure": {"labels": {"en": "Measure"}, "order": 2},
        },
        "declared": {
            "tasks": {"what": "task", "under": "one", "count": {"value": 3, "qualifier": "exact"}, "source": "plan"},
            "programs": {"what": "programs", "count": {"value": 36, "qualifier": "exact"}},
        },
        "nodes": {
            "one": {"level": "vision", "labels": {"en": "One"}, "source": "plan"},
            "two": {"level": "task", "parent": "one", "labels": {"en": "Two"},
                "responsibilities": {UNIT: {"roles": ["lead"], "source": "plan"}},
                "progress": {"state": "on_track", "on": "2023-06", "source": "plan"},
                "links": {"other": {"kind": "responds_to", "office_id": UNIT, "recommendation": "first", "source": "plan"}}},
            "loose": {"level": "task", "labels": {"en": "Loose"}},
        },
        "responsibilities": {UNIT: {"roles": ["selected_by"]}},
        "legal_basis": {"law": {"label": {"en": "Law"}, "citation": "Article 5", "source": "plan"}},
        "principles": {"openness": {"label": {"en": "Openness"}, "source": "plan"}},
        "links": {"report": {"kind": "implements", "policy_id": "pol_01h455vb4pex5vsknk084sn02s", "node": "x"}},
    })
}

fn read(document: Value) -> Policy {
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
    Policies::check(&read(document), today())
        .into_iter()
        .map(|finding| (finding.pointer.unwrap(), finding.code.as_str()))
        .collect()
}

fn assert_found(pointer: &str, value: Value, at: &str, code: &'static str) {
    let found = found_after(pointer, value);
    assert_eq!(found, vec![(at.to_owned(), code)], "{pointer}");
}

#[test]
fn a_sound_policy_has_no_findings() {
    assert!(Policies::check(&read(sound()), today()).is_empty());
}

#[test]
fn titles_levels_and_nodes_are_named() {
    assert_found("/titles", json!({}), "/titles", "empty");
    assert_found("/levels/vision/labels", json!({}), "/levels/vision/labels", "empty");
    assert_found("/nodes/two/labels", json!({}), "/nodes/two/labels", "empty");
}

#[test]
fn a_node_has_a_known_level_and_parent() {
    assert_found("/nodes/loose/level", json!("goal"), "/nodes/loose/level", "unknown-key");
    assert_found(
        "/nodes/loose/parent",
        json!("three"),
        "/nodes/loose/parent",
        "unknown-key",
    );
}

#[test]
fn a_parent_stands_on_a_higher_level() {
    for parent in ["two", "loose"] {
        let child = json!({"level": "measure", "parent": parent, "labels": {"en": "Peer"}});
        assert_found("/nodes/peer", child, "/nodes/peer/parent", "level-order");
    }
    let child = json!({"level": "measure", "parent": "one", "labels": {"en": "Below"}});
    assert!(found_after("/nodes/below", child).is_empty());
}

#[test]
fn nodes_have_no_cycles() {
    let own = json!({"level": "task", "parent": "own", "labels": {"en": "Own"}});
    assert_found("/nodes/own", own, "/nodes/own/parent", "cycle");
    let found = found_after("/nodes/one/parent", json!("two"));
    assert_eq!(
        found,
        vec![
            ("/nodes/one/parent".to_owned(), "cycle"),
            ("/nodes/two/parent".to_owned(), "cycle")
        ]
    );
}

#[test]
fn a_node_below_a_cycle_is_not_part_of_it() {
    let mut document = sound();
    document["nodes"]["one"]["parent"] = json!("two");
    document["nodes"]["a-below"] = json!({"level": "task", "parent": "one", "labels": {"en": "Below"}});
    let found = Policies::check(&read(document), today());
    assert!(
        found
            .iter()
            .all(|finding| finding.pointer.as_deref() != Some("/nodes/a-below/parent"))
    );
}

#[test]
fn a_declaration_counts_something_known_under_a_known_node() {
    assert_found(
        "/declared/tasks/what",
        json!("tusk"),
        "/declared/tasks/what",
        "unknown-key",
    );
    assert_found(
        "/declared/tasks/under",
        json!("four"),
        "/declared/tasks/under",
        "unknown-key",
    );
}

#[test]
fn the_near_miss_of_a_level_is_suggested() {
    let mut document = sound();
    document["declared"]["tasks"]["what"] = json!("tusk");
    let found = Policies::check(&read(document), today());
    let found = found[0].clone().look_up(&json!({"levels": {"area": {}, "task": {}}}));
    assert_eq!(found.suggestion.as_deref(), Some("task"));
    assert!(found.allowed.iter().any(|allowed| allowed == "programs"));
}

#[test]
fn responsible_offices_have_a_role() {
    let none = json!({"roles": []});
    for base in ["/responsibilities", "/nodes/two/responsibilities"] {
        let at = format!("{base}/{UNIT}");
        assert_found(&at, none.clone(), &format!("{at}/roles"), "empty");
    }
}

#[test]
fn progress_is_of_a_day_that_has_come() {
    assert!(found_after("/nodes/two/progress/on", json!("2023-12")).is_empty());
    assert_found(
        "/nodes/two/progress/on",
        json!("2024-01"),
        "/nodes/two/progress/on",
        "in-future",
    );
}

#[test]
fn a_link_has_exactly_one_target() {
    let other = "pol_01h455vb4pex5vsknk084sn02s";
    let wrong = [
        (json!({}), "policy_id", "exactly-one"),
        (
            json!({"policy_id": other, "office_id": UNIT}),
            "office_id",
            "exactly-one",
        ),
        (
            json!({"policy_id": other, "recommendation": "r"}),
            "recommendation",
            "not-applicable",
        ),
        (
            json!({"policy_id": other, "evaluation": "e"}),
            "evaluation",
            "not-applicable",
        ),
        (
            json!({"office_id": UNIT, "recommendation": "r", "node": "n"}),
            "node",
            "not-applicable",
        ),
        (json!({"office_id": UNIT}), "recommendation", "exactly-one"),
        (
            json!({"office_id": UNIT, "recommendation": "r", "evaluation": "e"}),
            "recommendation",
            "exactly-one",
        ),
        (json!({"policy_id": OWN_ID}), "policy_id", "self-reference"),
        (json!({"policy_id": OWN_ID, "node": "four"}), "node", "unknown-key"),
    ];
    for base in ["/links/wrong", "/nodes/two/links/wrong"] {
        for (members, member, code) in &wrong {
            let mut link = members.clone();
            link["kind"] = json!("responds_to");
            assert_found(base, link, &format!("{base}/{member}"), code);
        }
    }
    let right = json!({"kind": "responds_to", "office_id": UNIT, "evaluation": "grade"});
    assert!(found_after("/links/right", right).is_empty());
}

#[test]
fn every_item_names_a_source_that_is_listed() {
    let items = [
        "/declared/tasks",
        "/nodes/one",
        "/nodes/two/progress",
        "/nodes/two/links/other",
        &format!("/nodes/two/responsibilities/{UNIT}"),
        &format!("/responsibilities/{UNIT}"),
        "/legal_basis/law",
        "/principles/openness",
        "/links/report",
    ];
    for item in items {
        let at = format!("{item}/source");
        assert_found(&at, json!("nowhere"), &at, "unknown-source");
    }
}

#[test]
fn a_published_policy_is_not_a_draft_again() {
    let policy = |stage: PolicyStage| Policy { stage, ..read(sound()) };
    let codes =
        |old: PolicyStage, new: PolicyStage| Policies::check_change(Some(&policy(old)), &policy(new), &|_| false).len();
    assert!(Policies::check_change(None, &policy(PolicyStage::Published), &|_| false).is_empty());
    for new in PolicyStage::ALL {
        assert_eq!(codes(PolicyStage::Draft, *new), 0);
        assert_eq!(codes(PolicyStage::Consultation, *new), 0);
        let closed = matches!(new, PolicyStage::Draft | PolicyStage::Consultation);
        assert_eq!(codes(PolicyStage::Published, *new), usize::from(closed));
        assert_eq!(codes(PolicyStage::Withdrawn, *new), usize::from(closed));
    }
}

#[test]
fn a_policy_without_a_stage_is_a_draft_that_only_its_owner_sees() {
    let mut document = sound();
    document.as_object_mut().unwrap().remove("stage");
    let mut policy = read(document);
    assert_eq!(Policies::audience(&policy), Audience::Owner);
    policy.stage = PolicyStage::Consultation;
    assert_eq!(Policies::audience(&policy), Audience::Everyone);
    policy.visibility = Visibility::Private;
    assert_eq!(Policies::audience(&policy), Audience::OwnerAndUnits);
}

#[test]
fn a_responsible_unit_writes_the_progress_of_its_node_only() {
    let policy = read(sound());
    let unit = |office: &str| office == UNIT;
    assert!(Policies::part_of(&["nodes", "two", "progress"], &policy, &unit));
    assert!(Policies::part_of(&["nodes", "two", "progress", "note"], &policy, &unit));
    assert!(!Policies::part_of(&["nodes", "two", "progress"], &policy, &|_| false));
    for path in [
        vec!["nodes", "one", "progress"],
        vec!["nodes", "none", "progress"],
        vec!["nodes", "two", "labels"],
        vec!["nodes", "two"],
        vec!["nodes"],
        vec!["titles"],
        vec![],
    ] {
        assert!(!Policies::part_of(&path, &policy, &unit), "{path:?}");
    }
}

#[test]
fn search_reads_what_people_read() {
    let found = Policies::search_texts(&read(sound()));
    for text in ["Plan", "One", "Loose", "Law", "Article 5", "Openness"] {
        assert!(found.iter().any(|searched| searched == text), "{text}");
    }
}

#[test]
fn the_schema_limits_the_nodes() {
    let schema = serde_json::to_value(Policy::schema()).unwrap();
    let text = schema["properties"]["nodes"].to_string();
    assert!(
        text.contains("KeyedMap2000") || text.contains("\"maxProperties\":2000"),
        "{text}"
    );
}

#[test]
fn every_member_is_written_and_read_back() {
    let policy = read(sound());
    assert_eq!(policy.common().id, OWN_ID);
    let written = serde_json::to_value(&policy).unwrap();
    assert_eq!(written["nodes"]["one"]["parent"], Value::Null);
    assert_eq!(read(written), policy);
}
