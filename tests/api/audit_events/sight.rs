//! Who is shown what of the log, by which filters, page by page.

use serde_json::{Value, json};

use super::{client_of, events};
use crate::support::answers::with_query;
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{EVENTS, MOUS, OFFICES};
use crate::support::{Case, TestApp, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_registry_sees_all_and_every_filter_narrows,
        pages_go_both_ways_and_count,
        an_office_sees_its_own_clients_and_its_own_records,
        wrong_parameters_are_told_at_once,
        one_event_by_its_place,
    ]
}

/// Something of every outcome, by several clients.
fn fill(parties: &Parties) -> [String; 2] {
    let partners = parties.mou("Partners", "partners", "recorded");
    let private = parties.mou("Private", "private", "recorded");
    let clients = [
        &parties.a.client,
        &parties.unit.client,
        &parties.b.client,
        &parties.c.client,
    ];
    for (number, client) in clients.into_iter().enumerate() {
        client.get(&format!("{MOUS}/{partners}"));
        client.get(&format!("{MOUS}/{private}"));
        client.get(MOUS).expect(200);
        let city = json!({"city": format!("City {number}")});
        any(client).patch(&format!("{OFFICES}/{}", parties.a.id), &city);
    }
    [partners, private]
}

fn seqs(events: &[Value]) -> Vec<i64> {
    events
        .iter()
        .map(|event| event["seq"].as_i64().expect("a number"))
        .collect()
}

fn the_registry_sees_all_and_every_filter_narrows(app: &TestApp) {
    let parties = Parties::new(app);
    let [partners, _] = fill(&parties);
    let admin = &parties.registry;
    let office = &parties.a.id;
    admin
        .put(&format!("{OFFICES}/{office}/external-ids/erp/a"), &json!({}))
        .expect(201);
    let client = client_of(&parties.b.client);
    let all = events(admin, &[]);
    let middle = all[all.len() / 2]["at"].as_str().expect("an instant").to_owned();
    let token = all
        .iter()
        .find(|event| event["client"]["id"] == json!(client))
        .expect("one")["token_id"]
        .as_str()
        .expect("a token")
        .to_owned();
    type Matches<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let is = |name: &'static str, value: &str| -> Matches<'_> {
        let value = json!(value);
        Box::new(move |event: &Value| event[name] == value)
    };
    let about: Matches<'_> = Box::new(|event| {
        event["target_id"] == json!(partners) || event["disclosed"].as_array().expect("ids").contains(&json!(partners))
    });
    let cases: Vec<(&str, &str, Matches<'_>)> = vec![
        (
            "client",
            &client,
            Box::new(|event| event["client"]["id"] == json!(client)),
        ),
        ("client", "cli", Box::new(|event| event["client"]["id"] == "cli")),
        ("token", &token, is("token_id", &token)),
        ("address", "127.0.0.1", is("address", "127.0.0.1")),
        ("address", "::ffff:127.0.0.1", is("address", "127.0.0.1")),
        ("office", office, is("office_id", office)),
        ("office", "ext:erp:a", is("office_id", office)),
        ("record", &partners, about),
        ("operation", "getMou", is("operation", "getMou")),
        ("operation", "mou.create", is("operation", "mou.create")),
        ("outcome", "done", is("outcome", "done")),
        ("outcome", "refused", is("outcome", "refused")),
        ("outcome", "read", is("outcome", "read")),
        ("code", "not-your-part", is("code", "not-your-part")),
        (
            "from",
            &middle,
            Box::new(|event| event["at"].as_str().expect("an instant") >= middle.as_str()),
        ),
        (
            "to",
            &middle,
            Box::new(|event| event["at"].as_str().expect("an instant") < middle.as_str()),
        ),
    ];
    for (name, value, matches) in cases {
        let wanted: Vec<Value> = all.iter().filter(|event| matches(event)).cloned().collect();
        assert!(
            !wanted.is_empty() && wanted.len() < all.len(),
            "{name}={value} tells nothing"
        );
        let found = events(admin, &[(name, value)]);
        assert_eq!(seqs(&found), seqs(&wanted), "{name}={value}");
        assert_eq!(found, wanted);
    }
    let both = events(
        admin,
        &[("office", office), ("outcome", "refused"), ("record", &partners)],
    );
    assert!(both.is_empty(), "{both:?}");
}

fn pages_go_both_ways_and_count(app: &TestApp) {
    let parties = Parties::new(app);
    let [partners, _] = fill(&parties);
    for (caller, parameters) in [
        (&parties.registry, vec![]),
        (&parties.registry, vec![("record", partners.as_str())]),
        (&parties.a.client, vec![]),
        (&parties.a.client, vec![("record", partners.as_str())]),
    ] {
        let all = seqs(&events(caller, &parameters));
        for sort in ["at", "-at"] {
            let mut model = all.clone();
            if sort == "-at" {
                model.reverse();
            }
            let page = |more: &[(&str, &str)]| {
                let all = [
                    &parameters[..],
                    &[("sort", sort), ("limit", "3"), ("include_total", "true")],
                    more,
                ]
                .concat();
                let page = caller.get(&with_query(EVENTS, &all)).expect(200).json();
                assert_eq!(page["page"]["total"], json!(model.len()));
                page
            };
            let mut page_now = page(&[]);
            let mut at = 0;
            loop {
                let items = page_now["items"].as_array().expect("items").clone();
                assert_eq!(
                    seqs(&items),
                    model[at..(at + 3).min(model.len())],
                    "{sort} {parameters:?}"
                );
                if at >= 3 {
                    let cursor = page_now["page"]["prev_cursor"].as_str().expect("a way back").to_owned();
                    let back = page(&[("cursor", &cursor)]);
                    assert_eq!(seqs(back["items"].as_array().expect("items")), model[at - 3..at]);
                }
                at += items.len();
                match page_now["page"]["next_cursor"].as_str().map(str::to_owned) {
                    Some(cursor) => page_now = page(&[("cursor", &cursor)]),
                    None => break,
                }
            }
            assert_eq!(at, model.len());
        }
    }
    // The newest first, if nothing else is asked for; and a cursor keeps to its list.
    let newest = parties.registry.get(&format!("{EVENTS}?limit=2")).expect(200).json();
    let newest = seqs(newest["items"].as_array().expect("items"));
    assert!(newest[0] > newest[1]);
    let page = parties.registry.get(&format!("{EVENTS}?limit=2")).expect(200).json();
    let cursor = page["page"]["next_cursor"].as_str().expect("more");
    let path = with_query(EVENTS, &[("limit", "2"), ("outcome", "done"), ("cursor", cursor)]);
    parties.registry.get(&path).expect(400).problem("invalid-cursor");
}

/// The ids of the client and the token behind a caller.
fn accounts_of(caller: &Client) -> Vec<String> {
    let me = caller.get("/api/v1/me").expect(200).json();
    ["client_id", "token_id"]
        .map(|name| me[name].as_str().expect("an id").to_owned())
        .to_vec()
}

fn an_office_sees_its_own_clients_and_its_own_records(app: &TestApp) {
    let parties = Parties::new(app);
    let [partners, private] = fill(&parties);
    let all = events(&parties.registry, &[]);
    let mut owned = vec![parties.a.id.clone(), parties.unit.id.clone(), partners.clone(), private];
    for client in [&parties.a.client, &parties.unit.client] {
        owned.extend(accounts_of(client));
    }
    let offices = [json!(parties.a.id), json!(parties.unit.id)];
    let ids = |event: &Value| -> Vec<String> {
        let shown = event["disclosed"].as_array().expect("ids").iter();
        let all = shown.chain([&event["target_id"]]);
        all.filter_map(|id| id.as_str().map(str::to_owned)).collect()
    };
    let mut wanted = Vec::new();
    for event in &all {
        if offices.contains(&event["office_id"]) {
            wanted.push(event.clone());
        } else if ids(event).iter().any(|id| owned.contains(id)) {
            let mut event = event.clone();
            for hidden in ["token_id", "address", "request_id"] {
                event[hidden] = Value::Null;
            }
            event["client"]["name"] = Value::Null;
            if !event["target_id"]
                .as_str()
                .is_some_and(|id| owned.iter().any(|own| own == id))
            {
                event["target_id"] = Value::Null;
            }
            wanted.push(event);
        }
    }
    let strangers = wanted.iter().filter(|event| event["token_id"].is_null()).count();
    assert!(strangers > 3 && wanted.len() > strangers + 3);
    let found = events(&parties.a.client, &[]);
    assert_eq!(seqs(&found), seqs(&wanted));
    assert_eq!(found, wanted);

    // C has to do with nothing but itself, and gets nothing of anybody else.
    let of_c = [vec![parties.c.id.clone()], accounts_of(&parties.c.client)].concat();
    for event in events(&parties.c.client, &[]) {
        let is_target = of_c.iter().any(|id| event["target_id"] == json!(id));
        let own = event["office_id"] == json!(parties.c.id) || is_target;
        assert!(own, "{event}");
    }
    // B sees what its own client was shown; not who else was shown A's records.
    let of_b = events(&parties.b.client, &[("record", &partners)]);
    assert!(
        !of_b.is_empty() && of_b.iter().all(|event| event["office_id"] == json!(parties.b.id)),
        "{of_b:?}"
    );

    // Records of others that were shown beside one's own stay with their owners.
    let mut theirs = crate::support::make::mou_body("Theirs", &[&parties.b.id, &parties.c.id]);
    theirs["visibility"] = json!("partners");
    let theirs = parties.c.client.create(MOUS, &theirs)["id"].clone();
    parties.b.client.get(MOUS).expect(200);
    let of_a = events(
        &parties.a.client,
        &[("operation", "listMous"), ("office", &parties.b.id)],
    );
    let last = of_a.last().expect("B was shown A's record");
    assert_eq!(last["disclosed"], json!([partners]), "{last}");
    assert!(
        of_a.iter()
            .all(|event| !event["disclosed"].as_array().expect("ids").contains(&theirs))
    );
}

fn wrong_parameters_are_told_at_once(app: &TestApp) {
    let admin = app.admin();
    let path = with_query(
        EVENTS,
        &[
            ("client", "tok_x"),
            ("token", "x"),
            ("address", "10.0.0.0/8"),
            ("office", "mou_x"),
            ("record", "x"),
            ("operation", "a b"),
            ("outcome", "don"),
            ("code", "not-your-pat"),
            ("from", "2026-11-22"),
            ("to", "now"),
            ("sort", "seq"),
            ("limit", "0"),
        ],
    );
    let problem = admin.get(&path).expect(400).problem("invalid-parameter");
    let errors = problem["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 12, "{problem:#}");
    let suggestions: Vec<&Value> = errors
        .iter()
        .map(|error| &error["suggestion"])
        .filter(|s| !s.is_null())
        .collect();
    assert_eq!(suggestions, [&json!("done"), &json!("not-your-part")], "{problem:#}");
}

fn one_event_by_its_place(app: &TestApp) {
    let parties = Parties::new(app);
    fill(&parties);
    let get = |caller: &Client, seq: i64| caller.get(&format!("{EVENTS}/{seq}"));
    for event in events(&parties.registry, &[]) {
        let seq = event["seq"].as_i64().expect("a number");
        assert_eq!(get(&parties.registry, seq).expect(200).json(), event);
    }
    let own = events(&parties.a.client, &[]);
    let last = seqs(&events(&parties.registry, &[])).last().copied().expect("some");
    for seq in 1..=last {
        let reply = get(&parties.a.client, seq);
        match own.iter().find(|event| event["seq"] == json!(seq)) {
            Some(event) => assert_eq!(&reply.expect(200).json(), event),
            None => drop(reply.expect(404).problem("record-not-found")),
        }
    }
    get(&parties.registry, last + 1000)
        .expect(404)
        .problem("record-not-found");
    parties
        .registry
        .get(&format!("{EVENTS}/first"))
        .expect(404)
        .problem("record-not-found");
}
