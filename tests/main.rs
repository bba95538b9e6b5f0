//! The tests of the running service, in one binary with a `main` of its own: every case that needs a database runs
//! once on SQLite and once on PostgreSQL, against a real server on a free port, and every answer that it receives is
//! checked against the OpenAPI document that this server publishes.
//!
//! To add a test: write `fn says_what_it_proves(app: &TestApp)` (or `&World`, or no argument) in a module here and
//! name it in that module's `cases![…]`; a function that is not named there is a `dead_code` warning.
//! `cargo test -- postgres::offices` runs a part, `-- --list` names all; `support` says where PostgreSQL comes from.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod api;
mod authorisation;
mod cli;
mod contract;
mod guides;
mod layering;
mod storage;
mod support;

/// Runs the cases of every module; the exit code is 0 only when all of them passed on every backend that must be there.
fn main() -> std::process::ExitCode {
    // The same binary is the issuer that some tests talk to, and the service whose guards are switched off.
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(api::oauth::issuer_process::ARGUMENT) => {
            api::oauth::issuer_process::run(arguments.next().as_deref());
            return std::process::ExitCode::SUCCESS;
        }
        Some(authorisation::teeth::ARGUMENT) => {
            authorisation::teeth::run();
            return std::process::ExitCode::SUCCESS;
        }
        _ => {}
    }
    let arguments = libtest_mimic::Arguments::from_args();
    let modules = [
        layering::cases,
        cli::cases,
        contract::cases,
        guides::cases,
        support::harness::cases,
        api::cases,
        authorisation::cases,
        storage::cases,
    ];
    support::run(&arguments, modules.iter().flat_map(|cases| cases()))
}
