//! `admin bootstrap` and `token`.

use serde_json::json;

use crate::support::program::run;
use crate::support::{Case, TestApp, World, cases, make};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_second_administrator_needs_force,
        tokens_are_made_listed_and_ended,
        what_cannot_be_is_refused,
    ]
}

fn a_second_administrator_needs_force(world: &World) {
    let database = world.empty_database();
    let first = run(world, &database, &["admin", "bootstrap", "--json"])
        .expect(0)
        .json();
    let members: Vec<&String> = first.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["client_id", "expires_at", "token", "token_id"]);

    let refused = run(world, &database, &["admin", "bootstrap"]).expect(1);
    assert!(
        refused.output.contains("--force") && !refused.output.contains("eda_live_"),
        "{refused:?}"
    );

    let forced = run(world, &database, &["admin", "bootstrap", "--force", "--days", "1"]).expect(0);
    assert!(
        forced.output.contains("curl -H 'Authorization: Bearer eda_live_"),
        "{forced:?}"
    );
    run(world, &database, &["admin", "bootstrap", "--force", "--days", "367"]).refuses("1 to 366");

    // A revoked administrator is none.
    let database = world.empty_database();
    let only = run(world, &database, &["admin", "bootstrap", "--json"])
        .expect(0)
        .json();
    let id = only["token_id"].as_str().expect("an id");
    let kept = run(world, &database, &["token", "revoke", id]).expect(1);
    assert!(kept.output.contains("last usable administrator"), "{kept:?}");
    run(world, &database, &["admin", "bootstrap"]).expect(1);
    run(world, &database, &["token", "revoke", id, "--force"]).expect(0);
    run(world, &database, &["admin", "bootstrap"]).expect(0);
}

fn tokens_are_made_listed_and_ended(world: &World) {
    let database = world.database();
    let made = run(
        world,
        &database,
        &[
            "token",
            "create",
            "--name",
            "Reader",
            "--scopes",
            "mous:read,offices:read",
            "--days",
            "2",
            "--json",
        ],
    );
    let made = made.expect(0).json();
    let (id, secret) = (
        made["token_id"].as_str().expect("an id"),
        made["token"].as_str().expect("a secret"),
    );

    let listed = run(world, &database, &["token", "list", "--json"]).expect(0);
    assert!(!listed.output.contains(secret), "{listed:?}");
    let listed = listed.json();
    let [row] = &listed.as_array().expect("a list")[..] else {
        panic!("one token: {listed}");
    };
    let wanted = json!([
        id,
        "Reader",
        "active",
        null,
        null,
        &secret[secret.len() - 4..],
        ["offices:read", "mous:read"]
    ]);
    let got = json!([
        row["id"],
        row["name"],
        row["status"],
        row["office_id"],
        row["last_used_at"],
        row["last_four"],
        row["scopes"]
    ]);
    assert_eq!(got, wanted);
    let table = run(world, &database, &["token", "list"]).expect(0).output;
    for text in [id, "Reader", "active", "(registry)", "never"] {
        assert!(table.contains(text), "{text} is not in\n{table}");
    }

    let ended = run(
        world,
        &database,
        &["token", "revoke", secret, "--reason", "lost", "--json"],
    )
    .expect(0);
    let ended = ended.json();
    assert_eq!(
        json!([ended["revoked"], ended["ended"], ended["created"]]),
        json!([true, 1, []])
    );
    assert_eq!(ended["token"]["revoked_reason"], "lost");
    let again = run(world, &database, &["token", "revoke", id, "--json"]).expect(1);
    assert_eq!(again.json()["revoked"], false);
    let listed = run(world, &database, &["token", "list", "--json"]).expect(0).json();
    assert_eq!(listed[0]["status"], "revoked");
    run(world, &database, &["verify"]).expect(0);
}

fn what_cannot_be_is_refused(world: &World) {
    let database = world.database();
    let create = |more: &[&str]| {
        let mut arguments = vec!["token", "create", "--name", "x"];
        arguments.extend(more);
        run(world, &database, &arguments)
    };
    let unknown = create(&["--scopes", "offices:raed"]).expect(2);
    assert!(unknown.complaint.contains("offices:raed"), "{unknown:?}");
    assert!(unknown.complaint.contains("Did you mean offices:read?"), "{unknown:?}");
    let nowhere = create(&["--scopes", "offices:read", "--office", "off_00000000000000000000000000"]).expect(2);
    assert!(nowhere.complaint.contains("There is no record 'off_0"), "{nowhere:?}");
    for days in ["0", "367"] {
        let refused = create(&["--scopes", "offices:read", "--days", days]).expect(2);
        assert!(refused.complaint.contains("1 to 366"), "{refused:?}");
    }
    run(world, &database, &["token", "revoke", "tok_nothing"]).refuses("There is no record with this id");
    let usage = create(&[]).expect(2);
    assert!(usage.complaint.contains("--scopes"), "{usage:?}");
    run(world, &database, &["nonsense"]).expect(2);
    // Nothing of it left a client behind.
    let left = run(world, &database, &["token", "list", "--json"]).expect(0).json();
    assert_eq!(left, json!([]));
    let app = TestApp::start(&database, |_| ());
    let office = app.admin().create("/api/v1/offices", &make::office_body("One", "KR"));
    drop(app);
    let id = office["id"].as_str().expect("an id");
    let made = create(&["--scopes", "offices:read", "--office", id]).expect(0);
    assert!(made.output.contains("eda_live_"), "{made:?}");
    let table = run(world, &database, &["token", "list"]).expect(0).output;
    assert!(table.contains(id), "{table}");
}
