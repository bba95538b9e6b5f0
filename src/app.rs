//! Wiring: the kinds, the routes, the layers, the server. The same builder serves `main` and the tests.

mod lock;

use crate::accounts::host::{self, NewToken};
use crate::audit::chain::log_head;
use crate::audit::maintenance::Maintenance;
use crate::auth::AuthService;
use crate::auth::issuers::Issuers;
use crate::auth::keys::store::ensure_keys;
use crate::auth::keys::{KeyWatch, Keyring};
use crate::auth::limits::Limits;
use crate::auth::sealing::MasterKey;
use crate::db::opening::{self, Levels};
use crate::db::{Database, DatabaseUrl, connection};
use crate::documents::contract::Contracts;
use crate::documents::derivation::Completeness;
use crate::documents::entry::{KindEntry, levels_of};
use crate::error::{Code, Error, Result};
use crate::http::Endpoint;
use crate::http::address::TrustedProxies;
use crate::http::bodies::Bodies;
use crate::http::coding::name_coding;
use crate::http::edge::{PublicUrl, render, trace};
use crate::http::endpoint::register;
use crate::http::idempotency::KEPT_FOR;
use crate::http::operation::Operations;
use crate::http::stopping::{CONNECTIONS_WITHIN, StopSwitch};
use crate::openapi::document::build;
use crate::reindex::worker::Reindexer;
use crate::service::{ApiDocument, Readiness};
use crate::settings::Settings;
use crate::texts;
use crate::{accounts, audit_events, feed, guide, mous, oauth, offices, policies, programs, service, transfers};
use actix_cors::Cors;
use actix_web::http::header::HeaderName;
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use chrono::TimeDelta;
use serde_json::Value;
use std::fmt;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

/// The kinds of documents that this registry keeps.
pub const KINDS: &[KindEntry] = &[
    KindEntry::of::<offices::Offices>(),
    KindEntry::of::<policies::Policies>(),
    KindEntry::of::<mous::Mous>(),
    KindEntry::of::<programs::Programs>(),
];

/// Headers that browser front-ends need to read.
const EXPOSED_HEADERS: &[&str] = &[
    "etag",
    "link",
    "location",
    "retry-after",
    "x-request-id",
    "x-caller-request-id",
    "idempotent-replayed",
    "dry-run",
    "allow",
    "www-authenticate",
    "accept-post",
    "accept-patch",
    "ratelimit-policy",
    "ratelimit",
    "x-token-expires",
];

/// Why the service did not start.
#[derive(Debug)]
pub struct StartError(String);

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

impl From<std::io::Error> for StartError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        Self(error.detail().in_english() + &error.cause().map(|cause| format!(" ({cause})")).unwrap_or_default())
    }
}

/// What is compiled once per process: endpoints, the API document, the contracts of all kinds.
pub struct Blueprint {
    /// Every operation.
    pub endpoints: Vec<Endpoint>,
    /// The API document.
    pub document: Value,
    /// What the kernel knows of each kind.
    pub contracts: Contracts,
    /// What checks the bodies that are no documents.
    pub bodies: Arc<Bodies>,
    /// The document as it is served.
    published: Arc<ApiDocument>,
    /// The endpoints by their routes.
    operations: Arc<Operations>,
}

/// The blueprint of this build. Made at first use; nothing of it depends on settings or the database.
pub fn blueprint() -> Result<Arc<Blueprint>> {
    static MADE: OnceLock<Arc<Blueprint>> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made.clone());
    }
    let mut endpoints: Vec<Endpoint> = KINDS.iter().flat_map(|kind| (kind.endpoints)()).collect();
    let names: Vec<&'static str> = KINDS.iter().map(|kind| kind.name).collect();
    endpoints.extend(accounts::endpoints(KINDS));
    endpoints.extend(oauth::endpoints());
    endpoints.extend(accounts::identities::endpoints());
    endpoints.extend(audit_events::endpoints());
    endpoints.extend(feed::changes::endpoints(&names));
    endpoints.extend(transfers::endpoints(KINDS));
    endpoints.extend(service::endpoints());
    endpoints.extend(guide::endpoints());
    let facts: Vec<_> = KINDS.iter().map(|kind| (kind.facts)()).collect::<Result<_>>()?;
    let document = build(&endpoints, &facts)?;
    let bodies = Arc::new(Bodies::compile(&document, &endpoints)?);
    let mut contracts = Contracts::default();
    for kind in KINDS {
        (kind.compile)(&document, &mut contracts)?;
    }
    let text = serde_json::to_string(&document).map_err(Error::internal)?;
    let tag = crate::http::tag::body_tag(None, &text);
    let published = Arc::new(ApiDocument { text, tag });
    let operations = Arc::new(Operations::new(&endpoints));
    Ok(MADE
        .get_or_init(|| {
            Arc::new(Blueprint {
                endpoints,
                document,
                contracts,
                bodies,
                published,
                operations,
            })
        })
        .clone())
}

/// Opens a database for the service: one that is not there is created, an older one upgraded.
pub fn open_database(settings: &Settings) -> Result<Database, StartError> {
    open(settings, opening::upgrade)
}

/// Opens a database for a command that needs one. Nothing is created or upgraded.
pub fn open_existing_database(settings: &Settings) -> Result<Database, StartError> {
    open(settings, opening::require)
}

/// Opens a database for a command that may begin a registry. Nothing is upgraded.
pub fn open_or_create_database(settings: &Settings) -> Result<Database, StartError> {
    open(settings, opening::require_or_create)
}

/// Opens a database for `reindex`: an older one is upgraded, none is created. An older SQLite database that is served is
/// refused: the program that serves it would keep writing by its older rules.
pub fn open_upgraded_database(settings: &Settings) -> Result<Database, StartError> {
    let url = DatabaseUrl::parse(&settings.database_url).map_err(StartError)?;
    let _lock = if opening::is_older(&url, levels_of(KINDS))? {
        lock::lock_file(&url).map_err(StartError)?
    } else {
        None
    };
    open(settings, opening::upgrade_existing)
}

/// Brings the database with this URL up to this program, or begins a registry there.
pub fn upgrade_database(database_url: &str) -> Result<(), StartError> {
    let url = DatabaseUrl::parse(database_url).map_err(StartError)?;
    Ok(opening::upgrade(&url, levels_of(KINDS))?)
}

fn open(settings: &Settings, prepare: fn(&DatabaseUrl, Levels) -> Result<()>) -> Result<Database, StartError> {
    let url = DatabaseUrl::parse(&settings.database_url).map_err(StartError)?;
    connection::check_sqlite_version().map_err(StartError)?;
    let levels = levels_of(KINDS);
    prepare(&url, levels)?;
    Ok(Database::new(
        &url,
        settings.pool_size,
        settings.write_queue,
        levels.writer,
    )?)
}

/// A server that runs on a thread of its own.
pub struct RunningServer {
    /// Where it listens.
    pub address: SocketAddr,
    database: Database,
    switch: StopSwitch,
    thread: Option<JoinHandle<std::io::Result<()>>>,
    // Declared before the lock, so that the last uses are written while the file is still ours.
    _reindexer: Option<Reindexer>,
    _maintenance: Maintenance,
    _key_watch: KeyWatch,
    _lock: Option<File>,
}

impl RunningServer {
    /// The database behind it.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Is the database new? Where it is not and nobody can administer the registry, the log says how to change that.
    pub fn needs_first_token(&self) -> Result<bool, StartError> {
        if host::is_empty(&self.database)? {
            return Ok(true);
        }
        if !host::has_admin(&self.database)? {
            log::warn!("no usable administrator token exists; make one on this host with: eduaccord admin bootstrap");
        }
        Ok(false)
    }

    /// Makes the first administrator of a new database, for 24 hours: enough to try everything and to make lasting
    /// tokens. Never a second one. It is made only where `show` succeeds, which gets the token before it is valid; see
    /// [`host::Show`].
    pub fn make_first_token(
        &self,
        show: impl FnOnce(&str) -> std::io::Result<()> + Send + 'static,
    ) -> Result<Option<String>, StartError> {
        let made = host::bootstrap_empty(&self.database, TimeDelta::hours(24), move |token: &NewToken| {
            show(&token.token)
        })?;
        Ok(made.map(|made| made.token))
    }

    /// Stops gracefully and waits for it.
    pub fn stop(mut self) {
        self.switch.stop();
        self.join();
    }

    /// Waits until the server ends: by itself, or because its switch was used.
    pub fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            match thread.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => log::error!("the server ended: {error}"),
                Err(_panic) => log::error!("the server's thread panicked"),
            }
        }
    }
}

/// Starts the service; returns when it listens. It ends when the switch is used.
pub fn spawn(settings: Settings, switch: StopSwitch) -> Result<RunningServer, StartError> {
    // All that may be wrong with the settings comes before anything is made.
    let url = DatabaseUrl::parse(&settings.database_url).map_err(StartError)?;
    let master = MasterKey::read(&settings.master_key).map_err(StartError)?;
    let listener = TcpListener::bind(settings.listen)
        .map_err(|error| StartError(format!("cannot listen on {}: {error}", settings.listen)))?;
    let address = listener.local_addr()?;
    let lock = lock::lock_file(&url).map_err(StartError)?;
    url.close_to_others();
    let database = open_database(&settings)?;
    log_head(&database);
    let public = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let blueprint = blueprint()?;
    let (sender, receiver) = std::sync::mpsc::channel();
    let served = database.clone();
    let keyring = open_keyring(master, &database)?;
    let limits = Limits::new(settings.rate_limit, settings.failure_limit);
    let issuers = Issuers::new(&settings.issuers, settings.issuer_interval);
    let auth_service = AuthService::new(database.clone(), keyring.clone(), issuers, &public, limits);
    let key_watch = KeyWatch::start(database.clone(), keyring)?;
    let maintenance = Maintenance::start(database.clone(), auth_service.recorder(), KEPT_FOR)?;
    let rows = Completeness::default();
    let reindexer = start_reindexer(&settings, &database, &blueprint, &rows)?;
    let served_until = switch.clone();
    let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = build_server(
                &settings,
                &blueprint,
                &served,
                (auth_service, served_until.clone()),
                rows,
                PublicUrl(public),
                listener,
            )?;
            let handle = server.handle();
            actix_web::rt::spawn(async move {
                served_until.stopped().await;
                served_until.quiet(settings.quiet_before_stop).await;
                handle.stop(true).await;
            });
            // The receiver may be gone; the server runs without it.
            let _ignored = sender.send(());
            server.await
        })
    })?;
    receiver
        .recv()
        .map_err(|_| StartError("the server did not start".to_owned()))?;
    Ok(RunningServer {
        address,
        database,
        switch,
        thread: Some(thread),
        _reindexer: reindexer,
        _maintenance: maintenance,
        _key_watch: key_watch,
        _lock: lock,
    })
}

/// The keys that sign access tokens. Without a master key no access tokens are issued; everything else works.
fn open_keyring(given: Option<MasterKey>, database: &Database) -> Result<Arc<Keyring>, StartError> {
    let master = match given {
        Some(given) => Some(given),
        None => MasterKey::of_database(database.url()).map_err(StartError)?,
    };
    let master = master.map(Arc::new);
    match &master {
        Some(master) => ensure_keys(database, master)?,
        None => log::warn!("without EDUACCORD_MASTER_KEY_FILE /oauth/token cannot make access tokens (JWT)"),
    }
    let keyring = Arc::new(Keyring::new(master));
    keyring.poll(database)?;
    Ok(keyring)
}

/// Where an upgrade left rows behind, they are brought up to date beside the requests.
fn start_reindexer(
    settings: &Settings,
    database: &Database,
    blueprint: &Blueprint,
    rows: &Completeness,
) -> Result<Option<Reindexer>, StartError> {
    match database.read_blocking(|conn| rows.require(conn)) {
        Ok(()) => Ok(None),
        Err(error) if error.code() != Code::Reindexing => Err(error.into()),
        Err(_) if !settings.reindexes => Ok(None),
        Err(_) => {
            log::info!("lists are answered 503 until the indexes are up to date");
            let (database, contracts) = (database.clone(), blueprint.contracts.clone());
            Ok(Some(Reindexer::start(database, KINDS, contracts)?))
        }
    }
}

fn build_server(
    settings: &Settings,
    blueprint: &Arc<Blueprint>,
    database: &Database,
    (auth_service, switch): (AuthService, StopSwitch),
    rows: Completeness,
    public_url: PublicUrl,
    listener: TcpListener,
) -> std::io::Result<actix_web::dev::Server> {
    let backend = database.url().backend();
    let document = Data::from(blueprint.published.clone());
    let operations = Data::from(blueprint.operations.clone());
    let contracts = Data::new(blueprint.contracts.clone());
    let bodies = Data::from(blueprint.bodies.clone());
    let readiness = Data::new(Readiness {
        auth_service: auth_service.clone(),
        backend,
    });
    let (auth_service, rows, public_url) = (Data::new(auth_service), Data::new(rows), Data::new(public_url));
    let proxies = Data::new(TrustedProxies::new(settings.trusted_proxies.clone()));
    let switch = Data::new(switch);
    let (blueprint, origins) = (blueprint.clone(), settings.cors_origins.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(document.clone())
            .app_data(operations.clone())
            .app_data(contracts.clone())
            .app_data(bodies.clone())
            .app_data(readiness.clone())
            .app_data(auth_service.clone())
            .app_data(rows.clone())
            .app_data(public_url.clone())
            .app_data(proxies.clone())
            .app_data(switch.clone())
            .wrap(from_fn(render))
            .wrap(Compress::default())
            .wrap(from_fn(name_coding))
            .wrap(Condition::new(!origins.is_empty(), build_cors(&origins)))
            .wrap(from_fn(trace))
            .configure(|config| register(config, &blueprint.endpoints))
            .configure(register_docs)
            .default_service(web::to(|| async {
                Err::<&str, _>(Error::new(Code::NotFound, texts::requests::nothing_here()))
            }))
    })
    .workers(settings.workers)
    .client_request_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    .disable_signals()
    .shutdown_timeout(CONNECTIONS_WITHIN)
    .listen(listener)?;
    Ok(server.run())
}

/// Off until origins are configured; then only those, and every header that a client needs to read.
fn build_cors(origins: &[String]) -> Cors {
    let mut cors = Cors::default();
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    let exposed: Vec<HeaderName> = EXPOSED_HEADERS
        .iter()
        .map(|name| HeaderName::from_static(name))
        .collect();
    cors.allow_any_method()
        .allow_any_header()
        .expose_headers(exposed)
        .max_age(7200)
}

/// Swagger UI from within the binary: works with no internet.
fn register_docs(config: &mut web::ServiceConfig) {
    use utoipa_swagger_ui::{Config, SwaggerUi};
    config.service(web::redirect("/docs", "/docs/"));
    config.service(web::redirect("/", "/docs/"));
    config.service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/api/openapi.json")));
}
