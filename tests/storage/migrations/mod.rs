//! The schema: the same on both databases and as `src/db/schema.rs` has it, taken down and put up again, and put up by
//! several processes at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use eduaccord::db::DatabaseUrl;
use eduaccord::db::opening::{self, Levels};

use crate::support::look::Look;
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        both_databases_have_the_same_tables,
        the_queries_know_the_tables_as_they_are,
        both_folders_have_the_same_migrations,
        what_is_taken_down_comes_up_again,
        several_processes_migrate_at_once,
        a_new_registry_is_seen_complete_or_not_at_all,
        a_newer_schema_is_refused,
    ]
}

/// Tables that belong to the migrations themselves.
const KEPT_BY_MIGRATIONS: &[&str] = &["__diesel_schema_migrations", "migration_lock"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tables(look: &mut Look) -> Vec<String> {
    let mut tables = look.tables();
    tables.retain(|table| !KEPT_BY_MIGRATIONS.contains(&table.as_str()));
    tables
}

/// `table.column TYPE null?`, in the words of `schema.rs`.
fn columns(look: &mut Look) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for table in tables(look) {
        let query = if look.is_sqlite() {
            format!(
                "SELECT name || ' ' || upper(type) || CASE WHEN \"notnull\" = 1 THEN '' ELSE ' null' END AS text
                 FROM pragma_table_info('{table}')"
            )
        } else {
            format!(
                "SELECT column_name || ' ' || upper(data_type) || CASE WHEN is_nullable = 'NO' THEN '' ELSE ' null' END
                 AS text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            )
        };
        found.extend(look.texts(&query).into_iter().map(|column| format!("{table}.{column}")));
    }
    found
}

/// `table(column, column) unique`, also those that keep the primary key.
fn indexes(look: &mut Look) -> BTreeSet<String> {
    let query = if look.is_sqlite() {
        "SELECT m.name || '(' || (SELECT group_concat(name, ', ') FROM (
             SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
             || CASE WHEN i.\"unique\" = 1 THEN ' unique' ELSE '' END AS text
         FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table'"
    } else {
        "SELECT CAST(t.relname AS text) || '(' || (
             SELECT string_agg(CAST(a.attname AS text), ', ' ORDER BY k.place)
             FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')'
             || CASE WHEN i.indisunique THEN ' unique' ELSE '' END AS text
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'"
    };
    let mut found: BTreeSet<String> = look.texts(query).into_iter().collect();
    found.retain(|index| !KEPT_BY_MIGRATIONS.iter().any(|table| index.starts_with(table)));
    // SQLite needs no index for a primary key of one whole number, which is the row's own.
    found.retain(|index| !index.ends_with("(seq) unique") && !index.ends_with("registry_state(id) unique"));
    found
}

/// Compared with a fresh SQLite file, so on PostgreSQL this is the comparison of both.
fn both_databases_have_the_same_tables(world: &World) {
    let database = world.database();
    let mut look = Look::at(&database.url);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("a.db").display());
    eduaccord::db::migrate::run(&url).expect("migrations");
    let mut other = Look::at(&url);
    assert_eq!(columns(&mut look), columns(&mut other));
    assert_eq!(indexes(&mut look), indexes(&mut other));
    assert!(indexes(&mut look).len() > tables(&mut look).len());

    // It can turn red.
    look.execute("CREATE INDEX extra ON records (kind, version); ALTER TABLE tokens ADD COLUMN extra TEXT");
    assert_ne!(columns(&mut look), columns(&mut other));
    assert_ne!(indexes(&mut look), indexes(&mut other));
}

/// The columns as `schema.rs` declares them.
fn declared() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("src/db/schema.rs")).expect("schema.rs");
    let mut table = String::new();
    let mut found = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name.to_owned();
        } else if !line.contains("joinable!")
            && let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ")
        {
            let (inner, null) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), " null"),
                None => (kind, ""),
            };
            let sql_type = if inner == "Bool" {
                "BOOLEAN".to_owned()
            } else {
                inner.to_uppercase()
            };
            found.insert(format!("{table}.{column} {sql_type}{null}"));
        }
    }
    found
}

fn the_queries_know_the_tables_as_they_are(world: &World) {
    let database = world.database();
    assert_eq!(columns(&mut Look::at(&database.url)), declared());
}

fn migrations(backend: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("migrations").join(backend)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn both_folders_have_the_same_migrations() {
    let names = |backend| -> Vec<_> {
        migrations(backend)
            .iter()
            .map(|path| path.file_name().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

fn what_is_taken_down_comes_up_again(world: &World) {
    let database = world.database();
    let mut look = Look::at(&database.url);
    let before = (columns(&mut look), indexes(&mut look));
    let backend = if look.is_sqlite() { "sqlite" } else { "postgres" };
    for migration in migrations(backend).iter().rev() {
        let statements = std::fs::read_to_string(migration.join("down.sql")).expect("a way down");
        look.execute(&statements);
    }
    assert_eq!(tables(&mut look), Vec::<String>::new());
    look.execute("DELETE FROM __diesel_schema_migrations");
    eduaccord::db::migrate::run(&database.url).expect("it comes up again");
    assert_eq!((columns(&mut look), indexes(&mut look)), before);
    // Where all is done there is nothing to do.
    eduaccord::db::migrate::run(&database.url).expect("it stays up");
}

fn several_processes_migrate_at_once(world: &World) {
    let database = world.empty_database();
    let start = || -> Child {
        world
            .command(&database, &["import", ".", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    };
    let running: Vec<Child> = (0..4).map(|_| start()).collect();
    for process in running {
        let ended = process.wait_with_output().expect("it ends");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        assert!(String::from_utf8_lossy(&ended.stdout).contains("\"created\": 0"));
    }
    let mut look = Look::at(&database.url);
    assert_eq!(columns(&mut look), declared());
    let applied = look.number("SELECT count(*) AS number FROM __diesel_schema_migrations");
    assert_eq!(usize::try_from(applied).ok(), Some(migrations("sqlite").len()));
}

/// A program that looks while another begins the registry finds none or all of it, never a schema without its level.
fn a_new_registry_is_seen_complete_or_not_at_all(world: &World) {
    for _ in 0..5 {
        let database = world.empty_database();
        let url = DatabaseUrl::parse(&database.url).expect("a URL");
        let levels = Levels {
            derivation: 7,
            writer: 9,
        };
        std::thread::scope(|scope| {
            let beginning = scope.spawn(|| opening::upgrade(&url, levels));
            let mut looks = 0;
            while let Err(error) = opening::require(&url, levels) {
                assert!(
                    error.detail().in_english().contains("there is no Eduaccord database"),
                    "{error}"
                );
                looks += 1;
                assert!(looks < 100_000, "it is never begun");
            }
            beginning.join().expect("no panic").expect("a registry");
        });
    }
}

fn a_newer_schema_is_refused(world: &World) {
    let database = world.database();
    Look::at(&database.url).execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");
    let ended = world
        .command(&database, &["verify"])
        .output()
        .expect("the program starts");
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{complaint}");
    assert!(
        complaint.contains("29990101000000") && complaint.contains("newer build"),
        "{complaint}"
    );
}
