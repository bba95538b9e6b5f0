//! While rows are behind: what would be answered wrongly waits, everything else goes on.

use serde_json::json;

use super::{Registry, SET_BACK, assert_told, listed, told};
use crate::support::look::Look;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::program::run;
use crate::support::stored::assert_clean;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_rests_on_rows_of_others_waits,
        rows_are_made_again_while_served,
        a_database_from_before_is_upgraded,
    ]
}

fn what_rests_on_rows_of_others_waits(world: &World) {
    let database = world.database();
    let registry = Registry::fill(&TestApp::start(&database, |_| ()).admin());
    Look::at(&database.url).execute(SET_BACK);
    let app = TestApp::start(&database, |settings| settings.reindexes = false);
    let admin = app.admin();
    let one = format!("{OFFICES}/{}", registry.one);
    let mou = format!("{MOUS}/{}", registry.mou);
    let waiting = [
        OFFICES.to_owned(),
        "/api/v1/policies".to_owned(),
        "/api/v1/programs".to_owned(),
        format!("{MOUS}?q=exchange&include_total=true"),
        format!("{MOUS}?purpose=teacher_exchange"),
        format!("{mou}?expand=parties"),
        "/api/v1/changes".to_owned(),
        "/readyz".to_owned(),
    ];
    for path in &waiting {
        let reply = admin.get(path).expect(503);
        assert_eq!(reply.header("retry-after"), Some("5"), "{path}");
        reply.problem("reindexing");
    }
    let unused = make::office_body("Unused", "KR");
    let unused = format!(
        "{OFFICES}/{}",
        admin.create(OFFICES, &unused)["id"].as_str().expect("an id")
    );
    admin
        .header("if-match", "*")
        .delete(&unused)
        .expect(503)
        .problem("reindexing");
    for path in [
        &one,
        &mou,
        &format!("{mou}/revisions"),
        "/api/v1/audit-events",
        "/api/v1/clients",
        "/healthz",
    ] {
        admin.get(path).expect(200);
    }
    admin
        .header("if-match", "*")
        .patch(&one, &json!({"city": "Seoul"}))
        .expect(200);

    // None of it is damage: it is told as what it is. Beside the service all of it can be made up.
    let report = run(world, &database, &["verify", "--json"]).expect(0).json();
    assert_eq!((&report["not_reindexed"], &report["damage"]), (&json!(4), &json!([])));
    let shown = run(world, &database, &["verify"]).expect(0).output;
    assert!(shown.contains("4 records are not yet reindexed"), "{shown}");
    let check = run(world, &database, &["reindex", "--check", "--json"])
        .expect(0)
        .json();
    assert_eq!((&check["records"], &check["older"]), (&json!(5), &json!(4)));
    let done = run(world, &database, &["reindex", "--json"]).expect(0).json();
    assert_eq!((&done["records"], &done["changed"]), (&json!(4), &json!(0)));
    for path in &waiting {
        admin.get(path).expect(200);
    }
    admin.header("if-match", "*").delete(&unused).expect(204);
    admin
        .header("if-match", "*")
        .delete(&one)
        .expect(409)
        .problem("referenced");
    assert_clean(app.database());
}

/// Rows that a newer derivation would give are not there, as after an upgrade.
fn rows_are_made_again_while_served(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let registry = Registry::fill(&app.admin());
    drop(app);
    let mut look = Look::at(&database.url);
    let before = told(&mut look);
    look.execute(SET_BACK);
    look.execute("DELETE FROM record_codes; DELETE FROM record_links");
    let app = TestApp::start(&database, |_| ());
    app.wait_until_ready();
    let admin = app.admin();
    assert_eq!(
        listed(&admin, &format!("{MOUS}?purpose=teacher_exchange")),
        [registry.mou.as_str()]
    );
    let partner = app.client_for(&registry.other, &["mous:read"]);
    assert_eq!(
        listed(&partner, &format!("{MOUS}?party={}", registry.one)),
        [registry.mou]
    );
    let after = told(&mut look);
    assert_eq!(after, (before.0, before.1, 1));
    assert_told(&admin, 4, "service");
    assert_clean(app.database());
    drop(app);
    // Where nothing is behind nothing is done, and nothing told.
    drop(TestApp::start(&database, |_| ()));
    assert_eq!(told(&mut look), after);
}

/// Without the columns that this upgrade brings.
fn a_database_from_before_is_upgraded(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let registry = Registry::fill(&app.admin());
    drop(app);
    let mut look = Look::at(&database.url);
    look.take_down("2026-11-26-000008_derivations");
    look.execute("DELETE FROM record_codes");
    for arguments in [&["verify"][..], &["reindex", "--check"][..], &["client", "list"][..]] {
        run(world, &database, arguments).refuses("is older than this program");
    }
    let done = run(world, &database, &["reindex", "--json"]).expect(0).json();
    assert_eq!(
        (&done["derivation"], &done["records"], &done["changed"]),
        (&json!(2), &json!(4), &json!(1))
    );
    run(world, &database, &["verify"]).expect(0);
    let app = TestApp::start(&database, |_| ());
    assert_eq!(
        listed(&app.admin(), &format!("{MOUS}?purpose=teacher_exchange")),
        [registry.mou]
    );
    assert_clean(app.database());
}
