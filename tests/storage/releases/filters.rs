//! What a record of an older release says is found by the filter for it: each value is taken from the record itself.

use serde_json::Value;

use super::{KINDS, all, for_each};
use crate::support::answers::with_query;
use crate::support::client::Client;
use crate::support::stored::assert_clean;
use crate::support::{Case, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![what_an_old_record_says_finds_it]
}

/// A filter, and where in a document its values stand: at a member, in an array, as keys of a map (`*`), or in a member
/// of each item of a map (`*/member`).
const PLACES: &[(&str, &str, &str)] = &[
    ("offices", "kind", "kind"),
    ("offices", "country", "country"),
    ("offices", "subdivision", "subdivision"),
    ("offices", "parent", "parent_id"),
    ("offices", "within", "parent_id"),
    ("mous", "party", "parties/*"),
    ("mous", "stage", "stage"),
    ("mous", "kind", "kind"),
    ("mous", "confirmation", "confirmation"),
    ("mous", "purpose", "purposes"),
    ("policies", "kind", "kind"),
    ("policies", "stage", "stage"),
    ("policies", "responsible_office", "responsibilities/*"),
    ("policies", "level", "levels/*"),
    ("programs", "kind", "kind"),
    ("programs", "stage", "stage"),
    ("programs", "office", "offices/*"),
    ("programs", "mou", "mou_ids"),
    ("programs", "policy", "policy_nodes/*/policy_id"),
    ("programs", "mode", "sessions/*/mode"),
];

/// Filters that all lists have.
const OF_ALL: &[(&str, &str)] = &[("tag", "tags"), ("owner", "owner_office_id")];

/// The texts at a place of a document.
fn texts_at(document: &Value, place: &str) -> Vec<String> {
    let (first, rest) = match place.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (place, None),
    };
    match (first, rest, document) {
        ("*", None, Value::Object(members)) => members.keys().cloned().collect(),
        ("*", Some(rest), Value::Object(members)) => members.values().flat_map(|item| texts_at(item, rest)).collect(),
        (name, Some(rest), _) => texts_at(&document[name], rest),
        (name, None, _) => match &document[name] {
            Value::String(text) => vec![text.clone()],
            Value::Array(items) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        },
    }
}

#[track_caller]
fn assert_finds(client: &Client, kind: &str, (filter, value): (&str, &str), id: &str) {
    let path = with_query(&format!("/api/v1/{kind}"), &[(filter, value), ("limit", "200")]);
    let found = client.get(&path).expect(200).text;
    assert!(found.contains(id), "{path} does not find {id}");
}

fn what_an_old_record_says_finds_it(world: &World) {
    for_each(world, |app, admin| {
        let mut tried = std::collections::BTreeMap::new();
        for kind in KINDS {
            let places = PLACES.iter().filter(|(of, ..)| of == kind);
            let places = places.map(|(_, filter, place)| (*filter, *place));
            let places: Vec<(&str, &str)> = places.chain(OF_ALL.iter().copied()).collect();
            for record in all(admin, &format!("/api/v1/{kind}")) {
                let id = record["id"].as_str().expect("an id");
                for (filter, place) in &places {
                    for value in texts_at(&record, place) {
                        assert_finds(admin, kind, (filter, &value), id);
                        *tried.entry((*kind, *filter)).or_insert(0) += 1;
                    }
                }
            }
        }
        let untried: Vec<_> = PLACES
            .iter()
            .filter(|(kind, filter, _)| !tried.contains_key(&(*kind, *filter)))
            .collect();
        assert!(untried.is_empty(), "no record says anything of {untried:?}");
        assert_clean(app.database());
    });
}
