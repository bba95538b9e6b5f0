//! A database that is not there, or not as this program needs it: commands say so and leave everything as it is.

use std::path::Path;

use crate::support::backend::TestDatabase;
use crate::support::look::Look;
use crate::support::program::{Ended, run};
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        commands_on_no_database_create_none,
        an_empty_file_is_no_database,
        commands_that_may_create_a_database_do,
        an_older_database_is_not_upgraded_by_the_way,
    ]
}

/// Every command that works on a database and is not meant to make one.
const NEED_A_DATABASE: &[&[&str]] = &[
    &["verify"],
    &["verify", "--json"],
    &["client", "list"],
    &["token", "list"],
    &["token", "show", "tok_00000000000000000000000000"],
    &["keys", "list"],
    &["keys", "rotate"],
    &["client", "create", "--name", "x", "--role", "viewer"],
    &["client", "suspend", "cli_00000000000000000000000000"],
    &["client", "resume", "cli_00000000000000000000000000"],
    &["client", "set-networks", "cli_00000000000000000000000000", "10.0.0.0/8"],
    &["token", "create", "--name", "x", "--role", "viewer"],
    &["token", "rotate", "tok_00000000000000000000000000"],
    &["token", "revoke", "tok_00000000000000000000000000"],
];

/// The files beside an SQLite database, or the tables of a PostgreSQL one.
fn contents(database: &TestDatabase) -> Vec<String> {
    let Some(path) = database.url.strip_prefix("sqlite://") else {
        return Look::at(&database.url).tables();
    };
    let folder = Path::new(path).parent().expect("a folder");
    std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

/// The command could not run, and the one line says what to do.
#[track_caller]
fn refuses_missing(ended: Ended, arguments: &[&str]) {
    let shown = format!("{arguments:?}: {ended:?}");
    assert!(ended.output.is_empty(), "{shown}");
    assert!(
        ended.complaint.contains("DATABASE_URL") && ended.complaint.contains("eduaccord serve"),
        "{shown}"
    );
    ended.refuses("there is no Eduaccord database");
}

fn commands_on_no_database_create_none(world: &World) {
    let database = world.empty_database();
    for arguments in NEED_A_DATABASE {
        refuses_missing(run(world, &database, arguments), arguments);
        assert_eq!(contents(&database), Vec::<String>::new(), "{arguments:?}");
    }
}

/// What a misspelt redirection leaves: a file without a table. PostgreSQL: tables of somebody else.
fn an_empty_file_is_no_database(world: &World) {
    let database = world.empty_database();
    if let Some(path) = database.url.strip_prefix("sqlite://") {
        std::fs::write(path, "").expect("an empty file");
    }
    let mut look = Look::at(&database.url);
    look.execute("CREATE TABLE others (id INTEGER)");
    for arguments in [&["verify"][..], &["token", "list"][..]] {
        refuses_missing(run(world, &database, arguments), arguments);
        assert_eq!(look.tables(), ["others"]);
    }
}

fn commands_that_may_create_a_database_do(world: &World) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    for arguments in [
        &["admin", "bootstrap"][..],
        &["import", path][..],
        &[
            "generate",
            "--offices",
            "45",
            "--mous",
            "1",
            "--programs",
            "1",
            "--policies",
            "1",
        ][..],
    ] {
        let database = world.empty_database();
        run(world, &database, arguments).expect(0);
        run(world, &database, &["verify"]).expect(0);
    }
}

/// As a program that comes with one more migration finds it.
fn an_older_database_is_not_upgraded_by_the_way(world: &World) {
    let database = world.database();
    let mut look = Look::at(&database.url);
    let newest = look.texts("SELECT max(version) AS text FROM __diesel_schema_migrations");
    look.execute(&format!(
        "DELETE FROM __diesel_schema_migrations WHERE version = '{}'",
        newest[0]
    ));
    let before = look.row_counts();
    let more: &[&[&str]] = &[&["admin", "bootstrap"], &["import", "."], &["generate"]];
    for arguments in NEED_A_DATABASE.iter().chain(more) {
        let ended = run(world, &database, arguments);
        assert!(
            ended.complaint.contains("backup") && ended.complaint.contains("eduaccord serve"),
            "{arguments:?}: {ended:?}"
        );
        ended.refuses("older");
        assert_eq!(look.row_counts(), before, "{arguments:?}");
    }
}
