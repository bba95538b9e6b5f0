//! What the tests stand on: cases and the backends that they run on.
//!
//! - `app` starts the service on a fresh database; `client` speaks HTTP with it; `make` builds minimal bodies.
//! - `check` holds every answer against the published document, which `contract` reads.
//! - `backend` makes the fresh databases; `postgres_cluster` runs a private PostgreSQL server.
//! - `harness` proves that all of this notices what it is there to notice.
//! - `answers` reads answers, `stored` what is in the database · `parties` are offices with callers · `program` runs commands.
//! - `sample` says how much is tried; `journal` keeps what a failed case asked last; `times` names the slowest cases.
//!
//! PostgreSQL is `TEST_DATABASE_URL` where that is set (a server in which databases may be created), else a throw-away
//! server from the binaries found on this machine. Without either only SQLite is tested, which the last lines of the
//! output say; with `REQUIRE_POSTGRES=1`, as in CI, that is a failure.

pub(crate) mod answers;
pub(crate) mod app;
pub(crate) mod backend;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod contract;
pub(crate) mod credentials;
pub(crate) mod harness;
pub(crate) mod journal;
pub(crate) mod look;
pub(crate) mod make;
pub(crate) mod older;
pub(crate) mod parties;
pub(crate) mod paths;
pub(crate) mod postgres_cluster;
pub(crate) mod program;
pub(crate) mod random;
pub(crate) mod sample;
pub(crate) mod stored;
mod times;
pub(crate) mod wire;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

pub(crate) use app::{TestApp, World};
use backend::Backend;
use times::Times;

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
    /// The one backend that it runs on, and why the other is left out.
    only: Option<(&'static str, &'static str)>,
}

impl Case {
    /// A case from a test function of any of the three signatures; called by `cases!`.
    /// `module` is its `module_path!()`, whose first segment (the name of the test binary) is left out of the name.
    pub(crate) fn new<Signature>(module: &str, function: &str, body: impl TestFunction<Signature>) -> Case {
        let module = module.split_once("::").map_or(module, |(_, inner)| inner);
        Case {
            name: format!("{module}::{function}"),
            body: body.body(),
            only: None,
        }
    }

    /// The same on one backend alone; the other shows it as ignored, for this reason.
    pub(crate) fn only(mut self, backend: &'static str, reason: &'static str) -> Case {
        self.only = Some((backend, reason));
        self
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

/// `pub(crate) fn cases() -> Vec<Case> { cases![first_test, second_test] }` in every module of tests. What has nothing
/// to test on one of the backends is `third_test only postgres "SQLite has one instance"`.
macro_rules! cases {
    ($($function:ident $(only $backend:ident $reason:literal)?),* $(,)?) => {
        vec![$(
            $crate::support::Case::new(module_path!(), stringify!($function), $function)
                $(.only(stringify!($backend), $reason))?
        ),*]
    };
}
pub(crate) use cases;

/// `pub(crate) fn cases() -> Vec<Case> { all_of![first_module, second_module] }` in a module that only has others below it.
macro_rules! all_of {
    ($($module:ident),* $(,)?) => {
        [$($module::cases()),*].into_iter().flatten().collect()
    };
}
pub(crate) use all_of;

/// How many cases of one backend were started, how many of them passed, and how many are not for it.
#[derive(Default)]
struct Tally {
    started: AtomicU64,
    passed: AtomicU64,
    ignored: AtomicU64,
}

impl Tally {
    /// Runs one case. A failure says, beside what failed, what was asked last and which sample was tried.
    fn count(&self, times: &Times, name: &str, case: impl FnOnce()) -> Result<Completion, Failed> {
        self.started.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(case));
        times.note(name, began.elapsed());
        let exchanges = journal::close();
        match result {
            Ok(()) => {
                self.passed.fetch_add(1, Ordering::Relaxed);
                Ok(Completion::Completed)
            }
            Err(panic) => {
                let said = panic.downcast_ref::<String>().map(String::as_str);
                let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
                let said = journal::mask(said.unwrap_or("a panic without words"));
                Err(format!("{said}\n{exchanges}{}", sample::told()).into())
            }
        }
    }

    fn ignore(&self, reason: &str) -> Result<Completion, Failed> {
        self.ignored.fetch_add(1, Ordering::Relaxed);
        Ok(Completion::ignored_with(reason))
    }

    fn report(&self, name: &str) -> String {
        let number = |of: &AtomicU64| of.load(Ordering::Relaxed);
        let ignored = match number(&self.ignored) {
            0 => String::new(),
            ignored => format!(" ({ignored} ignored)"),
        };
        format!("{name} {} of {}{ignored}", number(&self.passed), number(&self.started))
    }
}

/// Runs `cases` on every backend there is and prints, after the standard closing line, what ran where.
pub(crate) fn run(arguments: &Arguments, cases: impl Iterator<Item = Case>) -> ExitCode {
    let sqlite = Arc::new(Backend::sqlite());
    let postgres = Backend::postgres().map(Arc::new);
    let tallies: [Arc<Tally>; 3] = Default::default();
    let [on_sqlite, on_postgres, on_none] = &tallies;
    let times = Arc::new(Times::default());

    let mut trials = Vec::new();
    for case in cases {
        if let Body::Plain(body) = case.body {
            let (tally, times, name) = (Arc::clone(on_none), Arc::clone(&times), case.name.clone());
            trials.push(Trial::ignorable_test(case.name, move || {
                tally.count(&times, &name, || body())
            }));
            continue;
        }
        trials.push(trial(&case, &sqlite, on_sqlite, &times));
        if let Ok(postgres) = &postgres {
            trials.push(trial(&case, postgres, on_postgres, &times));
        }
    }
    if !arguments.list {
        println!("\n{}", sample::told());
    }
    let conclusion = libtest_mimic::run(arguments, trials);
    if arguments.list {
        return ExitCode::SUCCESS;
    }

    let slowest = times.slowest();
    if !slowest.is_empty() {
        println!("slowest cases:\n{}\n", slowest.join("\n"));
    }
    println!("{}", sample::told());
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
fn trial(case: &Case, backend: &Arc<Backend>, tally: &Arc<Tally>, times: &Arc<Times>) -> Trial {
    let (backend, tally, times, body) = (
        Arc::clone(backend),
        Arc::clone(tally),
        Arc::clone(times),
        case.body.clone(),
    );
    let (name, only) = (format!("{}::{}", backend.name(), case.name), case.only);
    Trial::ignorable_test(name.clone(), move || {
        if let Some((wanted, reason)) = only
            && wanted != backend.name()
        {
            return tally.ignore(&format!("only {wanted}: {reason}"));
        }
        tally.count(&times, &name, || match body {
            Body::App(body) => {
                let database = backend.migrated();
                body(&TestApp::start(&database, |_| ()));
            }
            Body::World(body) => body(&World::new(backend)),
            Body::Plain(body) => body(),
        })
    })
}

/// Runs `work` on SQLite, for a process that is no run of cases.
pub(crate) fn on_sqlite(work: impl FnOnce(&World)) {
    work(&World::new(Arc::new(Backend::sqlite())));
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
