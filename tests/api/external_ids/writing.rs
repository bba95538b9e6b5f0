//! PUT and PATCH by an own id: creating, confirming, changing.

use serde_json::json;

use super::{by_key, more, own_id, partner};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_put_creates_and_an_equal_one_changes_nothing,
        another_document_needs_if_match,
        a_put_with_if_match_is_a_put,
        if_match_needs_a_record,
        a_patch_creates_or_merges,
        a_rehearsal_creates_nothing,
        what_fails_leaves_no_own_id,
        the_record_of_another_may_be_confirmed_not_changed,
        a_deleted_record_is_gone_by_its_own_id,
    ]
}

fn a_put_creates_and_an_equal_one_changes_nothing(app: &TestApp) {
    let (owner, caller) = partner(app, "One");
    let body = make::office_body("Pushed", "KR");
    let before = traces(app);
    let created = caller.put(&by_key(OFFICES, "1"), &body).expect(201);
    let record = created.json();
    assert_eq!(record["owner_office_id"], json!(owner));
    assert_eq!(created.etag(), "\"v1\"");
    let location = created.header("location").expect("a Location").to_owned();
    assert_eq!(location, format!("{OFFICES}/{}", id(&record)));
    // The record and its own id, an audit row for each.
    assert_eq!(more(before, traces(app)), [1, 1, 1, 2, 0, 1]);
    let before = traces(app);
    for same in [&body, &record] {
        let reply = caller.put(&by_key(OFFICES, "1"), same).expect(200);
        assert_eq!((reply.json(), reply.etag()), (record.clone(), "\"v1\""));
    }
    caller
        .header("if-match", "*")
        .put(&by_key(OFFICES, "1"), &record)
        .expect(200);
    assert_eq!(traces(app), before);
}

fn another_document_needs_if_match(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let record = caller
        .put(&by_key(OFFICES, "1"), &make::office_body("Pushed", "KR"))
        .expect(201)
        .beside_others();
    let before = traces(app);
    let reply = caller
        .put(&by_key(OFFICES, "1"), &make::office_body("Pushed", "MN"))
        .expect(412);
    assert_eq!(reply.etag(), "\"v1\"");
    let problem = reply.problem("version-conflict");
    assert_eq!(problem["current"], record);
    assert_eq!(problem["merged"], json!(null));
    let overlap = json!([{"pointer": "/country", "base": null, "current": "KR", "yours": "MN"}]);
    assert_eq!(problem["overlaps"], overlap);
    // Nor does a document that leaves out what is there empty it.
    let mut changed = record.clone();
    changed["city"] = json!("Suwon");
    caller
        .header("if-match", "*")
        .put(&by_key(OFFICES, "1"), &changed)
        .expect(200);
    let problem = caller
        .put(&by_key(OFFICES, "1"), &make::office_body("Pushed", "KR"))
        .expect(412)
        .json();
    assert_eq!(problem["overlaps"][0]["pointer"], "/city", "{problem:#}");
    caller.put(&by_key(OFFICES, "1"), &json!({"nonsense": 1})).expect(422);
    assert_eq!(more(before, traces(app)), [0, 1, 1, 1, 0, 0]);
}

fn a_put_with_if_match_is_a_put(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let path = by_key(OFFICES, "1");
    let mut record = caller.put(&path, &make::office_body("Pushed", "KR")).expect(201).json();
    record["city"] = json!("Suwon");
    let second = caller.header("if-match", "\"v1\"").put(&path, &record).expect(200);
    assert_eq!((second.etag(), &second.json()["city"]), ("\"v2\"", &json!("Suwon")));
    record["city"] = json!("Seoul");
    let stale = caller
        .header("if-match", "\"v1\"")
        .put(&path, &record)
        .expect(412)
        .json();
    assert_eq!(stale["overlaps"][0]["pointer"], "/city", "{stale:#}");
    record["version"] = json!(2);
    record["updated_at"] = second.json()["updated_at"].clone();
    let stale = caller.header("if-match", "\"v9\"").put(&path, &record).expect(412);
    assert_eq!(stale.problem("version-conflict")["current"]["version"], 2);
    caller.header("if-match", "*").put(&path, &record).expect(200);
    // Nothing is wiped by leaving it out.
    let lean = caller
        .header("if-match", "*")
        .put(&path, &make::office_body("Pushed", "KR"));
    let problem = lean.expect(422).problem("invalid-document");
    assert!(
        problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .all(|error| error["code"] == "required"),
        "{problem:#}"
    );
    caller
        .header("if-match", "v1")
        .put(&path, &record)
        .expect(400)
        .problem("invalid-header");
}

fn if_match_needs_a_record(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let before = traces(app);
    for tag in ["*", "\"v1\""] {
        let body = make::office_body("Not there", "KR");
        let caller = caller.header("if-match", tag);
        let problem = caller
            .put(&by_key(OFFICES, "1"), &body)
            .expect(412)
            .problem("version-conflict");
        assert_eq!(problem["current"], json!(null));
        caller
            .patch(&by_key(OFFICES, "1"), &body)
            .expect(412)
            .problem("version-conflict");
    }
    assert_eq!(traces(app), before);
}

fn a_patch_creates_or_merges(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let path = by_key(OFFICES, "1");
    let mut body = make::office_body("Pushed", "KR");
    body["city"] = json!(null);
    let created = caller.patch(&path, &body).expect(201);
    assert!(created.header("location").is_some());
    let before = traces(app);
    assert_eq!(caller.patch(&path, &body).expect(200).json(), created.json());
    assert_eq!(traces(app), before);
    let merged = caller
        .patch(&path, &json!({"names": {"ko": "밀어 넣은"}, "city": "Suwon"}))
        .expect(200);
    assert_eq!(merged.etag(), "\"v2\"");
    assert_eq!(merged.json()["names"], json!({"en": "Pushed", "ko": "밀어 넣은"}));
    let removed = caller.patch(&path, &json!({"names": {"ko": null}})).expect(200).json();
    assert_eq!(
        (&removed["names"], &removed["city"]),
        (&json!({"en": "Pushed"}), &json!("Suwon"))
    );
    caller
        .header("if-match", "\"v1\"")
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(412);
    // What is not enough to create is told as on any creation.
    let problem = caller
        .patch(&by_key(OFFICES, "2"), &json!({"city": "Seoul"}))
        .expect(422)
        .json();
    assert_eq!(problem["errors"][0]["code"], "required", "{problem:#}");
    let unknown = json!({"names": {"en": "X"}, "kind": "education_office", "contry": null});
    caller.patch(&by_key(OFFICES, "2"), &unknown).expect(422);
    caller.get(&by_key(OFFICES, "2")).expect(404);
}

fn a_rehearsal_creates_nothing(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let before = traces(app);
    let path = format!("{}?dry_run=true", by_key(OFFICES, "1"));
    for reply in [
        caller.put(&path, &make::office_body("Rehearsed", "KR")),
        caller.patch(&path, &make::office_body("Rehearsed", "KR")),
    ] {
        assert_eq!(reply.expect(201).header("dry-run"), Some("true"));
    }
    assert_eq!(traces(app), before);
    caller
        .put(&by_key(OFFICES, "1"), &make::office_body("Real", "KR"))
        .expect(201);
    let same = caller.put(&path, &make::office_body("Real", "KR")).expect(200);
    assert_eq!(same.header("dry-run"), Some("true"));
}

fn what_fails_leaves_no_own_id(app: &TestApp) {
    let (one, caller) = partner(app, "One");
    let other = new_office(&app.admin(), "Other");
    let body = make::mou_body("Once", &[&one, &other]);
    caller.put(&by_key(MOUS, "1"), &body).expect(201);
    let before = traces(app);
    caller
        .put(&by_key(MOUS, "2"), &body)
        .expect(409)
        .problem("possible-duplicate");
    assert_eq!(traces(app), before);
    let confirmed = format!("{}?confirm_distinct=true", by_key(MOUS, "2"));
    caller.put(&confirmed, &body).expect(201);
}

fn the_record_of_another_may_be_confirmed_not_changed(app: &TestApp) {
    let ((one, owner), (_, reader)) = (partner(app, "One"), partner(app, "Reader"));
    reader.raw("PUT", &own_id(&one, "1"), &[], b"").expect(201);
    let record = owner.get(&format!("{OFFICES}/{one}")).expect(200).json();
    reader.put(&by_key(OFFICES, "1"), &record).expect(200);
    reader
        .patch(&by_key(OFFICES, "1"), &json!({"country": "KR"}))
        .expect(200);
    let refused = reader
        .patch(&by_key(OFFICES, "1"), &json!({"country": "MN"}))
        .expect(403);
    assert_eq!(refused.problem("not-your-part")["errors"][0]["pointer"], "/country");
    assert_eq!(owner.get(&format!("{OFFICES}/{one}")).expect(200).json(), record);
}

fn a_deleted_record_is_gone_by_its_own_id(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let (path, body) = (by_key(OFFICES, "1"), make::office_body("Short-lived", "KR"));
    let record = id(&caller.put(&path, &body).expect(201).json());
    caller
        .header("if-match", "*")
        .delete(&format!("{OFFICES}/ext:erp:1"))
        .expect(204);
    let before = traces(app);
    for reply in [
        caller.get(&path),
        caller.put(&path, &body),
        caller.header("if-match", "*").put(&path, &body),
        caller.patch(&path, &body),
        caller.raw("PUT", &own_id(&record, "2"), &[], b""),
    ] {
        reply.expect(410).problem("record-deleted");
    }
    assert_eq!(traces(app), before);
    // Its ids are still listed, and taken away their keys are free.
    let listed = caller
        .get(&format!("{OFFICES}/ext:erp:1/external-ids"))
        .expect(200)
        .json();
    assert_eq!(listed["items"], json!([{"system": "erp", "key": "1"}]));
    caller.delete(&own_id("ext:erp:1", "1")).expect(204);
    assert_ne!(id(&caller.put(&path, &body).expect(201).json()), record);
}
