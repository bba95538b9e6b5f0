//! Whoever is shown a record that not everybody may see is in the log, with the record.

use std::collections::BTreeSet;

use eduaccord::audit::chain::{Actor, Event, append};
use serde_json::{Value, json};

use super::{client_of, events};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::stored::{assert_clean, report_of};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_way_to_be_shown_a_record_is_logged,
        what_everybody_may_see_is_not,
        a_change_is_told_once,
        a_repeat_is_told_as_a_read,
        what_a_rehearsal_would_have_made_is_not,
        older_rows_of_rehearsals_are_no_damage,
    ]
}

/// What the log tells of the reads of a caller since it had `seen` of them: operation, target, records.
fn shown(admin: &Client, client: &str, seen: &mut usize) -> Vec<(String, Option<String>, BTreeSet<String>)> {
    let all = events(admin, &[("client", client), ("outcome", "read")]);
    let new: Vec<_> = all[*seen..]
        .iter()
        .map(|event| {
            let ids = event["disclosed"].as_array().expect("ids").iter();
            (
                event["operation"].as_str().expect("an operation").to_owned(),
                event["target_id"].as_str().map(str::to_owned),
                ids.map(|id| id.as_str().expect("an id").to_owned()).collect(),
            )
        })
        .collect();
    *seen = all.len();
    new
}

fn every_way_to_be_shown_a_record_is_logged(app: &TestApp) {
    let parties = Parties::new(app);
    let (admin, b) = (&parties.registry, &parties.b.client);
    let mou = parties.mou("One", "partners", "recorded");
    let other = parties.mou("Two", "partners", "recorded");
    parties.mou("Open", "public", "recorded");
    let client = client_of(b);
    let one = format!("{MOUS}/{mou}");
    let mut seen = 0;
    let mut check = |operation: &str, records: &[&str], act: &dyn Fn()| {
        act();
        let found = shown(admin, &client, &mut seen);
        let ids: BTreeSet<String> = records.iter().map(|id| (*id).to_owned()).collect();
        let target = (records.len() == 1).then(|| records[0].to_owned());
        assert_eq!(found, [(operation.to_owned(), target, ids)], "{operation}");
    };
    let stale = b.header("if-match", "\"v9\"");
    check("getMou", &[&mou], &|| drop(b.get(&one).expect(200)));
    check("listMous", &[&mou, &other], &|| drop(b.get(MOUS).expect(200)));
    check("listMouRevisions", &[&mou], &|| {
        drop(b.get(&format!("{one}/revisions")).expect(200))
    });
    check("getMouRevision", &[&mou], &|| {
        drop(b.get(&format!("{one}/revisions/1")).expect(200))
    });
    check("diffMou", &[&mou], &|| {
        drop(b.get(&format!("{one}/diff?from=1&to=1")).expect(200))
    });
    check("listChanges", &[&mou, &other], &|| {
        drop(b.get("/api/v1/changes").expect(200))
    });
    check("updateMou", &[&mou], &|| {
        drop(stale.patch(&one, &json!({"tags": ["x"]})).expect(412))
    });
    check("updateMou", &[&mou], &|| {
        drop(any(b).patch(&one, &json!({})).expect(200))
    });
    let own = json!({"parties": {&parties.b.id: {"local_ref": "B-1"}}});
    check("updateMou", &[&mou], &|| {
        drop(any(b).patch(&format!("{one}?dry_run=true"), &own).expect(200));
    });
    // An embedded record, and one by the caller's own id.
    let mut program = json!({"titles": {"en": "P"}, "kind": "training", "mou_ids": [mou], "visibility": "public",
        "owner_office_id": parties.b.id, "stage": "active"});
    program["offices"] = json!({&parties.b.id: {"roles": ["lead"]}});
    let program = id(&b.create("/api/v1/programs", &program));
    check("getProgram", &[&mou], &|| {
        let path = format!("/api/v1/programs/{program}?expand=mous");
        assert!(b.get(&path).expect(200).json()["expanded"][&mou].is_object());
    });
    b.put(&format!("{one}/external-ids/erp/1"), &json!({})).expect(201);
    let mut body = admin.get(&one).expect(200).json();
    body["tags"] = json!(["x"]);
    check("putMouByExternalId", &[&mou], &|| {
        b.put(&format!("{MOUS}/by-external/erp/1"), &body).expect(412);
    });
    // Whoever may delete it is shown what would be lost.
    let a = &parties.a.client;
    a.header("if-match", "\"v9\"").delete(&one).expect(412);
    let deleted = [("deleteMou".to_owned(), Some(mou.clone()), BTreeSet::from([mou]))];
    assert_eq!(shown(admin, &client_of(a), &mut 0), deleted);
}

fn what_everybody_may_see_is_not(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = parties.mou("Open", "public", "recorded");
    let b = &parties.b.client;
    for path in [
        MOUS,
        OFFICES,
        "/api/v1/changes",
        &format!("{MOUS}/{mou}"),
        &format!("{MOUS}/{mou}/revisions"),
    ] {
        b.get(path).expect(200);
    }
    // Nor is a record that the caller was not shown.
    let hidden = parties.mou("Secret", "private", "recorded");
    let titles = b.get(MOUS).expect(200).text;
    assert!(!titles.contains(&hidden));
    assert_eq!(shown(&parties.registry, &client_of(b), &mut 0), []);
}

fn a_change_is_told_once(app: &TestApp) {
    let parties = Parties::new(app);
    let (admin, a) = (&parties.registry, &parties.a.client);
    let mou = parties.mou("One", "private", "recorded");
    any(a)
        .patch(&format!("{MOUS}/{mou}"), &json!({"tags": ["x"]}))
        .expect(200);
    let told: Vec<Value> = events(admin, &[("record", &mou)])
        .iter()
        .map(|event| json!([event["operation"], event["outcome"], event["version"]]))
        .collect();
    assert_eq!(
        told,
        [json!(["mou.create", "done", 1]), json!(["mou.update", "done", 2])]
    );
}

/// A change is told by its own row; what its repeat shows again is told as a read.
fn a_repeat_is_told_as_a_read(app: &TestApp) {
    let parties = Parties::new(app);
    let a = &parties.a.client;
    let mut body = crate::support::make::mou_body("One", &[&parties.a.id, &parties.b.id]);
    let client = client_of(a);
    let mut seen = 0;
    for (visibility, is_told) in [("partners", true), ("public", false)] {
        body["visibility"] = json!(visibility);
        body["titles"]["en"] = json!(visibility);
        let keyed = a.header("idempotency-key", visibility);
        let mou = id(&keyed.post(MOUS, &body).expect(201).json());
        assert_eq!(shown(&parties.registry, &client, &mut seen), []);
        keyed.post(MOUS, &body).expect(201);
        let row = ("createMou".to_owned(), Some(mou.clone()), BTreeSet::from([mou]));
        let expected = if is_told { vec![row] } else { Vec::new() };
        assert_eq!(shown(&parties.registry, &client, &mut seen), expected);
    }
}

fn what_a_rehearsal_would_have_made_is_not(app: &TestApp) {
    let parties = Parties::new(app);
    let (admin, a) = (&parties.registry, &parties.a.client);
    let seen = parties.mou("Seen", "private", "recorded");
    let mut body = make::mou_body("Rehearsed", &[&parties.a.id, &parties.b.id]);
    body["visibility"] = json!("private");
    let mut count = 0;
    shown(admin, &client_of(a), &mut count);
    let rehearsed = a.post(&format!("{MOUS}?dry_run=true"), &body).expect(201).json();
    assert_eq!(shown(admin, &client_of(a), &mut count), [], "{rehearsed}");
    // What it shows of a record that is there is told.
    let path = format!("{MOUS}/{seen}?dry_run=true");
    any(a).patch(&path, &json!({"tags": ["x"]})).expect(200);
    let read = ("updateMou".to_owned(), Some(seen.clone()), BTreeSet::from([seen]));
    assert_eq!(shown(admin, &client_of(a), &mut count), [read]);
    assert_clean(app.database());
}

/// Releases before this rule told of what was rehearsed as if it were there.
fn older_rows_of_rehearsals_are_no_damage(app: &TestApp) {
    let parties = Parties::new(app);
    let there = parties.mou("There", "private", "recorded");
    let tell = |id: &str| {
        let shown = BTreeSet::from([id.to_owned()]);
        let written = app.database().write_blocking(move |transaction| {
            let event = Event {
                outcome: "read",
                disclosed: &shown,
                ..Event::done("createMou", None)
            };
            append(transaction, &Actor::command_line(), event).map(|_proof| ())
        });
        written.expect("a row");
    };
    tell("mou_00000000000000000000000000");
    assert_clean(app.database());
    // What is there, or was, is named.
    tell(&there);
    let mut look = crate::support::look::Look::into(app.database().url());
    look.execute(&format!("DELETE FROM audit_records WHERE record_id = '{there}'"));
    let damage = report_of(app.database()).damage;
    assert!(
        format!("{damage:?}").contains("does not name what was shown"),
        "{damage:?}"
    );
}
