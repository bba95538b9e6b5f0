//! Many at a time: a nightly push, and twins that arrive together.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{by_key, more, partner};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make, sample, together};

pub(super) fn cases() -> Vec<Case> {
    cases![sixteen_twins_create_one_record, a_push_of_what_is_there_changes_nothing]
}

fn sixteen_twins_create_one_record(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let body = make::office_body("Twin", "KR");
    for (round, send) in [Client::put, Client::patch].into_iter().enumerate() {
        let before = traces(app);
        let path = by_key(OFFICES, &round.to_string());
        let replies = together(16, |_| send(&caller, &path, &body));
        let created = replies.iter().filter(|reply| reply.status == 201).count();
        let equal = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!((created, equal), (1, 15));
        let id = id(&replies[0].json());
        assert!(
            replies.iter().all(|reply| reply.json()["id"] == id),
            "they speak of one record"
        );
        assert_eq!(more(before, traces(app)), [1, 1, 1, 2, 0, 1]);
    }
    // Those that differ: one creates, the others are told.
    let path = by_key(OFFICES, "different");
    let replies = together(16, |number| {
        caller.put(&path, &make::office_body(&format!("Twin {number}"), "KR"))
    });
    let statuses = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((statuses(201), statuses(412)), (1, 15));
}

/// How many records an exhaustive run pushes.
const PUSHED: usize = 1_000;
/// On how many threads.
const THREADS: usize = 8;

fn body(number: usize) -> Value {
    let mut body = make::office_body(&format!("School {number}"), "KR");
    body["tags"] = json!(["pushed"]);
    body
}

/// Sends every record once.
fn push(caller: &Client, send: impl Fn(&Client, &str, usize) -> u16 + Sync) -> Vec<u16> {
    let parts = together(THREADS, |thread| {
        (thread..sample::rounds(PUSHED))
            .step_by(THREADS)
            .map(|number| send(caller, &by_key(OFFICES, &number.to_string()), number))
            .collect::<Vec<u16>>()
    });
    parts.concat()
}

fn a_push_of_what_is_there_changes_nothing(app: &TestApp) {
    let (_, caller) = partner(app, "One");
    let made = push(&caller, |caller, path, number| caller.put(path, &body(number)).status);
    assert!(made.iter().all(|status| *status == 201) && made.len() == sample::rounds(PUSHED));
    let before = traces(app);
    let begun = Instant::now();
    let again = push(&caller, |caller, path, number| {
        if number % 2 == 0 {
            caller.put(path, &body(number)).status
        } else {
            caller.patch(path, &body(number)).status
        }
    });
    let took = begun.elapsed();
    assert!(again.iter().all(|status| *status == 200) && again.len() == sample::rounds(PUSHED));
    assert_eq!(traces(app), before, "no version, no change, no audit row");
    assert!(took < Duration::from_secs(60), "{took:?}");
}
