#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use super::schema::EXTERNAL;
use super::*;
use crate::schema::validator::Validator;
use crate::schema::walk::SchemaWalk;
use crate::values::keyed_map::inline_maps;
use crate::values::{Count, KeyedMap, LangMap, MouId, OfficeId, OfficeMap, Period};

/// What a party does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SampleRole {
    Lead,
    Host,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SamplePost {
    /// Who holds it.
    holder_office_id: Option<OfficeId>,
    titles: LangMap,
    /// When.
    valid: Option<Period>,
    #[serde(default)]
    notes: BTreeSet<String>,
    #[schema(no_recursion)]
    deputy: Option<Box<SamplePost>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SampleParty {
    #[serde(default)]
    roles: BTreeSet<SampleRole>,
    role: SampleRole,
    figure: Option<Count>,
}

/// Kept by the server.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SamplePosition {
    decision: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "off_1", "names": {"en": "One"}}))]
struct Sample {
    id: OfficeId,
    version: i64,
    owner_office_id: OfficeId,
    names: LangMap,
    kind: SampleRole,
    /// Above it.
    parent_id: Option<OfficeId>,
    #[serde(default)]
    mou_ids: BTreeSet<MouId>,
    #[serde(default)]
    posts: KeyedMap<SamplePost>,
    #[serde(default)]
    parties: OfficeMap<SampleParty, 50>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    groups: BTreeMap<String, BTreeMap<String, SampleParty>>,
    #[serde(default)]
    positions: KeyedMap<SamplePosition>,
}

#[derive(OpenApi)]
#[openapi(components(schemas(Sample)))]
struct SampleApi;

const KIND: Kind = Kind {
    schema: "Sample",
    server_kept: &["id", "version", "positions"],
};

fn raw() -> Map<String, Value> {
    let mut document = serde_json::to_value(SampleApi::openapi()).unwrap();
    inline_maps(&mut document);
    document["components"]["schemas"].as_object().unwrap().clone()
}

fn derived() -> Map<String, Value> {
    let mut schemas = raw();
    derive_documents(&mut schemas, &[KIND]).unwrap();
    schemas
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("{COMPONENTS}{name}")})
}

fn or_null(name: &str) -> Value {
    json!([to(name), {"type": "null"}])
}

#[test]
fn adds_exactly_what_is_referred_to() {
    let before = raw();
    let after = derived();
    let added: Vec<_> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert_eq!(
        added,
        [
            "CountInput",
            "CountPatch",
            "LangMapPatch",
            "MouReference",
            "OfficeReference",
            "PeriodInput",
            "PeriodPatch",
            "SampleCreate",
            "SamplePartyInput",
            "SamplePartyPatch",
            "SamplePatch",
            "SamplePostInput",
            "SamplePostPatch",
            "SampleReplace",
        ]
    );
}

#[test]
fn reading_promises_every_member() {
    let schemas = derived();
    for name in [
        "Sample",
        "SamplePost",
        "SampleParty",
        "SamplePosition",
        "Period",
        "Count",
    ] {
        let schema = &schemas[name];
        let names: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(schema["required"], json!(names), "{name}");
    }
    assert_eq!(schemas["Sample"]["properties"], raw()["Sample"]["properties"]);
}

#[test]
fn creating_leaves_out_what_the_server_keeps() {
    let schemas = derived();
    let create = &schemas["SampleCreate"];
    assert_eq!(create["required"], json!(["kind", "names"]));
    assert_eq!(create["additionalProperties"], json!(false));
    assert_eq!(create["example"], json!({"names": {"en": "One"}}));
    let members = &create["properties"];
    for kept in KIND.server_kept {
        assert_eq!(members.get(*kept), None);
    }
    assert_eq!(members["names"], to("LangMap"));
    assert_eq!(members["owner_office_id"]["oneOf"], or_null("OfficeReference"));
    assert_eq!(members["parent_id"]["oneOf"][0]["$ref"], to("OfficeReference")["$ref"]);
    assert_eq!(members["mou_ids"]["items"], to("MouReference"));
    assert_eq!(members["mou_ids"]["type"], json!(["array", "null"]));
    assert_eq!(members["posts"]["additionalProperties"], to("SamplePostInput"));
    assert_eq!(members["posts"]["maxProperties"], json!(200));
    assert_eq!(members["parties"]["propertyNames"], to("OfficeReference"));
    assert_eq!(members["open"]["type"], json!(["boolean", "null"]));

    let post = &schemas["SamplePostInput"];
    assert_eq!(post["required"], raw()["SamplePost"]["required"]);
    assert_eq!(post["properties"]["deputy"]["oneOf"], or_null("SamplePostInput"));
    assert_eq!(
        post["properties"]["valid"]["oneOf"][0]["$ref"],
        to("PeriodInput")["$ref"]
    );
}

#[test]
fn replacing_names_every_writable_member() {
    let schemas = derived();
    let replace = &schemas["SampleReplace"];
    assert_eq!(
        replace["required"],
        json!([
            "groups",
            "kind",
            "mou_ids",
            "names",
            "open",
            "parent_id",
            "parties",
            "posts"
        ])
    );
    let members = &replace["properties"];
    assert_eq!(members["id"]["$ref"], to("OfficeId")["$ref"]);
    for read_only in ["id", "version", "positions", "owner_office_id"] {
        assert_eq!(members[read_only]["readOnly"], json!(true), "{read_only}");
    }
    assert_eq!(members["positions"]["additionalProperties"], to("SamplePosition"));
    assert_eq!(members["posts"]["additionalProperties"], to("SamplePostInput"));
}

#[test]
fn patching_requires_nothing_and_takes_null_everywhere() {
    let schemas = derived();
    for name in [
        "SamplePatch",
        "SamplePostPatch",
        "SamplePartyPatch",
        "PeriodPatch",
        "CountPatch",
    ] {
        let schema = &schemas[name];
        assert_eq!(schema.get("required"), None, "{name}");
        assert_eq!(schema["additionalProperties"], json!(false), "{name}");
        for (member, schema) in schema["properties"].as_object().unwrap() {
            assert_eq!(nullable(schema.clone()), *schema, "{name}.{member}");
        }
    }
    let members = &schemas["SamplePatch"]["properties"];
    assert_eq!(members["names"]["oneOf"], or_null("LangMapPatch"));
    assert_eq!(
        schemas["LangMapPatch"]["additionalProperties"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(
        members["posts"]["additionalProperties"]["oneOf"],
        or_null("SamplePostPatch")
    );
    assert_eq!(members["posts"].get("maxProperties"), None);
    let groups = &members["groups"]["additionalProperties"];
    assert_eq!(groups["type"], json!(["object", "null"]));
    assert_eq!(groups["additionalProperties"]["oneOf"], or_null("SamplePartyPatch"));
    assert_eq!(
        schemas["SamplePartyPatch"]["properties"]["roles"]["items"],
        to("SampleRole")
    );
    assert_eq!(members["version"]["readOnly"], json!(true));
}

#[test]
fn refuses_what_it_cannot_derive() {
    let fails = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut schemas = raw();
        change(&mut schemas);
        derive_documents(&mut schemas, &[KIND]).unwrap_err()
    };
    assert!(fails(&|schemas| drop(schemas.remove("Sample"))).contains("Sample"));
    assert!(fails(&|schemas| drop(schemas.remove("SampleParty"))).contains("SampleParty"));
    let taken = fails(&|schemas| drop(schemas.insert("PeriodPatch".to_owned(), json!({}))));
    assert!(taken.contains("PeriodPatch"));
}

#[test]
fn gives_the_same_for_the_same() {
    assert_eq!(json!(derived()).to_string(), json!(derived()).to_string());
}

const ID: &str = "off_01jdc8y5k2e9fr7x3v0m6n4q8t";

/// A document as GET writes it.
fn read_back() -> Value {
    let post = json!({
        "holder_office_id": ID, "titles": {"en": "Head"}, "notes": [],
        "valid": {"from": "2020", "to": null, "open": true}, "deputy": null
    });
    let figure = json!({"value": 3, "qualifier": "exact"});
    json!({
        "id": ID, "version": 3, "owner_office_id": ID, "names": {"ko": "가"}, "kind": "lead", "parent_id": null,
        "mou_ids": [], "posts": {"head": post}, "open": false, "groups": {},
        "parties": {ID: {"roles": ["host"], "role": "lead", "figure": figure}},
        "positions": {"a": {"decision": null}}
    })
}

/// Pointer and code of what is wrong.
fn wrong(component: &str, value: &Value) -> Vec<String> {
    let document = json!({"components": {"schemas": derived()}});
    let findings = Validator::new(&document, component).unwrap().findings(value);
    findings
        .into_iter()
        .map(|finding| format!("{} {}", finding.pointer.unwrap(), finding.code))
        .collect()
}

#[test]
fn what_was_read_may_be_sent_back() {
    let none: [String; 0] = [];
    assert!(serde_json::from_value::<Sample>(read_back()).is_ok());
    assert_eq!(wrong("Sample", &read_back()), none);
    assert_eq!(wrong("SampleReplace", &read_back()), none);
    assert_eq!(wrong("SamplePatch", &read_back()), none);
    assert_eq!(wrong("SamplePatch", &json!({})), none);
    assert_eq!(
        wrong("SampleCreate", &read_back()),
        [
            "/id unknown-member",
            "/positions unknown-member",
            "/version unknown-member"
        ]
    );
}

#[test]
fn writing_takes_external_references_and_reading_does_not() {
    let mut value = json!({
        "names": {}, "kind": "lead", "parent_id": "ext:sis:4711", "tags": [],
        "mou_ids": ["ext:sis:a:b", "ext:sis: a", "off_1"],
        "parties": {"ext:sis:1": {"role": "host"}, "nobody": {"role": null}}
    });
    assert_eq!(
        wrong("SampleCreate", &value),
        [
            "/mou_ids/1 pattern",
            "/mou_ids/2 pattern",
            "/parties/nobody pattern",
            "/parties/nobody/role wrong-type",
            "/tags unknown-member"
        ]
    );
    let walk = SchemaWalk::new(&Value::Object(derived()), "Sample").unwrap();
    assert_eq!(walk.references(&value).len(), 6);
    walk.replace_references(&mut value, &|prefix, text| {
        text.starts_with("ext:").then(|| prefix.to_owned())
    })
    .unwrap();
    assert_eq!(value["parent_id"], json!("off"));
    assert!(value["parties"].get("off").is_some());

    let mut read = read_back();
    read["parent_id"] = json!("ext:sis:4711");
    assert_eq!(wrong("Sample", &read), ["/parent_id pattern"]);
}

#[test]
fn a_patch_removes_by_null_what_it_likes() {
    let none: [String; 0] = [];
    let patch = json!({
        "names": {"mn": null}, "kind": null, "parties": {ID: {"figure": {"value": null}}, "ext:a:b": null},
        "posts": {"head": {"valid": {"to": "2021-02"}, "deputy": {"notes": null}}, "gone": null}
    });
    assert_eq!(wrong("SamplePatch", &patch), none);
    let patch = json!({"posts": {"head": {"valid": {"to": "2021-13", "until": null}}}, "names": {"mn": ""}});
    assert_eq!(
        wrong("SamplePatch", &patch),
        [
            "/names/mn empty",
            "/posts/head/valid/to invalid-partial-date",
            "/posts/head/valid/until unknown-member"
        ]
    );
}

#[test]
fn what_was_accepted_can_always_be_deserialised() {
    let walk = SchemaWalk::new(&Value::Object(derived()), "Sample").unwrap();
    let body = json!({
        "names": {}, "kind": "lead", "mou_ids": null, "parties": null, "open": null, "groups": {"a": {}},
        "posts": {"head": {"titles": {}, "notes": null, "valid": {}}}
    });
    let none: [String; 0] = [];
    assert_eq!(wrong("SampleCreate", &body), none);
    let kept = json!({"id": ID, "version": 1, "owner_office_id": ID});
    for mut body in [body.clone(), walk.strip(&body)] {
        crate::json::patch::merge_patch(&mut body, &kept);
        let sample: Sample = serde_json::from_value(walk.complete(&body)).unwrap();
        let written = serde_json::to_value(sample).unwrap();
        assert_eq!(wrong("Sample", &written), none);
        assert_eq!(walk.strip(&written), walk.strip(&walk.complete(&written)));
        assert_eq!(walk.complete(&written), written);
    }
}

proptest! {
    #[test]
    fn takes_external_references_as_the_service_reads_them(
        text in "(ext|off)?:?[a-z]?[a-zA-Z0-9_-]{0,3}:?[ :aé\\u{0}\\u{9}\\u{85}\\u{a0}]{0,4}"
    ) {
        let schema = json!({"type": "string", "pattern": EXTERNAL});
        let takes = jsonschema::validator_for(&schema).unwrap().is_valid(&json!(text));
        let reads = crate::values::ExternalReference::parse(&text).is_some();
        prop_assert_eq!(takes, reads);
    }
}
