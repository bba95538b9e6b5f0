//! The log: one line a request, and never a secret.

use serde_json::Value;

use eduaccord::auth::sealing::MasterKeySource;
use eduaccord::db::{Database, DatabaseUrl};

use crate::api::oauth::vectors::Forge;
use crate::support::answers::text;
use crate::support::client::encode_form;
use crate::support::credentials::Credentials;
use crate::support::program::{Service, run};
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        one_line_tells_of_a_request,
        a_proxy_that_is_not_named_is_told_of_once,
        no_secret_is_ever_logged,
        no_access_token_is_ever_logged,
    ]
}

/// The lines of the log with this request id.
fn lines<'a>(log: &'a str, id: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(id)).collect()
}

fn one_line_tells_of_a_request(world: &World) {
    let database = world.empty_database();
    let mut service = Service::start(world, &database, &[]);
    let authorization = format!("Bearer {}", service.token());
    let with = |id: &'static str| {
        [
            ("authorization", authorization.clone()),
            ("x-request-id", id.to_owned()),
        ]
    };
    let ask = |method: &str, path: &str, headers: &[(&str, String)]| {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        service.ask(method, path, &headers)
    };
    let (_, _, me) = ask("GET", "/api/v1/me", &with("asks-for-me"));
    let me: Value = serde_json::from_str(&me).expect("a caller");
    let client = me["client_id"].as_str().expect("an id");
    ask("GET", "/api/v1/offices?limit=0", &with("asks-wrongly"));
    ask("GET", "/nothing", &[("x-request-id", "asks-for-nothing".to_owned())]);
    ask("DELETE", "/version", &[("x-request-id", "asks-to-delete".to_owned())]);
    ask("GET", "/api/v1/me", &[("x-request-id", "asks-unknown".to_owned())]);
    ask("GET", "/docs/", &[("x-request-id", "asks-for-docs".to_owned())]);
    let (_, log) = service.stop();
    for (id, operation, status, who) in [
        ("asks-for-me", "getMe", "200", client),
        ("asks-wrongly", "listOffices", "400", client),
        ("asks-for-nothing", "-", "404", "-"),
        ("asks-to-delete", "-", "405", "-"),
        ("asks-unknown", "getMe", "401", "-"),
        ("asks-for-docs", "-", "200", "-"),
    ] {
        let found = lines(&log, id);
        let [line] = found[..] else {
            panic!("{id}: not one line but {found:?}");
        };
        let words: Vec<&str> = line.split("] ").nth(1).expect("a text").split(' ').collect();
        let [
            own_id,
            told_address,
            told_operation,
            told_status,
            time,
            told_client,
            told_id,
        ] = words[..]
        else {
            panic!("{line}");
        };
        assert!(own_id.starts_with("req_"), "{line}");
        assert_eq!(
            (told_id, told_address, told_operation, told_status, told_client),
            (id, "127.0.0.1", operation, status, who),
            "{line}"
        );
        let time = time.strip_suffix("ms").and_then(|time| time.parse::<f64>().ok());
        assert!(time.is_some_and(|time| (0.0..60_000.0).contains(&time)), "{line}");
    }
}

/// Behind such a proxy all callers have one address, and nothing else says so.
fn a_proxy_that_is_not_named_is_told_of_once(world: &World) {
    let proxied = [("x-forwarded-for", "203.0.113.7")];
    for (named, told) in [("10.1.2.3", 1), ("127.0.0.1", 0)] {
        let database = world.empty_database();
        let service = Service::start(world, &database, &[("EDUACCORD_TRUSTED_PROXIES", named)]);
        service.ask("GET", "/healthz", &[]);
        for _ in 0..3 {
            service.ask("GET", "/healthz", &proxied);
        }
        let (_, log) = service.stop();
        assert_eq!(lines(&log, "EDUACCORD_TRUSTED_PROXIES").len(), told, "{log}");
    }
}

/// With everything logged that can be, by the service and by all that it is built on; with secrets in their place and in
/// all the wrong ones.
fn no_secret_is_ever_logged(world: &World) {
    let database = world.empty_database();
    let mut service = Service::start(world, &database, &[("RUST_LOG", "trace")]);
    let secret = service.token();
    let unknown = eduaccord::auth::secret::make_secret().expect("a secret");
    let damaged = format!("{}x", &secret[..secret.len() - 1]);
    let jwt = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJjbGlfbWFya2VkIn0.bWFya2VkLXNpZ25hdHVyZQ";
    let basic = "Y2xpX21hcmtlZDptYXJrZWQtc2VjcmV0LW9mLWJhc2lj";
    let mut requests = 0;
    let mut send = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        service.send(method, path, headers, body);
        requests += 1;
    };
    for token in [&secret, &unknown, &damaged, jwt] {
        for sent in [format!("Bearer {token}"), format!("Basic {token}"), token.to_owned()] {
            for (method, path) in [
                ("GET", "/api/v1/me"),
                ("DELETE", "/api/v1/offices/x"),
                ("GET", "/nothing"),
            ] {
                send(method, path, &[("authorization", &sent)], "");
            }
        }
        let known = format!("Bearer {secret}");
        let json = [("authorization", known.as_str()), ("content-type", "application/json")];
        for path in ["/api/v1/me", "/api/v1/offices", "/api/v1/offices/x", "/nothing"] {
            send(
                "GET",
                &format!("{path}?token={token}&access_token={token}"),
                &json[..1],
                "",
            );
            send("GET", &format!("{path}/{token}"), &json[..1], "");
        }
        send(
            "POST",
            "/api/v1/offices",
            &json,
            &format!("{{\"names\": {{\"en\": \"{token}\"}}, \"{token}\": 1"),
        );
        send(
            "POST",
            "/api/v1/offices",
            &json,
            &format!("{{\"{token}\": \"{token}\"}}"),
        );
        send(
            "GET",
            "/api/v1/me",
            &[("cookie", token), ("x-api-key", token), ("x-request-id", token)],
            "",
        );
    }
    send("GET", "/api/v1/me", &[("authorization", &format!("Basic {basic}"))], "");
    let (output, log) = service.stop();
    let told = log.matches("ms ").count();
    assert!(
        told >= requests && log.contains("TRACE"),
        "the log is too quiet ({told} of {requests}):\n{log}"
    );
    for text in [&secret, &unknown, &damaged, jwt, basic, "bWFya2VkLXNpZ25hdHVyZQ"] {
        let line = log.lines().find(|line| line.contains(text));
        assert!(line.is_none(), "{line:?}");
    }
    assert_eq!(
        output.matches(&secret).count(),
        2,
        "it is shown on standard output, once, with an example"
    );

    let mut command = world.command(&database, &["token", "revoke", &secret, "--force"]);
    command.env("RUST_LOG", "trace");
    let ended = crate::support::program::end(command);
    assert!(ended.code == Some(0) && !ended.complaint.contains(&secret), "{ended:?}");
    let list = run(world, &database, &["token", "list"]).expect(0);
    assert!(!list.output.contains(&secret));

    // Of a database that cannot be reached the address is told, and not the password, in whatever way it was given.
    for url in [
        "postgres://eda:marked-password@127.0.0.1:1/none",
        "postgres://eda:marked-p@ssword-marked-password@127.0.0.1:1/none",
        "postgres://eda@127.0.0.1:1/none?password=marked-password",
    ] {
        for arguments in [&["serve"][..], &["verify"], &["token", "list"]] {
            let mut command = world.command(&database, arguments);
            command.env("DATABASE_URL", url).env("RUST_LOG", "trace");
            let ended = crate::support::program::end(command).expect(2);
            let told = format!("{}{}", ended.output, ended.complaint);
            assert!(!told.contains("marked-p"), "{url}: {told}");
        }
    }
}

/// Neither a genuine one nor any that is forged, in whole or in its parts.
fn no_access_token_is_ever_logged(world: &World) {
    let database = world.database();
    let master = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let settings = [
        ("RUST_LOG", "trace"),
        ("EDUACCORD_MASTER_KEY", master),
        ("EDUACCORD_FAILURE_LIMIT", "0"),
    ];
    let service = Service::start(world, &database, &settings);
    let url = DatabaseUrl::parse(&database.url).expect("a URL");
    let beside = Database::new(&url, 1, 1, i32::MAX).expect("a database");
    let holder = Credentials::new(&beside, None, &["offices:read"]);
    let form = encode_form(&holder.fields());
    let (status, answer) = service.post_form("/oauth/token", &form);
    assert_eq!(status, 200, "{answer}");
    let genuine = text(&serde_json::from_str(&answer).expect("JSON"), "access_token");
    let source = MasterKeySource::Text(master.to_owned().into());
    let forge = Forge::new(&beside, &source, &genuine);
    let mut sent = vec![genuine];
    sent.extend(forge.vectors().into_iter().map(|(_, token)| token));
    for token in &sent {
        service.ask("GET", "/api/v1/me", &[("authorization", &format!("Bearer {token}"))]);
        service.post_form("/oauth/revoke", &encode_form(&[("token", token)]));
    }
    let (_, log) = service.stop();
    assert!(log.matches("getMe").count() >= sent.len(), "the log is too quiet");
    let parts = sent
        .iter()
        .flat_map(|token| token.split('.'))
        .chain([holder.secret.as_str(), master]);
    for part in parts.filter(|part| part.len() > 20) {
        let line = log.lines().find(|line| line.contains(part));
        assert!(line.is_none(), "{part}: {line:?}");
    }
}
