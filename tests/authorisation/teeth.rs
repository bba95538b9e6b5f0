//! The matrix bites: without any one of the guards it turns red, and where it must. For each guard the cells of one
//! operation are tried, with every guard (all green) and without this one.
//!
//! The guards of limits are tried by themselves, in a service that has limits.
//!
//! A switch is one of the whole process, so this is done in a process of its own: the test binary in another mode. What
//! the guards decide does not depend on the database, so it is done on SQLite. A release has no switches.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::Instant;

use eduaccord::auth::Guard;
use eduaccord::auth::switches::without;

use super::operations::Operation;
use super::policy::Row;
use super::run as cells;
use super::run::{Found, Outcome};
use super::stage::Stage;
use super::{access_tokens, account_rules, accounts, audit_rows, extras, feed, foreign, rows, small_world, transfers};
use crate::api::oauth::issuer_process::Issuer;
use crate::support::look::Look;
use crate::support::{Case, TestApp, World as Backend, cases, on_sqlite, sample};

/// The argument that makes the test binary the service whose guards are switched off.
pub(crate) const ARGUMENT: &str = "--without-guards";

/// In a run that is not exhaustive, one in so many guards is switched off.
const SHARE: u64 = 5;

pub(super) fn cases() -> Vec<Case> {
    cases![without_any_one_of_the_guards_the_matrix_turns_red only sqlite "guards do not depend on the database"]
}

fn without_any_one_of_the_guards_the_matrix_turns_red(_: &Backend) {
    let output = Command::new(std::env::current_exe().expect("this binary"))
        .arg(ARGUMENT)
        .stdin(Stdio::null())
        .output()
        .expect("the process starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    println!("{said}");
}

/// What the process of its own does; it panics where a guard has no teeth.
pub(crate) fn run() {
    on_sqlite(without_its_guard_no_limit_is_kept);
    on_sqlite(switch_off_each_guard);
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
        Guard::VisibleInFilters => "listPrograms | unrelated office | by the country of h | filter",
        Guard::VisibleInReads => "getMou | unrelated office | private | path",
        Guard::HiddenLikeAbsent => "getMou | former party | left | path",
        Guard::VisibleRevisions => "getMouRevision | unrelated office | widened | path",
        Guard::VisibleInReferences => "createMou | unrelated office | private | body",
        Guard::VisibleReferrers => "deleteMou | party | referred by a hidden one | -",
        Guard::VisibleDuplicates => "createMou | party | twin of private | body",
        Guard::VisibleInExpansions => "listPrograms | unrelated office | expanded | expand",
        Guard::ReadableInExpansions => "listPrograms | all but mous:read | expanded | expand",
        Guard::VisibleChanges => "listChanges | unrelated office | everything | feed",
        Guard::ContentsOfChanges => "listChanges | former party | everything | feed",
        Guard::Suppression => "getProgram | unrelated office | sensitive | path",
        Guard::OwnerOfNew => "createMou | unrelated office | owner a | body",
        Guard::PartyToNamed => "createMou | unrelated office | about others | body",
        Guard::OwnerToDelete => "deleteMou | party | public | path",
        Guard::OwnerToAct => "performMouAction | party | public | path",
        Guard::ReceiverOfTransfer => "performMouAction | owner | public to u | body",
        Guard::VisibleTransfers => "getTransfer | unrelated office | draft to b | path",
        Guard::AnswerToOffer => "acceptTransfer | owner | draft to b | path",
        Guard::RegistryOnly => "performMouAction | owner | absent redacted | body",
        Guard::RightsOfAccessTokens => "getMe | owner, access token | after a scope was taken | -",
        Guard::PartOfOthers => "updateMou | unrelated office | public | path",
        Guard::UnitsBelow => "createMou | unit of the owner | owner a | body",
        Guard::OwnIdsOfOffice => "removeMouExternalId | unrelated office | public | path",
        Guard::CursorBinding => "listMous | owner | cursor of another list | cursor",
        Guard::IdempotencyOfClient => "createMou | unrelated office | answer to the owner | idempotency key",
        Guard::ManagedAccounts => "getToken | unrelated office | of owner | path",
        Guard::ManagedInLists => "listClients | unrelated office | all | -",
        Guard::ManagedInLineage => "revokeTokenById | parent of the owner | the owner's, which made another's | path",
        Guard::GrantableScopes => "createClient | all but mous:read | with mous:read | body",
        Guard::GrantableOffices => "createClient | owner | for office u | body",
        Guard::GrantableNetworks => "createToken | owner, from one network | of a client without networks | body",
        Guard::LifeOfMaker => "createToken | owner, subject of another issuer | for 91 days | body",
        Guard::SecretToManage => "createToken | registry admin, access token | of parent of the owner | path",
        Guard::OfficeOfClient => "updateClient | owner | the owner's, to a unit | body",
        Guard::OwnToken => "rotateToken | owner | of owner | path",
        Guard::LastAdmin => "updateToken | registry admin | the last administrator | body",
        Guard::NetworkRestriction => "updateClient | owner | the owner's, away from its network | body",
        Guard::ToldTokens => "introspectToken | unrelated office | token of owner | -",
        Guard::VisibleAuditRows => "listAuditEvents | unrelated office | everything | -",
        Guard::ContentsOfAuditRows => "listAuditEvents | owner | what was done to private | -",
        Guard::RegistryOnlyLinks => "unlinkIdentity | owner | a subject of the owner's office | path",
        Guard::GrantableLinks => "linkClientIdentity | registry, admin alone | the owner's client | body",
        Guard::LinkedSubject => "getMou | unlinked subject | public | path",
        Guard::IssuerOfSubject => "getMou | subject linked elsewhere | public | path",
        Guard::MergedIsOver => "updateOffice | owner | merged | path",
        Guard::VisibleMerged => "createOffice | unrelated office | mergedhidden | body",
        Guard::VisibleSurvivors => "getOffice | unrelated office | mergedaway | path",
        // See `without_its_guard_no_limit_is_kept`.
        Guard::TokenQuota | Guard::AddressFailures => "",
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
    let mut found = cells::run(stage, &of_sign, Some(sign));
    found.close();
    match operation {
        "listChanges" => found.outcomes.extend(feed::run(stage, "begin")),
        "getMe" => {
            found.outcomes.extend(extras::endings(stage));
            found.outcomes.extend(extras::lost_rights(stage));
        }
        // The last of all guards: what this makes is in no fact of the world.
        "createMou" if sign.ends_with("idempotency key") => found.outcomes.extend(extras::repeats(stage)),
        "deleteMou" => found.outcomes.extend(extras::referrers(stage)),
        "getTransfer" | "acceptTransfer" => found.outcomes.extend(transfers::run(stage)),
        "introspectToken" => found.outcomes.extend(access_tokens::run(stage)),
        "listAuditEvents" => found.outcomes.extend(audit_rows::run(stage)),
        _ => {}
    }
    found.outcomes.extend(accounts::run(stage, rows, Some(operation)));
    found.outcomes.extend(account_rules::run(stage, rows, Some(operation)));
    found
}

/// The guards that are switched off in this run.
fn chosen() -> Vec<Guard> {
    let all = Guard::ALL.iter().copied().filter(|guard| !sign(*guard).is_empty());
    all.filter(|guard| sample::takes(&format!("{guard:?}"), SHARE))
        .collect()
}

fn switch_off_each_guard(backend: &Backend) {
    let (database, issuer) = (backend.database(), Issuer::start());
    let app = foreign::start(&database, &issuer);
    let principals = small_world::principals(&super::stage::scopes());
    let mut stage = Stage::new(&app, Some(&issuer), small_world::world(), principals);
    let rows = rows(&app);
    let (mut toothless, mut table, mut tried) = (Vec::new(), String::new(), BTreeSet::new());
    for guard in &chosen() {
        let began = Instant::now();
        stage.renew_access_tokens();
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
    std::fs::create_dir_all("target/authorisation").expect("a folder for the table");
    std::fs::write("target/authorisation/teeth.txt", table).expect("the table is written");
    assert!(toothless.is_empty(), "{}", toothless.join("\n"));
}

fn guess() -> String {
    eduaccord::auth::secret::make_secret().expect("a secret")
}

/// What comes of the fifth request of a caller whose token has a quota of four, and of a guess after six others from one
/// address where five are allowed.
fn statuses_beyond_limits(backend: &Backend) -> (u16, u16) {
    let database = backend.database();
    let app = TestApp::start(&database, |settings| {
        settings.rate_limit = Some(4);
        settings.failure_limit = Some(5);
    });
    let asked = app.admin();
    for _ in 0..4 {
        asked.get("/api/v1/me").expect(200);
    }
    let beyond = asked.get("/api/v1/me").status;
    for _ in 0..6 {
        app.with_token(&guess()).get("/api/v1/me").expect(401);
    }
    (beyond, app.with_token(&guess()).get("/api/v1/me").status)
}

fn without_its_guard_no_limit_is_kept(backend: &Backend) {
    let tried = |guard| without(guard, || statuses_beyond_limits(backend));
    assert_eq!(statuses_beyond_limits(backend), (429, 429));
    assert_eq!(tried(Guard::TokenQuota), (200, 429));
    assert_eq!(tried(Guard::AddressFailures), (429, 401));
    println!("without TokenQuota, without AddressFailures: the one cell of each is red");
}
