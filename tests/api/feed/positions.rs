//! Where the feed starts and goes on, what is left out on request, and positions that do not count.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduaccord::clock;
use serde_json::{Value, json};

use super::{now, read, told};
use crate::support::answers::{id, with_query};
use crate::support::parties::{Parties, any};
use crate::support::paths::{CHANGES, MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_feed_starts_at_the_beginning_or_now,
        a_change_is_told_with_the_record_of_that_version,
        kinds_and_own_changes_can_be_left_out,
        what_is_left_out_does_not_hold_the_position_back,
        positions_that_do_not_count_are_refused,
    ]
}

fn the_feed_starts_at_the_beginning_or_now(app: &TestApp) {
    let admin = app.admin();
    let make_office = |name: &str| id(&admin.create(OFFICES, &make::office_body(name, "KR")));
    let first: Vec<String> = ["one", "two", "three"].map(make_office).to_vec();
    let position = now(&admin);
    assert_eq!(read(&admin, &[("since", &position)])["items"], json!([]));
    let later = make_office("four");

    let ids = |page: &Value| told(page).into_iter().map(|(_, id, _)| id).collect::<Vec<_>>();
    let all = read(&admin, &[]);
    assert_eq!(ids(&all), [&first[..], std::slice::from_ref(&later)].concat());
    assert_eq!(
        (&all["has_more"], ids(&read(&admin, &[("since", "begin")]))),
        (&json!(false), ids(&all))
    );
    assert_eq!(
        ids(&read(&admin, &[("since", &position)])),
        std::slice::from_ref(&later)
    );
    // Page by page it is the same, each change once.
    let mut since = "begin".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = read(&admin, &[("since", &since), ("limit", "3")]);
        seen.extend(ids(&page));
        since = page["next"].as_str().unwrap().to_owned();
        if page["has_more"] == false {
            break;
        }
        assert_eq!(page["items"].as_array().unwrap().len(), 3);
    }
    assert_eq!(seen, ids(&all));
    assert_eq!(read(&admin, &[("since", &since)])["items"], json!([]));
    let exactly = read(&admin, &[("limit", "4")]);
    assert_eq!(
        (exactly["items"].as_array().unwrap().len(), &exactly["has_more"]),
        (4, &json!(false))
    );
}

fn a_change_is_told_with_the_record_of_that_version(app: &TestApp) {
    let parties = Parties::new(app);
    let start = now(&parties.c.client);
    let mou = parties.mou("First title", "public", "recorded");
    let path = format!("{MOUS}/{mou}");
    let changed = json!({ "titles": { "en": "Second title" } });
    any(&parties.a.client).patch(&path, &changed).expect(200);
    any(&parties.a.client).patch(&path, &changed).expect(200);
    any(&parties.a.client).delete(&path).expect(204);
    let page = read(&parties.c.client, &[("since", &start)]);
    let expected = [("upsert", 1), ("upsert", 2), ("delete", 3)];
    let expected = expected.map(|(op, version)| (op.to_owned(), mou.clone(), version));
    assert_eq!(told(&page), expected, "an equal document is no change");
    let items = page["items"].as_array().unwrap();
    let titles: Vec<&Value> = items.iter().map(|item| &item["record"]["titles"]["en"]).collect();
    assert_eq!(titles, [&json!("First title"), &json!("Second title"), &Value::Null]);
    for item in items {
        assert_eq!(
            (&item["kind"], &item["by_office_id"]),
            (&json!("mou"), &json!(parties.a.id))
        );
    }
    let seqs: Vec<i64> = items.iter().map(|item| item["seq"].as_i64().unwrap()).collect();
    assert!(seqs.is_sorted_by(|one, other| one < other), "{seqs:?}");
    assert_eq!(items[1]["record"]["updated_at"], items[1]["at"]);
}

fn kinds_and_own_changes_can_be_left_out(app: &TestApp) {
    let parties = Parties::new(app);
    let start = now(&parties.registry);
    let mou = parties.mou("Of A", "public", "recorded");
    let office = format!("{OFFICES}/{}", parties.b.id);
    any(&parties.b.client)
        .patch(&office, &json!({ "city": "Seoul" }))
        .expect(200);
    let ids = |client: &crate::support::client::Client, more: &[(&str, &str)]| {
        let page = read(client, &[&[("since", start.as_str())], more].concat());
        told(&page).into_iter().map(|(_, id, _)| id).collect::<Vec<_>>()
    };
    let b = &parties.b.id;
    assert_eq!(ids(&parties.c.client, &[]), [mou.as_str(), b]);
    assert_eq!(ids(&parties.c.client, &[("kinds", "office")]), [b.as_str()]);
    assert_eq!(ids(&parties.c.client, &[("kinds", "mou")]), [mou.as_str()]);
    assert_eq!(ids(&parties.c.client, &[("kinds", "mou,office")]), [mou.as_str(), b]);
    assert_eq!(ids(&parties.a.client, &[("exclude_own", "true")]), [b.as_str()]);
    assert_eq!(ids(&parties.b.client, &[("exclude_own", "true")]), [mou.as_str()]);
    assert_eq!(
        ids(&parties.a.client, &[("exclude_own", "true"), ("kinds", "mou")]),
        [""; 0]
    );
    // Own is what this client did, not what others of its office did.
    let colleague = app.client_for(&parties.a.id, &["changes:read", "offices:read", "mous:read"]);
    assert_eq!(ids(&colleague, &[("exclude_own", "true")]), [mou.as_str(), b]);
}

/// A reader who may see or wants nothing of it moves on all the same, or it would read the same stretch for ever.
fn what_is_left_out_does_not_hold_the_position_back(app: &TestApp) {
    let parties = Parties::new(app);
    let start = now(&parties.c.client);
    parties.mou("Private", "private", "recorded");
    let page = read(&parties.c.client, &[("since", &start)]);
    assert_eq!((told(&page), &page["has_more"]), (Vec::new(), &json!(false)));
    let seq = |position: &str| {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(position).unwrap()).unwrap();
        text.split('.').nth(1).unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(seq(page["next"].as_str().unwrap()), seq(&start) + 1);
}

fn positions_that_do_not_count_are_refused(app: &TestApp) {
    let admin = app.admin();
    admin.create(OFFICES, &make::office_body("one", "KR"));
    let given_out = |days: i64, seq: i64| {
        let at = (clock::now() - chrono::TimeDelta::days(days)).timestamp();
        URL_SAFE_NO_PAD.encode(format!("1.{seq}.{at}"))
    };
    let get = |since: &str| admin.get(&with_query(CHANGES, &[("since", since)]));
    let expired = get(&given_out(181, 0)).expect(410).problem("cursor-expired");
    assert!(
        expired["detail"].as_str().unwrap().contains("since=now"),
        "the way to resync: {expired}"
    );
    get(&given_out(179, 0)).expect(200);
    // Ahead of this registry: of another one, or of this one before it was restored from an old copy.
    get(&given_out(0, 1_000_000)).expect(410).problem("cursor-expired");

    let good = now(&admin);
    for damaged in [
        "0",
        "1",
        "Begin",
        &good[1..],
        &format!("{good}!"),
        &URL_SAFE_NO_PAD.encode("2.1.1700000000"),
        &URL_SAFE_NO_PAD.encode("1.-1.1700000000"),
        &URL_SAFE_NO_PAD.encode("1.1"),
        &URL_SAFE_NO_PAD.encode("1.1.x"),
        &URL_SAFE_NO_PAD.encode("1.99999999999999999999.1700000000"),
        &URL_SAFE_NO_PAD.encode([0xff, 0xfe]),
    ] {
        let problem = get(damaged).expect(400).problem("invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], "since", "{damaged}");
    }
    for (name, value) in [
        ("limit", "0"),
        ("limit", "201"),
        ("wait", "31"),
        ("wait", "-1"),
        ("exclude_own", "1"),
    ] {
        let problem = admin
            .get(&with_query(CHANGES, &[(name, value)]))
            .expect(400)
            .problem("invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], name);
    }
    let problem = admin
        .get(&with_query(CHANGES, &[("kinds", "mous")]))
        .expect(400)
        .problem("invalid-parameter");
    assert_eq!(problem["errors"][0]["suggestion"], "mou", "{problem}");
    admin
        .get(&with_query(CHANGES, &[("sinse", "now")]))
        .expect(400)
        .problem("unknown-parameter");
}
