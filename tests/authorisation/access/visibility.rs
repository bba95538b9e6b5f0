//! What visibility means for references, filters and the tree, beyond the cells of the matrix.

use serde_json::{Value, json};

use crate::support::answers::{found, id, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_hidden_reference_stays_when_another_edits_the_record,
        a_filter_tells_nothing_of_hidden_offices,
        the_tree_is_told_along_ways_that_are_seen,
        items_of_a_hidden_record_are_not_answered,
    ]
}

/// An id of the same form that no record has.
fn absent(id: &str) -> String {
    format!("{}{}", &id[..id.len() - 6], "zzzzzz")
}

fn a_hidden_reference_stays_when_another_edits_the_record(app: &TestApp) {
    let parties = Parties::new(app);
    let hidden = parties.mou("Hidden", "public", "draft");
    let mut body = make::mou_body("Kept", &[&parties.a.id, &parties.b.id]);
    body["parent_mou_id"] = json!(hidden);
    let kept = id(&parties.a.client.create(MOUS, &body));
    let own = json!({ "parties": { &parties.b.id: { "local_ref": "B-1" } } });
    any(&parties.b.client)
        .patch(&format!("{MOUS}/{kept}"), &own)
        .expect(200);
}

/// A record may be public and name an office that is not: then filters by the country or kind of what it names find it
/// only for those who see that office.
fn a_filter_tells_nothing_of_hidden_offices(app: &TestApp) {
    let parties = Parties::new(app);
    let mut body = make::office_body("Hidden", "MN");
    body["kind"] = json!("ngo");
    body["visibility"] = json!("private");
    let hidden = id(&parties.unit.client.create(OFFICES, &body));
    let mut mou = make::mou_body("Named in public", &[&parties.unit.id, &parties.b.id]);
    mou["parties"][&hidden] = json!({"roles": ["beneficiary"]});
    parties.unit.client.create(MOUS, &mou);
    let program = json!({
        "titles": {"en": "Named in public"}, "original_language": "en", "kind": "workshop", "stage": "planned",
        "offices": {&parties.unit.id: {"roles": ["lead"]}, &hidden: {"roles": ["partner"]}},
    });
    parties.unit.client.create("/api/v1/programs", &program);
    for (name, client) in parties.callers() {
        let sees = matches!(name, "registry" | "A" | "A1");
        let expected: &[&str] = if sees { &["Named in public"] } else { &[] };
        let party = ("party", parties.b.id.as_str());
        for (path, filter) in [
            (MOUS, vec![("partner_country", "MN")]),
            (MOUS, vec![party, ("partner_country", "MN")]),
            (MOUS, vec![("partner_kind", "ngo")]),
            ("/api/v1/programs", vec![("office_country", "MN")]),
        ] {
            assert_eq!(found(client, path, &filter), expected, "{name}: {path} {filter:?}");
        }
        // What the record itself shows is found by all who see it.
        for (path, filter) in [
            (MOUS, ("party", hidden.as_str())),
            (MOUS, ("partner_country", "KR")),
            ("/api/v1/programs", ("office", hidden.as_str())),
            ("/api/v1/programs", ("office_country", "KR")),
        ] {
            assert_eq!(
                found(client, path, &[filter]),
                ["Named in public"],
                "{name}: {path} {filter:?}"
            );
        }
    }
}

/// A public unit may stand below a hidden office. `within` finds it for those who see the whole way, as asking step by
/// step would; for others a hidden office is above nothing, like one that never was, and is below nothing.
fn the_tree_is_told_along_ways_that_are_seen(app: &TestApp) {
    let parties = Parties::new(app);
    let unit = |name: &str, parent: Option<&str>, visibility: &str| {
        let mut body = make::office_body(name, "KR");
        body["parent_id"] = json!(parent);
        body["visibility"] = json!(visibility);
        id(&parties.registry.create(OFFICES, &body))
    };
    let middle = unit("Hidden middle", Some(&parties.a.id), "private");
    let bottom = unit("Bottom", Some(&middle), "public");
    unit("Below the bottom", Some(&bottom), "public");
    let top = unit("Hidden top", None, "private");
    let under = unit("Under", Some(&top), "public");
    let absent = absent(&top);
    let (a, a1) = (parties.a.id.as_str(), parties.unit.id.as_str());
    for (name, client) in parties.callers() {
        let sees_middle = matches!(name, "registry" | "A");
        let sees_top = name == "registry";
        let cases: [(&str, &[&str], &[&str]); 5] = [
            (
                a,
                if sees_middle {
                    &["A", "A1", "Below the bottom", "Bottom", "Hidden middle"]
                } else {
                    &["A", "A1"]
                },
                if sees_middle { &["A1", "Hidden middle"] } else { &["A1"] },
            ),
            (
                &middle,
                if sees_middle {
                    &["Below the bottom", "Bottom", "Hidden middle"]
                } else {
                    &[]
                },
                &["Bottom"],
            ),
            (&bottom, &["Below the bottom", "Bottom"], &["Below the bottom"]),
            (&top, if sees_top { &["Hidden top", "Under"] } else { &[] }, &["Under"]),
            (&absent, &[], &[]),
        ];
        for (office, within, parent) in cases {
            let list = |filter: &str| found(client, OFFICES, &[(filter, office)]);
            assert_eq!((list("within"), name), (owned(within), name), "within {office}");
            // What a document says is found by all who see the document.
            assert_eq!((list("parent"), name), (owned(parent), name), "parent {office}");
        }
        // Any of several, each by a way of its own; all of several.
        let any_of = found(client, OFFICES, &[("within", &format!("{top},{under},{a1}"))]);
        let expected: &[&str] = if sees_top {
            &["A1", "Hidden top", "Under"]
        } else {
            &["A1", "Under"]
        };
        assert_eq!(any_of, expected, "{name}");
        let any_of = found(
            client,
            OFFICES,
            &[("within", &format!("{a},{bottom}")), ("within", &bottom)],
        );
        assert_eq!(any_of, ["Below the bottom", "Bottom"], "{name}");
        let total = client
            .get(&format!("{OFFICES}?include_total=true&limit=1&within={a}"))
            .expect(200)
            .json();
        assert_eq!(total["page"]["total"], if sees_middle { 5 } else { 2 }, "{name}");
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A record goes on naming what its writer no longer sees; but new references to items of that are answered as if it were
/// not there, whatever it holds now.
fn items_of_a_hidden_record_are_not_answered(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b) = (&parties.a.client, &parties.b.client);
    let node = |label: &str| json!({"level": "task", "labels": {"en": label}});
    let plan = json!({
        "titles": {"en": "Plan"}, "kind": "annual_plan", "stage": "published",
        "levels": {"task": {"labels": {"en": "Task"}, "order": 1}},
        "nodes": {"first": node("First"), "second": node("Second"), "third": node("Third")},
    });
    let plan = id(&a.create("/api/v1/policies", &plan));
    let program = json!({
        "titles": {"en": "Program"}, "kind": "training",
        "policy_nodes": {"one": {"policy_id": plan, "node": "first"}},
        "recognitions": {"one": {"policy_id": plan, "node": "second", "kind": "class"}},
    });
    let policy = json!({
        "titles": {"en": "Ours"}, "kind": "annual_plan", "stage": "published",
        "links": {"one": {"kind": "based_on", "policy_id": plan, "node": "first"}},
    });
    let records = [
        (
            format!("/api/v1/programs/{}", id(&b.create("/api/v1/programs", &program))),
            "policy_nodes",
            json!({}),
        ),
        (
            format!(
                "/api/v1/programs/{}",
                id(&b.create("/api/v1/programs", &{
                    let mut other = program.clone();
                    other["titles"]["en"] = json!("Other program");
                    other
                }))
            ),
            "recognitions",
            json!({"kind": "class"}),
        ),
        (
            format!("/api/v1/policies/{}", id(&b.create("/api/v1/policies", &policy))),
            "links",
            json!({"kind": "based_on"}),
        ),
    ];
    let never_there = absent(&plan);
    let send = |path: &str, member: &str, base: &Value, policy: &str, node: &str| {
        let mut item = base.clone();
        item["policy_id"] = json!(policy);
        item["node"] = json!(node);
        any(b).patch(&format!("{path}?dry_run=true"), &json!({ member: { "two": item } }))
    };
    for (path, member, base) in &records {
        send(path, member, base, &plan, "third").expect(200);
        let problem = send(path, member, base, &plan, "fourth").expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "unknown-key");
    }
    any(a)
        .patch(&format!("/api/v1/policies/{plan}"), &json!({"visibility": "private"}))
        .expect(200);
    for (path, member, base) in &records {
        let member = *member;
        let errors = |policy: &str, node: &str| {
            let problem = send(path, member, base, policy, node)
                .expect(422)
                .problem("invalid-document");
            problem["errors"].to_string().replace(policy, "<id>")
        };
        let nothing_there = errors(&never_there, "third");
        assert!(nothing_there.contains("unknown-reference"), "{nothing_there}");
        for node in ["third", "fourth"] {
            assert_eq!(errors(&plan, node), nothing_there, "{path} {node}");
        }
        // What was there may stay, be moved to another key, and go.
        any(b).patch(path, &json!({"tags": ["still"]})).expect(200);
        let moved = b.get(path).expect(200).json()[member]["one"].clone();
        any(b)
            .patch(path, &json!({ member: { "one": null, "moved": moved } }))
            .expect(200);
        let other = json!({ member: { "moved": { "node": "third" } } });
        let problem = any(b).patch(path, &other).expect(422).problem("invalid-document");
        assert_eq!(pointers(&problem), [format!("/{member}/moved/policy_id")]);
        any(b).patch(path, &json!({ member: { "moved": null } })).expect(200);
    }
}
