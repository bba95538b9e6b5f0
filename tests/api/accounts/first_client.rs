//! An office whose record a stranger entered owns it from its first client on.

use serde_json::json;

use super::office;
use crate::api::feed::{now, read, told};
use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::parties::any;
use crate::support::paths::{CLIENTS, OFFICES};
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        the_first_client_takes_the_record_from_a_stranger,
        owners_that_act_for_it_keep_it,
        a_client_that_comes_from_another_office_counts_too,
    ]
}

#[track_caller]
fn client_for(by: &Client, query: &str, office: &str) -> String {
    let body = json!({"name": "first", "office_id": office, "scopes": ["offices:read", "offices:write"]});
    id(&by.post(&format!("{CLIENTS}{query}"), &body).expect(201).json())
}

fn owner_of(admin: &Client, office: &str) -> (String, i64) {
    let record = admin.get(&format!("{OFFICES}/{office}")).expect(200).json();
    (
        record["owner_office_id"].as_str().unwrap().to_owned(),
        record["version"].as_i64().unwrap(),
    )
}

fn the_first_client_takes_the_record_from_a_stranger(app: &TestApp) {
    let admin = app.admin();
    let stranger_office = office(&admin, "Stranger");
    let stranger = app.client_for(&stranger_office, &make::every_scope());
    let entered = id(&stranger.create(OFFICES, &make::office_body("Entered", "KR")));
    assert_eq!(owner_of(&admin, &entered), (stranger_office.clone(), 1));
    client_for(&admin, "?dry_run=true", &entered);
    assert_eq!(owner_of(&admin, &entered), (stranger_office, 1), "a rehearsal");

    // What the stranger offered of it meanwhile is over.
    let other = office(&admin, "Other");
    let offer = json!({"action": "transfer", "to_office_id": other, "reason": "Take it."});
    let actions = format!("{OFFICES}/{entered}/actions");
    let offered = any(&stranger).post(&actions, &offer).expect(202);
    let offered = offered.header("location").expect("the offer").to_owned();

    let start = now(&stranger);
    client_for(&admin, "", &entered);
    assert_eq!(admin.get(&offered).expect(200).json()["state"], json!("ended"));
    assert_eq!(owner_of(&admin, &entered), (entered.clone(), 2));
    assert_eq!(
        told(&read(&stranger, &[("since", &start)])),
        [("upsert".to_owned(), entered.clone(), 2)]
    );
    let path = format!("{OFFICES}/{entered}");
    any(&stranger).patch(&path, &json!({"city": "Theirs"})).expect(403);
    let history = admin.get(&format!("{path}/revisions")).expect(200).json();
    assert_eq!(history["items"][0]["operation"], json!("transfer"));
    assert_eq!(history["items"][0]["reason"], json!("The office has its first client."));
    // The second changes nothing, whoever owns the record by then.
    client_for(&admin, "", &entered);
    assert_eq!(owner_of(&admin, &entered), (entered, 2));
    assert_clean(app.database());
}

fn owners_that_act_for_it_keep_it(app: &TestApp) {
    let admin = app.admin();
    let above = office(&admin, "Above");
    let mut body = make::office_body("Unit", "KR");
    body["parent_id"] = json!(above);
    let unit = id(&app.client_for(&above, &make::every_scope()).create(OFFICES, &body));
    let own = office(&admin, "Its own");
    for (record, owner) in [(&unit, &above), (&own, &own)] {
        client_for(&admin, "", record);
        assert_eq!(owner_of(&admin, record), (owner.clone(), 1));
    }
}

fn a_client_that_comes_from_another_office_counts_too(app: &TestApp) {
    let admin = app.admin();
    let stranger = office(&admin, "Stranger");
    let by_stranger = app.client_for(&stranger, &make::every_scope());
    let entered = id(&by_stranger.create(OFFICES, &make::office_body("Entered", "KR")));
    let moved = client_for(&admin, "", &stranger);
    let change = json!({"office_id": entered});
    any(&admin).patch(&format!("{CLIENTS}/{moved}"), &change).expect(200);
    assert_eq!(owner_of(&admin, &entered), (entered.clone(), 2));
    assert_clean(app.database());
}
