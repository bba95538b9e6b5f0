//! Clients and tokens over the API: who may make, change, rotate and end them, and that it counts at the next request.

mod ending;
mod grants;
mod immediate;
mod last_admin;
mod listing;
mod managing;
mod random;
mod rotating;
mod telling;
mod two_processes;

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, make};

pub(crate) fn cases() -> Vec<Case> {
    [
        managing::cases,
        grants::cases,
        rotating::cases,
        ending::cases,
        listing::cases,
        last_admin::cases,
        telling::cases,
        immediate::cases,
        two_processes::cases,
        random::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}

/// The id of what an answer holds.
#[track_caller]
fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

/// A token made over the API.
struct Minted {
    client: String,
    id: String,
    secret: String,
}

impl Minted {
    fn of(value: &Value) -> Minted {
        Minted {
            client: value["client_id"].as_str().expect("a client").to_owned(),
            id: id(value),
            secret: value["secret"].as_str().expect("a secret").to_owned(),
        }
    }

    /// A caller with its secret.
    fn caller(&self, app: &TestApp) -> Client {
        app.with_token(&self.secret)
    }

    fn path(&self) -> String {
        format!("{TOKENS}/{}", self.id)
    }

    fn client_path(&self) -> String {
        format!("{CLIENTS}/{}", self.client)
    }
}

/// A new client with these scopes and a token, made by this caller; for an office, or for the caller's own.
#[track_caller]
fn mint(by: &Client, office: Option<&str>, scopes: &[&str]) -> Minted {
    let body = json!({"name": "made by a test", "office_id": office, "scopes": scopes});
    let client = by.create(CLIENTS, &body);
    mint_for(by, &id(&client))
}

/// A new token of this client.
#[track_caller]
fn mint_for(by: &Client, client: &str) -> Minted {
    Minted::of(&by.create(&format!("{CLIENTS}/{client}/tokens"), &json!({})))
}

/// A change of a client, whatever its version.
fn edit(by: &Client, token: &Minted, change: &Value) -> Reply {
    any(by).patch(&token.client_path(), change)
}

/// A new office.
#[track_caller]
fn office(by: &Client, name: &str) -> String {
    id(&by.create("/api/v1/offices", &make::office_body(name, "KR")))
}

/// The id of the token that a caller has.
#[track_caller]
fn own(caller: &Client) -> (String, String) {
    let me = caller.get("/api/v1/me").expect(200).json();
    let text = |name: &str| me[name].as_str().expect("an id").to_owned();
    (text("client_id"), text("token_id"))
}
