//! The one writer with group commit.

use std::sync::Barrier;

use diesel::connection::SimpleConnection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::db::schema::{changes, registry_state};
use eduaccord::error::{Code, Error, Result};
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::stored::{assert_clean, connect, run};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        many_writers_leave_a_feed_without_gaps,
        a_refused_job_harms_no_other,
        a_panic_is_answered_and_passes,
        a_failed_statement_is_answered_and_passes,
        a_full_queue_refuses_at_once,
        chores_take_no_places_of_requests,
    ]
}

/// Every item of the feed from its beginning.
fn feed(caller: &Client) -> Vec<Value> {
    let (mut items, mut since) = (Vec::new(), "begin".to_owned());
    loop {
        let page = caller
            .get(&format!("/api/v1/changes?since={since}&limit=7"))
            .expect(200)
            .json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        since = page["next"].as_str().unwrap().to_owned();
        if page["has_more"] != json!(true) {
            return items;
        }
    }
}

fn many_writers_leave_a_feed_without_gaps(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let barrier = Barrier::new(32);
    std::thread::scope(|scope| {
        for number in 0..32 {
            let (admin, barrier) = (&admin, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for round in 0..3 {
                    let body = make::office_body(&format!("Office {number}-{round}"), "KR");
                    admin.post(OFFICES, &body).expect(201);
                }
            });
        }
    });
    let items = feed(&admin);
    let seqs: Vec<i64> = items.iter().map(|item| item["seq"].as_i64().unwrap()).collect();
    let first = seqs[0];
    assert_eq!(seqs, (first..first + 96).collect::<Vec<_>>());
    let mut ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 96);
    let report = assert_clean(app.database());
    assert_eq!((report.records, report.revisions), (96, 96));
}

/// Half of what shares a batch is refused by the rules inside the transaction.
fn a_refused_job_harms_no_other(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.workers = 4);
    let admin = app.admin();
    let mut holder = make::office_body("Holder", "KR");
    holder["identifiers"] = json!({"own": "taken"});
    admin.create(OFFICES, &holder);
    let barrier = Barrier::new(32);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32)
            .map(|number| {
                let (admin, barrier) = (&admin, &barrier);
                scope.spawn(move || {
                    let mut body = make::office_body(&format!("Office {number}"), "KR");
                    let value = if number % 2 == 0 {
                        "taken".to_owned()
                    } else {
                        format!("free-{number}")
                    };
                    body["identifiers"] = json!({ "own": value });
                    barrier.wait();
                    admin.post(OFFICES, &body).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (number, status) in statuses.iter().enumerate() {
        assert_eq!(*status, if number % 2 == 0 { 422 } else { 201 }, "{number}");
    }
    assert_eq!(assert_clean(app.database()).records, 17);
}

fn change_seq(app: &TestApp) -> i64 {
    app.database()
        .read_blocking(|conn| {
            Ok(registry_state::table
                .find(1)
                .select(registry_state::change_seq)
                .first(conn)?)
        })
        .expect("the state can be read")
}

fn a_panic_is_answered_and_passes(app: &TestApp) {
    let admin = app.admin();
    admin.create(OFFICES, &make::office_body("Before", "KR"));
    let before = change_seq(app);
    let result: Result<()> = app.database().write_blocking(|transaction| {
        transaction.state.change_seq += 1000;
        diesel::delete(changes::table).execute(transaction.conn)?;
        panic!("on purpose")
    });
    let error = result.expect_err("a panic is no success");
    assert_eq!(
        (error.code(), error.headers()[0].0),
        (Code::DatabaseUnavailable, "Retry-After")
    );
    assert_eq!(change_seq(app), before);
    admin.create(OFFICES, &make::office_body("After", "KR"));
    assert_eq!(assert_clean(app.database()).records, 2);
}

fn a_failed_statement_is_answered_and_passes(app: &TestApp) {
    let admin = app.admin();
    let result: Result<()> = app.database().write_blocking(|transaction| {
        transaction.conn.batch_execute("INSERT INTO nowhere VALUES (1)")?;
        Ok(())
    });
    assert_eq!(
        result.expect_err("there is no such table").code(),
        Code::DatabaseUnavailable
    );
    // A refusal by the rules keeps its own answer, and what it wrote is taken back.
    let result: Result<()> = app.database().write_blocking(|transaction| {
        diesel::update(registry_state::table)
            .set(registry_state::epoch.eq(999))
            .execute(transaction.conn)?;
        Err(Error::record_not_found())
    });
    assert_eq!(result.expect_err("it refused").code(), Code::RecordNotFound);
    let epoch: i64 = app
        .database()
        .read_blocking(|conn| {
            Ok(registry_state::table
                .find(1)
                .select(registry_state::epoch)
                .first(conn)?)
        })
        .expect("the state can be read");
    assert_ne!(epoch, 999);
    admin.create(OFFICES, &make::office_body("After", "KR"));
    assert_clean(app.database());
}

/// While the writer waits for somebody else's lock, a queue of two takes two; the rest is told to come back.
fn a_full_queue_refuses_at_once(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| {
        settings.workers = 16;
        settings.write_queue = 2;
    });
    let admin = app.admin();
    admin.create(OFFICES, &make::office_body("Warm", "KR"));
    let mut other = connect(app.database());
    run(&mut other, "BEGIN");
    run(&mut other, "UPDATE registry_state SET id = 1");
    let replies: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..12)
            .map(|number| {
                let admin = &admin;
                scope.spawn(move || admin.post(OFFICES, &make::office_body(&format!("Office {number}"), "KR")))
            })
            .collect();
        std::thread::sleep(std::time::Duration::from_millis(1500));
        run(&mut other, "ROLLBACK");
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    let refused: Vec<_> = replies.into_iter().filter(|reply| reply.status != 201).collect();
    assert!(
        made >= 2 && !refused.is_empty(),
        "{made} made, {} refused",
        refused.len()
    );
    for reply in refused {
        assert!(reply.header("retry-after").is_some());
        reply.expect(503).problem("overloaded");
    }
    admin.create(OFFICES, &make::office_body("After", "KR"));
    assert_eq!(assert_clean(app.database()).records, made + 2);
}

/// Housekeeping waits in the queue, too; it must neither be refused because requests wait, nor refuse them.
fn chores_take_no_places_of_requests(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.write_queue = 1);
    let database = app.database();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (tell, begun) = std::sync::mpsc::channel::<()>();
    let held = database
        .submit(move |_| {
            tell.send(()).expect("somebody listens");
            wait.recv().expect("the test lets it go");
            Ok(())
        })
        .expect("the queue is empty");
    begun.recv().expect("it begins");
    std::thread::scope(|scope| {
        let chores: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| database.write_chore(|_| Ok(()))))
            .collect();
        std::thread::sleep(std::time::Duration::from_millis(200));
        let waiting = database.submit(|_| Ok(())).expect("the chores take no place");
        let chore = scope.spawn(|| database.write_chore(|_| Ok(())));
        let refused = database.submit(|_| Ok(())).expect_err("the only place is taken");
        assert_eq!(refused.code(), Code::Overloaded);
        go.send(()).expect("the job waits");
        held.wait().expect("it was held");
        waiting.wait().expect("it had its place");
        for chore in chores.into_iter().chain([chore]) {
            chore
                .join()
                .expect("a result")
                .expect("a full queue does not refuse it");
        }
    });
    database
        .submit(|_| Ok(()))
        .expect("all places are free")
        .wait()
        .expect("it runs");
}
