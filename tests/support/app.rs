//! The service under test: started inside this process by the same builder as the real one, reached only over HTTP.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eduaccord::accounts::host::{NewClient, create_client, create_token};
use eduaccord::app::{RunningServer, spawn};
use eduaccord::db::Database;
use eduaccord::http::stopping::StopSwitch;
use eduaccord::settings::Settings;

use super::backend::{Backend, TestDatabase};
use super::client::Client;
use super::contract::Contract;
use super::make::every_scope;

/// A running service. It stops, gracefully, when this is dropped.
pub(crate) struct TestApp {
    /// Where it listens: loopback, a free port.
    pub(crate) address: SocketAddr,
    server: Option<RunningServer>,
    first_token: Option<String>,
    anonymous: Client,
}

impl TestApp {
    /// Starts the service on `database`, with the settings for tests after `change` was applied to them.
    pub(crate) fn start(database: &TestDatabase, change: impl FnOnce(&mut Settings)) -> TestApp {
        let mut settings = Settings::for_tests(database.url.clone());
        change(&mut settings);
        let server = spawn(settings, StopSwitch::default())
            .unwrap_or_else(|error| panic!("the service does not start: {error}"));
        let address = server.address;
        let first_token = server
            .make_first_token(|_| Ok(()))
            .unwrap_or_else(|error| panic!("the first token is not made: {error}"));
        let contract = Contract::served_here(address);
        TestApp {
            address,
            server: Some(server),
            first_token,
            anonymous: Client::new(address, contract),
        }
    }

    /// A caller without any credentials.
    pub(crate) fn anonymous(&self) -> Client {
        self.anonymous.clone()
    }

    /// Returns once lists are answered: after an upgrade they wait until the derived rows were made again.
    pub(crate) fn wait_until_ready(&self) {
        let started = Instant::now();
        while self.anonymous().unchecked().get("/readyz").status != 200 {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "the service is not ready after a minute"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A registry admin with every scope: by the token that the service makes on an empty database,
    /// or by one made beside it where the database was not empty.
    pub(crate) fn admin(&self) -> Client {
        match &self.first_token {
            Some(token) => self.with_token(token),
            None => self.client_of(None, &every_scope()),
        }
    }

    /// The token that the service printed when it found an empty database.
    pub(crate) fn first_token(&self) -> &str {
        self.first_token.as_deref().expect("the database was empty")
    }

    /// A new registry admin with every scope, whatever became of the others.
    pub(crate) fn admin_beside(&self) -> Client {
        self.client_of(None, &every_scope())
    }

    /// A new client bound to this office, with these scopes and one token.
    pub(crate) fn client_for(&self, office_id: &str, scopes: &[&str]) -> Client {
        self.client_of(Some(office_id), scopes)
    }

    /// A caller that presents this token, whatever it is.
    pub(crate) fn with_token(&self, token: &str) -> Client {
        self.anonymous.header("authorization", &format!("Bearer {token}"))
    }

    /// The service's own database, for what no endpoint shows.
    pub(crate) fn database(&self) -> &Database {
        self.server().database()
    }

    fn client_of(&self, office_id: Option<&str>, scopes: &[&str]) -> Client {
        let new = NewClient {
            name: "made by a test",
            office_id,
            scopes,
        };
        let client =
            create_client(self.database(), new).unwrap_or_else(|error| panic!("no client can be made: {error}"));
        let (_, secret) = create_token(self.database(), &client, "made by a test", 1)
            .unwrap_or_else(|error| panic!("no token can be made: {error}"));
        self.with_token(&secret)
    }

    fn server(&self) -> &RunningServer {
        self.server.as_ref().expect("it runs until it is dropped")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

/// One backend for a test that makes its own databases, services and processes.
pub(crate) struct World {
    backend: Arc<Backend>,
    folder: tempfile::TempDir,
}

impl World {
    pub(super) fn new(backend: Arc<Backend>) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        World { backend, folder }
    }

    /// A fresh database with the tables of today. It is deleted when dropped, so keep it until the service has stopped.
    pub(crate) fn database(&self) -> TestDatabase {
        self.backend.migrated()
    }

    /// A fresh database without any table.
    pub(crate) fn empty_database(&self) -> TestDatabase {
        self.backend.empty()
    }

    /// The service's own program with these arguments on this database, in a folder of its own
    /// and with no other variable in its environment.
    pub(crate) fn command(&self, database: &TestDatabase, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eduaccord"));
        command
            .args(arguments)
            .env_clear()
            .env("DATABASE_URL", &database.url)
            .current_dir(self.folder.path());
        command
    }
}
