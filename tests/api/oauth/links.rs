//! Links of subjects of other issuers: who makes them, how they are listed, and how they end with the token by which they
//! were made.

use serde_json::{Value, json};

use super::foreign::{MINUTE, link, start, token};
use super::issuer_process::Issuer;
use crate::support::answers::text;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        only_the_registry_links_and_to_one_client_only,
        links_are_paged_and_found,
        a_cascade_cuts_what_a_token_linked,
        a_link_is_cut_at_once_where_all_else_had_ended,
    ]
}

fn only_the_registry_links_and_to_one_client_only(app: &TestApp) {
    let admin = app.admin();
    let office = text(&admin.create(OFFICES, &make::office_body("A", "KR")), "id");
    let holder = Credentials::new(app.database(), Some(&office), &["offices:read"]);
    let path = format!("/api/v1/clients/{}/identities", holder.client_id);
    let body = json!({"issuer": "https://sso.example/a", "subject": "7"});
    let of_office = app.client_for(&office, &make::every_scope());
    of_office.get(&path).expect(403).problem("registry-only");
    of_office.post(&path, &body).expect(403).problem("registry-only");
    // Nobody gives a scope that they do not hold.
    let weak = Credentials::new(app.database(), None, &["admin"]);
    let refused = app
        .with_token(&weak.secret)
        .post(&path, &body)
        .expect(403)
        .problem("missing-scope");
    assert_eq!(refused["missing_scopes"], json!(["offices:read"]));

    let linked = admin.create(&path, &body);
    assert_eq!(admin.post(&path, &body).expect(200).json(), linked);
    assert_eq!(admin.get(&path).expect(200).json()["items"], json!([linked]));
    let other = Credentials::new(app.database(), None, &["offices:read"]);
    let others = format!("/api/v1/clients/{}/identities", other.client_id);
    let taken = admin.post(&others, &body).expect(409).problem("identity-taken");
    assert_eq!(taken["existing_id"], linked["id"]);
    let one = format!("/api/v1/identities/{}", text(&linked, "id"));
    of_office.delete(&one).expect(403).problem("registry-only");
    admin.delete(&format!("{one}?dry_run=true")).expect(204);
    admin.delete(&one).expect(204);
    admin.delete(&one).expect(404).problem("record-not-found");
    admin.create(&others, &body);
    let nobody = "/api/v1/clients/cli_00000000000000000000000000/identities";
    admin.get(nobody).expect(404).problem("record-not-found");
    admin.post(nobody, &body).expect(404).problem("record-not-found");
    let wrong = json!({"issuer": "http://sso.example", "subject": "", "role": "admin"});
    let problem = admin.post(&path, &wrong).expect(422).problem("invalid-document");
    assert_eq!(
        crate::support::answers::pointers(&problem),
        ["/issuer", "/role", "/subject"]
    );
}

/// The subjects of a page, and its cursors.
fn subjects(page: &Value) -> (Vec<String>, Option<String>, Option<String>) {
    let cursor = |name: &str| page["page"][name].as_str().map(str::to_owned);
    let items = page["items"].as_array().expect("items").iter();
    (
        items.map(|item| text(item, "subject")).collect(),
        cursor("next_cursor"),
        cursor("prev_cursor"),
    )
}

fn links_are_paged_and_found(app: &TestApp) {
    let admin = app.admin();
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let other = Credentials::new(app.database(), None, &["offices:read"]);
    let path_of = |holder: &Credentials| format!("/api/v1/clients/{}/identities", holder.client_id);
    let path = path_of(&holder);
    let all: Vec<String> = (0..7).map(|number| format!("subject {number}")).collect();
    for (number, subject) in all.iter().enumerate() {
        let issuer = format!("https://sso.example/{}", number % 2);
        admin.create(&path, &json!({"issuer": issuer, "subject": subject}));
        admin.create(
            &path_of(&other),
            &json!({"issuer": issuer, "subject": format!("other {number}")}),
        );
    }
    for (sort, wanted) in [
        ("created_at", all.clone()),
        ("-created_at", all.iter().rev().cloned().collect()),
    ] {
        let first = format!("{path}?limit=3&include_total=true&sort={sort}");
        let (mut found, mut pages, mut at) = (Vec::new(), 0, first.clone());
        let last = loop {
            let page = admin.get(&at).expect(200).json();
            assert_eq!(page["page"]["total"], 7);
            let (items, next, previous) = subjects(&page);
            assert!(items.len() <= 3 && previous.is_some() == (pages > 0), "{page}");
            (found, pages) = ([found, items].concat(), pages + 1);
            match next {
                Some(cursor) => at = format!("{first}&cursor={cursor}"),
                None => break previous.expect("a page before"),
            }
        };
        assert_eq!((found, pages), (wanted.clone(), 3), "{sort}");
        let (back, ..) = subjects(&admin.get(&format!("{first}&cursor={last}")).expect(200).json());
        assert_eq!(back, wanted[3..6], "{sort}");
    }
    let listed = |query: &str| subjects(&admin.get(&format!("{path}?{query}")).expect(200).json()).0;
    assert_eq!(
        listed("issuer=https%3A%2F%2Fsso.example%2F1"),
        ["subject 1", "subject 3", "subject 5"]
    );
    assert_eq!(listed("subject=subject%204"), ["subject 4"]);
    assert_eq!(listed("subject=other%204"), [""; 0], "of another client");
    assert_eq!(listed("").len(), 7);
    for wrong in ["limit=201", "limit=0", "sort=subject", "client=x"] {
        admin.get(&format!("{path}?{wrong}")).expect(400);
    }
    let of_clients = admin.get("/api/v1/clients?limit=1").expect(200).json()["page"]["next_cursor"].clone();
    let crossed = format!("{path}?cursor={}", of_clients.as_str().expect("a cursor"));
    admin.get(&crossed).expect(400).problem("invalid-cursor");
}

/// The links that came of a token: kind, id and status of what its end tells.
fn identities(ended: &Value) -> Vec<(String, String)> {
    let created = ended["created"].as_array().expect("a list").iter();
    created
        .filter(|made| made["kind"] == "identity")
        .map(|made| (text(made, "id"), text(made, "status")))
        .collect()
}

/// A leaked token of an administrator left back doors: a subject linked to somebody else's client, one linked with a token
/// that it made, and what the first of these linked and made in turn.
fn a_cascade_cuts_what_a_token_linked(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, MINUTE);
    let admin = app.admin();
    let leaked = Credentials::new(app.database(), None, &make::every_scope());
    let held = Credentials::new(app.database(), None, &make::every_scope());
    let by_leaked = app.with_token(&leaked.secret);
    let made = by_leaked.create(&format!("/api/v1/clients/{}/tokens", held.client_id), &json!({}));
    let subject = |name: &str| app.with_token(&token(&issuer, name));
    let by_made = app.with_token(&text(&made, "secret"));
    // In the order in which they are made.
    let doors = [
        link(&by_leaked, &held.client_id, &issuer, "by the token"),
        link(&by_made, &held.client_id, &issuer, "by its token"),
        link(&subject("by the token"), &held.client_id, &issuer, "by its subject"),
    ];
    let of_subject =
        subject("by its subject").create(&format!("/api/v1/clients/{}/tokens", held.client_id), &json!({}));
    link(&admin, &held.client_id, &issuer, "by another");
    let names = ["by the token", "by its token", "by its subject"];
    let all_read = |status: u16, code: &str| {
        for name in names {
            let reply = subject(name).get(OFFICES).expect(status);
            if status != 200 {
                reply.problem(code);
                let written = subject(name).post(OFFICES, &make::office_body("Too late", "KR"));
                written.expect(status).problem(code);
            }
        }
    };
    let with = |doors: &[String], status: &str| -> Vec<(String, String)> {
        doors.iter().map(|id| (id.clone(), status.to_owned())).collect()
    };
    let revoke = |query: &str, body: Value| {
        let path = format!("/api/v1/tokens/{}/revoke{query}", leaked.token_id);
        admin.post(&path, &body).expect(200).json()
    };

    all_read(200, "");
    let ended = revoke("", json!({"reason": "leaked"}));
    assert_eq!(
        (ended["ended"].as_i64(), identities(&ended)),
        (Some(1), with(&doors, "active"))
    );
    all_read(200, "");
    let rehearsed = revoke("?dry_run=true", json!({"cascade": true}));
    assert_eq!(identities(&rehearsed), with(&doors, "cut"));
    all_read(200, "");
    // Somebody cuts the first by hand, which must not hide what came of it.
    admin.delete(&format!("/api/v1/identities/{}", doors[0])).expect(204);
    let ended = revoke("", json!({"cascade": true}));
    // Two tokens and two links.
    assert_eq!(
        (ended["ended"].as_i64(), identities(&ended)),
        (Some(4), with(&doors[1..], "cut"))
    );
    all_read(401, "identity-not-linked");
    for secret in [text(&made, "secret"), text(&of_subject, "secret")] {
        app.with_token(&secret)
            .get(OFFICES)
            .expect(401)
            .problem("token-revoked");
    }
    subject("by another").get(OFFICES).expect(200);
    app.with_token(&held.secret).get(OFFICES).expect(200);
    let again = revoke("", json!({"cascade": true}));
    assert_eq!((again["ended"].as_i64(), identities(&again)), (Some(0), Vec::new()));
}

/// Nothing but the link ends, so nothing else tells the processes that a right has changed.
fn a_link_is_cut_at_once_where_all_else_had_ended(world: &World) {
    let (database, issuer) = (world.database(), Issuer::start());
    let app = start(&database, &issuer, MINUTE);
    let admin = app.admin();
    let [leaked, held] = [(), ()].map(|()| Credentials::new(app.database(), None, &make::every_scope()));
    link(&app.with_token(&leaked.secret), &held.client_id, &issuer, "subject");
    let path = format!("/api/v1/tokens/{}/revoke", leaked.token_id);
    admin.post(&path, &json!({})).expect(200);
    let subject = app.with_token(&token(&issuer, "subject"));
    subject.get(OFFICES).expect(200);
    let ended = admin.post(&path, &json!({"cascade": true})).expect(200).json();
    assert_eq!(
        (&ended["ended"], &ended["created"][0]["status"]),
        (&json!(1), &json!("cut"))
    );
    subject.get(OFFICES).expect(401).problem("identity-not-linked");
}
