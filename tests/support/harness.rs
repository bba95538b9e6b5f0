//! Proof that the harness notices what it is there to notice.

use serde_json::{Value, json};
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use crate::support::backend::url_with_database;
use crate::support::check::{Exchange, check};
use crate::support::contract::{Contract, PATH};
use crate::support::postgres_cluster::user_in;
use crate::support::{Case, TestApp, World, cases, journal, make, sample};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_faithful_answer_passes,
        every_breach_of_the_contract_is_named,
        paths_are_found_as_the_service_finds_them,
        undescribed_paths_and_methods_must_be_refused,
        database_urls_keep_everything_but_the_name,
        the_server_user_is_read_from_the_password_file,
        every_method_reaches_the_service_and_comes_back_checked,
        records_can_be_made_by_an_admin_and_by_an_office,
        a_stopped_service_finds_its_records_again,
        the_program_runs_on_a_database_of_the_test,
        a_failure_shows_the_last_exchanges_without_secrets,
        a_sample_depends_on_names_and_has_its_share,
    ]
}

/// A document with one operation on a record, one that lists, and one without a body.
fn sample() -> Contract {
    let problem = json!({ "content": { "application/problem+json": {} } });
    let document = json!({
        "openapi": "3.1.0",
        "paths": {
            "/things": { "get": { "responses": {
                "200": { "content": { "text/csv": { "schema": { "type": "string" } } } }
            }}},
            "/things/{id}": {
                "get": { "responses": {
                    "200": {
                        "headers": { "ETag": { "required": true } },
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } }
                    },
                    "304": { "description": "unchanged" },
                    "4XX": problem
                }},
                "delete": { "responses": { "204": { "description": "gone" }, "default": problem } }
            },
            "/things/latest": { "get": { "responses": { "200": { "$ref": "#/components/responses/Latest" } } } },
            "/things/by-external/{system}/{key}": {}
        },
        "components": {
            "responses": { "Latest": {
                "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } }
            }},
            "schemas": { "Thing": {
                "type": "object",
                "properties": { "country": { "type": "string", "format": "country" } },
                "required": ["country"],
                "additionalProperties": false
            }}
        }
    });
    Contract::read(document.to_string())
}

/// What is wrong with one answer, as text; empty when nothing is.
fn breaches(method: &str, path: &str, status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        })
        .collect();
    let exchange = Exchange {
        method,
        path,
        status,
        headers: &headers,
        body: body.as_bytes(),
    };
    check(&sample(), &exchange).err().unwrap_or_default()
}

const TRACED: (&str, &str) = ("x-request-id", "req_1");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");
const TAG: (&str, &str) = ("etag", "\"v1\"");

/// A whole problem body for a status.
fn problem(status: u16) -> Value {
    json!({
        "type": "/problems/x", "title": "X", "status": status, "detail": "x",
        "instance": "/things/1", "code": "x", "request_id": "req_1",
    })
}

fn a_faithful_answer_passes() {
    let body = r#"{"country":"KR"}"#;
    let whole = [TRACED, JSON, TAG];
    let csv = [TRACED, ("content-type", "text/csv")];
    let refused = [TRACED, PROBLEM];
    for faithful in [
        breaches("GET", "/things/1", 200, &whole, body),
        breaches("HEAD", "/things/1", 200, &whole, ""),
        breaches("GET", "/things/1", 304, &[TRACED, TAG], ""),
        breaches("GET", "/things/latest", 200, &whole, &format!("[{body}]")),
        breaches("GET", "/things", 200, &csv, "a,b"),
        breaches("DELETE", "/things/1", 204, &[TRACED], ""),
        breaches("GET", "/things/1", 404, &refused, &problem(404).to_string()),
        breaches("GET", "/docs/index.html", 200, &[TRACED], "<html>"),
    ] {
        assert_eq!(faithful, "");
    }
}

fn every_breach_of_the_contract_is_named() {
    let get = |status, headers: &[(&str, &str)], body: &str| breaches("GET", "/things/1", status, headers, body);
    let whole = [TRACED, JSON, TAG];
    let good = r#"{"country":"KR"}"#;
    let mut incomplete = problem(404);
    incomplete["code"] = Value::Null;
    let mut of_another = problem(404);
    of_another["request_id"] = json!("req_2");
    for (breach, expected) in [
        (get(200, &[JSON, TAG], good), "X-Request-Id is missing"),
        (get(200, &[TRACED, JSON], good), "required header ETag"),
        (get(201, &whole, good), "does not document status 201"),
        (
            get(200, &[TRACED, TAG, ("content-type", "text/plain")], good),
            "media type",
        ),
        (get(200, &[TRACED, TAG], good), "media type"),
        (get(200, &whole, "{"), "not JSON"),
        (get(200, &whole, "{}"), "required"),
        (get(200, &whole, r#"{"country":"XX"}"#), "/country"),
        (get(200, &whole, r#"{"country":"KR","a":1}"#), "'a'"),
        (get(304, &[TRACED, TAG], good), "where HTTP allows none"),
        (get(404, &whole, "{}"), "not application/problem+json"),
        (get(404, &[TRACED, PROBLEM], &incomplete.to_string()), "no \"code\""),
        (
            get(404, &[TRACED, PROBLEM], &of_another.to_string()),
            "request_id is not",
        ),
        (
            get(404, &[TRACED, PROBLEM], &problem(403).to_string()),
            "says status 403",
        ),
        (get(401, &[TRACED, PROBLEM], &problem(401).to_string()), "401 without"),
        (get(405, &[TRACED, PROBLEM], &problem(405).to_string()), "405 without"),
        (
            breaches(
                "DELETE",
                "/things/1",
                500,
                &[TRACED, PROBLEM],
                &problem(500).to_string(),
            ),
            "does not document status 500",
        ),
        (
            breaches("GET", "/docs/", 500, &[TRACED], "oh"),
            "not application/problem+json",
        ),
    ] {
        assert!(breach.contains(expected), "{expected:?} is not in {breach:?}");
    }
}

fn paths_are_found_as_the_service_finds_them() {
    let contract = sample();
    let template = |path| contract.find(path).map(|found| found.template);
    assert_eq!(template("/things/latest"), Some("/things/latest"));
    assert_eq!(template("/things/1"), Some("/things/{id}"));
    let by_external = "/things/by-external/{system}/{key}";
    assert_eq!(template("/things/by-external/erp/7"), Some(by_external));
    assert_eq!(template("/things/"), None);
    assert_eq!(template("/things/1/2"), None);
}

fn undescribed_paths_and_methods_must_be_refused() {
    let not_found = problem(404).to_string();
    let refused = breaches("GET", "/nothing", 404, &[TRACED, PROBLEM], &not_found);
    assert_eq!(refused, "");
    assert!(breaches("GET", "/nothing", 200, &[TRACED, JSON], "{}").contains("no such path"));
    assert!(breaches("PUT", "/things", 200, &[TRACED, JSON], "{}").contains("no such method"));
    assert!(breaches("OPTIONS", "/things", 204, &[TRACED], "").contains("Allow"));
    let told = [TRACED, ("allow", "GET, HEAD, OPTIONS")];
    assert_eq!(breaches("OPTIONS", "/things", 204, &told, ""), "");
}

fn database_urls_keep_everything_but_the_name() {
    for (url, expected) in [
        ("postgres://a:b@h:1/one?x=/y", "postgres://a:b@h:1/two?x=/y"),
        ("postgres://h", "postgres://h/two"),
        ("postgresql://h/?sslmode=disable", "postgresql://h/two?sslmode=disable"),
    ] {
        assert_eq!(url_with_database(url, "two"), expected);
    }
}

fn the_server_user_is_read_from_the_password_file() {
    let users = "root:x:0:0::/root:/bin/sh\npostgres:x:104:111:PostgreSQL:/var/lib:/bin/bash\n";
    assert_eq!(user_in(users, "postgres"), Some((104, 111)));
    assert_eq!(user_in(users, "nobody"), None);
}

/// No method slips through without credentials, and all come back through the check of the contract.
fn every_method_reaches_the_service_and_comes_back_checked(app: &TestApp) {
    assert!(app.address.ip().is_loopback());
    let anonymous = app.anonymous();
    let office = "/api/v1/offices/off_00000000000000000000000000";
    let body = make::office_body("Nowhere", "KR");
    anonymous.get(office).expect(401).problem("token-required");
    anonymous.put(office, &body).expect(401);
    anonymous.patch(office, &body).expect(401);
    anonymous.delete(office).expect(401);
    anonymous.post("/api/v1/offices", &body).expect(401);
    anonymous.raw("HEAD", office, &[], b"").expect(401);
    anonymous.raw("OPTIONS", office, &[], b"").expect(204);
    anonymous.get(PATH).expect(200);
    app.with_token("eda_live_nonsense").get(office).expect(401);
}

/// The builders make what the service accepts, and what is read may be asked for by its tag.
fn records_can_be_made_by_an_admin_and_by_an_office(app: &TestApp) {
    let admin = app.admin();
    let first = admin.create("/api/v1/offices", &make::office_body("First", "KR"));
    let second = admin.create("/api/v1/offices", &make::office_body("Second", "MN"));
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let office = app.client_for(&id(&first), &make::every_scope());
    let memorandum = make::mou_body("Between two", &[&id(&first), &id(&second)]);
    let created = office.create("/api/v1/mous", &memorandum);
    let path = format!("/api/v1/mous/{}", id(&created));
    let read = office.get(&path).expect(200);
    assert_eq!(read.json()["titles"], memorandum["titles"]);
    let again = office.header("if-none-match", read.etag()).get(&path);
    assert_eq!(again.expect(304).text, "");
}

/// A database outlives the service, and a caller can be made where the first token is no longer shown.
fn a_stopped_service_finds_its_records_again(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let office = app
        .admin()
        .create("/api/v1/offices", &make::office_body("Lasting", "KR"));
    let path = format!("/api/v1/offices/{}", office["id"].as_str().unwrap());
    drop(app);
    let app = TestApp::start(&database, |settings| settings.workers = 2);
    assert_eq!(app.admin().get(&path).expect(200).json()["id"], office["id"]);
}

/// The program itself brings an empty database up and makes the first token on it.
fn the_program_runs_on_a_database_of_the_test(world: &World) {
    let database = world.empty_database();
    let made = world
        .command(&database, &["admin", "bootstrap", "--json"])
        .output()
        .expect("the program starts");
    let complaint = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{}: {complaint}", made.status);
    let answer: Value = serde_json::from_slice(&made.stdout).expect("an object");
    let app = TestApp::start(&database, |_| ());
    let caller = app.with_token(answer["token"].as_str().expect("a token"));
    caller.get("/api/v1/offices").expect(200);
}

fn a_failure_shows_the_last_exchanges_without_secrets(app: &TestApp) {
    let admin = app.admin();
    let made = admin.create("/api/v1/offices", &make::office_body("Shown", "KR"));
    admin.get("/api/v1/offices?nonsense=1").expect(400);
    let minted = admin.create(
        "/api/v1/clients",
        &json!({"name": "Client", "scopes": ["mous:read"], "office_id": made["id"]}),
    );
    let path = format!("/api/v1/clients/{}/tokens", minted["id"].as_str().unwrap());
    let secret = admin.create(&path, &json!({}))["secret"].clone();
    let secret = secret.as_str().expect("a secret");
    app.with_token(secret).get("/api/v1/me").expect(200);

    let text = journal::close();
    for shown in [
        "> POST /api/v1/offices",
        "\"Shown\"",
        "< 201",
        "[etag: ",
        "nonsense=1",
        "< 400",
        "> GET /api/v1/me",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(text.contains("[authorization: Bearer eda_live_…]"), "{text}");
    assert!(!text.contains(secret), "a secret is shown");
    assert_eq!(journal::mask("a eyJhb.c-d_e, eda_live_1"), "a eyJ…, eda_live_…");
    assert_eq!(journal::close(), "", "a case shows its own exchanges only");
}

fn a_sample_depends_on_names_and_has_its_share() {
    let ranks: std::collections::BTreeSet<u64> = (0..4_000).map(|number| sample::rank(&format!("{number}"))).collect();
    assert_eq!(ranks.len(), 4_000);
    let taken = (0..4_000)
        .filter(|number| sample::takes(&format!("{number}"), 4))
        .count();
    let expected = if sample::is_exhaustive() {
        4_000..4_001
    } else {
        850..1_150
    };
    assert!(expected.contains(&taken), "{taken} of 4000");
    assert_eq!(sample::rank("the same"), sample::rank("the same"));
}
