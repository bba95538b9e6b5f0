//! Refusals of known clients are in the log, folded; those of unknown ones are not.

use eduaccord::values::id::new_id;
use serde_json::json;

use super::{client_of, events, refusals_of};
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_kind_of_refusal_is_logged,
        hidden_and_absent_ids_leave_the_same_trace,
        unknown_callers_leave_none,
        repeated_refusals_are_folded,
        who_tries_ids_fills_no_log,
    ]
}

fn every_kind_of_refusal_is_logged(app: &TestApp) {
    let parties = Parties::new(app);
    let (admin, b, c) = (&parties.registry, &parties.b.client, &parties.c.client);
    let mou = parties.mou("Exchange", "partners", "recorded");
    let office = &parties.a.id;
    c.get(&format!("{MOUS}/{mou}")).expect(404);
    c.get(&format!("{MOUS}/{mou}/revisions")).expect(404);
    any(c)
        .patch(&format!("{MOUS}/{mou}"), &json!({"tags": ["x"]}))
        .expect(404);
    any(b)
        .patch(&format!("{MOUS}/{mou}"), &json!({"tags": ["x"]}))
        .expect(403);
    any(b).delete(&format!("{MOUS}/{mou}")).expect(403);
    any(c)
        .patch(&format!("{OFFICES}/{office}"), &json!({"city": "X"}))
        .expect(403);
    let told =
        |operation: &str, record: &str, code: &str| (operation.to_owned(), Some(record.to_owned()), code.to_owned(), 1);
    assert_eq!(
        refusals_of(admin, c),
        [
            told("getMou", &mou, "record-not-found"),
            told("listMouRevisions", &mou, "record-not-found"),
            told("updateMou", &mou, "record-not-found"),
            told("updateOffice", office, "not-your-part"),
        ]
    );
    assert_eq!(
        refusals_of(admin, b),
        [
            told("updateMou", &mou, "not-your-part"),
            told("deleteMou", &mou, "not-your-part"),
        ]
    );
    let narrow = app.client_for(&parties.c.id, &["mous:read"]);
    narrow.get(OFFICES).expect(403);
    assert_eq!(
        refusals_of(admin, &narrow),
        [("listOffices".to_owned(), None, "missing-scope".to_owned(), 1)]
    );
    let [event] = &events(admin, &[("client", &client_of(&narrow)), ("code", "missing-scope")])[..] else {
        panic!("not one event");
    };
    assert_eq!(event["address"], "127.0.0.1");
    assert_eq!(event["office_id"], json!(parties.c.id));
    assert!(
        event["token_id"].as_str().is_some_and(|id| id.starts_with("tok_")),
        "{event}"
    );
    assert!(
        event["request_id"].as_str().is_some_and(|id| id.starts_with("req_")),
        "{event}"
    );
}

/// Or the log would tell what the answer does not.
fn hidden_and_absent_ids_leave_the_same_trace(app: &TestApp) {
    let parties = Parties::new(app);
    let hidden = parties.mou("Secret", "private", "recorded");
    let absent = new_id("mou");
    let paths = ["", "/revisions", "/revisions/1", "/diff", "/external-ids"];
    let mut traces = Vec::new();
    for id in [&hidden, &absent] {
        let caller = app.client_for(&parties.c.id, &["mous:read", "mous:write", "audit:read"]);
        for path in paths {
            caller.get(&format!("{MOUS}/{id}{path}")).expect(404);
        }
        any(&caller).delete(&format!("{MOUS}/{id}")).expect(404);
        any(&caller)
            .post(&format!("{MOUS}/{id}/restore"), &json!({"revision": 1}))
            .expect(404);
        // Also as the office's own log tells it.
        let own = refusals_of(&caller, &caller);
        assert_eq!(own, refusals_of(&parties.registry, &caller));
        traces.push(format!("{own:?}").replace(id, "<id>"));
    }
    assert_eq!(traces[0], traces[1]);
    assert_eq!(
        traces[0].matches("record-not-found").count(),
        paths.len() + 2,
        "{}",
        traces[0]
    );
}

fn unknown_callers_leave_none(app: &TestApp) {
    let admin = app.admin();
    let before = events(&admin, &[]).len();
    for token in ["nonsense", &eduaccord::auth::secret::make_secret().unwrap()] {
        app.with_token(token).get(OFFICES).expect(401);
    }
    app.anonymous().get(OFFICES).expect(401);
    // What a known client does wrong, and reads of what is there for everybody, are no refusals.
    admin.get(&format!("{OFFICES}?limit=0")).expect(400);
    admin.get(OFFICES).expect(200);
    admin.get("/nothing").expect(404);
    assert_eq!(events(&admin, &[]).len(), before);
}

fn repeated_refusals_are_folded(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let parties = Parties::new(&app);
    let mou = parties.mou("Secret", "private", "recorded");
    for _ in 0..30 {
        parties.c.client.get(&format!("{MOUS}/{mou}")).expect(404);
    }
    let told = refusals_of(&parties.registry, &parties.c.client);
    assert_eq!(told[0].3, 1, "the first is there at once");
    assert!(told.len() <= 3, "the others are not: {told:?}");
    // A process that ends tells what it has counted.
    drop(app);
    let mut look = Look::at(&database.url);
    let of = format!("FROM audit WHERE outcome = 'refused' AND target_id = '{mou}' AND operation = 'getMou'");
    assert_eq!(
        look.number(&format!(
            "SELECT CAST(sum(coalesce(occurrences, 1)) AS bigint) AS number {of}"
        )),
        30
    );
    let rows = look.number(&format!("SELECT count(*) AS number {of}"));
    // Two for each minute that it took.
    assert!(rows == 2 || rows == 3 || rows == 4, "{rows}");
    let periods = look.texts(&format!("SELECT period AS text {of} AND occurrences IS NOT NULL"));
    assert!(
        !periods.is_empty() && periods.iter().all(|period| period.ends_with(":00.000000Z")),
        "{periods:?}"
    );
}

fn who_tries_ids_fills_no_log(app: &TestApp) {
    let parties = Parties::new(app);
    for _ in 0..450 {
        parties.c.client.get(&format!("{MOUS}/{}", new_id("mou"))).expect(404);
    }
    let told = refusals_of(&parties.registry, &parties.c.client);
    // 200 a minute, and what they are in sum when a minute is over.
    assert!((200..=402).contains(&told.len()), "{}", told.len());
}
