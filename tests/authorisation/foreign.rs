//! Callers for whom another issuer vouches: a real one, in a process of its own.

use std::time::Duration;

use eduaccord::auth::issuers::config::IssuerConfig;
use jsonwebtoken::Algorithm;
use serde_json::json;

use super::facts::Token;
use super::stage::Stage;
use crate::api::oauth::issuer_process::Issuer;
use crate::support::TestApp;
use crate::support::backend::TestDatabase;
use crate::support::client::Client;

const AUDIENCE: &str = "eduaccord";

/// The service, which takes the tokens of this issuer.
pub(super) fn start(database: &TestDatabase, issuer: &Issuer) -> TestApp {
    let config = IssuerConfig {
        issuer: issuer.url.clone(),
        audience: AUDIENCE.to_owned(),
        algorithms: vec![Algorithm::ES256],
        typ: "at+jwt".to_owned(),
        ca_file: None,
    };
    TestApp::start(database, |settings| {
        settings.issuers = vec![config];
        settings.issuer_interval = Duration::from_secs(60);
    })
}

/// A caller with a token for a subject of its own, linked to this client as far as the state of the token says.
pub(super) fn make_caller(stage: &Stage<'_>, token: Token, client_id: &str) -> Client {
    let issuer = stage.issuer.expect("an issuer");
    let subject = format!("subject of {client_id}");
    let vouched_by = match token {
        Token::Unlinked => None,
        Token::LinkedElsewhere => Some("https://another.example"),
        _ => Some(issuer.url.as_str()),
    };
    if let Some(url) = vouched_by {
        let link = json!({ "issuer": url, "subject": subject });
        stage.admin.create(&links_of(client_id), &link);
    }
    let now = eduaccord::clock::now().timestamp();
    let claims = json!({
        "iss": issuer.url, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 36_000,
        // What an issuer says of rights is not read.
        "scope": "admin", "office_id": stage.ids.get("b"), "client_id": client_id,
    });
    stage
        .app
        .with_token(&issuer.sign("ES256", &json!({ "typ": "at+jwt" }), &claims))
}

/// Where the subjects of a client are.
pub(super) fn links_of(client_id: &str) -> String {
    format!("/api/v1/clients/{client_id}/identities")
}

/// The ids of the links of a client.
pub(super) fn ids_of_links(admin: &Client, client_id: &str) -> Vec<String> {
    let links = admin.get(&links_of(client_id)).expect(200).json();
    let ids = links["items"].as_array().into_iter().flatten();
    ids.filter_map(|link| Some(link["id"].as_str()?.to_owned())).collect()
}

/// Cuts every link of a client.
pub(super) fn cut_links(admin: &Client, client_id: &str) {
    for id in ids_of_links(admin, client_id) {
        admin.delete(&format!("/api/v1/identities/{id}")).expect(204);
    }
}
