//! How often tokens are used is counted, and told in the chain when the hour is over.

use chrono::TimeDelta;
use diesel::RunQueryDsl;
use eduaccord::app::open_database;
use eduaccord::audit::usage::write_hourly_summaries;
use eduaccord::clock;
use eduaccord::db::Database;
use eduaccord::settings::Settings;

use crate::support::look::Look;
use crate::support::parties::Parties;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![requests_are_counted_and_told_by_the_hour]
}

/// Tells the hours as if it were this much later; how many rows the chain got.
fn tell_after(database: &Database, hours: i64) -> usize {
    let now = clock::now() + TimeDelta::hours(hours);
    database
        .write_blocking(move |transaction| write_hourly_summaries(transaction, now))
        .unwrap()
}

fn requests_are_counted_and_told_by_the_hour(world: &World) {
    let kept = world.database();
    let app = TestApp::start(&kept, |_| ());
    let parties = Parties::new(&app);
    let mou = parties.mou("Secret", "private", "recorded");
    let caller = app.client_for(&parties.c.id, &["offices:read", "offices:write", "mous:read"]);
    for _ in 0..7 {
        caller.get(OFFICES).expect(200);
    }
    caller.get(&format!("{OFFICES}?limit=0")).expect(400);
    for _ in 0..3 {
        caller.get(&format!("{MOUS}/{mou}")).expect(404);
    }
    caller.get("/api/v1/changes").expect(403);
    let mut unit = make::office_body("Unit", "KR");
    unit["owner_office_id"] = serde_json::json!(parties.c.id);
    caller.create(OFFICES, &unit);
    let me = caller.get("/api/v1/me").expect(200).json();
    let token = me["token_id"].as_str().expect("an id").to_owned();
    drop(app);

    let counts = |look: &mut Look| {
        look.texts(&format!(
            "SELECT operation || ' ' || sum(requests) || ' ' || sum(reads) || ' ' || sum(refused) || ' ' || sum(audited) AS text
             FROM token_usage WHERE token_id = '{token}' GROUP BY operation ORDER BY operation"
        ))
    };
    let mut look = Look::at(&kept.url);
    let before = [
        "createOffice 1 0 0 0",
        "getMe 1 1 0 0",
        "getMou 3 0 3 0",
        "listChanges 1 0 1 0",
        "listOffices 8 7 0 0",
    ];
    assert_eq!(counts(&mut look), before);
    let network = format!("SELECT DISTINCT last_network AS text FROM token_usage WHERE token_id = '{token}'");
    assert_eq!(look.texts(&network), ["127.0.0.0/24"]);
    assert_eq!(
        look.texts(&format!(
            "SELECT coalesce(last_used_network, '') AS text FROM tokens WHERE id = '{token}'"
        )),
        ["127.0.0.0/24"]
    );

    let database = open_database(&Settings::for_tests(kept.url.clone())).unwrap();
    assert_eq!(tell_after(&database, 0), 0, "the hour is not over");
    assert!(tell_after(&database, 2) > 0);
    assert_eq!(tell_after(&database, 2), 0, "it is told once");
    let after = [
        "createOffice 1 0 0 0",
        "getMe 1 1 0 1",
        "getMou 3 0 3 0",
        "listChanges 1 0 1 0",
        "listOffices 8 7 0 7",
    ];
    assert_eq!(counts(&mut look), after);
    let told = format!(
        "SELECT operation || ' ' || sum(occurrences) AS text FROM audit
         WHERE token_id = '{token}' AND outcome = 'read' AND period IS NOT NULL GROUP BY operation ORDER BY operation"
    );
    assert_eq!(look.texts(&told), ["getMe 1", "listOffices 7"]);
    assert_clean(&database);

    // Another process was late with its part.
    database
        .write_blocking(|transaction| {
            let late = "UPDATE token_usage SET requests = requests + 5, reads = reads + 5 WHERE operation = 'getMe'";
            diesel::sql_query(late).execute(transaction.conn)?;
            Ok(())
        })
        .unwrap();
    assert!(tell_after(&database, 2) > 0);
    assert_eq!(look.texts(&told), ["getMe 6", "listOffices 7"]);
    assert_clean(&database);
}
