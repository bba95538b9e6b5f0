//! Ending the service: by each of the signals that ask for it, under load, and while the database is silent.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::program::Service;
use crate::support::wire::{self, Connection};
use crate::support::{Case, World, cases, make};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_signal_answers_what_waits_and_ends,
        under_writers_every_request_is_answered,
    ]
}

/// What a container's engine waits at the least before it kills.
const LIMIT: Duration = Duration::from_secs(5);

fn request(token: &str, method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn feed(address: SocketAddr, token: &str, since: &str, wait: u32) -> Value {
    let path = format!("/api/v1/changes?since={since}&wait={wait}");
    let answer = wire::send(address, request(token, "GET", &path, "").as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("a page")
}

/// Long polls get their empty page at once, a body that is not there yet is refused, and an idle connection holds
/// nothing up. The page leads on at the next start.
fn every_signal_answers_what_waits_and_ends(world: &World) {
    let database = world.database();
    let (mut token, mut next) = (None, None);
    for signal in ["TERM", "INT", "QUIT"] {
        let mut service = Service::start(world, &database, &[]);
        let token: &String = token.get_or_insert_with(|| service.token());
        let address = service.address;
        let office = make::office_body("Before the stop", "KR").to_string();
        let made = wire::send(address, request(token, "POST", "/api/v1/offices", &office).as_bytes());
        assert_eq!(made.status, 201, "{made:?}");
        let since = feed(address, token, "now", 0)["next"]
            .as_str()
            .expect("a position")
            .to_owned();

        let idle = Connection::open(address);
        let mut slow = Connection::open(address);
        let whole = request(token, "POST", "/api/v1/offices", &office);
        slow.write(&whole.as_bytes()[..whole.len() - 10]);
        let (pages, upload, stopped, ended) = thread::scope(|scope| {
            let polls: Vec<_> = (0..5)
                .map(|_| {
                    scope.spawn(|| {
                        let page = feed(address, token, &since, 30);
                        (page, Instant::now())
                    })
                })
                .collect();
            let upload = scope.spawn(move || slow.read().expect("an answer"));
            thread::sleep(Duration::from_millis(500));
            let stopped = Instant::now();
            let ended = service.end(signal);
            let pages: Vec<_> = polls.into_iter().map(|poll| poll.join().expect("a page")).collect();
            (pages, upload.join().expect("an answer"), stopped, ended)
        });
        drop(idle);
        for (page, at) in &pages {
            assert_eq!(page["items"], json!([]), "{signal}: {page}");
            let waited = at.saturating_duration_since(stopped);
            assert!(waited < Duration::from_secs(1), "{signal}: {waited:?}");
        }
        assert_eq!(
            (upload.status, upload.code().as_str()),
            (503, "stopping"),
            "{signal}: {upload:?}"
        );
        assert!(ended.took < LIMIT, "{signal}: {:?}", ended.took);
        assert!(ended.status.success(), "{signal}: {} {}", ended.status, ended.log);
        next = pages.first().map(|(page, _)| page["next"].clone());
    }
    let service = Service::start(world, &database, &[]);
    let office = make::office_body("After the stop", "KR").to_string();
    let (token, next) = (token.expect("a token"), next.expect("a page"));
    wire::send(
        service.address,
        request(&token, "POST", "/api/v1/offices", &office).as_bytes(),
    );
    let page = feed(service.address, &token, next.as_str().expect("a position"), 0);
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
}

/// Whoever sends on an open connection is told 201 or 503 `stopping`, the last time with the end of the connection; and
/// what was told is so.
fn under_writers_every_request_is_answered(world: &World) {
    let database = world.database();
    let mut service = Service::start(world, &database, &[]);
    let token = service.token();
    let address = service.address;
    let (report, reports) = channel();
    let (ended, made) = thread::scope(|scope| {
        for writer in 0..8 {
            let (report, token) = (report.clone(), &token);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                for number in 0.. {
                    let body = make::office_body(&format!("Office {writer}-{number}"), "KR").to_string();
                    connection.write(request(token, "POST", "/api/v1/offices", &body).as_bytes());
                    let answer = connection.read().expect("an answer to every request");
                    match (answer.status, answer.code().as_str()) {
                        (201, _) => report.send(1).expect("the test counts"),
                        (503, "stopping") => assert!(answer.is_last, "{answer:?}"),
                        _ => panic!("{answer:?}"),
                    }
                    if answer.is_last {
                        return assert!(connection.is_ended(), "{answer:?}");
                    }
                }
            });
        }
        drop(report);
        let first: usize = reports.recv().expect("a first answer");
        thread::sleep(Duration::from_millis(500));
        let ended = service.end("TERM");
        (ended, first + reports.iter().sum::<usize>())
    });
    assert!(
        ended.took < LIMIT && ended.status.success(),
        "{:?} {}",
        ended.took,
        ended.log
    );
    let service = Service::start(world, &database, &[]);
    let path = "/api/v1/offices?include_total=true&limit=1";
    let list = wire::send(service.address, request(&token, "GET", path, "").as_bytes());
    let list: Value = serde_json::from_str(&list.body).expect("a page");
    assert_eq!(list["page"]["total"], made, "{list}");
}
