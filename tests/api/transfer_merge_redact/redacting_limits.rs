//! What can be redacted, by whom, and what `verify` says of it.

use serde_json::{Value, json};

use super::redacting::{CANARY, HOLE, assert_nowhere, headed, redact};
use super::{act, assert_found, assert_verified};
use crate::support::answers::{id, pointers};
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        null_stands_where_no_text_can,
        what_cannot_be_redacted_says_why,
        verification_accepts_these_changes_and_no_others,
    ]
}

fn null_stands_where_no_text_can(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("With contacts", "KR");
    body["contacts"] = json!({
        "main": {"function": "general", "email": "gildong@example.org", "telephone": "+82 2 123"},
        "only": {"function": "general", "email": "gildong@example.org"},
    });
    body["posts"] = json!({"head": {"post": "head", "holder": {"en": "A"}, "term": 2}});
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &body)));
    let record = act(&parties.registry, &path, &redact("/contacts/main/email"))
        .expect(200)
        .json();
    assert_eq!(record["contacts"]["main"]["email"], Value::Null);
    let first = parties.a.client.get(&format!("{path}/revisions/1")).json();
    assert_eq!(first["contacts"]["main"]["email"], Value::Null);
    let record = act(&parties.registry, &path, &redact("/contacts/main/telephone"))
        .expect(200)
        .json();
    assert_eq!(record["contacts"]["main"]["telephone"], HOLE);
    let record = act(&parties.registry, &path, &redact("/posts/head/term"))
        .expect(200)
        .json();
    assert_eq!(record["posts"]["head"]["term"], Value::Null);
    // The only way to reach it may not be missing: the rule is told.
    let problem = act(&parties.registry, &path, &redact("/contacts/only/email"))
        .expect(422)
        .problem("invalid-document");
    assert!(
        problem["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("at least one of `email`"),
        "{problem}"
    );
    any(&parties.a.client)
        .patch(&path, &json!({"contacts": {"only": {"telephone": "+82 2 124"}}}))
        .expect(200);
    act(&parties.registry, &path, &redact("/contacts/only/email")).expect(200);
    assert_nowhere(app, &path, "gildong@example.org");
}

fn what_cannot_be_redacted_says_why(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = headed(CANARY);
    body["parent_id"] = json!(parties.a.id);
    body["successor_ids"] = json!([parties.b.id]);
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &body)));
    let before = parties.registry.get(&path).json();
    for (pointer, code) in [
        ("/id", "cannot-be-redacted"),
        ("/created_at", "cannot-be-redacted"),
        ("/owner_office_id", "cannot-be-redacted"),
        ("/parent_id", "cannot-be-redacted"),
        ("/successor_ids", "cannot-be-redacted"),
        ("/successor_ids/0", "cannot-be-redacted"),
        ("/kind", "cannot-be-redacted"),
        ("/visibility", "cannot-be-redacted"),
        ("/posts/head/post", "cannot-be-redacted"),
        ("/posts/head/holder/fr", "unknown-pointer"),
        ("/nothing", "unknown-pointer"),
        ("/website", "unknown-pointer"),
        ("posts", "pattern"),
        ("/posts/~2", "pattern"),
    ] {
        let problem = act(&parties.registry, &path, &redact(pointer))
            .expect(422)
            .problem("invalid-document");
        assert_eq!(
            (pointers(&problem), &problem["errors"][0]["code"]),
            (vec!["/pointer".to_owned()], &json!(code)),
            "{pointer}"
        );
    }
    assert_eq!(parties.registry.get(&path).json(), before);
    assert_verified(app);
}

fn verification_accepts_these_changes_and_no_others(app: &TestApp) {
    let parties = Parties::new(app);
    let office = id(&parties.a.client.create(OFFICES, &headed(CANARY)));
    let path = format!("{OFFICES}/{office}");
    any(&parties.a.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    act(&parties.registry, &path, &redact("/posts/head/holder/en")).expect(200);
    act(&parties.registry, &path, &redact("/posts/head/holder/ko")).expect(200);
    assert_verified(app);
    let mut look = Look::into(app.database().url());
    assert_eq!(look.number("SELECT count(*) AS number FROM redactions"), 2 + 3);
    let other = &parties.b.id;
    for (table, statement) in [
        (
            "revisions",
            format!(
                "UPDATE revisions SET document = replace(document, 'Somebody', 'Nobody') WHERE record_id = '{office}' AND version = 1"
            ),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET digest = 'sha256:0' WHERE record_id = '{office}' AND version = 1"),
        ),
        ("redactions", "DELETE FROM redactions".to_owned()),
        ("redactions", "DELETE FROM redactions WHERE version = 1".to_owned()),
        (
            "redactions",
            "UPDATE redactions SET digest_before = digest_after".to_owned(),
        ),
        (
            "redactions",
            "UPDATE redactions SET digest_after = digest_before WHERE version = 3".to_owned(),
        ),
        (
            "redactions",
            "UPDATE redactions SET pointer = '/city' WHERE version = 1".to_owned(),
        ),
        (
            "redactions",
            "UPDATE redactions SET at = '2020-01-01T00:00:00.000000Z' WHERE version = 1".to_owned(),
        ),
        (
            "redactions",
            "UPDATE redactions SET audit_seq = audit_seq + 1 WHERE version = 2".to_owned(),
        ),
        // A forged one, for a revision that was never redacted.
        (
            "redactions",
            format!(
                "INSERT INTO redactions SELECT record_id, version, 1, '/city', digest, digest, at FROM revisions WHERE record_id = '{other}'"
            ),
        ),
        (
            "redactions",
            format!(
                "INSERT INTO redactions SELECT r.record_id, r.version, x.audit_seq, '/city', r.digest, r.digest, x.at FROM revisions r, redactions x WHERE r.record_id = '{office}' AND r.version = 4 AND x.version = 3"
            ),
        ),
    ] {
        assert_found(app, &mut look, table, &statement);
    }
}
