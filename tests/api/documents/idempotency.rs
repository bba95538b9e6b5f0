//! `Idempotency-Key`: a repeat has one effect.

use serde_json::json;

use super::{matching, office_path, together};
use crate::support::answers::id;
use crate::support::client::{Client, Reply};
use crate::support::make::new_office;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::traces;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_repeat_gets_the_first_answer,
        another_body_is_refused,
        twins_have_one_effect,
        errors_are_not_stored,
        a_key_belongs_to_its_client,
        a_rehearsal_leaves_nothing,
        a_key_must_be_a_word,
        a_repeat_is_a_read_of_today,
        a_repeat_shows_no_version_that_was_narrower,
        a_repeat_withholds_what_a_read_withholds,
        a_repeat_tells_that_the_record_has_ended,
        a_repeat_shows_a_client_to_those_who_manage_it,
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
    let holder = id(&admin.create(OFFICES, &body));
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

fn a_rehearsal_leaves_nothing(app: &TestApp) {
    let admin = app.admin();
    let keyed = admin.header("idempotency-key", "rehearsal");
    let made = keyed
        .post(&format!("{OFFICES}?dry_run=true"), &make::office_body("Unreal", "KR"))
        .expect(201);
    admin.get(&office_path(&id(&made.json()))).expect(404);
    // A dry run refuses what the real thing refuses.
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

/// Makes the caller act for another office, as the registry may.
#[track_caller]
fn move_client(app: &TestApp, caller: &Client, office: &str) {
    let me = caller.get("/api/v1/me").expect(200).json();
    let path = format!("/api/v1/clients/{}", me["client_id"].as_str().unwrap());
    let body = json!({ "office_id": office });
    matching(&app.admin(), "*").patch(&path, &body).expect(200);
}

/// A repeat that is answered as the first time.
#[track_caller]
fn is_repeated(first: &Reply, again: Reply) {
    let again = again.expect(first.status);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!((&again.text, again.etag()), (&first.text, first.etag()));
}

fn transfer(app: &TestApp, path: &str, to: &str) {
    let body = json!({"action": "transfer", "to_office_id": to, "reason": "The work has moved."});
    matching(&app.admin(), "*")
        .post(&format!("{path}/actions"), &body)
        .expect(200);
}

fn a_repeat_is_a_read_of_today(app: &TestApp) {
    let admin = app.admin();
    let [home, partner, other] = ["Home", "Partner", "Other"].map(|name| new_office(&admin, name));
    let caller = app.client_for(&home, &make::every_scope());
    let keyed = matching(&caller, "*").header("idempotency-key", "key-1");
    let mut body = make::mou_body("Private", &[&home, &partner]);
    body["visibility"] = json!("private");
    let create = || keyed.post(MOUS, &body);
    let created = create().expect(201);
    let path = format!("{MOUS}/{}", id(&created.json()));
    matching(&caller, "*").patch(&path, &json!({"tags": ["x"]})).expect(200);
    let restore = || keyed.post(&format!("{path}/restore"), &json!({"revision": 1}));
    let restored = restore().expect(200);
    let give = json!({"action": "transfer", "to_office_id": home, "reason": "It stays."});
    let act = || keyed.post(&format!("{path}/actions"), &give);
    let acted = act().expect(200);
    let repeat_all = || {
        is_repeated(&created, create());
        is_repeated(&restored, restore());
        is_repeated(&acted, act());
    };
    let refuse_all = || {
        caller.get(&path).expect(404);
        for reply in [create(), restore(), act()] {
            assert_eq!(reply.header("idempotent-replayed"), None);
            assert!(!reply.text.contains("Private"), "{}", reply.text);
            reply.expect(404).problem("record-not-found");
        }
    };
    repeat_all();
    move_client(app, &caller, &other);
    refuse_all();
    move_client(app, &caller, &home);
    repeat_all();
    transfer(app, &path, &partner);
    refuse_all();
    // Its new owner's clients see it, and repeat what they did before.
    move_client(app, &caller, &partner);
    repeat_all();
}

fn a_repeat_shows_no_version_that_was_narrower(app: &TestApp) {
    let admin = app.admin();
    let [home, partner, other] = ["Home", "Partner", "Other"].map(|name| new_office(&admin, name));
    let caller = app.client_for(&home, &make::every_scope());
    let keyed = caller.header("idempotency-key", "key-1");
    let mut body = make::mou_body("Not yet for others", &[&home, &partner]);
    body["visibility"] = json!("private");
    let created = keyed.post(MOUS, &body).expect(201);
    let path = format!("{MOUS}/{}", id(&created.json()));
    let opened = json!({"titles": {"en": "For all"}, "visibility": "public"});
    matching(&caller, "*").patch(&path, &opened).expect(200);
    is_repeated(&created, keyed.post(MOUS, &body));
    move_client(app, &caller, &other);
    caller.get(&path).expect(200);
    caller.get(&format!("{path}/revisions/1")).expect(404);
    keyed.post(MOUS, &body).expect(404).problem("record-not-found");
}

fn a_repeat_withholds_what_a_read_withholds(app: &TestApp) {
    let admin = app.admin();
    let [home, other] = ["Home", "Other"].map(|name| new_office(&admin, name));
    let caller = app.client_for(&home, &make::every_scope());
    let keyed = caller.header("idempotency-key", "key-1");
    let body = json!({
        "titles": {"en": "Help for pupils"}, "kind": "project", "sensitive": true,
        "offices": {&home: {"roles": ["organizer"]}},
        "sessions": {"first": {"state": "held", "participation": {
            "few": {"unit": "person", "count": {"value": 3, "qualifier": "exact"}},
        }}},
    });
    let create = || keyed.post("/api/v1/programs", &body);
    let created = create().expect(201);
    let count = |reply: &Reply| reply.json()["sessions"]["first"]["participation"]["few"]["count"].clone();
    assert_eq!(count(&created)["value"], 3);
    is_repeated(&created, create());
    move_client(app, &caller, &other);
    let read = caller
        .get(&format!("/api/v1/programs/{}", id(&created.json())))
        .expect(200);
    let again = create().expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(count(&again)["qualifier"], "withheld");
    assert_eq!(count(&again)["value"], json!(null));
    assert_eq!((&again.text, again.etag()), (&read.text, read.etag()));
}

fn a_repeat_tells_that_the_record_has_ended(app: &TestApp) {
    let admin = app.admin();
    let home = new_office(&admin, "Home");
    let keyed = matching(&admin, "*").header("idempotency-key", "key-1");
    let body = make::office_body("Short-lived", "KR");
    let path = office_path(&id(&keyed.post(OFFICES, &body).expect(201).json()));
    let patch = json!({"city": "Seoul"});
    matching(&admin, "*").patch(&path, &patch).expect(200);
    let restore = || keyed.post(&format!("{path}/restore"), &json!({"revision": 1}));
    restore().expect(200);
    matching(&admin, "*").delete(&path).expect(204);
    keyed.post(OFFICES, &body).expect(410).problem("record-deleted");
    restore().expect(410).problem("record-deleted");
    // What was done to its tombstone was answered when it had ended.
    let redact = json!({"action": "redact", "pointer": "/names/en", "reason": "It was asked for."});
    let act = || keyed.post(&format!("{path}/actions"), &redact);
    let first = act().expect(200);
    is_repeated(&first, act());
    // One that was merged says into what.
    let twin = make::office_body("Twin", "KR");
    let keyed = matching(&admin, "*").header("idempotency-key", "key-2");
    let path = office_path(&id(&keyed.post(OFFICES, &twin).expect(201).json()));
    let merge = json!({"action": "merge_into", "survivor_id": home, "reason": "Registered twice."});
    let act = || keyed.post(&format!("{path}/actions"), &merge);
    let first = act().expect(200);
    is_repeated(&first, act());
    let problem = keyed.post(OFFICES, &twin).expect(409).problem("record-merged");
    assert_eq!(problem["merged_into"], json!(home));
}

fn a_repeat_shows_a_client_to_those_who_manage_it(app: &TestApp) {
    let admin = app.admin();
    let [home, other] = ["Home", "Other"].map(|name| new_office(&admin, name));
    let caller = app.client_for(&home, &make::every_scope());
    let keyed = caller.header("idempotency-key", "key-1");
    let body = json!({"name": "Reporting", "scopes": ["mous:read"]});
    let create = || keyed.post("/api/v1/clients", &body);
    let created = create().expect(201);
    is_repeated(&created, create());
    move_client(app, &caller, &other);
    create().expect(404).problem("record-not-found");
    move_client(app, &caller, &home);
    is_repeated(&created, create());
}
