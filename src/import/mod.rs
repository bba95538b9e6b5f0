//! Bulk import on the host: files of records with a partner's own ids, in any order, safe to repeat.
//!
//! Each record is `{"kind", "external_id": {"system", "key"}, "document"}`; its document may refer to other records as
//! `ext:{system}:{key}`, also to ones that come later. A record that exists is merged (members sent are set), an equal
//! one is left alone. A bad record is reported with its file, line and pointer, and the others are imported.

use crate::auth::Actor;
use crate::bounds::MAX_DEPTH;
use crate::db::schema::records;
use crate::db::{Database, StoredDocument};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::entry::{KindEntry, WriteJob, Written};
use crate::documents::external;
use crate::documents::read::address::{Resolved, unknown_reference};
use crate::documents::write::body::{external_references, read_object, replace_external};
use crate::error::{Code, Error, Result};
use crate::json::reader::lines::Lines;
use crate::json::reader::{JsonFault, Limits, parse_strict};
use crate::texts;
use crate::values::id::{ExternalReference, new_id};
use crate::values::{Finding, FindingCode};
use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Two levels more than a document may have.
const LIMITS: Limits = Limits {
    max_depth: MAX_DEPTH + 2,
    ..Limits::OF_BODIES
};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Records that were new.
    pub created: usize,
    /// Records that were different.
    pub updated: usize,
    /// Records that were equal.
    pub unchanged: usize,
    /// Records that were not written, with every reason.
    pub failed: usize,
    /// Everything that was wrong.
    pub problems: Vec<Problem>,
}

/// One thing wrong with one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line on which the place stands, as far as it is known; else that on which the record begins.
    pub line: usize,
    /// JSON pointer into the record.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// (kind, own id): how the importing office knows a record.
type Known = (String, ExternalReference);

struct Item {
    file: PathBuf,
    line: usize,
    text: String,
    entry: &'static KindEntry,
    contract: Arc<Contract>,
    known: Known,
    body: Map<String, Value>,
    needs: BTreeSet<Known>,
}

/// Imports files and folders (`*.json`: one record or an array; `*.ndjson`: one record a line). `progress` gets how
/// many of how many records are done.
pub fn import(
    database: &Database,
    kinds: &'static [KindEntry],
    contracts: &Contracts,
    paths: &[PathBuf],
    progress: &dyn Fn(usize, usize),
) -> Result<Summary> {
    let mut summary = Summary::default();
    let mut items: BTreeMap<Known, Item> = BTreeMap::new();
    for file in find_files(paths)? {
        for (line, text) in read_records(&file, &mut summary)? {
            match read_item(kinds, contracts, &file, line, text) {
                Ok(item) => {
                    if let Some(twin) = items.insert(item.known.clone(), item) {
                        let place = (twin.file.clone(), twin.line);
                        fail(&mut summary, &place.0, place.1, &twin.text, &twice(&twin.known));
                    }
                }
                Err((text, error)) => fail(&mut summary, &file, line, &text, &error),
            }
        }
    }
    let total = items.len();
    let actor = Actor::command_line();
    let mut done = 0;
    let mut ids: HashMap<Known, String> = HashMap::new();
    for wave in into_waves(items, &mut summary) {
        for item in wave {
            let result = write_item(database, &actor, &item, &mut ids);
            match result {
                Ok(Written::Created) => summary.created += 1,
                Ok(Written::Updated) => summary.updated += 1,
                Ok(Written::Unchanged) => summary.unchanged += 1,
                Err(error) if error.is_from_database() || error.code() == Code::DatabaseUnavailable => {
                    return Err(error);
                }
                Err(error) => fail(&mut summary, &item.file, item.line, &item.text, &error),
            }
            done += 1;
            progress(done, total);
        }
    }
    Ok(summary)
}

/// The files named, and all records' files in the folders named. A file of another kind is passed over in a folder, and
/// refused where it is named itself: an import that does nothing must not look like one that is done.
fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            collect_files(path, &mut files)?;
        } else if has_records(path) {
            files.push(path.clone());
        } else {
            let detail = format!(
                "{} is not a folder and ends in neither .json nor .ndjson",
                path.display()
            );
            return Err(Error::new(Code::NotFound, texts::untranslated(detail)));
        }
    }
    Ok(files)
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut inside = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(|error| unreadable(folder, &error))?;
    inside.sort();
    for path in inside {
        if path.is_dir() {
            collect_files(&path, files)?;
        } else if has_records(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_records(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json" || extension == "ndjson")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::NotFound, texts::documents::file_unreadable(path.display(), error))
}

/// The records of a file, each with the line on which it begins and its own text.
fn read_records(file: &Path, summary: &mut Summary) -> Result<Vec<(usize, String)>> {
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error
                .as_bytes()
                .iter()
                .take(good)
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            let broken = Error::new(Code::MalformedJson, texts::documents::file_not_utf8());
            fail(summary, file, line, "", &broken);
            return Ok(Vec::new());
        }
    };
    if file.extension().is_some_and(|extension| extension == "ndjson") {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        return Ok(lines.map(|(index, line)| (index + 1, line.to_owned())).collect());
    }
    if !text.trim_start().starts_with('[') {
        return Ok(vec![(1, text)]);
    }
    match serde_json::from_str::<Vec<&serde_json::value::RawValue>>(&text) {
        Ok(records) => Ok(records
            .into_iter()
            .map(|record| (line_of(&text, record.get()), record.get().to_owned()))
            .collect()),
        Err(error) => {
            let broken = Error::new(
                Code::MalformedJson,
                texts::documents::line_not_json(error.line(), &error),
            );
            fail(summary, file, error.line().max(1), "", &broken);
            Ok(Vec::new())
        }
    }
}

/// The line on which a part of a text begins.
fn line_of(text: &str, part: &str) -> usize {
    text.find(part)
        .map_or(1, |offset| text.get(..offset).unwrap_or("").matches('\n').count() + 1)
}

fn read_item(
    kinds: &'static [KindEntry],
    contracts: &Contracts,
    file: &Path,
    line: usize,
    text: String,
) -> Result<Item, (String, Error)> {
    match parse_item(kinds, contracts, &text) {
        Ok((entry, contract, known, body, needs)) => Ok(Item {
            file: file.to_owned(),
            line,
            text,
            entry,
            contract,
            known,
            body,
            needs,
        }),
        Err(error) => Err((text, error)),
    }
}

type Parsed = (
    &'static KindEntry,
    Arc<Contract>,
    Known,
    Map<String, Value>,
    BTreeSet<Known>,
);

fn parse_item(kinds: &'static [KindEntry], contracts: &Contracts, text: &str) -> Result<Parsed> {
    let mut record = parse_strict(text.as_bytes(), LIMITS).map_err(describe_faults)?;
    let kind = record.get("kind").and_then(Value::as_str).unwrap_or("");
    let entry = kinds.iter().find(|entry| entry.name == kind).ok_or_else(|| {
        let names = kinds.iter().map(|entry| entry.name);
        invalid(
            Finding::at("/kind", FindingCode::UnknownCode, texts::requests::no_kind(kind)).with_allowed(names, kind),
        )
    })?;
    let member = |name| {
        record
            .pointer(&format!("/external_id/{name}"))
            .and_then(Value::as_str)
            .unwrap_or("")
    };
    let external = ExternalReference::new(member("system"), member("key")).ok_or_else(|| {
        invalid(Finding::at(
            "/external_id",
            FindingCode::Required,
            texts::documents::name_own_id(),
        ))
    })?;
    let known = (entry.name.to_owned(), external);
    let body = record.get_mut("document").map(Value::take).unwrap_or_default();
    let contract = contracts.shared(entry.name)?;
    let body = read_object(&contract, body)?;
    let kinds_of: HashMap<&str, &str> = kinds.iter().map(|entry| (entry.prefix, entry.name)).collect();
    let needs = external_references(&contract.walk, &Value::Object(body.clone()))
        .into_iter()
        .map(|(_, prefix, external)| {
            let kind = kinds_of.get(prefix.as_str()).copied().unwrap_or("");
            (kind.to_owned(), external)
        })
        .filter(|needed| *needed != known)
        .collect();
    Ok((entry, contract, known, body, needs))
}

/// Orders the records so that each comes after those that it refers to. Records that refer to each other in a ring can
/// not be written one after the other; they are reported.
fn into_waves(mut items: BTreeMap<Known, Item>, summary: &mut Summary) -> Vec<Vec<Item>> {
    let mut waves = Vec::new();
    while !items.is_empty() {
        let ready: Vec<Known> = items
            .iter()
            .filter(|(_, item)| !item.needs.iter().any(|needed| items.contains_key(needed)))
            .map(|(known, _)| known.clone())
            .collect();
        if ready.is_empty() {
            for item in items.values() {
                let ring: Vec<String> = item
                    .needs
                    .iter()
                    .filter(|needed| items.contains_key(*needed))
                    .map(|(_, external)| external.to_string())
                    .collect();
                let detail = texts::documents::references_in_a_ring(ring.join(", "));
                fail(
                    summary,
                    &item.file,
                    item.line,
                    &item.text,
                    &Error::new(Code::InvalidDocument, detail),
                );
            }
            break;
        }
        waves.push(ready.iter().filter_map(|known| items.remove(known)).collect());
    }
    waves
}

fn write_item(database: &Database, actor: &Actor, item: &Item, ids: &mut HashMap<Known, String>) -> Result<Written> {
    let existing = find_known(database, &item.known)?;
    let id = existing.clone().unwrap_or_else(|| new_id(item.entry.prefix));
    ids.insert(item.known.clone(), id.clone());
    let body = resolve(database, item, ids);
    let job = body.and_then(|body| match &existing {
        None => (item.entry.prepare_creation)(&item.contract, body, id.clone()),
        Some(id) => {
            let current = load_document(database, id)?;
            (item.entry.prepare_merge)(&item.contract, body, current)
        }
    });
    let result = job.and_then(|job| run_job(database, actor, item, id, job, existing.is_none()));
    if result.is_err() && existing.is_none() {
        ids.remove(&item.known);
    }
    result
}

fn run_job(
    database: &Database,
    actor: &Actor,
    item: &Item,
    id: String,
    job: WriteJob,
    is_new: bool,
) -> Result<Written> {
    let (actor, known) = (actor.clone(), item.known.clone());
    database.write_blocking(move |transaction| {
        let written = job(transaction, &actor)?;
        if is_new {
            external::keep(transaction, &actor, &known.0, &known.1, &id)?;
        }
        Ok(written)
    })
}

fn resolve(database: &Database, item: &Item, ids: &mut HashMap<Known, String>) -> Result<Map<String, Value>> {
    let mut body = Value::Object(item.body.clone());
    let mut resolved = Resolved::new();
    let mut findings = Vec::new();
    for (pointer, prefix, external) in external_references(&item.contract.walk, &body) {
        let kind = crate::documents::read::address::kind_of_prefix(&prefix);
        let text = external.to_string();
        let known = (kind.to_owned(), external);
        let id = match ids.get(&known) {
            Some(id) => Some(id.clone()),
            None => find_known(database, &known)?,
        };
        match id {
            Some(id) => {
                ids.insert(known, id.clone());
                resolved.insert((prefix, text), id);
            }
            None => findings.push(unknown_reference(&pointer, &text)),
        }
    }
    Error::check(findings)?;
    replace_external(&item.contract.walk, &mut body, &resolved)?;
    match body {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

fn find_known(database: &Database, known: &Known) -> Result<Option<String>> {
    database.read_blocking(|conn| external::find(conn, None, &known.0, &known.1))
}

fn load_document(database: &Database, id: &str) -> Result<StoredDocument> {
    database.read_blocking(|conn| {
        let head = records::table.find(id).select(StoredDocument::as_select());
        Ok(head.first(conn)?)
    })
}

fn invalid(finding: Finding) -> Error {
    Error::with_findings(Code::InvalidDocument, vec![finding])
}

fn twice(known: &Known) -> Error {
    invalid(Finding::at(
        "/external_id",
        FindingCode::Duplicate,
        texts::documents::imported_twice(&known.1, &known.0),
    ))
}

fn describe_faults(faults: Vec<JsonFault>) -> Error {
    crate::http::call::describe_faults(faults)
}

/// Notes everything that is wrong with a record, with the line of each place.
fn fail(summary: &mut Summary, file: &Path, line: usize, text: &str, error: &Error) {
    summary.failed += 1;
    let file = file.display().to_string();
    if error.findings().is_empty() {
        let code = error.code().as_str().to_owned();
        let detail = error.cause().map_or_else(|| error.detail().in_english(), str::to_owned);
        summary.problems.push(Problem {
            file,
            line,
            pointer: String::new(),
            code,
            detail,
        });
        return;
    }
    let lines = Lines::of(text, LIMITS);
    for finding in error.findings() {
        let pointer = finding.pointer.clone().unwrap_or_default();
        let found = lines
            .find(&format!("/document{pointer}"))
            .or_else(|| lines.find(&pointer));
        summary.problems.push(Problem {
            file: file.clone(),
            line: line + found.map_or(0, |found| found - 1),
            pointer,
            code: finding.code.to_string(),
            detail: finding.detail.in_english(),
        });
    }
}
