//! The questions that lists, single records and the feed answer by themselves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Keys, RECORDS, items, loaded, only};
use crate::support::client::Client;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        question_1_mous_of_med_with_canada,
        question_3_people_in_trainings_with_seoul,
        question_6_commitments_of_the_pohang_workshop,
        question_7_policies_shared_by_jeonnam,
        question_8_what_the_gyeonggi_plan_declares_and_lists,
        question_9_unfulfilled_recommendations,
        question_11_integrity_grades,
        question_12_what_changed_since_the_last_visit,
    ]
}

/// An item's number and its precision.
fn count(value: &Value) -> (i64, &str) {
    (
        value["count"]["value"].as_i64().unwrap(),
        value["count"]["qualifier"].as_str().unwrap(),
    )
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap().iter()
}

fn question_1_mous_of_med_with_canada(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let mou = only(&client, "/api/v1/mous?party=ext:facts:med&partner_country=CA");
    assert_eq!(keys.of(&mou["id"]), "med-bccie");
    assert_eq!(mou["signed_on"], "2021-01-27");
    let mut parties: Vec<&str> = entries(&mou["parties"]).map(|(id, _)| keys.of_id(id)).collect();
    parties.sort_unstable();
    assert_eq!(parties, ["bccie", "med"]);
}

fn question_3_people_in_trainings_with_seoul(app: &TestApp) {
    let client = loaded(app);
    let found = items(
        &client,
        "/api/v1/programs?kind=training&office=ext:facts:med&office=ext:facts:smoe&year=2023",
    );
    let mut by_role: BTreeMap<(String, String), Vec<(i64, String)>> = BTreeMap::new();
    for program in &found {
        let sessions = entries(&program["sessions"]).filter(|(_, session)| {
            let from = session["actual"]["from"].as_str().unwrap_or_default();
            session["state"] == "held" && from.starts_with("2023")
        });
        for (_, row) in sessions.flat_map(|(_, session)| entries(&session["participation"])) {
            let (value, qualifier) = count(row);
            let role = row["role"].as_str().unwrap().to_owned();
            let unit = row["unit"].as_str().unwrap().to_owned();
            by_role
                .entry((role, unit))
                .or_default()
                .push((value, qualifier.to_owned()));
        }
    }
    let expected = [("it_teacher", 14), ("specialist", 2)].map(|(role, value)| {
        (
            (role.to_owned(), "person".to_owned()),
            vec![(value, "exact".to_owned())],
        )
    });
    assert_eq!(by_role, BTreeMap::from(expected));
}

fn workshop(client: &Client) -> Value {
    only(
        client,
        "/api/v1/programs?kind=workshop&place=pohang&period_from=2025-10-25&period_to=2025-10-26",
    )
}

fn question_6_commitments_of_the_pohang_workshop(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let program = workshop(&client);
    let found: Vec<(&str, Vec<&str>, &str, &Value)> = entries(&program["commitments"])
        .map(|(_, commitment)| {
            let mut carriers: Vec<&str> = commitment["owner_office_ids"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| keys.of(id))
                .collect();
            carriers.sort_unstable();
            (
                commitment["text"]["en"].as_str().unwrap(),
                carriers,
                commitment["progress"]["state"].as_str().unwrap(),
                &commitment["due"],
            )
        })
        .collect();
    let by_both = |text| (text, vec!["gyeongbuk", "jeonnam"], "open", &Value::Null);
    assert_eq!(
        found,
        [
            by_both("Joint research"),
            by_both("Joint training programs"),
            by_both("Regular policy exchange, to make a practical system of cooperation"),
            by_both("Closer contact between working-level staff"),
        ]
    );
}

fn question_7_policies_shared_by_jeonnam(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let both = "/api/v1/programs?office=ext:facts:jeonnam&office=ext:facts:gyeongbuk&expand=agenda";
    let answer = client.get(both).expect(200).json();
    let mut shared: Vec<(&str, &str)> = Vec::new();
    for program in answer["items"].as_array().unwrap() {
        for (_, session) in entries(&program["sessions"]) {
            for (_, item) in entries(&session["agenda"]) {
                if item["policy_id"].is_null() || keys.of(&item["presenter_office_id"]) != "jeonnam" {
                    continue;
                }
                let policy = &answer["expanded"][item["policy_id"].as_str().unwrap()];
                assert_eq!(keys.of(&policy["owner_office_id"]), "jeonnam");
                shared.push((keys.of(&policy["id"]), policy["titles"]["en"].as_str().unwrap()));
            }
        }
    }
    shared.sort_unstable();
    let titles: Vec<&str> = shared.iter().map(|(key, _)| *key).collect();
    assert_eq!(
        titles,
        [
            "jeonnam-ai-education",
            "jeonnam-career-college-support",
            "jeonnam-regional-future-education-model",
            "jeonnam-rural-school-renewal",
        ]
    );
    assert_eq!(shared[0].1, "Jeonnam-style AI education");
}

fn question_8_what_the_gyeonggi_plan_declares_and_lists(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let plan = only(
        &client,
        "/api/v1/policies?owner=ext:facts:gyeonggi&kind=recognition_scheme&level=area,type",
    );
    let declared = |what: &str, pilot: Option<bool>| -> Vec<(i64, &str)> {
        entries(&plan["declared"])
            .filter(|(_, item)| item["what"] == what && item["pilot"].as_bool() == pilot)
            .map(|(_, item)| count(item))
            .collect()
    };
    let listed = |level: &str| {
        entries(&plan["nodes"])
            .filter(|(_, node)| node["level"] == level)
            .count()
    };
    let exactly = |value: i64| vec![(value, "exact")];
    assert_eq!((declared("area", None), listed("area")), (exactly(3), 3));
    assert_eq!((declared("type", None), listed("type")), (exactly(14), 0));
    assert_eq!(declared("type", Some(true)), exactly(8));
    assert_eq!(declared("departments", Some(true)), exactly(2));
    assert_eq!(declared("support_offices", Some(true)), exactly(8));

    let programs = items(&client, "/api/v1/programs?policy=ext:facts:gyeonggi-recognition-plan");
    assert_eq!((declared("programs", Some(true)), programs.len()), (exactly(36), 5));
    let mut recognised: Vec<(&str, Vec<(&Value, &Value)>)> = programs
        .iter()
        .map(|program| {
            let how = entries(&program["recognitions"]).map(|(_, item)| (&item["kind"], &item["node"]));
            (keys.of(&program["id"]), how.collect())
        })
        .collect();
    recognised.sort_unstable_by_key(|(key, _)| *key);
    let not_stated = |key| (key, vec![(&Value::Null, &Value::Null)]);
    assert_eq!(
        recognised,
        [
            not_stated("gyeonggi-dyslexia-therapy-shared-school"),
            not_stated("gyeonggi-korean-language-school"),
            not_stated("gyeonggi-multicultural-entrusted-institutions"),
            not_stated("gyeonggi-psychological-emotional-counselling"),
            not_stated("gyeonggi-vocational-experience-courses"),
        ]
    );
    let any_kind = "/api/v1/programs?policy=ext:facts:gyeonggi-recognition-plan&recognised_as=class,credit,experience";
    assert_eq!(items(&client, any_kind), Vec::<Value>::new());
}

fn question_9_unfulfilled_recommendations(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let smoe = client.get("/api/v1/offices/ext:facts:smoe").expect(200).json();
    let unfulfilled: Vec<(&String, &str, (i64, &str), &Value)> = entries(&smoe["recommendations"])
        .filter(|(_, item)| item["state"] != "fulfilled")
        .map(|(key, item)| (key, keys.of(&item["from_office_id"]), count(item), &item["text"]))
        .collect();
    let key = "institutional-improvement".to_owned();
    assert_eq!(unfulfilled, [(&key, "acrc", (5, "exact"), &json!({}))]);

    let plan = only(
        &client,
        "/api/v1/policies?owner=ext:facts:smoe&year=2023&kind=annual_plan",
    );
    let answers = |links: &Value| {
        entries(links).any(|(_, link)| {
            link["kind"] == "responds_to" && link["office_id"] == smoe["id"] && link["recommendation"] == key.as_str()
        })
    };
    assert!(answers(&plan["links"]));
    let tasks: Vec<&String> = entries(&plan["nodes"])
        .filter(|(_, node)| answers(&node["links"]))
        .map(|(key, _)| key)
        .collect();
    assert_eq!(tasks, ["recommendation-system"]);
}

fn question_11_integrity_grades(app: &TestApp) {
    let client = loaded(app);
    let keys = Keys::read(&client);
    let smoe = client.get("/api/v1/offices/ext:facts:smoe").expect(200).json();
    let mut grades: Vec<(&str, i64, &Value, &str)> = entries(&smoe["evaluations"])
        .map(|(_, evaluation)| {
            assert_eq!(evaluation["period"]["from"], evaluation["period"]["to"]);
            (
                evaluation["period"]["from"].as_str().unwrap(),
                evaluation["grade"].as_i64().unwrap(),
                &evaluation["scale"],
                keys.of(&evaluation["evaluator_id"]),
            )
        })
        .collect();
    grades.sort_unstable_by_key(|(year, ..)| *year);
    assert_eq!(
        grades,
        [("2021", 3, &Value::Null, "acrc"), ("2022", 3, &Value::Null, "acrc")]
    );
}

fn question_12_what_changed_since_the_last_visit(app: &TestApp) {
    let admin = loaded(app);
    let keys = Keys::read(&admin);
    let jeonnam = admin.get("/api/v1/offices/ext:facts:jeonnam").expect(200).json();
    let scopes = [
        "offices:read",
        "policies:read",
        "mous:read",
        "programs:read",
        "changes:read",
    ];
    let partner = app.client_for(jeonnam["id"].as_str().unwrap(), &scopes);
    let visit = |since: &str| {
        let mut since = since.to_owned();
        let mut found: Vec<Value> = Vec::new();
        loop {
            let path = format!("/api/v1/changes?since={since}&limit=20");
            let answer = partner.get(&path).expect(200).json();
            found.extend(answer["items"].as_array().unwrap().iter().cloned());
            answer["next"].as_str().unwrap().clone_into(&mut since);
            if answer["has_more"] == false {
                return (found, since);
            }
        }
    };

    let (first, next) = visit("begin");
    let mut seen: Vec<&str> = first.iter().map(|item| item["id"].as_str().unwrap()).collect();
    let order: Vec<i64> = first.iter().map(|item| item["seq"].as_i64().unwrap()).collect();
    assert!(order.is_sorted_by(|one, other| one < other), "{order:?}");
    seen.sort_unstable();
    seen.dedup();
    let drafts = first.iter().filter(|item| item["op"] == "hidden").count();
    assert_eq!((seen.len(), first.len(), drafts), (RECORDS, RECORDS, 0));

    let workshop = workshop(&admin);
    let path = format!("/api/v1/programs/{}", workshop["id"].as_str().unwrap());
    let done = json!({"commitments": {"joint-research": {"progress": {"state": "in_progress"}}}});
    let any = admin.header("if-match", "*");
    any.patch(&path, &done).expect(200);
    any.patch("/api/v1/offices/ext:facts:jeonnam", &json!({"city": "Muan"}))
        .expect(200);
    let (second, next) = visit(&next);
    let changes: Vec<(&str, &Value, &Value)> = second
        .iter()
        .map(|item| (keys.of(&item["id"]), &item["op"], &item["version"]))
        .collect();
    let (upsert, two) = (json!("upsert"), json!(2));
    assert_eq!(
        changes,
        [
            ("yeonghonam-workshop-2025-second-half", &upsert, &two),
            ("jeonnam", &upsert, &two),
        ]
    );
    assert_eq!(second[1]["record"]["city"], "Muan");
    assert_eq!(visit(&next).0, Vec::<Value>::new());
}
