//! Real processes of the program beside each other: what one of them, or the host's command line, changes counts in the
//! others at the very next request. Two on PostgreSQL; an SQLite file takes one, and the command line beside it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eduaccord::app::open_database;
use eduaccord::auth::keys::store::retire_keys;
use eduaccord::settings::Settings;
use serde_json::Value;

use super::immediate::{access_token, an_end_counts, answers, bearer, every_change_counts, exchange};
use super::{Minted, mint};
use crate::api::oauth::rotation::{age, key_of};
use crate::support::answers::text;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;
use crate::support::paths::MOUS;
use crate::support::program::{Service, end};
use crate::support::{Case, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        another_process_obeys_at_its_next_request,
        an_access_token_ended_in_one_process_has_ended_in_the_other,
        the_command_line_counts_in_running_services,
        keys_rotate_beside_running_services_without_a_failed_request,
    ]
}

/// What processes on one database must have in common for access tokens; and none has limits: a slow machine
/// rotates for more than the requests of a minute.
const SETTINGS: &[(&str, &str)] = &[
    ("EDUACCORD_PUBLIC_URL", "http://registry.test"),
    ("EDUACCORD_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ("EDUACCORD_FAILURE_LIMIT", "0"),
    ("EDUACCORD_RATE_LIMIT", "0"),
];

/// As many services as the database takes, up to two; and how to call each.
struct Processes<'a> {
    world: &'a World,
    database: TestDatabase,
    places: Vec<Client>,
    _services: Vec<Service>,
    /// The secret of an administrator with every scope.
    admin: String,
}

impl Processes<'_> {
    fn start(world: &World) -> Processes<'_> {
        let database = world.database();
        let number = if database.url.starts_with("sqlite:") { 1 } else { 2 };
        let services: Vec<Service> = (0..number)
            .map(|_| Service::start(world, &database, SETTINGS))
            .collect();
        let mut processes = Processes {
            places: services.iter().map(|service| Client::at(service.address)).collect(),
            _services: services,
            world,
            database,
            admin: String::new(),
        };
        let made = processes.command(&["token", "create", "--name", "admin", "--role", "admin"]);
        processes.admin = text(&made, "token");
        processes
    }

    /// An administrator, at the first service.
    fn admin(&self) -> Client {
        bearer(&self.places[0], &self.admin)
    }

    /// What a command of the host answers.
    #[track_caller]
    fn command(&self, arguments: &[&str]) -> Value {
        let mut command = self.world.command(&self.database, &[arguments, &["--json"]].concat());
        command.envs(SETTINGS.iter().copied());
        end(command).expect(0).json()
    }

    /// Every service answers every of these credentials so.
    #[track_caller]
    fn all_answer(&self, credentials: &[String], expected: (u16, &str), what: &str) {
        for place in &self.places {
            for credential in credentials {
                answers(bearer(place, credential).get(MOUS), expected, what);
            }
        }
    }

    /// A secret, and an access token of each service.
    fn credentials(&self, client: &str, secret: &str) -> Vec<String> {
        let tokens = self.places.iter().map(|place| access_token(place, client, secret));
        std::iter::once(secret.to_owned()).chain(tokens).collect()
    }
}

fn another_process_obeys_at_its_next_request(world: &World) {
    let processes = Processes::start(world);
    every_change_counts(&processes.admin, &processes.places);
    an_end_counts(&processes.admin(), &processes.places);
}

fn an_access_token_ended_in_one_process_has_ended_in_the_other(world: &World) {
    let processes = Processes::start(world);
    let Minted { client, secret, .. } = mint(&processes.admin(), None, &["mous:read"]);
    let (gone, kept) = (
        processes.credentials(&client, &secret).split_off(1),
        processes.credentials(&client, &secret),
    );
    let all = [gone.as_slice(), kept.as_slice()].concat();
    processes.all_answer(&all, (200, ""), "before");
    for (number, token) in gone.iter().enumerate() {
        // Each is ended at another service than the one that made it.
        let place = &processes.places[(number + 1) % processes.places.len()];
        place.form("/oauth/revoke", &[("token", token)]).expect(200);
        processes.all_answer(
            std::slice::from_ref(token),
            (401, "token-revoked"),
            "ended by showing it",
        );
    }
    processes.all_answer(&kept, (200, ""), "not ended");
}

fn the_command_line_counts_in_running_services(world: &World) {
    let processes = Processes::start(world);
    let made = processes.command(&["token", "create", "--name", "x", "--scopes", "mous:read"]);
    let (client, token) = (text(&made, "client_id"), text(&made, "token_id"));
    let credentials = processes.credentials(&client, &text(&made, "token"));
    let all_answer = |expected, what| {
        // Twice: the second is answered from what is remembered.
        processes.all_answer(&credentials, expected, what);
        processes.all_answer(&credentials, expected, what);
    };
    all_answer((200, ""), "made");
    processes.command(&["client", "suspend", &client]);
    all_answer((401, "token-revoked"), "suspended");
    processes.command(&["client", "resume", &client]);
    all_answer((200, ""), "resumed");
    processes.command(&["client", "set-networks", &client, "203.0.113.0/24"]);
    all_answer((403, "network-not-allowed"), "fenced out");
    processes.command(&["client", "set-networks", &client]);
    all_answer((200, ""), "let in");
    let rotated = processes.command(&["token", "rotate", &token, "--grace", "0"]);
    all_answer((401, "token-expired"), "rotated without grace");
    let secret = text(&rotated, "token");
    let credentials = processes.credentials(&client, &secret);
    processes.all_answer(&credentials, (200, ""), "rotated to");
    processes.command(&["token", "revoke", &secret]);
    processes.all_answer(&credentials, (401, "token-revoked"), "revoked");
    for place in &processes.places {
        exchange(place, &client, &secret).expect(401).problem("invalid-client");
    }
}

/// Callers with the secret go on all the time. Tokens that are out stay good, those made meanwhile are good at every
/// service whichever key signed them, and seconds later the new key signs everywhere. An old token is refused once its
/// key is retired, which is after its own end: here keys are made older.
fn keys_rotate_beside_running_services_without_a_failed_request(world: &World) {
    let processes = Processes::start(world);
    let Minted { client, secret, .. } = mint(&processes.admin(), None, &make::every_scope());
    let old = processes.credentials(&client, &secret).split_off(1);
    // The second rotation calls upon a key that was published a moment ago. Were it to sign at once, services that have
    // not heard of it would refuse its tokens: so each is shown one before it has heard anything.
    for _ in 0..2 {
        processes.command(&["keys", "rotate", "--now"]);
    }
    for (number, place) in processes.places.iter().enumerate() {
        let token = access_token(place, &client, &secret);
        let other = &processes.places[(number + 1) % processes.places.len()];
        answers(
            bearer(other, &token).get(MOUS),
            (200, ""),
            "made elsewhere a moment ago",
        );
    }
    let (over, requests) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for place in &processes.places {
            let (over, requests, caller) = (&over, &requests, bearer(place, &secret));
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    caller.get(MOUS).expect(200);
                    requests.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // However it ends, the callers stop.
        let _stop = StopOnDrop(&over);
        let rotated = processes.command(&["keys", "rotate", "--now"]);
        let active = text(&rotated, "active");
        processes.all_answer(&old, (200, ""), "signed by the key before");
        let started = Instant::now();
        let new = loop {
            let new = processes.credentials(&client, &secret).split_off(1);
            processes.all_answer(&new, (200, ""), "made while keys rotate");
            processes.all_answer(&old, (200, ""), "made before keys rotated");
            if new.iter().all(|token| key_of(token) == active) {
                break new;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "the new key does not sign");
        };
        assert!(old.iter().all(|token| key_of(token) != active));
        let database = open_database(&Settings::for_tests(processes.database.url.clone())).unwrap();
        age(&database, 700);
        assert!(retire_keys(&database).unwrap());
        processes.all_answer(&old, (401, "invalid-token"), "its key is retired");
        processes.all_answer(&new, (200, ""), "its key signs");
        for place in &processes.places {
            let published = place.get("/.well-known/jwks.json").expect(200).text;
            assert!(
                published.contains(&active) && !published.contains(&key_of(&old[0])),
                "{published}"
            );
        }
        let seen = requests.load(Ordering::Relaxed);
        while requests.load(Ordering::Relaxed) < seen + 10 && started.elapsed() < Duration::from_secs(60) {
            std::thread::yield_now();
        }
    });
    println!(
        "{} requests with the secret, none failed",
        requests.load(Ordering::Relaxed)
    );
}

struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
