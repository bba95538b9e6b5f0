//! `Idempotency-Key`: a repeat has one effect.

use serde_json::json;

use super::{MOUS, OFFICES, id_of, matching, new_office, office_path, together, traces};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_repeat_gets_the_first_answer,
        another_body_is_refused,
        twins_have_one_effect,
        errors_are_not_stored,
        a_key_belongs_to_its_client,
        a_repeated_restore_gets_the_first_answer,
        a_rehearsal_leaves_nothing,
        a_key_must_be_a_word,
    ]
}

fn a_repeat_gets_the_first_answer(app: &TestApp) {
    let admin = app.admin().header("idempotency-key", "key-1");
    let body = make::office_body("Once", "KR");
    let first = admin.post(OFFICES, &body).expect(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    let after = traces(app);
    // The key may stand in quotes, as the draft of its standard has it.
    for key in ["key-1", "\"key-1\""] {
        let again = admin.header("idempotency-key", key).post(OFFICES, &body).expect(201);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.text, first.text);
        for header in ["location", "etag", "content-type"] {
            assert_eq!(again.header(header), first.header(header), "{header}");
        }
    }
    assert_eq!(traces(app), after);
}

fn another_body_is_refused(app: &TestApp) {
    let admin = app.admin().header("idempotency-key", "key-1");
    admin.post(OFFICES, &make::office_body("First", "KR")).expect(201);
    let after = traces(app);
    let other = make::office_body("Second", "KR");
    admin
        .post(OFFICES, &other)
        .expect(422)
        .problem("idempotency-key-reused");
    assert_eq!(traces(app), after);
    // Another operation is another request.
    let (one, two) = (new_office(&app.admin(), "One"), new_office(&app.admin(), "Two"));
    let mut mou = make::mou_body("Beside", &[&one, &two]);
    mou["owner_office_id"] = json!(one);
    admin.post(MOUS, &mou).expect(201);
}

fn twins_have_one_effect(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let before = traces(&app);
    let keyed = admin.header("idempotency-key", "twins");
    let body = make::office_body("Once", "KR");
    let replies = together(16, |_| keyed.post(OFFICES, &body).expect(201));
    let replayed = replies
        .iter()
        .filter(|reply| reply.header("idempotent-replayed") == Some("true"))
        .count();
    assert_eq!(replayed, 15);
    assert!(replies.iter().all(|reply| reply.text == replies[0].text));
    let after = traces(&app);
    assert_eq!(
        (after[0] - before[0], after[1] - before[1], after[4] - before[4]),
        (1, 1, 1)
    );
}

fn errors_are_not_stored(app: &TestApp) {
    let admin = app.admin();
    let keyed = admin.header("idempotency-key", "key-1");
    keyed.post(OFFICES, &make::office_body("", "KR")).expect(422);
    let mut body = make::office_body("Twice", "KR");
    body["identifiers"] = json!({"own": "7"});
    let holder = id_of(&admin.create(OFFICES, &body));
    // Refused inside the transaction, too.
    keyed.post(OFFICES, &body).expect(422).problem("invalid-document");
    matching(&admin, "*").delete(&office_path(&holder)).expect(204);
    let made = keyed.post(OFFICES, &body).expect(201);
    assert_eq!(made.header("idempotent-replayed"), None);
}

fn a_key_belongs_to_its_client(app: &TestApp) {
    let admin = app.admin();
    let office = new_office(&admin, "Home");
    let body = make::office_body("Unit", "KR");
    let callers = [
        app.client_for(&office, &make::every_scope()),
        app.client_for(&office, &make::every_scope()),
    ];
    let [first, second] = callers.map(|caller| {
        caller
            .header("idempotency-key", "key-1")
            .post(OFFICES, &body)
            .expect(201)
    });
    assert_eq!(second.header("idempotent-replayed"), None);
    assert_ne!(first.json()["id"], second.json()["id"]);
}

fn a_repeated_restore_gets_the_first_answer(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Restored"));
    matching(&admin, "\"v1\"")
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    let keyed = matching(&admin, "\"v2\"").header("idempotency-key", "key-1");
    let restore = || keyed.post(&format!("{path}/restore"), &json!({"revision": 1}));
    let first = restore().expect(200);
    assert_eq!(first.etag(), "\"v3\"");
    let after = traces(app);
    let again = restore().expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!((again.text.as_str(), again.etag()), (first.text.as_str(), "\"v3\""));
    assert_eq!(traces(app), after);
}

fn a_rehearsal_leaves_nothing(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Real"));
    matching(&admin, "*")
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    let before = traces(app);
    let listed = admin.get(OFFICES).json();
    let keyed = matching(&admin, "*").header("idempotency-key", "rehearsal");
    let made = keyed
        .post(&format!("{OFFICES}?dry_run=true"), &make::office_body("Unreal", "KR"))
        .expect(201);
    let replies = [
        keyed
            .patch(&format!("{path}?dry_run=true"), &json!({"city": "Busan"}))
            .expect(200),
        keyed
            .put(&format!("{path}?dry_run=true"), &{
                let mut whole = admin.get(&path).json();
                whole["city"] = json!("Busan");
                whole
            })
            .expect(200),
        keyed
            .post(&format!("{path}/restore?dry_run=true"), &json!({"revision": 1}))
            .expect(200),
        keyed.delete(&format!("{path}?dry_run=true")).expect(204),
    ];
    for reply in replies.iter().chain([&made]) {
        assert_eq!(reply.header("dry-run"), Some("true"));
    }
    assert_eq!(replies[0].json()["city"], "Busan");
    assert_eq!(traces(app), before);
    assert_eq!(admin.get(OFFICES).json(), listed);
    admin.get(&office_path(&id_of(&made.json()))).expect(404);
    // A rehearsal refuses what the real thing refuses.
    keyed
        .post(&format!("{OFFICES}?dry_run=true"), &make::office_body("", "KR"))
        .expect(422);
    keyed
        .post(&format!("{OFFICES}?dry_run=maybe"), &make::office_body("X", "KR"))
        .expect(400);
    // And keeps no key.
    keyed.post(OFFICES, &make::office_body("Unreal", "KR")).expect(201);
}

fn a_key_must_be_a_word(app: &TestApp) {
    let admin = app.admin();
    let before = traces(app);
    for key in ["", "\"\"", "two words", &"k".repeat(256)] {
        let reply = admin
            .header("idempotency-key", key)
            .post(OFFICES, &make::office_body("Key", "KR"));
        reply.expect(400).problem("invalid-header");
    }
    assert_eq!(traces(app), before);
    admin
        .header("idempotency-key", &"k".repeat(255))
        .post(OFFICES, &make::office_body("Key", "KR"))
        .expect(201);
}
