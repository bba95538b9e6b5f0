//! Databases that go away for a moment: 503 at worst, and all is well again by itself.

use std::time::{Duration, Instant};

use crate::support::paths::OFFICES;
use crate::support::stored::{assert_clean, connect, run};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        lost_connections_are_made_again only postgres "SQLite has no connections to lose",
        a_lock_of_another_is_waited_for_and_passes
    ]
}

/// PostgreSQL drops every connection of the service. SQLite has none to drop.
fn lost_connections_are_made_again(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 2);
    let admin = app.admin();
    let record = admin.create(OFFICES, &make::office_body("Lasting", "KR"));
    let path = format!("{OFFICES}/{}", record["id"].as_str().unwrap());
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for round in 0..3 {
        // So that several connections of the pool are there to be lost.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| admin.get(&path).expect(200));
            }
        });
        run(&mut connect(app.database()), terminate);
        for _ in 0..4 {
            assert_eq!(admin.get(&path).expect(200).json(), record);
        }
        run(&mut connect(app.database()), terminate);
        let written = admin.post(OFFICES, &make::office_body(&format!("Written {round}"), "KR"));
        if written.status != 201 {
            assert!(written.header("retry-after").is_some());
            written.expect(503).problem("database-unavailable");
        }
        admin.create(OFFICES, &make::office_body(&format!("After {round}"), "KR"));
    }
    assert_clean(app.database());
}

/// Somebody else holds the lock that every writer needs, for longer than the writer waits.
fn a_lock_of_another_is_waited_for_and_passes(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 2);
    let admin = app.admin();
    let record = admin.create(OFFICES, &make::office_body("Before", "KR"));
    let path = format!("{OFFICES}/{}", record["id"].as_str().unwrap());
    let mut other = connect(app.database());
    let hold = if database.url.starts_with("postgres") {
        "BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    run(&mut other, hold);
    run(&mut other, "UPDATE registry_state SET id = 1");
    let started = Instant::now();
    std::thread::scope(|scope| {
        let write = scope.spawn(|| admin.post(OFFICES, &make::office_body("Refused", "KR")));
        // Reading goes on meanwhile.
        while started.elapsed() < Duration::from_secs(2) {
            assert_eq!(admin.get(&path).expect(200).json(), record);
            std::thread::sleep(Duration::from_millis(100));
        }
        let refused = write.join().unwrap();
        assert!(refused.header("retry-after").is_some(), "{}", refused.text);
        refused.expect(503).problem("database-unavailable");
    });
    // As long as the writer waits (5 s), and not much longer.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    std::thread::sleep(Duration::from_secs(7).saturating_sub(started.elapsed()));
    run(&mut other, "ROLLBACK");
    admin.create(OFFICES, &make::office_body("After", "KR"));
    assert_eq!(assert_clean(app.database()).records, 2);
}
