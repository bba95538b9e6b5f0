//! `client`, and what else `token` can do.

use serde_json::json;

use crate::support::backend::TestDatabase;
use crate::support::look::Look;
use crate::support::program::{Ended, run};
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        clients_are_made_listed_and_changed,
        a_token_is_shown_rotated_and_ended_with_what_it_made,
        unused_tokens_are_listed,
        the_last_administrator_goes_by_force_only,
    ]
}

fn command<'a>(world: &'a World, database: &'a TestDatabase) -> impl Fn(&[&str]) -> Ended + 'a {
    move |arguments| run(world, database, arguments)
}

fn clients_are_made_listed_and_changed(world: &World) {
    let database = world.database();
    let run = command(world, &database);
    let made = run(&[
        "client",
        "create",
        "--name",
        "Front-end",
        "--role",
        "viewer",
        "--networks",
        "10.1.0.0/16,192.0.2.7",
        "--json",
    ]);
    let made = made.expect(0).json();
    assert_eq!(made["networks"], json!(["10.1.0.0/16", "192.0.2.7/32"]));
    assert_eq!(
        (&made["role"], &made["office_id"], &made["living_tokens"]),
        (&json!("viewer"), &json!(null), &json!(0))
    );
    let id = made["id"].as_str().expect("an id");
    let token = run(&["token", "create", "--name", "2026", "--client", id]).expect(0);
    assert!(
        token.output.contains("curl -H 'Authorization: Bearer eda_live_"),
        "{token:?}"
    );
    let table = run(&["client", "list"]).expect(0).output;
    for text in [id, "Front-end", "(registry)", "viewer", "10.1.0.0/16", "active", "1"] {
        assert!(table.contains(text), "{text} is not in\n{table}");
    }
    let suspended = run(&["client", "suspend", id, "--json"]).expect(0).json();
    assert_eq!(suspended["state"], "suspended");
    assert!(run(&["client", "list"]).expect(0).output.contains("suspended"));
    run(&["client", "resume", id]).expect(0);
    let open = run(&["client", "set-networks", id, "--json"]).expect(0).json();
    assert_eq!(open["networks"], json!([]));
    assert!(run(&["client", "list"]).expect(0).output.contains("(any)"));
    let wrong = run(&["client", "set-networks", id, "nowhere"]).expect(2);
    assert!(wrong.complaint.contains("'nowhere' is no network"), "{wrong:?}");
    run(&["client", "suspend", "cli_nobody"]).expect(2);
    run(&["client", "create", "--name", "x"]).refuses("Give --scopes or --role");
    run(&[
        "client", "create", "--name", "x", "--role", "viewer", "--scopes", "export",
    ])
    .expect(2);
}

fn a_token_is_shown_rotated_and_ended_with_what_it_made(world: &World) {
    let database = world.database();
    let run = command(world, &database);
    let made = run(&["token", "create", "--name", "One", "--scopes", "mous:read", "--json"])
        .expect(0)
        .json();
    let (id, secret) = (
        made["token_id"].as_str().expect("an id"),
        made["token"].as_str().expect("a secret"),
    );
    for name in [id, secret] {
        let shown = run(&["token", "show", name]).expect(0);
        assert!(shown.output.contains(id) && !shown.output.contains(secret), "{shown:?}");
        assert_eq!(run(&["token", "show", name, "--json"]).expect(0).json()["name"], "One");
    }
    let rotated = run(&["token", "rotate", id, "--grace", "60", "--days", "5", "--json"])
        .expect(0)
        .json();
    let new = rotated["token_id"].as_str().expect("an id").to_owned();
    assert_eq!(
        run(&["token", "show", id, "--json"]).expect(0).json()["status"],
        "rotating"
    );
    let shown = run(&["token", "show", &new, "--json"]).expect(0).json();
    assert_eq!(
        (&shown["rotated_from"], &shown["expires_in_days"]),
        (&json!(id), &json!(4))
    );
    run(&["token", "rotate", id, "--grace", "604801"]).expect(2);
    // What it made, as it would be over the API.
    let made_by = format!("UPDATE tokens SET created_by_token = '{id}' WHERE id = '{new}'");
    Look::at(&database.url).execute(&made_by);
    let ended = run(&["token", "revoke", id]).expect(0);
    assert!(
        ended.output.contains(&new) && ended.output.contains("--cascade"),
        "{ended:?}"
    );
    let ended = run(&["token", "revoke", id, "--cascade", "--json"]).expect(0).json();
    assert_eq!(
        (&ended["ended"], &ended["created"][0]["status"]),
        (&json!(1), &json!("revoked"))
    );
    let late = run(&["token", "rotate", id]).expect(1);
    assert!(late.output.contains("revoked or has expired"), "{late:?}");
}

fn unused_tokens_are_listed(world: &World) {
    let database = world.database();
    let run = command(world, &database);
    let make = |name: &str| {
        run(&["token", "create", "--name", name, "--scopes", "mous:read", "--json"])
            .expect(0)
            .json()
    };
    let (old, _new) = (make("Forgotten"), make("Fresh"));
    let aged = format!(
        "UPDATE tokens SET created_at = '2025-01-01T00:00:00.000000Z' WHERE id = '{}'",
        old["token_id"].as_str().expect("an id")
    );
    Look::at(&database.url).execute(&aged);
    let listed = run(&["token", "list", "--unused-days", "90", "--json"])
        .expect(0)
        .json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(listed[0]["name"], "Forgotten");
    let table = run(&["token", "list", "--unused-days", "90"]).expect(0).output;
    assert!(table.contains("Forgotten") && !table.contains("Fresh"), "{table}");
}

fn the_last_administrator_goes_by_force_only(world: &World) {
    let database = world.database();
    let run = command(world, &database);
    let only = run(&["admin", "bootstrap", "--json"]).expect(0).json();
    let (client, token) = (
        only["client_id"].as_str().expect("an id"),
        only["token_id"].as_str().expect("an id"),
    );
    for arguments in [["client", "suspend", client], ["token", "revoke", token]] {
        let refused = run(&arguments).expect(1);
        assert!(refused.output.contains("last usable administrator"), "{refused:?}");
    }
    run(&["client", "suspend", client, "--force"]).expect(0);
    run(&["admin", "bootstrap"]).expect(0);
}
