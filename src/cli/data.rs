//! `eduaccord import`, `eduaccord generate` and `eduaccord verify`.

use super::outcome::{Failure, Outcome, say, say_json};
use crate::app::{KINDS, blueprint, open_existing_database, open_or_create_database};
use crate::generate::{self as generating, Outcome as Generated, Recipe};
use crate::settings::Settings;
use crate::verify::{Report, RuleWarning};
use crate::{import as importing, verify as verifying};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::path::PathBuf;

/// Imports files and folders. Exit code 1 when a record was not written.
pub(super) fn import(settings: &Settings, paths: &[PathBuf], json: bool) -> Outcome {
    let database = open_or_create_database(settings)?;
    let bar = progress_bar()?;
    let show = |done: usize, total: usize| show_progress(&bar, done, total);
    let summary = importing::import(&database, KINDS, &blueprint()?.contracts, paths, &show)?;
    bar.finish_and_clear();
    if json {
        say_json(&summary)?;
    } else {
        for problem in &summary.problems {
            let (file, line, pointer) = (&problem.file, problem.line, &problem.pointer);
            say(format_args!(
                "{file}:{line}: {pointer}: {} ({})",
                problem.detail, problem.code
            ))?;
        }
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["created", "updated", "unchanged", "failed"]);
        table.add_row([summary.created, summary.updated, summary.unchanged, summary.failed]);
        say(table)?;
    }
    if summary.failed == 0 {
        Ok(())
    } else {
        Err(Failure::Found)
    }
}

/// Fills a database with invented records. Exit code 1 when it has records and `--add` is not given.
pub(super) fn generate(settings: &Settings, recipe: &Recipe, json: bool) -> Outcome {
    let database = open_or_create_database(settings)?;
    let bar = progress_bar()?;
    let show = |done: usize, total: usize| show_progress(&bar, done, total);
    let outcome = generating::generate(&database, KINDS, &blueprint()?.contracts, recipe, &show)?;
    bar.finish_and_clear();
    match outcome {
        Generated::NotEmpty(records) => {
            say(format_args!(
                "The database has {records} records already; --add adds others to them."
            ))?;
            Err(Failure::Found)
        }
        Generated::TooFewOffices(least) => Err(Failure::Broken(format!(
            "these records need --offices {least} at least"
        ))),
        Generated::Done(summary) if json => say_json(&summary),
        Generated::Done(summary) => {
            let mut table = Table::new();
            table.load_preset(UTF8_BORDERS_ONLY);
            table.set_header(["kind", "records", "seconds", "records per second"]);
            for made in summary.kinds.iter().chain([&summary.total]) {
                table.add_row([
                    made.kind.to_owned(),
                    made.records.to_string(),
                    format!("{:.1}", made.seconds),
                    format!("{:.0}", made.records_per_second),
                ]);
            }
            say(table)
        }
    }
}

/// What `verify --rules --json` prints.
#[derive(Serialize)]
struct WithWarnings<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<&'a [RuleWarning]>,
}

/// Checks the whole database, where asked against the rules of today also. Exit code 1 when something does not fit;
/// warnings of rules do not change it.
pub(super) fn verify(settings: &Settings, rules: bool, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let bar = progress_bar()?;
    let show = |done: usize, total: usize| show_progress(&bar, done, total);
    let contracts = &blueprint()?.contracts;
    let report = verifying::verify(&database, KINDS, contracts, &show)?;
    let warnings = match rules {
        true => Some(verifying::check_rules(&database, KINDS, contracts)?),
        false => None,
    };
    bar.finish_and_clear();
    if json {
        say_json(&WithWarnings {
            report: &report,
            warnings: warnings.as_deref(),
        })?;
    } else {
        say_warnings(warnings.as_deref())?;
        for damage in &report.damage {
            say(format_args!("{}: {}", damage.place, damage.detail))?;
        }
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["records", "revisions", "audit rows", "damage"]);
        table.add_row([report.records, report.revisions, report.audit_rows, report.damage.len()]);
        say(table)?;
        if report.not_reindexed > 0 {
            say(format_args!(
                "{} records are not yet reindexed: an older version made their rows. Run eduaccord reindex, or let serve do it.",
                report.not_reindexed
            ))?;
        }
        say(format_args!(
            "The audit log ends with the hash {}. Kept elsewhere, it shows later whether the log was made anew.",
            report.audit_head
        ))?;
    }
    if report.damage.is_empty() {
        Ok(())
    } else {
        Err(Failure::Found)
    }
}

/// Says which records rules newer than them would refuse; nothing where that was not asked.
fn say_warnings(warnings: Option<&[RuleWarning]>) -> Outcome {
    match warnings {
        None => Ok(()),
        Some([]) => say("Every living record keeps the rules of today."),
        Some(warnings) => {
            let mut table = Table::new();
            table.load_preset(UTF8_BORDERS_ONLY);
            table.set_header(["record", "pointer", "code", "what is wrong"]);
            for warning in warnings {
                table.add_row([&warning.record_id, &warning.pointer, &warning.code, &warning.detail]);
            }
            say(table)
        }
    }
}

/// Shown on a terminal only.
pub(super) fn progress_bar() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}")?;
    Ok(ProgressBar::new(0).with_style(style))
}

pub(super) fn show_progress(bar: &ProgressBar, done: usize, total: usize) {
    bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
    bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
}
