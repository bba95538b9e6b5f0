//! The edge of the service: request ids, and what browsers of other origins may do.

use crate::support::client::Client;
use crate::support::contract::PATH;
use crate::support::{Case, TestApp, World, cases, make};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_callers_request_id_stands_beside_ours,
        a_configured_origin_may_read_everything,
        other_origins_get_nothing,
        without_origins_there_is_no_cors,
        a_tag_of_a_page_for_everybody_confirms_it,
    ]
}

const ORIGIN: &str = "http://front-end.example";

/// In the answer and the log: ours stands in audit rows, where a caller that chose it could hide among others.
fn a_callers_request_id_stands_beside_ours(app: &TestApp) {
    let caller = app.anonymous();
    let ids_of = |caller: &Client, path: &str| {
        let reply = caller.get(path);
        let own = reply.header("x-request-id").map(str::to_owned).expect("an id");
        assert!(own.starts_with("req_") && own.len() == 30, "{own}");
        if reply.status >= 400 {
            assert_eq!(reply.json()["request_id"], own, "{reply:?}");
        }
        (own, reply.header("x-caller-request-id").map(str::to_owned))
    };
    let longest = "x".repeat(128);
    for safe in ["a", "req-1_2.3:4", "A0", longest.as_str()] {
        for path in ["/version", "/nothing", "/api/v1/me"] {
            let (_, told) = ids_of(&caller.header("x-request-id", safe), path);
            assert_eq!(told.as_deref(), Some(safe), "{path}");
        }
    }
    let too_long = "x".repeat(129);
    for unsafe_id in ["a b", "<script>", "a\"b", "a/b", "\u{e9}", "", too_long.as_str()] {
        let (_, told) = ids_of(&caller.header("x-request-id", unsafe_id), "/version");
        assert_eq!(told, None, "{unsafe_id:?}");
    }
    assert_ne!(ids_of(&caller, "/version"), ids_of(&caller, "/version"));
    let admin = app.admin().header("x-request-id", "chosen");
    let made = admin
        .post("/api/v1/offices", &make::office_body("One", "KR"))
        .expect(201);
    let own = made.header("x-request-id").expect("an id");
    let events = admin.get("/api/v1/audit-events?limit=200").expect(200).json();
    let events = events["items"].as_array().expect("events");
    assert!(
        events.iter().any(|event| event["request_id"] == own),
        "{own}: {events:?}"
    );
    assert!(events.iter().all(|event| event["request_id"] != "chosen"), "{events:?}");
}

/// What a front-end needs to read beyond the body.
const NEEDED: &[&str] = &[
    "etag",
    "location",
    "link",
    "retry-after",
    "x-request-id",
    "x-caller-request-id",
    "www-authenticate",
    "allow",
];

fn a_configured_origin_may_read_everything(app: &TestApp) {
    let admin = app.admin().header("origin", ORIGIN);
    let stranger = app.anonymous().header("origin", ORIGIN);
    let office = admin
        .post("/api/v1/offices", &make::office_body("One", "KR"))
        .expect(201);
    let replies = [
        office,
        admin.get("/api/v1/offices").expect(200),
        admin.get("/api/v1/offices?limit=0").expect(400),
        stranger.get("/api/v1/me").expect(401),
        admin.get("/api/v1/offices/off_00000000000000000000000000").expect(404),
        admin.get("/nothing").expect(404),
        admin.delete("/version").expect(405),
        admin.get(&format!("/version?{}", "x".repeat(9_000))).expect(414),
    ];
    for reply in replies {
        assert_eq!(reply.header("access-control-allow-origin"), Some(ORIGIN), "{reply:?}");
        let exposed = reply
            .header("access-control-expose-headers")
            .unwrap_or_default()
            .to_lowercase();
        for name in NEEDED {
            assert!(
                exposed.split(',').any(|told| told.trim() == *name),
                "{name} is not in {exposed:?}"
            );
        }
        let varies: Vec<&str> = reply
            .headers
            .get_all("vary")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        assert!(varies.join(",").to_lowercase().contains("origin"), "{varies:?}");
    }
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let headers = [
            ("access-control-request-method", method),
            (
                "access-control-request-headers",
                "authorization,content-type,if-match,idempotency-key",
            ),
        ];
        let reply = stranger.raw(
            "OPTIONS",
            "/api/v1/offices/off_00000000000000000000000000",
            &headers,
            b"",
        );
        assert!(reply.status < 300, "{reply:?}");
        assert_eq!(reply.header("access-control-allow-origin"), Some(ORIGIN));
        let methods = reply.header("access-control-allow-methods").unwrap_or_default();
        assert!(methods.contains(method), "{methods}");
        let allowed = reply
            .header("access-control-allow-headers")
            .unwrap_or_default()
            .to_lowercase();
        assert!(
            allowed.contains("authorization") && allowed.contains("idempotency-key"),
            "{allowed}"
        );
        assert!(reply.header("access-control-max-age").is_some());
    }
}

fn other_origins_get_nothing(app: &TestApp) {
    let admin = app.admin();
    for origin in [
        "http://evil.example",
        "https://front-end.example",
        "http://front-end.example:81",
        "null",
    ] {
        let other = admin.header("origin", origin);
        for path in ["/api/v1/me", "/nothing", "/version"] {
            let reply = other.get(path);
            assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}: {reply:?}");
        }
        let headers = [("access-control-request-method", "PUT")];
        let reply = other.raw("OPTIONS", "/api/v1/offices", &headers, b"");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}: {reply:?}");
    }
}

fn without_origins_there_is_no_cors(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.cors_origins.clear());
    let caller = app.admin().header("origin", ORIGIN);
    for path in ["/api/v1/me", "/nothing"] {
        let reply = caller.get(path);
        assert!(reply.status == 200 || reply.status == 404, "{reply:?}");
        let told = reply
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control"));
        assert!(!told, "{reply:?}");
    }
    let preflight = [("access-control-request-method", "PUT")];
    let reply = caller.raw("OPTIONS", "/api/v1/offices", &preflight, b"").expect(204);
    assert!(reply.header("access-control-allow-origin").is_none() && reply.header("allow").is_some());
}

/// Every read without a token and without parameters that answers with a tag answers 304 to it, and says so in the
/// document (which every answer is checked against).
fn a_tag_of_a_page_for_everybody_confirms_it(app: &TestApp) {
    let caller = app.anonymous();
    let document = caller.get(PATH).expect(200).json();
    let mut tagged = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let is_open = item["get"]["security"].as_array().is_some_and(Vec::is_empty);
        if !is_open || path.contains('{') {
            continue;
        }
        let reply = caller.get(path).expect(200);
        let described = &item["get"]["responses"]["304"];
        assert_eq!(reply.header("etag").is_some(), !described.is_null(), "{path}");
        if let Some(tag) = reply.header("etag") {
            tagged += 1;
            caller.header("if-none-match", tag).get(path).expect(304);
        }
    }
    assert!(tagged >= 5, "{tagged}");
}
