//! DELETE: a tombstone, and the refusal while others refer to the record.

use serde_json::json;

use super::{matching, mou_path, office_path};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_deleted_record_is_gone_for_every_method,
        a_record_that_others_name_stays,
    ]
}

fn a_deleted_record_is_gone_for_every_method(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Short-lived"));
    let whole = admin.get(&path).json();
    admin.delete(&path).expect(428).problem("precondition-required");
    let deleted = matching(&admin, "\"v1\"").delete(&path).expect(204);
    assert_eq!(deleted.text, "");
    let any = matching(&admin, "*");
    for reply in [
        admin.get(&path),
        any.put(&path, &whole),
        any.patch(&path, &json!({"city": "X"})),
        any.delete(&path),
        any.post(&format!("{path}/restore"), &json!({"revision": 1})),
    ] {
        let problem = reply.expect(410).problem("record-deleted");
        let at = problem["deleted_at"].as_str().expect("when it was deleted");
        assert!(at > whole["created_at"].as_str().unwrap() && at.ends_with('Z'), "{at}");
    }
    let revisions = admin.get(&format!("{path}/revisions")).expect(200).json();
    let operations: Vec<_> = revisions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["operation"])
        .collect();
    assert_eq!(operations, [&json!("delete"), &json!("create")]);
    assert_eq!(admin.get(&format!("{path}/revisions/1")).expect(200).json(), whole);
    admin.get(&format!("{path}/revisions/2")).expect(404);
    let listed = admin.get(OFFICES).expect(200).json();
    assert_eq!(listed["items"], json!([]));
}

fn a_record_that_others_name_stays(app: &TestApp) {
    let admin = app.admin();
    let (one, other) = (new_office(&admin, "One"), new_office(&admin, "Other"));
    let mut body = make::mou_body("Binding", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    let mou = id(&admin.create(MOUS, &body));
    let before = traces(app);
    let problem = matching(&admin, "*")
        .delete(&office_path(&other))
        .expect(409)
        .problem("referenced");
    assert_eq!(problem["referrers"][0]["id"], json!(mou), "{problem:#}");
    assert_eq!(problem["hidden_referrers"], 0);
    assert_eq!(traces(app), before);
    // What refers to nothing any more lets go.
    matching(&admin, "*").delete(&mou_path(&mou)).expect(204);
    matching(&admin, "*").delete(&office_path(&other)).expect(204);
}
