//! A record that breaks a rule which is newer than it: it is read, sent back, and changed everywhere else.

use eduaccord::app::{KINDS, blueprint};
use eduaccord::verify::{RuleWarning, check_rules};
use serde_json::{Value, json};

use super::office_path;
use crate::support::answers::pointers;
use crate::support::make::new_office;
use crate::support::older::make_older;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        only_what_a_write_touches_is_held_against_it,
        a_text_in_another_normal_form_is_no_change,
        the_program_lists_what_breaks_a_rule,
    ]
}

fn warnings(app: &TestApp) -> Vec<RuleWarning> {
    check_rules(app.database(), KINDS, &blueprint().unwrap().contracts).expect("the database can be read")
}

fn only_what_a_write_touches_is_held_against_it(app: &TestApp) {
    // What it answers breaks the schema of today.
    let admin = app.admin().unchecked();
    let path = office_path(&new_office(&admin, "Office"));
    assert_eq!(warnings(app), []);
    make_older(app.database(), 0, &|document| {
        document["website"] = json!("no address");
        document["valid"] = json!({"from": "2020", "to": "2010", "open": false});
    });
    let told: Vec<_> = warnings(app)
        .into_iter()
        .map(|warning| (warning.pointer, warning.code))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1], ("/website".to_owned(), "invalid-uri".to_owned()));

    let got = admin.get(&path).expect(200);
    assert_eq!(got.json()["website"], json!("no address"));
    let put = admin.header("if-match", got.etag()).put(&path, &got.json()).expect(200);
    assert_eq!((put.etag(), put.json()), (got.etag(), got.json()));
    let changed = any(&admin).patch(&path, &json!({"city": "Busan"})).expect(200).json();
    assert_eq!(
        (&changed["website"], &changed["version"]),
        (&json!("no address"), &json!(2))
    );
    let mut body = changed.clone();
    body["city"] = json!("Seoul");
    any(&admin).put(&path, &body).expect(200);

    let refused = |patch: &Value| pointers(&any(&admin).patch(&path, patch).expect(422).problem("invalid-document"));
    assert_eq!(refused(&json!({"website": "nor this"})), ["/website"]);
    assert_eq!(refused(&json!({"valid": {"from": "2021"}, "city": "Busan"})).len(), 1);
    assert_eq!(
        refused(&json!({"contacts": {"a": {"function": "general"}}})),
        ["/contacts/a"]
    );
    any(&admin)
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(200);
    any(&admin)
        .patch(&path, &json!({"website": "https://a.example/", "valid": {"to": null}}))
        .expect(200);
    assert_eq!(warnings(app), []);
    assert_eq!(refused(&json!({"website": "no address"})), ["/website"]);
    assert_clean(app.database());
}

fn a_text_in_another_normal_form_is_no_change(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Office"));
    make_older(app.database(), 0, &|document| {
        document["location"] = json!({"address": {"fr": "Cafe\u{301}"}})
    });
    let got = admin.get(&path).expect(200);
    assert_eq!(got.json()["location"]["address"]["fr"], json!("Cafe\u{301}"));
    let put = admin.header("if-match", got.etag()).put(&path, &got.json()).expect(200);
    assert_eq!(put.etag(), got.etag());
    let mut body = got.json();
    body["website"] = json!("https://a.example/");
    any(&admin).put(&path, &body).expect(200);
    let diff = admin.get(&format!("{path}/diff?from=1&to=2")).expect(200).json();
    assert_eq!(diff["patch"], json!({"website": "https://a.example/"}));
    // Somebody who edits the first version meets no overlap there.
    let stale = admin.header("if-match", "\"v1\"").patch(
        &path,
        &json!({"location": {"address": {"fr": "Caf\u{e9}"}}, "tags": ["x"]}),
    );
    assert_eq!(stale.expect(412).problem("version-conflict")["overlaps"], json!([]));
    assert_clean(app.database());
}

fn the_program_lists_what_breaks_a_rule(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let id = app.admin().create(OFFICES, &make::office_body("Office", "KR"))["id"].clone();
    let verify = |arguments: &[&str]| {
        let ended = world.command(&database, arguments).output().expect("it runs");
        (ended.status.code(), String::from_utf8_lossy(&ended.stdout).into_owned())
    };
    let (code, text) = verify(&["verify", "--rules"]);
    assert!(code == Some(0) && text.contains("keeps the rules of today"), "{text}");
    make_older(app.database(), 0, &|document| document["website"] = json!("no address"));
    let (code, text) = verify(&["verify", "--rules"]);
    assert_eq!(code, Some(0), "{text}");
    for word in [id.as_str().expect("an id"), "/website", "invalid-uri", "pointer"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let report: Value = serde_json::from_str(&verify(&["verify", "--rules", "--json"]).1).expect("an object");
    assert_eq!(report["damage"], json!([]));
    assert_eq!(report["warnings"][0]["record_id"], id);
    assert_eq!(report["warnings"][0]["kind"], json!("office"));
    let report: Value = serde_json::from_str(&verify(&["verify", "--json"]).1).expect("an object");
    assert!(report.get("warnings").is_none());
}
