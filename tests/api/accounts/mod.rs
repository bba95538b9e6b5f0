//! Clients and tokens over the API: who may make, change, rotate and end them, and that it counts at the next request.

mod after_moves;
mod ending;
mod first_client;
mod grants;
mod immediate;
mod in_use;
mod last_admin;
mod listing;
mod managing;
mod outgrowing;
mod random;
mod rotating;
mod telling;
mod two_processes;

use serde_json::{Value, json};

use crate::support::answers::{id, text};
use crate::support::client::{Client, Reply};
use crate::support::make::new_office as office;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        managing,
        first_client,
        grants,
        rotating,
        ending,
        after_moves,
        listing,
        last_admin,
        telling,
        immediate,
        in_use,
        two_processes,
        outgrowing,
        random
    ]
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
            client: text(value, "client_id"),
            id: id(value),
            secret: text(value, "secret"),
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

/// The id of the token that a caller has.
#[track_caller]
fn own(caller: &Client) -> (String, String) {
    let me = caller.get("/api/v1/me").expect(200).json();
    (text(&me, "client_id"), text(&me, "token_id"))
}
