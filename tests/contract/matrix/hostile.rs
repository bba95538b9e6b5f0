//! Every operation that takes a body, with bodies that were made to be costly: each member in turn is given more than it
//! takes, near misses by the thousand, names and texts without end. The answer stays small and comes soon.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::operations::Operation;
use super::stage::Stage;
use super::{none, turns_red};
use crate::support::{Case, TestApp, cases, sample};

pub(crate) fn cases() -> Vec<Case> {
    cases![a_costly_body_is_answered_soon_and_in_short]
}

/// One in so many is tried, another one for each seed: a cell takes up to a second in a test build, there are some
/// thousands for each database, and most differ in the operation alone, which shares the checks with others.
fn share() -> u64 {
    if sample::is_exhaustive() { 40 } else { 200 }
}

/// Far more than any such request takes, in a test build beside others. Before checking was linear some took minutes.
const SOON: Duration = Duration::from_secs(20);

/// The longest refusal.
const LONGEST: usize = 256 * 1024;

/// What one member is given, made for a number of items.
type Hostile = fn(usize) -> Value;

fn map_of(size: usize, name: impl Fn(usize) -> String, value: &Value) -> Value {
    Value::Object((0..size).map(|number| (name(number), value.clone())).collect())
}

fn key(number: usize) -> String {
    format!("k{number}")
}

/// By what is wrong with it.
const HOSTILE: &[(&str, Hostile)] = &[
    ("wrong keys", |size| {
        map_of(size, |number| format!("No Key {number} ~/"), &json!("x"))
    }),
    ("wrong items", |size| map_of(size, key, &json!(1))),
    ("empty items", |size| map_of(size, key, &json!({}))),
    ("unknown offices", |size| {
        map_of(
            size,
            |number| format!("off_{number:026}"),
            &json!({"roles": ["leed"], "source": "s"}),
        )
    }),
    ("items with names that are nearly right", |size| {
        map_of(
            size,
            key,
            &json!({"titels": {}, "surce": "x", "lable": 1, "parnt": "k"}),
        )
    }),
    ("items that name what is not there", |size| {
        map_of(
            size,
            key,
            &json!({"parent": "k0x", "level": "l", "source": "sx", "labels": {"zz!": 1}}),
        )
    }),
    ("wrong codes", |size| {
        (0..size).map(|number| json!(format!("kod{number}"))).collect()
    }),
    ("objects for texts", |size| json!(vec![json!({"en": {"en": 1}}); size])),
    ("one thing many times", |size| json!(vec!["leed"; size])),
    ("a text without end", |size| json!("\u{202e}~\"".repeat(size * 20))),
    ("one letter with many marks", |size| {
        json!(format!("a{}", "\u{301}\u{323}".repeat(size * 10)))
    }),
    ("a deep nest", |size| {
        let inner = map_of(size, key, &json!(["x"]));
        (0..25).fold(
            inner,
            |inner, level| json!({ format!("level{level}"): inner, "other": [level] }),
        )
    }),
];

/// The members of an operation's body, by the document.
fn members(stage: &Stage<'_>, operation: &Operation) -> Vec<String> {
    let component = operation.body.as_ref().map_or("", |body| &body.component);
    let schema = &stage.document["components"]["schemas"][component];
    let forms = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|choice| schema[*choice].as_array());
    let mut names: Vec<String> = std::iter::once(schema)
        .chain(forms.flatten().map(|form| match form["$ref"].as_str() {
            Some(target) => &stage.document["components"]["schemas"][target.rsplit('/').next().unwrap_or_default()],
            None => form,
        }))
        .filter_map(|form| form["properties"].as_object())
        .flat_map(|properties| properties.keys().cloned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Bodies of an operation, each with what is wrong with it.
fn bodies<'b>(
    stage: &'b Stage<'_>,
    operation: &'b Operation,
    size: usize,
) -> impl Iterator<Item = (String, Value)> + 'b {
    let unknown = |number: usize| (format!("{}{number}", "~membre".repeat(30)), json!(null));
    let many: Map<String, Value> = (0..size / 3).map(unknown).collect();
    let with = |more: Map<String, Value>| {
        let (_, mut body) = stage.body(operation).expect("it takes a body");
        body.as_object_mut().expect("an object").extend(more);
        body
    };
    let at_the_top = ("many unknown members".to_owned(), with(many));
    let in_each = members(stage, operation).into_iter().flat_map(move |member| {
        HOSTILE.iter().filter_map(move |(what, make)| {
            let name = format!("{} with {what} in {member}", operation.name());
            sample::rank(&name)
                .is_multiple_of(share())
                .then(|| (name, with([(member.clone(), make(size))].into_iter().collect())))
        })
    });
    std::iter::once(at_the_top).chain(in_each)
}

/// Of these operations, what takes long or is answered at length.
fn faults<'o>(stage: &Stage<'_>, operations: impl Iterator<Item = &'o Operation>, longest: usize) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in operations {
        let path = stage.path(operation);
        for (what, body) in bodies(stage, operation, 4_900) {
            let headers = [("if-match", "*"), ("content-type", operation.media_type())];
            let text = body.to_string();
            let started = Instant::now();
            let reply = stage.admin.raw(&operation.method, &path, &headers, text.as_bytes());
            let took = started.elapsed();
            let told = format!("{what} ({} bytes): {} after {took:?}", text.len(), reply.status);
            if took > SOON {
                faults.push(told);
            } else if reply.status >= 400 && reply.text.len() > longest {
                faults.push(format!("{told}, {} bytes", reply.text.len()));
            } else if reply.status >= 500 {
                faults.push(format!("{told}: {}", reply.text));
            }
        }
    }
    faults
}

fn a_costly_body_is_answered_soon_and_in_short(app: &TestApp) {
    let stage = Stage::new(app);
    let takes_json = |operation: &&Operation| operation.body.is_some() && !operation.takes_form();
    let operations = || stage.operations.iter().filter(takes_json);
    none(&faults(&stage, operations(), LONGEST));
    // No refusal is as short as this.
    turns_red(&faults(&stage, operations().take(1), 100), "bytes");
}
