//! A client with a secret, made beside the service as its command line would.

use eduaccord::accounts::host::{NewClient, create_client, create_token};
use eduaccord::db::Database;

use crate::support::TestApp;
use crate::support::answers::text;
use crate::support::client::Client;

/// A client with one secret.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) token_id: String,
    pub(crate) secret: String,
}

impl Credentials {
    /// A new one; without an office it is the registry's own.
    pub(crate) fn new(database: &Database, office_id: Option<&str>, scopes: &[&str]) -> Credentials {
        let new = NewClient {
            name: "of this test",
            office_id,
            scopes,
        };
        let client_id = create_client(database, new).unwrap();
        let (token_id, secret) = create_token(database, &client_id, "of this test", 1).unwrap();
        Credentials {
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
