//! Bringing the rows that follow from documents up to today's derivation: after an upgrade by itself, beside the
//! requests, and by `eduaccord reindex`.
//!
//! It works in bounded batches, each a chore of the writer, so requests are served in between and a process that ends in the
//! middle loses nothing: records carry their own number, and the next run continues with those that are behind. When none
//! is, the state row says so, which opens lists in every instance, and the audit log gets one row. Documents and
//! versions do not change; the feed only where the upgrade takes sight of a record from somebody.

pub mod worker;

use crate::audit::chain::{Event, append};
use crate::auth::Actor;
use crate::db::schema::records;
use crate::db::{Database, Transaction};
use crate::documents::contract::Contracts;
use crate::documents::derivation::DERIVATION;
use crate::documents::entry::{KindEntry, levels_of};
use crate::documents::write::reindex::{Note, Rederived, mark_current, unreadable};
use crate::error::{Code, Error, Result};
use crate::json::digest::digest_of;
use crate::texts;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Records of one transaction. A request's change waits for one batch at most.
pub const BATCH: i64 = 100;

/// A batch ends after the record at hand when it has taken so long: some records have many versions.
const LONGEST_BATCH: Duration = Duration::from_millis(200);

/// What the audit log calls it.
pub const OPERATION: &str = "registry.reindex";

/// Which records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those whose rows an older derivation made.
    Older,
    /// All, also those that should be up to date: repairs damaged rows.
    All,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The derivation that all records have now.
    pub derivation: i32,
    /// Records whose rows were made again.
    pub records: usize,
    /// Those among them whose rows differed.
    pub changed: usize,
    /// What an operator is to know.
    pub notes: BTreeSet<Note>,
}

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Records looked at.
    pub records: usize,
    /// Those whose rows an older derivation made.
    pub older: usize,
    /// In what stored rows differ from those that the documents give.
    pub differences: Vec<Note>,
}

/// The callbacks of a run; none is called inside a transaction.
pub struct Control<'a> {
    /// Gets how many of how many records are done.
    pub progress: &'a dyn Fn(usize, usize),
    /// Gets what an operator should know about a record, once its batch is committed.
    pub tell: &'a dyn Fn(&Note),
    /// Ends the run after the batch at hand.
    pub is_ending: &'a dyn Fn() -> bool,
    /// Records of one transaction; [`BATCH`], but for tests.
    pub batch: i64,
    /// Who is named in the audit log.
    pub actor: Actor,
}

/// Makes the rows of records again. None when it was ended before it was done.
///
/// # Errors
/// Those of the database, and 503 `newer-writer` when a newer program has taken over; what was done until then stays.
pub fn reindex(
    database: &Database,
    kinds: &'static [KindEntry],
    contracts: &Contracts,
    scope: Scope,
    control: &Control<'_>,
) -> Result<Option<Summary>> {
    let mut summary = Summary {
        derivation: DERIVATION,
        ..Summary::default()
    };
    let mut total = count(database, scope)?;
    let mut after = String::new();
    loop {
        let batch = next_batch(database, scope, &after, control.batch)?;
        let Some((last, _)) = batch.last() else {
            // Others may have written rows of an older derivation meanwhile, while they still could.
            if finish(database, kinds, scope, &summary, &control.actor)? {
                return Ok(Some(summary));
            }
            after.clear();
            continue;
        };
        if (control.is_ending)() {
            return Ok(None);
        }
        after.clone_from(last);
        let shared = contracts.clone();
        let (done, reached) =
            database.write_chore(move |transaction| run_batch(transaction, kinds, &shared, scope, &batch))?;
        if let Some(reached) = reached {
            after = reached;
        }
        summary.records += done.records;
        summary.changed += done.changed;
        for note in done.notes {
            (control.tell)(&note);
            summary.notes.insert(note);
        }
        total = total.max(summary.records);
        (control.progress)(summary.records, total);
    }
}

fn count(database: &Database, scope: Scope) -> Result<usize> {
    let count: i64 = database.read_blocking(|conn| {
        Ok(records::table
            .filter(records::derivation.lt(limit(scope)))
            .count()
            .get_result(conn)?)
    })?;
    usize::try_from(count).map_err(Error::internal)
}

/// Records of derivations below this are wanted.
fn limit(scope: Scope) -> i32 {
    match scope {
        Scope::Older => DERIVATION,
        Scope::All => i32::MAX,
    }
}

/// The next records, by id and kind: the oldest first.
fn next_batch(database: &Database, scope: Scope, after: &str, size: i64) -> Result<Vec<(String, String)>> {
    database.read_blocking(|conn| {
        Ok(records::table
            .filter(records::derivation.lt(limit(scope)))
            .filter(records::id.gt(after))
            .order(records::id.asc())
            .limit(size)
            .select((records::id, records::kind))
            .load(conn)?)
    })
}

/// Makes the rows of these records again, as far as it comes in [`LONGEST_BATCH`]; what was done, and the id that it
/// came to where that is not the last.
fn run_batch(
    transaction: &mut Transaction<'_>,
    kinds: &[KindEntry],
    contracts: &Contracts,
    scope: Scope,
    batch: &[(String, String)],
) -> Result<(Summary, Option<String>)> {
    let began = Instant::now();
    refuse_beside_newer(transaction, kinds)?;
    let ids: Vec<&str> = batch.iter().map(|(id, _)| id.as_str()).collect();
    // Written, or made again by another instance, since the batch was chosen.
    let wanted: Vec<String> = records::table
        .filter(records::id.eq_any(&ids))
        .filter(records::derivation.lt(limit(scope)))
        .select(records::id)
        .load(transaction.conn)?;
    let mut summary = Summary::default();
    for (id, kind) in batch.iter().filter(|(id, _)| wanted.contains(id)) {
        let entry = kinds.iter().find(|entry| entry.name == kind);
        let done = match entry {
            Some(entry) => (entry.rederive)(transaction, contracts.by_name(kind)?, id),
            None => Err(Error::internal(format!("the kind {kind} is unknown"))),
        };
        let done = match done {
            Err(error) if !error.is_from_database() => leave(transaction, id, &error)?,
            other => other?,
        };
        summary.records += 1;
        summary.changed += usize::from(done.changed);
        summary.notes.extend(done.notes);
        if began.elapsed() >= LONGEST_BATCH {
            return Ok((summary, Some(id.clone())));
        }
    }
    Ok((summary, None))
}

/// One record that is damaged must not keep the lists of all others closed: it is left as it is, and `verify` reports it.
fn leave(transaction: &mut Transaction<'_>, id: &str, error: &Error) -> Result<Rederived> {
    mark_current(transaction.conn, id)?;
    let note = Note {
        record_id: id.to_owned(),
        text: unreadable(error),
    };
    Ok(Rederived {
        changed: false,
        notes: vec![note],
    })
}

/// Says in the state row that all is done, and in the audit log what was done. False where some are behind still.
fn finish(
    database: &Database,
    kinds: &'static [KindEntry],
    scope: Scope,
    summary: &Summary,
    actor: &Actor,
) -> Result<bool> {
    let actor = actor.clone();
    let (done, changed, notes) = (summary.records, summary.changed, summary.notes.len());
    database.write_chore(move |transaction| {
        refuse_beside_newer(transaction, kinds)?;
        let behind: Option<i32> = records::table
            .select(diesel::dsl::min(records::derivation))
            .first(transaction.conn)?;
        if behind.is_some_and(|lowest| lowest < DERIVATION) {
            return Ok(false);
        }
        transaction.state.derivation = DERIVATION;
        if done > 0 || scope == Scope::All {
            let counts = format!("derivation {DERIVATION}, records {done}, changed {changed}, notes {notes}");
            append(
                transaction,
                &actor,
                Event {
                    value_hash: &digest_of(&counts),
                    occurrences: i64::try_from(done).ok(),
                    ..Event::done(OPERATION, None)
                },
            )?;
        }
        Ok(true)
    })
}

/// The rows of a newer program's derivation are not to be made older.
fn refuse_beside_newer(transaction: &Transaction<'_>, kinds: &[KindEntry]) -> Result<()> {
    if transaction.state.writer_level <= levels_of(kinds).writer {
        return Ok(());
    }
    Err(Error::new(Code::NewerWriter, texts::storage::newer_program_works()))
}

/// Compares the stored rows of all records with those that the documents give, and changes nothing.
pub fn compare(
    database: &Database,
    kinds: &[KindEntry],
    contracts: &Contracts,
    progress: &dyn Fn(usize, usize),
) -> Result<Comparison> {
    let total = count(database, Scope::All)?;
    let mut found = Comparison {
        older: count(database, Scope::Older)?,
        ..Comparison::default()
    };
    let mut after = String::new();
    loop {
        let batch = next_batch(database, Scope::All, &after, BATCH)?;
        let Some((last, _)) = batch.last() else {
            return Ok(found);
        };
        after.clone_from(last);
        for (id, kind) in &batch {
            let entry = kinds.iter().find(|entry| entry.name == kind);
            let texts = match entry {
                None => vec![format!("the kind {kind} is unknown")],
                Some(entry) => {
                    let contract = contracts.by_name(kind)?;
                    database.read_blocking(|conn| (entry.check_rows)(conn, contract, id))?
                }
            };
            found.records += 1;
            found.differences.extend(texts.into_iter().map(|text| Note {
                record_id: id.clone(),
                text,
            }));
        }
        progress(found.records, total.max(found.records));
    }
}
