//! Many writers and one reader, and waiting for what comes next.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{now, read, told};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        sixteen_writers_leave_no_gap_and_no_double,
        two_instances_write_one_feed only postgres "one service at a time holds an SQLite file",
        waiting_ends_with_the_next_commit,
        waiting_from_now_tells_what_comes_while_it_waits,
        waiting_ends_with_a_commit_of_another_instance only postgres "one service at a time holds an SQLite file",
        waiting_for_nothing_ends_on_time,
    ]
}

/// How many changes each writer makes.
const CHANGES_EACH: usize = 6;

/// Sixteen threads write through these callers while another caller polls; every change must come once, in order.
fn write_and_poll(writers: &[Client], reader: &Client) {
    let start = now(reader);
    let left = AtomicUsize::new(16);
    let mut made: Vec<(String, i64)> = Vec::new();
    let mut seen: Vec<(String, i64)> = Vec::new();
    let mut seqs = Vec::new();
    thread::scope(|scope| {
        let left = &left;
        let threads: Vec<_> = (0..16)
            .map(|number| {
                let client = any(&writers[number % writers.len()]);
                scope.spawn(move || {
                    let created = client.post(OFFICES, &make::office_body(&format!("Writer {number}"), "KR"));
                    let office = id(&created.expect(201).json());
                    let path = format!("{OFFICES}/{office}");
                    for change in 1..CHANGES_EACH {
                        client
                            .patch(&path, &json!({ "city": format!("City {change}") }))
                            .expect(200);
                    }
                    left.fetch_sub(1, Ordering::SeqCst);
                    (1..)
                        .take(CHANGES_EACH)
                        .map(|version| (office.clone(), version))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut since = start;
        loop {
            let done = left.load(Ordering::SeqCst) == 0;
            let page = read(reader, &[("since", &since), ("limit", "7")]);
            seqs.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["seq"].as_i64().unwrap()),
            );
            seen.extend(told(&page).into_iter().map(|(_, id, version)| (id, version)));
            since = page["next"].as_str().unwrap().to_owned();
            if done && page["has_more"] == false {
                break;
            }
            if threads.iter().all(thread::ScopedJoinHandle::is_finished) && left.load(Ordering::SeqCst) > 0 {
                break;
            }
        }
        for thread in threads {
            made.extend(thread.join().unwrap());
        }
    });
    assert!(seqs.is_sorted_by(|one, other| one + 1 == *other), "{seqs:?}");
    assert_eq!(seen.len(), 16 * CHANGES_EACH);
    made.sort();
    seen.sort();
    assert_eq!(seen, made);
}

fn sixteen_writers_leave_no_gap_and_no_double(app: &TestApp) {
    let admin = app.admin();
    write_and_poll(std::slice::from_ref(&admin), &admin);
}

fn two_instances_write_one_feed(world: &World) {
    let database = world.database();
    let first = TestApp::start(&database, |_| ());
    let second = TestApp::start(&database, |_| ());
    write_and_poll(&[first.admin(), second.admin()], &second.admin());
}

/// Waits in a thread of its own; a commit comes 300 ms later through `writer`. What was told, and how long after the
/// commit.
fn wait_for_commit(reader: &Client, writer: &Client, since: &str) -> (usize, Duration) {
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let page = read(reader, &[("since", since), ("wait", "10")]);
            (told(&page).len(), Instant::now())
        });
        thread::sleep(Duration::from_millis(300));
        writer.create(OFFICES, &make::office_body("New", "KR"));
        let committed = Instant::now();
        let (count, told_at) = waiting.join().unwrap();
        (count, told_at.saturating_duration_since(committed))
    })
}

fn waiting_ends_with_the_next_commit(app: &TestApp) {
    let admin = app.admin();
    let (count, delay) = wait_for_commit(&admin, &admin, &now(&admin));
    assert_eq!(count, 1);
    assert!(delay < Duration::from_secs(1), "{delay:?}");
    // Something that is there already is not waited for.
    let started = Instant::now();
    let page = read(&admin, &[("wait", "10")]);
    assert!(!told(&page).is_empty() && started.elapsed() < Duration::from_secs(3));
}

/// Else a change between the question and its answer would never be told.
fn waiting_from_now_tells_what_comes_while_it_waits(app: &TestApp) {
    let admin = app.admin();
    let (count, delay) = wait_for_commit(&admin, &admin, "now");
    assert_eq!(count, 1);
    assert!(delay < Duration::from_secs(1), "{delay:?}");
}

fn waiting_ends_with_a_commit_of_another_instance(world: &World) {
    let database = world.database();
    let first = TestApp::start(&database, |_| ());
    let second = TestApp::start(&database, |_| ());
    let reader = second.admin();
    let (count, delay) = wait_for_commit(&reader, &first.admin(), &now(&reader));
    assert_eq!(count, 1);
    assert!(delay < Duration::from_secs(3), "{delay:?}: it looks once a second");
}

fn waiting_for_nothing_ends_on_time(app: &TestApp) {
    let admin = app.admin();
    let office = app.client_for(
        &id(&admin.create(OFFICES, &make::office_body("Reader", "KR"))),
        &["changes:read", "offices:read"],
    );
    let start = now(&office);
    let started = Instant::now();
    let page = thread::scope(|scope| {
        let waiting = scope.spawn(|| read(&office, &[("since", &start), ("wait", "2")]));
        // A commit that this reader may not see does not end its waiting.
        let mut hidden = make::office_body("Hidden", "KR");
        hidden["visibility"] = json!("private");
        admin.create(OFFICES, &hidden);
        waiting.join().unwrap()
    });
    assert_eq!(told(&page), Vec::new());
    let waited = started.elapsed();
    assert!(
        waited >= Duration::from_secs(2) && waited < Duration::from_secs(8),
        "{waited:?}"
    );
}
