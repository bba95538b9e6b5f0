//! The plans that the databases choose for pages of the log: by an index in the order of the chain.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use eduaccord::audit_events::list::AUDIT_EVENTS;
use eduaccord::audit_events::store::select_events;
use eduaccord::auth::{Caller, Reading};
use eduaccord::clock;
use eduaccord::db::connection::Purpose;
use eduaccord::db::{Conn, DatabaseUrl, migrate};
use eduaccord::http::Query;
use eduaccord::list::cursor::Position;
use eduaccord::list::read_plain_list_request;

use crate::api::lists::plans::{plan, with_values, wrong};
use crate::support::{Case, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![no_page_reads_or_sorts_the_whole_log]
}

const ROWS: i64 = 20_000;

/// Twenty thousand rows: a hundred clients, tokens, offices, addresses and operations; every tenth row refused, every
/// fifth shows a record.
fn fill(conn: &mut Conn) {
    let numbers =
        format!("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})");
    let statements = format!(
        "{numbers} INSERT INTO audit (seq, at, client_id, token_id, office_id, operation, target_id, outcome, value_hash,
             request_id, previous_hash, hash, address, code)
         SELECT n, '2026-01-01T' || (100000 + n), 'cli_' || (n % 100), 'tok_' || (n % 100), 'off_' || (n % 100),
             'operation' || (n % 100), 'mou_' || (n % 1000), CASE WHEN n % 10 = 0 THEN 'refused' ELSE 'done' END, '',
             'req', 'hash', 'hash', '10.0.0.' || (n % 100), CASE WHEN n % 10 = 0 THEN 'code' || (n % 7) END
         FROM numbers;
         {numbers} INSERT INTO audit_records SELECT n, 'mou_' || (n % 500) FROM numbers WHERE n % 5 = 0;
         INSERT INTO office_ancestors VALUES ('off_7', 'off_7', 0);"
    );
    conn.batch_execute(&statements).unwrap();
    if matches!(conn, Conn::Postgres(_)) {
        // As autovacuum does by itself; and as with more rows, where to read all is never the cheapest.
        conn.batch_execute("ANALYZE; SET enable_seqscan = off; SET random_page_cost = 1.1")
            .unwrap();
    } else {
        conn.batch_execute("ANALYZE").unwrap();
    }
}

/// The requests: one filter each, in terms of the rows above.
const QUERIES: &[&str] = &[
    "",
    "sort=at",
    "client=cli",
    "token=tok_00000000000000000000000000",
    "address=10.0.0.7",
    "office=off_00000000000000000000000000",
    "record=mou_00000000000000000000000000",
    "operation=operation7",
    "outcome=refused",
    "outcome=done",
    "code=not-found",
    "from=2026-01-01T00:00:00Z",
    "to=2027-01-01T00:00:00Z",
];

fn no_page_reads_or_sorts_the_whole_log(world: &World) {
    let database = world.empty_database();
    migrate::run(&database.url).unwrap();
    let mut conn = DatabaseUrl::parse(&database.url)
        .unwrap()
        .connect(Purpose::Write)
        .unwrap();
    fill(&mut conn);
    let statements = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            sink.lock().unwrap().push(query.to_string());
        }
    });
    let mut failures = Vec::new();
    for office in [None, Some("off_7")] {
        for query in QUERIES {
            for after in [false, true] {
                let mut request = read_plain_list_request(&Query::parse(query), &AUDIT_EVENTS).unwrap();
                request.position = after.then(|| Position::new("", "10000", "10000", false));
                let caller = Caller {
                    office_id: office.map(str::to_owned),
                    ..Caller::command_line(clock::now())
                };
                let mut reading = Reading {
                    conn: &mut conn,
                    caller: &caller,
                    request_audit: None,
                };
                statements.lock().unwrap().clear();
                if request.filters.has_any(&["office"]) {
                    let rows_of = vec![vec!["off_7".to_owned()]];
                    request.filters.0.insert("office", rows_of);
                }
                select_events(&mut reading, &request, 51).unwrap();
                let asked = std::mem::take(&mut *statements.lock().unwrap());
                assert!(!asked.is_empty());
                for statement in asked {
                    let plan = plan(&mut conn, &with_values(&statement));
                    // What an office may see is found by several offices and records; those rows are sorted.
                    let is_wrong = match office {
                        None => wrong(&plan).cloned(),
                        Some(_) => plan.iter().find(|line| reads_log(line)).cloned(),
                    };
                    if let Some(line) = is_wrong {
                        failures.push(format!("{office:?} {query} {after}: {line}\n  {}", plan.join("\n  ")));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Does this line read all of the log?
fn reads_log(line: &str) -> bool {
    line.contains("Seq Scan on audit") || line.starts_with("SCAN audit") && !line.contains("USING")
}
