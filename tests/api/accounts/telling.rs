//! What a caller is told of itself: `/me`, the end that comes near.

use serde_json::{Value, json};

use super::{edit, mint, office};
use crate::support::answers::id;
use crate::support::paths::CLIENTS;
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![me_tells_who_calls_and_from_where, the_last_thirty_days_are_told]
}

fn me_tells_who_calls_and_from_where(app: &TestApp) {
    let admin = app.admin();
    let home = office(&admin, "Home");
    let token = mint(&admin, Some(&home), &["mous:read"]);
    edit(&admin, &token, &json!({"networks": ["127.0.0.0/8"]})).expect(200);
    let me = token.caller(app).get("/api/v1/me").expect(200).json();
    let wanted = json!({
        "client_id": token.client, "token_id": token.id, "office_id": home, "scopes": ["mous:read"],
        "networks": ["127.0.0.0/8"], "address": "127.0.0.1", "expires_in_days": 89, "clock_skew_seconds": null,
        "quota": null,
    });
    for (name, value) in wanted.as_object().expect("an object") {
        assert_eq!(&me[name], value, "{name}");
    }
    let told = |date: &str| {
        let me: Value = token
            .caller(app)
            .header("date", date)
            .get("/api/v1/me")
            .expect(200)
            .json();
        me["clock_skew_seconds"].as_i64()
    };
    let now = eduaccord::clock::now();
    let write = |instant: chrono::DateTime<chrono::Utc>| instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let ahead = told(&write(now + chrono::TimeDelta::seconds(600))).expect("a skew");
    assert!((570..=600).contains(&ahead), "{ahead}");
    let behind = told(&write(now - chrono::TimeDelta::seconds(600))).expect("a skew");
    assert!((-660..=-600).contains(&behind), "{behind}");
    assert_eq!(told("yesterday"), None);
}

fn the_last_thirty_days_are_told(app: &TestApp) {
    let admin = app.admin();
    let client = id(&admin.create(CLIENTS, &json!({"name": "x", "scopes": ["mous:read", "mous:write"]})));
    let make = |days: i64| admin.create(&format!("{CLIENTS}/{client}/tokens"), &json!({"expires_in_days": days}));
    let (soon, later) = (make(30), make(31));
    let caller = |token: &Value| app.with_token(token["secret"].as_str().expect("a secret"));
    // On every answer: also on problems, and where the token is valid but may not.
    for (method, path, status) in [
        ("GET", "/api/v1/mous", 200),
        ("GET", "/api/v1/me", 200),
        ("HEAD", "/api/v1/mous", 200),
        ("GET", "/api/v1/mous?nonsense=1", 400),
        ("GET", "/api/v1/offices", 403),
        ("GET", "/api/v1/mous/mou_00000000000000000000000000", 404),
        ("POST", "/api/v1/mous", 415),
    ] {
        let reply = caller(&soon).raw(method, path, &[], b"").expect(status);
        assert_eq!(
            reply.header("x-token-expires"),
            soon["expires_at"].as_str(),
            "{method} {path}"
        );
        let reply = caller(&later).raw(method, path, &[], b"").expect(status);
        assert_eq!(reply.header("x-token-expires"), None, "{method} {path}");
    }
    // Not to nobody.
    assert_eq!(
        app.anonymous()
            .get("/api/v1/rights")
            .expect(200)
            .header("x-token-expires"),
        None
    );
    // Browsers may read it.
    let origin = [("origin", "http://front-end.example")];
    let reply = caller(&later).raw("GET", "/api/v1/mous", &origin, b"").expect(200);
    let exposed = reply
        .header("access-control-expose-headers")
        .unwrap_or_default()
        .to_owned();
    assert!(exposed.contains("x-token-expires"), "{exposed}");
}
