//! The door of all actions: the body, the scope, the version.

use serde_json::json;

use super::{act, transfer_to};
use crate::support::answers::pointers;
use crate::support::parties::{Parties, any};
use crate::support::paths::MOUS;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_body_that_names_no_action_is_told_which_there_are,
        members_of_another_action_are_refused,
        a_stale_action_shows_the_record,
    ]
}

fn a_body_that_names_no_action_is_told_which_there_are(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    for (body, code) in [
        (json!({"reason": "x"}), "required"),
        (json!({"action": 7}), "required"),
        (json!({"action": "transferr"}), "unknown-code"),
    ] {
        let problem = act(&parties.a.client, &mou, &body)
            .expect(422)
            .problem("invalid-document");
        let error = &problem["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/action"), &json!(code)));
        let allowed: Vec<&str> = error["allowed"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|name| name.as_str())
            .collect();
        assert!(
            allowed.contains(&"transfer") && !allowed.contains(&"merge_into"),
            "{allowed:?}"
        );
    }
    let suggested = act(&parties.a.client, &mou, &json!({"action": "transferr"})).json();
    assert_eq!(suggested["errors"][0]["suggestion"], "transfer");
}

fn members_of_another_action_are_refused(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let mut body = transfer_to(&parties.unit.id);
    body["pointer"] = json!("/titles/en");
    body.as_object_mut().unwrap().remove("reason");
    let problem = act(&parties.a.client, &mou, &body)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(pointers(&problem), ["/pointer", "/reason"], "all at once");
    let blank = json!({"action": "transfer", "to_office_id": "ext:erp:1", "reason": "  "});
    let problem = act(&parties.a.client, &mou, &blank)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(pointers(&problem), ["/reason"]);
    let unknown = json!({"action": "transfer", "to_office_id": "ext:erp:1", "reason": "x"});
    let problem = act(&parties.a.client, &mou, &unknown)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(pointers(&problem), ["/to_office_id"]);
}

fn a_stale_action_shows_the_record(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let actions = format!("{path}/actions");
    let body = transfer_to(&parties.unit.id);
    any(&parties.a.client).patch(&path, &json!({"tags": ["x"]})).expect(200);
    let stale = parties.a.client.header("if-match", "\"v1\"").post(&actions, &body);
    let problem = stale.expect(412).problem("version-conflict");
    assert_eq!(
        (&problem["current"]["version"], &problem["merged"]),
        (&json!(2), &json!(null))
    );
    let done = parties
        .a
        .client
        .header("if-match", "\"v2\"")
        .post(&actions, &body)
        .expect(200);
    assert_eq!((done.etag(), &done.json()["version"]), ("\"v3\"", &json!(3)));
}
