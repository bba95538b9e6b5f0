//! `merge_into`: one office that was registered twice.

use serde_json::{Value, json};

use super::{act, assert_found, assert_verified, audited};
use crate::api::feed::read;
use crate::support::answers::{found, id, pointers};
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_old_id_leads_to_the_survivor,
        only_the_registry_merges,
        lists_find_by_either_id_what_was_written_with_both,
        chains_lead_on_in_one_step,
        what_cannot_be_merged,
        a_hidden_tombstone_leads_nowhere,
        verification_finds_what_was_done_to_a_merge,
    ]
}

pub(super) fn merge(survivor: &str) -> Value {
    json!({"action": "merge_into", "survivor_id": survivor, "reason": "Registered twice."})
}

/// Merges A into C and gives the paths of both.
pub(super) fn merge_a_into_c(parties: &Parties) -> (String, String) {
    let (a, c) = (
        format!("{OFFICES}/{}", parties.a.id),
        format!("{OFFICES}/{}", parties.c.id),
    );
    act(&parties.registry, &a, &merge(&parties.c.id)).expect(200);
    (a, c)
}

fn the_old_id_leads_to_the_survivor(app: &TestApp) {
    let parties = Parties::new(app);
    let a = format!("{OFFICES}/{}", parties.a.id);
    let answered = act(&parties.registry, &a, &merge(&parties.c.id)).expect(200);
    let c = format!("{OFFICES}/{}", parties.c.id);
    assert_eq!(
        (answered.header("content-location"), answered.etag()),
        (Some(c.as_str()), "\"v1\"")
    );
    assert_eq!(answered.json()["id"], json!(parties.c.id));
    let asked = parties
        .b
        .client
        .get(&format!("{a}?expand=parent,owner&lang=ko"))
        .expect(308);
    let location = asked.header("location").unwrap().to_owned();
    assert!(
        location.starts_with(&format!("{c}?expand=parent")) && location.ends_with("&lang=ko"),
        "{location}"
    );
    parties.b.client.get(&location).expect(200);
    assert_eq!(found(&parties.registry, OFFICES, &[]), ["A1", "B", "C"]);
    let history = parties.b.client.get(&format!("{a}/revisions")).expect(200).json();
    let last = &history["items"][0];
    assert_eq!(
        (&last["operation"], &last["reason"]),
        (&json!("merge_into"), &json!("Registered twice."))
    );
    parties.b.client.get(&format!("{a}/revisions/1")).expect(200);
    assert_eq!(audited(app, &parties.a.id), ["office.create 1", "office.merge_into 2"]);
    assert_verified(app);
}

fn only_the_registry_merges(app: &TestApp) {
    let parties = Parties::new(app);
    let a = format!("{OFFICES}/{}", parties.a.id);
    let body = merge(&parties.c.id);
    let problem = act(&parties.a.client, &a, &body).expect(403).problem("registry-only");
    assert_eq!(problem["action"], "merge_into");
    // The same for a record that is not there: it tells nothing.
    let absent = format!("{OFFICES}/off_{}", "0".repeat(26));
    act(&parties.a.client, &absent, &body)
        .expect(403)
        .problem("registry-only");
    let writer = app.client_for(&parties.a.id, &["offices:write"]);
    let problem = act(&writer, &a, &body).expect(403).problem("missing-scope");
    assert_eq!(problem["missing_scopes"], json!(["admin"]));
    // Other kinds are merged by nobody.
    let mou = format!("{MOUS}/{}", parties.mou("Title", "public", "recorded"));
    let problem = act(&parties.registry, &mou, &body)
        .expect(422)
        .problem("invalid-document");
    assert_eq!(problem["errors"][0]["code"], "unknown-code");
}

fn lists_find_by_either_id_what_was_written_with_both(app: &TestApp) {
    let parties = Parties::new(app);
    parties.mou("Of A", "public", "recorded");
    let of_c = make::mou_body("Of C", &[&parties.b.id, &parties.c.id]);
    parties.c.client.create(MOUS, &of_c);
    let program = |title: &str, office: &str| json!({"titles": {"en": title}, "kind": "training", "offices": {office: {"roles": ["host"]}}});
    parties
        .a
        .client
        .create("/api/v1/programs", &program("Program of A", &parties.a.id));
    parties
        .c
        .client
        .create("/api/v1/programs", &program("Program of C", &parties.c.id));
    let policy = |title: &str, office: &str| {
        json!({"titles": {"en": title}, "kind": "annual_plan", "stage": "published",
               "responsibilities": {office: {"roles": ["lead"]}}})
    };
    parties
        .a
        .client
        .create("/api/v1/policies", &policy("Plan of A", &parties.a.id));
    parties
        .c
        .client
        .create("/api/v1/policies", &policy("Plan of C", &parties.c.id));
    merge_a_into_c(&parties);
    let own_id = format!("{OFFICES}/{}/external-ids/erp/1", parties.c.id);
    parties.b.client.raw("PUT", &own_id, &[], b"").expect(201);
    for office in [&parties.a.id, &parties.c.id, "ext:erp:1"] {
        let list = |path: &str, filter: &str| found(&parties.b.client, path, &[(filter, office)]);
        assert_eq!(list(MOUS, "party"), ["Of A", "Of C"], "{office}");
        assert_eq!(list(MOUS, "owner"), ["Of A", "Of C"], "{office}");
        assert_eq!(
            list("/api/v1/programs", "office"),
            ["Program of A", "Program of C"],
            "{office}"
        );
        assert_eq!(
            list("/api/v1/policies", "responsible_office"),
            ["Plan of A", "Plan of C"],
            "{office}"
        );
        assert_eq!(list(OFFICES, "parent"), ["A1"], "{office}");
        assert_eq!(list(OFFICES, "within"), ["A1", "C"], "{office}");
        let both = found(
            &parties.b.client,
            MOUS,
            &[("party", office), ("party", &parties.b.id), ("party_role", "signatory")],
        );
        assert_eq!(both, ["Of A", "Of C"], "{office}");
    }
    // What is embedded is found under the id that the document has.
    let page = parties
        .b
        .client
        .get(&format!("{MOUS}?expand=parties&party={}", parties.c.id))
        .expect(200)
        .json();
    assert_eq!(page["expanded"][&parties.a.id]["id"], json!(parties.c.id));
    assert_eq!(page["expanded"][&parties.c.id]["id"], json!(parties.c.id));
    assert_verified(app);
}

fn chains_lead_on_in_one_step(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = format!("{MOUS}/{}", parties.mou("Of A", "private", "recorded"));
    let (a, c) = merge_a_into_c(&parties);
    act(&parties.registry, &c, &merge(&parties.b.id)).expect(200);
    assert_verified(app);
    let b = format!("{OFFICES}/{}", parties.b.id);
    for old in [&a, &c] {
        assert_eq!(
            parties.unit.client.get(old).expect(308).header("location"),
            Some(b.as_str())
        );
    }
    for client in [&parties.a.client, &parties.b.client, &parties.c.client] {
        assert_eq!(client.get("/api/v1/me").json()["office_id"], json!(parties.b.id));
        any(client).patch(&mou, &json!({"tags": ["x"]})).expect(200);
    }
    for office in [&parties.a.id, &parties.b.id, &parties.c.id] {
        assert_eq!(found(&parties.b.client, MOUS, &[("owner", office)]), ["Of A"]);
        assert_eq!(found(&parties.b.client, OFFICES, &[("within", office)]), ["A1", "B"]);
    }
    let feed = read(&parties.unit.client, &[("since", "begin"), ("kinds", "office")]);
    let leads: Vec<&Value> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["merged_into"])
        .collect();
    assert_eq!(
        leads.iter().filter(|lead| ***lead == json!(parties.b.id)).count(),
        2,
        "{leads:?}"
    );
}

fn what_cannot_be_merged(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, c) = (
        format!("{OFFICES}/{}", parties.a.id),
        format!("{OFFICES}/{}", parties.c.id),
    );
    let refused = |path: &str, survivor: &str, code: &str| {
        let problem = act(&parties.registry, path, &merge(survivor))
            .expect(422)
            .problem("invalid-document");
        assert_eq!(
            (pointers(&problem), &problem["errors"][0]["code"]),
            (vec!["/survivor_id".to_owned()], &json!(code))
        );
    };
    refused(&a, &parties.a.id, "self-reference");
    refused(&a, &parties.unit.id, "cycle");
    refused(&a, &format!("off_{}", "0".repeat(26)), "unknown-reference");
    let gone = id(&parties.registry.create(OFFICES, &make::office_body("Gone", "KR")));
    any(&parties.registry).delete(&format!("{OFFICES}/{gone}")).expect(204);
    refused(&a, &gone, "unknown-reference");
    act(&parties.registry, &format!("{OFFICES}/{gone}"), &merge(&parties.c.id)).expect(410);
    // Into a merged one: into what that has become; which may be the office itself.
    act(&parties.registry, &c, &merge(&parties.b.id)).expect(200);
    refused(&format!("{OFFICES}/{}", parties.b.id), &parties.c.id, "self-reference");
    let answered = act(&parties.registry, &a, &merge(&parties.c.id)).expect(200).json();
    assert_eq!(answered["id"], json!(parties.b.id));
    // A unit into the office above.
    act(
        &parties.registry,
        &format!("{OFFICES}/{}", parties.unit.id),
        &merge(&parties.b.id),
    )
    .expect(200);
    assert_eq!(found(&parties.b.client, OFFICES, &[]), ["B"]);
    assert_verified(app);
}

/// To those who do not see the tombstone its id means nothing, in whatever place it stands.
fn a_hidden_tombstone_leads_nowhere(app: &TestApp) {
    let parties = Parties::new(app);
    let (a, b, c) = (&parties.a.client, &parties.b.client, &parties.c.client);
    let mut body = make::office_body("Hidden twin", "MN");
    body["visibility"] = json!("private");
    let twin = id(&c.create(OFFICES, &body));
    let mut unit = make::office_body("Unit of the twin", "KR");
    unit["parent_id"] = json!(twin);
    unit["owner_office_id"] = json!(parties.c.id);
    parties.registry.create(OFFICES, &unit);
    let names_twin = id(&c.create(MOUS, &make::mou_body("Names the twin", &[&twin, &parties.c.id])));
    let program = json!({"titles": {"en": "With the twin"}, "kind": "training", "offices": {&twin: {"roles": ["host"]}}, "owner_office_id": parties.c.id});
    parties.registry.create("/api/v1/programs", &program);
    parties.mou("Names B", "public", "recorded");
    any(&parties.registry)
        .patch(&format!("{OFFICES}/{}", parties.b.id), &json!({"country": "MN"}))
        .expect(200);
    act(&parties.registry, &format!("{OFFICES}/{twin}"), &merge(&parties.b.id)).expect(200);
    let absent = twin[..twin.len() - 6].to_owned() + "zzzzzz";
    for (client, sees) in [(a, false), (c, true), (&parties.registry, true)] {
        let list = |path: &str, filter: &str, id: &str| found(client, path, &[(filter, id)]);
        let either = |alone: &[&str], both: &[&str]| -> Vec<String> {
            let titles = if sees { both } else { alone };
            titles.iter().map(|title| (*title).to_owned()).collect()
        };
        // By the survivor: what names it, and what names the twin for those who know that they are one.
        let both = ["Names B", "Names the twin"];
        assert_eq!(list(MOUS, "party", &parties.b.id), either(&["Names B"], &both));
        assert_eq!(
            list(OFFICES, "within", &parties.b.id),
            either(&["B"], &["B", "Unit of the twin"])
        );
        assert_eq!(
            list(OFFICES, "parent", &parties.b.id),
            either(&[], &["Unit of the twin"])
        );
        assert_eq!(
            list("/api/v1/programs", "office", &parties.b.id),
            either(&[], &["With the twin"])
        );
        // By the twin: what names it by that very id, which stands in the document.
        assert_eq!(list(MOUS, "party", &twin), either(&["Names the twin"], &both));
        assert_eq!(list(OFFICES, "within", &twin), either(&[], &["B", "Unit of the twin"]));
        assert_eq!(list(MOUS, "party", &absent), [""; 0]);
        // What a partner is.
        let by_country = found(client, MOUS, &[("party", &parties.c.id), ("partner_country", "MN")]);
        assert_eq!(by_country, either(&[], &["Names the twin"]));
        assert_eq!(
            list("/api/v1/programs", "office_country", "MN"),
            either(&[], &["With the twin"])
        );
        // What is embedded.
        let page = client
            .get(&format!("{MOUS}/{names_twin}?expand=parties"))
            .expect(200)
            .json();
        assert_eq!(page["expanded"].get(&twin).is_some(), sees, "{page}");
    }
    // A new reference to it is one to nothing.
    let refused = |id: &str| {
        let body = make::mou_body("New", &[id, &parties.a.id]);
        let problem = a.post(MOUS, &body).expect(422).problem("invalid-document");
        problem["errors"].to_string().replace(id, "<id>")
    };
    assert_eq!(refused(&twin), refused(&absent));
    c.create(
        &format!("{MOUS}?confirm_distinct=true"),
        &make::mou_body("New", &[&twin, &parties.c.id]),
    );
    // The survivor's own client acts for the twin all the same.
    any(b)
        .patch(
            &format!("{MOUS}/{names_twin}"),
            &json!({"parties": {&twin: {"local_ref": "B-1"}}}),
        )
        .expect(200);
    assert_verified(app);
}

fn verification_finds_what_was_done_to_a_merge(app: &TestApp) {
    let parties = Parties::new(app);
    parties.mou("Of A", "public", "recorded");
    merge_a_into_c(&parties);
    assert_verified(app);
    let mut look = Look::into(app.database().url());
    look.execute(if look.is_sqlite() {
        "PRAGMA foreign_keys = OFF"
    } else {
        "SET session_replication_role = replica"
    });
    let (a, b) = (&parties.a.id, &parties.b.id);
    for (table, statement) in [
        ("office_merges", format!("UPDATE office_merges SET survivor_id = '{b}'")),
        (
            "office_merges",
            format!("UPDATE office_merges SET canonical_id = '{b}'"),
        ),
        (
            "office_merges",
            format!("UPDATE office_merges SET survivor_id = '{b}', canonical_id = '{b}'"),
        ),
        (
            "office_merges",
            "UPDATE office_merges SET at = '2020-01-01T00:00:00.000000Z'".to_owned(),
        ),
        ("office_merges", "DELETE FROM office_merges".to_owned()),
        (
            "office_merges",
            format!("INSERT INTO office_merges VALUES ('{b}', '{a}', '{a}', '2020-01-01T00:00:00.000000Z')"),
        ),
        (
            "revisions",
            "UPDATE revisions SET reason = 'Another.' WHERE reason IS NOT NULL".to_owned(),
        ),
        ("revisions", "UPDATE revisions SET reason = NULL".to_owned()),
        (
            "revisions",
            format!("UPDATE revisions SET reason = 'Added.' WHERE record_id = '{b}'"),
        ),
        (
            "revisions",
            "UPDATE revisions SET operation = 'delete' WHERE operation = 'merge_into'".to_owned(),
        ),
        (
            "revisions",
            "UPDATE revisions SET digest = '' WHERE operation = 'merge_into'".to_owned(),
        ),
        (
            "office_ancestors",
            "DELETE FROM office_ancestors WHERE depth = 0 AND office_id <> ancestor_id".to_owned(),
        ),
        (
            "office_ancestors",
            format!("INSERT INTO office_ancestors VALUES ('{a}', '{b}', 0)"),
        ),
    ] {
        assert_found(app, &mut look, table, &statement);
    }
}
