//! Rows are made again: by a change of the record, by `reindex`, and where two records collide.

use std::cell::Cell;
use std::collections::BTreeMap;

use eduaccord::app::{KINDS, blueprint};
use eduaccord::auth::Actor;
use eduaccord::reindex::{Control, Scope, Summary, reindex};
use serde_json::json;

use super::{Registry, SET_BACK, assert_told, listed, told};
use crate::support::look::Look;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::program::run;
use crate::support::stored::{assert_clean, report_of};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_change_brings_older_rows_up_to_date,
        a_change_of_current_rows_reads_no_rows,
        reindex_repairs_what_was_damaged,
        reindex_goes_on_where_it_was_ended,
        the_older_of_two_records_keeps_a_value,
        a_value_lost_to_another_hinders_no_change,
        a_record_that_cannot_be_read_stops_nothing,
    ]
}

fn a_change_brings_older_rows_up_to_date(app: &TestApp) {
    let admin = app.admin();
    let registry = Registry::fill(&admin);
    let list = format!("{MOUS}?purpose=teacher_exchange&tag=new");
    let path = format!("{MOUS}/{}", registry.mou);
    let damages = [
        "DELETE FROM record_codes",
        "DELETE FROM mou_index",
        "DELETE FROM search_text",
        "DELETE FROM record_links",
        "UPDATE mou_index SET title_key = 'wrong'",
        "INSERT INTO record_codes (record_id, name, code) SELECT id, 'purposes', 'wrong' FROM records WHERE kind = 'mou'",
    ];
    for (number, damage) in damages.iter().enumerate() {
        let mut look = Look::into(app.database().url());
        look.execute(damage);
        look.execute("UPDATE records SET derivation = 1 WHERE kind = 'mou'");
        let patch = json!({"tags": ["new", format!("t{number}")]});
        admin.header("if-match", "*").patch(&path, &patch).expect(200);
        assert_eq!(listed(&admin, &list), [registry.mou.as_str()], "{damage}");
        let differences = app.database().read_blocking(|conn| {
            let contracts = &blueprint()?.contracts;
            let entry = KINDS.iter().find(|entry| entry.name == "mou").expect("a kind");
            (entry.check_rows)(conn, contracts.by_name("mou")?, &registry.mou)
        });
        assert_eq!(
            differences.expect("the database answers"),
            Vec::<String>::new(),
            "{damage}"
        );
        // The offices' own rows are not those of the MOU; only `reindex` repairs them.
        reindex_all(app);
        assert_clean(app.database());
    }
}

/// Today's rows are those that the old document gives: no statement is spent on reading them.
fn a_change_of_current_rows_reads_no_rows(app: &TestApp) {
    let admin = app.admin();
    let registry = Registry::fill(&admin);
    let mut look = Look::into(app.database().url());
    look.execute("DELETE FROM record_codes");
    let path = format!("{MOUS}/{}", registry.mou);
    admin
        .header("if-match", "*")
        .patch(&path, &json!({"tags": ["new"]}))
        .expect(200);
    assert_eq!(look.number("SELECT count(*) AS number FROM record_codes"), 0);
}

fn reindex_all(app: &TestApp) -> Summary {
    run_in(app, Scope::All, 100, &|| false).expect("it was not ended")
}

pub(super) fn run_in(app: &TestApp, scope: Scope, batch: i64, is_ending: &dyn Fn() -> bool) -> Option<Summary> {
    let control = Control {
        progress: &|done, total| assert!(done <= total, "{done} of {total}"),
        tell: &|_| (),
        is_ending,
        batch,
        actor: Actor::command_line(),
    };
    let contracts = &blueprint().expect("the blueprint of this build").contracts;
    reindex(app.database(), KINDS, contracts, scope, &control).expect("the database answers")
}

/// The number of rows of every table but that which the running service keeps of its requests.
fn counts_of(look: &mut Look) -> BTreeMap<String, i64> {
    let mut counts = look.row_counts();
    counts.remove("token_usage");
    counts
}

fn reindex_repairs_what_was_damaged(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |_| ());
    let registry = Registry::fill(&app.admin());
    let mut look = Look::at(&database.url);
    look.execute("DELETE FROM record_codes");
    look.execute("UPDATE office_index SET country = 'JP'");
    look.execute(&format!(
        "DELETE FROM search_text WHERE record_id = '{}'",
        registry.other
    ));
    look.execute("DELETE FROM record_keys");
    let (before, counts) = (told(&mut look), counts_of(&mut look));

    let found = run(world, &database, &["reindex", "--check", "--json"])
        .expect(1)
        .json();
    assert_eq!((&found["records"], &found["older"]), (&json!(4), &json!(0)));
    let differences = found["differences"].as_array().expect("differences");
    for id in [&registry.one, &registry.other, &registry.mou] {
        assert!(differences.iter().any(|one| one["record_id"] == json!(id)), "{found:#}");
    }
    let shown = run(world, &database, &["reindex", "--check"]).expect(1).output;
    assert!(
        shown.contains(&registry.mou) && shown.contains("differences"),
        "{shown}"
    );
    // Rows of today's derivation are left alone unless all are asked for.
    let nothing = run(world, &database, &["reindex", "--json"]).expect(0).json();
    assert_eq!((&nothing["records"], &nothing["changed"]), (&json!(0), &json!(0)));
    assert_eq!((told(&mut look), counts_of(&mut look)), (before, counts));

    let done = run(world, &database, &["reindex", "--all", "--json"]).expect(0).json();
    assert_eq!((&done["records"], &done["changed"]), (&json!(4), &json!(3)));
    assert_eq!(
        told(&mut look),
        (before.0, before.1, 1),
        "one row tells of it, no version does"
    );
    let table = run(world, &database, &["reindex", "--check"]).expect(0).output;
    assert!(table.contains("differences"), "{table}");
    assert!(
        run(world, &database, &["reindex"])
            .expect(0)
            .output
            .contains("derivation")
    );
    assert_clean(app.database());
    let admin = app.admin();
    assert_eq!(
        listed(&admin, &format!("{MOUS}?purpose=teacher_exchange")),
        [registry.mou.as_str()]
    );
    assert_eq!(
        listed(&admin, &format!("{OFFICES}?country=KR")),
        [registry.one.as_str()]
    );
    assert_told(&admin, 4, "cli");
    let both = run(world, &database, &["reindex", "--all", "--check"]).expect(2);
    assert!(both.complaint.contains("cannot be used with"), "{both:?}");
}

fn reindex_goes_on_where_it_was_ended(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| settings.reindexes = false);
    Registry::fill(&app.admin());
    let mut look = Look::at(&database.url);
    look.execute(&SET_BACK.replace(", writer_level = 1", ""));
    let behind = |look: &mut Look| look.number("SELECT count(*) AS number FROM records WHERE derivation < 2");
    let state = |look: &mut Look| look.number("SELECT CAST(derivation AS BIGINT) AS number FROM registry_state");
    let batches = Cell::new(0);
    let after_one = || {
        batches.set(batches.get() + 1);
        batches.get() > 1
    };
    assert_eq!(run_in(&app, Scope::Older, 3, &after_one), None);
    assert_eq!((behind(&mut look), state(&mut look), told(&mut look).2), (1, 1, 0));
    let rest = run_in(&app, Scope::Older, 3, &|| false).expect("it was not ended");
    assert_eq!((rest.records, rest.changed), (1, 0));
    assert_eq!((behind(&mut look), state(&mut look), told(&mut look).2), (0, 2, 1));
    assert_clean(app.database());
}

/// Both offices have the identifier, as under a normal form that makes two of them equal.
fn collide(app: &TestApp) -> (String, String) {
    let admin = app.admin();
    let mut body = make::office_body("Older", "KR");
    body["identifiers"] = json!({"own": "same"});
    let older = admin.create(OFFICES, &body)["id"].as_str().expect("an id").to_owned();
    Look::into(app.database().url()).execute("DELETE FROM record_keys");
    body["names"] = json!({"en": "Younger"});
    let younger = admin.create(OFFICES, &body)["id"].as_str().expect("an id").to_owned();
    (older, younger)
}

/// The records that have their unique values, and the warnings about others.
fn holders(app: &TestApp) -> (Vec<String>, Vec<(String, String)>) {
    let holders = Look::into(app.database().url()).texts("SELECT record_id AS text FROM record_keys");
    let contracts = &eduaccord::app::blueprint()
        .expect("the blueprint of this build")
        .contracts;
    let warnings = eduaccord::verify::check_rules(app.database(), KINDS, contracts)
        .expect("the database answers")
        .into_iter()
        .map(|warning| {
            assert_eq!(warning.code, "not-unique");
            (warning.record_id, warning.pointer)
        })
        .collect();
    (holders, warnings)
}

fn the_older_of_two_records_keeps_a_value(app: &TestApp) {
    let (older, younger) = collide(app);
    let pointer = "/identifiers/own".to_owned();
    assert_eq!(
        holders(app),
        (vec![younger.clone()], vec![(older.clone(), pointer.clone())])
    );
    let done = reindex_all(app);
    let noted: Vec<&String> = done.notes.iter().map(|note| &note.record_id).collect();
    assert_eq!(noted, [&younger], "{done:?}");
    let settled = (vec![older.clone()], vec![(younger.clone(), pointer)]);
    assert_eq!(holders(app), settled);
    assert_clean(app.database());
    reindex_all(app);
    assert_eq!(holders(app), settled, "it stays settled");

    // Changes of either touch only what is theirs.
    let admin = app.admin();
    let change = |id: &str, patch: serde_json::Value| {
        let path = format!("{OFFICES}/{id}");
        admin.header("if-match", "*").patch(&path, &patch).expect(200);
    };
    change(&younger, json!({"city": "Ulaanbaatar"}));
    assert_eq!(holders(app), settled);
    change(&younger, json!({"identifiers": {"own": "another"}}));
    let (mut now, warnings) = holders(app);
    now.sort();
    assert_eq!((now, warnings), (vec![older, younger], Vec::new()));
    assert_clean(app.database());
}

fn a_value_lost_to_another_hinders_no_change(app: &TestApp) {
    let (older, younger) = collide(app);
    let mut look = Look::into(app.database().url());
    look.execute(&format!("UPDATE record_keys SET record_id = '{older}'"));
    look.execute("UPDATE records SET derivation = 1");
    let admin = app.admin();
    let path = format!("{OFFICES}/{younger}");
    let patch = json!({"city": "Darkhan", "identifiers": {"more": "2"}});
    admin.header("if-match", "*").patch(&path, &patch).expect(200);
    let taken = json!({"identifiers": {"third": "x"}});
    admin.header("if-match", "*").patch(&path, &taken).expect(200);
    let found = listed(&admin, &format!("{OFFICES}?identifier=own:same"));
    assert_eq!(found, [older.as_str()]);
    admin.header("if-match", "*").delete(&path).expect(204);
    assert_eq!(holders(app).0, [older]);
}

/// One damaged record must not close the lists of all.
fn a_record_that_cannot_be_read_stops_nothing(app: &TestApp) {
    let registry = Registry::fill(&app.admin());
    let mut look = Look::into(app.database().url());
    look.execute(&format!(
        "UPDATE records SET document = 'x' WHERE id = '{}'; UPDATE records SET kind = 'other' WHERE id = '{}';
         UPDATE revisions SET audience = 'x' WHERE record_id = '{}'",
        registry.one, registry.other, registry.mou
    ));
    look.execute(&SET_BACK.replace(", writer_level = 1", ""));
    let done = run_in(app, Scope::Older, 100, &|| false).expect("it was not ended");
    let noted: Vec<&String> = done.notes.iter().map(|note| &note.record_id).collect();
    assert_eq!(
        (done.records, noted),
        (4, vec![&registry.one, &registry.other]),
        "{done:?}"
    );
    let behind = look.number("SELECT count(*) AS number FROM records WHERE derivation < 2");
    let reached = look.number("SELECT CAST(derivation AS BIGINT) AS number FROM registry_state");
    assert_eq!((behind, reached), (0, 2));
    let damage = report_of(app.database()).damage;
    for id in [&registry.one, &registry.other, &registry.mou] {
        assert!(damage.iter().any(|one| one.place == *id), "{damage:?}");
    }
}
