//! `redact`: a personal value is nowhere any more, and everything else is as it was.

use serde_json::{Value, json};

use super::{act, assert_verified, audited};
use crate::api::feed::{now, read, told};
use crate::support::answers::{found, id};
use crate::support::client::Client;
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_redacted_value_is_nowhere,
        the_same_words_in_the_item_go_too,
        whatever_stood_there_goes,
        what_is_in_the_past_alone_is_found,
        a_deleted_record_is_redacted_too,
        no_answer_brings_it_back,
        every_kind_is_redacted,
    ]
}

pub(super) const CANARY: &str = "Hong Gildong";
pub(super) const HOLE: &str = "[redacted]";

pub(super) fn redact(pointer: &str) -> Value {
    json!({"action": "redact", "pointer": pointer, "reason": "The person has asked for it."})
}

/// An office with a head of this name.
pub(super) fn headed(name: &str) -> Value {
    let mut body = make::office_body("Headed", "KR");
    body["posts"] = json!({
        "head": {"post": "head", "holder": {"en": name, "ko": "홍길동"}, "term": 2},
        "deputy": {"post": "deputy_head", "holder": {"en": "Somebody Else"}},
    });
    body
}

/// Where these words stand in the database: `table.column`.
fn places(app: &TestApp, words: &str) -> Vec<String> {
    let mut look = Look::into(app.database().url());
    let mut places = Vec::new();
    for table in look.tables() {
        let columns = if look.is_sqlite() {
            format!("SELECT name AS text FROM pragma_table_info('{table}')")
        } else {
            format!(
                "SELECT CAST(column_name AS text) AS text FROM information_schema.columns WHERE table_name = '{table}'"
            )
        };
        for column in look.texts(&columns) {
            let words = words.to_lowercase();
            let count =
                format!("SELECT count(*) AS number FROM {table} WHERE lower(CAST({column} AS TEXT)) LIKE '%{words}%'");
            if look.number(&count) > 0 {
                places.push(format!("{table}.{column}"));
            }
        }
    }
    places
}

/// Every answer that tells of a record.
fn answers(client: &Client, path: &str) -> Vec<String> {
    let mut answers = vec![client.get(path).text, client.get("/api/v1/changes").text];
    let revisions = client.get(&format!("{path}/revisions")).expect(200);
    let count = revisions.json()["items"].as_array().unwrap().len();
    answers.push(revisions.text);
    for version in 1..=count {
        answers.push(client.get(&format!("{path}/revisions/{version}")).text);
        answers.push(client.get(&format!("{path}/diff?from=1&to={version}")).text);
    }
    answers
}

#[track_caller]
pub(super) fn assert_nowhere(app: &TestApp, path: &str, words: &str) {
    assert_eq!(places(app, words), [""; 0]);
    for answer in answers(&app.admin(), path) {
        assert!(!answer.contains(words), "{answer}");
    }
    assert_verified(app);
}

fn a_redacted_value_is_nowhere(app: &TestApp) {
    let parties = Parties::new(app);
    let keyed = parties.a.client.header("idempotency-key", "k-1");
    let made = keyed.post(OFFICES, &headed(CANARY)).expect(201);
    let office = id(&made.json());
    let path = format!("{OFFICES}/{office}");
    any(&parties.a.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    any(&parties.a.client)
        .patch(&path, &json!({"names": {"ko": "이름"}}))
        .expect(200);
    assert!(
        places(app, CANARY).len() >= 4,
        "the look finds it: {:?}",
        places(app, CANARY)
    );
    let before: Vec<Value> = (1..=3)
        .map(|n| parties.a.client.get(&format!("{path}/revisions/{n}")).json())
        .collect();
    let start = now(&parties.b.client);

    let done = act(&parties.registry, &path, &redact("/posts/head/holder/en")).expect(200);
    let record = done.json();
    assert_eq!((done.etag(), &record["version"]), ("\"v4\"", &json!(4)));
    assert_eq!(record["posts"]["head"]["holder"], json!({"en": HOLE, "ko": "홍길동"}));
    assert_nowhere(app, &path, CANARY);
    for (version, before) in (1..).zip(before) {
        let mut expected = before;
        expected["posts"]["head"]["holder"]["en"] = json!(HOLE);
        assert_eq!(
            parties.a.client.get(&format!("{path}/revisions/{version}")).json(),
            expected
        );
    }
    let page = read(&parties.b.client, &[("since", &start)]);
    assert_eq!(told(&page), [("upsert".to_owned(), office.clone(), 4)]);
    assert_eq!(found(&parties.b.client, OFFICES, &[("q", "gildong")]), [""; 0]);
    assert_eq!(found(&parties.b.client, OFFICES, &[("q", "redacted")]), ["Headed"]);
    // A repeat of the creation finds what it made, with the hole, and makes no other.
    let again = keyed.post(OFFICES, &headed(CANARY)).expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        (&again.json()["id"], &again.json()["posts"]["head"]["holder"]["en"]),
        (&json!(office), &json!(HOLE))
    );
    let all = audited(app, &office);
    assert_eq!(all[all.len() - 2..], ["office.redact 4", "office.redaction -"]);
    assert_eq!(
        places(app, "The person has asked"),
        [""; 0],
        "reasons of redactions are not kept"
    );
    // Once more: nothing is left to do.
    assert_eq!(
        act(&parties.registry, &path, &redact("/posts/head/holder/en"))
            .expect(200)
            .json(),
        record
    );
}

fn the_same_words_in_the_item_go_too(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = headed(CANARY);
    body["posts"]["head"]["holder"]["mn"] = json!(CANARY);
    body["posts"]["head"]["title"] = json!({"en": CANARY, "ko": "head"});
    body["aliases"] = json!({"a": {"text": CANARY, "kind": "alias"}});
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &body)));
    let record = act(&parties.registry, &path, &redact("/posts/head/holder/en"))
        .expect(200)
        .json();
    assert_eq!(
        record["posts"]["head"]["holder"],
        json!({"en": HOLE, "ko": "홍길동", "mn": HOLE})
    );
    assert_eq!(record["posts"]["head"]["title"], json!({"en": HOLE, "ko": "head"}));
    assert_eq!(
        record["aliases"]["a"]["text"], CANARY,
        "another item is another redaction"
    );
    act(&parties.registry, &path, &redact("/aliases/a/text")).expect(200);
    assert_nowhere(app, &path, CANARY);
    // A whole name, and a code that happens to be the same word.
    any(&parties.a.client)
        .patch(&path, &json!({"posts": {"head": {"holder": {"en": "head"}}}}))
        .expect(200);
    let record = act(&parties.registry, &path, &redact("/posts/head/holder"))
        .expect(200)
        .json();
    assert_eq!(
        record["posts"]["head"]["holder"],
        json!({"en": HOLE, "ko": HOLE, "mn": HOLE})
    );
    assert_eq!(
        (
            &record["posts"]["head"]["post"],
            &record["posts"]["head"]["title"]["ko"]
        ),
        (&json!("head"), &json!(HOLE))
    );
    assert_nowhere(app, &path, "홍길동");
}

fn whatever_stood_there_goes(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!(
        "{OFFICES}/{}",
        id(&parties.a.client.create(OFFICES, &headed("Hong Kildong")))
    );
    let renamed = json!({"posts": {"head": {"holder": {"en": CANARY}, "title": {"en": "Hong Kildong"}}}});
    any(&parties.a.client).patch(&path, &renamed).expect(200);
    act(&parties.registry, &path, &redact("/posts/head/holder/en")).expect(200);
    assert_nowhere(app, &path, CANARY);
    assert_nowhere(app, &path, "Hong Kildong");
    // In arrays the words count, not the number.
    any(&parties.a.client)
        .patch(&path, &json!({"tags": [CANARY, "z"]}))
        .expect(200);
    any(&parties.a.client)
        .patch(&path, &json!({"tags": ["A", CANARY, "z"]}))
        .expect(200);
    let record = act(&parties.registry, &path, &redact("/tags/1")).expect(200).json();
    assert_eq!(record["tags"], json!(["A", HOLE, "z"]));
    let second = parties.a.client.get(&format!("{path}/revisions/4")).json();
    assert_eq!(second["tags"], json!([HOLE, "z"]));
    assert_nowhere(app, &path, CANARY);
}

fn what_is_in_the_past_alone_is_found(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &headed(CANARY))));
    any(&parties.a.client)
        .patch(&path, &json!({"posts": {"head": null}}))
        .expect(200);
    let record = act(&parties.registry, &path, &redact("/posts/head/holder/en"))
        .expect(200)
        .json();
    assert_eq!((&record["version"], record["posts"].get("head")), (&json!(3), None));
    let first = parties.a.client.get(&format!("{path}/revisions/1")).json();
    assert_eq!(first["posts"]["head"]["holder"]["en"], HOLE);
    assert_nowhere(app, &path, CANARY);
}

fn a_deleted_record_is_redacted_too(app: &TestApp) {
    let parties = Parties::new(app);
    let office = id(&parties.a.client.create(OFFICES, &headed(CANARY)));
    let path = format!("{OFFICES}/{office}");
    any(&parties.a.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    any(&parties.a.client).delete(&path).expect(204);
    let start = now(&parties.registry);
    let record = act(&parties.registry, &path, &redact("/posts/head/holder/en"))
        .expect(200)
        .json();
    assert_eq!(
        (&record["posts"]["head"]["holder"]["en"], &record["city"]),
        (&json!(HOLE), &json!("Seoul"))
    );
    assert_nowhere(app, &path, CANARY);
    parties.a.client.get(&path).expect(410);
    assert_eq!(
        told(&read(&parties.registry, &[("since", &start)])).len(),
        0,
        "it has no next version"
    );
    // One that was merged, too.
    let twin = format!(
        "{OFFICES}/{}",
        id(&parties.a.client.create(OFFICES, &headed("Im Kkeokjeong")))
    );
    let merge = json!({"action": "merge_into", "survivor_id": parties.a.id, "reason": "Twins."});
    act(&parties.registry, &twin, &merge).expect(200);
    act(&parties.registry, &twin, &redact("/posts/head/holder/en")).expect(200);
    assert_eq!(places(app, "Im Kkeokjeong"), [""; 0]);
    assert_verified(app);
}

fn no_answer_brings_it_back(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &headed(CANARY))));
    any(&parties.a.client)
        .patch(&path, &json!({"city": "Seoul"}))
        .expect(200);
    act(&parties.registry, &path, &redact("/posts/head/holder/en")).expect(200);
    let stale = parties
        .a
        .client
        .header("if-match", "\"v1\"")
        .patch(&path, &json!({"city": "Busan"}))
        .expect(412);
    assert!(!stale.text.contains(CANARY), "{}", stale.text);
    let diff = parties
        .a
        .client
        .get(&format!("{path}/diff?from=1&to=3"))
        .expect(200)
        .json();
    assert_eq!(diff["patch"], json!({"city": "Seoul"}));
    let restored = any(&parties.a.client)
        .post(&format!("{path}/restore"), &json!({"revision": 1}))
        .expect(200)
        .json();
    assert_eq!(
        (&restored["posts"]["head"]["holder"]["en"], &restored["city"]),
        (&json!(HOLE), &Value::Null)
    );
    assert_nowhere(app, &path, CANARY);
}

fn every_kind_is_redacted(app: &TestApp) {
    let parties = Parties::new(app);
    let mut mou = make::mou_body("Title", &[&parties.a.id, &parties.b.id]);
    mou["parties"][&parties.a.id]["signatories"] = json!({"s1": {"name": {"en": CANARY}}});
    let mou = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &mou)));
    let pointer = format!("/parties/{}/signatories/s1/name/en", parties.a.id);
    act(&parties.registry, &mou, &redact(&pointer)).expect(200);
    assert_nowhere(app, &mou, CANARY);
    let program = json!({"titles": {"en": "Training"}, "kind": "training", "objective": {"en": CANARY}});
    let policy =
        json!({"titles": {"en": "Plan"}, "kind": "annual_plan", "principles": {"p1": {"text": {"en": CANARY}}}});
    for (collection, body, pointer) in [
        ("/api/v1/programs", program, "/objective/en"),
        ("/api/v1/policies", policy, "/principles/p1/text/en"),
    ] {
        let path = format!("{collection}/{}", id(&parties.a.client.create(collection, &body)));
        act(&parties.registry, &path, &redact(pointer)).expect(200);
        assert_nowhere(app, &path, CANARY);
    }
    // An identifier that was redacted is nobody's; two of them do not collide.
    for name in ["One", "Two"] {
        let mut body = make::office_body(name, "KR");
        body["identifiers"] = json!({"person": format!("{CANARY} {name}")});
        let path = format!("{OFFICES}/{}", id(&parties.a.client.create(OFFICES, &body)));
        act(&parties.registry, &path, &redact("/identifiers/person")).expect(200);
        assert_nowhere(app, &path, CANARY);
    }
}
