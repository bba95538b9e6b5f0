//! Creating and reading.

use serde_json::json;

use super::{assert_findings, mou_path, office_path};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_new_record_names_its_place_and_version,
        every_member_is_answered_with_its_default,
        arrays_are_sorted_and_hold_a_value_once,
        text_is_stored_composed,
        null_and_absent_are_the_same,
        an_unchanged_record_is_not_sent_twice,
        what_the_service_keeps_is_refused,
        an_office_owns_what_it_creates,
        an_administrator_names_the_owner,
    ]
}

fn a_new_record_names_its_place_and_version(app: &TestApp) {
    let admin = app.admin();
    let reply = admin.post(OFFICES, &make::office_body("First", "KR")).expect(201);
    let created = reply.json();
    assert_eq!(reply.etag(), "\"v1\"");
    assert_eq!(reply.header("location"), Some(office_path(&id(&created)).as_str()));
    assert_eq!(created["version"], 1);
    assert_eq!(created["created_at"], created["updated_at"]);
    let read = admin.get(&office_path(&id(&created))).expect(200);
    assert_eq!(read.etag(), "\"v1\"");
    assert_eq!(read.json(), created);
}

fn every_member_is_answered_with_its_default(app: &TestApp) {
    let admin = app.admin();
    let office = admin.create(OFFICES, &make::office_body("Plain", "KR"));
    for member in [
        "parent_id",
        "subdivision",
        "city",
        "time_zone",
        "location",
        "website",
        "valid",
        "original_language",
    ] {
        assert!(
            office.get(member).is_some_and(|value| value.is_null()),
            "{member}: {office:#}"
        );
    }
    for member in [
        "aliases",
        "contacts",
        "identifiers",
        "posts",
        "relations",
        "sources",
        "evaluations",
    ] {
        assert_eq!(office[member], json!({}), "{member}");
    }
    for member in ["tags", "successor_ids"] {
        assert_eq!(office[member], json!([]), "{member}");
    }
    assert_eq!(office["visibility"], "public");

    let (one, other) = (id(&office), new_office(&admin, "Other"));
    let mut body = make::mou_body("Plain", &[&one, &other]);
    body.as_object_mut().unwrap().remove("stage");
    body["owner_office_id"] = json!(one);
    let mou = admin.create(MOUS, &body);
    assert_eq!(mou["stage"], "draft");
    assert_eq!(mou["terms"]["term_type"], "unknown");
    assert_eq!(mou["terms"]["effective"], json!(null));
    assert_eq!(mou["parties"][&one]["signatories"], json!({}));
    assert_eq!(mou["parties"][&one]["local_ref"], json!(null));
    assert_eq!((&mou["signed_on"], &mou["confirmation"]), (&json!(null), &json!(null)));
}

fn arrays_are_sorted_and_hold_a_value_once(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Tagged", "KR");
    body["tags"] = json!(["b", "a", "c"]);
    let office = admin.create(OFFICES, &body);
    assert_eq!(office["tags"], json!(["a", "b", "c"]));
    // By the text of the code, not by its place in the list.
    let (one, other) = (id(&office), new_office(&admin, "Other"));
    let mut mou = make::mou_body("Roles", &[&one, &other]);
    mou["owner_office_id"] = json!(one);
    mou["purposes"] = json!(["teacher_exchange", "student_exchange", "education_cooperation"]);
    mou["parties"][&one]["roles"] = json!(["witness", "signatory", "beneficiary"]);
    let mou = admin.create(MOUS, &mou);
    assert_eq!(
        mou["purposes"],
        json!(["education_cooperation", "student_exchange", "teacher_exchange"])
    );
    assert_eq!(
        mou["parties"][&one]["roles"],
        json!(["beneficiary", "signatory", "witness"])
    );
    // A value given twice is a mistake, and composed and decomposed are one text.
    for tags in [json!(["b", "a", "b"]), json!(["caf\u{e9}", "cafe\u{301}"])] {
        body["tags"] = tags;
        let twice = admin.post(OFFICES, &body).expect(422);
        assert_findings(twice, "invalid-document", &[("/tags", "duplicate-item")]);
    }
}

fn text_is_stored_composed(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Cafe\u{301}", "KR");
    body["names"]["ko"] = json!("\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}");
    let office = admin.create(OFFICES, &body);
    assert_eq!(office["names"], json!({"en": "Caf\u{e9}", "ko": "서울"}));
}

fn null_and_absent_are_the_same(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Null", "KR");
    body["names"]["ko"] = json!(null);
    body["city"] = json!(null);
    body["posts"] = json!(null);
    body["contacts"] = json!({"desk": null});
    let office = admin.create(OFFICES, &body);
    assert_eq!(office["names"], json!({"en": "Null"}));
    assert_eq!((&office["posts"], &office["contacts"]), (&json!({}), &json!({})));
    // A misspelt member is a mistake with every value.
    body["citty"] = json!(null);
    assert_findings(
        admin.post(OFFICES, &body).expect(422),
        "invalid-document",
        &[("/citty", "unknown-member")],
    );
}

fn an_unchanged_record_is_not_sent_twice(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Cached"));
    for path in [path.clone(), format!("{path}?lang=ko"), format!("{path}?expand=owner")] {
        let tag = admin.get(&path).expect(200).etag().to_owned();
        assert!(tag.starts_with("\"v1"), "{tag}");
        let again = admin.header("if-none-match", &tag).get(&path).expect(304);
        assert_eq!((again.text.as_str(), again.etag()), ("", tag.as_str()));
        admin
            .header("if-none-match", &format!("\"v7\", W/{tag}"))
            .get(&path)
            .expect(304);
        admin.header("if-none-match", "\"v2\"").get(&path).expect(200);
    }
}

fn what_the_service_keeps_is_refused(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Kept", "KR");
    body["id"] = json!("off_00000000000000000000000000");
    body["version"] = json!(3);
    body["created_at"] = json!("2020-01-01T00:00:00.000000Z");
    let before = traces(app);
    let expected = [
        ("/created_at", "read-only"),
        ("/id", "read-only"),
        ("/version", "read-only"),
    ];
    assert_findings(admin.post(OFFICES, &body).expect(422), "invalid-document", &expected);
    assert_eq!(traces(app), before);

    let (one, other) = (new_office(&admin, "One"), new_office(&admin, "Other"));
    let mut body = make::mou_body("Kept", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    body["signed_on"] = json!("2020-01-01");
    body["confirmation"] = json!("confirmed");
    let expected = [("/confirmation", "read-only"), ("/signed_on", "read-only")];
    assert_findings(admin.post(MOUS, &body).expect(422), "invalid-document", &expected);
}

fn an_office_owns_what_it_creates(app: &TestApp) {
    let admin = app.admin();
    let (one, other) = (new_office(&admin, "One"), new_office(&admin, "Other"));
    let caller = app.client_for(&one, &make::every_scope());
    let mou = caller.create(MOUS, &make::mou_body("Ours", &[&one, &other]));
    assert_eq!(mou["owner_office_id"], json!(one));
    let unit = caller.create(OFFICES, &make::office_body("Unit", "KR"));
    assert_eq!(unit["owner_office_id"], json!(one));
    // Naming itself says nothing new; naming another is not its part.
    let mut body = make::mou_body("Ours too", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    caller.create(MOUS, &body);
    body["owner_office_id"] = json!(other);
    assert_findings(
        caller.post(MOUS, &body).expect(403),
        "not-your-part",
        &[("/owner_office_id", "not-your-part")],
    );
}

fn an_administrator_names_the_owner(app: &TestApp) {
    let admin = app.admin();
    // An office that the registry makes belongs to itself, unless said otherwise.
    let one = admin.create(OFFICES, &make::office_body("One", "KR"));
    assert_eq!(one["owner_office_id"], one["id"]);
    let mut body = make::office_body("Unit", "KR");
    body["owner_office_id"] = one["id"].clone();
    let unit = admin.create(OFFICES, &body);
    assert_eq!(unit["owner_office_id"], one["id"]);
    let body = make::mou_body("Whose", &[&id(&one), &id(&unit)]);
    assert_findings(
        admin.post(MOUS, &body).expect(422),
        "invalid-document",
        &[("/owner_office_id", "required")],
    );
    let mou = admin.get(&mou_path("mou_00000000000000000000000000")).expect(404);
    mou.problem("record-not-found");
}
