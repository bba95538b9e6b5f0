//! A record is there for those who may see it and, byte for byte, absent for all others, on every path.

use serde_json::{Value, json};

use crate::support::answers::{found, id, masked, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_way_to_a_record_agrees_on_who_sees_it,
        a_hidden_record_is_answered_like_an_absent_one,
        hidden_records_cannot_be_referred_to,
        a_deletion_is_refused_with_the_visible_referrers,
        a_tombstone_is_hidden_like_the_record_was,
        old_revisions_keep_who_could_see_them,
        a_filter_tells_nothing_of_hidden_offices,
        the_tree_is_told_along_ways_that_are_seen,
        items_of_a_hidden_record_are_not_answered,
    ]
}

/// Visibility and stage, and who sees such a memorandum of A with B.
const RULES: [(&str, &str, &[&str]); 5] = [
    ("public", "recorded", &["registry", "A", "A1", "B", "C"]),
    ("partners", "recorded", &["registry", "A", "A1", "B"]),
    ("private", "recorded", &["registry", "A", "A1"]),
    ("public", "draft", &["registry", "A"]),
    ("private", "draft", &["registry", "A"]),
];

fn every_way_to_a_record_agrees_on_who_sees_it(app: &TestApp) {
    let parties = Parties::new(app);
    for (visibility, stage, seen_by) in RULES {
        let title = format!("Sentinel {visibility} {stage}");
        let mou = parties.mou(&title, visibility, stage);
        let path = format!("{MOUS}/{mou}");
        any(&parties.a.client)
            .patch(&path, &json!({ "tags": ["twice"] }))
            .expect(200);
        for (name, client) in parties.callers() {
            let seen = seen_by.contains(&name);
            let context = format!("{name} and {title}");
            let expected: &[&str] = if seen { &[&title] } else { &[] };
            let status = if seen { 200 } else { 404 };
            for below in ["", "?lang=ko", "?expand=owner", "/revisions", "/revisions/1", "/diff"] {
                assert_eq!(
                    client.get(&format!("{path}{below}")).status,
                    status,
                    "{context}: {below}"
                );
            }
            assert_eq!(found(client, MOUS, &[("q", &title)]), expected, "{context}: q");
            let listed = found(client, MOUS, &[("party", &parties.b.id), ("limit", "200")]);
            assert_eq!(listed.contains(&title), seen, "{context}: list");
            let total = client
                .get(&format!("{MOUS}?include_total=true&tag=twice&limit=1"))
                .expect(200)
                .json();
            let count = found(client, MOUS, &[("tag", "twice")]).len();
            assert_eq!(total["page"]["total"], count, "{context}: total");
            let changes = client.get("/api/v1/changes?limit=200").expect(200);
            assert_eq!(changes.text.contains(&mou), seen, "{context}: feed");
            assert_eq!(changes.text.contains(&title), seen, "{context}: feed");
        }
    }
}

/// An id of the same form that no record has.
fn absent(id: &str) -> String {
    format!("{}{}", &id[..id.len() - 6], "zzzzzz")
}

fn a_hidden_record_is_answered_like_an_absent_one(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = parties.mou("Sentinel", "private", "recorded");
    let absent = absent(&mou);
    let patch = json!({ "tags": ["x"] });
    for client in [&parties.b.client, &parties.c.client] {
        let same = |hidden: crate::support::client::Reply, absence: crate::support::client::Reply| {
            assert_eq!(masked(&hidden, &mou), masked(&absence, &absent));
            assert_eq!(hidden.status, 404);
        };
        for below in [
            "",
            "?expand=parties&lang=mn",
            "/revisions",
            "/revisions/1",
            "/revisions/9",
            "/diff?from=1",
        ] {
            let path = |id: &str| format!("{MOUS}/{id}{below}");
            same(client.get(&path(&mou)), client.get(&path(&absent)));
        }
        let path = |id: &str| format!("{MOUS}/{id}");
        let body = parties.a.client.get(&path(&mou)).expect(200).json();
        for writer in [
            any(client),
            client.header("if-match", "\"v1\""),
            client.header("if-match", "\"v7\""),
        ] {
            same(writer.patch(&path(&mou), &patch), writer.patch(&path(&absent), &patch));
            same(writer.delete(&path(&mou)), writer.delete(&path(&absent)));
            let mut other = body.clone();
            other["id"] = json!(absent);
            same(writer.put(&path(&mou), &body), writer.put(&path(&absent), &other));
            let restore = |id: &str| writer.post(&format!("{}/restore", path(id)), &json!({ "revision": 1 }));
            same(restore(&mou), restore(&absent));
        }
        client.patch(&path(&mou), &patch).expect(428);
        client.patch(&path(&absent), &patch).expect(428);
    }
}

fn hidden_records_cannot_be_referred_to(app: &TestApp) {
    let parties = Parties::new(app);
    let hidden = parties.mou("Hidden", "public", "draft");
    let mut body = make::mou_body("Child", &[&parties.b.id, &parties.c.id]);
    let mut refused = |parent: &str| {
        body["parent_mou_id"] = json!(parent);
        let problem = parties.b.client.post(MOUS, &body).expect(422).json();
        assert_eq!(pointers(&problem), ["/parent_mou_id"]);
        problem["errors"][0].to_string().replace(parent, "<id>")
    };
    assert_eq!(refused(&hidden), refused(&absent(&hidden)));
    assert!(refused(&hidden).contains("unknown-reference"));
    // What the owner referred to stays when somebody else edits the record, seen by them or not.
    let mut body = make::mou_body("Kept", &[&parties.a.id, &parties.b.id]);
    body["parent_mou_id"] = json!(hidden);
    let kept = id(&parties.a.client.create(MOUS, &body));
    let own = json!({ "parties": { &parties.b.id: { "local_ref": "B-1" } } });
    any(&parties.b.client)
        .patch(&format!("{MOUS}/{kept}"), &own)
        .expect(200);
}

fn a_deletion_is_refused_with_the_visible_referrers(app: &TestApp) {
    let parties = Parties::new(app);
    let a_private = parties.mou("Private", "private", "recorded");
    let both = parties.mou("Public", "public", "recorded");
    let path = format!("{OFFICES}/{}", parties.b.id);
    let referrers = |problem: &Value| {
        let mut ids: Vec<&str> = problem["referrers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|referrer| referrer["id"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        ids.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let problem = any(&parties.b.client).delete(&path).expect(409).problem("referenced");
    assert_eq!(
        (referrers(&problem), &problem["hidden_referrers"]),
        (vec![both.clone()], &json!(1))
    );
    assert!(!problem.to_string().contains(&a_private));
    let problem = any(&parties.registry).delete(&path).expect(409).problem("referenced");
    assert_eq!(
        (referrers(&problem), &problem["hidden_referrers"]),
        (vec![a_private, both], &json!(0))
    );
}

fn a_tombstone_is_hidden_like_the_record_was(app: &TestApp) {
    let parties = Parties::new(app);
    for (visibility, stage, seen_by) in RULES {
        let mou = parties.mou(&format!("{visibility} {stage}"), visibility, stage);
        let path = format!("{MOUS}/{mou}");
        any(&parties.a.client).delete(&path).expect(204);
        for (name, client) in parties.callers() {
            let seen = seen_by.contains(&name);
            let context = format!("{name} and {visibility} {stage}");
            assert_eq!(client.get(&path).status, if seen { 410 } else { 404 }, "{context}");
            let history = client.get(&format!("{path}/revisions")).status;
            assert_eq!(history, if seen { 200 } else { 404 }, "{context}");
            assert_eq!(found(client, MOUS, &[]), [""; 0], "{context}");
        }
    }
}

/// Narrowing or widening a record never shows a version to somebody who could not see that version.
fn old_revisions_keep_who_could_see_them(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = parties.mou("Secret title", "private", "recorded");
    let path = format!("{MOUS}/{mou}");
    let opened = json!({ "titles": { "en": "Open title" }, "visibility": "public" });
    any(&parties.a.client).patch(&path, &opened).expect(200);
    let outside = &parties.c.client;
    outside.get(&path).expect(200);
    outside.get(&format!("{path}/revisions/1")).expect(404);
    outside.get(&format!("{path}/revisions/2")).expect(200);
    outside.get(&format!("{path}/diff?from=1&to=2")).expect(404);
    let listed = outside.get(&format!("{path}/revisions")).expect(200);
    let versions: Vec<i64> = listed.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|revision| revision["version"].as_i64().unwrap())
        .collect();
    assert_eq!(versions, [2]);
    assert!(!outside.get("/api/v1/changes").text.contains("Secret"));
    // A conflict tells what differs from a version; one that may not be seen is no base.
    let own = json!({ "tags": ["x"] });
    let conflict = outside.header("if-match", "\"v1\"").patch(&path, &own);
    assert!(!conflict.text.contains("Secret"), "{}", conflict.text);
    let restore = any(outside).post(&format!("{path}/restore"), &json!({ "revision": 1 }));
    assert!(!restore.text.contains("Secret"));
    restore.expect(404);
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
