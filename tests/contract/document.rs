//! The quality of the published document, as people and generators of clients need it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::contract::{Contract, PATH};
use crate::support::{Case, TestApp, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_is_committed_is_what_is_served,
        every_operation_is_described,
        every_schema_is_described_and_complete,
        every_example_is_valid,
        no_component_is_unused,
        the_document_is_open_api,
        the_same_document_is_made_each_time,
        a_poor_document_turns_red,
    ]
}

/// The document as it is committed; another test holds it equal to what is served.
fn committed() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let text = std::fs::read_to_string(path).expect("the committed document");
    serde_json::from_str(&text).expect("JSON")
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn what_is_committed_is_what_is_served(app: &TestApp) {
    let served = app.anonymous().get(PATH).expect(200);
    assert_eq!(served.json(), committed(), "run: cargo run -- openapi --write");
    assert_eq!(served.header("content-type"), Some("application/json"));
    let again = app.anonymous().header("if-none-match", served.etag()).get(PATH);
    assert_eq!(again.status, 304);
}

fn is_camel_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.chars().all(|each| each.is_ascii_alphanumeric())
}

fn operation_faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let mut seen = BTreeSet::new();
    let mut used = BTreeSet::new();
    let is_blank = |text: &Value| text.as_str().is_none_or(|text| text.trim().is_empty());
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let name = format!("{method} {path}");
            let mut blame = |what: &str| faults.push(format!("{name}: {what}"));
            let id = operation["operationId"].as_str().unwrap_or_default();
            if !is_camel_case(id) {
                blame("operationId is not in camelCase");
            }
            if !seen.insert(id.to_owned()) {
                blame("operationId is not unique");
            }
            for member in ["summary", "description"] {
                if is_blank(&operation[member]) {
                    blame(&format!("no {member}"));
                }
            }
            if operation["summary"]
                .as_str()
                .is_some_and(|summary| summary.len() > 80 || summary.ends_with('.'))
            {
                blame("the summary is no short title");
            }
            match operation["tags"].as_array().map(Vec::as_slice) {
                Some([tag]) if tag.as_str().is_some_and(|tag| tags.contains(tag)) => {
                    used.insert(tag.as_str().unwrap_or_default().to_owned());
                }
                _ => blame("not one declared tag"),
            }
            let mut names = BTreeSet::new();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if is_blank(&parameter["description"]) || parameter["schema"].is_null() {
                    blame(&format!("the parameter {} is not described", parameter["name"]));
                }
                if !names.insert((parameter["in"].to_string(), parameter["name"].to_string())) {
                    blame(&format!("the parameter {} is given twice", parameter["name"]));
                }
                let in_path = path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap_or_default()));
                if (parameter["in"] == "path") != in_path || (in_path && parameter["required"] != true) {
                    blame(&format!("the parameter {} does not fit the path", parameter["name"]));
                }
            }
            if names.iter().filter(|(place, _)| place == "\"path\"").count() != path.matches('{').count() {
                blame("a parameter of the path is not declared");
            }
            let answers = operation["responses"].as_object();
            if !answers.is_some_and(|answers| answers.keys().any(|status| status.starts_with('2'))) {
                blame("no answer of success");
            }
            for (status, answer) in answers.into_iter().flatten() {
                if is_blank(&answer["description"]) {
                    blame(&format!("{status} is not described"));
                }
                let problem = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                if status.as_str() >= "400" && problem != "#/components/schemas/Problem" {
                    blame(&format!("{status} is no problem"));
                }
            }
            let is_public = operation["security"].as_array().is_some_and(Vec::is_empty);
            for status in ["400", "401", "403", "500"] {
                let wanted = !is_public || !matches!(status, "401" | "403");
                if operation["responses"][status].is_object() != wanted {
                    blame(&format!(
                        "{status} is documented where it cannot be, or not where it can"
                    ));
                }
            }
        }
    }
    for tag in tags.iter().filter(|tag| !used.contains(**tag)) {
        faults.push(format!("the tag {tag} is not used"));
    }
    faults
}

fn every_operation_is_described() {
    none(&operation_faults(&committed()));
}

/// Every schema that a read answer can lead to, by the name of its component.
fn read_components(document: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    for item in document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, item)| item)
    {
        for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
            reach(document, &operation["responses"], &mut reached);
        }
    }
    reached
}

/// Follows every `$ref` below `value`.
fn reach(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    if let Some(name) = value["$ref"]
        .as_str()
        .and_then(|name| name.strip_prefix("#/components/schemas/"))
        && reached.insert(name.to_owned())
    {
        reach(document, &document["components"]["schemas"][name], reached);
    }
    for member in value.as_object().into_iter().flatten().map(|(_, member)| member) {
        reach(document, member, reached);
    }
    for item in value.as_array().into_iter().flatten() {
        reach(document, item, reached);
    }
}

/// Members that only an error has, or that a request has to ask for.
fn may_be_absent(component: &str, schema: &Value) -> bool {
    component == "ProblemError" || component.ends_with("Page") && schema["$ref"] == "#/components/schemas/Expanded"
}

fn schema_faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let read = read_components(document);
    for (name, schema) in schemas {
        if schema["description"].as_str().is_none_or(str::is_empty) {
            faults.push(format!("{name} is not described"));
        }
        if !read.contains(name) {
            continue;
        }
        let required: BTreeSet<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (member, described) in schema["properties"].as_object().into_iter().flatten() {
            let is_added = described["x-added-on-request"] == true;
            if !required.contains(member.as_str()) && !is_added && !may_be_absent(name, described) {
                faults.push(format!("{name}.{member} is not required"));
            }
        }
        for member in required {
            if schema["properties"][member].is_null() {
                faults.push(format!("{name}.{member} is required, yet not described"));
            }
        }
    }
    faults
}

fn every_schema_is_described_and_complete() {
    none(&schema_faults(&committed()));
}

/// Every `examples`, `example` and `default` beside a schema, with that schema.
fn example_faults(contract: &Contract, value: &Value, place: &str, faults: &mut Vec<String>, count: &mut usize) {
    let is_schema = value["type"].is_string() || value["type"].is_array() || value["$ref"].is_string();
    if is_schema {
        let examples = value["examples"].as_array().into_iter().flatten();
        for example in examples.chain(value.get("example")).chain(value.get("default")) {
            *count += 1;
            for error in contract.errors(value, example) {
                faults.push(format!("{place}: {error}"));
            }
        }
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        if !["examples", "example", "default"].contains(&name.as_str()) {
            example_faults(contract, member, &format!("{place}/{name}"), faults, count);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        example_faults(contract, item, &format!("{place}/{index}"), faults, count);
    }
}

fn examples_of(document: &Value) -> (Vec<String>, usize) {
    let contract = Contract::read(document.to_string());
    let (mut faults, mut count) = (Vec::new(), 0);
    example_faults(&contract, document, "", &mut faults, &mut count);
    (faults, count)
}

fn every_example_is_valid() {
    let document = committed();
    let (faults, count) = examples_of(&document);
    none(&faults);
    assert!(count > 5, "{count} examples");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let creations = schemas.iter().filter(|(name, _)| name.ends_with("Create"));
    for (name, schema) in creations {
        assert!(schema["examples"][0].is_object(), "{name} has no example");
    }
}

fn unused(document: &Value) -> Vec<String> {
    let mut reached = BTreeSet::new();
    reach(document, &document["paths"], &mut reached);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    schemas
        .keys()
        .filter(|name| !reached.contains(*name))
        .cloned()
        .collect()
}

fn no_component_is_unused() {
    none(&unused(&committed()));
}

/// The components, or their members where they have some, that utoipa does not take for a schema.
fn unread_schemas(schemas: &Value) -> Vec<String> {
    use utoipa::openapi::{RefOr, Schema};
    let is_read = |schema: &Value| serde_json::from_value::<RefOr<Schema>>(schema.clone()).is_ok();
    let mut unread = Vec::new();
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        if is_read(schema) {
            continue;
        }
        let members = schema["properties"].as_object().into_iter().flatten();
        let bad: Vec<String> = members
            .filter(|(_, member)| !is_read(member))
            .map(|(member, schema)| format!("{name}.{member}: {schema}"))
            .collect();
        unread.extend(if bad.is_empty() {
            vec![format!("{name}: {schema}")]
        } else {
            bad
        });
    }
    unread
}

fn write_out_names(value: &mut Value) {
    if value.pointer("/propertyNames/$ref").is_some() {
        value["propertyNames"] = serde_json::json!({"type": "string"});
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(write_out_names),
        Value::Array(items) => items.iter_mut().for_each(write_out_names),
        _ => {}
    }
}

fn the_document_is_open_api() {
    let document = committed();
    // utoipa's own types have no reference below `propertyNames`, which JSON Schema allows like anywhere else.
    let mut read = document.clone();
    write_out_names(&mut read);
    let text = read.to_string();
    let unread: Vec<String> = unread_schemas(&read["components"]["schemas"]);
    none(&unread);
    let parsed: utoipa::openapi::OpenApi = serde_json::from_str(&text).expect("utoipa reads it");
    assert_eq!(
        parsed.paths.paths.len(),
        document["paths"].as_object().map_or(0, |paths| paths.len())
    );
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1."))
    );
    // Every reference leads somewhere.
    let text = document.to_string();
    for (at, _) in text.match_indices("\"$ref\":\"#") {
        let pointer = text[at + 9..].split('"').next().unwrap_or_default();
        assert!(document.pointer(pointer).is_some(), "nothing is at {pointer}");
    }
}

fn the_same_document_is_made_each_time() {
    let print = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_eduaccord"));
        command.arg("openapi").output().expect("the program starts").stdout
    };
    let first = print();
    assert!(first.len() > 10_000);
    for _ in 0..3 {
        assert!(print() == first, "members change their order from run to run");
    }
}

/// Each check finds what it is there for.
fn a_poor_document_turns_red() {
    let mut document = committed();
    let list = &mut document["paths"]["/api/v1/offices"]["get"];
    list["operationId"] = "listMous".into();
    list["summary"] = "".into();
    list["tags"] = serde_json::json!(["Nobody's"]);
    list["parameters"][0]["description"] = "".into();
    list["responses"]["400"]["content"] = serde_json::json!({});
    let schemas = &mut document["components"]["schemas"];
    schemas["Office"]["required"] = serde_json::json!(["nothing"]);
    schemas["Mou"]["description"] = "".into();
    schemas["OfficeCreate"]["examples"][0]["country"] = "XX".into();
    schemas["Unused"] = serde_json::json!({"type": "object", "description": "x"});
    let operations = operation_faults(&document).join("\n");
    for words in [
        "not unique",
        "no summary",
        "not one declared tag",
        "is not described",
        "400 is no problem",
    ] {
        assert!(operations.contains(words), "{words}: {operations}");
    }
    let schemas = schema_faults(&document).join("\n");
    for words in [
        "Office.id is not required",
        "Office.nothing is required, yet",
        "Mou is not described",
    ] {
        assert!(schemas.contains(words), "{words}: {schemas}");
    }
    assert!(
        examples_of(&document).0.join("\n").contains("/OfficeCreate"),
        "a wrong example passes"
    );
    assert_eq!(unused(&document), ["Unused"]);
}
