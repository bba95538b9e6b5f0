//! One connection to either database. This file and its neighbours in `db/` are the only ones that know which.
//!
//! [`Conn`] runs the same diesel queries on both (`#[derive(MultiConnection)]`). Its own `establish` tries one
//! database after the other and hides the first error, so it is never called: [`DatabaseUrl`] chooses by scheme.

#![expect(
    missing_docs,
    clippy::disallowed_methods,
    reason = "the derive of `Conn` writes undocumented items and calls `establish`, as nothing else may but the two functions below"
)]

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError, RunQueryDsl};
use std::fmt;
use std::fs::{OpenOptions, Permissions};
use std::net::IpAddr;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A connection to SQLite or PostgreSQL.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server, or one that speaks its protocol.
    Postgres(PgConnection),
}

/// Where the registry lives.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A libpq URL.
    Postgres(String),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading only.
    Read,
    /// The writer, migrations.
    Write,
}

/// SQLite before 3.51.3 can lose a WAL that two connections reset at the same instant.
const OLDEST_SAFE_SQLITE: i32 = 3_051_003;

/// How long an SQLite connection waits for a lock that another holds.
const LOCK_WAIT: Duration = Duration::from_secs(5);

impl DatabaseUrl {
    /// Reads `sqlite://path` or `postgres://…`; anything else is refused, so that a typing error never creates an empty
    /// file. A remote PostgreSQL is refused when this build has no TLS and `sslmode=disable` is not written out.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                return Err(format!(
                    "DATABASE_URL '{text}': sqlite:// needs the path of a file, sqlite://eduaccord.db for instance"
                ));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            refuse_unclear_login(text)?;
            refuse_plain_text(text)?;
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(format!(
            "DATABASE_URL '{}' has an unknown scheme: use sqlite://path or postgres://user@host/name",
            hide_password(text)
        ))
    }

    /// The file of an SQLite database.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// `sqlite` or `postgres`.
    pub fn backend(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Makes an SQLite file that is not there, readable by its owner only; SQLite gives the WAL and its index the mode of
    /// the file. Nothing else makes a file: a database that was moved away under a service must not become an empty one.
    pub(super) fn make_private_file(&self) -> std::io::Result<()> {
        let Some(path) = self.sqlite_path() else {
            return Ok(());
        };
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            made => made.map(drop),
        }
    }

    /// Takes the rights of others from the files of an SQLite database, which older versions left as the umask had them.
    /// Files of another owner cannot be changed, and stay.
    pub fn close_to_others(&self) {
        let Some(path) = self.sqlite_path() else {
            return;
        };
        for ending in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            let Ok(metadata) = std::fs::metadata(&name) else {
                continue;
            };
            let mode = metadata.permissions().mode();
            if mode & 0o077 == 0 {
                continue;
            }
            let shown = Path::new(&name).display();
            match std::fs::set_permissions(&name, Permissions::from_mode(mode & 0o700)) {
                Ok(()) => log::warn!("{shown} could be read by others than its owner; it no longer can"),
                Err(error) => log::warn!("{shown} can be read by others than its owner: {error}"),
            }
        }
    }

    /// Opens a connection and sets it up for its purpose.
    pub fn connect(&self, purpose: Purpose) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => connect_sqlite(path, purpose).map(Conn::Sqlite),
            Self::Postgres(url) => connect_postgres(url, purpose).map(Conn::Postgres),
        }
    }
}

/// Without the password, for messages and logs.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite://{}", path.display()),
            Self::Postgres(url) => formatter.write_str(&hide_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A password with one of `@/?` as it stands ends elsewhere than its writer thinks, and the rest of it would be taken for
/// a host, which every complaint about it names.
fn refuse_unclear_login(url: &str) -> Result<(), String> {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (login, after) = rest.split_once('@').unwrap_or(("", rest));
    if login.contains(['/', '?']) || after.contains('@') {
        return Err("DATABASE_URL: write @ as %40, / as %2F and ? as %3F in a user's name or password".to_owned());
    }
    Ok(())
}

fn hide_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "…".to_owned();
    };
    // Parameters may hold a password, too, and say little to a reader.
    let head = rest.split('?').next().unwrap_or("");
    let Some((login, host)) = head.rsplit_once('@') else {
        // An @ further on may end a login whose password has a question mark in it.
        let shown = if rest.contains('@') { "…" } else { head };
        return format!("{scheme}://{shown}");
    };
    let user = login.split(':').next().unwrap_or("");
    format!("{scheme}://{user}@{host}")
}

/// The bundled libpq has no TLS, and libpq would fall back to plain text in silence.
fn refuse_plain_text(url: &str) -> Result<(), String> {
    if !cfg!(feature = "bundled-libpq") || url.contains("sslmode=disable") {
        return Ok(());
    }
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or("");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = if let Some(inner) = host.strip_prefix('[') {
        inner.split(']').next().unwrap_or("")
    } else {
        host.split(':').next().unwrap_or("")
    };
    let is_local = name.is_empty()
        || name == "localhost"
        || name.starts_with("%2F")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_local {
        return Ok(());
    }
    Err(format!(
        "DATABASE_URL: this build of eduaccord cannot encrypt its connection to {name}. Use a build with \
         `--no-default-features` (system libpq, as in the container image), or write sslmode=disable into the URL \
         to send everything in plain text"
    ))
}

/// The path as a URI that opens a file and never makes one (<https://www.sqlite.org/uri.html>).
fn existing_file(path: &str) -> String {
    if path.starts_with(':') {
        return path.to_owned();
    }
    let mut uri = "file:".to_owned();
    for character in path.chars() {
        match character {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            other => uri.push(other),
        }
    }
    uri + "?mode=rw"
}

fn connect_sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, ConnectionError> {
    let path = path
        .to_str()
        .ok_or_else(|| ConnectionError::BadConnection("the path of the database is not UTF-8".to_owned()))?;
    let mut connection = SqliteConnection::establish(&existing_file(path))?;
    // Each statement by itself and in this order: the first of them may already meet a lock.
    let busy_timeout = format!("busy_timeout = {}", LOCK_WAIT.as_millis());
    let mut pragmas = vec![busy_timeout.as_str()];
    if purpose == Purpose::Write {
        pragmas.extend(["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 1000"]);
    }
    pragmas.extend([
        "foreign_keys = ON",
        "journal_size_limit = 67108864",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "cache_size = -16000",
    ]);
    if purpose == Purpose::Read {
        pragmas.push("query_only = ON");
    }
    for pragma in pragmas {
        execute_pragma(&mut connection, pragma).map_err(ConnectionError::CouldntSetupConfiguration)?;
    }
    Ok(connection)
}

/// Executes one PRAGMA and waits up to [`LOCK_WAIT`] for a lock. SQLite does not call its busy handler where a
/// connection already holds a shared lock, as the switch of a new file to WAL does.
fn execute_pragma(connection: &mut SqliteConnection, pragma: &str) -> diesel::QueryResult<()> {
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        match connection.batch_execute(&format!("PRAGMA {pragma}")) {
            Err(diesel::result::Error::DatabaseError(_, information))
                if information.message() == "database is locked" && Instant::now() < deadline =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            result => return result,
        }
    }
}

fn connect_postgres(url: &str, purpose: Purpose) -> Result<PgConnection, ConnectionError> {
    let mut full = url.to_owned();
    for (name, value) in [
        ("connect_timeout", "2"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "5000"),
        ("application_name", "eduaccord"),
    ] {
        if !full.contains(name) {
            full.push(if full.contains('?') { '&' } else { '?' });
            full.push_str(&format!("{name}={value}"));
        }
    }
    let mut connection = PgConnection::establish(&full)?;
    let settings = match purpose {
        Purpose::Read => {
            "SET default_transaction_read_only = on; SET statement_timeout = '10s'; SET lock_timeout = '1s'"
        }
        Purpose::Write => {
            "SET synchronous_commit = on; SET statement_timeout = '30s'; SET lock_timeout = '5s'; \
             SET idle_in_transaction_session_timeout = '30s'"
        }
    };
    connection
        .batch_execute(settings)
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Refuses to work with an SQLite that can lose data.
pub fn check_sqlite_version() -> Result<(), String> {
    let mut connection = connect_sqlite(Path::new(":memory:"), Purpose::Read)
        .map_err(|error| format!("SQLite does not start: {error}"))?;
    let text: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()"))
        .get_result(&mut connection)
        .map_err(|error| format!("SQLite does not answer: {error}"))?;
    let number = text
        .split('.')
        .filter_map(|part| part.parse::<i32>().ok())
        .fold(0, |number, part| number * 1000 + part);
    if number < OLDEST_SAFE_SQLITE {
        return Err(format!(
            "this build has SQLite {text}, which can lose data in WAL mode; 3.51.3 or newer is needed"
        ));
    }
    Ok(())
}

/// Is this the failure of the database or of the way to it, and not of the statement?
///
/// diesel gives no SQLSTATE, so kinds come first and the fixed beginnings of messages second.
pub fn is_outage(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error};
    const SIGNS: &[&str] = &[
        "database is locked",
        "database table is locked",
        "server closed the connection",
        "terminating connection",
        "connection to server",
        "could not connect",
        "could not receive data",
        "could not send data",
        "no connection to the server",
        "SSL connection has been closed",
        "canceling statement due to",
        "the database system is",
        "deadlock detected",
        "cannot execute",
        "disk I/O error",
        "database or disk is full",
        "unable to open database file",
    ];
    match error {
        Error::BrokenTransactionManager => true,
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        ) => true,
        Error::DatabaseError(_, information) => {
            let message = information.message();
            SIGNS.iter().any(|sign| message.contains(sign))
        }
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn unknown_schemes_never_become_files() {
        for text in [
            "eduaccord.db",
            "sqlite:eduaccord.db",
            "mysql://x/y",
            "",
            "sqlite://",
            "sqlite://:memory:",
        ] {
            assert!(DatabaseUrl::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            DatabaseUrl::parse("sqlite://a/b.db").unwrap(),
            DatabaseUrl::Sqlite(PathBuf::from("a/b.db"))
        );
    }

    #[test]
    fn remote_postgres_is_never_plain_text_in_silence() {
        assert!(DatabaseUrl::parse("postgres://u:secret@db.example.org/x").is_err());
        assert!(DatabaseUrl::parse("postgres://u@db.example.org/x?sslmode=disable").is_ok());
        assert!(DatabaseUrl::parse("postgres://u@127.0.0.1:5432/x").is_ok());
        assert!(DatabaseUrl::parse("postgres://u@[::1]:5432/x").is_ok());
        assert!(DatabaseUrl::parse("postgres:///x").is_ok());
    }

    #[test]
    fn passwords_are_not_shown() {
        let url = DatabaseUrl::parse("postgres://u:secret@localhost/x").unwrap();
        assert_eq!(url.to_string(), "postgres://u@localhost/x");
        assert_eq!(format!("{url:?}"), "postgres://u@localhost/x");
        let url = DatabaseUrl::parse("postgres://localhost/x?user=u&password=secret").unwrap();
        assert_eq!(url.to_string(), "postgres://localhost/x");
        assert_eq!(hide_password("postgres://u:a?b@localhost/x"), "postgres://…");
        for unclear in [
            "u:a@b@localhost/x",
            "u:a/b@localhost/x",
            "u:a?b@localhost/x",
            "u@localhost/x?password=a@b",
        ] {
            let error = DatabaseUrl::parse(&format!("postgres://{unclear}")).unwrap_err();
            assert!(error.contains("%40") && !error.contains("localhost"), "{error}");
        }
    }

    #[test]
    fn a_new_file_that_another_writes_to_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        other.batch_execute("CREATE TABLE x (y); BEGIN IMMEDIATE").unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| DatabaseUrl::Sqlite(path.clone()).connect(Purpose::Write).map(|_| ()));
            std::thread::sleep(Duration::from_millis(200));
            assert!(!waiting.is_finished(), "{:?}", waiting.join().unwrap());
            other.batch_execute("COMMIT").unwrap();
            waiting.join().unwrap().unwrap();
        });
    }

    #[test]
    fn no_connection_makes_a_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.db", "b%41 ?c=d#e.db"] {
            let path = folder.path().join(name);
            let url = DatabaseUrl::Sqlite(path.clone());
            for purpose in [Purpose::Read, Purpose::Write] {
                assert!(url.connect(purpose).is_err(), "{name}");
                assert!(!path.exists(), "{name}");
            }
            url.make_private_file().unwrap();
            url.connect(Purpose::Write).unwrap();
            let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
            assert_eq!(files.len(), 1, "{files:?}");
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn the_bundled_sqlite_is_safe() {
        check_sqlite_version().unwrap();
    }
}
