//! What the tests stand on: cases and the backends that they run on.
//!
//! - `app` starts the service on a fresh database; `client` speaks HTTP with it; `make` builds minimal bodies.
//! - `check` holds every answer against the published document, which `contract` reads.
//! - `backend` makes the fresh databases; `postgres_cluster` runs a private PostgreSQL server.
//!
//! PostgreSQL is `TEST_DATABASE_URL` where that is set (a server in which databases may be created), else a throw-away
//! server from the binaries found on this machine. Without either only SQLite is tested, which the last lines of the
//! output say; with `REQUIRE_POSTGRES=1`, as in CI, that is a failure.

pub(crate) mod app;
pub(crate) mod backend;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod contract;
pub(crate) mod look;
pub(crate) mod make;
pub(crate) mod older;
pub(crate) mod postgres_cluster;
pub(crate) mod wire;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use libtest_mimic::{Arguments, Trial};

pub(crate) use app::{TestApp, World};
use backend::Backend;

/// What a test function takes, wrapped to be called for one backend.
#[derive(Clone)]
enum Body {
    /// A running service on a fresh database.
    App(Arc<dyn Fn(&TestApp) + Send + Sync>),
    /// The backend alone: the test makes its own databases, services and processes.
    World(Arc<dyn Fn(&World) + Send + Sync>),
    /// Nothing: the test touches no database and runs once.
    Plain(Arc<dyn Fn() + Send + Sync>),
}

/// One test function under its name `module::function`.
pub(crate) struct Case {
    name: String,
    body: Body,
}

impl Case {
    /// A case from a test function of any of the three signatures; called by `cases!`.
    /// `module` is its `module_path!()`, whose first segment (the name of the test binary) is left out of the name.
    pub(crate) fn new<Signature>(module: &str, function: &str, body: impl TestFunction<Signature>) -> Case {
        let module = module.split_once("::").map_or(module, |(_, inner)| inner);
        Case {
            name: format!("{module}::{function}"),
            body: body.body(),
        }
    }
}

/// The three signatures of a test function; `Signature` only keeps the three implementations apart.
pub(crate) trait TestFunction<Signature> {
    #[expect(private_interfaces, reason = "only this module looks at how a function is wrapped")]
    fn body(self) -> Body;
}

#[expect(private_interfaces, reason = "only this module looks at how a function is wrapped")]
impl<F: Fn(&TestApp) + Send + Sync + 'static> TestFunction<fn(&TestApp)> for F {
    fn body(self) -> Body {
        Body::App(Arc::new(self))
    }
}

#[expect(private_interfaces, reason = "only this module looks at how a function is wrapped")]
impl<F: Fn(&World) + Send + Sync + 'static> TestFunction<fn(&World)> for F {
    fn body(self) -> Body {
        Body::World(Arc::new(self))
    }
}

#[expect(private_interfaces, reason = "only this module looks at how a function is wrapped")]
impl<F: Fn() + Send + Sync + 'static> TestFunction<fn()> for F {
    fn body(self) -> Body {
        Body::Plain(Arc::new(self))
    }
}

/// `pub(crate) fn cases() -> Vec<Case> { cases![first_test, second_test] }` in every module of tests.
macro_rules! cases {
    ($($function:ident),* $(,)?) => {
        vec![$($crate::support::Case::new(module_path!(), stringify!($function), $function)),*]
    };
}
pub(crate) use cases;

/// How many cases of one backend were started and how many of them passed.
#[derive(Default)]
struct Tally {
    started: AtomicU64,
    passed: AtomicU64,
}

impl Tally {
    /// Runs one case; a panic passes through to the runner and leaves the case counted as not passed.
    fn count(&self, case: impl FnOnce()) {
        self.started.fetch_add(1, Ordering::Relaxed);
        case();
        self.passed.fetch_add(1, Ordering::Relaxed);
    }

    fn report(&self, name: &str) -> String {
        let (passed, started) = (&self.passed, &self.started);
        format!(
            "{name} {} of {}",
            passed.load(Ordering::Relaxed),
            started.load(Ordering::Relaxed)
        )
    }
}

/// Runs `cases` on every backend there is and prints, after the standard closing line, what ran where.
pub(crate) fn run(arguments: &Arguments, cases: impl Iterator<Item = Case>) -> ExitCode {
    let sqlite = Arc::new(Backend::sqlite());
    let postgres = Backend::postgres().map(Arc::new);
    let tallies: [Arc<Tally>; 3] = Default::default();
    let [on_sqlite, on_postgres, on_none] = &tallies;

    let mut trials = Vec::new();
    for case in cases {
        if let Body::Plain(body) = case.body {
            let tally = Arc::clone(on_none);
            trials.push(Trial::test(case.name, move || {
                tally.count(|| body());
                Ok(())
            }));
            continue;
        }
        trials.push(trial(&case, &sqlite, on_sqlite));
        if let Ok(postgres) = &postgres {
            trials.push(trial(&case, postgres, on_postgres));
        }
    }
    let conclusion = libtest_mimic::run(arguments, trials);
    if arguments.list {
        return ExitCode::SUCCESS;
    }

    let [on_sqlite, on_postgres, on_none] = [
        on_sqlite.report("sqlite"),
        on_postgres.report("postgres"),
        on_none.report("without a database"),
    ];
    println!("passed per backend: {on_sqlite}, {on_postgres}, {on_none}\n");
    let required = std::env::var_os("REQUIRE_POSTGRES").is_some_and(|value| value == "1");
    match postgres {
        Err(reason) => {
            println!("POSTGRESQL WAS NOT TESTED: {reason}");
            println!("INSTALL A POSTGRESQL SERVER (Debian: apt-get install postgresql) OR SET TEST_DATABASE_URL.");
            if required {
                println!("REQUIRE_POSTGRES=1: THIS RUN FAILED.");
                return ExitCode::FAILURE;
            }
            conclusion.exit_code()
        }
        Ok(_) => conclusion.exit_code(),
    }
}

/// `case` as it runs on `backend`.
fn trial(case: &Case, backend: &Arc<Backend>, tally: &Arc<Tally>) -> Trial {
    let (backend, tally, body) = (Arc::clone(backend), Arc::clone(tally), case.body.clone());
    Trial::test(format!("{}::{}", backend.name(), case.name), move || {
        tally.count(|| match body {
            Body::App(body) => {
                let database = backend.migrated();
                body(&TestApp::start(&database, |_| ()));
            }
            Body::World(body) => body(&World::new(backend)),
            Body::Plain(body) => body(),
        });
        Ok(())
    })
}

/// Runs `work` on `count` threads that start together; the answers in the order of the threads.
pub(crate) fn together<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(number)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread of the test"))
            .collect()
    })
}
