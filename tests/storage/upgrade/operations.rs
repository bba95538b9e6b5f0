//! An operation that gets another name: requests answered under the old name are still known.

use serde_json::json;

use super::Registry;
use crate::support::look::Look;
use crate::support::paths::MOUS;
use crate::support::program::run;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![an_action_is_not_taken_again_after_its_operation_was_renamed]
}

fn an_action_is_not_taken_again_after_its_operation_was_renamed(world: &World) {
    let database = world.database();
    let made = run(world, &database, &["admin", "bootstrap", "--json"])
        .expect(0)
        .json();
    let token = made["token"].as_str().expect("a token").to_owned();
    let app = TestApp::start(&database, |_| ());
    let registry = Registry::fill(&app.with_token(&token));
    let path = format!("{MOUS}/{}/actions", registry.mou);
    let body = json!({"action": "transfer", "to_office_id": registry.other, "reason": "The work has moved."});
    let send = |app: &TestApp| {
        let keyed = app.with_token(&token).header("if-match", "\"v1\"");
        keyed.header("idempotency-key", "k-1").post(&path, &body).expect(200)
    };
    let first = send(&app);
    drop(app);

    let mut look = Look::at(&database.url);
    look.take_down("2026-11-26-000010_names_of_operations");
    let stored = "SELECT operation AS text FROM idempotency";
    assert_eq!(look.texts(stored), [format!("actOnMou {path}")]);

    let app = TestApp::start(&database, |_| ());
    let again = send(&app);
    assert_eq!(
        (&again.text, again.header("idempotent-replayed")),
        (&first.text, Some("true"))
    );
}
