//! The rules that only memoranda have, as far as edits can break them.

use serde_json::{Value, json};

use super::{assert_findings, matching, mou_path};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        two_signatories_are_needed_before_it_is_recorded,
        a_unit_does_not_sign_with_its_own_office,
        a_possible_duplicate_is_asked_about,
        the_signing_day_follows_from_the_parties,
        the_stage_moves_by_action_only,
        terms_fit_their_type,
        a_day_in_the_future_was_not_yet,
        a_draft_is_seen_by_its_owner_only,
        a_signatory_writes_its_own_part,
    ]
}

/// Two offices and a body of an MOU between them, owned by the first.
fn pair(admin: &Client, title: &str) -> (String, String, Value) {
    let (one, other) = (new_office(admin, "One"), new_office(admin, "Other"));
    let mut body = make::mou_body(title, &[&one, &other]);
    body["owner_office_id"] = json!(one);
    (one, other, body)
}

fn two_signatories_are_needed_before_it_is_recorded(app: &TestApp) {
    let admin = app.admin();
    let (_, other, mut body) = pair(&admin, "Alone");
    let role = format!("/parties/{other}/roles");
    body["parties"][&other] = json!({"roles": ["witness"]});
    let refused = |body: &Value, expected: &[(&str, &str)]| {
        assert_findings(admin.post(MOUS, body).expect(422), "invalid-document", expected);
    };
    refused(&body, &[("/parties", "too-few-signatories")]);
    body["parties"][&other] = json!({"roles": []});
    refused(&body, &[("/parties", "too-few-signatories"), (&role, "empty")]);
    body["parties"].as_object_mut().unwrap().remove(&other);
    refused(&body, &[("/parties", "too-few-signatories")]);
    // A draft may still look for them.
    body["stage"] = json!("draft");
    admin.post(MOUS, &body).expect(201);
}

fn a_unit_does_not_sign_with_its_own_office(app: &TestApp) {
    let admin = app.admin();
    let (one, other, _) = pair(&admin, "House");
    let unit = |name: &str, parent: &str| {
        let mut body = make::office_body(name, "KR");
        body["parent_id"] = json!(parent);
        id(&admin.create(OFFICES, &body))
    };
    let below = unit("Below", &one);
    let far_below = unit("Far below", &below);
    for parties in [[&one, &far_below], [&below, &far_below], [&one, &below]] {
        let mut body = make::mou_body("House", &[parties[0], parties[1]]);
        body["owner_office_id"] = json!(one);
        assert_findings(
            admin.post(MOUS, &body).expect(422),
            "invalid-document",
            &[("/parties", "same-house")],
        );
        body["parties"][&other] = json!({"roles": ["signatory"]});
        admin.post(&format!("{MOUS}?confirm_distinct=true"), &body).expect(201);
    }
}

fn a_possible_duplicate_is_asked_about(app: &TestApp) {
    let admin = app.admin();
    let (one, other, mut body) = pair(&admin, "Exchange");
    body["parties"][&one]["signed_on"] = json!("2021-01-27");
    body["parties"][&other]["signed_on"] = json!("2021-01-27");
    let first = id(&admin.create(MOUS, &body));
    let before = traces(app);
    let problem = admin.post(MOUS, &body).expect(409).problem("possible-duplicate");
    assert_eq!(problem["existing_id"], json!(first));
    assert_eq!(traces(app), before);
    let second = id(&admin
        .post(&format!("{MOUS}?confirm_distinct=true"), &body)
        .expect(201)
        .json());
    // Another kind, day or title, or another signatory, is another memorandum.
    let mut other_kind = body.clone();
    other_kind["kind"] = json!("agreement");
    admin.create(MOUS, &other_kind);
    let mut other_day = body.clone();
    other_day["parties"][&one]["signed_on"] = json!("2021-01-28");
    let third = id(&admin.create(MOUS, &other_day));
    let mut other_title = body.clone();
    other_title["titles"]["en"] = json!("Exchange of pupils");
    admin.create(MOUS, &other_title);
    // To edit one that was confirmed is no new question; to edit one into the likeness of another is.
    matching(&admin, "*")
        .patch(&mou_path(&second), &json!({"tags": ["x"]}))
        .expect(200);
    let back = json!({"parties": {&one: {"signed_on": "2021-01-27"}}});
    let path = mou_path(&third);
    matching(&admin, "*")
        .patch(&path, &back)
        .expect(409)
        .problem("possible-duplicate");
    matching(&admin, "*")
        .patch(&format!("{path}?confirm_distinct=true"), &back)
        .expect(200);
}

fn the_signing_day_follows_from_the_parties(app: &TestApp) {
    let admin = app.admin();
    let (one, other, mut body) = pair(&admin, "Signed");
    let witness = new_office(&admin, "Witness");
    body["parties"][&witness] = json!({"roles": ["witness"], "signed_on": "2021-12-31"});
    let path = mou_path(&id(&admin.create(MOUS, &body)));
    let sign = |office: &str, day: Value| {
        let patch = json!({"parties": {office: {"signed_on": day}}});
        matching(&admin, "*").patch(&path, &patch).expect(200).json()["signed_on"].clone()
    };
    assert_eq!(sign(&one, json!("2021-01-27")), json!(null));
    assert_eq!(sign(&other, json!("2021-01-05")), json!("2021-01-27"));
    // A month can mean its last day.
    assert_eq!(sign(&other, json!("2021-01")), json!("2021-01"));
    assert_eq!(sign(&other, json!("2020")), json!("2021-01-27"));
    assert_eq!(sign(&one, json!(null)), json!(null));
    let read = admin.get(&path).json();
    assert_eq!(
        (&read["signed_on"], &read["confirmation"]),
        (&json!(null), &json!("unconfirmed"))
    );
}

fn the_stage_moves_by_action_only(app: &TestApp) {
    let admin = app.admin();
    let (_, _, mut body) = pair(&admin, "Stages");
    for stage in ["proposed", "negotiating", "agreed", "concluded", "terminated", "void"] {
        body["stage"] = json!(stage);
        assert_findings(
            admin.post(MOUS, &body).expect(422),
            "invalid-document",
            &[("/stage", "stage-by-action")],
        );
    }
    body["stage"] = json!("draft");
    let path = mou_path(&id(&admin.create(MOUS, &body)));
    for stage in ["recorded", "concluded", "proposed"] {
        let reply = matching(&admin, "*")
            .patch(&path, &json!({ "stage": stage }))
            .expect(422);
        assert_findings(reply, "invalid-document", &[("/stage", "stage-by-action")]);
    }
    // What is empty falls back to `draft`, which is what it is.
    matching(&admin, "\"v1\"")
        .patch(&path, &json!({"stage": "draft"}))
        .expect(200);
    assert_eq!(admin.get(&path).etag(), "\"v1\"");
}

fn terms_fit_their_type(app: &TestApp) {
    let admin = app.admin();
    let (_, _, mut body) = pair(&admin, "Terms");
    let fixed = ("/terms/effective/to", "fixed-without-end");
    for (terms, expected) in [
        (
            json!({"term_type": "evergreen", "effective": {"from": "2020", "to": "2023"}}),
            Some(("/terms/effective/to", "evergreen-with-end")),
        ),
        (
            json!({"term_type": "evergreen", "effective": {"from": "2020", "open": true}}),
            None,
        ),
        (
            json!({"term_type": "fixed", "effective": {"from": "2020", "open": true}}),
            Some(fixed),
        ),
        (
            json!({"term_type": "fixed", "effective": {"from": "2020", "to": "2023"}}),
            None,
        ),
        // Of the past one may know that there was an end, and not which.
        (json!({"term_type": "fixed", "effective": {"from": "2020"}}), None),
        (json!({"term_type": "auto_renew", "effective": {"to": "2023"}}), None),
        (
            json!({"effective": {"from": "2023-05", "to": "2023-04"}}),
            Some(("/terms/effective/to", "period-reversed")),
        ),
    ] {
        body["terms"] = terms;
        let reply = admin.post(&format!("{MOUS}?confirm_distinct=true"), &body);
        match expected {
            None => drop(reply.expect(201)),
            Some(finding) => assert_findings(reply.expect(422), "invalid-document", &[finding]),
        }
    }
}

fn a_day_in_the_future_was_not_yet(app: &TestApp) {
    let admin = app.admin();
    let (one, _, mut body) = pair(&admin, "Future");
    body["parties"][&one]["signed_on"] = json!("2999-01-01");
    body["contributions"] = json!({"gift": {"kind": "money", "on": "2999"}});
    let signed = format!("/parties/{one}/signed_on");
    let expected = [("/contributions/gift/on", "in-future"), (signed.as_str(), "in-future")];
    assert_findings(admin.post(MOUS, &body).expect(422), "invalid-document", &expected);
}

fn a_draft_is_seen_by_its_owner_only(app: &TestApp) {
    let admin = app.admin();
    let (one, other, mut body) = pair(&admin, "Draft");
    body["stage"] = json!("draft");
    let path = mou_path(&id(&admin.create(MOUS, &body)));
    app.client_for(&one, &make::every_scope()).get(&path).expect(200);
    let party = app.client_for(&other, &make::every_scope());
    party.get(&path).expect(404);
    party.get(&format!("{path}/revisions")).expect(404);
    matching(&party, "*").patch(&path, &json!({"tags": ["x"]})).expect(404);
    assert_eq!(party.get(MOUS).json()["items"], json!([]));
}

fn a_signatory_writes_its_own_part(app: &TestApp) {
    let admin = app.admin();
    let (one, other, body) = pair(&admin, "Parts");
    let path = mou_path(&id(&admin.create(MOUS, &body)));
    let party = matching(&app.client_for(&other, &make::every_scope()), "*");
    let own = json!({"parties": {&other: {"local_ref": "B-2", "signed_on": "2020", "signatories": {"head": {"name": {"en": "B"}}}}}});
    assert_eq!(party.patch(&path, &own).expect(200).json()["version"], 2);
    let foreign = json!({"parties": {&other: {"local_ref": "B-3", "roles": ["witness", "signatory"]}, &one: {"local_ref": "A-1"}}, "tags": ["x"]});
    let roles = format!("/parties/{other}/roles");
    let reference = format!("/parties/{one}/local_ref");
    assert_findings(
        party.patch(&path, &foreign).expect(403),
        "not-your-part",
        &[
            ("/tags", "not-your-part"),
            (&roles, "not-your-part"),
            (&reference, "not-your-part"),
        ],
    );
    assert_eq!(admin.get(&path).etag(), "\"v2\"");
}
