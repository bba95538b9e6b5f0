//! The rule of who sees a record stands twice, as SQL and as `Standing`: on random data both say the same.

use std::collections::BTreeSet;

use diesel::{QueryDsl, RunQueryDsl};
use eduaccord::auth::Caller;
use eduaccord::auth::access::{Audience, SightRow};
use eduaccord::clock;
use eduaccord::db::schema::records;
use serde_json::json;

use crate::support::answers::id;
use crate::support::parties::any;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![sql_and_standing_agree_on_random_records]
}

/// A small generator of numbers, so that a failure comes again (Knuth's constants).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn sql_and_standing_agree_on_random_records(app: &TestApp) {
    let admin = app.admin();
    let mut random = Random(20_261_122);
    let mut offices: Vec<String> = Vec::new();
    for number in 0..10 {
        let mut body = make::office_body(&format!("Office {number}"), "KR");
        body["visibility"] = json!(["public", "partners", "private"][random.below(3)]);
        if random.below(3) > 0 && !offices.is_empty() {
            body["parent_id"] = json!(offices[random.below(offices.len())]);
        }
        if random.below(4) == 0 && !offices.is_empty() {
            body["owner_office_id"] = json!(offices[random.below(offices.len())]);
        }
        offices.push(id(&admin.create(OFFICES, &body)));
    }
    let mut mous = Vec::new();
    for number in 0..60 {
        let mut body = make::mou_body(&format!("MOU {number}"), &[]);
        for _ in 0..2 + random.below(2) {
            body["parties"][&offices[random.below(offices.len())]] = json!({ "roles": ["signatory"] });
        }
        body["owner_office_id"] = json!(offices[random.below(offices.len())]);
        body["visibility"] = json!(["public", "partners", "private"][random.below(3)]);
        body["stage"] = json!(["draft", "recorded", "recorded"][random.below(3)]);
        // Some have one signatory only, or an office and its unit: those are refused.
        let reply = admin.post(MOUS, &body);
        if reply.status == 201 {
            mous.push(id(&reply.json()));
        }
    }
    assert!(mous.len() > 30, "{} memoranda are too few", mous.len());
    for mou in mous.iter().step_by(7) {
        any(&admin).delete(&format!("{MOUS}/{mou}")).expect(204);
    }
    let lonely = id(&admin.create(
        OFFICES,
        &json!({
            "names": { "en": "Deleted" }, "kind": "school", "visibility": "private", "parent_id": offices[0],
        }),
    ));
    any(&admin).delete(&format!("{OFFICES}/{lonely}")).expect(204);
    offices.push(lonely);
    // Some offices turn out to be others, one of these another still.
    let mut merged = 0;
    for (one, other) in [(9, 2), (6, 2), (2, 8), (4, 5)] {
        let body = json!({"action": "merge_into", "survivor_id": offices[other], "reason": "Twins."});
        let reply = any(&admin).post(&format!("{OFFICES}/{}/actions", offices[one]), &body);
        merged += usize::from(reply.status == 200);
    }
    assert!(merged > 1, "{merged} merges are too few");
    let mut seen_by_some = 0;
    for office in &offices {
        let seen = compare(app, office);
        seen_by_some += usize::from(seen > 0);
    }
    assert_eq!(seen_by_some, offices.len());
}

/// How many records this office sees, by both rules; fails the test where they differ.
fn compare(app: &TestApp, office: &str) -> usize {
    let caller = Caller {
        office_id: Some(office.to_owned()),
        ..Caller::command_line(clock::now())
    };
    app.database()
        .read_blocking(|conn| {
            let by_sql: Vec<String> = records::table
                .filter(eduaccord::visible_to!(office))
                .select(records::id)
                .load(conn)?;
            let all: Vec<(String, String, Audience)> = records::table
                .select((records::id, records::owner_office_id, records::audience))
                .load(conn)?;
            let rows: Vec<SightRow<'_>> = all
                .iter()
                .map(|(id, owner_office_id, audience)| SightRow {
                    id,
                    owner_office_id,
                    audience: *audience,
                })
                .collect();
            let standings = caller.viewer().standing_many(conn, &rows)?;
            let by_standing: BTreeSet<String> = rows
                .iter()
                .zip(standings)
                .filter(|(row, standing)| standing.sees(row.audience))
                .map(|(row, _)| row.id.to_owned())
                .collect();
            let by_sql: BTreeSet<String> = by_sql.into_iter().collect();
            assert_eq!(by_sql, by_standing, "what {office} sees");
            Ok(by_sql.len())
        })
        .unwrap()
}
