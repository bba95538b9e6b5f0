//! A record that an older release stored: it lacks members that came later, and is whole wherever it leaves.

use serde_json::{Map, Value, json};

use crate::api::feed::{read, told};
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::older::make_older;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::stored::{assert_clean, connect, run};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_get_gave_can_be_put_back,
        every_member_that_may_be_missing_is_there_again,
        it_is_whole_on_every_way_out,
        it_can_be_changed_deleted_and_given_away,
        an_up_to_date_record_leaves_as_it_is_stored,
    ]
}

fn office(admin: &Client, name: &str) -> String {
    let mut body = make::office_body(name, "KR");
    body["city"] = json!("Seoul");
    admin.create(OFFICES, &body)["id"].as_str().unwrap().to_owned()
}

fn drop_website(document: &mut Value) {
    document.as_object_mut().unwrap().remove("website");
}

fn stored(app: &TestApp, id: &str) -> (String, i64) {
    let mut look = Look::into(app.database().url());
    let text = look.texts(&format!("SELECT document AS text FROM records WHERE id = '{id}'"));
    let format = look.number(&format!("SELECT format AS number FROM records WHERE id = '{id}'"));
    (text[0].clone(), format)
}

fn what_get_gave_can_be_put_back(app: &TestApp) {
    let admin = app.admin();
    let path = format!("{OFFICES}/{}", office(&admin, "Office"));
    let id = path.rsplit('/').next().unwrap();
    let before = admin.get(&path).expect(200).json();
    make_older(app.database(), 0, &drop_website);
    assert!(!stored(app, id).0.contains("website"));

    let got = admin.get(&path).expect(200);
    assert_eq!(got.json(), before);
    // Its bytes are not those of the stored document, so its tag is not the plain one.
    assert!(got.etag().starts_with("\"v1-"), "{}", got.etag());
    let put = admin.header("if-match", got.etag()).put(&path, &got.json()).expect(200);
    assert_eq!((put.json(), put.etag()), (before.clone(), got.etag()));
    assert_eq!(stored(app, id).1, 0);
    assert_clean(app.database());

    let changed = admin
        .header("if-match", "\"v1\"")
        .patch(&path, &json!({"city": null}))
        .expect(200);
    assert_eq!(changed.etag(), "\"v2\"");
    let (text, format) = stored(app, id);
    assert_eq!((text.contains("website"), format), (true, 1));
    assert_clean(app.database());
}

/// Plain members that may not be null: a step adds them (see `documents::upgrade`).
const NEED_A_STEP: &[&str] = &["visibility", "kind", "stage", "sensitive"];

/// What is at every top-level member of every kind, and of every item of its maps.
fn every_member_that_may_be_missing_is_there_again(app: &TestApp) {
    let admin = app.admin();
    let a = office(&admin, "A");
    let b = office(&admin, "B");
    let policy = json!({"titles": {"en": "Plan"}, "kind": "annual_plan", "stage": "published", "owner_office_id": a});
    let program = json!({"titles": {"en": "Training"}, "kind": "training", "owner_office_id": a,
        "offices": {&a: {"roles": ["lead"]}}, "sessions": {"s1": {"state": "planned"}}});
    let mut mou = make::mou_body("Exchange", &[&a, &b]);
    mou["owner_office_id"] = json!(a);
    let mut paths = vec![format!("{OFFICES}/{a}"), format!("{OFFICES}/{b}")];
    for (kind, body) in [("mous", &mou), ("policies", &policy), ("programs", &program)] {
        let path = format!("/api/v1/{kind}");
        let id = admin.create(&path, body)["id"].as_str().unwrap().to_owned();
        paths.push(format!("{path}/{id}"));
    }
    let before: Vec<Value> = paths.iter().map(|path| admin.get(path).expect(200).json()).collect();
    make_older(app.database(), 0, &|document| drop_empty(document));
    for (path, before) in paths.iter().zip(&before) {
        let got = admin.get(path).expect(200);
        assert_eq!(got.json(), *before, "{path}");
        let put = admin.header("if-match", got.etag()).put(path, &got.json()).expect(200);
        assert_eq!(put.json()["version"], json!(1), "{path}");
    }
    assert_clean(app.database());
}

/// As if every member that says nothing had come later.
fn drop_empty(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|name, member| {
            NEED_A_STEP.contains(&name.as_str()) || !(member.is_null() || *member == json!([]) || *member == json!({}))
        });
        members.values_mut().for_each(drop_empty);
    }
}

fn it_is_whole_on_every_way_out(app: &TestApp) {
    let admin = app.admin();
    let parent = office(&admin, "Parent");
    let mut body = make::office_body("Unit", "KR");
    body["parent_id"] = json!(parent);
    let key = admin.header("idempotency-key", "once");
    let unit = key.post(OFFICES, &body).expect(201).json();
    let path = format!("{OFFICES}/{}", unit["id"].as_str().unwrap());
    any(&admin).patch(&path, &json!({"city": "Busan"})).expect(200);
    make_older(app.database(), 0, &drop_website);
    let is_whole = |document: &Value, what: &str| {
        assert_eq!(document.get("website"), Some(&Value::Null), "{what}: {document:#}");
    };

    let list = admin.get(&format!("{OFFICES}?expand=parent")).expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    for item in list["items"].as_array().unwrap() {
        is_whole(item, "list");
    }
    is_whole(&list["expanded"][&parent], "expand");
    is_whole(
        &admin.get(&format!("{path}/revisions/1")).expect(200).json(),
        "revision",
    );
    let diff = admin.get(&format!("{path}/diff?from=1&to=2")).expect(200).json();
    assert_eq!(diff["patch"], json!({"city": "Busan"}));
    for item in read(&admin, &[])["items"].as_array().unwrap() {
        is_whole(&item["record"], "feed");
    }
    is_whole(&key.post(OFFICES, &body).expect(201).json(), "repeat");

    // A stale change, told from a base of the older format: only what differs is told.
    let stale = admin
        .header("if-match", "\"v1\"")
        .patch(&path, &json!({"website": "https://a.example/"}));
    let problem = stale.expect(412).problem("version-conflict");
    is_whole(&problem["current"], "412");
    assert_eq!(problem["overlaps"], json!([]));
    assert_eq!(
        (&problem["merged"]["website"], &problem["merged"]["city"]),
        (&json!("https://a.example/"), &json!("Busan"))
    );
    let restored = any(&admin)
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(200);
    is_whole(&restored.json(), "restore");
    assert_eq!(restored.etag(), "\"v3\"");
    let told = told(&read(&admin, &[]));
    assert_eq!(told.len(), 4, "{told:?}");
    assert_clean(app.database());
}

fn it_can_be_changed_deleted_and_given_away(app: &TestApp) {
    let admin = app.admin();
    let (a, b, c) = (office(&admin, "A"), office(&admin, "B"), office(&admin, "C"));
    make_older(app.database(), 0, &drop_website);
    let act = |id: &str, body: &Value| any(&admin).post(&format!("{OFFICES}/{id}/actions"), body);
    let given = act(
        &a,
        &json!({"action": "transfer", "to_office_id": b, "reason": "A test."}),
    )
    .expect(200);
    assert_eq!((given.etag(), &given.json()["website"]), ("\"v2\"", &Value::Null));
    // What changes nothing answers the record, whole.
    let same = act(
        &a,
        &json!({"action": "transfer", "to_office_id": b, "reason": "A test."}),
    )
    .expect(200);
    assert_eq!(same.json(), given.json());
    let kept = act(
        &c,
        &json!({"action": "transfer", "to_office_id": c, "reason": "A test."}),
    )
    .expect(200);
    assert_eq!(kept.json()["website"], Value::Null);
    let redacted = act(
        &c,
        &json!({"action": "redact", "pointer": "/city", "reason": "A test."}),
    )
    .expect(200);
    assert_eq!(redacted.json()["city"], json!("[redacted]"));
    let first = admin.get(&format!("{OFFICES}/{c}/revisions/1")).expect(200).json();
    assert_eq!(
        (&first["city"], &first["website"]),
        (&json!("[redacted]"), &Value::Null)
    );
    let merged = act(
        &c,
        &json!({"action": "merge_into", "survivor_id": a, "reason": "A test."}),
    )
    .expect(200);
    assert_eq!(merged.json()["id"], json!(a));
    let d = office(&admin, "D");
    make_older(app.database(), 0, &drop_website);
    any(&admin).delete(&format!("{OFFICES}/{d}")).expect(204);
    let report = crate::support::stored::report_of(app.database());
    // Redactions are sealed with the digests that they left, which this test has rewritten since.
    let damage: Vec<_> = report.damage.iter().filter(|damage| damage.place != c).collect();
    assert!(damage.is_empty(), "{damage:#?}");
}

fn an_up_to_date_record_leaves_as_it_is_stored(app: &TestApp) {
    let admin = app.admin();
    let id = office(&admin, "Office");
    let path = format!("{OFFICES}/{id}");
    // White space that no serialiser of the service would write.
    let text = stored(app, &id).0.replacen("{", "{ ", 1);
    let mut conn = connect(app.database());
    run(
        &mut conn,
        &format!("UPDATE records SET document = '{text}' WHERE id = '{id}'"),
    );
    let got = admin.get(&path).expect(200);
    assert_eq!((got.text.clone(), got.etag()), (text, "\"v1\""));
    let known: Map<String, Value> = got.json().as_object().unwrap().clone();
    assert!(known.contains_key("website"));
}
