//! Every code of the table of problems: it has a page, and the service gives it.

use std::collections::BTreeSet;

use eduaccord::accounts::host::revoke_token;
use eduaccord::error::Code;
use eduaccord::texts::Language;
use eduaccord::values::FindingCode;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::support::client::{Client, Reply};
use crate::support::credentials::Credentials;
use crate::support::look::Look;
use crate::support::wire::{self, Answer};
use crate::support::{Case, TestApp, World, cases, make};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_code_has_its_page,
        codes_are_listed_as_json,
        every_code_is_given_for_its_cause
    ]
}

/// Codes that no request of this module gives, and why.
const NOT_GIVEN_HERE: &[(Code, &str)] = &[
    (
        Code::Internal,
        "a fault of ours; a handler that panics is tested beside the edge",
    ),
    (Code::RateLimited, "this service has no limits; tested beside access"),
    (Code::TooManyFailures, "as above"),
    (Code::Reindexing, "this database is up to date; tested beside upgrades"),
    (Code::NewerWriter, "as above"),
    (
        Code::Stopping,
        "this service is not stopped; tested beside the command line",
    ),
    (Code::RightsChanged, "tested beside access tokens"),
    (
        Code::IssuerUnavailable,
        "this service trusts no issuer; tested beside access tokens",
    ),
    (Code::IdentityNotLinked, "as above"),
    (Code::IdentityTaken, "tested beside access tokens"),
    (
        Code::SigningUnavailable,
        "this service has a master key; tested beside access tokens",
    ),
];

fn every_code_has_its_page(app: &TestApp) {
    let list = app.anonymous().get("/problems").expect(200);
    for code in Code::ALL {
        let text = code.as_str();
        let page = app.anonymous().get(&format!("/problems/{text}")).expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for part in [text, &escape(code.facts().cause), &escape(code.facts().fix)] {
            assert!(page.text.contains(part), "/problems/{text} lacks {part:?}");
        }
        assert!(
            list.text.contains(&format!("/problems/{text}\"")),
            "{text} is not in the list"
        );
        assert!(
            !page.text.contains("http://") && !page.text.contains("https://"),
            "{text}: a page that needs the internet"
        );
    }
    for code in FindingCode::ALL {
        let page = app.anonymous().get(&format!("/problems/{code}")).expect(200);
        let texts = code.texts(Language::English);
        for part in [code.as_str(), texts.meaning, texts.fix] {
            let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(page.text.contains(&part), "/problems/{code} lacks {part:?}");
        }
        assert!(
            list.text.contains(&format!("/problems/{code}\"")),
            "{code} is not in the list"
        );
    }
    app.anonymous()
        .get("/problems/no-such-code")
        .expect(404)
        .problem("not-found");
}

/// What programs read: all codes of both kinds, and what one of them stands for.
fn codes_are_listed_as_json(app: &TestApp) {
    let reader = app.anonymous().header("accept", "application/json");
    let list = reader.get("/problems").expect(200).json();
    let codes = |kind: &str| -> Vec<String> {
        let rows = list[kind].as_array().expect("rows").iter();
        rows.map(|row| row["code"].as_str().expect("a code").to_owned())
            .collect()
    };
    assert_eq!(
        codes("problems"),
        Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()
    );
    assert_eq!(
        codes("findings"),
        FindingCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>()
    );
    let both = reader.get("/problems/duplicate-member").expect(200).json();
    assert_eq!(
        (&both["problem"]["status"], &both["finding"]["code"]),
        (&json!(400), &json!("duplicate-member"))
    );
    let place = reader.get("/problems/unknown-code").expect(200).json();
    assert!(place["problem"].is_null() && place["finding"]["fix"].is_string());
    let problem = reader.get("/problems/version-conflict").expect(200).json();
    assert!(problem["finding"].is_null() && problem["problem"]["fix"].is_string());
}

/// The codes that the answers had; each must have the status and the title of the table, and lead to its page.
struct Given<'a> {
    app: &'a TestApp,
    codes: BTreeSet<&'static str>,
}

impl Given<'_> {
    #[track_caller]
    fn note(&mut self, reply: Reply, expected: &str) {
        let problem = reply.clone().problem(expected);
        let facts = Code::from_text(expected).expect("a code of the table").facts();
        assert_eq!(reply.status, facts.status, "{expected}");
        assert_eq!(problem["title"], facts.title);
        let page = problem["type"].as_str().expect("a type");
        let base = format!("http://{}", self.app.address);
        let path = page
            .strip_prefix(&base)
            .unwrap_or_else(|| panic!("{page} is not below {base}"));
        self.app.anonymous().get(path).expect(200);
        self.codes.insert(facts.code);
    }
}

fn every_code_is_given_for_its_cause(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.write_queue = 1);
    let mut given = Given {
        app: &app,
        codes: BTreeSet::new(),
    };
    let slow = std::thread::spawn({
        let (address, token) = (app.address, holder(&app, &["offices:write"]).secret);
        move || wire::send(address, unfinished(&token, "Content-Length: 9\r\n", "{}").as_bytes())
    });
    let stage = Stage::new(&app);
    give_for_requests(&mut given, &stage);
    give_for_tokens(&mut given, &stage, &mut Look::at(&database.url));
    give_for_forms(&mut given, &app);
    give_for_records(&mut given, &stage);
    give_for_accounts(&mut given, &stage);
    give_for_the_wire(&mut given, slow.join().expect("an answer"));
    give_for_outages(&mut given, &stage, &mut Look::at(&database.url));

    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let excused: BTreeSet<&str> = NOT_GIVEN_HERE.iter().map(|(code, _)| code.as_str()).collect();
    let missing: Vec<&&str> = all
        .iter()
        .filter(|code| !given.codes.contains(*code) && !excused.contains(*code))
        .collect();
    assert!(missing.is_empty(), "no test gives {missing:?}");
    let needless: Vec<&&str> = excused.intersection(&given.codes).collect();
    assert!(needless.is_empty(), "given, yet excused: {needless:?}");
}

/// A client of the registry with these scopes.
fn holder(app: &TestApp, scopes: &[&str]) -> Credentials {
    Credentials::new(app.database(), None, scopes)
}

/// A creation of an office whose body is not what its headers say.
fn unfinished(token: &str, header: &str, body: &str) -> String {
    format!(
        "POST /api/v1/offices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n{header}\r\n{body}"
    )
}

/// What no client library sends: bodies that do not come or break off, and endless headers.
fn give_for_the_wire(given: &mut Given<'_>, slow: Answer) {
    let address = given.app.address;
    let token = holder(given.app, &["offices:write"]).secret;
    let broken = unfinished(&token, "Content-Length: 9\r\n", "{}");
    let long = unfinished(&token, &format!("X-Long: {}\r\n", "x".repeat(40_000)), "");
    for (answer, status, code) in [
        (slow, 408, "request-timeout"),
        (wire::send_and_end(address, broken.as_bytes()), 400, "malformed-request"),
        (wire::send(address, long.as_bytes()), 431, "headers-too-large"),
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
        given.codes.insert(code);
    }
}

/// A database that does not get on: the first changes wait for it and fail, those behind them find the queue full.
fn give_for_outages(given: &mut Given<'_>, stage: &Stage<'_>, look: &mut Look) {
    look.execute(if look.is_sqlite() {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN; LOCK TABLE registry_state IN EXCLUSIVE MODE"
    });
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let send = |number: i32| {
            let admin = stage.admin.clone();
            scope.spawn(move || admin.post("/api/v1/offices", &make::office_body(&format!("Never {number}"), "KR")))
        };
        let waiting: Vec<_> = (0..6).map(send).collect();
        waiting
            .into_iter()
            .map(|reply| reply.join().expect("an answer"))
            .collect()
    });
    look.execute("ROLLBACK");
    for reply in replies {
        assert!(
            reply.header("retry-after").is_some(),
            "{}: {}",
            reply.status,
            reply.text
        );
        let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
        given.note(reply, &code);
    }
    stage
        .admin
        .create("/api/v1/offices", &make::office_body("After it", "KR"));
}

/// Requests that are wrong by themselves.
fn give_for_requests(given: &mut Given<'_>, stage: &Stage<'_>) {
    let (admin, offices) = (&stage.admin, "/api/v1/offices");
    let raw = |body: &[u8]| admin.raw("POST", offices, &[("content-type", "application/json")], body);
    given.note(raw(b"{"), "malformed-json");
    given.note(raw(b"{\"kind\":1,\"kind\":1}"), "duplicate-member");
    given.note(
        raw(format!("{}{}", "[".repeat(40), "]".repeat(40)).as_bytes()),
        "too-deep",
    );
    given.note(raw(format!("[{}0]", "0,".repeat(5_000)).as_bytes()), "too-many-members");
    given.note(raw(&vec![b' '; 1024 * 1024 + 1]), "body-too-large");
    given.note(raw(b"{}"), "invalid-document");
    given.note(
        raw(br#"{"names":{"en":"a\u0000b"},"kind":"education_office"}"#),
        "invalid-text",
    );
    given.note(
        admin.raw("POST", offices, &[("content-type", "text/plain")], b"{}"),
        "unsupported-media-type",
    );
    given.note(admin.get("/api/v1/offices?limit=1000"), "invalid-parameter");
    given.note(admin.get("/api/v1/offices?limitt=1"), "unknown-parameter");
    given.note(admin.get("/api/v1/offices?cursor=nonsense"), "invalid-cursor");
    given.note(
        admin.get("/api/v1/offices/mou_00000000000000000000000000"),
        "invalid-id",
    );
    given.note(
        admin.get("/api/v1/offices/off_00000000000000000000000000"),
        "record-not-found",
    );
    given.note(admin.get("/api/v1/nothing"), "not-found");
    given.note(admin.delete(offices), "method-not-allowed");
    given.note(
        admin.get(&format!("/api/v1/offices?q={}", "x".repeat(9_000))),
        "uri-too-long",
    );
}

/// Credentials that are missing, wrong, old, ended or too weak.
fn give_for_tokens(given: &mut Given<'_>, stage: &Stage<'_>, look: &mut Look) {
    let (app, path) = (stage.app, "/api/v1/me");
    given.note(app.anonymous().get(path), "token-required");
    given.note(app.with_token("nonsense").get(path), "invalid-token");
    given.note(stage.caller(&["export"]).get("/api/v1/offices"), "missing-scope");
    let Credentials { token_id, secret, .. } = holder(app, &["export"]);
    look.execute(&format!(
        "UPDATE tokens SET expires_at = '2020-01-01T00:00:00.000000Z' WHERE id = '{token_id}'"
    ));
    given.note(app.with_token(&secret).get(path), "token-expired");
    let Credentials { token_id, secret, .. } = holder(app, &["export"]);
    revoke_token(app.database(), &token_id, "a test").expect("it can be revoked");
    let revoked = app.with_token(&secret);
    given.note(revoked.get(path), "token-revoked");
}

/// Requests for access tokens.
fn give_for_forms(given: &mut Given<'_>, app: &TestApp) {
    let ask = |fields: &[(&str, &str)]| app.anonymous().form("/oauth/token", fields);
    given.note(ask(&[("grant_type", "")]), "invalid-token-request");
    given.note(ask(&[("grant_type", "password")]), "unsupported-grant-type");
    let by_client = ("grant_type", "client_credentials");
    given.note(
        ask(&[by_client, ("client_id", "x"), ("client_secret", "y")]),
        "invalid-client",
    );
    let holder = holder(app, &["export"]);
    let good = [&holder.fields()[..], &[("scope", "admin")]].concat();
    given.note(ask(&good), "invalid-scope");
}

/// Clients and tokens that nobody may make or take away.
fn give_for_accounts(given: &mut Given<'_>, stage: &Stage<'_>) {
    let admin = &stage.admin;
    let own = admin.get("/api/v1/me").json();
    let own_token = format!("/api/v1/tokens/{}", own["token_id"].as_str().expect("an id"));
    let own_client = format!("/api/v1/clients/{}", own["client_id"].as_str().expect("an id"));
    given.note(admin.post(&format!("{own_token}/rotate"), &json!({})), "own-token");
    given.note(
        stage
            .caller(&["tokens:office"])
            .post("/api/v1/clients", &json!({"name": "More", "scopes": ["export"]})),
        "not-grantable",
    );
    let handed_on = holder(stage.app, &["tokens:office"]).caller(stage.app);
    given.note(
        handed_on.post("/api/v1/clients", &json!({"name": "More", "scopes": []})),
        "secret-required",
    );
    let minted = admin.header("idempotency-key", "a-secret");
    minted.post(&format!("{own_client}/tokens"), &json!({})).expect(201);
    given.note(
        minted.post(&format!("{own_client}/tokens"), &json!({})),
        "secret-already-shown",
    );
    let elsewhere = json!({"networks": ["203.0.113.0/24"]});
    let any = admin.header("if-match", "*");
    given.note(any.patch(&own_client, &elsewhere), "last-admin");
    let second = stage.caller(&["admin", "tokens:office"]);
    given.note(any.patch(&own_client, &elsewhere), "fence-excludes-you");
    let client = second.get("/api/v1/me").json()["client_id"].clone();
    let fenced = format!("/api/v1/clients/{}?confirm_fence=true", client.as_str().expect("an id"));
    second.header("if-match", "*").patch(&fenced, &elsewhere).expect(200);
    given.note(second.get("/api/v1/me"), "network-not-allowed");
    let offer = format!(
        "/api/v1/transfers/{}",
        stage.make("/api/v1/transfers")["id"].as_str().expect("an id")
    );
    admin.post(&format!("{offer}/refuse"), &json!({})).expect(200);
    given.note(
        admin.post(&format!("{offer}/accept"), &json!({})),
        "transfer-not-pending",
    );
    let ended = stage.make("/api/v1/tokens");
    let path = format!("/api/v1/tokens/{}", ended["id"].as_str().expect("an id"));
    admin.post(&format!("{path}/revoke"), &json!({})).expect(200);
    given.note(admin.post(&format!("{path}/rotate"), &json!({})), "token-ended");
}

/// Requests that do not fit the records that there are.
fn give_for_records(given: &mut Given<'_>, stage: &Stage<'_>) {
    let admin = &stage.admin;
    let id = |record: &Value| record["id"].as_str().expect("an id").to_owned();
    let (first, second) = (stage.make("/api/v1/offices"), stage.make("/api/v1/offices"));
    let path = format!("/api/v1/offices/{}", id(&first));
    let tagged = json!({"tags": ["x"]});
    given.note(admin.patch(&path, &tagged), "precondition-required");
    given.note(
        admin.header("if-match", "\"v9\"").patch(&path, &tagged),
        "version-conflict",
    );
    given.note(admin.header("if-match", "v9").patch(&path, &tagged), "invalid-header");

    let stranger = stage.app.client_for(&id(&second), &make::every_scope());
    given.note(stranger.header("if-match", "*").patch(&path, &tagged), "not-your-part");

    let memorandum = make::mou_body("Between two", &[&id(&first), &id(&second)]);
    stranger.create("/api/v1/mous", &memorandum);
    given.note(stranger.post("/api/v1/mous", &memorandum), "possible-duplicate");
    given.note(admin.header("if-match", "*").delete(&path), "referenced");

    let own_id = |record: &Value| format!("/api/v1/offices/{}/external-ids/erp/1", id(record));
    stranger.raw("PUT", &own_id(&first), &[], b"").expect(201);
    given.note(stranger.raw("PUT", &own_id(&second), &[], b""), "external-id-taken");

    let merge = |survivor: &Value| json!({"action": "merge_into", "survivor_id": id(survivor), "reason": "Twins."});
    let (actions, office) = (format!("{path}/actions"), stage.make("/api/v1/offices"));
    let others = format!("/api/v1/offices/{}/external-ids/erp/1", id(&office));
    given.note(
        stranger.header("if-match", "*").post(&actions, &merge(&office)),
        "registry-only",
    );
    let owner = stage.app.client_for(&id(&first), &make::every_scope());
    owner.raw("PUT", &others, &[], b"").expect(201);
    let any = admin.header("if-match", "*");
    given.note(any.post(&actions, &merge(&second)), "merge-conflict");
    any.post(&actions, &merge(&office)).expect(200);
    given.note(any.patch(&path, &tagged), "record-merged");

    let in_use = id(&stage.make("/api/v1/offices"));
    stage.app.client_for(&in_use, &["offices:read"]);
    let deleted = admin
        .header("if-match", "*")
        .delete(&format!("/api/v1/offices/{in_use}"));
    given.note(deleted, "has-clients");
    let third = format!("/api/v1/offices/{}", id(&stage.make("/api/v1/offices")));
    admin.header("if-match", "*").delete(&third).expect(204);
    given.note(admin.get(&third), "record-deleted");

    let keyed: Client = admin.header("idempotency-key", "the-same");
    keyed.create("/api/v1/offices", &make::office_body("Once", "KR"));
    given.note(
        keyed.post("/api/v1/offices", &make::office_body("Another", "KR")),
        "idempotency-key-reused",
    );

    // A position given out in 2017: base64url of `1.0.1500000000`.
    let since = "/api/v1/changes?since=MS4wLjE1MDAwMDAwMDA";
    given.note(admin.get(since), "cursor-expired");
}
