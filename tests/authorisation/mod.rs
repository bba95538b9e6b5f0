//! The authorisation matrix: every operation of the published document × every caller × every relation to a record ×
//! every place in which the record can be named, held against an oracle.
//!
//! - [`policy`] reads `policy.md`, the table that a person reviews · [`facts`] is a world in plain words, [`small_world`]
//!   the one of the matrix · [`oracle`] works out from both what must come, and shares no code with the service
//! - [`stage`] puts a world into a running service ([`documents`] are its bodies) · [`operations`] reads the document
//! - [`cells`] and [`cells_without`] make the requests · [`run`] sends them, [`check`] compares, [`state`] sees that
//!   nothing was changed · [`feed`], [`access_tokens`], [`accounts`], [`account_rules`], [`audit_rows`] and
//!   [`extras`] are what does not fit the grid ([`answers`] is what these share) · [`log_lines`] reads along
//! - [`access`] are examples of what the rules say, for readers, and of what does not fit the matrix
//! - [`foreign`] makes callers for whom another issuer vouches
//! - [`random_worlds`] holds reading and listing against the oracle in worlds that nobody thought of
//! - [`grid`] writes `target/authorisation/grid-*.{md,csv}`
//!
//! A new operation needs a row in `policy.md`, and cells where it names a record in a way that is not known yet.

pub(crate) mod access;
mod access_tokens;
mod account_rules;
mod accounts;
mod answers;
mod audit_rows;
mod cells;
mod cells_without;
mod check;
mod documents;
mod extras;
mod facts;
mod feed;
mod foreign;
mod grid;
mod log_lines;
mod operations;
mod oracle;
mod policy;
mod random_worlds;
mod run;
mod small_world;
mod stage;
mod state;
pub(crate) mod teeth;
mod transfers;

use std::collections::BTreeSet;

use operations::Operation;
use policy::Row;
use random_worlds::what_is_read_and_listed_in_random_worlds_is_what_the_oracle_says;
use run::{Found, Outcome};
use stage::Stage;

use crate::api::oauth::issuer_process::Issuer;
use crate::support::contract::PATH;
use crate::support::{Case, TestApp, World as Backend, cases, sample};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cases![
        every_cell_is_as_the_policy_says,
        what_is_read_and_listed_in_random_worlds_is_what_the_oracle_says,
        the_oracle_shares_no_code_with_the_service,
    ];
    cases.extend(teeth::cases());
    cases.extend(access::cases());
    cases
}

/// Every row with its operation; fails the test where one lacks the other.
fn rows(app: &TestApp) -> Vec<(Row, Operation)> {
    let document = app.anonymous().get(PATH).expect(200).json();
    let operations = operations::read(&document);
    let rows = policy::read();
    let served: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    let known: BTreeSet<&str> = rows.iter().map(|row| row.operation.as_str()).collect();
    assert_eq!(known.len(), rows.len(), "an operation has one row");
    let lacking: Vec<_> = served.difference(&known).collect();
    assert!(lacking.is_empty(), "policy.md has no row for {lacking:?}");
    let stale: Vec<_> = known.difference(&served).collect();
    assert!(
        stale.is_empty(),
        "policy.md has rows for operations that are not served: {stale:?}"
    );
    rows.iter()
        .map(|row| {
            let of_row = operations.iter().find(|operation| operation.id == row.operation);
            (row.clone(), of_row.expect("an operation").clone())
        })
        .collect()
}

/// Everything that is tried in the small world.
fn try_all(stage: &mut Stage<'_>, rows: &[(Row, Operation)]) -> Found {
    let mut found = Found::default();
    for some in rows.chunks(10) {
        stage.renew_access_tokens();
        found.add(run::run(stage, some, None));
    }
    found.close();
    stage.renew_access_tokens();
    let stage = &*stage;
    let parts: [(&str, &dyn Fn() -> Vec<Outcome>); 10] = [
        ("feed", &|| feed::run(stage, "begin")),
        ("access tokens", &|| access_tokens::run(stage)),
        ("accounts", &|| accounts::run(stage, rows, None)),
        ("account rules", &|| account_rules::run(stage, rows, None)),
        ("audit rows", &|| audit_rows::run(stage)),
        ("transfers", &|| transfers::run(stage)),
        ("options", &|| extras::options(stage, rows)),
        ("repeats", &|| extras::repeats(stage)),
        ("endings", &|| extras::endings(stage)),
        ("referrers and lost rights", &|| {
            [extras::referrers(stage), extras::lost_rights(stage)].concat()
        }),
    ];
    for (name, part) in parts {
        let began = std::time::Instant::now();
        let outcomes = part();
        println!(
            "{name}: {} cells, {:.1} s",
            outcomes.len(),
            began.elapsed().as_secs_f64()
        );
        found.outcomes.extend(outcomes);
    }
    found
}

fn every_cell_is_as_the_policy_says(backend: &Backend) {
    let began = std::time::Instant::now();
    log_lines::watch();
    let (database, issuer) = (backend.database(), Issuer::start());
    let app = foreign::start(&database, &issuer);
    let principals = small_world::principals(&stage::scopes());
    let mut stage = Stage::new(&app, Some(&issuer), small_world::world(), principals);
    let rows = rows(&app);
    let set_up = began.elapsed();
    let found = try_all(&mut stage, &rows);
    let backend = app.database().url().backend();
    if sample::is_exhaustive() {
        grid::write(backend, &found, &stage);
    }
    let (cells, red) = (found.outcomes.len(), found.red().count());
    println!(
        "authorisation on {backend}: {cells} cells, {red} red, {} operations, {} callers; {:.1} s and {:.1} s to set up",
        rows.len(),
        stage.principals.len(),
        (began.elapsed() - set_up).as_secs_f64(),
        set_up.as_secs_f64()
    );
    let faults = found.faults();
    let shown: Vec<&str> = faults.iter().take(60).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), shown.join("\n"));
    let (lines, bad) = log_lines::seen();
    assert!(lines > 1_000, "{lines} lines were logged");
    assert!(
        bad.is_empty(),
        "{} lines hold what they must not: {:?}",
        bad.len(),
        bad.first()
    );
    for (row, _) in &rows {
        let tried = found
            .outcomes
            .iter()
            .filter(|outcome| outcome.operation == row.operation);
        let tried: BTreeSet<String> = tried.map(|outcome| outcome.place.to_owned()).collect();
        let untried: Vec<_> = row.places.difference(&tried).collect();
        assert!(
            untried.is_empty(),
            "{}: no reference travelled in {untried:?}",
            row.operation
        );
    }
}

fn the_oracle_shares_no_code_with_the_service() {
    for (name, text) in [
        ("oracle.rs", include_str!("oracle.rs")),
        ("policy.rs", include_str!("policy.rs")),
        ("facts.rs", include_str!("facts.rs")),
        ("small_world.rs", include_str!("small_world.rs")),
    ] {
        for word in ["eduaccord", "diesel", "crate::", "super::stage", "super::check"] {
            assert!(!text.contains(word), "{name} names {word}");
        }
    }
}
