//! The matrix bites: without any one of the guards it turns red, and where it must. For each guard the cells of one
//! operation are tried, with every guard (all green) and without this one.
//!
//! Only with the feature `switchable-guards`: `cargo test --features switchable-guards --test service -- teeth`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use eduaccord::auth::Guard;
use eduaccord::auth::switches::without;

use super::operations::Operation;
use super::policy::Row;
use super::run::{Found, Outcome};
use super::stage::Stage;
use super::{extras, feed, foreign, rows, run, small_world};
use crate::oauth::issuer_process::Issuer;
use crate::support::look::Look;
use crate::support::{Case, World as Backend, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![without_any_one_of_the_guards_the_matrix_turns_red]
}

/// A cell that turns red without this guard, among others: operation, caller, relation, place.
fn sign(guard: Guard) -> &'static str {
    match guard {
        Guard::TokenRevocation => "getMou | revoked token | public | path",
        Guard::TokenExpiry => "getMou | expired token | public | path",
        Guard::ClientSuspension => "updateMou | suspended client | public | path",
        Guard::LivingOffice => "listMous | deleted office | all | -",
        Guard::Epoch => "getMe | revoked token | at the next request | -",
        Guard::Network => "getMou | from elsewhere | public | path",
        Guard::Scope => "deleteMou | only mous:read | public | path",
        Guard::VisibleInLists => "listMous | unrelated office | all | -",
        Guard::VisibleInReads => "getMou | unrelated office | private | path",
        Guard::HiddenLikeAbsent => "getMou | former party | left | path",
        Guard::VisibleRevisions => "getMouRevision | unrelated office | widened | path",
        Guard::VisibleInReferences => "createMou | unrelated office | private | body",
        Guard::VisibleReferrers => "deleteMou | party | referred by a hidden one | -",
        Guard::VisibleDuplicates => "createMou | unrelated office | twin of private | body",
        Guard::VisibleInExpansions => "listPrograms | unrelated office | expanded | expand",
        Guard::ReadableInExpansions => "listPrograms | all but mous:read | expanded | expand",
        Guard::VisibleChanges => "listChanges | unrelated office | everything | feed",
        Guard::ContentsOfChanges => "listChanges | former party | everything | feed",
        Guard::Withholding => "getProgram | unrelated office | sensitive | path",
        Guard::OwnerOfNew => "createMou | unrelated office | owner a | body",
        Guard::OwnerToDelete => "deleteMou | party | public | path",
        Guard::OwnerToAct => "actOnMou | party | public | path",
        Guard::ReceiverOfTransfer => "actOnMou | owner | public to u | body",
        Guard::RegistryOnly => "actOnMou | owner | absent redacted | body",
        Guard::RightsOfAccessTokens => "getMe | owner, access token | after a scope was taken | -",
        Guard::PartOfOthers => "updateMou | unrelated office | public | path",
        Guard::UnitsBelow => "createMou | unit of the owner | owner a | body",
        Guard::OwnIdsOfOffice => "removeMouExternalId | unrelated office | public | path",
        Guard::CursorBinding => "listMous | owner | cursor of another list | cursor",
        Guard::IdempotencyOfClient => "createMou | unrelated office | answer to the owner | idempotency key",
    }
}

fn name(outcome: &Outcome) -> String {
    let Outcome {
        operation,
        principal,
        relation,
        place,
        ..
    } = outcome;
    format!("{operation} | {principal} | {relation} | {place}")
}

fn operation_of(sign: &'static str) -> &'static str {
    sign.split(" | ").next().unwrap_or_default()
}

/// The cells of the operation that shows the guard best.
fn try_some(stage: &Stage<'_>, rows: &[(Row, Operation)], sign: &'static str) -> Found {
    let operation = operation_of(sign);
    let of_sign: Vec<(Row, Operation)> = rows
        .iter()
        .filter(|(row, _)| row.operation == operation)
        .cloned()
        .collect();
    let mut found = run::run(stage, &of_sign);
    match operation {
        "listChanges" => found.outcomes.extend(feed::run(stage)),
        "getMe" => {
            found.outcomes.extend(extras::endings(stage));
            found.outcomes.extend(extras::lost_rights(stage));
        }
        // The last of all guards: what this makes is in no fact of the world.
        "createMou" if sign.ends_with("idempotency key") => found.outcomes.extend(extras::repeats(stage)),
        "deleteMou" => found.outcomes.extend(extras::referrers(stage)),
        _ => {}
    }
    found
}

fn without_any_one_of_the_guards_the_matrix_turns_red(backend: &Backend) {
    let (database, issuer) = (backend.database(), Issuer::start());
    // The switches are of the whole process, and what they guard does not depend on the database.
    if database.url.starts_with("postgres") {
        return;
    }
    let app = foreign::start(&database, &issuer);
    let principals = small_world::principals(&super::stage::scopes());
    let stage = Stage::new(&app, Some(&issuer), small_world::world(), principals);
    let rows = rows(&app);
    let (mut toothless, mut table, mut tried) = (Vec::new(), String::new(), BTreeSet::new());
    for guard in Guard::ALL {
        let began = Instant::now();
        if tried.insert(operation_of(sign(*guard))) {
            let faults = try_some(&stage, &rows, sign(*guard)).faults();
            assert!(faults.is_empty(), "with every guard: {faults:#?}");
        }
        let found = without(*guard, || try_some(&stage, &rows, sign(*guard)));
        // What was let in without the guard is remembered no longer.
        Look::into(app.database().url()).execute("UPDATE registry_state SET epoch = epoch + 1");
        let red: Vec<&Outcome> = found.red().collect();
        let operations: BTreeSet<&str> = red.iter().map(|outcome| outcome.operation.as_str()).collect();
        let mut callers: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in &red {
            *callers.entry(outcome.group.as_str()).or_default() += 1;
        }
        let line = format!(
            "without {guard:?}: {} of {} cells red, {} operations, callers {callers:?}, {:.1} s",
            red.len(),
            found.outcomes.len(),
            operations.len(),
            began.elapsed().as_secs_f64(),
        );
        println!("{line}");
        table.push_str(&line);
        table.push('\n');
        if !red.iter().any(|outcome| name(outcome) == sign(*guard)) {
            let shown: Vec<String> = red.iter().take(5).map(|outcome| name(outcome)).collect();
            toothless.push(format!("{guard:?}: {:?} stayed green; red are {shown:?}", sign(*guard)));
        }
    }
    std::fs::write("target/authorisation/teeth.txt", table).expect("the table is written");
    assert!(toothless.is_empty(), "{}", toothless.join("\n"));
}
