//! Signing keys: listed, rotated and retired, beside a running service and without a failed request.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::auth::keys::store::retire_keys;
use eduaccord::db::Database;
use eduaccord::db::schema::signing_keys;
use serde_json::{Value, json};

use super::part;
use crate::support::answers::text;
use crate::support::backend::TestDatabase;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_next_key_is_published_before_it_signs,
        a_retired_key_is_gone_and_its_private_part_erased,
        keys_rotate_under_load_without_a_failed_request,
        a_wrong_master_key_stops_signing_and_a_rotation_mends_it,
    ]
}

/// The master key of `Settings::for_tests`.
const MASTER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn keys(world: &World, database: &TestDatabase, master: &str, arguments: &[&str]) -> (i32, Value) {
    let mut command: Command = world.command(database, &[&["keys", "--json"], arguments].concat());
    let output = command.env("EDUACCORD_MASTER_KEY", master).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let json = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{complaint}"));
    (output.status.code().unwrap(), json)
}

/// Makes all keys older than they are, as if that much time had passed.
pub(crate) fn age(database: &Database, seconds: i64) {
    database
        .write_blocking(move |transaction| {
            let back = |text: &str| {
                let instant = eduaccord::clock::parse_instant(text).expect("an instant");
                eduaccord::clock::format_instant(instant - chrono::TimeDelta::seconds(seconds))
            };
            let rows: Vec<(String, String, Option<String>)> = signing_keys::table
                .select((signing_keys::kid, signing_keys::created_at, signing_keys::retiring_at))
                .load(transaction.conn)?;
            for (kid, created, retiring) in rows {
                diesel::update(signing_keys::table.find(kid))
                    .set((
                        signing_keys::created_at.eq(back(&created)),
                        signing_keys::retiring_at.eq(retiring.as_deref().map(back)),
                    ))
                    .execute(transaction.conn)?;
            }
            transaction.state.epoch += 1;
            Ok(())
        })
        .unwrap();
}

/// The key that signed a token.
pub(crate) fn key_of(token: &str) -> String {
    text(&part(token, 0), "kid")
}

fn the_next_key_is_published_before_it_signs(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let old = holder.access_token(&app.anonymous());
    let (code, refused) = keys(world, &database, MASTER, &["rotate"]);
    assert_eq!((code, &refused["rotated"]), (1, &json!(false)), "{refused}");
    let state_of = |kid: &str| {
        let (_, list) = keys(world, &database, MASTER, &["list"]);
        let list = list.as_array().unwrap().clone();
        text(list.iter().find(|key| key["kid"] == *kid).expect("the key"), "state")
    };
    assert_eq!(state_of(&key_of(&old)), "active");

    age(app.database(), 301);
    let published = app.anonymous().get("/.well-known/jwks.json").expect(200).json();
    let (code, rotated) = keys(world, &database, MASTER, &["rotate"]);
    assert_eq!(code, 0, "{rotated}");
    let active = text(&rotated, "active");
    let known = published["keys"]
        .as_array()
        .unwrap()
        .iter()
        .any(|key| key["kid"] == *active);
    assert!(known, "it was published before");
    let new = holder.access_token(&app.anonymous());
    assert_eq!(key_of(&new), active);
    assert_eq!(
        (state_of(&key_of(&old)), state_of(&active)),
        ("retiring".to_owned(), "active".to_owned())
    );
    for token in [&old, &new] {
        app.with_token(token).get(OFFICES).expect(200);
    }
    // A table for people.
    let mut command = world.command(&database, &["keys", "list"]);
    let output = command.env("EDUACCORD_MASTER_KEY", MASTER).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains(&active) && shown.contains("retiring"), "{shown}");
}

fn a_retired_key_is_gone_and_its_private_part_erased(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let old = holder.access_token(&app.anonymous());
    age(app.database(), 400);
    assert_eq!(keys(world, &database, MASTER, &["rotate"]).0, 0);
    assert!(!retire_keys(app.database()).unwrap(), "its tokens still live");
    app.with_token(&old).get(OFFICES).expect(200);
    age(app.database(), 700);
    assert!(retire_keys(app.database()).unwrap());
    let reply = app.with_token(&old).get(OFFICES).expect(401);
    reply.problem("invalid-token");
    let kid = key_of(&old);
    let (state, sealed): (String, Option<String>) = app
        .database()
        .read_blocking(|conn| {
            Ok(signing_keys::table
                .find(&kid)
                .select((signing_keys::state, signing_keys::sealed_private))
                .first(conn)?)
        })
        .unwrap();
    assert_eq!((state.as_str(), sealed), ("retired", None));
    // The last request has told this process of the change.
    let published = app.anonymous().get("/.well-known/jwks.json").expect(200);
    assert!(!published.text.contains(&kid));
    holder.caller(&app).get(OFFICES).expect(200);
}

/// Callers ask for tokens and read with them, at every instance, while keys rotate at once and again and again.
fn keys_rotate_under_load_without_a_failed_request(world: &World) {
    let database = world.database();
    let public = || Some("http://registry.test".to_owned());
    let mut apps = vec![TestApp::start(&database, |settings| settings.public_url = public())];
    if !database.url.starts_with("sqlite:") {
        apps.push(TestApp::start(&database, |settings| settings.public_url = public()));
    }
    let holder = Credentials::new(apps[0].database(), None, &["offices:read"]);
    let (over, requests) = (AtomicBool::new(false), AtomicU64::new(0));
    let first = holder.access_token(&apps[0].anonymous());
    let mut signers = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..apps.len() * 2)
            .map(|number| {
                let (apps, holder, over, requests) = (&apps, &holder, &over, &requests);
                scope.spawn(move || {
                    let mut signers = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        let token = holder.access_token(&apps[number % apps.len()].anonymous());
                        signers.push(key_of(&token));
                        for app in apps {
                            app.with_token(&token).get(OFFICES).expect(200);
                        }
                        requests.fetch_add(1 + apps.len() as u64, Ordering::Relaxed);
                    }
                    signers
                })
            })
            .collect();
        for rotation in 0..6 {
            let (code, said) = keys(world, &database, MASTER, &["rotate", "--now"]);
            assert_eq!(code, 0, "{said}");
            // Half of them as after the time that caches need: then the new key signs at once.
            if rotation >= 3 {
                age(apps[0].database(), 6);
            }
            let seen = requests.load(Ordering::Relaxed);
            while requests.load(Ordering::Relaxed) < seen + 20 && !readers.iter().any(|reader| reader.is_finished()) {
                std::thread::yield_now();
            }
        }
        over.store(true, Ordering::Relaxed);
        readers
            .into_iter()
            .flat_map(|reader| reader.join().expect("no request failed"))
            .collect::<Vec<_>>()
    });
    signers.sort();
    signers.dedup();
    assert!(signers.len() >= 3, "{signers:?}");
    for app in &apps {
        app.with_token(&first).get(OFFICES).expect(200);
    }
    println!(
        "{} requests, {} keys signed",
        requests.load(Ordering::Relaxed),
        signers.len()
    );
}

fn a_wrong_master_key_stops_signing_and_a_rotation_mends_it(world: &World) {
    let database = world.database();
    let token = {
        let app = TestApp::start(&database, |settings| {
            settings.public_url = Some("http://registry.test".to_owned())
        });
        Credentials::new(app.database(), None, &["offices:read"]).access_token(&app.anonymous())
    };
    let other = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let app = TestApp::start(&database, |settings| {
        settings.public_url = Some("http://registry.test".to_owned());
        settings.master_key = eduaccord::auth::sealing::MasterKeySource::Text(other.to_owned().into());
    });
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    // What was signed with the lost key stays good: to verify needs no secret.
    app.with_token(&token).get(OFFICES).expect(200);
    app.anonymous()
        .form("/oauth/token", &holder.fields())
        .expect(503)
        .problem("signing-unavailable");
    let (_, list) = keys(world, &database, other, &["list"]);
    assert!(
        list.as_array().unwrap().iter().all(|key| key["opens"] == false),
        "{list}"
    );
    assert_eq!(keys(world, &database, other, &["rotate", "--now"]).0, 0);
    holder.caller(&app).get(OFFICES).expect(200);
    app.with_token(&token).get(OFFICES).expect(200);
}
