//! A thousand random ways to tamper with the log, each of which `verify` finds; and the one that nothing in a database
//! can find, which is why the hash of the last row is told to keep elsewhere.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use eduaccord::app::open_database;
use eduaccord::audit::chain::{AuditRow, hash_row};
use eduaccord::audit::usage::write_hourly_summaries;
use eduaccord::clock;
use eduaccord::db::schema::{audit, audit_records, registry_state};
use eduaccord::db::{Conn, Database};
use eduaccord::settings::Settings;
use eduaccord::verify::{Report, verify_audit_log};
use serde_json::json;

use crate::support::backend::TestDatabase;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::random::Random;
use crate::support::stored::{assert_clean, connect, report_of, run};
use crate::support::{Case, TestApp, World, cases, sample};

pub(super) fn cases() -> Vec<Case> {
    cases![
        every_random_tampering_is_found,
        a_log_made_anew_is_told_by_its_last_hash_alone,
        a_version_that_is_gone_with_all_its_rows_is_found,
    ]
}

/// How many there are in an exhaustive run.
const TAMPERINGS: usize = 1_000;

/// A log with some hundred rows of every outcome, folded ones and told hours among them. The service has stopped.
fn fill(kept: &TestDatabase) -> Conn {
    let app = TestApp::start(kept, |_| ());
    let parties = Parties::new(&app);
    let mous: Vec<String> = (0..20)
        .map(|number| {
            let visibility = ["partners", "private", "public"][number % 3];
            parties.mou(&format!("MOU {number}"), visibility, "recorded")
        })
        .collect();
    let clients = [
        &parties.a.client,
        &parties.unit.client,
        &parties.b.client,
        &parties.c.client,
    ];
    for (number, client) in clients.into_iter().enumerate() {
        for mou in &mous {
            client.get(&format!("{MOUS}/{mou}"));
            client.get(&format!("{MOUS}/{mou}"));
        }
        client.get(MOUS).expect(200);
        client.get("/api/v1/changes").expect(200);
        let city = json!({"city": format!("City {number}")});
        any(client).patch(&format!("{OFFICES}/{}", parties.a.id), &city);
    }
    drop(app);
    let database = open_database(&Settings::for_tests(kept.url.clone())).unwrap();
    let later = clock::now() + chrono::TimeDelta::hours(2);
    database
        .write_blocking(move |transaction| write_hourly_summaries(transaction, later))
        .unwrap();
    assert_clean(&database);
    let mut conn = connect(&database);
    run(&mut conn, free_of_foreign_keys(&database));
    conn
}

/// Who tampers does not keep to foreign keys either.
fn free_of_foreign_keys(database: &Database) -> &'static str {
    match database.url().backend() {
        "sqlite" => "PRAGMA foreign_keys = OFF",
        _ => "SET session_replication_role = replica",
    }
}

fn load(conn: &mut Conn) -> Vec<AuditRow> {
    let query = audit::table.order(audit::seq.asc()).select(AuditRow::as_select());
    query.load(conn).unwrap()
}

fn put(conn: &mut Conn, row: &AuditRow) {
    diesel::delete(audit::table.find(row.seq)).execute(conn).unwrap();
    diesel::insert_into(audit::table).values(row).execute(conn).unwrap();
}

/// Changes one column; which.
fn alter(row: &mut AuditRow, random: &mut Random) -> &'static str {
    let other = |value: &mut Option<String>, random: &mut Random| {
        *value = match value.take() {
            None => Some(["", "x", "2026-01-01"][random.below(3)].to_owned()),
            Some(text) => [None, Some(String::new()), Some(format!("{text}x"))]
                [if text.is_empty() { 2 } else { random.below(3) }]
            .clone(),
        };
    };
    let text = |value: &mut String| value.push('x');
    match random.below(17) {
        0 => (text(&mut row.at), "at").1,
        1 => (text(&mut row.client_id), "client_id").1,
        2 => (other(&mut row.token_id, random), "token_id").1,
        3 => (other(&mut row.office_id, random), "office_id").1,
        4 => (text(&mut row.operation), "operation").1,
        5 => (other(&mut row.target_id, random), "target_id").1,
        6 => {
            row.version = row
                .version
                .map_or(Some(0), |version| random.toss().then_some(version + 1));
            "version"
        }
        7 => (text(&mut row.outcome), "outcome").1,
        8 => (text(&mut row.value_hash), "value_hash").1,
        9 => (text(&mut row.request_id), "request_id").1,
        10 => (text(&mut row.previous_hash), "previous_hash").1,
        11 => (other(&mut row.address, random), "address").1,
        12 => (other(&mut row.code, random), "code").1,
        13 => {
            row.occurrences = row
                .occurrences
                .map_or(Some(1), |count| random.toss().then_some(count + 1));
            "occurrences"
        }
        14 => (other(&mut row.disclosed, random), "disclosed").1,
        15 => (other(&mut row.period, random), "period").1,
        _ => (text(&mut row.hash), "hash").1,
    }
}

/// Tampers in one way; what was done.
fn tamper(conn: &mut Conn, rows: &[AuditRow], random: &mut Random) -> String {
    let at = random.below(rows.len());
    let mut row = rows[at].clone();
    let last = rows.last().unwrap();
    match random.below(13) {
        0..=3 => {
            let column = alter(&mut row, random);
            let again = column != "hash" && random.toss();
            if again {
                row.hash = hash_row(&row);
            }
            put(conn, &row);
            format!("{column} of row {} altered, its hash made anew: {again}", row.seq)
        }
        4 => {
            let count = 1 + random.below(3);
            let (from, to) = (row.seq, row.seq + i64::try_from(count).unwrap());
            run(conn, &format!("DELETE FROM audit WHERE seq >= {from} AND seq < {to}"));
            format!("rows from {from} to {to} deleted")
        }
        5 => {
            let mut other = rows[(at + 1 + random.below(rows.len() - 1)) % rows.len()].clone();
            std::mem::swap(&mut row.seq, &mut other.seq);
            let again = random.toss();
            for row in [&mut row, &mut other] {
                if again {
                    row.hash = hash_row(row);
                }
                put(conn, row);
            }
            format!(
                "rows {} and {} swapped, their hashes made anew: {again}",
                other.seq, row.seq
            )
        }
        6 => {
            let from = last.seq - i64::try_from(random.below(20)).unwrap();
            run(conn, &format!("DELETE FROM audit WHERE seq >= {from}"));
            format!("cut off at row {from}")
        }
        7 | 8 => {
            // One more at the end, or in the place of another; linked to the row before it, or as it was.
            let linked = random.toss();
            let place = if random.toss() {
                rows.len()
            } else {
                1 + random.below(rows.len() - 1)
            };
            row.seq = rows[place - 1].seq + 1;
            row.client_id = "cli_forged".to_owned();
            if linked {
                row.previous_hash = rows[place - 1].hash.clone();
                row.hash = hash_row(&row);
            }
            put(conn, &row);
            format!("row {} forged, linked: {linked}", row.seq)
        }
        9 => {
            let other = &rows[at];
            let statement = match random.below(if other.seq == last.seq { 2 } else { 4 }) {
                0 => "audit_seq = audit_seq + 1".to_owned(),
                1 => "audit_hash = audit_hash || '0'".to_owned(),
                2 => format!("audit_hash = '{}'", other.hash),
                _ => format!("audit_seq = {}, audit_hash = '{}'", other.seq, other.hash),
            };
            run(conn, &format!("UPDATE registry_state SET {statement}"));
            statement
        }
        10 => tamper_with_names(conn, row.seq, random),
        11 => tamper_with_accounts(conn, random),
        _ => tamper_with_hours(conn, random),
    }
}

fn tamper_with_names(conn: &mut Conn, seq: i64, random: &mut Random) -> String {
    let named: Vec<(i64, String)> = audit_records::table
        .select((audit_records::seq, audit_records::record_id))
        .load(conn)
        .unwrap();
    let (of, record) = &named[random.below(named.len())];
    let one = format!("seq = {of} AND record_id = '{record}'");
    let statement = match random.below(4) {
        0 => format!("DELETE FROM audit_records WHERE {one}"),
        1 => format!("UPDATE audit_records SET record_id = 'mou_x' WHERE {one}"),
        2 => format!("UPDATE audit_records SET seq = 1000000 WHERE {one}"),
        _ => format!("INSERT INTO audit_records VALUES ({seq}, 'mou_x')"),
    };
    run(conn, &statement);
    statement
}

/// Edits a client or a token, makes one, or takes one away.
fn tamper_with_accounts(conn: &mut Conn, random: &mut Random) -> String {
    let (table, columns) = match random.toss() {
        true => ("clients", ["scopes", "networks", "name"]),
        false => ("tokens", ["expires_at", "secret_hash", "client_id"]),
    };
    let one = format!(
        "WHERE id = (SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET {})",
        random.below(4)
    );
    let column = columns[random.below(3)];
    let statement = match random.below(6) {
        0 => format!("DELETE FROM {table} {one}"),
        1 => format!("UPDATE {table} SET id = id || 'x' {one}"),
        2 => format!("UPDATE {table} SET version = version + 1 {one}"),
        _ => format!("UPDATE {table} SET {column} = {column} || 'x' {one}"),
    };
    run(conn, &statement);
    statement
}

fn tamper_with_hours(conn: &mut Conn, random: &mut Random) -> String {
    let told = "(token_id, operation, hour) IN (SELECT token_id, operation, hour FROM token_usage WHERE audited > 0 ORDER BY 1, 2, 3 LIMIT 1 OFFSET";
    let one = format!("WHERE {told} {})", random.below(5));
    let statement = match random.below(5) {
        0 => format!("DELETE FROM token_usage {one}"),
        1 => format!("UPDATE token_usage SET audited = audited - 1 {one}"),
        2 => format!("UPDATE token_usage SET audited = audited + 1 {one}"),
        3 => format!("UPDATE token_usage SET reads = audited - 1 {one}"),
        _ => format!("UPDATE token_usage SET operation = operation || 'x' {one}"),
    };
    run(conn, &statement);
    statement
}

#[track_caller]
fn verify(conn: &mut Conn) -> Report {
    verify_audit_log(conn).expect("the log can be read")
}

fn every_random_tampering_is_found(world: &World) {
    let kept = world.database();
    let mut conn = fill(&kept);
    let rows = load(&mut conn);
    assert!(rows.len() > 150, "{} rows", rows.len());
    for outcome in ["done", "refused", "read"] {
        let count = rows.iter().filter(|row| row.outcome == outcome).count();
        assert!(count > 10, "{count} rows {outcome}");
    }
    let mut random = Random(sample::seed());
    let mut unseen = Vec::new();
    for _ in 0..sample::rounds(TAMPERINGS) {
        run(&mut conn, "BEGIN");
        let what = tamper(&mut conn, &rows, &mut random);
        if verify(&mut conn).damage.is_empty() {
            unseen.push(what);
        }
        run(&mut conn, "ROLLBACK");
    }
    assert!(unseen.is_empty(), "verify does not see:\n{}", unseen.join("\n"));
    assert_eq!(verify(&mut conn).damage, []);
}

fn a_log_made_anew_is_told_by_its_last_hash_alone(world: &World) {
    let kept = world.database();
    let mut conn = fill(&kept);
    let kept_elsewhere = verify(&mut conn).audit_head;
    let mut rows = load(&mut conn);
    let from = rows.len() / 2;
    rows[from].client_id = "cli_innocent".to_owned();
    for at in from..rows.len() {
        if at > from {
            rows[at].previous_hash = rows[at - 1].hash.clone();
        }
        rows[at].hash = hash_row(&rows[at]);
        put(&mut conn, &rows[at]);
    }
    diesel::update(registry_state::table)
        .set(registry_state::audit_hash.eq(&rows.last().unwrap().hash))
        .execute(&mut conn)
        .unwrap();
    let report = verify(&mut conn);
    assert_eq!(report.damage, []);
    assert_ne!(report.audit_head, kept_elsewhere);
    assert_eq!(report.audit_head, rows.last().unwrap().hash);
}

/// All that a change of a record writes, but for the log and the state.
const WRITTEN: &[&str] = &[
    "records",
    "revisions",
    "changes",
    "change_losses",
    "record_links",
    "sight_spans",
    "record_tags",
    "record_codes",
    "record_keys",
    "search_text",
    "office_index",
    "office_ancestors",
    "mou_index",
];

fn a_version_that_is_gone_with_all_its_rows_is_found(app: &TestApp) {
    let parties = Parties::new(app);
    let mut conn = connect(app.database());
    run(&mut conn, free_of_foreign_keys(app.database()));
    let office = &parties.a.id;
    let change_office = || {
        any(&parties.registry)
            .patch(&format!("{OFFICES}/{office}"), &json!({"city": "Busan"}))
            .expect(200);
    };
    let found = || -> Vec<(String, String)> {
        let damage = report_of(app.database()).damage.into_iter();
        damage.map(|damage| (damage.place, damage.detail)).collect()
    };
    let mut wanted = Vec::new();
    for what in ["a whole record", "the newest version"] {
        for table in WRITTEN {
            run(
                &mut conn,
                &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"),
            );
        }
        let (record, version) = if what == "a whole record" {
            (parties.mou("Last", "partners", "recorded"), 1)
        } else {
            change_office();
            (office.clone(), 2)
        };
        assert_eq!(found(), wanted);
        run(&mut conn, "BEGIN");
        for table in WRITTEN {
            let put_back = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}");
            run(&mut conn, &put_back);
        }
        run(&mut conn, "UPDATE registry_state SET change_seq = change_seq - 1");
        run(&mut conn, "COMMIT");
        wanted.push((
            record,
            format!("the audit log tells of version {version}, which is not there"),
        ));
        assert_eq!(found(), wanted, "{what}");
        for table in WRITTEN {
            run(&mut conn, &format!("DROP TABLE kept_{table}"));
        }
    }
    // Another version with the number of the one that is gone does not stand for it.
    change_office();
    assert_eq!(found(), wanted);
}
