//! The two databases, and a fresh one of each for every test: a copy of a template on which the migrations ran once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use diesel::connection::{Connection, SimpleConnection};
use tempfile::TempDir;

use super::postgres_cluster::{Cluster, Installation, folder};

/// One kind of database. What it needs is made at the first call and shared by all tests of the run.
pub(crate) enum Backend {
    /// Files in temporary folders.
    Sqlite(OnceLock<Result<TempDir, String>>),
    /// Databases on one server, whose start is put off until a test needs it.
    Postgres(Place, OnceLock<Result<Arc<Server>, String>>),
}

/// Where the PostgreSQL server of this run is.
pub(crate) enum Place {
    /// Named by `TEST_DATABASE_URL`; databases are created beside the one that it names.
    Given(String),
    /// To be started from these binaries.
    Here(Installation),
}

/// A database for one test, deleted when dropped.
pub(crate) struct TestDatabase {
    /// What `DATABASE_URL` would say.
    pub(crate) url: String,
    _kept: Kept,
}

/// What is deleted with a `TestDatabase`.
enum Kept {
    Folder(#[expect(dead_code, reason = "held for its drop")] TempDir),
    Database(#[expect(dead_code, reason = "held for its drop")] Dropped),
}

impl Backend {
    /// SQLite, which is always there.
    pub(crate) fn sqlite() -> Backend {
        Backend::Sqlite(OnceLock::new())
    }

    /// PostgreSQL, or why it cannot be tested here.
    #[expect(
        clippy::disallowed_methods,
        reason = "a variable of the test run and not of the service"
    )]
    pub(crate) fn postgres() -> Result<Backend, String> {
        let place = match std::env::var("TEST_DATABASE_URL") {
            Ok(url) => Place::Given(url),
            Err(_) => Place::Here(Installation::find()?),
        };
        Ok(Backend::Postgres(place, OnceLock::new()))
    }

    /// The first segment of the names of its cases.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Backend::Sqlite(_) => "sqlite",
            Backend::Postgres(..) => "postgres",
        }
    }

    /// A fresh database with the tables of today and nothing in them.
    pub(crate) fn migrated(&self) -> TestDatabase {
        match self {
            Backend::Sqlite(template) => {
                let template = available(template.get_or_init(sqlite_template));
                let folder = folder(PREFIX).expect("a temporary folder");
                copy_files(template.path(), folder.path());
                sqlite_database(folder)
            }
            Backend::Postgres(place, server) => {
                let server = available(server.get_or_init(|| Server::start(place)));
                Server::create(server, Some(&server.template))
            }
        }
    }

    /// A fresh database without any table.
    pub(crate) fn empty(&self) -> TestDatabase {
        match self {
            Backend::Sqlite(_) => sqlite_database(folder(PREFIX).expect("a temporary folder")),
            Backend::Postgres(place, server) => {
                let server = available(server.get_or_init(|| Server::start(place)));
                Server::create(server, None)
            }
        }
    }
}

/// The thing itself, or the failure of every test that needs it (a start that failed is not tried again).
fn available<T>(made: &Result<T, String>) -> &T {
    made.as_ref()
        .unwrap_or_else(|reason| panic!("the backend is not available: {reason}"))
}

/// The one file name in a folder of SQLite's.
const FILE: &str = "eduaccord.db";

/// What the names of these folders begin with.
const PREFIX: &str = "eduaccord-sqlite-";

fn sqlite_database(folder: TempDir) -> TestDatabase {
    TestDatabase {
        url: sqlite_url(folder.path()),
        _kept: Kept::Folder(folder),
    }
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(FILE).display())
}

/// A folder with a migrated, empty database file.
fn sqlite_template() -> Result<TempDir, String> {
    let folder = folder(PREFIX).map_err(|error| error.to_string())?;
    eduaccord::app::upgrade_database(&sqlite_url(folder.path()))
        .map_err(|error| format!("the SQLite migrations fail: {error}"))?;
    Ok(folder)
}

/// Copies the database file, and its write-ahead log should there be one; no folder is inside.
fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the template's folder") {
        let path: PathBuf = entry.expect("an entry of the template's folder").path();
        let name = path.file_name().expect("a file has a name");
        if name.to_string_lossy().starts_with(FILE) {
            std::fs::copy(&path, to.join(name)).expect("the template can be copied");
        }
    }
}

/// A PostgreSQL server with the migrated template database of this run.
pub(crate) struct Server {
    /// The URL of a database that exists on it, to connect to for creating and dropping others.
    url: String,
    template: String,
    /// Connections that wait for the next statement: a new one costs a process of the server.
    idle: Mutex<Vec<diesel::PgConnection>>,
    /// How databases are copied: as files where the server knows that way and the files are our own.
    strategy: &'static str,
    /// Told apart from other runs on the same server.
    run: String,
    sequence: AtomicU64,
    /// Present when the server is our own; it stops with the last reference to it.
    cluster: Option<Cluster>,
}

impl Server {
    fn start(place: &Place) -> Result<Arc<Server>, String> {
        let (url, cluster) = match place {
            Place::Given(url) => (url.clone(), None),
            Place::Here(installation) => {
                let cluster = Cluster::start(installation)?;
                (cluster.url(), Some(cluster))
            }
        };
        let started = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        let run = format!("{}_{}", std::process::id(), started.as_millis());
        let mut server = Server {
            url,
            template: format!("eduaccord_template_{run}"),
            idle: Mutex::default(),
            strategy: "",
            run,
            sequence: AtomicU64::new(0),
            cluster,
        };
        let create = format!("CREATE DATABASE {}", server.template);
        // Servers before version 15 know no strategies, and copy files.
        if server.cluster.is_some() && server.execute(&format!("{create} STRATEGY FILE_COPY")).is_ok() {
            server.strategy = "STRATEGY FILE_COPY";
        } else {
            server.execute(&create)?;
        }
        eduaccord::app::upgrade_database(&server.url_of(&server.template))
            .map_err(|error| format!("the PostgreSQL migrations fail: {error}"))?;
        Ok(Arc::new(server))
    }

    /// A new database, empty or a copy of `template`.
    fn create(server: &Arc<Server>, template: Option<&str>) -> TestDatabase {
        let number = server.sequence.fetch_add(1, Ordering::Relaxed);
        let name = format!("eduaccord_test_{}_{number}", server.run);
        let source = template.unwrap_or("template0");
        server
            .execute(&format!("CREATE DATABASE {name} TEMPLATE {source} {}", server.strategy))
            .unwrap_or_else(|error| panic!("no database can be created: {error}"));
        TestDatabase {
            url: server.url_of(&name),
            _kept: Kept::Database(Dropped {
                server: Arc::clone(server),
                name,
            }),
        }
    }

    fn url_of(&self, database: &str) -> String {
        url_with_database(&self.url, database)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "databases are created on a server, beside the service's own connections"
    )]
    fn execute(&self, statement: &str) -> Result<(), String> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => diesel::PgConnection::establish(&self.url)
                .map_err(|error| format!("PostgreSQL does not answer: {error}"))?,
        };
        connection
            .batch_execute(statement)
            .map_err(|error| format!("{statement}: {error}"))?;
        idle().push(connection);
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server of our own is thrown away whole; one that was given to us must not be left with our databases.
        if self.cluster.is_none() {
            let template = self.template.clone();
            self.execute(&format!("DROP DATABASE IF EXISTS {template}"))
                .unwrap_or_else(|error| eprintln!("left behind: {error}"));
        }
    }
}

/// A database that is dropped, also under a service that did not close its connections.
struct Dropped {
    server: Arc<Server>,
    name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        self.server
            .execute(&statement)
            .unwrap_or_else(|error| eprintln!("left behind: {error}"));
    }
}

/// `url` with the database that it names replaced; user, host, port and parameters stay.
pub(crate) fn url_with_database(url: &str, database: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |at| authority + at);
    format!("{}/{database}{parameters}", &address[..end])
}
