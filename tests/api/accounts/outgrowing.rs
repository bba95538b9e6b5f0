//! What is made does not outgrow its maker: neither in its life, nor in the networks that it may be used from; and who
//! holds no more than an access token manages nothing.

use chrono::TimeDelta;
use eduaccord::clock::{format_instant, now};
use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for, office, own};
use crate::api::oauth::foreign::{self, MINUTE};
use crate::api::oauth::issuer_process::Issuer;
use crate::support::answers::{id, pointers};
use crate::support::client::{Client, Reply};
use crate::support::credentials::Credentials;
use crate::support::look::Look;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_token_lives_no_longer_than_its_maker_was_given,
        the_end_of_a_maker_may_be_moved_forward,
        a_rotated_token_gives_no_more_than_the_first_of_its_row,
        a_row_that_somebody_else_rotates_gives_no_more_than_they_do,
        tokens_of_older_releases_are_bounded_by_their_own_life,
        a_linked_subject_makes_tokens_of_90_days,
        networks_are_inherited_and_only_narrow,
        nobody_lifts_their_own_networks,
        an_access_token_manages_nothing,
    ]
}

const SCOPES: &[&str] = &["tokens:office", "mous:read"];

fn tokens_of(client: &str) -> String {
    format!("{CLIENTS}/{client}/tokens")
}

/// A new administrator of clients, by a token that was given so many days.
#[track_caller]
fn given(by: &Client, days: i64) -> Minted {
    let client = id(&by.create(CLIENTS, &json!({"name": "a maker", "scopes": SCOPES})));
    Minted::of(&by.create(&tokens_of(&client), &json!({"expires_in_days": days})))
}

/// Holds that a token is refused as longer than so many days.
#[track_caller]
fn too_long(reply: Reply, pointer: &str, days: i64) {
    let problem = reply.expect(422).problem("invalid-document");
    assert_eq!(pointers(&problem), [pointer]);
    assert_eq!(problem["errors"][0]["params"]["longest_days"], days, "{problem}");
}

/// Holds that so many days is the longest that this caller gives a new token of its own client.
#[track_caller]
fn gives_at_most(caller: &Client, days: i64) {
    let path = tokens_of(&own(caller).0);
    too_long(
        caller.post(&path, &json!({"expires_in_days": days + 1})),
        "/expires_in_days",
        days,
    );
    let late = format_instant(now() + TimeDelta::days(days) + TimeDelta::minutes(10));
    too_long(caller.post(&path, &json!({"expires_at": late})), "/expires_at", days);
    assert_eq!(
        caller.create(&path, &json!({"expires_in_days": days}))["expires_in_days"],
        days
    );
    let usual = caller.create(&path, &json!({}));
    assert!(
        (days.min(90) - 1..=days.min(90)).contains(&usual["expires_in_days"].as_i64().expect("days")),
        "{usual}"
    );
}

fn a_token_lives_no_longer_than_its_maker_was_given(app: &TestApp) {
    let admin = app.admin();
    // Of the host: no more than any token.
    let path = tokens_of(&own(&admin).0);
    admin.create(&path, &json!({"expires_in_days": 366}));
    let maker = given(&admin, 10);
    gives_at_most(&maker.caller(app), 10);
    // Nor by what that makes, and what that makes in turn.
    let next = Minted::of(
        &maker
            .caller(app)
            .create(&tokens_of(&maker.client), &json!({"expires_in_days": 4})),
    );
    gives_at_most(&next.caller(app), 4);
    let other = id(&next
        .caller(app)
        .create(CLIENTS, &json!({"name": "another", "scopes": SCOPES})));
    let last = Minted::of(&next.caller(app).create(&tokens_of(&other), &json!({})));
    gives_at_most(&last.caller(app), 4);
    gives_at_most(&given(&admin, 200).caller(app), 200);
    // Rotation makes a token, too.
    let body = json!({"expires_in_days": 5});
    too_long(
        next.caller(app).post(&format!("{}/rotate", maker.path()), &body),
        "/expires_in_days",
        4,
    );
    assert_clean(app.database());
}

/// What it was given counts, not what is left of it.
fn the_end_of_a_maker_may_be_moved_forward(app: &TestApp) {
    let admin = app.admin();
    let maker = given(&admin, 20);
    let soon = json!({"expires_at": format_instant(now() + TimeDelta::hours(1))});
    any(&admin).patch(&maker.path(), &soon).expect(200);
    gives_at_most(&maker.caller(app), 20);
}

#[track_caller]
fn rotate(by: &Client, token: &Minted, days: i64) -> Minted {
    Minted::of(&by.create(&format!("{}/rotate", token.path()), &json!({"expires_in_days": days})))
}

fn a_rotated_token_gives_no_more_than_the_first_of_its_row(app: &TestApp) {
    let admin = app.admin();
    let first = given(&admin, 10);
    let second = rotate(&admin, &first, 300);
    gives_at_most(&second.caller(app), 10);
    let third = rotate(&admin, &second, 2);
    gives_at_most(&third.caller(app), 10);
    // The grace of a rotation takes nothing of what the old one was given.
    gives_at_most(&first.caller(app), 10);
    assert_clean(app.database());
}

fn a_row_that_somebody_else_rotates_gives_no_more_than_they_do(app: &TestApp) {
    let admin = app.admin();
    let (weak, strong) = (given(&admin, 10), given(&admin, 300));
    let taken = rotate(&weak.caller(app), &strong, 7);
    gives_at_most(&taken.caller(app), 10);
    // Of the host, too.
    let host = Credentials::new(app.database(), None, SCOPES);
    let path = format!("{TOKENS}/{}/rotate", host.token_id);
    let of_host = Minted::of(&weak.caller(app).create(&path, &json!({})));
    gives_at_most(&of_host.caller(app), 10);
    let by_host = Minted::of(&admin.create(&path, &json!({"expires_in_days": 3})));
    by_host
        .caller(app)
        .create(&tokens_of(&host.client_id), &json!({"expires_in_days": 366}));
}

fn tokens_of_older_releases_are_bounded_by_their_own_life(app: &TestApp) {
    let admin = app.admin();
    let (maker, host) = (given(&admin, 30), Credentials::new(app.database(), None, SCOPES));
    Look::into(app.database().url()).execute("UPDATE tokens SET longest_life = NULL");
    gives_at_most(&maker.caller(app), 30);
    let path = tokens_of(&host.client_id);
    app.with_token(&host.secret)
        .create(&path, &json!({"expires_in_days": 366}));
}

fn a_linked_subject_makes_tokens_of_90_days(world: &World) {
    let issuer = Issuer::start();
    let database = world.database();
    let app = foreign::start(&database, &issuer, MINUTE);
    let holder = Credentials::new(app.database(), None, SCOPES);
    foreign::link(&app.admin(), &holder.client_id, &issuer, "7");
    let subject = app.with_token(&foreign::token(&issuer, "7"));
    gives_at_most(&subject, 90);
    let made = Minted::of(&subject.create(&tokens_of(&holder.client_id), &json!({"expires_in_days": 60})));
    gives_at_most(&made.caller(&app), 60);
    // Its networks are those of the client.
    let change = json!({"networks": ["127.0.0.0/8"]});
    any(&app.admin())
        .patch(&format!("{CLIENTS}/{}", holder.client_id), &change)
        .expect(200);
    let made = subject.create(CLIENTS, &json!({"name": "x", "scopes": []}));
    assert_eq!(made["networks"], json!(["127.0.0.0/8"]));
    outside(
        subject.post(CLIENTS, &json!({"name": "x", "scopes": [], "networks": ["::1"]})),
        &["::1/128"],
    );
}

/// Refused because of these networks.
#[track_caller]
fn outside(reply: Reply, networks: &[&str]) {
    let problem = reply.expect(403).problem("not-grantable");
    assert_eq!(problem["missing_networks"], json!(networks));
    assert_eq!(problem["granted_networks"], json!(["127.0.0.0/8"]));
}

/// A caller that is bound to the network of the tests.
#[track_caller]
fn bound(app: &TestApp, by: &Client, office: Option<&str>) -> Minted {
    let body = json!({"name": "bound", "office_id": office, "scopes": SCOPES, "networks": ["127.0.0.0/8"]});
    let made = mint_for(by, &id(&by.create(CLIENTS, &body)));
    made.caller(app).get("/api/v1/me").expect(200);
    made
}

fn networks_are_inherited_and_only_narrow(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let maker = bound(app, &admin, Some(&home)).caller(app);
    let new = |networks: Value| {
        maker.post(
            CLIENTS,
            &json!({"name": "x", "scopes": ["mous:read"], "networks": networks}),
        )
    };
    for nothing in [json!(null), json!([])] {
        assert_eq!(new(nothing).expect(201).json()["networks"], json!(["127.0.0.0/8"]));
    }
    let narrower = new(json!(["127.0.0.0/9", "127.0.0.1"])).expect(201).json();
    outside(new(json!(["127.0.0.1", "10.0.0.0/8", "::/0"])), &["10.0.0.0/8", "::/0"]);
    outside(new(json!(["0.0.0.0/0"])), &["0.0.0.0/0"]);
    // Narrower by two steps, and not wider again by one.
    let narrow = mint_for(&maker, &id(&narrower));
    let path = narrow.client_path();
    any(&maker)
        .patch(&path, &json!({"networks": ["127.0.0.0/8"]}))
        .expect(200);
    for (wide, missing) in [
        (json!(null), &["0.0.0.0/0", "::/0"][..]),
        (json!([]), &["0.0.0.0/0", "::/0"]),
        (json!(["126.0.0.0/7"]), &["126.0.0.0/7"]),
    ] {
        outside(edit(&maker, &narrow, &json!({"networks": wide})), missing);
    }
    assert_clean(app.database());
}

fn nobody_lifts_their_own_networks(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let anywhere = &["0.0.0.0/0", "::/0"];
    for office in [Some(home.as_str()), None] {
        let (maker, wide) = (bound(app, &admin, office), mint(&admin, office, &["mous:read"]));
        let caller = maker.caller(app);
        // Directly.
        outside(edit(&caller, &maker, &json!({"networks": null})), anywhere);
        outside(
            edit(&caller, &maker, &json!({"networks": ["127.0.0.0/8", "192.0.2.0/24"]})),
            &["192.0.2.0/24"],
        );
        // By a new secret, new rights or a new life of a client that has no networks.
        outside(caller.post(&tokens_of(&wide.client), &json!({})), anywhere);
        outside(caller.post(&format!("{}/rotate", wide.path()), &json!({})), anywhere);
        outside(edit(&caller, &wide, &json!({"scopes": SCOPES})), anywhere);
        edit(&caller, &wide, &json!({"state": "suspended"})).expect(200);
        outside(edit(&caller, &wide, &json!({"state": "active"})), anywhere);
        // To end what is too wide, and to narrow it, takes no more than to see it.
        caller.post(&format!("{}/revoke", wide.path()), &json!({})).expect(200);
        edit(&caller, &wide, &json!({"networks": ["127.0.0.1"]})).expect(200);
        // Who is not bound lifts it.
        edit(&admin, &maker, &json!({"networks": null})).expect(200);
        caller.create(&tokens_of(&wide.client), &json!({}));
    }
    // By a subject of another issuer.
    let body = json!({"name": "bound", "role": "admin", "networks": ["127.0.0.0/8"]});
    let caller = mint_for(&admin, &id(&admin.create(CLIENTS, &body))).caller(app);
    let wide = mint(&admin, None, &["mous:read"]);
    let link = json!({"issuer": "https://sso.example/a", "subject": "7"});
    outside(
        caller.post(&format!("{}/identities", wide.client_path()), &link),
        anywhere,
    );
    edit(&admin, &wide, &json!({"networks": ["127.0.0.1"]})).expect(200);
    caller.create(&format!("{}/identities", wide.client_path()), &link);
}

fn an_access_token_manages_nothing(app: &TestApp) {
    let admin = app.admin();
    let every = crate::support::make::every_scope();
    let holder = Credentials::new(app.database(), None, &every);
    let other = mint(&admin, None, &["mous:read"]);
    let keyed = app.with_token(&holder.secret).header("idempotency-key", "once");
    let new = json!({"name": "x", "scopes": ["mous:read"]});
    let made = keyed.post(CLIENTS, &new).expect(201).json();
    let links = format!("{}/identities", other.client_path());
    let link = admin.create(&links, &json!({"issuer": "https://sso.example/a", "subject": "7"}));
    let mut look = Look::into(app.database().url());
    let state = "SELECT id || ' ' || version || state AS text FROM clients ORDER BY id";
    let (counts, states) = (look.number("SELECT count(*) AS number FROM tokens"), look.texts(state));

    let caller = holder.caller(app);
    let refused = |reply: Reply| {
        reply.expect(403).problem("secret-required");
    };
    refused(caller.post(CLIENTS, &new));
    refused(caller.post(&format!("{CLIENTS}?dry_run=true"), &new));
    refused(caller.header("idempotency-key", "once").post(CLIENTS, &new));
    refused(caller.post(&tokens_of(&id(&made)), &json!({})));
    refused(caller.post(&tokens_of(&holder.client_id), &json!({})));
    refused(edit(&caller, &other, &json!({"state": "suspended"})));
    refused(edit(&caller, &other, &json!({"name": "x"})));
    refused(any(&caller).patch(&other.path(), &json!({"name": "x"})));
    refused(caller.post(&format!("{}/rotate", other.path()), &json!({})));
    for cascade in [true, false] {
        refused(caller.post(&format!("{}/revoke", other.path()), &json!({"cascade": cascade})));
        refused(caller.post(
            &format!("{TOKENS}/revoke"),
            &json!({"token": other.secret, "cascade": cascade}),
        ));
    }
    refused(caller.post(&links, &json!({"issuer": "https://sso.example/a", "subject": "8"})));
    refused(caller.delete(&format!("/api/v1/identities/{}", id(&link))));
    // The same for what is not there.
    refused(caller.post(&format!("{TOKENS}/tok_00000000000000000000000000/revoke"), &json!({})));
    assert_eq!(look.number("SELECT count(*) AS number FROM tokens"), counts);
    assert_eq!(look.texts(state), states);
    // It reads, and ends itself.
    caller.get(&other.client_path()).expect(200);
    caller.get(&links).expect(200);
    caller.post(&format!("{TOKENS}/current/revoke"), &json!({})).expect(204);
    caller.get("/api/v1/me").expect(401);
    app.with_token(&holder.secret).get("/api/v1/me").expect(200);
    assert_clean(app.database());
}
