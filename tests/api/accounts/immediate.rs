//! What changes a right counts at the very next request, with the secret and with access tokens (JWT) made from it.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use eduaccord::clock::{format_instant, now};
use serde_json::json;

use super::{Minted, edit, mint, office};
use crate::support::answers::{id, text};
use crate::support::client::{Client, Reply};
use crate::support::make::delete_office_in_use;
use crate::support::parties::any;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_change_counts_at_the_next_request,
        the_end_of_a_secret_is_the_end_of_its_access_tokens,
    ]
}

/// A caller of the same service that presents this credential.
pub(super) fn bearer(place: &Client, credential: &str) -> Client {
    place.header("authorization", &format!("Bearer {credential}"))
}

/// Asks for an access token with a client's secret.
pub(super) fn exchange(place: &Client, client_id: &str, secret: &str) -> Reply {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", secret),
    ];
    place.form("/oauth/token", &fields)
}

/// Gets one.
#[track_caller]
pub(super) fn access_token(place: &Client, client_id: &str, secret: &str) -> String {
    text(&exchange(place, client_id, secret).expect(200).json(), "access_token")
}

/// Fails unless the answer has this status, and this code where it is a problem.
#[track_caller]
pub(super) fn answers(reply: Reply, (status, code): (u16, &str), what: &str) {
    let found = if reply.status < 400 {
        String::new()
    } else {
        text(&reply.json(), "code")
    };
    assert_eq!((reply.status, found.as_str()), (status, code), "{what}");
}

/// A private MOU of a unit, and a token of the office above, which therefore reads and writes it.
struct Stage {
    home: String,
    unit: String,
    other: String,
    mou: String,
    token: Minted,
}

impl Stage {
    fn new(admin: &Client) -> Stage {
        let (home, other) = (office(admin, "Home"), office(admin, "Other"));
        let mut body = make::office_body("Unit", "KR");
        body["parent_id"] = json!(home);
        let unit = id(&admin.create("/api/v1/offices", &body));
        let mut body = make::mou_body("Private", &[&unit, &other]);
        body["owner_office_id"] = json!(unit);
        body["visibility"] = json!("private");
        let mou = format!("/api/v1/mous/{}", id(&admin.create("/api/v1/mous", &body)));
        let token = mint(admin, Some(&home), &["mous:read", "mous:write"]);
        Stage {
            home,
            unit,
            other,
            mou,
            token,
        }
    }
}

/// A way in which a right goes, and what a read or a write of the MOU gets right after it.
struct Change {
    what: &'static str,
    make: fn(&Client, &Stage),
    secret: (u16, &'static str),
    access: (u16, &'static str),
}

const REVOKED: (u16, &str) = (401, "token-revoked");
const EXPIRED: (u16, &str) = (401, "token-expired");
const CHANGED: (u16, &str) = (401, "rights-changed");
const HIDDEN: (u16, &str) = (404, "record-not-found");

const CHANGES: &[Change] = &[
    Change {
        what: "suspended",
        make: |admin, stage| drop(edit(admin, &stage.token, &json!({"state": "suspended"})).expect(200)),
        secret: REVOKED,
        access: REVOKED,
    },
    Change {
        what: "without the scopes",
        make: |admin, stage| drop(edit(admin, &stage.token, &json!({"scopes": ["export"]})).expect(200)),
        secret: (403, "missing-scope"),
        access: CHANGED,
    },
    Change {
        what: "fenced out",
        make: |admin, stage| drop(edit(admin, &stage.token, &json!({"networks": ["203.0.113.0/24"]})).expect(200)),
        secret: (403, "network-not-allowed"),
        access: (403, "network-not-allowed"),
    },
    Change {
        what: "bound to another office",
        make: |admin, stage| drop(edit(admin, &stage.token, &json!({"office_id": stage.other})).expect(200)),
        secret: HIDDEN,
        access: CHANGED,
    },
    Change {
        what: "the unit comes under another office",
        make: |admin, stage| drop(move_unit(admin, stage)),
        secret: HIDDEN,
        access: HIDDEN,
    },
    Change {
        what: "the office is deleted",
        make: |admin, stage| {
            move_unit(admin, stage);
            delete_office_in_use(admin, &stage.home);
        },
        secret: REVOKED,
        access: REVOKED,
    },
    Change {
        what: "revoked",
        make: |admin, stage| {
            drop(
                admin
                    .post(&format!("{}/revoke", stage.token.path()), &json!({}))
                    .expect(200),
            )
        },
        secret: REVOKED,
        access: REVOKED,
    },
    Change {
        what: "rotated without grace",
        make: |admin, stage| {
            admin.create(&format!("{}/rotate", stage.token.path()), &json!({"grace_seconds": 0}));
        },
        secret: EXPIRED,
        access: EXPIRED,
    },
];

#[track_caller]
fn move_unit(admin: &Client, stage: &Stage) -> Reply {
    let path = format!("/api/v1/offices/{}", stage.unit);
    any(admin).patch(&path, &json!({"parent_id": stage.other})).expect(200)
}

/// Each change, made at each of these services in turn, refuses the very next read or write with the secret, and with
/// an access token of each service, at all of them. Whichever asks first finds what is remembered out of date, so each
/// is the first once.
pub(super) fn every_change_counts(admin_token: &str, places: &[Client]) {
    for (turn, change) in (0..=places.len()).flat_map(|turn| CHANGES.iter().map(move |change| (turn, change))) {
        let admin = bearer(&places[turn % places.len()], admin_token);
        let stage = Stage::new(&admin);
        let (client, secret) = (&stage.token.client, &stage.token.secret);
        let mut credentials = vec![("secret", secret.clone(), change.secret)];
        credentials.extend(
            places
                .iter()
                .map(|place| ("access token", access_token(place, client, secret), change.access)),
        );
        credentials.rotate_left(turn);
        for place in places {
            for (what, credential, _) in credentials.iter().chain(&credentials) {
                let what = format!("{what} before: {}", change.what);
                answers(bearer(place, credential).get(&stage.mou), (200, ""), &what);
            }
        }
        (change.make)(&admin, &stage);
        for (number, place) in places.iter().enumerate() {
            for (what, credential, refused) in &credentials {
                let caller = bearer(place, credential);
                for reads in [turn % 2 == 0, turn % 2 != 0] {
                    let reply = if reads {
                        caller.get(&stage.mou)
                    } else {
                        any(&caller).patch(&stage.mou, &json!({"tags": ["too-late"]}))
                    };
                    let what = format!("{what} at service {number}, reading: {reads}, after: {}", change.what);
                    answers(reply, *refused, &what);
                }
            }
            if change.secret.0 == 401 {
                exchange(place, client, secret).expect(401).problem("invalid-client");
            }
        }
        assert_eq!(
            admin.get(&stage.mou).expect(200).json()["version"],
            1,
            "{}",
            change.what
        );
    }
}

fn every_change_counts_at_the_next_request(app: &TestApp) {
    let admin = mint(&app.admin(), None, &make::every_scope());
    every_change_counts(&admin.secret, &[app.anonymous()]);
}

/// A secret whose end comes nearer is refused from that instant on, although it is remembered, and with it what was
/// made from it before; at all of these services.
pub(super) fn an_end_counts(admin: &Client, places: &[Client]) {
    let token = mint(admin, None, &["mous:read"]);
    let mut credentials = vec![token.secret.clone()];
    credentials.extend(
        places
            .iter()
            .map(|place| access_token(place, &token.client, &token.secret)),
    );
    let end = now() + TimeDelta::milliseconds(1_500);
    let edit = json!({"expires_at": format_instant(end)});
    any(admin).patch(&token.path(), &edit).expect(200);
    let (started, mut accepted) = (Instant::now(), 0);
    loop {
        let is_over = now() >= end;
        for (place, credential) in places
            .iter()
            .flat_map(|place| credentials.iter().map(move |one| (place, one)))
        {
            let reply = bearer(place, credential).get("/api/v1/mous");
            if is_over {
                answers(reply, EXPIRED, "after its end");
            } else if now() < end {
                answers(reply, (200, ""), "before its end");
                accepted += 1;
            }
        }
        if is_over {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "its end does not come");
    }
    assert!(accepted > 0, "it was used before its end");
}

fn the_end_of_a_secret_is_the_end_of_its_access_tokens(app: &TestApp) {
    an_end_counts(&app.admin(), &[app.anonymous()]);
}
