//! Making, reading and changing clients and tokens.

use serde_json::{Value, json};

use super::{Minted, edit, mint, mint_for};
use crate::support::answers::{id, pointers};
use crate::support::look::Look;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, TOKENS};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_client_is_made_read_and_changed,
        a_token_is_made_read_and_changed,
        a_secret_is_shown_once,
        what_is_wrong_is_told_with_its_place,
        a_life_is_90_days_and_at_most_366,
        versions_are_minded,
        a_rehearsal_keeps_nothing,
        every_change_is_audited_with_its_address,
        rights_are_published,
    ]
}

fn a_client_is_made_read_and_changed(app: &TestApp) {
    let admin = app.admin();
    let body = json!({"name": "서울 front-end", "role": "viewer", "networks": ["192.0.2.9", "10.1.2.3/8"]});
    let reply = admin.post(CLIENTS, &body).expect(201);
    let made = reply.json();
    let path = format!("{CLIENTS}/{}", id(&made));
    assert_eq!(reply.header("location"), Some(path.as_str()));
    assert!(reply.etag().starts_with("\"v1-"), "{}", reply.etag());
    let wanted = json!({
        "name": "서울 front-end", "office_id": null, "role": "viewer", "state": "active", "status": "active",
        "scopes": ["offices:read", "policies:read", "mous:read", "programs:read", "changes:read"],
        "networks": ["192.0.2.9/32", "10.0.0.0/8"], "version": 1, "living_tokens": 0,
    });
    for (name, value) in wanted.as_object().expect("an object") {
        assert_eq!(&made[name], value, "{name}");
    }
    assert_eq!(admin.get(&path).expect(200).json(), made);

    let change = json!({"name": "Front-end", "scopes": ["mous:read"], "networks": null, "state": "suspended"});
    let changed = any(&admin).patch(&path, &change).expect(200).json();
    let wanted = json!([2, "Front-end", ["mous:read"], null, [], "suspended", "suspended"]);
    let got = ["version", "name", "scopes", "role", "networks", "state", "status"].map(|name| changed[name].clone());
    assert_eq!(json!(got), wanted);
    // The same once more is no change.
    let again = any(&admin).patch(&path, &change).expect(200).json();
    assert_eq!(again, changed);
    assert_eq!(admin.get(&path).json(), changed);
}

fn a_token_is_made_read_and_changed(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    let read = admin.get(&token.path()).expect(200);
    let shown = read.json();
    assert!(!read.text.contains(&token.secret));
    assert_eq!(shown["last_four"], token.secret[token.secret.len() - 4..]);
    assert_eq!(shown["name"], "made by a test", "named as its client");
    assert_eq!(shown["expires_in_days"], 89, "90 days less a moment");
    assert_eq!(
        (&shown["status"], &shown["last_used_at"]),
        (&json!("active"), &json!(null))
    );
    assert_eq!(
        shown["created_by_token"],
        admin.get(&format!("{TOKENS}/current")).json()["id"]
    );
    assert_eq!(admin.get(&token.client_path()).json()["living_tokens"], 1);

    let renamed = any(&admin)
        .patch(&token.path(), &json!({"name": "Old"}))
        .expect(200)
        .json();
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Old"), &json!(2)));
    let end = json!({"expires_at": "2099-01-01T00:00:00Z"});
    let later = any(&admin)
        .patch(&token.path(), &end)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(pointers(&later), ["/expires_at"]);
    let end = json!({"expires_at": "2020-01-01T00:00:00Z"});
    any(&admin)
        .patch(&token.path(), &end)
        .expect(422)
        .problem("invalid-document");
    let soon = eduaccord::clock::format_instant(eduaccord::clock::now() + chrono::TimeDelta::days(3));
    let earlier = any(&admin)
        .patch(&token.path(), &json!({"expires_at": soon}))
        .expect(200)
        .json();
    assert_eq!(
        (&earlier["expires_at"], &earlier["expires_in_days"]),
        (&json!(soon), &json!(2))
    );
}

fn a_secret_is_shown_once(app: &TestApp) {
    let admin = app.admin();
    let client = id(&admin.create(CLIENTS, &json!({"name": "x", "scopes": ["mous:read"]})));
    let path = format!("{CLIENTS}/{client}/tokens");
    let keyed = admin.header("idempotency-key", "once");
    let reply = keyed.post(&path, &json!({})).expect(201);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("etag"), None, "nothing to compare a secret with");
    let made = reply.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert_eq!(
        reply.header("location"),
        Some(format!("{TOKENS}/{}", id(&made)).as_str())
    );
    app.with_token(&secret).get("/api/v1/mous").expect(200);

    let again = keyed
        .post(&path, &json!({}))
        .expect(409)
        .problem("secret-already-shown");
    assert_eq!(again["token_id"], made["id"]);
    keyed
        .post(&path, &json!({"name": "other"}))
        .expect(422)
        .problem("idempotency-key-reused");
    assert_eq!(admin.get(&path).json()["items"].as_array().map(Vec::len), Some(1));
    // It is nowhere: neither in a column of any table nor in what stands for it.
    let body = secret.trim_start_matches("eda_live_");
    assert!(!whole_database(app).contains(body));
    assert!(
        whole_database(app).contains(&id(&made)),
        "the search finds what is there"
    );
}

/// Every text of every row.
fn whole_database(app: &TestApp) -> String {
    let mut look = Look::into(app.database().url());
    let mut texts = String::new();
    for table in look.tables() {
        let columns = look.columns(&table);
        for column in columns {
            let rows = look.texts(&format!(
                "SELECT COALESCE(CAST({column} AS text), '') AS text FROM {table}"
            ));
            texts.extend(rows);
        }
    }
    texts
}

fn what_is_wrong_is_told_with_its_place(app: &TestApp) {
    let admin = app.admin();
    let problem = admin
        .post(
            CLIENTS,
            &json!({"name": "x", "scopes": ["mous:read"], "role": "viewer", "networks": ["10.0.0.0/8", "office", "1.2.3.4/99"]}),
        )
        .expect(422)
        .problem("invalid-document");
    assert_eq!(pointers(&problem), ["/networks/1", "/networks/2", "/role"]);
    let problem = admin
        .post(CLIENTS, &json!({"name": "x", "scopes": ["mous:raed"]}))
        .expect(422)
        .problem("invalid-document");
    assert_eq!(problem["errors"][0]["suggestion"], "mous:read");
    for (body, place) in [
        (json!({"name": "x"}), "/scopes"),
        (json!({"name": " ", "scopes": []}), "/name"),
        (json!({"name": "a\nb", "scopes": []}), "/name"),
        (json!({"name": "x", "role": "boss"}), "/role"),
        (
            json!({"name": "x", "role": "viewer", "office_id": "off_00000000000000000000000000"}),
            "/office_id",
        ),
        (
            json!({"name": "x", "role": "viewer", "office_id": "ext:nobody:knows"}),
            "/office_id",
        ),
    ] {
        let problem = admin.post(CLIENTS, &body).expect(422).problem("invalid-document");
        assert_eq!(pointers(&problem), [place], "{body}");
    }
    let token = mint(&admin, None, &["mous:read"]);
    let tokens = format!("{}/tokens", token.client_path());
    for (path, body, place) in [
        (&tokens, json!({"expires_in_days": 0}), "/expires_in_days"),
        (&tokens, json!({"expires_at": "2020-01-01T00:00:00Z"}), "/expires_at"),
        (
            &tokens,
            json!({"expires_in_days": 5, "expires_at": "2030-01-01T00:00:00Z"}),
            "/expires_at",
        ),
        (
            &format!("{}/rotate", token.path()),
            json!({"grace_seconds": 604_801}),
            "/grace_seconds",
        ),
        (
            &format!("{}/rotate", token.path()),
            json!({"grace_seconds": -1}),
            "/grace_seconds",
        ),
    ] {
        let problem = admin.post(path, &body).expect(422).problem("invalid-document");
        assert_eq!(pointers(&problem), [place], "{body}");
    }
    let problem = edit(&admin, &token, &json!({"networks": ["nowhere"]}))
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/networks/0"]);
}

fn a_life_is_90_days_and_at_most_366(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    let path = format!("{}/tokens", token.client_path());
    for (days, left) in [(1, 1), (366, 366)] {
        let made = admin.create(&path, &json!({"expires_in_days": days}));
        assert_eq!(made["expires_in_days"], left);
    }
    admin.post(&path, &json!({"expires_in_days": 367})).expect(422);
    let at = |days| eduaccord::clock::format_instant(eduaccord::clock::now() + chrono::TimeDelta::days(days));
    admin.post(&path, &json!({"expires_at": at(367)})).expect(422);
    let end = at(10);
    assert_eq!(admin.create(&path, &json!({"expires_at": end}))["expires_at"], end);
}

fn versions_are_minded(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    for path in [token.client_path(), token.path()] {
        let change = json!({"name": "another"});
        admin.patch(&path, &change).expect(428).problem("precondition-required");
        let stale = admin.header("if-match", "\"v9\"").patch(&path, &change).expect(412);
        assert_eq!(stale.problem("version-conflict")["current_version"], 1);
        let tag = admin.get(&path).etag().to_owned();
        let changed = admin.header("if-match", &tag).patch(&path, &change).expect(200);
        assert!(changed.etag().starts_with("\"v2-"));
        admin.header("if-match", &tag).patch(&path, &change).expect(412);
        admin
            .header("if-match", "\"v2\"")
            .patch(&path, &json!({"name": "third"}))
            .expect(200);
        let same = admin.get(&path);
        assert_eq!(admin.header("if-none-match", same.etag()).get(&path).status, 304);
    }
}

fn a_rehearsal_keeps_nothing(app: &TestApp) {
    let admin = app.admin();
    let token = mint(&admin, None, &["mous:read"]);
    let mut look = Look::into(app.database().url());
    let before = look.row_counts();
    let dry = |path: &str, body: &Value| {
        let reply = any(&admin).post(&format!("{path}?dry_run=true"), body);
        assert_eq!(reply.header("dry-run"), Some("true"), "{}", reply.text);
        reply.json()
    };
    dry(CLIENTS, &json!({"name": "x", "role": "viewer"}));
    for path in [
        format!("{}/tokens", token.client_path()),
        format!("{}/rotate", token.path()),
    ] {
        assert_eq!(dry(&path, &json!({}))["secret"], json!(null), "a secret of nothing");
    }
    assert_eq!(
        dry(&format!("{}/revoke", token.path()), &json!({}))["token"]["status"],
        "revoked"
    );
    let path = format!("{}?dry_run=true", token.client_path());
    assert_eq!(
        any(&admin)
            .patch(&path, &json!({"state": "suspended"}))
            .expect(200)
            .json()["state"],
        "suspended"
    );
    assert_eq!(look.row_counts(), before);
    token.caller(app).get("/api/v1/mous").expect(200);
}

fn every_change_is_audited_with_its_address(app: &TestApp) {
    let admin = app.admin();
    let mut look = Look::into(app.database().url());
    let before = look.number("SELECT max(seq) AS number FROM audit");
    let token = mint(&admin, None, &["mous:read"]);
    edit(&admin, &token, &json!({"name": "y"})).expect(200);
    edit(&admin, &token, &json!({"state": "suspended"})).expect(200);
    edit(&admin, &token, &json!({"state": "active"})).expect(200);
    any(&admin).patch(&token.path(), &json!({"name": "z"})).expect(200);
    let next = admin.post(&format!("{}/rotate", token.path()), &json!({})).expect(201);
    let next = Minted::of(&next.json());
    admin.post(&format!("{}/revoke", token.path()), &json!({})).expect(200);
    admin.post(&format!("{}/revoke", token.path()), &json!({})).expect(200);
    let rows = look.texts(&format!(
        "SELECT operation || ' ' || target_id || ' ' || outcome || ' ' || address AS text FROM audit WHERE seq > {before} AND outcome = 'done' ORDER BY seq"
    ));
    let wanted = [
        ("client.create", &token.client),
        ("token.create", &token.id),
        ("client.update", &token.client),
        ("client.suspend", &token.client),
        ("client.resume", &token.client),
        ("token.update", &token.id),
        ("token.create", &next.id),
        ("token.rotate", &token.id),
        ("token.revoke", &token.id),
    ];
    let wanted = wanted.map(|(operation, target)| format!("{operation} {target} done 127.0.0.1"));
    assert_eq!(rows, wanted);
    mint_for(&admin, &token.client);
}

fn rights_are_published(app: &TestApp) {
    let rights = app.anonymous().get("/api/v1/rights").expect(200).json();
    let names: Vec<&str> = rights["roles"]
        .as_array()
        .expect("roles")
        .iter()
        .filter_map(|role| role["role"].as_str())
        .collect();
    assert_eq!(names, ["viewer", "partner", "editor", "office_admin", "admin"]);
    assert_eq!(
        rights["roles"][4]["scopes"].as_array().map(Vec::len),
        rights["scopes"].as_array().map(Vec::len)
    );
}
