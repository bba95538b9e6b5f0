//! A registry full of invented records: to see how the service behaves with as many as a country has.
//!
//! The same seed makes the same documents, apart from ids and instants. They go the ordinary way: the contract checks
//! each, and the writer stores it with its revision, its place in the feed and its audit row. Several wait in the
//! writer's queue at a time, so that they share commits; the queue keeps their order, so a record may refer to one that
//! waits before it.

mod mous;
mod offices;
mod policies;
mod programs;
mod random;
mod words;
mod world;

use crate::auth::Actor;
use crate::db::schema::records;
use crate::db::{Database, Pending};
use crate::documents::contract::Contracts;
use crate::documents::entry::{KindEntry, Written};
use crate::documents::write::body::read_object;
use crate::error::{Error, Result};
use crate::values::id::new_id;
use diesel::{QueryDsl, RunQueryDsl};
use random::Random;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::time::Instant;
use world::World;

/// Records that wait in the writer's queue at most: two of its batches, one that is written and one that is made ready.
const IN_FLIGHT: usize = 128;

/// How many records of each kind, and which ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// Offices. MOUs need two of them.
    pub offices: usize,
    /// MOUs.
    pub mous: usize,
    /// Programs.
    pub programs: usize,
    /// Policies.
    pub policies: usize,
    /// Another seed makes other documents.
    pub seed: u64,
    /// Also beside records that are there already.
    pub add: bool,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The seed.
    pub seed: u64,
    /// Kind by kind, in the order in which they were made.
    pub kinds: Vec<Made>,
    /// All of them.
    pub total: Made,
}

/// Records that were made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Made {
    /// The kind, or `all`.
    pub kind: &'static str,
    /// How many.
    pub records: usize,
    /// How long it took until the last was committed.
    pub seconds: f64,
    /// Both together.
    pub records_per_second: f64,
}

impl Made {
    fn new(kind: &'static str, records: usize, seconds: f64) -> Self {
        let whole = u32::try_from(records).map_or(f64::from(u32::MAX), f64::from);
        Self {
            kind,
            records,
            seconds,
            records_per_second: if seconds > 0.0 { whole / seconds } else { 0.0 },
        }
    }
}

/// How the generation went.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done(Summary),
    /// There are so many records already, and adding to them was not asked for. Nothing was done.
    NotEmpty(usize),
    /// The other records need so many offices. Nothing was done.
    TooFewOffices(usize),
}

/// Makes one document, given what was made so far, its number among its kind, and its id.
type Maker = fn(&mut World, &mut Random, usize, &str) -> Map<String, Value>;

/// Fills a database. `progress` is told how many of how many records are committed.
pub fn generate(
    database: &Database,
    kinds: &[KindEntry],
    contracts: &Contracts,
    recipe: &Recipe,
    progress: &dyn Fn(usize, usize),
) -> Result<Outcome> {
    let least = if recipe.mous > 0 { 2 } else { 1 };
    let others = recipe.mous + recipe.programs + recipe.policies;
    if others > 0 && recipe.offices < least {
        return Ok(Outcome::TooFewOffices(least));
    }
    let before: i64 = database.read_blocking(|conn| Ok(records::table.count().get_result(conn)?))?;
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    if before > 0 && !recipe.add {
        return Ok(Outcome::NotEmpty(before));
    }
    // In this order each refers only to what was made before it.
    let steps: [(&str, usize, Maker); 4] = [
        ("office", recipe.offices, offices::make),
        ("policy", recipe.policies, policies::make),
        ("mou", recipe.mous, mous::make),
        ("program", recipe.programs, programs::make),
    ];
    let total = recipe.offices + others;
    let mut line = Line {
        database,
        waiting: VecDeque::new(),
        longest: IN_FLIGHT.min(database.queue_length()).max(1),
        done: 0,
        progress: &|done| progress(done, total),
    };
    let mut world = World {
        before,
        ..World::default()
    };
    let mut made = Vec::new();
    let started = Instant::now();
    for (kind, records, make) in steps {
        let entry = kinds
            .iter()
            .find(|entry| entry.name == kind)
            .ok_or_else(|| Error::internal(format!("there is no kind {kind}")))?;
        let contract = contracts.shared(kind)?;
        let began = Instant::now();
        for number in 0..records {
            let id = new_id(entry.prefix);
            let mut random = Random::of(recipe.seed, kind, number);
            let document = make(&mut world, &mut random, number, &id);
            let body = read_object(&contract, Value::Object(document))?;
            let job = (entry.prepare_creation)(&contract, body, id)?;
            line.push(move |transaction| job(transaction, &Actor::command_line()))?;
        }
        line.finish()?;
        made.push(Made::new(entry.name, records, began.elapsed().as_secs_f64()));
    }
    Ok(Outcome::Done(Summary {
        seed: recipe.seed,
        kinds: made,
        total: Made::new("all", total, started.elapsed().as_secs_f64()),
    }))
}

/// Records on their way to the disk.
struct Line<'a> {
    database: &'a Database,
    waiting: VecDeque<Pending<Written>>,
    longest: usize,
    done: usize,
    progress: &'a dyn Fn(usize),
}

impl Line<'_> {
    /// Hands a record to the writer; waits for the first in the line where it is long enough.
    fn push(
        &mut self,
        work: impl FnOnce(&mut crate::db::Transaction<'_>) -> Result<Written> + Send + 'static,
    ) -> Result<()> {
        while self.waiting.len() >= self.longest {
            self.take_first()?;
        }
        self.waiting.push_back(self.database.submit(work)?);
        Ok(())
    }

    /// Waits until all are committed.
    fn finish(&mut self) -> Result<()> {
        while !self.waiting.is_empty() {
            self.take_first()?;
        }
        Ok(())
    }

    fn take_first(&mut self) -> Result<()> {
        if let Some(first) = self.waiting.pop_front() {
            first.wait()?;
            self.done += 1;
            (self.progress)(self.done);
        }
        Ok(())
    }
}
