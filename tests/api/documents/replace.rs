//! PUT: what GET returns may be edited and sent back, and nothing is wiped by leaving it out.

use serde_json::{Value, json};

use super::{assert_findings, matching, mou_path, office_path};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_was_read_can_be_edited_and_sent_back,
        the_same_document_makes_no_version,
        every_writable_member_must_be_sent,
        nothing_inside_is_wiped_by_leaving_it_out,
        what_the_service_keeps_cannot_be_changed,
        an_unknown_member_is_refused_with_every_value,
    ]
}

/// An MOU with something in every depth: its path and its document.
fn rich_mou(admin: &Client) -> (String, Value) {
    let (one, other) = (new_office(admin, "One"), new_office(admin, "Other"));
    let mut body = make::mou_body("Exchange", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    body["purposes"] = json!(["teacher_exchange"]);
    body["parties"][&one]["signed_on"] = json!("2021-01-27");
    body["parties"][&one]["local_ref"] = json!("A-1");
    body["parties"][&other]["signed_on"] = json!("2021-02");
    body["terms"] = json!({"summary": {"en": "Ten a year"}, "notice_days": 30});
    body["documents"] = json!({"text": {"title": {"en": "Signed text"}}});
    let mou = admin.create(MOUS, &body);
    (mou_path(&id(&mou)), mou)
}

fn what_was_read_can_be_edited_and_sent_back(app: &TestApp) {
    let admin = app.admin();
    let (path, _) = rich_mou(&admin);
    let read = admin.get(&format!("{path}?expand=owner,parties&lang=en")).expect(200);
    let mut edited = read.json();
    assert!(
        edited["expanded"].is_object() && edited["language"].is_string(),
        "{edited:#}"
    );
    edited["titles"]["mn"] = json!("Солилцоо");
    let written = matching(&admin, read.etag()).put(&path, &edited).expect(200);
    assert_eq!(written.etag(), "\"v2\"");
    let written = written.json();
    assert_eq!(written["titles"]["mn"], "Солилцоо");
    assert_eq!(written.get("expanded"), None);
    assert_eq!(
        written["parties"],
        admin.get(&format!("{path}/revisions/1")).json()["parties"]
    );
    assert_ne!(written["updated_at"], edited["updated_at"]);
    assert_eq!(written["created_at"], edited["created_at"]);
    assert_eq!(admin.get(&path).json(), written);
}

fn the_same_document_makes_no_version(app: &TestApp) {
    let admin = app.admin();
    let (path, _) = rich_mou(&admin);
    let read = admin.get(&format!("{path}?lang=ko&expand=parties")).expect(200);
    let before = traces(app);
    let again = matching(&admin, read.etag()).put(&path, &read.json()).expect(200);
    assert_eq!(again.etag(), "\"v1\"");
    assert_eq!(again.json(), admin.get(&path).json());
    assert_eq!(traces(app), before);
}

fn every_writable_member_must_be_sent(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Whole"));
    let whole = admin.get(&path).json();
    let kept = ["id", "version", "created_at", "updated_at", "owner_office_id"];
    for name in whole.as_object().unwrap().keys() {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(name);
        let reply = matching(&admin, "\"v1\"").put(&path, &body);
        if kept.contains(&name.as_str()) {
            assert_eq!(reply.expect(200).etag(), "\"v1\"", "{name}");
        } else {
            let pointer = format!("/{name}");
            assert_findings(reply.expect(422), "invalid-document", &[(&pointer, "required")]);
        }
    }
}

fn nothing_inside_is_wiped_by_leaving_it_out(app: &TestApp) {
    let admin = app.admin();
    let (path, mou) = rich_mou(&admin);
    let one = mou["owner_office_id"].as_str().unwrap();
    let put = |body: &Value| matching(&admin, "*").put(&path, body);
    let mut body = mou.clone();
    body["terms"].as_object_mut().unwrap().remove("notice_days");
    body["parties"][one].as_object_mut().unwrap().remove("local_ref");
    body["documents"]["text"] = json!({"title": {"en": "Signed text"}});
    let local_ref = format!("/parties/{one}/local_ref");
    let expected = [("/terms/notice_days", "required"), (local_ref.as_str(), "required")];
    assert_findings(put(&body).expect(422), "invalid-document", &expected);
    // Said, it is meant; an item of a map that is left out is removed: the map itself was sent.
    body["terms"]["notice_days"] = json!(null);
    body["parties"][one]["local_ref"] = json!(null);
    body["documents"] = json!({});
    let written = put(&body).expect(200).json();
    assert_eq!(written["terms"]["notice_days"], json!(null));
    assert_eq!(written["documents"], json!({}));
    assert_eq!(written["version"], 2);
}

fn what_the_service_keeps_cannot_be_changed(app: &TestApp) {
    let admin = app.admin();
    let (path, mou) = rich_mou(&admin);
    let other = new_office(&admin, "Third");
    let changes = [
        ("id", json!("mou_00000000000000000000000000")),
        ("version", json!(9)),
        ("created_at", json!("2020-01-01T00:00:00.000000Z")),
        ("updated_at", json!(null)),
        ("owner_office_id", json!(other)),
        ("signed_on", json!("2020-01-01")),
        ("confirmation", json!("confirmed")),
    ];
    let mut all = mou.clone();
    let mut expected = Vec::new();
    for (name, value) in &changes {
        let pointer = format!("/{name}");
        let mut body = mou.clone();
        body[name] = value.clone();
        let reply = matching(&admin, "\"v1\"").put(&path, &body).expect(422);
        assert_findings(reply, "invalid-document", &[(&pointer, "read-only")]);
        let reply = matching(&admin, "\"v1\"")
            .patch(&path, &json!({ *name: value }))
            .expect(422);
        assert_findings(reply, "invalid-document", &[(&pointer, "read-only")]);
        all[name] = value.clone();
        expected.push(pointer);
    }
    let expected: Vec<(&str, &str)> = expected.iter().map(|pointer| (pointer.as_str(), "read-only")).collect();
    assert_findings(
        matching(&admin, "\"v1\"").put(&path, &all).expect(422),
        "invalid-document",
        &expected,
    );
    // Equal to what it is, it is ignored.
    let patch = json!({"id": mou["id"], "version": 1, "signed_on": mou["signed_on"], "tags": ["x"]});
    matching(&admin, "\"v1\"").patch(&path, &patch).expect(200);
}

fn an_unknown_member_is_refused_with_every_value(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Strict"));
    let whole = admin.get(&path).json();
    for value in [json!(null), json!({}), json!("x")] {
        let mut body = whole.clone();
        body["namess"] = value.clone();
        body["location"] =
            json!({"adress": value, "address": {}, "postal_code": null, "latitude": null, "longitude": null});
        let reply = matching(&admin, "\"v1\"").put(&path, &body).expect(422);
        let problem = reply.clone().problem("invalid-document");
        let expected = [("/location/adress", "unknown-member"), ("/namess", "unknown-member")];
        assert_findings(reply, "invalid-document", &expected);
        let suggestions: Vec<&Value> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| &e["suggestion"])
            .collect();
        assert_eq!(suggestions, [&json!("address"), &json!("names")]);
    }
    admin.post(OFFICES, &whole).expect(422);
}
