//! What changes a right counts at the very next request: in this process, in another one, and from the host's command
//! line.

use serde_json::{Value, json};

use super::{Minted, edit, id, mint, office};
use crate::access::any;
use crate::cli::program::{Service, run};
use crate::support::client::Client;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_change_counts_at_the_next_request,
        another_process_obeys_at_its_next_request,
        the_command_line_counts_in_the_running_service,
    ]
}

/// A change, and what the token gets at `/api/v1/mous` right after it.
struct Change {
    what: &'static str,
    method: &'static str,
    path: String,
    body: Value,
    refused: (u16, &'static str),
    /// What lets it in again, if something does.
    undo: Option<Value>,
}

/// Each way in which a right can go.
fn changes(token: &Minted, other_office: &str) -> Vec<Change> {
    let change = |what, body: Value, refused, undo| Change {
        what,
        method: "PATCH",
        path: token.client_path(),
        body,
        refused,
        undo,
    };
    let mut all = vec![
        change(
            "suspended",
            json!({"state": "suspended"}),
            (401, "token-revoked"),
            Some(json!({"state": "active"})),
        ),
        change(
            "without the scope",
            json!({"scopes": ["export"]}),
            (403, "missing-scope"),
            Some(json!({"scopes": ["mous:read"]})),
        ),
        change(
            "fenced out",
            json!({"networks": ["203.0.113.0/24"]}),
            (403, "network-not-allowed"),
            Some(json!({"networks": []})),
        ),
        // Another office does not see the private record that is asked for.
        change(
            "moved",
            json!({"office_id": other_office}),
            (404, "record-not-found"),
            None,
        ),
    ];
    all.push(Change {
        what: "revoked",
        method: "POST",
        path: format!("{}/revoke", token.path()),
        body: json!({}),
        refused: (401, "token-revoked"),
        undo: None,
    });
    all
}

/// An office's private MOU, and a token of that office.
fn private_mou(admin: &Client) -> (String, Minted, String) {
    let (home, other) = (office(admin, "Home"), office(admin, "Other"));
    let mut body = make::mou_body("Private", &[&home, &office(admin, "Third")]);
    body["owner_office_id"] = json!(home);
    body["visibility"] = json!("private");
    let mou = id(&admin.create("/api/v1/mous", &body));
    (
        format!("/api/v1/mous/{mou}"),
        mint(admin, Some(&home), &["mous:read"]),
        other,
    )
}

fn every_change_counts_at_the_next_request(app: &TestApp) {
    let admin = app.admin();
    let (mou, token, other) = private_mou(&admin);
    let caller = token.caller(app);
    for change in changes(&token, &other) {
        let send = |body: &Value| {
            let headers = [("content-type", "application/json"), ("if-match", "*")];
            admin
                .raw(change.method, &change.path, &headers, body.to_string().as_bytes())
                .expect(200);
        };
        if change.what == "revoked" {
            let home = admin.get(&mou).json()["owner_office_id"].clone();
            edit(&admin, &token, &json!({"office_id": home})).expect(200);
        }
        caller.get(&mou).expect(200);
        send(&change.body);
        let reply = caller.get(&mou);
        assert_eq!(reply.status, change.refused.0, "{}: {}", change.what, reply.text);
        reply.problem(change.refused.1);
        let written = any(&caller).patch(&mou, &json!({"tags": ["x"]}));
        assert!(
            matches!(written.status, 401 | 403 | 404),
            "{}: {}",
            change.what,
            written.text
        );
        if let Some(undo) = &change.undo {
            send(undo);
            caller.get(&mou).expect(200);
        }
    }
}

/// Asks a service for a path with a token: status and code.
fn ask(service: &Service, path: &str, secret: &str) -> (u16, String) {
    let authorization = format!("Bearer {secret}");
    let (status, _, body) = service.ask("GET", path, &[("authorization", &authorization)]);
    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}

/// Two processes of the real program on one database; only PostgreSQL takes a second one.
fn another_process_obeys_at_its_next_request(world: &World) {
    let database = world.database();
    if database.url.starts_with("sqlite:") {
        return;
    }
    let app = TestApp::start(&database, |_| ());
    let admin = app.admin();
    let (first, second) = (
        Service::start(world, &database, &[]),
        Service::start(world, &database, &[]),
    );
    let (mou, token, other) = private_mou(&admin);
    for change in changes(&token, &other) {
        let home = admin.get(&mou).json()["owner_office_id"].clone();
        edit(&admin, &token, &json!({"office_id": home})).expect(200);
        for service in [&first, &second] {
            // Twice: the second is answered from what is remembered.
            for _ in 0..2 {
                assert_eq!(
                    ask(service, &mou, &token.secret),
                    (200, String::new()),
                    "before {}",
                    change.what
                );
            }
        }
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        admin
            .raw(
                change.method,
                &change.path,
                &headers,
                change.body.to_string().as_bytes(),
            )
            .expect(200);
        for service in [&first, &second] {
            let (status, code) = change.refused;
            assert_eq!(
                ask(service, &mou, &token.secret),
                (status, code.to_owned()),
                "{}",
                change.what
            );
        }
        if let Some(undo) = &change.undo {
            edit(&admin, &token, undo).expect(200);
        }
    }
    // And the other way: what the host's command line makes is known at once, too.
    let made = run(
        world,
        &database,
        &["token", "create", "--name", "x", "--role", "viewer", "--json"],
    );
    let secret = made.expect(0).json()["token"].as_str().expect("a secret").to_owned();
    assert_eq!(ask(&first, "/api/v1/mous", &secret).0, 200);
    run(world, &database, &["token", "revoke", &secret]).expect(0);
    assert_eq!(ask(&second, "/api/v1/mous", &secret), (401, "token-revoked".to_owned()));
}

fn the_command_line_counts_in_the_running_service(world: &World) {
    let database = world.database();
    let service = Service::start(world, &database, &[]);
    let command = |arguments: &[&str]| {
        run(world, &database, &[arguments, &["--json"]].concat())
            .expect(0)
            .json()
    };
    let made = command(&["token", "create", "--name", "x", "--scopes", "mous:read"]);
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (client, token, secret) = (text("client_id"), text("token_id"), text("token"));
    let now = || ask(&service, "/api/v1/mous", &secret);
    let refused = |status: u16, code: &str| assert_eq!(now(), (status, code.to_owned()));
    refused(200, "");
    command(&["client", "suspend", &client]);
    refused(401, "token-revoked");
    command(&["client", "resume", &client]);
    refused(200, "");
    command(&["client", "set-networks", &client, "203.0.113.0/24"]);
    refused(403, "network-not-allowed");
    command(&["client", "set-networks", &client]);
    refused(200, "");
    let rotated = command(&["token", "rotate", &token, "--grace", "0"]);
    refused(401, "token-expired");
    let secret = rotated["token"].as_str().expect("a secret");
    assert_eq!(ask(&service, "/api/v1/mous", secret).0, 200);
    command(&["token", "revoke", secret]);
    assert_eq!(ask(&service, "/api/v1/mous", secret), (401, "token-revoked".to_owned()));
}
