//! References between records: by id, by the caller's own key, in a tree, and values that only one record may have.

use diesel::{ExpressionMethods, RunQueryDsl};
use eduaccord::db::schema::external_ids;
use serde_json::json;

use super::{assert_findings, matching, mou_path, office_path};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_unknown_reference_has_its_place,
        a_hidden_record_is_unknown,
        a_deleted_record_is_unknown,
        a_reference_that_was_there_may_stay,
        an_id_is_of_its_kind,
        own_keys_stand_for_ids,
        the_tree_has_no_cycle,
        an_identifier_belongs_to_one_office,
    ]
}

const NOBODY: &str = "off_00000000000000000000000000";

fn an_unknown_reference_has_its_place(app: &TestApp) {
    let admin = app.admin();
    let one = new_office(&admin, "One");
    let mut body = make::mou_body("Unknown", &[&one, NOBODY]);
    body["owner_office_id"] = json!(one);
    body["parent_mou_id"] = json!("mou_00000000000000000000000000");
    body["contributions"] = json!({"gift": {"kind": "money", "from_office_id": NOBODY}});
    let party = format!("/parties/{NOBODY}");
    let expected = [
        ("/contributions/gift/from_office_id", "unknown-reference"),
        ("/parent_mou_id", "unknown-reference"),
        (party.as_str(), "unknown-reference"),
    ];
    assert_findings(admin.post(MOUS, &body).expect(422), "invalid-document", &expected);
    let path = office_path(&one);
    let reply = matching(&admin, "*")
        .patch(&path, &json!({"successor_ids": [NOBODY]}))
        .expect(422);
    let problem = reply.problem("invalid-document");
    assert!(
        problem["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .starts_with("/successor_ids"),
        "{problem:#}"
    );
}

fn a_hidden_record_is_unknown(app: &TestApp) {
    let admin = app.admin();
    let [one, other, third] = ["One", "Other", "Third"].map(|name| new_office(&admin, name));
    let mut body = make::mou_body("Hidden", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    body["visibility"] = json!("private");
    let hidden = id(&admin.create(MOUS, &body));
    let caller = app.client_for(&third, &make::every_scope());
    let refused = |parent: &str| {
        let mut body = make::mou_body("Below", &[&third, &other]);
        body["parent_mou_id"] = json!(parent);
        let mut problem = caller.post(MOUS, &body).expect(422).problem("invalid-document");
        problem["request_id"] = json!(null);
        problem.to_string().replace(parent, "ID")
    };
    assert_eq!(refused(&hidden), refused("mou_00000000000000000000000000"));
    // To read it is to be told the same as of one that never was.
    let absent = |id: &str| {
        let reply = caller.get(&mou_path(id)).expect(404);
        reply
            .text
            .replace(id, "ID")
            .replace(reply.header("x-request-id").unwrap(), "REQUEST")
    };
    assert_eq!(absent(&hidden), absent("mou_00000000000000000000000000"));
}

fn a_deleted_record_is_unknown(app: &TestApp) {
    let admin = app.admin();
    let (one, other) = (new_office(&admin, "One"), new_office(&admin, "Other"));
    matching(&admin, "*").delete(&office_path(&other)).expect(204);
    let mut body = make::office_body("Unit", "KR");
    body["parent_id"] = json!(other);
    body["owner_office_id"] = json!(one);
    assert_findings(
        admin.post(OFFICES, &body).expect(422),
        "invalid-document",
        &[("/parent_id", "unknown-reference")],
    );
}

/// A record may go on naming what it named when its writer can no longer see that.
fn a_reference_that_was_there_may_stay(app: &TestApp) {
    let admin = app.admin();
    let [one, other, third] = ["One", "Other", "Third"].map(|name| new_office(&admin, name));
    let mut body = make::mou_body("Frame", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    let frame = mou_path(&id(&admin.create(MOUS, &body)));
    let caller = app.client_for(&third, &make::every_scope());
    let mut body = make::mou_body("Below", &[&third, &other]);
    body["parent_mou_id"] = json!(frame.rsplit('/').next().unwrap());
    let below = mou_path(&id(&caller.create(MOUS, &body)));
    matching(&admin, "*")
        .patch(&frame, &json!({"visibility": "private"}))
        .expect(200);
    caller.get(&frame).expect(404);
    matching(&caller, "*")
        .patch(&below, &json!({"tags": ["still"]}))
        .expect(200);
}

fn an_id_is_of_its_kind(app: &TestApp) {
    let admin = app.admin();
    let one = new_office(&admin, "One");
    let other = new_office(&admin, "Other");
    let mut body = make::mou_body("Kinds", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    let mou = id(&admin.create(MOUS, &body));
    for id in [
        mou.as_str(),
        "1",
        "off_1",
        &one.to_uppercase(),
        &format!("{one}0"),
        "off_80000000000000000000000000",
    ] {
        admin.get(&office_path(id)).expect(400).problem("invalid-id");
        matching(&admin, "*")
            .delete(&office_path(id))
            .expect(400)
            .problem("invalid-id");
    }
    for id in [mou.as_str(), "x", ""] {
        let mut body = make::office_body("Unit", "KR");
        body["parent_id"] = json!(id);
        let problem = admin.post(OFFICES, &body).expect(422).problem("invalid-document");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{problem:#}");
        assert_eq!(problem["errors"][0]["pointer"], "/parent_id");
        let mut body = make::office_body("Unit", "KR");
        body["owner_office_id"] = json!(id);
        let problem = admin.post(OFFICES, &body).expect(422).problem("invalid-document");
        assert_eq!(problem["errors"][0]["pointer"], "/owner_office_id");
    }
    let body = make::mou_body("Keys", &[&one, &mou]);
    let problem = matching(&admin, "*")
        .patch(&mou_path(&mou), &json!({"parties": body["parties"]}))
        .expect(422)
        .json();
    assert_eq!(
        problem["errors"][0]["pointer"],
        json!(format!("/parties/{mou}")),
        "{problem:#}"
    );
}

/// Lets the office know a record by its own key, as the endpoints for partners' ids do.
fn know(app: &TestApp, office: &str, kind: &str, key: &str, record: &str) {
    let values = [office, "erp", kind, key, record].map(str::to_owned);
    app.database()
        .write_blocking(move |transaction| {
            let [office, system, kind, key, record] = values;
            diesel::insert_into(external_ids::table)
                .values((
                    external_ids::office_id.eq(office),
                    external_ids::system.eq(system),
                    external_ids::kind.eq(kind),
                    external_ids::external_key.eq(key),
                    external_ids::record_id.eq(record),
                    external_ids::created_at.eq("2026-01-01T00:00:00.000000Z"),
                ))
                .execute(transaction.conn)?;
            Ok(())
        })
        .expect("the row can be written");
}

fn own_keys_stand_for_ids(app: &TestApp) {
    let admin = app.admin();
    let [one, other, third] = ["One", "Other", "Third"].map(|name| new_office(&admin, name));
    know(app, &one, "office", "us", &one);
    know(app, &one, "office", "them", &other);
    know(app, &third, "office", "them", &third);
    let caller = app.client_for(&one, &make::every_scope());
    let mut body = make::mou_body("By key", &["ext:erp:us", "ext:erp:them"]);
    body["contributions"] = json!({"gift": {"kind": "money", "from_office_id": "ext:erp:them"}});
    let mou = caller.create(MOUS, &body);
    assert_eq!(mou["parties"].as_object().unwrap().len(), 2);
    assert!(
        mou["parties"][&one].is_object() && mou["parties"][&other].is_object(),
        "{mou:#}"
    );
    assert_eq!(mou["contributions"]["gift"]["from_office_id"], json!(other));
    know(app, &one, "mou", "first", &id(&mou));
    // In the path, of every method; and in a filter.
    assert_eq!(caller.get(&mou_path("ext:erp:first")).expect(200).json(), mou);
    let patch = json!({"parties": {"ext:erp:them": {"local_ref": "B-2"}}});
    let patched = matching(&caller, "\"v1\"")
        .patch(&mou_path("ext:erp:first"), &patch)
        .expect(200)
        .json();
    assert_eq!(patched["parties"][&other]["local_ref"], "B-2");
    caller
        .get(&format!("{}/revisions", mou_path("ext:erp:first")))
        .expect(200);
    let found = caller.get(&format!("{MOUS}?party=ext:erp:them")).expect(200).json();
    assert_eq!(found["items"][0]["id"], mou["id"]);
    // Keys are the caller's own: another office knows other records by them, or none.
    let stranger = app.client_for(&third, &make::every_scope());
    stranger
        .get(&mou_path("ext:erp:first"))
        .expect(404)
        .problem("record-not-found");
    assert_findings(
        stranger
            .post(MOUS, &make::mou_body("Unknown", &["ext:erp:us", "ext:erp:them"]))
            .expect(422),
        "invalid-document",
        &[("/parties/ext:erp:us", "unknown-reference")],
    );
    // Two keys of a map that mean one record are one too many.
    let mut twice = make::mou_body("Twice", &["ext:erp:us", "ext:erp:them"]);
    twice["parties"][&other] = json!({"roles": ["witness"]});
    let problem = caller.post(MOUS, &twice).expect(422).problem("invalid-document");
    assert_eq!(problem["errors"][0]["code"], "duplicate-member", "{problem:#}");
    caller.get(&mou_path("ext:ERP:first")).expect(400).problem("invalid-id");
}

fn the_tree_has_no_cycle(app: &TestApp) {
    let admin = app.admin();
    let top = new_office(&admin, "Top");
    let unit = |name: &str, parent: &str| {
        let mut body = make::office_body(name, "KR");
        body["parent_id"] = json!(parent);
        id(&admin.create(OFFICES, &body))
    };
    let middle = unit("Middle", &top);
    let bottom = unit("Bottom", &middle);
    let place =
        |office: &str, parent: &str| matching(&admin, "*").patch(&office_path(office), &json!({ "parent_id": parent }));
    for parent in [&middle, &bottom] {
        assert_findings(
            place(&top, parent).expect(422),
            "invalid-document",
            &[("/parent_id", "cycle")],
        );
    }
    let problem = place(&top, &top).expect(422).problem("invalid-document");
    assert_eq!(problem["errors"][0]["pointer"], "/parent_id");
    // Moved elsewhere first, it can take its old parent in; a unit of a unit still counts.
    place(&bottom, &top).expect(200);
    place(&middle, &bottom).expect(200);
    assert_findings(
        place(&top, &middle).expect(422),
        "invalid-document",
        &[("/parent_id", "cycle")],
    );
    let problem = matching(&admin, "*")
        .delete(&office_path(&top))
        .expect(409)
        .problem("referenced");
    assert_eq!(problem["referrers"][0]["id"], json!(bottom), "{problem:#}");
}

fn an_identifier_belongs_to_one_office(app: &TestApp) {
    let admin = app.admin();
    let with = |name: &str, scheme: &str, value: &str| {
        let mut body = make::office_body(name, "KR");
        body["identifiers"] = json!({ scheme: value });
        admin.post(OFFICES, &body)
    };
    let first = id(&with("First", "isni", "0001").expect(201).json());
    let taken = [("/identifiers/isni", "not-unique")];
    assert_findings(with("Second", "isni", "0001").expect(422), "invalid-document", &taken);
    with("Other scheme", "own", "0001").expect(201);
    let second = id(&with("Other value", "isni", "0002").expect(201).json());
    let path = office_path(&second);
    let take = json!({"identifiers": {"isni": "0001"}});
    assert_findings(
        matching(&admin, "*").patch(&path, &take).expect(422),
        "invalid-document",
        &taken,
    );
    // Given up, or deleted with its office, a value is free.
    matching(&admin, "*")
        .patch(&office_path(&first), &json!({"identifiers": null}))
        .expect(200);
    matching(&admin, "*").patch(&path, &take).expect(200);
    matching(&admin, "*").delete(&path).expect(204);
    with("Third", "isni", "0001").expect(201);
}
