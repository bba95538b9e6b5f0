//! Access tokens in JWT form: how they are asked for, what they allow, when they end, and what is none.

mod asking;
mod foreign;
mod forged;
mod handed_on;
mod issuer_keys;
pub(crate) mod issuer_process;
mod limits;
mod links;
mod metadata;
pub(crate) mod rotation;
mod standing;
mod trust;
pub(crate) mod vectors;

use eduaccord::accounts::host::{NewClient, create_client, create_token};
use eduaccord::db::Database;
use serde_json::Value;

use crate::support::client::Client;
use crate::support::{Case, TestApp};

pub(crate) fn cases() -> Vec<Case> {
    [
        asking::cases,
        standing::cases,
        forged::cases,
        metadata::cases,
        rotation::cases,
        foreign::cases,
        handed_on::cases,
        limits::cases,
        trust::cases,
        links::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}

/// A client with one secret.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) client_id: String,
    pub(crate) token_id: String,
    pub(crate) secret: String,
}

impl Holder {
    /// A new one; without an office it is the registry's own.
    pub(crate) fn new(database: &Database, office_id: Option<&str>, scopes: &[&str]) -> Holder {
        let new = NewClient {
            name: "of this test",
            office_id,
            scopes,
        };
        let client_id = create_client(database, new).unwrap();
        let (token_id, secret) = create_token(database, &client_id, "of this test", 1).unwrap();
        Holder {
            client_id,
            token_id,
            secret,
        }
    }

    /// The form that asks for a token.
    pub(crate) fn fields(&self) -> [(&str, &str); 3] {
        [
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", &self.secret),
        ]
    }

    /// A new access token with all that the client holds.
    #[track_caller]
    pub(crate) fn access_token(&self, anonymous: &Client) -> String {
        let reply = anonymous.form("/oauth/token", &self.fields()).expect(200);
        text(&reply.json(), "access_token")
    }

    /// A caller with a new access token.
    #[track_caller]
    pub(crate) fn caller(&self, app: &TestApp) -> Client {
        app.with_token(&self.access_token(&app.anonymous()))
    }
}

/// A member that is a text.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

/// One of the three parts of a token, as JSON.
#[track_caller]
pub(crate) fn part(token: &str, number: usize) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(number).expect("a part");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
