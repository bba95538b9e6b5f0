//! A unit that leaves an office is no longer acted for by it: neither by its own tokens, nor by those that it made for the
//! unit while it was above.

use serde_json::{Value, json};

use super::{Minted, mint, mint_for, office, own};
use crate::support::client::Client;
use crate::support::parties::any;
use crate::support::paths::OFFICES;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_an_office_above_made_for_a_unit_ends_with_the_move,
        who_stays_above_keeps_what_it_made,
    ]
}

const SCOPES: &[&str] = &["tokens:office", "offices:read", "offices:write"];

/// A unit below another office.
#[track_caller]
fn unit_below(admin: &Client, name: &str, parent: &str) -> String {
    let mut body = make::office_body(name, "KR");
    body["parent_id"] = json!(parent);
    crate::support::answers::id(&admin.create(OFFICES, &body))
}

fn works(minted: &Minted, app: &TestApp) -> bool {
    match minted.caller(app).get("/api/v1/me").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// Moves an office: the clients that were suspended.
#[track_caller]
fn move_below(by: &Client, unit: &str, parent: Option<&str>) -> Vec<String> {
    let moved = any(by).patch(&format!("{OFFICES}/{unit}"), &json!({"parent_id": parent}));
    let moved = moved.expect(200).json();
    let ids: Vec<Value> = moved["suspended_clients"].as_array().cloned().unwrap_or_default();
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn sorted<'a>(clients: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut clients: Vec<String> = clients.into_iter().map(str::to_owned).collect();
    clients.sort();
    clients.dedup();
    clients
}

fn what_an_office_above_made_for_a_unit_ends_with_the_move(app: &TestApp) {
    let admin = app.admin();
    let (above, elsewhere) = (office(&admin, "Above"), office(&admin, "Elsewhere"));
    let unit = unit_below(&admin, "Unit", &above);
    let below = unit_below(&admin, "Below the unit", &unit);
    let parent = app.client_for(&above, SCOPES);

    // Made by the parent, by what that made, and for a unit of the unit; and the unit's own, of which the parent holds a
    // secret, too.
    let made = mint(&parent, Some(&unit), SCOPES);
    let in_turn = mint(&made.caller(app), Some(&unit), SCOPES);
    let further_below = mint(&parent, Some(&below), SCOPES);
    let shared = mint(&admin, Some(&unit), SCOPES);
    let held = mint_for(&parent, &shared.client);
    // Made by the registry, and by the unit itself; and what the parent made for itself.
    let registrys = mint(&admin, Some(&unit), SCOPES);
    let units_own = mint(&registrys.caller(app), Some(&unit), SCOPES);
    let by_shared = mint(&shared.caller(app), Some(&unit), SCOPES);
    let parents_own = mint(&parent, None, SCOPES);

    // A rehearsal suspends nobody.
    let rehearsed = any(&admin)
        .patch(
            &format!("{OFFICES}/{unit}?dry_run=true"),
            &json!({"parent_id": elsewhere}),
        )
        .expect(200);
    assert_eq!(rehearsed.json()["suspended_clients"].as_array().map(Vec::len), Some(4));
    assert!(works(&made, app));

    let suspended = move_below(&admin, &unit, Some(&elsewhere));
    let wanted = [&made, &in_turn, &further_below, &shared].map(|minted| minted.client.as_str());
    assert_eq!(suspended, sorted(wanted));
    for ended in [&made, &in_turn, &further_below, &held] {
        assert!(!works(ended, app));
    }
    for living in [&registrys, &units_own, &by_shared, &parents_own] {
        assert!(works(living, app));
    }
    let shown = admin.get(&made.client_path()).json();
    assert_eq!(shown["state"], json!("suspended"));
    // What the answer has beside is ignored when it is sent back, and no part of the record.
    let path = format!("{OFFICES}/{unit}");
    let mut record = admin.get(&path).json();
    assert!(record.get("suspended_clients").is_none());
    record["suspended_clients"] = json!(suspended);
    any(&admin).put(&path, &record).expect(200);
    assert_clean(app.database());
}

fn who_stays_above_keeps_what_it_made(app: &TestApp) {
    let admin = app.admin();
    let top = office(&admin, "Top");
    let (left, right) = (unit_below(&admin, "Left", &top), unit_below(&admin, "Right", &top));
    let unit = unit_below(&admin, "Unit", &left);
    let by_top = mint(&app.client_for(&top, SCOPES), Some(&unit), SCOPES);
    let by_left = mint(&app.client_for(&left, SCOPES), Some(&unit), SCOPES);
    let mover = app.client_for(&top, SCOPES);
    assert_eq!(
        move_below(&mover, &unit, Some(&right)),
        sorted([by_left.client.as_str()])
    );
    assert!(works(&by_top, app) && !works(&by_left, app));
    // What is no move, and the first place in a tree, suspend nobody; leaving the tree does.
    any(&admin)
        .patch(&format!("{OFFICES}/{unit}"), &json!({"city": "Seoul"}))
        .expect(200);
    assert!(works(&by_top, app));
    let (_, token) = own(&by_top.caller(app));
    assert_eq!(token, by_top.id);
    assert_eq!(move_below(&admin, &unit, None), sorted([by_top.client.as_str()]));
    assert_eq!(move_below(&admin, &unit, Some(&left)), [""; 0]);
    assert_clean(app.database());
}
