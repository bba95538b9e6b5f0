//! The plans that the databases choose for pages: an index in the order of the list, never a whole table and a sort.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use eduaccord::auth::Caller;
use eduaccord::auth::scope::ScopeSet;
use eduaccord::clock;
use eduaccord::db::connection::Purpose;
use eduaccord::db::{Conn, DatabaseUrl, migrate};
use eduaccord::documents::kind::Kind;
use eduaccord::list::cursor::Position;
use eduaccord::list::spec::Sort;
use eduaccord::list::{Filters, PageRequest};
use eduaccord::mous::Mous;
use eduaccord::offices::Offices;

use crate::support::{Case, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![no_page_reads_a_whole_table]
}

/// Rows of each kind: enough that a database with statistics does not think a scan cheaper.
const ROWS: usize = 4_000;

/// Inserts offices and memoranda without the service, which would take too long.
fn fill(conn: &mut Conn) {
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) INSERT INTO"
    );
    for (kind, prefix) in [("office", "off"), ("mou", "mou")] {
        let id = format!("'{prefix}_' || (100000 + n)");
        conn.batch_execute(&format!(
            "{numbers} records (id, kind, version, owner_office_id, audience, created_at, updated_at, document) \
             SELECT {id}, '{kind}', 1, 'off_' || (100001 + n % 100), \
             CASE n % 4 WHEN 0 THEN 'partners' WHEN 1 THEN 'owner_and_units' ELSE 'everyone' END, \
             '2026-01-01T' || (100000 + n), '2026-01-02T' || (200000 - n), '{{}}' FROM numbers"
        ))
        .unwrap();
        conn.batch_execute(&format!(
            "{numbers} search_text (record_id, folded) SELECT {id}, 'text ' || n FROM numbers"
        ))
        .unwrap();
    }
    for statement in [
        "office_index (id, name_key, kind, valid_open) \
         SELECT 'off_' || (100000 + n), 'name ' || (n * 7919 % 4001), 'school', 'false' FROM numbers",
        "office_ancestors (office_id, ancestor_id, depth) \
         SELECT 'off_' || (100000 + n), 'off_' || (100000 + n), 0 FROM numbers",
        "mou_index (id, title_key, kind, stage, signed_key_ascending, signed_key_descending, effective_open) \
         SELECT 'mou_' || (100000 + n), 'title ' || (n * 7919 % 4001), 'mou', 'recorded', \
         '2020-' || (1000 + n), '2020-' || (1000 + n), 'false' FROM numbers",
        "record_links (record_id, relation, target_id, role) \
         SELECT 'mou_' || (100000 + n), 'parties', 'off_' || (100001 + n * 31 % 4000), '' FROM numbers",
    ] {
        conn.batch_execute(&format!("{numbers} {statement}")).unwrap();
    }
}

/// A line of a plan.
#[derive(QueryableByName)]
struct PostgresLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[derive(QueryableByName)]
struct SqliteLine {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The plan of a statement, a line each.
fn plan(conn: &mut Conn, statement: &str) -> Vec<String> {
    match conn {
        Conn::Sqlite(conn) => diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
            .load::<SqliteLine>(conn)
            .unwrap()
            .into_iter()
            .map(|line| line.detail)
            .collect(),
        Conn::Postgres(conn) => diesel::sql_query(format!("EXPLAIN {statement}"))
            .load::<PostgresLine>(conn)
            .unwrap()
            .into_iter()
            .map(|line| line.line)
            .collect(),
    }
}

/// A statement as diesel prints it, with its values in their places.
fn with_values(printed: &str) -> String {
    let (statement, values) = printed.rsplit_once(" -- binds: ").expect("a statement with values");
    let values: Vec<serde_json::Value> = serde_json::from_str(values).expect("values that are texts and numbers");
    let mut values = values.into_iter().map(|value| match value {
        serde_json::Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    });
    let mut whole = String::new();
    let mut characters = statement.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '?' || character == '$' {
            while characters.next_if(char::is_ascii_digit).is_some() {}
            whole.push_str(&values.next().expect("a value for each place"));
        } else {
            whole.push(character);
        }
    }
    whole
}

/// What is wrong with a plan: a table read as a whole, or a sort of more than a page.
fn wrong(plan: &[String]) -> Option<&String> {
    plan.iter().find(|line| {
        let reads_all = line.contains("Seq Scan on") && !line.contains("office_ancestors");
        let scans = line.starts_with("SCAN") && !line.contains("USING") && !line.contains("office_ancestors");
        let sorts = line.contains("TEMP B-TREE FOR ORDER BY")
            || line.trim_start().trim_start_matches("->").trim().starts_with("Sort  ");
        reads_all || scans || sorts
    })
}

/// Does this line say that the index is entered where the cursor stands?
fn begins_at_cursor(line: &str, sort: &str) -> bool {
    let column = match sort {
        "name" => "name_key",
        "title" => "title_key",
        "signed_on" => "signed_key_",
        other => other,
    };
    (line.contains("Index Cond:") || line.starts_with("SEARCH")) && line.contains(column) && line.contains(['<', '>'])
}

fn no_page_reads_a_whole_table(world: &World) {
    let database = world.empty_database();
    migrate::run(&database.url).unwrap();
    let url = DatabaseUrl::parse(&database.url).unwrap();
    let mut conn = url.connect(Purpose::Write).unwrap();
    fill(&mut conn);
    if matches!(conn, Conn::Postgres(_)) {
        // As autovacuum does by itself.
        conn.batch_execute("ANALYZE").unwrap();
    }
    let statements = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            sink.lock().unwrap().push(query.to_string());
        }
    });
    let mut failures = Vec::new();
    for office in [None, Some("off_100007")] {
        for after in [false, true] {
            for descending in [false, true] {
                for (what, sort) in [
                    ("offices", "name"),
                    ("offices", "created_at"),
                    ("offices", "updated_at"),
                    ("mous", "title"),
                    ("mous", "signed_on"),
                    ("mous", "created_at"),
                    ("mous", "updated_at"),
                ] {
                    statements.lock().unwrap().clear();
                    let rows = select(&mut conn, what, office, sort, descending, after);
                    assert_eq!(rows, 51, "{what} by {sort}");
                    let printed = statements.lock().unwrap().last().cloned().expect("one statement");
                    let plan = plan(&mut conn, &with_values(&printed));
                    let starts_there = plan.iter().any(|line| begins_at_cursor(line, sort));
                    let missing = (after && !starts_there).then(|| "it does not start at the cursor".to_owned());
                    if let Some(line) = wrong(&plan).cloned().or(missing) {
                        let plan = plan.join("\n  ");
                        failures.push(format!(
                            "{what} by {sort}, descending {descending}, after a cursor {after}, {office:?}: {line}\n  {plan}"
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Reads one page as the service does; how many rows it has.
fn select(
    conn: &mut Conn,
    what: &str,
    office: Option<&str>,
    sort: &'static str,
    descending: bool,
    after: bool,
) -> usize {
    let caller = Caller {
        client_id: "cli".to_owned(),
        client_name: "of this test".to_owned(),
        token_id: None,
        office_id: office.map(str::to_owned),
        scopes: ScopeSet::all(),
        expires_at: clock::now() + chrono::TimeDelta::days(1),
    };
    // Somewhere in the middle.
    let key = match sort {
        "name" => "name 2000",
        "title" => "title 2000",
        "created_at" => "2026-01-01T102000",
        "updated_at" => "2026-01-02T198000",
        _ => "2020-3000",
    };
    let position = after.then(|| Position::new("", key, "off_102000", false));
    let request = PageRequest {
        caller: &caller,
        filters: &Filters::default(),
        certain_dates: false,
        sort: &Sort { key: sort, descending },
        position: position.as_ref(),
        rows: 51,
    };
    let page = match what {
        "offices" => Offices::select_page(conn, &request),
        _ => Mous::select_page(conn, &request),
    };
    page.unwrap().len()
}
