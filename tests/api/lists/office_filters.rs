//! The filters of offices, each with what it finds and what it must leave out.

use serde_json::{Value, json};

use crate::support::answers::{found, id, with_query};
use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        offices_are_found_by_what_they_are,
        offices_are_found_by_their_place_in_the_tree,
        offices_are_found_by_a_day_on_which_they_exist,
        tags_are_any_of_or_all_of,
        own_ids_of_a_caller_stand_for_ids_in_filters,
    ]
}

#[track_caller]
fn create(client: &Client, name: &str, members: Value) -> String {
    let mut body = make::office_body(name, "KR");
    for (member, value) in members.as_object().unwrap() {
        body[member] = value.clone();
    }
    id(&client.create(OFFICES, &body))
}

fn offices_are_found_by_what_they_are(app: &TestApp) {
    let admin = app.admin();
    create(
        &admin,
        "seoul",
        json!({ "subdivision": "KR-11", "identifiers": { "neis": "B10", "web": "a,b" } }),
    );
    create(
        &admin,
        "gyeonggi",
        json!({ "subdivision": "KR-41", "identifiers": { "neis": "J10" } }),
    );
    create(&admin, "med", json!({ "country": "MN", "kind": "government" }));
    create(&admin, "nowhere", json!({ "country": null, "kind": "ngo" }));
    let by = |parameters: &[(&str, &str)]| found(&admin, OFFICES, parameters);

    assert_eq!(by(&[("kind", "ngo")]), ["nowhere"]);
    assert_eq!(by(&[("kind", "ngo,government")]), ["med", "nowhere"]);
    assert_eq!(by(&[("kind", "ngo"), ("kind", "government")]), [""; 0]);
    assert_eq!(by(&[("country", "KR")]), ["gyeonggi", "seoul"]);
    assert_eq!(by(&[("country", "KR, MN")]), ["gyeonggi", "med", "seoul"]);
    assert_eq!(
        by(&[("country", "")]),
        ["gyeonggi", "med", "nowhere", "seoul"],
        "an empty value is none"
    );
    assert_eq!(by(&[("subdivision", "KR-11")]), ["seoul"]);
    assert_eq!(by(&[("subdivision", "KR-11,KR-41")]), ["gyeonggi", "seoul"]);
    assert_eq!(by(&[("identifier", "neis:B10")]), ["seoul"]);
    assert_eq!(by(&[("identifier", "neis:B10,neis:J10")]), ["gyeonggi", "seoul"]);
    assert_eq!(by(&[("identifier", "web:B10")]), [""; 0]);
    assert_eq!(
        by(&[
            ("country", "KR"),
            ("subdivision", "KR-41"),
            ("kind", "education_office")
        ]),
        ["gyeonggi"]
    );
}

fn offices_are_found_by_their_place_in_the_tree(app: &TestApp) {
    let admin = app.admin();
    let top = create(&admin, "top", json!({}));
    let bureau = create(&admin, "bureau", json!({ "parent_id": top, "owner_office_id": top }));
    let team = create(&admin, "team", json!({ "parent_id": bureau, "owner_office_id": top }));
    let other = create(&admin, "other", json!({}));
    let by = |parameters: &[(&str, &str)]| found(&admin, OFFICES, parameters);

    assert_eq!(by(&[("parent", &top)]), ["bureau"]);
    assert_eq!(by(&[("within", &top)]), ["bureau", "team", "top"]);
    assert_eq!(by(&[("within", &team)]), ["team"]);
    assert_eq!(by(&[("owner", &top)]), ["bureau", "team", "top"]);
    assert_eq!(
        by(&[("owner", &format!("{top},{other}"))]),
        ["bureau", "other", "team", "top"]
    );
    assert_eq!(by(&[("within", &top), ("within", &bureau)]), ["bureau", "team"]);

    // The tree of today: a moved office takes all below it along.
    let any = admin.header("if-match", "*");
    any.patch(&format!("{OFFICES}/{bureau}"), &json!({ "parent_id": other }))
        .expect(200);
    assert_eq!(by(&[("within", &top)]), ["top"]);
    assert_eq!(by(&[("within", &other)]), ["bureau", "other", "team"]);
    let cycle = any
        .patch(&format!("{OFFICES}/{other}"), &json!({ "parent_id": team }))
        .expect(422);
    assert_eq!(cycle.json()["errors"][0]["pointer"], "/parent_id");
    // A deleted unit leaves the tree, and a tree with a deleted unit can be moved.
    any.delete(&format!("{OFFICES}/{team}")).expect(204);
    assert_eq!(by(&[("within", &other)]), ["bureau", "other"]);
    any.patch(&format!("{OFFICES}/{bureau}"), &json!({ "parent_id": top }))
        .expect(200);
    assert_eq!(by(&[("within", &top)]), ["bureau", "top"]);
}

fn offices_are_found_by_a_day_on_which_they_exist(app: &TestApp) {
    let admin = app.admin();
    for (name, valid) in [
        ("always known", json!({ "from": "2000", "to": "2010" })),
        ("month", json!({ "from": "2005-05", "to": "2005-06" })),
        ("open", json!({ "from": "2005-06-15", "open": true })),
        ("end unknown", json!({ "from": "2001-01-01" })),
        ("begin unknown", json!({ "to": "2005-06-20" })),
        ("not stated", Value::Null),
    ] {
        create(&admin, name, json!({ "valid": valid }));
    }
    let on = |day: &str, certain: bool| {
        let mode = if certain { "certain" } else { "possible" };
        found(&admin, OFFICES, &[("valid_on", day), ("date_match", mode)])
    };
    assert_eq!(
        on("2005-06-15", false),
        [
            "always known",
            "begin unknown",
            "end unknown",
            "month",
            "not stated",
            "open"
        ]
    );
    assert_eq!(on("2005-06-01", true), ["always known", "month"]);
    assert_eq!(
        on("2005-06-15", true),
        ["always known", "open"],
        "`month` may have ended on its first day"
    );
    assert_eq!(on("2000-06-01", false), ["always known", "begin unknown", "not stated"]);
    assert_eq!(on("2000-06-01", true), [""; 0], "it may have begun later in 2000");
    assert_eq!(
        on("2010-12-31", false),
        ["always known", "end unknown", "not stated", "open"]
    );
    assert_eq!(on("2010-12-31", true), ["open"]);
    assert_eq!(
        on("2005-06-21", false),
        ["always known", "end unknown", "month", "not stated", "open"]
    );
}

fn tags_are_any_of_or_all_of(app: &TestApp) {
    let admin = app.admin();
    create(&admin, "both", json!({ "tags": ["교육", "ai"] }));
    create(&admin, "one", json!({ "tags": ["ai"] }));
    create(&admin, "none", json!({}));
    let by = |parameters: &[(&str, &str)]| found(&admin, OFFICES, parameters);
    assert_eq!(by(&[("tag", "ai")]), ["both", "one"]);
    assert_eq!(by(&[("tag", "교육,nothing")]), ["both"]);
    assert_eq!(by(&[("tag", "교육,ai")]), ["both", "one"]);
    assert_eq!(by(&[("tag", "교육"), ("tag", "ai")]), ["both"]);
    assert_eq!(by(&[("tag", "nothing"), ("tag", "ai")]), [""; 0]);
}

/// Nobody can store own ids over HTTP yet, so the import of the command line does it for the registry.
fn own_ids_of_a_caller_stand_for_ids_in_filters(app: &TestApp) {
    use diesel::{ExpressionMethods, RunQueryDsl};
    use eduaccord::db::schema::external_ids;

    let admin = app.admin();
    let top = create(&admin, "top", json!({}));
    create(&admin, "unit", json!({ "parent_id": top }));
    let stored = top.clone();
    app.database()
        .write_blocking(move |transaction| {
            diesel::insert_into(external_ids::table)
                .values((
                    external_ids::office_id.eq(""),
                    external_ids::system.eq("erp"),
                    external_ids::kind.eq("office"),
                    external_ids::external_key.eq("a:1"),
                    external_ids::record_id.eq(stored),
                    external_ids::created_at.eq("2026-01-01T00:00:00.000000Z"),
                ))
                .execute(transaction.conn)?;
            Ok(())
        })
        .unwrap();
    assert_eq!(found(&admin, OFFICES, &[("parent", "ext:erp:a:1")]), ["unit"]);
    assert_eq!(
        found(&admin, OFFICES, &[("within", &format!("ext:erp:a:1,{top}"))]),
        ["top", "unit"]
    );
    assert_eq!(
        admin.get(&format!("{OFFICES}/ext:erp:a:1")).expect(200).json()["id"],
        top.as_str()
    );
    // A key that stands for nothing is no empty list, and the key of one office is none of another's.
    let unknown = with_query(OFFICES, &[("parent", "ext:erp:b")]);
    let problem = admin.get(&unknown).expect(400).problem("invalid-parameter");
    assert_eq!(problem["errors"][0]["code"], "unknown-reference");
    let office = app.client_for(&top, &["offices:read"]);
    office
        .get(&with_query(OFFICES, &[("parent", "ext:erp:a:1")]))
        .expect(400);
    office.get(&format!("{OFFICES}/ext:erp:a:1")).expect(404);
}
