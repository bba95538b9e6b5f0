//! Giving records own ids, seeing them and taking them away.

use serde_json::{Value, json};

use super::{by_key, encode, more, own_id, partner};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_own_id_is_set_listed_and_removed,
        an_own_id_leaves_only_an_audit_row,
        a_key_means_one_record_of_a_kind,
        offices_do_not_meet,
        only_what_is_seen_gets_an_own_id,
        own_ids_come_in_pages,
        own_ids_stand_for_ids_everywhere,
        every_key_can_be_said_in_a_path,
        what_is_no_own_id_is_told,
        a_literal_segment_is_no_id,
    ]
}

fn an_own_id_is_set_listed_and_removed(app: &TestApp) {
    let (office, caller) = partner(app, "One");
    let list = format!("{OFFICES}/{office}/external-ids");
    assert_eq!(caller.get(&list).expect(200).json()["items"], json!([]));
    let set = caller.raw("PUT", &own_id(&office, "7"), &[], b"").expect(201);
    assert_eq!(set.json(), json!({"system": "erp", "key": "7"}));
    caller.raw("PUT", &own_id(&office, "7"), &[], b"").expect(200);
    caller.raw("PUT", &own_id(&office, "2"), &[], b"").expect(201);
    let items = caller.get(&list).expect(200).json()["items"].clone();
    let expected = json!([{"system": "erp", "key": "2"}, {"system": "erp", "key": "7"}]);
    assert_eq!(items, expected);
    assert_eq!(
        caller.get(&by_key(OFFICES, "7")).expect(200).json()["id"],
        json!(office)
    );
    assert_eq!(caller.get(&by_key(OFFICES, "7")).etag(), "\"v1\"");

    caller.delete(&own_id(&office, "7")).expect(204);
    caller
        .delete(&own_id(&office, "7"))
        .expect(404)
        .problem("record-not-found");
    caller
        .get(&by_key(OFFICES, "7"))
        .expect(404)
        .problem("record-not-found");
    caller.get(&by_key(OFFICES, "2")).expect(200);
}

fn an_own_id_leaves_only_an_audit_row(app: &TestApp) {
    let (office, caller) = partner(app, "One");
    let before = traces(app);
    caller.raw("PUT", &own_id(&office, "7"), &[], b"").expect(201);
    assert_eq!(more(before, traces(app)), [0, 0, 0, 1, 0, 1]);
    caller.raw("PUT", &own_id(&office, "7"), &[], b"").expect(200);
    assert_eq!(more(before, traces(app)), [0, 0, 0, 1, 0, 1]);
    let rehearsed = caller
        .delete(&format!("{}?dry_run=true", own_id(&office, "7")))
        .expect(204);
    assert_eq!(rehearsed.header("dry-run"), Some("true"));
    assert_eq!(more(before, traces(app)), [0, 0, 0, 1, 0, 1]);
    caller.delete(&own_id(&office, "7")).expect(204);
    assert_eq!(more(before, traces(app)), [0, 0, 0, 2, 0, 0]);
}

fn a_key_means_one_record_of_a_kind(app: &TestApp) {
    let (one, caller) = partner(app, "One");
    let other = new_office(&app.admin(), "Other");
    caller.raw("PUT", &own_id(&one, "7"), &[], b"").expect(201);
    let before = traces(app);
    let problem = caller
        .raw("PUT", &own_id(&other, "7"), &[], b"")
        .expect(409)
        .problem("external-id-taken");
    assert_eq!(problem["existing_id"], json!(one));
    assert_eq!(traces(app), before);
    // A record may have several, and a record of another kind the same.
    caller.raw("PUT", &own_id(&one, "8"), &[], b"").expect(201);
    let mou = id(&caller.create(MOUS, &make::mou_body("Same key", &[&one, &other])));
    let path = format!("{MOUS}/{mou}/external-ids/erp/7");
    caller.raw("PUT", &path, &[], b"").expect(201);
    assert_eq!(caller.get(&by_key(MOUS, "7")).expect(200).json()["id"], json!(mou));
    // Nobody takes away what means another record.
    caller.delete(&own_id(&other, "7")).expect(404);
    caller.get(&by_key(OFFICES, "7")).expect(200);
}

fn offices_do_not_meet(app: &TestApp) {
    let ((one, first), (other, second)) = (partner(app, "One"), partner(app, "Other"));
    first.raw("PUT", &own_id(&one, "7"), &[], b"").expect(201);
    second.raw("PUT", &own_id(&other, "7"), &[], b"").expect(201);
    second.raw("PUT", &own_id(&one, "8"), &[], b"").expect(201);
    assert_eq!(first.get(&by_key(OFFICES, "7")).expect(200).json()["id"], json!(one));
    assert_eq!(second.get(&by_key(OFFICES, "7")).expect(200).json()["id"], json!(other));
    first.get(&by_key(OFFICES, "8")).expect(404);
    let list = format!("{OFFICES}/{one}/external-ids");
    let items = |caller: &crate::support::client::Client| caller.get(&list).expect(200).json()["items"].clone();
    assert_eq!(items(&first), json!([{"system": "erp", "key": "7"}]));
    assert_eq!(items(&second), json!([{"system": "erp", "key": "8"}]));
    assert_eq!(items(&app.admin()), json!([]));
}

fn only_what_is_seen_gets_an_own_id(app: &TestApp) {
    let ((one, owner), (_, stranger)) = (partner(app, "One"), partner(app, "Stranger"));
    let other = new_office(&app.admin(), "Other");
    let mut body = make::mou_body("Hidden", &[&one, &other]);
    body["visibility"] = json!("private");
    let hidden = id(&owner.create(MOUS, &body));
    let path = |id: &str| format!("{MOUS}/{id}/external-ids/erp/7");
    // A record that may be read but not changed has room for own ids; later hidden, it is not there for them.
    owner
        .header("if-match", "*")
        .patch(&format!("{MOUS}/{hidden}"), &json!({"visibility": "public"}))
        .expect(200);
    stranger.raw("PUT", &path(&hidden), &[], b"").expect(201);
    owner
        .header("if-match", "*")
        .patch(&format!("{MOUS}/{hidden}"), &json!({"visibility": "private"}))
        .expect(200);
    stranger.get(&by_key(MOUS, "7")).expect(404).problem("record-not-found");
    stranger.patch(&by_key(MOUS, "7"), &json!({"tags": ["x"]})).expect(404);
    stranger.delete(&path(&hidden)).expect(204);
}

fn own_ids_come_in_pages(app: &TestApp) {
    let (office, caller) = partner(app, "One");
    let mut expected = Vec::new();
    for system in ["a", "b"] {
        for key in ["1", "10", "2"] {
            let path = format!("{OFFICES}/{office}/external-ids/{system}/{key}");
            caller.raw("PUT", &path, &[], b"").expect(201);
            expected.push(json!({"system": system, "key": key}));
        }
    }
    let list = format!("{OFFICES}/{office}/external-ids?limit=4");
    let first = caller.get(&list).expect(200).json();
    let cursor = |page: &Value, name: &str| page["page"][name].as_str().expect("a cursor").to_owned();
    let next = cursor(&first, "next_cursor");
    let second = caller.get(&format!("{list}&cursor={next}")).expect(200).json();
    assert_eq!(second["page"]["has_more"], false);
    let items = |page: &Value| page["items"].as_array().expect("items").clone();
    assert_eq!([items(&first), items(&second)].concat(), expected);
    let back = cursor(&second, "prev_cursor");
    let again = caller.get(&format!("{list}&cursor={back}")).expect(200).json();
    assert_eq!(items(&again), items(&first));
}

fn own_ids_stand_for_ids_everywhere(app: &TestApp) {
    let (one, caller) = partner(app, "One");
    let other = new_office(&app.admin(), "Other");
    caller.raw("PUT", &own_id(&one, "us"), &[], b"").expect(201);
    caller.raw("PUT", &own_id(&other, "them"), &[], b"").expect(201);
    let body = make::mou_body("By key", &["ext:erp:us", "ext:erp:them"]);
    let mou = caller.put(&by_key(MOUS, "m1"), &body).expect(201).json();
    assert!(
        mou["parties"][&one].is_object() && mou["parties"][&other].is_object(),
        "{mou:#}"
    );
    let found = caller.get(&format!("{MOUS}?party=ext:erp:them")).expect(200).json();
    assert_eq!(found["items"][0]["id"], mou["id"]);
    assert_eq!(caller.get(&format!("{MOUS}/ext:erp:m1")).expect(200).json(), mou);
    caller.get(&format!("{MOUS}/ext:erp:m1/revisions/1")).expect(200);
    let listed = caller
        .get(&format!("{MOUS}/ext:erp:m1/external-ids"))
        .expect(200)
        .json();
    assert_eq!(listed["items"], json!([{"system": "erp", "key": "m1"}]));
    // The same body again means the same record.
    caller.put(&by_key(MOUS, "m1"), &body).expect(200);
    let problem = app.admin().put(&by_key(MOUS, "m1"), &body).expect(422).json();
    assert_eq!(problem["errors"][0]["code"], "unknown-reference", "{problem:#}");
}

fn every_key_can_be_said_in_a_path(app: &TestApp) {
    let (office, caller) = partner(app, "One");
    // The last is the same text in two forms (NFC and NFD), which is one key.
    for (key, same) in [
        ("a/b", "a/b"),
        ("100%", "100%"),
        ("%2F", "%2F"),
        ("a+b c", "a+b c"),
        ("x:y", "x:y"),
        ("?#&", "?#&"),
        ("\u{d559}\u{ad50}", "\u{1112}\u{1161}\u{11a8}\u{1100}\u{116d}"),
    ] {
        let set = caller.raw("PUT", &own_id(&office, key), &[], b"").expect(201);
        assert_eq!(set.json()["key"], key);
        caller.get(&by_key(OFFICES, same)).expect(200);
        caller.get(&format!("{OFFICES}/ext:erp:{}", encode(same))).expect(200);
        let tree = json!({"parent_id": format!("ext:erp:{same}"), "names": {"en": key}, "kind": "education_office"});
        assert_eq!(caller.create(OFFICES, &tree)["parent_id"], json!(office), "{key}");
        caller.delete(&own_id(&office, same)).expect(204);
    }
    caller
        .raw("PUT", &own_id(&office, &"가".repeat(200)), &[], b"")
        .expect(201);
}

fn what_is_no_own_id_is_told(app: &TestApp) {
    let (office, caller) = partner(app, "One");
    let long = encode(&"x".repeat(201));
    for tail in [
        "ERP/1",
        "1/1",
        "a%3Ab/1",
        "erp/%20x",
        "erp/x%20",
        "erp/%00",
        "erp/%FF",
        &format!("erp/{long}"),
    ] {
        caller
            .get(&format!("{OFFICES}/by-external/{tail}"))
            .expect(400)
            .problem("invalid-id");
        caller
            .raw("PUT", &format!("{OFFICES}/{office}/external-ids/{tail}"), &[], b"")
            .expect(400)
            .problem("invalid-id");
    }
}

/// `/by-external/revisions/1` has the form of `/{id}/revisions/{version}` as well.
fn a_literal_segment_is_no_id(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let path = format!("{OFFICES}/by-external/revisions/1");
    caller.get(&path).expect(404).problem("record-not-found");
    let made = caller.put(&path, &make::office_body("Made", "KR")).expect(201).json();
    assert_eq!(caller.get(&path).expect(200).json(), made);
    let external = format!("{OFFICES}/by-external/external-ids/1");
    caller.get(&external).expect(404).problem("record-not-found");
}
