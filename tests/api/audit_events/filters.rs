//! Filters answer nothing of what is masked: neither whether a record of others is there, nor a stranger's token or
//! address.

use serde_json::{Value, json};

use super::{client_of, events};
use crate::support::answers::{id, with_query};
use crate::support::client::Client;
use crate::support::parties::Parties;
use crate::support::paths::{EVENTS, MOUS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        records_of_others_are_not_found_by_what_was_shown_beside_them,
        tokens_and_addresses_of_strangers_match_nothing,
        linked_subjects_can_be_asked_for,
    ]
}

/// A record of A's that everybody with a part in it sees, one of C's with B, and the event of B's client that showed
/// both. What it was, and the two ids.
fn show_both(parties: &Parties) -> (Value, [String; 2]) {
    let own = parties.mou("Own", "partners", "recorded");
    let mut theirs = make::mou_body("Theirs", &[&parties.b.id, &parties.c.id]);
    theirs["visibility"] = json!("partners");
    let theirs = id(&parties.c.client.create(MOUS, &theirs));
    parties.b.client.get(MOUS).expect(200);
    let of_b = events(&parties.registry, &[("client", &client_of(&parties.b.client))]);
    let event = of_b.last().expect("an event of B").clone();
    let shown = event["disclosed"].as_array().expect("ids");
    assert!(
        shown.len() == 2 && shown.contains(&json!(own)) && shown.contains(&json!(theirs)),
        "{event}"
    );
    (event, [own, theirs])
}

/// Events with these parameters and their total.
#[track_caller]
fn found(caller: &Client, parameters: &[(&str, &str)]) -> (Vec<Value>, Value) {
    let path = with_query(
        EVENTS,
        &[
            parameters,
            &[("include_total", "true"), ("sort", "at"), ("limit", "200")],
        ]
        .concat(),
    );
    let page = caller.get(&path).expect(200).json();
    let items = page["items"].as_array().expect("items").clone();
    assert_eq!(page["page"]["total"], json!(items.len()));
    (items, page["page"].clone())
}

fn records_of_others_are_not_found_by_what_was_shown_beside_them(app: &TestApp) {
    let parties = Parties::new(app);
    let (event, [own, theirs]) = show_both(&parties);
    let a = &parties.a.client;
    let absent = format!("mou_{}", "0".repeat(26));
    let nothing = found(a, &[("record", &absent)]);
    assert_eq!(nothing.0, Vec::<Value>::new());
    assert_eq!(found(a, &[("record", &theirs)]), nothing);
    for more in [
        ("outcome", "read"),
        ("operation", "listMous"),
        ("office", parties.b.id.as_str()),
    ] {
        assert_eq!(found(a, &[("record", &theirs), more]).0, nothing.0, "{more:?}");
    }
    // By A's own record the same event is found, and who else is asked for it: C by its own, the registry by each.
    let seq = &event["seq"];
    for (caller, record) in [
        (a, &own),
        (&parties.c.client, &theirs),
        (&parties.b.client, &own),
        (&parties.b.client, &theirs),
        (&parties.registry, &own),
        (&parties.registry, &theirs),
    ] {
        let (items, _) = found(caller, &[("record", record), ("operation", "listMous")]);
        assert!(items.iter().any(|item| item["seq"] == *seq), "{record}: {items:?}");
    }
    assert_eq!(found(&parties.c.client, &[("record", &own)]).0, nothing.0);
    // What A's own clients asked for in vain is theirs to be told, there or not.
    for id in [&theirs, &absent] {
        a.get(&format!("{MOUS}/{id}")).expect(404);
        let (items, _) = found(a, &[("record", id)]);
        assert_eq!(items.len(), 1, "{items:?}");
        assert_eq!(
            (&items[0]["operation"], &items[0]["target_id"]),
            (&json!("getMou"), &json!(id))
        );
    }
}

fn tokens_and_addresses_of_strangers_match_nothing(app: &TestApp) {
    let parties = Parties::new(app);
    let (event, [own, _]) = show_both(&parties);
    let (a, seq) = (&parties.a.client, &event["seq"]);
    let text = |name: &str| event[name].as_str().expect("a text").to_owned();
    let (token, address) = (text("token_id"), text("address"));
    let stranger = client_of(&parties.b.client);
    let (token, address, stranger) = (token.as_str(), address.as_str(), stranger.as_str());
    let (of_a, of_b) = (own.as_str(), parties.b.id.as_str());
    // What A is told of the event can be asked for.
    for filter in [
        ("client", stranger),
        ("office", of_b),
        ("operation", "listMous"),
        ("outcome", "read"),
    ] {
        let (items, _) = found(a, &[("record", of_a), filter]);
        assert!(items.iter().any(|item| item["seq"] == *seq), "{filter:?}");
    }
    for parameters in [
        vec![("token", token)],
        vec![("token", token), ("record", of_a)],
        vec![("token", token), ("client", stranger)],
        vec![("address", address), ("client", stranger)],
        vec![("address", address), ("record", of_a), ("office", of_b)],
        vec![("address", address), ("record", of_a), ("outcome", "read")],
    ] {
        let (items, _) = found(a, &parameters);
        assert_eq!(items, Vec::<Value>::new(), "{parameters:?}");
    }
    // Own clients' deeds are found by all of it.
    let (items, _) = found(a, &[("address", address)]);
    assert!(!items.is_empty());
    for item in items {
        assert_eq!(item["address"], json!(address), "{item}");
    }
    let me = a.get("/api/v1/me").expect(200).json();
    let (items, _) = found(
        a,
        &[("token", me["token_id"].as_str().expect("an id")), ("record", of_a)],
    );
    assert_eq!(items[0]["operation"], "mou.create");
}

/// Subjects of other issuers act under the ids of their links.
fn linked_subjects_can_be_asked_for(app: &TestApp) {
    let admin = app.admin();
    let absent = format!("idn_{}", "0".repeat(26));
    assert_eq!(found(&admin, &[("token", &absent)]).0, Vec::<Value>::new());
    let path = with_query(EVENTS, &[("token", "idn_x")]);
    admin.get(&path).expect(400).problem("invalid-parameter");
}
