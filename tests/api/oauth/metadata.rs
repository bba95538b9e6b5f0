//! What others read to find and to check tokens.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::part;
use crate::support::answers::text;
use crate::support::credentials::Credentials;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        anybody_can_check_a_token_with_the_published_keys,
        the_metadata_lead_to_what_is_there,
    ]
}

fn anybody_can_check_a_token_with_the_published_keys(app: &TestApp) {
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let token = holder.access_token(&app.anonymous());
    let reply = app.anonymous().get("/.well-known/jwks.json").expect(200);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    let again = app.anonymous().header("if-none-match", reply.etag());
    again.get("/.well-known/jwks.json").expect(304);
    // The next key is there before it signs anything.
    assert_eq!(reply.json()["keys"].as_array().map(Vec::len), Some(2));
    assert!(!reply.text.contains("\"d\""), "a private part is published");
    let set: JwkSet = serde_json::from_str(&reply.text).unwrap();
    let kid = text(&part(&token, 0), "kid");
    let key = set.find(&kid).expect("the key of the token");
    let thumbprint = key.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
    assert_eq!(thumbprint, kid);
    let mut validation = Validation::new(Algorithm::ES256);
    let base = format!("http://{}", app.address);
    validation.set_audience(&[&base]);
    validation.set_issuer(&[&base]);
    let decoded = jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap();
    assert_eq!(decoded.claims["sub"], json!(holder.client_id));
}

fn the_metadata_lead_to_what_is_there(app: &TestApp) {
    let base = format!("http://{}", app.address);
    let get = |path: &str| app.anonymous().get(path).expect(200).json();
    let server = get("/.well-known/oauth-authorization-server");
    assert_eq!(server["issuer"], json!(base));
    let holder = Credentials::new(app.database(), None, &["offices:read"]);
    let path = |name: &str| {
        text(&server, name)
            .strip_prefix(&base)
            .expect("a path of this service")
            .to_owned()
    };
    let answer = app
        .anonymous()
        .form(&path("token_endpoint"), &holder.fields())
        .expect(200)
        .json();
    let token = text(&answer, "access_token");
    app.anonymous().get(&path("jwks_uri")).expect(200);
    let told = app
        .with_token(&token)
        .form(&path("introspection_endpoint"), &[("token", &token)]);
    assert_eq!(told.expect(200).json()["active"], json!(true));
    app.anonymous()
        .form(&path("revocation_endpoint"), &[("token", &token)])
        .expect(200);
    assert_eq!(server["grant_types_supported"], json!(["client_credentials"]));
    let resource = get("/.well-known/oauth-protected-resource");
    assert_eq!(resource["resource"], json!(base));
    assert_eq!(resource["authorization_servers"], json!([base]));
    assert_eq!(resource["scopes_supported"], server["scopes_supported"]);
}
