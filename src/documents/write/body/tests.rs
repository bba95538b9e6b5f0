//! Bodies that were made to be costly: checking them is linear work, and what is answered stays small.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, Value, json};

use crate::app::{KINDS, blueprint};
use crate::documents::write::body::read_object;
use crate::error::{Error, Result};
use crate::json::growth::{NEARLY_LINEAR, growth_of_fourfold};
use crate::values::id::new_id;

/// What comes of a creation before the database is asked.
fn create(kind: &str, body: &Value) -> Result<()> {
    let contract = blueprint().unwrap().contracts.shared(kind).unwrap();
    let entry = KINDS.iter().find(|entry| entry.name == kind).unwrap();
    let mut body = read_object(&contract, body.clone())?;
    body.insert("owner_office_id".to_owned(), Value::from(new_id("off")));
    (entry.prepare_creation)(&contract, body, new_id(entry.prefix)).map(|_| ())
}

fn refused(kind: &str, body: &Value) -> Error {
    create(kind, body).unwrap_err()
}

/// So many members, named and filled by their number.
fn members(count: usize, make: impl Fn(usize) -> (String, Value)) -> Value {
    Value::Object((0..count).map(make).collect::<Map<_, _>>())
}

fn policy(nodes: Value) -> Value {
    json!({
        "titles": {"en": "Plan"}, "kind": "plan", "stage": "draft",
        "levels": {"task": {"labels": {"en": "Task"}, "order": 1}}, "nodes": nodes
    })
}

/// A policy whose nodes name parents that are nearly the name of another.
fn wrong_parents(count: usize) -> Value {
    policy(members(count, |number| {
        let node = json!({"level": "task", "labels": {"en": "x"}, "parent": format!("node-with-a-name-{number:05}x")});
        (format!("node-with-a-name-{number:05}"), node)
    }))
}

fn wrong_languages(count: usize) -> Value {
    members(count, |number| (format!("no language {number}"), json!("x")))
}

/// What is wrong with a body, the kind of record that it is sent for, and the body of a size.
type Hostile = (&'static str, &'static str, fn(usize) -> Value);

fn bodies() -> Vec<Hostile> {
    vec![
        ("wrong parents", "policy", wrong_parents),
        (
            "wrong languages",
            "office",
            |count| json!({"names": wrong_languages(count), "kind": "school"}),
        ),
        (
            "wrong languages in a nullable place",
            "mou",
            |count| json!({"titles": {"en": "x"}, "kind": "mou", "stage": "draft", "terms": {"summary": wrong_languages(count)}}),
        ),
        ("wrong keys", "office", |count| {
            let aliases = members(count, |number| (format!("No Key {number}"), json!({})));
            json!({"names": {"en": "x"}, "kind": "school", "aliases": aliases})
        }),
        ("near misses of codes", "policy", |count| {
            let link = json!({"kind": "supplementz"});
            policy(members(count.div_ceil(20), |number| {
                let links = members(20, |number| (format!("l{number}"), link.clone()));
                (
                    format!("n{number}"),
                    json!({"level": "task", "labels": {"en": "x"}, "links": links}),
                )
            }))
        }),
        ("unknown members", "program", |count| {
            members(count, |number| (format!("sesions{number}"), json!(null)))
        }),
        ("sources that are not listed", "policy", |count| {
            let mut body = policy(members(count, |number| {
                let node = json!({"level": "task", "labels": {"en": "x"}, "source": format!("source-{number}")});
                (format!("n{number}"), node)
            }));
            let sources = members(200, |number| {
                (
                    format!("source-of-the-registry-{number}"),
                    json!({"title": {"en": "x"}}),
                )
            });
            body.as_object_mut().unwrap().insert("sources".to_owned(), sources);
            body
        }),
        (
            "a long name before many members",
            "office",
            |count| json!({"~".repeat(count * 20): members(count, |number| (format!("~{number}"), json!(number)))}),
        ),
        ("a deep nest", "office", |count| {
            let inner = members(count, |number| (format!("~{number}"), json!([number])));
            let nest = (0..25).fold(inner, |inner, level| json!({format!("level {level}"): inner}));
            json!({"names": nest})
        }),
    ]
}

#[test]
fn checking_is_linear_work() {
    let mut worse = Vec::new();
    for (what, kind, make) in bodies() {
        let growth = growth_of_fourfold(150, make, |body| drop(create(kind, body)));
        if growth > NEARLY_LINEAR {
            worse.push(format!("{what}: {growth:.1} times for four times as much"));
        }
    }
    assert!(worse.is_empty(), "{worse:#?}");
}

#[test]
fn a_refusal_names_a_bounded_number_of_places() {
    for (what, kind, make) in bodies() {
        let error = refused(kind, &make(1_500));
        assert!(error.findings().len() <= 100, "{what}: {}", error.findings().len());
        let has_more = error.members().get("more_errors") == Some(&Value::Bool(true));
        assert_eq!(has_more, error.findings().len() == 100, "{what}");
    }
}
