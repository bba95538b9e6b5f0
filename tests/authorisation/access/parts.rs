//! Whose part of a record it is: who sees a record but does not own it changes its own items only.

use serde_json::{Value, json};

use crate::support::answers::{id, pointers};
use crate::support::client::Client;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_signatory_writes_its_own_file_number_persons_and_day,
        nobody_takes_over_the_item_of_another,
        an_evaluator_writes_its_own_evaluations,
        a_fulfilled_recommendation_is_the_word_of_its_issuer,
    ]
}

/// The change is refused, and these are the members that it may not touch.
#[track_caller]
fn refused(client: &Client, path: &str, patch: &Value, expected: &[&str]) {
    let problem = any(client).patch(path, patch).expect(403).problem("not-your-part");
    assert_eq!(pointers(&problem), expected, "{patch}");
}

fn a_signatory_writes_its_own_file_number_persons_and_day(app: &TestApp) {
    let parties = Parties::new(app);
    let mou = parties.mou("Shared", "public", "recorded");
    let path = format!("{MOUS}/{mou}");
    let (a, b, c) = (&parties.a.id, &parties.b.id, &parties.c.id);
    let own = json!({ "parties": { b: {
        "local_ref": "B-17",
        "signed_on": "2022-04",
        "signatories": { "head": { "name": { "en": "Somebody" } } },
    }}});
    let changed = any(&parties.b.client).patch(&path, &own).expect(200).json();
    assert_eq!(changed["parties"][b]["local_ref"], "B-17");
    assert_eq!(changed["version"], 2);
    let emptied = json!({ "parties": { b: { "signatories": { "head": null }, "local_ref": null } } });
    any(&parties.b.client).patch(&path, &emptied).expect(200);

    let of = |office: &String, member: &str| format!("/parties/{office}/{member}");
    let b_client = &parties.b.client;
    refused(b_client, &path, &json!({ "titles": { "en": "Mine" } }), &["/titles/en"]);
    refused(b_client, &path, &json!({ "visibility": "private" }), &["/visibility"]);
    refused(b_client, &path, &json!({ "tags": ["mine"] }), &["/tags"]);
    refused(
        b_client,
        &path,
        &json!({ "parties": { a: { "local_ref": "x" } } }),
        &[&of(a, "local_ref")],
    );
    refused(
        b_client,
        &path,
        &json!({ "parties": { b: { "roles": ["witness", "signatory"] } } }),
        &[&of(b, "roles")],
    );
    // Every foreign member is told, beside one of its own that would have been fine.
    let both = json!({ "parties": { b: { "local_ref": "B-18" } }, "tags": ["mine"], "titles": { "mn": "x" } });
    refused(b_client, &path, &both, &["/tags", "/titles/mn"]);
    refused(
        &parties.c.client,
        &path,
        &json!({ "parties": { b: { "local_ref": "C" } } }),
        &[&of(b, "local_ref")],
    );
    let added = json!({ "parties": { c: { "roles": ["signatory"], "local_ref": "C" } } });
    let problem = any(&parties.c.client)
        .patch(&path, &added)
        .expect(403)
        .problem("not-your-part");
    assert!(
        pointers(&problem)
            .iter()
            .all(|pointer| pointer.starts_with(&format!("/parties/{c}")))
    );
    let deleted = any(b_client).delete(&path).expect(403);
    deleted.problem("not-your-part");
    assert_eq!(
        parties.registry.get(&path).json()["version"],
        3,
        "nothing of it was kept"
    );
    // PUT and restore are held to the same.
    let mut whole = b_client.get(&path).json();
    whole["parties"][b]["local_ref"] = json!("B-19");
    let mut whole = any(b_client).put(&path, &whole).expect(200).json();
    whole["kind"] = json!("agreement");
    let problem = any(b_client).put(&path, &whole).expect(403).problem("not-your-part");
    assert_eq!(pointers(&problem), ["/kind"]);
    any(&parties.a.client)
        .patch(&path, &json!({ "tags": ["owner"] }))
        .expect(200);
    let restore = json!({ "revision": 4 });
    let problem = any(b_client)
        .post(&format!("{path}/restore"), &restore)
        .expect(403)
        .problem("not-your-part");
    assert_eq!(pointers(&problem), ["/tags"]);

    // Leaving is an action, and nobody puts another out.
    let three = make::mou_body("Three", &[a, b, c]);
    let three = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &three)));
    for office in [b, c] {
        let removed = json!({ "parties": { office: null } });
        refused(b_client, &three, &removed, &[&format!("/parties/{office}")]);
    }

    // A witness or beneficiary is no signatory.
    let mut body = make::mou_body("Witnessed", &[a, b]);
    body["parties"][c] = json!({ "roles": ["witness"] });
    let witnessed = format!("{MOUS}/{}", id(&parties.a.client.create(MOUS, &body)));
    let own = json!({ "parties": { c: { "local_ref": "C-1" } } });
    refused(&parties.c.client, &witnessed, &own, &[&of(c, "local_ref")]);
}

fn nobody_takes_over_the_item_of_another(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{OFFICES}/{}", parties.a.id);
    let (b, c) = (&parties.b.id, &parties.c.id);
    let of_b = json!({ "evaluations": { "e2023": { "evaluator_id": b, "findings": { "en": "Good" } } } });
    any(&parties.b.client).patch(&path, &of_b).expect(200);
    let evaluator = "/evaluations/e2023/evaluator_id";
    refused(
        &parties.c.client,
        &path,
        &json!({ "evaluations": { "e2023": { "evaluator_id": c } } }),
        &[evaluator],
    );
    let rewritten = json!({ "evaluations": { "e2023": { "evaluator_id": c, "findings": { "en": "Bad" } } } });
    refused(
        &parties.c.client,
        &path,
        &rewritten,
        &[evaluator, "/evaluations/e2023/findings/en"],
    );
    let added = json!({ "evaluations": { "e2023": { "evaluator_id": c, "findings": { "mn": "Муу" } } } });
    refused(
        &parties.c.client,
        &path,
        &added,
        &[evaluator, "/evaluations/e2023/findings/mn"],
    );
    let removed = json!({ "evaluations": { "e2023": null } });
    refused(&parties.c.client, &path, &removed, &["/evaluations/e2023"]);
    // Nor does one put an item under the name of another, or give one's own away.
    let in_the_name_of_b = json!({ "evaluations": { "e2024": { "evaluator_id": b } } });
    refused(&parties.c.client, &path, &in_the_name_of_b, &["/evaluations/e2024"]);
    refused(
        &parties.b.client,
        &path,
        &json!({ "evaluations": { "e2023": { "evaluator_id": c } } }),
        &[evaluator],
    );
}

fn an_evaluator_writes_its_own_evaluations(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{OFFICES}/{}", parties.a.id);
    let b = &parties.b.id;
    let item = json!({ "evaluator_id": b, "grade": 2, "scale": { "min": 1, "max": 5, "best": 1 } });
    let client = any(&parties.b.client);
    client
        .patch(&path, &json!({ "evaluations": { "e2023": item } }))
        .expect(200);
    client
        .patch(
            &path,
            &json!({ "evaluations": { "e2023": { "findings": { "ko": "우수" } } } }),
        )
        .expect(200);
    refused(&parties.b.client, &path, &json!({ "city": "Seoul" }), &["/city"]);
    // Its unit speaks for itself and not for the office above; the office above speaks for its unit.
    refused(
        &parties.unit.client,
        &format!("{OFFICES}/{b}"),
        &json!({ "evaluations": { "x": { "evaluator_id": parties.a.id } } }),
        &["/evaluations/x"],
    );
    let of_unit = json!({ "evaluations": { "x": { "evaluator_id": parties.unit.id } } });
    any(&parties.a.client)
        .patch(&format!("{OFFICES}/{b}"), &of_unit)
        .expect(200);
    client
        .patch(&path, &json!({ "evaluations": { "e2023": null } }))
        .expect(200);
}

fn a_fulfilled_recommendation_is_the_word_of_its_issuer(app: &TestApp) {
    let parties = Parties::new(app);
    let path = format!("{OFFICES}/{}", parties.a.id);
    let issued = json!({ "recommendations": { "r1": { "from_office_id": parties.b.id, "state": "issued" } } });
    any(&parties.b.client).patch(&path, &issued).expect(200);
    let state = |state: &str| json!({ "recommendations": { "r1": { "state": state } } });
    any(&parties.a.client)
        .patch(&path, &state("reported_fulfilled"))
        .expect(200);
    let problem = any(&parties.a.client)
        .patch(&path, &state("fulfilled"))
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/recommendations/r1/source"]);
    any(&parties.b.client).patch(&path, &state("fulfilled")).expect(200);
}
