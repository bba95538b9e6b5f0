//! Asking the service about every cell, on several threads, and holding each answer against the oracle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::cells::{Cell, on_records};
use super::cells_without::{of_creation, of_list, of_nothing, of_push, of_registry};
use super::check::{check, masked};
use super::facts::Principal;
use super::operations::{Form, Operation};
use super::oracle::{Verdict, judge, sees};
use super::policy::Row;
use super::stage::Stage;
use super::state::{differing, digest};
use crate::support::client::{Client, Reply};
use crate::support::look::Look;
use crate::support::sample;

const THREADS: usize = 4;
/// A sample has one cell in so many.
const SHARE: u64 = 16;

/// What was asked and what came.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) operation: String,
    pub(super) principal: String,
    pub(super) group: String,
    pub(super) relation: String,
    pub(super) place: &'static str,
    /// What the oracle said.
    pub(super) expected: String,
    /// Everything that is wrong.
    pub(super) faults: Vec<String>,
}

/// What a run found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) outcomes: Vec<Outcome>,
    /// What is wrong with no single cell: state that changed, tags.
    pub(super) others: Vec<String>,
    tags: Tags,
}

impl Found {
    /// Both together.
    pub(super) fn add(&mut self, other: Found) {
        self.outcomes.extend(other.outcomes);
        self.others.extend(other.others);
        for (text, tags) in other.tags {
            self.tags.entry(text).or_default().extend(tags);
        }
    }

    /// When everything was asked: what is wrong with the tags of all lists.
    pub(super) fn close(&mut self) {
        self.others.extend(ambiguous_tags(&self.tags));
    }

    /// The cells that are not as the oracle says.
    pub(super) fn red(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| !outcome.faults.is_empty())
    }

    /// One line for each thing that is wrong.
    pub(super) fn faults(&self) -> Vec<String> {
        let cells = self.red().flat_map(|red| {
            red.faults.iter().map(move |fault| {
                let place = format!(
                    "{} | {} | {} | {}",
                    red.operation, red.principal, red.relation, red.place
                );
                format!("{place}: {fault}")
            })
        });
        cells.chain(self.others.iter().cloned()).collect()
    }
}

/// Runs the cells of these operations: all of them, or the sample of this run, in which a cell that is named as
/// [`named`] does always is.
pub(super) fn run(stage: &Stage<'_>, rows: &[(Row, Operation)], always: Option<&str>) -> Found {
    let mut found = Found::default();
    let mut look = Look::into(stage.app.database().url());
    let tags = Mutex::new(BTreeMap::new());
    let mut before = digest(&mut look);
    for (row, operation) in rows {
        let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let chosen = choose(stage, row, operation, always);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Some((number, cells)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (principal, client) = &stage.principals[*number];
                        let asked = ask_all(stage, row, operation, (principal, client), cells, &tags);
                        outcomes.lock().expect("no panic").extend(asked);
                    }
                });
            }
        });
        found.outcomes.extend(outcomes.into_inner().expect("no panic"));
        let after = digest(&mut look);
        let changed = differing(&before, &after);
        if !changed.is_empty() {
            let fault = format!("{}: a refusal, a dry run or a read changed {changed:?}", operation.id);
            found.others.push(fault);
            before = after;
        }
    }
    found.tags = tags.into_inner().expect("no panic");
    found
}

/// The cells of one operation and one caller.
fn cells<'a>(stage: &'a Stage<'_>, operation: &Operation, principal: &Principal) -> Vec<Cell<'a>> {
    match operation.form {
        Form::List => of_list(stage, operation, principal),
        Form::Create => of_creation(stage, operation, principal),
        Form::OfTokens => Vec::new(),
        Form::OfRegistry => of_registry(operation),
        Form::Feed | Form::Plain => of_nothing(operation),
        Form::PutByOwnId | Form::PatchByOwnId => {
            let mut cells = on_records(stage, operation, principal);
            cells.extend(of_push(stage, operation, principal));
            cells
        }
        _ => on_records(stage, operation, principal),
    }
}

/// Is this about a record that never existed? What is hidden is compared with it.
fn is_absence(cell: &Cell<'_>) -> bool {
    cell.ask.record.is_none() && cell.relation.contains("absent")
}

/// A cell in words.
pub(super) fn named(operation: &str, principal: &str, cell: &Cell<'_>) -> String {
    format!("{operation} | {principal} | {} | {}", cell.relation, cell.place)
}

/// The cells of one operation by the numbers of their callers, in the order in which they are asked. A sample has one in
/// [`SHARE`], and at least one of every place and of every answer; and, with each of them, the absent record that it is
/// compared with.
fn choose<'a>(
    stage: &'a Stage<'_>,
    row: &Row,
    operation: &Operation,
    always: Option<&str>,
) -> Vec<(usize, Vec<Cell<'a>>)> {
    let all = stage.principals.iter().enumerate();
    let mut all: Vec<(usize, Vec<Cell<'a>>)> = all
        .map(|(number, (principal, _))| (number, cells(stage, operation, principal)))
        .collect();
    if sample::is_exhaustive() {
        return all;
    }
    let mut chosen: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut first: BTreeMap<String, (u64, (usize, usize))> = BTreeMap::new();
    for (number, cells) in &all {
        let principal = &stage.principals[*number].0;
        for (index, cell) in cells.iter().enumerate() {
            let (name, place) = (named(&operation.id, &principal.name, cell), (*number, index));
            let full = format!("{name} {} {}", cell.group, cell.method);
            if sample::takes(&full, SHARE) || always == Some(&name) {
                chosen.insert(place);
            }
            let verdict = judge(&stage.world, row, principal, &cell.ask);
            let rank = (sample::rank(&full), place);
            for stratum in [cell.place, &verdict.word()] {
                let least = first.entry(stratum.to_owned()).or_insert(rank);
                *least = rank.min(*least);
            }
        }
    }
    chosen.extend(first.into_values().map(|(_, place)| place));
    for (number, cells) in &mut all {
        let is_chosen = |index: usize| chosen.contains(&(*number, index));
        let taken = cells.iter().enumerate().filter(|(index, _)| is_chosen(*index));
        let groups: BTreeSet<String> = taken.map(|(_, cell)| cell.group.clone()).collect();
        let mut index = 0;
        cells.retain(|cell| {
            index += 1;
            is_chosen(index - 1) || (is_absence(cell) && groups.contains(&cell.group))
        });
    }
    all
}

/// Lists by their text, with their tags.
type Tags = BTreeMap<String, BTreeSet<String>>;

fn ask_all(
    stage: &Stage<'_>,
    row: &Row,
    operation: &Operation,
    (principal, client): (&Principal, &Client),
    cells: &[Cell<'_>],
    tags: &Mutex<Tags>,
) -> Vec<Outcome> {
    let markers = stage.markers(principal, operation.kind);
    let client = client.unchecked();
    let mut absent: BTreeMap<String, String> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for cell in cells {
        let verdict = judge(&stage.world, row, principal, &cell.ask);
        let reply = send(&client, cell);
        let mut faults = check(stage, principal, cell, verdict, &reply, &markers);
        let answer = masked(&reply, &cell.references);
        if is_absence(cell) {
            absent.insert(cell.group.clone(), answer);
        } else if !operation.form.is_push()
            && hides(stage, principal, cell, verdict)
            && let Some(absence) = absent.get(&cell.group).filter(|absence| **absence != answer)
        {
            faults.push(format!("hidden and absent differ: {answer} <> {absence}"));
        }
        if operation.form == Form::List && reply.status == 200 && cell.method == "GET" {
            let tag = reply.header("etag").unwrap_or_default().to_owned();
            tags.lock()
                .expect("no panic")
                .entry(reply.text.clone())
                .or_default()
                .insert(tag);
        }
        outcomes.push(Outcome {
            operation: operation.id.clone(),
            principal: principal.name.clone(),
            group: principal.group.clone(),
            relation: cell.relation.clone(),
            place: cell.place,
            expected: verdict.word(),
            faults,
        });
    }
    outcomes
}

/// Must the answer be that for something which never existed?
fn hides(stage: &Stage<'_>, principal: &Principal, cell: &Cell<'_>, verdict: Verdict) -> bool {
    let is_seen = cell
        .ask
        .record
        .is_some_and(|record| sees(&stage.world, principal, record));
    (verdict.hides() && !is_seen) || (cell.relation == "owner h" && verdict.status == 403)
}

fn send(client: &Client, cell: &Cell<'_>) -> Reply {
    let mut headers: Vec<(&str, &str)> = cell
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let media_type = match cell.method.as_str() {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let sent = cell.body.as_ref().map(Value::to_string).unwrap_or_default();
    if cell.body.is_some() {
        headers.push(("content-type", media_type));
    }
    client.raw(&cell.method, &cell.path, &headers, sent.as_bytes())
}

/// A list's tag speaks of what the caller sees and of nothing else: equal pages have one tag, others another.
fn ambiguous_tags(tags: &Tags) -> Vec<String> {
    let mut of_tags: BTreeMap<&String, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (text, tags) in tags {
        if tags.len() > 1 {
            faults.push(format!(
                "one page has the tags {tags:?}: {}",
                &text[..text.len().min(200)]
            ));
        }
        for tag in tags {
            *of_tags.entry(tag).or_default() += 1;
        }
    }
    faults.extend(
        of_tags
            .iter()
            .filter(|(_, pages)| **pages > 1)
            .map(|(tag, _)| format!("two pages have the tag {tag}")),
    );
    faults
}
