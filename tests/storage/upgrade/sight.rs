//! Programs before derivation 2 let every office that a record for partners names see it. The upgrade takes that from
//! those who are named only where others may write, tells them once, and gives every past version its own sight.

use serde_json::json;

use super::SET_BACK;
use super::healing::run_in;
use crate::api::feed::{now, read, told};
use crate::support::answers::id;
use crate::support::look::Look;
use crate::support::parties::{Parties, any};
use crate::support::paths::OFFICES;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_upgrade_tells_from_whom_it_takes_sight,
        a_change_before_reindexing_changes_nothing_of_that
    ]
}

/// An office of A for partners: it has a tie to B, C evaluates it, and in its first version the tie was to C as well.
/// Then the database is as a program of derivation 1 would have left it.
fn fill_and_set_back(app: &TestApp, parties: &Parties) -> String {
    let mut body = make::office_body("Known to partners", "KR");
    body["visibility"] = json!("partners");
    body["owner_office_id"] = json!(parties.a.id);
    body["relations"] = json!({"b": {"office_id": parties.b.id}, "c": {"office_id": parties.c.id}});
    body["evaluations"] = json!({"ours": {"evaluator_id": parties.c.id, "scheme": {"en": "Integrity"}}});
    let office = id(&parties.registry.create(OFFICES, &body));
    let without_tie = json!({"relations": {"c": null}});
    any(&parties.a.client)
        .patch(&format!("{OFFICES}/{office}"), &without_tie)
        .expect(200);
    let mut look = Look::into(app.database().url());
    look.execute("DELETE FROM sight_spans");
    // By the old rule the evaluator was named still, so nothing was hidden from it.
    look.execute("DELETE FROM change_losses");
    look.execute(SET_BACK);
    office
}

fn an_upgrade_tells_from_whom_it_takes_sight(app: &TestApp) {
    let parties = Parties::new(app);
    let office = fill_and_set_back(app, &parties);
    let path = format!("{OFFICES}/{office}");
    // What was for partners is hidden from the evaluator at once, and shown in no past version to anybody but the owner.
    parties.c.client.get(&path).expect(404);
    parties.b.client.get(&path).expect(200);
    // Whom a past version named is not yet known; the current one is seen by those who see the record.
    for below in ["/revisions/1", "/revisions", "/diff"] {
        let answer = parties.b.client.get(&format!("{path}{below}")).expect(503);
        answer.problem("reindexing");
    }
    parties.b.client.get(&format!("{path}/revisions/2")).expect(200);
    parties.a.client.get(&format!("{path}/revisions/1")).expect(200);
    let starts = [&parties.b, &parties.c].map(|party| now(&party.client));
    let all = now(&parties.registry);

    let summary = run_in(app, eduaccord::reindex::Scope::Older, 100, &|| false).expect("it was not ended");
    let notes: Vec<&str> = summary.notes.iter().map(|note| note.record_id.as_str()).collect();
    assert_eq!(notes, [office.as_str()]);
    let note = summary.notes.first().expect("a note");
    assert!(note.text.contains(&parties.c.id), "{}", note.text);
    assert!(!note.text.contains(&parties.b.id), "{}", note.text);

    let since = |position: &str, party: &crate::support::client::Client| told(&read(party, &[("since", position)]));
    assert_eq!(since(&starts[0], &parties.b.client), []);
    let hidden = ("hidden".to_owned(), office.clone(), 2);
    assert_eq!(since(&starts[1], &parties.c.client), [hidden]);
    assert_eq!(since(&all, &parties.registry), [], "only those who lost sight are told");
    parties.b.client.get(&format!("{path}/revisions/1")).expect(200);
    assert_clean(app.database());
    // From the beginning the evaluator learns that both versions are hidden, and once more that the upgrade hid it.
    let of_office = |client| {
        let told = told(&read(client, &[("limit", "200")]));
        told.into_iter()
            .filter(|(_, record, _)| *record == office)
            .map(|(op, _, version)| (op, version))
            .collect::<Vec<_>>()
    };
    let expected = [("hidden", 1), ("hidden", 2), ("hidden", 2)].map(|(op, version)| (op.to_owned(), version));
    assert_eq!(of_office(&parties.c.client), expected);

    // Once is enough; and who sees the record again is not told that it is hidden.
    let again = run_in(app, eduaccord::reindex::Scope::All, 100, &|| false).expect("it was not ended");
    assert_eq!((again.changed, again.notes.len()), (0, 0));
    let tie = json!({"relations": {"c": {"office_id": parties.c.id}}});
    any(&parties.a.client).patch(&path, &tie).expect(200);
    let expected = [("upsert", 1), ("hidden", 2), ("upsert", 3)].map(|(op, version)| (op.to_owned(), version));
    assert_eq!(of_office(&parties.c.client), expected);
    assert_clean(app.database());
}

/// What the old rule let see is told by what was written under it: neither a change before the reindexing that takes the
/// office out, nor one that brings another in, changes who is told. A version that was for partners once counts, too.
fn a_change_before_reindexing_changes_nothing_of_that(app: &TestApp) {
    let parties = Parties::new(app);
    let stranger = id(&parties.registry.create(OFFICES, &make::office_body("Stranger", "KR")));
    let stranger_client = app.client_for(&stranger, &make::every_scope());
    let office = fill_and_set_back(app, &parties);
    let path = format!("{OFFICES}/{office}");
    let starts = [&parties.c.client, &stranger_client].map(now);
    for change in [
        json!({"evaluations": {"ours": null, "theirs": {"evaluator_id": stranger, "scheme": {"en": "Integrity"}}}}),
        json!({"visibility": "private"}),
    ] {
        any(&parties.registry).patch(&path, &change).expect(200);
    }
    let summary = run_in(app, eduaccord::reindex::Scope::Older, 100, &|| false).expect("it was not ended");
    assert_eq!(summary.notes.len(), 1);
    let since = |client, position: &str| told(&read(client, &[("since", position)]));
    assert_eq!(
        since(&parties.c.client, &starts[0]),
        [("hidden".to_owned(), office.clone(), 4)]
    );
    assert_eq!(since(&stranger_client, &starts[1]), []);
    assert_clean(app.database());
}
