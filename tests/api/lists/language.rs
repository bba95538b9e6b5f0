//! `lang` and `expand` of lists and of single records.

use serde_json::{Value, json};

use crate::support::answers::{id, with_query};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_language_is_served_with_its_fallbacks,
        what_was_read_in_a_language_can_be_sent_back,
        referred_records_are_embedded_once_and_only_where_seen,
    ]
}

fn a_language_is_served_with_its_fallbacks(app: &TestApp) {
    let admin = app.admin();
    let make = |names: Value, original: Value| {
        let mut body = make::office_body("x", "KR");
        body["names"] = names;
        body["original_language"] = original;
        id(&admin.create(OFFICES, &body))
    };
    let both = make(json!({ "ko": "서울", "en": "Seoul" }), json!("ko"));
    let mongolian = make(json!({ "mn": "Яам", "en": "Ministry" }), json!("mn"));
    let nothing_stated = make(json!({ "fr": "Bureau", "de": "Amt" }), Value::Null);
    let served = |office: &str, lang: &str| {
        let page = admin.get(&with_query(OFFICES, &[("lang", lang)])).expect(200).json();
        let item = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == office)
            .unwrap();
        let single = admin.get(&format!("{OFFICES}/{office}?lang={lang}")).expect(200).json();
        assert_eq!(
            (&single["name"], &single["language"]),
            (&item["name"], &item["language"])
        );
        (
            item["name"].as_str().unwrap().to_owned(),
            item["language"].as_str().unwrap().to_owned(),
        )
    };
    let expected = |text: &str, language: &str| (text.to_owned(), language.to_owned());
    assert_eq!(served(&both, "en"), expected("Seoul", "en"));
    assert_eq!(served(&both, "en-GB"), expected("Seoul", "en"), "its base");
    assert_eq!(served(&both, "mn"), expected("서울", "ko"), "the original");
    assert_eq!(served(&mongolian, "ko"), expected("Яам", "mn"));
    let (_, any) = served(&nothing_stated, "ko");
    assert!(["fr", "de"].contains(&any.as_str()), "any, but one that is there");

    let plain = admin.get(&format!("{OFFICES}/{both}")).expect(200);
    assert_eq!((plain.etag(), &plain.json()["name"]), ("\"v1\"", &Value::Null));
    let in_english = admin.get(&format!("{OFFICES}/{both}?lang=en")).expect(200);
    assert!(in_english.etag().starts_with("\"v1-"), "{}", in_english.etag());
    assert_ne!(
        in_english.etag(),
        admin.get(&format!("{OFFICES}/{both}?lang=ko")).etag()
    );
}

fn what_was_read_in_a_language_can_be_sent_back(app: &TestApp) {
    let admin = app.admin();
    let one = admin.create(OFFICES, &make::office_body("One", "KR"));
    let path = format!("{OFFICES}/{}", id(&one));
    let read = admin.get(&format!("{path}?lang=ko&expand=owner")).expect(200);
    let mut body = read.json();
    assert_eq!((&body["name"], &body["language"]), (&json!("One"), &json!("en")));
    assert_eq!(body["expanded"][id(&one)]["id"], one["id"]);
    let with_tag = admin.header("if-match", read.etag());
    assert_eq!(
        with_tag.put(&path, &body).expect(200).json()["version"],
        1,
        "nothing was changed"
    );
    body["city"] = json!("Seoul");
    let changed = with_tag.put(&path, &body).expect(200).json();
    assert_eq!(
        (&changed["version"], &changed["city"], &changed["name"]),
        (&json!(2), &json!("Seoul"), &Value::Null)
    );
}

fn referred_records_are_embedded_once_and_only_where_seen(app: &TestApp) {
    let admin = app.admin();
    let make_office = |name: &str, visibility: &str| {
        let mut body = make::office_body(name, "KR");
        body["visibility"] = json!(visibility);
        id(&admin.create(OFFICES, &body))
    };
    let a = make_office("A", "public");
    let b = make_office("B", "public");
    let hidden = make_office("Hidden", "private");
    let mou = |title: &str, parties: &[&str], parent: Value, visibility: &str| {
        let mut body = make::mou_body(title, parties);
        body["owner_office_id"] = json!(a);
        body["parent_mou_id"] = parent;
        body["visibility"] = json!(visibility);
        id(&admin.create(MOUS, &body))
    };
    let frame = mou("Frame", &[&a, &hidden], Value::Null, "private");
    let child = mou("Child", &[&a, &b, &hidden], json!(frame), "public");

    let expanded = |client: &crate::support::client::Client, path: &str, expand: &str| {
        let body = client.get(&with_query(path, &[("expand", expand)])).expect(200).json();
        let mut ids: Vec<String> = body["expanded"].as_object().unwrap().keys().cloned().collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<&String>| {
        ids.sort();
        ids.into_iter().cloned().collect::<Vec<_>>()
    };
    let office = app.client_for(&b, &make::every_scope());
    for path in [MOUS.to_owned(), format!("{MOUS}/{child}")] {
        let whole = sorted(vec![&a, &b, &hidden, &frame]);
        assert_eq!(expanded(&admin, &path, "owner,parties,parent"), whole);
        assert_eq!(expanded(&office, &path, "owner,parties,parent"), sorted(vec![&a, &b]));
        assert_eq!(expanded(&office, &path, "parent,predecessor"), Vec::<String>::new());
    }
    assert_eq!(office.get(MOUS).json()["expanded"], Value::Null, "only when asked for");
    let query = with_query(MOUS, &[("expand", "owner"), ("lang", "en")]);
    assert_eq!(office.get(&query).expect(200).json()["expanded"][&a]["name"], "A");
}
