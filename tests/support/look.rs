//! A look into a database beside the service: its tables, and what stands in them.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};
use eduaccord::db::DatabaseUrl;
use eduaccord::db::connection::{Conn, Purpose};

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A connection of the test's own.
pub(crate) struct Look {
    conn: Conn,
}

impl Look {
    /// At the database with this URL.
    pub(crate) fn at(url: &str) -> Look {
        let url = DatabaseUrl::parse(url).expect("the URL of a test database");
        Look::into(&url)
    }

    /// At the database of a service.
    pub(crate) fn into(url: &DatabaseUrl) -> Look {
        Look {
            conn: url.connect(Purpose::Write).expect("the database answers"),
        }
    }

    /// Whether it is SQLite.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.conn, Conn::Sqlite(_))
    }

    /// The rows of a query with one column `text`.
    pub(crate) fn texts(&mut self, query: &str) -> Vec<String> {
        let rows: Vec<Words> = diesel::sql_query(query)
            .load(&mut self.conn)
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }

    /// The result of a query with one row and one column `number`.
    pub(crate) fn number(&mut self, query: &str) -> i64 {
        let row: Number = diesel::sql_query(query)
            .get_result(&mut self.conn)
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        row.number
    }

    /// Runs statements.
    pub(crate) fn execute(&mut self, statements: &str) {
        self.conn
            .batch_execute(statements)
            .unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// Takes a migration down, named by its folder, as if the program had never had it.
    pub(crate) fn take_down(&mut self, migration: &str) {
        let backend = if self.is_sqlite() { "sqlite" } else { "postgres" };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
        let down = std::fs::read_to_string(folder.join(migration).join("down.sql"));
        self.execute(&down.expect("the way down"));
        let name = migration.split('_').next().unwrap_or_default();
        let version = name.replace('-', "");
        self.execute(&format!(
            "DELETE FROM __diesel_schema_migrations WHERE version = '{version}'"
        ));
    }

    /// All tables, by name; taken from the database itself.
    pub(crate) fn tables(&mut self) -> Vec<String> {
        let query = if self.is_sqlite() {
            "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        } else {
            "SELECT CAST(table_name AS text) COLLATE \"C\" AS text FROM information_schema.tables
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        };
        self.texts(query)
    }

    /// The columns of a table.
    pub(crate) fn columns(&mut self, table: &str) -> Vec<String> {
        let query = if self.is_sqlite() {
            format!("SELECT name AS text FROM pragma_table_info('{table}')")
        } else {
            format!(
                "SELECT CAST(column_name AS text) AS text FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            )
        };
        self.texts(&query)
    }

    /// All that stands in all tables, but for the columns of which `is_left_out` says so: each row as one text.
    pub(crate) fn contents(&mut self, is_left_out: impl Fn(&str, &str) -> bool) -> BTreeMap<String, Vec<String>> {
        let mut contents = BTreeMap::new();
        for table in self.tables() {
            let mut columns = self.columns(&table);
            columns.retain(|column| !is_left_out(&table, column));
            if !columns.is_empty() {
                let cells = columns
                    .iter()
                    .map(|column| format!("COALESCE(CAST({column} AS text), '-')"));
                let row = cells.collect::<Vec<_>>().join(" || ' | ' || ");
                let mut rows = self.texts(&format!("SELECT {row} AS text FROM {table}"));
                rows.sort();
                contents.insert(table, rows);
            }
        }
        contents
    }

    /// How many rows each table has.
    pub(crate) fn row_counts(&mut self) -> BTreeMap<String, i64> {
        self.tables()
            .into_iter()
            .map(|table| {
                let count = self.number(&format!("SELECT count(*) AS number FROM {table}"));
                (table, count)
            })
            .collect()
    }
}
