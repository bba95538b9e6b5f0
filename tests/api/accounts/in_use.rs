//! An office that somebody acts for is neither deleted nor hidden by whoever owns its record.

use serde_json::json;

use crate::support::answers::id;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![an_office_with_clients_stays, what_no_longer_acts_is_no_hindrance]
}

fn an_office_with_clients_stays(app: &TestApp) {
    let registry = app.admin();
    let (owner, victim) = (make::new_office(&registry, "Owner"), "Entered by another");
    let stranger = app.client_for(&owner, &make::every_scope());
    let path = format!(
        "{OFFICES}/{}",
        id(&stranger.create(OFFICES, &make::office_body(victim, "KR")))
    );
    let office = path.rsplit('/').next().unwrap().to_owned();
    let client = app.client_for(&office, &["offices:read"]);
    for caller in [&stranger, &registry] {
        let caller = any(caller);
        let problem = caller.delete(&path).expect(409).problem("has-clients");
        assert_eq!(problem["clients"], json!(1));
        for visibility in ["partners", "private"] {
            let hidden = caller.patch(&path, &json!({"visibility": visibility}));
            hidden.expect(409).problem("has-clients");
        }
        caller
            .patch(
                &path,
                &json!({"city": "Suwon", "tags": [caller.get("/api/v1/me").json()["client_id"]]}),
            )
            .expect(200);
    }
    client.get(&path).expect(200);
}

fn what_no_longer_acts_is_no_hindrance(app: &TestApp) {
    let registry = any(&app.admin());
    for (number, end) in ["suspended", "revoked", "without a token"].into_iter().enumerate() {
        let office = make::new_office(&registry, &format!("Office {number}"));
        let path = format!("{OFFICES}/{office}");
        if end == "without a token" {
            registry.create(
                CLIENTS,
                &json!({"name": "None yet", "office_id": office, "scopes": ["offices:read"]}),
            );
        } else {
            let me = app.client_for(&office, &["offices:read"]).get("/api/v1/me").json();
            registry.delete(&path).expect(409).problem("has-clients");
            let (client, token) = (me["client_id"].as_str().unwrap(), me["token_id"].as_str().unwrap());
            if end == "suspended" {
                registry
                    .patch(&format!("{CLIENTS}/{client}"), &json!({"state": "suspended"}))
                    .expect(200);
            } else {
                registry
                    .post(&format!("/api/v1/tokens/{token}/revoke"), &json!({}))
                    .expect(200);
            }
        }
        registry.patch(&path, &json!({"visibility": "private"})).expect(200);
        registry.delete(&path).expect(204);
    }
}
