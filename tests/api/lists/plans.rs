//! The plans that the databases choose for pages: an index in the order of the list, never a whole table and a sort.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use eduaccord::auth::Caller;
use eduaccord::auth::access::Audience;
use eduaccord::clock;
use eduaccord::db::connection::Purpose;
use eduaccord::db::{Conn, DatabaseUrl, migrate};
use eduaccord::documents::kind::Kind;
use eduaccord::error::Result;
use eduaccord::list::cursor::Position;
use eduaccord::list::spec::Sort;
use eduaccord::list::{Filters, ListSpec, Page, PageRequest};
use eduaccord::mous::Mous;
use eduaccord::offices::Offices;
use eduaccord::policies::Policies;
use eduaccord::programs::Programs;

use super::plan_rows::fill;
use crate::support::backend::TestDatabase;
use crate::support::{Case, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![no_page_reads_a_whole_table]
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
pub(crate) fn plan(conn: &mut Conn, statement: &str) -> Vec<String> {
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

fn literal(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("ARRAY[{}]::text[]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// A statement as diesel prints it, with its values in their places.
pub(crate) fn with_values(printed: &str) -> String {
    let (statement, values) = printed.rsplit_once(" -- binds: ").expect("a statement with values");
    // Values that may be missing are printed as `Some("…")`.
    let mut values = values.replace("Some(\"", "\"").replace("\")", "\"");
    // Narrowest first: the name of one audience begins with that of another.
    for audience in [
        Audience::OwnerAndUnits,
        Audience::Owner,
        Audience::Partners,
        Audience::Everyone,
    ] {
        values = values.replace(&format!("{audience:?}"), &format!("\"{}\"", audience.as_str()));
    }
    let values: Vec<serde_json::Value> = serde_json::from_str(&values).expect("values that are texts and numbers");
    let mut values = values.iter().map(literal);
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
pub(crate) fn wrong(plan: &[String]) -> Option<&String> {
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
        "announced_on" => "announced_key_",
        "starts_on" => "starts_key_",
        other => other,
    };
    (line.contains("Index Cond:") || line.starts_with("SEARCH")) && line.contains(column) && line.contains(['<', '>'])
}

/// A list: its name, what it can be asked for, and how it is read.
pub(super) struct List {
    pub(super) name: &'static str,
    pub(super) spec: &'static ListSpec,
    select: fn(&mut Conn, &PageRequest<'_>) -> Result<Page>,
}

fn list<K: Kind>() -> List {
    List {
        name: K::PLURAL,
        spec: K::LIST,
        select: K::select_page,
    }
}

/// All lists.
pub(super) fn lists() -> [List; 4] {
    [
        list::<Offices>(),
        list::<Mous>(),
        list::<Policies>(),
        list::<Programs>(),
    ]
}

/// What one page is asked for.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    /// For whom; none for a registry administrator.
    pub(super) office: Option<&'a str>,
    pub(super) filters: Filters,
    pub(super) certain_dates: bool,
    pub(super) sort: &'static str,
    pub(super) descending: bool,
    /// After a row in the middle.
    pub(super) after: bool,
}

/// A database with rows whose statements are listened to.
pub(super) struct Listening {
    conn: Conn,
    statements: Arc<Mutex<Vec<String>>>,
    _database: TestDatabase,
}

impl Listening {
    pub(super) fn to(world: &World) -> Listening {
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
        Listening {
            conn,
            statements,
            _database: database,
        }
    }

    /// Makes PostgreSQL take an index where there is one. A table of a few thousand rows lies in memory, and to read it
    /// whole costs so little that a scan may win; whether the index is there is what counts when it has grown.
    pub(super) fn prefer_indexes(&mut self) {
        if matches!(self.conn, Conn::Postgres(_)) {
            let settings = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET random_page_cost = 1.1";
            self.conn.batch_execute(settings).unwrap();
        }
    }

    /// Reads one page as the service does: how many rows it has, and its plan.
    pub(super) fn read(&mut self, list: &List, asked: &Asked<'_>) -> (usize, Vec<String>) {
        self.statements.lock().unwrap().clear();
        let rows = select(&mut self.conn, list, asked);
        let printed = self.statements.lock().unwrap().last().cloned().expect("one statement");
        (rows, plan(&mut self.conn, &with_values(&printed)))
    }
}

fn no_page_reads_a_whole_table(world: &World) {
    let mut database = Listening::to(world);
    let mut failures = Vec::new();
    for office in [None, Some("off_100007")] {
        for after in [false, true] {
            for descending in [false, true] {
                for list in lists() {
                    for sort in list.spec.sort_names() {
                        let asked = Asked {
                            office,
                            sort,
                            descending,
                            after,
                            ..Asked::default()
                        };
                        let (rows, plan) = database.read(&list, &asked);
                        assert_eq!(rows, 51, "{} by {sort}", list.name);
                        let starts_there = plan.iter().any(|line| begins_at_cursor(line, sort));
                        let missing = (after && !starts_there).then(|| "it does not start at the cursor".to_owned());
                        if let Some(line) = wrong(&plan).cloned().or(missing) {
                            failures.push(format!("{} {asked:?}: {line}\n  {}", list.name, plan.join("\n  ")));
                        }
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn select(conn: &mut Conn, list: &List, asked: &Asked<'_>) -> usize {
    let caller = Caller {
        office_id: asked.office.map(str::to_owned),
        ..Caller::command_line(clock::now())
    };
    // Somewhere in the middle.
    let key = match asked.sort {
        "name" => "name 2000",
        "title" => "title 2000",
        "created_at" => "2026-01-01T102000",
        "updated_at" => "2026-01-02T198000",
        _ => "2020-3000",
    };
    let position = asked.after.then(|| Position::new("", key, "off_102000", false));
    let request = PageRequest {
        caller: &caller,
        filters: &asked.filters,
        certain_dates: asked.certain_dates,
        sort: &Sort {
            key: asked.sort,
            descending: asked.descending,
        },
        position: position.as_ref(),
        rows: 51,
    };
    (list.select)(conn, &request).unwrap().len()
}
