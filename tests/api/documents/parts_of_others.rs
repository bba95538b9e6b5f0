//! Parts of the work in a record that somebody else owns: carriers of a commitment say how far it has come.

use serde_json::{Value, json};

use crate::support::answers::{id, pointers};
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, PROGRAMS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![carriers_write_the_progress_of_what_they_carry]
}

/// A record of A with a commitment of B and one of C, in both kinds.
fn bodies(parties: &Parties) -> [(&'static str, Value); 2] {
    let commitment = |carrier: &str| json!({"text": {"en": "Send teachers"}, "owner_office_ids": [carrier]});
    let commitments = json!({"of_b": commitment(&parties.b.id), "of_c": commitment(&parties.c.id), "of_nobody": {"text": {"en": "Meet"}}});
    let mut mou = make::mou_body("Pact", &[&parties.a.id, &parties.b.id]);
    mou["commitments"] = commitments.clone();
    let program = json!({"titles": {"en": "Pact"}, "kind": "training", "commitments": commitments});
    [(MOUS, mou), (PROGRAMS, program)]
}

fn carriers_write_the_progress_of_what_they_carry(app: &TestApp) {
    let parties = Parties::new(app);
    for (collection, body) in bodies(&parties) {
        let path = format!("{collection}/{}", id(&parties.a.client.create(collection, &body)));
        let (b, c) = (any(&parties.b.client), any(&parties.c.client));
        let progress = |key: &str, progress: Value| json!({"commitments": {key: {"progress": progress}}});
        let done = json!({"state": "fulfilled", "on": "2026-11", "note": "Two teachers went."});
        b.patch(&path, &progress("of_b", done.clone())).expect(200);
        c.patch(&path, &progress("of_c", json!({"state": "in_progress"})))
            .expect(200);
        // Of what others carry, or nobody does, and everything else of one's own: no.
        for (key, pointer) in [
            ("of_c", "/commitments/of_c/progress"),
            ("of_nobody", "/commitments/of_nobody/progress"),
        ] {
            let problem = b
                .patch(&path, &progress(key, done.clone()))
                .expect(403)
                .problem("not-your-part");
            assert!(
                pointers(&problem).iter().all(|found| found.starts_with(pointer)),
                "{problem}"
            );
        }
        for change in [
            json!({"of_b": {"due": "2030"}}),
            json!({"of_b": null}),
            json!({"of_b": {"owner_office_ids": [parties.c.id]}}),
            json!({"of_nobody": {"owner_office_ids": [parties.b.id]}}),
            json!({"new": {"text": {"en": "More"}, "owner_office_ids": [parties.b.id]}}),
        ] {
            b.patch(&path, &json!({"commitments": change}))
                .expect(403)
                .problem("not-your-part");
        }
        // Who takes a commitment over in the same change writes nothing of it yet.
        let taken = json!({"of_c": {"owner_office_ids": [parties.b.id], "progress": {"state": "dropped"}}});
        b.patch(&path, &json!({"commitments": taken}))
            .expect(403)
            .problem("not-your-part");
        parties
            .unit
            .client
            .header("if-match", "*")
            .patch(&path, &progress("of_b", json!({"state": "dropped"})))
            .expect(403);
        let stored = parties.a.client.get(&path).json();
        assert_eq!(stored["commitments"]["of_b"]["progress"]["state"], json!("fulfilled"));
    }
}
