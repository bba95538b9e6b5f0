//! Entity tags: one for each form of a record, the same wherever the record stands.

use serde_json::{Value, json};

use super::office_path;
use crate::api::feed::read;
use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_record_beside_others_carries_its_tag,
        what_is_withheld_makes_another_tag,
        coded_content_has_a_tag_of_its_own,
        a_tag_of_another_history_matches_nothing,
    ]
}

/// The record without the tag that it carries.
fn apart(mut record: Value) -> (Value, String) {
    let tag = record.as_object_mut().expect("a record").remove("etag").expect("a tag");
    (record, tag.as_str().expect("a text").to_owned())
}

fn a_record_beside_others_carries_its_tag(app: &TestApp) {
    let admin = app.admin();
    let parent = new_office(&admin, "Parent");
    let mut body = make::office_body("Unit", "KR");
    body["parent_id"] = json!(parent);
    let unit = admin.create(OFFICES, &body)["id"].as_str().unwrap().to_owned();
    any(&admin)
        .patch(&office_path(&unit), &json!({"city": "Seoul"}))
        .expect(200);
    let got = admin.get(&office_path(&unit)).expect(200);
    assert_eq!(got.etag(), "\"v2\"");
    assert!(got.json().get("etag").is_none(), "the header says it");
    let alone = (got.json(), got.etag().to_owned());

    let list = admin
        .get(&format!("{OFFICES}?expand=parent&parent={parent}"))
        .expect(200)
        .json();
    assert_eq!(apart(list["items"][0].clone()), alone);
    let above = admin.get(&office_path(&parent)).expect(200);
    assert_eq!(
        apart(list["expanded"][&parent].clone()),
        (above.json(), "\"v1\"".to_owned())
    );
    let feed = read(&admin, &[]);
    assert_eq!(apart(feed["items"][2]["record"].clone()), alone);
    assert_eq!(apart(feed["items"][1]["record"].clone()).1, "\"v1\"");
    let stale = admin
        .header("if-match", "\"v1\"")
        .delete(&office_path(&unit))
        .expect(412);
    assert_eq!(stale.etag(), "\"v2\"");
    assert_eq!(apart(stale.problem("version-conflict")["current"].clone()), alone);
    // In another language it is another form, with the tag that a read of that form has.
    let list = admin
        .get(&format!("{OFFICES}?lang=en&parent={parent}"))
        .expect(200)
        .json();
    let read = admin.get(&format!("{}?lang=en", office_path(&unit))).expect(200);
    assert_eq!(apart(list["items"][0].clone()), (read.json(), read.etag().to_owned()));
    assert!(read.etag().starts_with("\"v2-"));

    // It may be sent back, as it came.
    let item = admin.get(&format!("{OFFICES}?parent={parent}")).expect(200).json()["items"][0].clone();
    let (_, tag) = apart(item.clone());
    let put = admin
        .header("if-match", &tag)
        .put(&office_path(&unit), &item)
        .expect(200);
    assert_eq!(put.etag(), "\"v2\"");
}

fn what_is_withheld_makes_another_tag(app: &TestApp) {
    let admin = app.admin();
    let (owner, other) = (new_office(&admin, "Owner"), new_office(&admin, "Other"));
    let count = json!({"value": 3, "qualifier": "exact"});
    let program = |sensitive: bool| {
        let body = json!({"titles": {"en": "Training"}, "kind": "training", "sensitive": sensitive,
            "owner_office_id": owner, "offices": {&owner: {"roles": ["lead"]}},
            "sessions": {"s": {"state": "planned", "participation": {"p": {"unit": "person", "count": count}}}}});
        let id = admin.create("/api/v1/programs", &body)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        format!("/api/v1/programs/{id}")
    };
    let (open, sensitive) = (program(false), program(true));
    let other = app.client_for(&other, &["programs:read", "programs:write"]);
    let tag = |client: &Client, path: &str| client.get(path).expect(200).etag().to_owned();
    assert_eq!(
        (tag(&admin, &open), tag(&other, &open)),
        ("\"v1\"".to_owned(), "\"v1\"".to_owned())
    );
    assert_eq!(tag(&admin, &sensitive), "\"v1\"");
    assert!(tag(&other, &sensitive).starts_with("\"v1-"));
    for item in other.get("/api/v1/programs").expect(200).json()["items"]
        .as_array()
        .unwrap()
    {
        let path = format!("/api/v1/programs/{}", item["id"].as_str().unwrap());
        assert_eq!(apart(item.clone()).1, tag(&other, &path));
    }
    let stale = other
        .header("if-match", "\"v9\"")
        .patch(&sensitive, &json!({"tags": ["x"]}))
        .expect(412);
    let named = tag(&other, &sensitive);
    assert_eq!(stale.etag(), named);
    assert_eq!(apart(stale.problem("version-conflict")["current"].clone()).1, named);
}

fn coded_content_has_a_tag_of_its_own(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Office"));
    // The content is bytes that nobody decodes here.
    let coded = admin.unchecked().header("accept-encoding", "gzip");
    for (path, plain) in [
        (path.clone(), "\"v1\"".to_owned()),
        (OFFICES.to_owned(), admin.get(OFFICES).expect(200).etag().to_owned()),
    ] {
        let got = coded.get(&path).expect(200);
        assert_eq!(got.header("content-encoding"), Some("gzip"));
        let tag = got.etag().to_owned();
        assert_eq!(tag, format!("{}-gzip\"", plain.trim_end_matches('"')));
        let again = coded.header("if-none-match", &tag).get(&path).expect(304);
        assert_eq!(again.etag(), tag);
        // Whoever holds the plain content holds what is there, too.
        assert_eq!(
            coded.header("if-none-match", &plain).get(&path).expect(304).etag(),
            plain
        );
        // Whoever takes no coded content gets the plain one.
        let other = admin.header("if-none-match", &tag).get(&path).expect(200);
        assert_eq!((other.etag(), other.header("content-encoding")), (plain.as_str(), None));
    }
    // Another coding is other bytes still.
    for (accepted, coding) in [("deflate", "deflate"), ("deflate;q=0.5, gzip", "gzip")] {
        let caller = admin.unchecked().header("accept-encoding", accepted);
        let got = caller.get(&path).expect(200);
        assert_eq!(got.header("content-encoding"), Some(coding));
        let tag = got.etag().to_owned();
        assert_eq!(tag, format!("\"v1-{coding}\""));
        assert_eq!(caller.header("if-none-match", &tag).get(&path).expect(304).etag(), tag);
    }
    let changed = admin
        .header("if-match", "\"v1-gzip\"")
        .patch(&path, &json!({"city": "Seoul"}));
    assert_eq!(changed.expect(200).etag(), "\"v2\"");
}

fn a_tag_of_another_history_matches_nothing(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Office"));
    for tag in ["\"v1~a\"", "W/\"v1~a-0b\""] {
        let stale = admin.header("if-match", tag);
        stale
            .patch(&path, &json!({"city": "Seoul"}))
            .expect(412)
            .problem("version-conflict");
        stale.delete(&path).expect(412).problem("version-conflict");
        admin.header("if-none-match", tag).get(&path).expect(200);
    }
    admin
        .header("if-match", "\"v1~\"")
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(400)
        .problem("invalid-header");
    any(&admin).patch(&path, &json!({"city": "Seoul"})).expect(200);
}
