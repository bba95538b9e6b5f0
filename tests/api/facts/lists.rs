//! Every filter and sort of policies and programs, over the first real input and a few records beside it.

use serde_json::{Value, json};

use super::{Keys, items, loaded};
use crate::support::client::Client;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        policies_are_found_by_every_filter,
        programs_are_found_by_every_filter,
        programs_are_found_by_what_they_carry_out_and_for_whom,
        what_a_link_names_inside_another_record_must_be_there,
        lists_are_sorted_and_missing_dates_come_last,
    ]
}

/// The keys of the records of a list, in the order of their keys.
fn found<'a>(client: &Client, keys: &'a Keys, path: &str) -> Vec<&'a str> {
    let items = items(client, &format!("/api/v1/{path}"));
    let mut found: Vec<&str> = items
        .iter()
        .map(|item| keys.of_id(item["id"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    found
}

fn check(client: &Client, keys: &Keys, expected: &[(&str, &[&str])]) {
    for (path, records) in expected {
        assert_eq!(found(client, keys, path), *records, "{path}");
    }
}

const MEDIUM_TERM: &str = "smoe-medium-term-plan-2023-2026";
const INTEGRITY: &str = "smoe-integrity-plan-2023";

fn policies_are_found_by_every_filter(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let jeonnam: &[&str] = &[
        "jeonnam-ai-education",
        "jeonnam-career-college-support",
        "jeonnam-regional-future-education-model",
        "jeonnam-rural-school-renewal",
    ];
    check(
        &client,
        &keys,
        &[
            ("policies?owner=ext:facts:jeonnam", jeonnam),
            ("policies?kind=annual_plan,medium_term_plan", &[INTEGRITY, MEDIUM_TERM]),
            ("policies?stage=draft", &[]),
            ("policies?date_match=certain&year=2023", &[INTEGRITY, MEDIUM_TERM]),
            ("policies?date_match=certain&year=2025", &[MEDIUM_TERM]),
            ("policies?date_match=certain&year=2027", &[]),
            (
                "policies?date_match=certain&period_to=2023-12-31&period_from=2023-12-31",
                &[MEDIUM_TERM],
            ),
            ("policies?date_match=certain&period_from=2026-01-01", &[MEDIUM_TERM]),
            ("policies?date_match=certain&period_from=2026-12-31", &[]),
            (
                "policies?kind=annual_plan,medium_term_plan&period_from=2026-12-31",
                &[MEDIUM_TERM],
            ),
            ("policies?kind=annual_plan,medium_term_plan&period_to=2022-12-31", &[]),
            ("policies?responsible_office=ext:facts:smoe-planning", &[MEDIUM_TERM]),
            (
                "policies?responsible_office=ext:facts:education-2030-committee",
                &["seoul-future-education-2030"],
            ),
            (
                "policies?level=strategy,area",
                &["gyeonggi-recognition-plan", INTEGRITY],
            ),
            ("policies?level=task&level=subtask", &[MEDIUM_TERM]),
            ("policies?tag=fact-b3", &[MEDIUM_TERM]),
            ("policies?q=Cheongnabi", &[INTEGRITY]),
        ],
    );
    // A policy without a period may be of any year.
    assert_eq!(found(&client, &keys, "policies?year=2027").len(), 11);
    let refused = client
        .get("/api/v1/policies?year=99")
        .expect(400)
        .problem("invalid-parameter");
    assert_eq!(refused["errors"][0]["parameter"], "year");
}

const GIRLS: &str = "protecting-girls";
const TRAINING: &str = "smoe-med-training";
const EXCHANGE: &str = "med-bccie-exchange";
const WORKSHOP: &str = "yeonghonam-workshop-2025-second-half";
const EXPO: &str = "glocal-future-education-expo-2024";

fn programs_are_found_by_every_filter(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    check(
        &client,
        &keys,
        &[
            ("programs?owner=ext:facts:gyeongbuk", &[WORKSHOP]),
            ("programs?office=ext:facts:med", &[EXCHANGE, GIRLS, TRAINING]),
            ("programs?office=ext:facts:med&office=ext:facts:smoe", &[TRAINING]),
            ("programs?office=ext:facts:bccie,ext:facts:smoe", &[EXCHANGE, TRAINING]),
            ("programs?office=ext:facts:jeonnam&office_role=participant", &[WORKSHOP]),
            (
                "programs?office=ext:facts:jeonnam&office_role=operator,participant",
                &[EXPO, WORKSHOP],
            ),
            ("programs?office=ext:facts:jeonnam&office_role=organizer", &[]),
            ("programs?office_role=organizer", &[WORKSHOP]),
            ("programs?office_country=CA", &[EXCHANGE]),
            ("programs?office_country=MN&office_country=KR", &[TRAINING]),
            ("programs?kind=expo,workshop", &[EXPO, WORKSHOP]),
            ("programs?stage=idea", &[EXCHANGE]),
            ("programs?mou=ext:facts:med-bccie", &[EXCHANGE]),
            ("programs?has_mou=true", &[EXCHANGE, TRAINING]),
            ("programs?has_mou=false&office=ext:facts:med", &[GIRLS]),
            ("programs?mode=online", &[EXCHANGE, TRAINING]),
            ("programs?mode=onsite", &[]),
            ("programs?place=POHANG", &[WORKSHOP]),
            ("programs?place=pohang%20area", &[WORKSHOP]),
            ("programs?place=KR-47,KR-46", &[EXPO, WORKSHOP]),
            ("programs?place=Bayangol&place=Chingeltei", &[GIRLS]),
            ("programs?place=mn", &[GIRLS]),
            ("programs?place=poh", &[]),
            ("programs?target_sex=female", &[GIRLS]),
            ("programs?target_sex=male", &[]),
            ("programs?target_age=11", &[]),
            ("programs?target_age=12", &[GIRLS]),
            ("programs?target_age=18", &[GIRLS]),
            ("programs?target_age=19", &[]),
            ("programs?target_age=-1", &[]),
            ("programs?sensitive=true", &[GIRLS]),
            ("programs?sensitive=false&office=ext:facts:med", &[EXCHANGE, TRAINING]),
            ("programs?date_match=certain&year=2024", &[EXPO]),
            (
                "programs?date_match=certain&period_from=2025-10-26&period_to=2025-10-26",
                &[WORKSHOP],
            ),
            ("programs?date_match=certain&period_to=2010-01-01", &[TRAINING]),
            (
                "programs?office=ext:facts:med,ext:facts:jeonnam&year=2008",
                &[EXCHANGE, GIRLS],
            ),
            ("programs?tag=fact-a7", &[GIRLS]),
            ("programs?q=victim%20trauma", &[GIRLS]),
        ],
    );
}

fn programs_are_found_by_what_they_carry_out_and_for_whom(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let gyeonggi = client.get("/api/v1/offices/ext:facts:gyeonggi").expect(200).json()["id"].clone();
    let plan = client
        .get("/api/v1/policies/ext:facts:gyeonggi-recognition-plan")
        .expect(200)
        .json()["id"]
        .clone();
    let made = client.create(
        "/api/v1/programs",
        &json!({
            "owner_office_id": gyeonggi,
            "titles": {"en": "Night school"},
            "kind": "class",
            "policy_nodes": {"one": {"policy_id": plan, "node": "life-experience"}},
            "recognitions": {"one": {"policy_id": plan, "node": "academic-improvement", "kind": "class"}},
            "target_groups": {"old": {"age_from": 60}, "young": {"age_to": 7}},
        }),
    );
    let of_plan = "/api/v1/programs?policy=ext:facts:gyeonggi-recognition-plan";
    assert_eq!(items(&client, of_plan).len(), 6);
    let only_made = |query: &str| {
        let found: Vec<Value> = items(&client, query).iter().map(|item| item["id"].clone()).collect();
        assert_eq!(found, [made["id"].clone()], "{query}");
    };
    only_made(&format!("{of_plan}&node=life-experience"));
    only_made(&format!("{of_plan}&node=academic-improvement"));
    only_made("/api/v1/programs?node=life-experience");
    only_made("/api/v1/programs?recognised_as=class");
    only_made("/api/v1/programs?target_age=60");
    only_made("/api/v1/programs?target_age=130");
    only_made("/api/v1/programs?target_age=7");
    only_made("/api/v1/programs?target_age=0");
    check(
        &client,
        &keys,
        &[
            (
                "programs?policy=ext:facts:gyeonggi-recognition-plan&node=responsible-education",
                &[],
            ),
            ("programs?target_age=59", &[]),
            ("programs?target_age=131", &[]),
            ("programs?recognised_as=credit", &[]),
        ],
    );
}

fn what_a_link_names_inside_another_record_must_be_there(app: &TestApp) {
    let client = loaded(app);
    let unknown = |path: &str, body: Value, pointer: &str| {
        let problem = client.post(path, &body).expect(422).json();
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(pointer), &json!("unknown-key")),
            "{problem}"
        );
    };
    unknown(
        "/api/v1/programs",
        json!({
            "owner_office_id": "ext:facts:gyeonggi",
            "titles": {"en": "Night school"},
            "kind": "class",
            "policy_nodes": {"one": {"policy_id": "ext:facts:gyeonggi-recognition-plan", "node": "no-such-area"}},
        }),
        "/policy_nodes/one/node",
    );
    let policy = |link: Value| {
        json!({
            "owner_office_id": "ext:facts:smoe",
            "titles": {"en": "A plan"},
            "kind": "annual_plan",
            "links": {"one": link},
        })
    };
    let answer = |member: &str| json!({"kind": "responds_to", "office_id": "ext:facts:smoe", member: "no-such-item"});
    for member in ["recommendation", "evaluation"] {
        unknown(
            "/api/v1/policies",
            policy(answer(member)),
            &format!("/links/one/{member}"),
        );
    }
    client.create(
        "/api/v1/policies",
        &policy(json!({"kind": "responds_to", "office_id": "ext:facts:smoe", "evaluation": "integrity-2022"})),
    );
}

fn lists_are_sorted_and_missing_dates_come_last(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let first = |path: &str, count: usize| -> Vec<String> {
        let found = items(&client, path);
        keys.of_all(&found[..count]).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(
        first("/api/v1/policies?sort=announced_on", 2),
        ["seoul-future-education-2030", INTEGRITY]
    );
    assert_eq!(
        first("/api/v1/policies?sort=-announced_on", 2),
        [INTEGRITY, "seoul-future-education-2030"]
    );
    let by_start = [TRAINING, EXPO, "gyeonggi-ieum-on-school", WORKSHOP];
    assert_eq!(first("/api/v1/programs?sort=starts_on", 4), by_start);
    let mut backwards = by_start;
    backwards.reverse();
    assert_eq!(first("/api/v1/programs?sort=-starts_on", 4), backwards);
    assert_eq!(
        first("/api/v1/programs", 2),
        [WORKSHOP, "gyeonggi-dyslexia-therapy-shared-school"]
    );
    assert_eq!(first("/api/v1/policies?sort=title", 2), [INTEGRITY, MEDIUM_TERM]);
    for kind in ["policies", "programs"] {
        for key in ["created_at", "updated_at"] {
            let found = items(&client, &format!("/api/v1/{kind}?sort=-{key}"));
            assert!(found.is_sorted_by(|one, other| one[key].as_str() >= other[key].as_str()));
        }
    }
}
