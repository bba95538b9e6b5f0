//! The door of all actions: the body, the scope, the version.

use serde_json::json;

use super::{act, transfer_to};
use crate::support::answers::{masked, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_body_that_names_no_action_is_told_which_there_are,
        members_of_another_action_are_refused,
        a_version_must_be_named_and_fit,
        an_action_needs_the_scope_that_writes_the_kind,
        a_hidden_record_answers_as_one_that_is_not_there,
        a_repeat_is_answered_once_more_and_a_rehearsal_keeps_nothing,
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

fn a_version_must_be_named_and_fit(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let actions = format!("{path}/actions");
    let body = transfer_to(&parties.b.id);
    parties
        .a
        .client
        .post(&actions, &body)
        .expect(428)
        .problem("precondition-required");
    any(&parties.a.client).patch(&path, &json!({"tags": ["x"]})).expect(200);
    let stale = parties.a.client.header("if-match", "\"v1\"").post(&actions, &body);
    let problem = stale.expect(412).problem("version-conflict");
    assert_eq!(
        (&problem["current"]["version"], &problem["merged"]),
        (&json!(2), &json!(null))
    );
    // Who may not do it is not told what has changed.
    let stale = parties.b.client.header("if-match", "\"v1\"").post(&actions, &body);
    stale.expect(403).problem("not-your-part");
    let done = parties
        .a
        .client
        .header("if-match", "\"v2\"")
        .post(&actions, &body)
        .expect(200);
    assert_eq!((done.etag(), &done.json()["version"]), ("\"v3\"", &json!(3)));
}

fn an_action_needs_the_scope_that_writes_the_kind(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let reader = app.client_for(&parties.a.id, &["mous:read", "offices:write", "admin"]);
    let problem = act(&reader, &path, &transfer_to(&parties.b.id))
        .expect(403)
        .problem("missing-scope");
    assert_eq!(problem["missing_scopes"], json!(["mous:write"]));
    let writer = app.client_for(&parties.a.id, &["mous:write"]);
    act(&writer, &path, &transfer_to(&parties.b.id)).expect(200);
}

fn a_hidden_record_answers_as_one_that_is_not_there(app: &TestApp) {
    let parties = Parties::new(app);
    let hidden = parties.mou("Hidden", "private", "recorded");
    let absent = hidden[..hidden.len() - 6].to_owned() + "zzzzzz";
    let body = transfer_to(&parties.c.id);
    let of_hidden = act(&parties.c.client, &format!("{MOUS}/{hidden}"), &body).expect(404);
    let of_absent = act(&parties.c.client, &format!("{MOUS}/{absent}"), &body).expect(404);
    assert_eq!(masked(&of_hidden, &hidden), masked(&of_absent, &absent));
    act(&parties.c.client, &format!("{OFFICES}/{hidden}"), &body)
        .expect(400)
        .problem("invalid-id");
}

fn a_repeat_is_answered_once_more_and_a_rehearsal_keeps_nothing(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let body = transfer_to(&parties.b.id);
    let tried = any(&parties.a.client)
        .post(&format!("{path}/actions?dry_run=true"), &body)
        .expect(200);
    assert_eq!(
        (tried.header("dry-run"), &tried.json()["version"]),
        (Some("true"), &json!(2))
    );
    assert_eq!(parties.a.client.get(&path).json()["version"], 1);

    let keyed = parties
        .a
        .client
        .header("if-match", "\"v1\"")
        .header("idempotency-key", "k-1");
    let first = keyed.post(&format!("{path}/actions"), &body).expect(200);
    let again = keyed.post(&format!("{path}/actions"), &body).expect(200);
    assert_eq!(
        (&again.text, again.header("idempotent-replayed")),
        (&first.text, Some("true"))
    );
    assert_eq!(parties.a.client.get(&path).json()["version"], 2);
}
