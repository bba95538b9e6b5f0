//! Small counts of programs that need protection: hidden from everybody but the owner, on every way out.

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::make::office_body;
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_read_hides_the_figures,
        every_answer_to_a_write_hides_the_figures,
        a_conflict_hides_the_figures_and_merges_what_was_shown,
        a_guess_is_never_answered,
        what_was_never_seen_is_kept,
        protection_of_today_covers_yesterday_and_the_other_way_round,
        a_deleted_program_stays_hidden,
    ]
}

/// The small figure, and the one hidden beside it because a total would reveal the first.
const SMALL: i64 = 4;
const SECOND: i64 = 86_753_097;

/// A protected program, its owner, its organizer and a stranger with every right to read and to write programs.
struct Stage {
    owner: Client,
    organizer: Client,
    stranger: Client,
    path: String,
}

impl Stage {
    fn new(app: &TestApp, change: impl FnOnce(&mut Value)) -> Stage {
        let admin = app.admin();
        let office = |name| {
            let office = admin.create("/api/v1/offices", &office_body(name, "KR"));
            office["id"].as_str().unwrap().to_owned()
        };
        let offices = ["Owner", "Organizer", "Stranger"].map(office);
        let scopes = ["programs:read", "programs:write", "changes:read", "offices:read"];
        let [owner, organizer, stranger] = offices.each_ref().map(|id| app.client_for(id, &scopes));
        let mut body = json!({
            "titles": {"en": "Help for pupils"},
            "kind": "project",
            "sensitive": true,
            "offices": {&offices[0]: {"roles": ["lead"]}, &offices[1]: {"roles": ["organizer"]}},
            "sessions": {"first": {"state": "held", "participation": {
                "small": {"unit": "person", "count": {"value": SMALL, "qualifier": "exact"}},
                "second": {"unit": "person", "count": {"value": SECOND, "qualifier": "exact"}},
                "third": {"unit": "person", "count": {"value": 97_000_000, "qualifier": "exact"}},
            }}},
        });
        change(&mut body);
        let made = owner.create("/api/v1/programs", &body);
        assert_eq!(figures(&made), (Some(SMALL), Some(SECOND)), "the owner sees them");
        let path = format!("/api/v1/programs/{}", made["id"].as_str().unwrap());
        Stage {
            owner,
            organizer,
            stranger,
            path,
        }
    }

    fn others(&self) -> [&Client; 2] {
        [&self.organizer, &self.stranger]
    }

    fn read(&self) -> Value {
        self.owner.get(&self.path).expect(200).json()
    }
}

/// The two figures of a program.
fn figures(program: &Value) -> (Option<i64>, Option<i64>) {
    let rows = &program["sessions"]["first"]["participation"];
    let value = |key: &str| rows[key]["count"]["value"].as_i64();
    (value("small"), value("second"))
}

fn set(key: &str, count: Value) -> Value {
    json!({"sessions": {"first": {"participation": {key: {"count": count}}}}})
}

fn exactly(value: i64) -> Value {
    json!({"value": value, "qualifier": "exact"})
}

fn withheld() -> Value {
    json!({"value": null, "qualifier": "withheld"})
}

/// Pointers of everything in an answer that is one of the two figures; a version may be a small number, too.
fn leaks(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaks(member, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaks(item, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Number(number) => {
            let is_small = number.as_i64() == Some(SMALL);
            let counts_something_else =
                matches!(pointer, "/from" | "/to") || ["/version", "/seq"].iter().any(|name| pointer.ends_with(name));
            if number.as_i64() == Some(SECOND) || is_small && !counts_something_else {
                found.push(pointer.to_owned());
            }
        }
        _ => {}
    }
}

/// An answer to somebody who does not own the program; it must say of the figures that they are withheld.
#[track_caller]
fn hides(reply: &Reply) -> Value {
    let answer = reply.json();
    let mut found = Vec::new();
    leaks(&answer, "", &mut found);
    assert!(found.is_empty(), "{found:?} in {answer}");
    assert!(!reply.text.contains(&SECOND.to_string()), "{answer}");
    answer
}

/// The same, of an answer that shows the program.
#[track_caller]
fn hides_in_program(reply: &Reply) -> Value {
    let answer = hides(reply);
    assert!(reply.text.contains("withheld"), "{answer}");
    answer
}

fn every_read_hides_the_figures(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    let id = path.rsplit('/').next().unwrap();
    stage
        .owner
        .header("if-match", "*")
        .patch(path, &set("third", exactly(98_000_000)))
        .expect(200);
    let other = stage.owner.create(
        "/api/v1/programs",
        &json!({"titles": {"en": "Fair"}, "kind": "expo", "sessions": {"one": {"state": "held", "agenda": {
            "shared": {"program_id": id}
        }}}}),
    );
    let other = format!("/api/v1/programs/{}", other["id"].as_str().unwrap());
    let shown = [
        path.clone(),
        format!("{path}?lang=en"),
        format!("{path}?expand=owner,offices"),
        format!("{path}/revisions/1"),
        format!("{path}/revisions/2"),
        format!("{other}?expand=agenda"),
        "/api/v1/programs".to_owned(),
        "/api/v1/programs?q=pupils&include_total=true&lang=en".to_owned(),
        "/api/v1/programs?kind=expo&expand=agenda".to_owned(),
        "/api/v1/programs?sort=-updated_at&limit=2".to_owned(),
        "/api/v1/changes?since=begin&kinds=program".to_owned(),
    ];
    for other in stage.others() {
        for path in &shown {
            hides_in_program(&other.get(path).expect(200));
        }
        let diff = hides(&other.get(&format!("{path}/diff?from=1&to=2")).expect(200));
        assert_eq!(
            diff["changes"][0]["pointer"],
            "/sessions/first/participation/third/count/value"
        );
    }
    for path in &shown {
        assert!(
            stage.owner.get(path).expect(200).text.contains(&SECOND.to_string()),
            "{path}"
        );
    }
    let digests = |client: &Client| client.get(&format!("{path}/revisions")).expect(200).json()["items"].clone();
    let (own, others) = (digests(&stage.owner), digests(&stage.stranger));
    assert_eq!(others, digests(&stage.organizer));
    for (own, others) in own.as_array().unwrap().iter().zip(others.as_array().unwrap()) {
        assert_ne!(
            own["digest"], others["digest"],
            "a digest of the figures lets them be tried"
        );
        assert_eq!(own["version"], others["version"]);
    }
    let tag = |client: &Client| client.get(path).expect(200).etag().to_owned();
    assert_ne!(tag(&stage.owner), tag(&stage.stranger));
}

fn every_answer_to_a_write_hides_the_figures(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    let organizer = stage.organizer.header("if-match", "*");
    let read = hides_in_program(&organizer.get(path).expect(200));
    hides_in_program(&organizer.put(path, &read).expect(200));
    hides_in_program(&organizer.patch(path, &json!({})).expect(200));
    let state = json!({"sessions": {"first": {"mode": "online"}}});
    for query in ["?dry_run=true", ""] {
        let reply = organizer.patch(&format!("{path}{query}"), &state).expect(200);
        hides_in_program(&reply);
        if query.is_empty() {
            assert_eq!(reply.etag(), organizer.get(path).expect(200).etag());
        }
    }
    let mut whole = hides_in_program(&organizer.get(path).expect(200));
    whole["sessions"]["first"]["mode"] = json!("hybrid");
    hides_in_program(&organizer.put(path, &whole).expect(200));
    let repeated = organizer.header("idempotency-key", "restore-once");
    for _ in 0..2 {
        hides_in_program(
            &repeated
                .post(&format!("{path}/restore"), &json!({"revision": 1}))
                .expect(200),
        );
    }
    let now = stage.read();
    assert_eq!(
        (figures(&now), &now["version"]),
        ((Some(SMALL), Some(SECOND)), &json!(4))
    );
    assert_eq!(now["sessions"]["first"]["mode"], Value::Null);
    let mut whole = hides_in_program(&stage.stranger.get(path).expect(200));
    whole["sessions"]["first"]["mode"] = json!("onsite");
    for refused in [
        stage.stranger.header("if-match", "*").put(path, &whole).expect(403),
        stage.stranger.header("if-match", "*").patch(path, &state).expect(403),
        stage
            .stranger
            .header("if-match", "*")
            .post(&format!("{path}/restore"), &json!({"revision": 3}))
            .expect(403),
        stage.stranger.header("if-match", "*").delete(path).expect(403),
        organizer
            .patch(path, &set("second", json!({"value": -1, "qualifier": "exact"})))
            .expect(422),
    ] {
        hides(&refused);
    }
}

fn a_conflict_hides_the_figures_and_merges_what_was_shown(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    let old = hides_in_program(&stage.organizer.get(path).expect(200));
    let third = |value| set("third", exactly(value));
    stage
        .owner
        .header("if-match", "\"v1\"")
        .patch(path, &third(98_000_000))
        .expect(200);
    let stale = stage.organizer.header("if-match", "\"v1\"");

    let mut elsewhere = old.clone();
    elsewhere["sessions"]["first"]["mode"] = json!("online");
    let conflict = hides_in_program(&stale.put(path, &elsewhere).expect(412));
    assert_eq!(conflict["overlaps"], json!([]));
    assert_eq!(
        conflict["merged"]["sessions"]["first"]["participation"]["small"]["count"],
        withheld()
    );
    let merged = stage
        .organizer
        .header("if-match", "\"v2\"")
        .put(path, &conflict["merged"])
        .expect(200);
    hides_in_program(&merged);
    let now = stage.read();
    assert_eq!(figures(&now), (Some(SMALL), Some(SECOND)));
    assert_eq!(
        now["sessions"]["first"]["participation"]["third"]["count"],
        exactly(98_000_000)
    );
    assert_eq!(now["sessions"]["first"]["mode"], "online");

    for patch in [third(99), set("small", exactly(9)), set("second", exactly(10))] {
        hides_in_program(&stale.patch(path, &patch).expect(412));
    }
    let small = stage.owner.header("if-match", "*");
    small.patch(path, &set("small", exactly(3))).expect(200);
    let overlapping = hides_in_program(&stale.patch(path, &set("small", exactly(9))).expect(412));
    assert_eq!(
        overlapping["current"]["sessions"]["first"]["participation"]["small"]["count"],
        withheld()
    );
    assert!(!overlapping.to_string().contains("\"value\":3,"), "{overlapping}");
    hides_in_program(
        &stale
            .post(&format!("{path}/restore"), &json!({"revision": 1}))
            .expect(412),
    );
    let unknown = stage.organizer.header("if-match", "\"v99\"");
    hides_in_program(&unknown.patch(path, &third(1)).expect(412));
}

/// What is answered must not depend on whether the figure that was sent is right.
fn a_guess_is_never_answered(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    let told = |reply: Reply| {
        let mut answer = reply.json();
        answer.as_object_mut().unwrap().remove("request_id");
        answer.as_object_mut().unwrap().remove("updated_at");
        (reply.status, answer)
    };
    for (client, status) in [(&stage.stranger, 403), (&stage.organizer, 200)] {
        let client = client.header("if-match", "*");
        let dry_run = |value| told(client.patch(&format!("{path}?dry_run=true"), &set("small", exactly(value))));
        let (right, wrong) = (dry_run(SMALL), dry_run(SMALL - 1));
        assert_eq!(right, wrong);
        assert_eq!(right.0, status);
    }
    // Without a dry run a figure that the organizer sends is a new version, right or wrong.
    let organizer = stage.organizer.header("if-match", "*");
    organizer.patch(path, &set("small", exactly(SMALL))).expect(200);
    organizer.patch(path, &set("small", exactly(SMALL - 1))).expect(200);
    assert_eq!(stage.read()["version"], 3);
    assert_eq!(figures(&stage.read()).0, Some(SMALL - 1));
}

fn what_was_never_seen_is_kept(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    let organizer = stage.organizer.header("if-match", "*");
    organizer.patch(path, &set("small", withheld())).expect(200);
    assert_eq!(
        stage.read()["version"],
        1,
        "sending back what was shown changes nothing"
    );

    organizer.patch(path, &set("third", withheld())).expect(200);
    let now = stage.read();
    let third = &now["sessions"]["first"]["participation"]["third"]["count"];
    assert_eq!((figures(&now), third), ((Some(SMALL), Some(SECOND)), &withheld()));

    let removed = json!({"sessions": {"first": {"participation": {"small": null}}}});
    organizer.patch(path, &removed).expect(200);
    assert_eq!(figures(&stage.read()).0, None);
    organizer
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(200);
    let now = stage.read();
    assert_eq!(figures(&now), (Some(SMALL), Some(SECOND)));
    assert_eq!(
        now["sessions"]["first"]["participation"]["third"]["count"],
        exactly(97_000_000)
    );
}

fn protection_of_today_covers_yesterday_and_the_other_way_round(app: &TestApp) {
    let stage = Stage::new(app, |body| body["sensitive"] = json!(false));
    let (path, owner) = (&stage.path, stage.owner.header("if-match", "*"));
    let shown = |path: &str| figures(&stage.stranger.get(path).expect(200).json());
    assert_eq!(shown(path), (Some(SMALL), Some(SECOND)), "nothing needs protection yet");

    owner
        .patch(
            path,
            &json!({"target_groups": {"pupils": {"age_from": 12, "age_to": 18}}}),
        )
        .expect(200);
    for version in [1, 2] {
        hides_in_program(&stage.stranger.get(&format!("{path}/revisions/{version}")).expect(200));
    }
    hides_in_program(&stage.stranger.get("/api/v1/changes?kinds=program").expect(200));
    let stale = stage.organizer.header("if-match", "\"v1\"");
    hides_in_program(&stale.patch(path, &set("third", exactly(1_000))).expect(412));

    owner.patch(path, &json!({"target_groups": null})).expect(200);
    assert_eq!(shown(path), (Some(SMALL), Some(SECOND)));
    assert_eq!(shown(&format!("{path}/revisions/1")), (Some(SMALL), Some(SECOND)));
    hides_in_program(&stage.stranger.get(&format!("{path}/revisions/2")).expect(200));
}

fn a_deleted_program_stays_hidden(app: &TestApp) {
    let stage = Stage::new(app, |_| ());
    let path = &stage.path;
    stage.owner.header("if-match", "*").delete(path).expect(204);
    for other in stage.others() {
        hides(&other.get(path).expect(410));
        hides_in_program(&other.get(&format!("{path}/revisions/1")).expect(200));
        hides(&other.get(&format!("{path}/revisions")).expect(200));
        hides_in_program(&other.get("/api/v1/changes?kinds=program").expect(200));
    }
}
