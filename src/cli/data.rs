//! `eduaccord import` and `eduaccord verify`.

use super::{Failure, Outcome, say, say_json};
use crate::app::{KINDS, blueprint, open_database};
use crate::settings::Settings;
use crate::sync::{import as importing, verify as verifying};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;

/// Imports files and folders. Exit code 1 when a record was not written.
pub(super) fn import(settings: &Settings, paths: &[PathBuf], json: bool) -> Outcome {
    let database = open_database(settings)?;
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

/// Checks the whole database. Exit code 1 when something does not fit.
pub(super) fn verify(settings: &Settings, json: bool) -> Outcome {
    let database = open_database(settings)?;
    let bar = progress_bar()?;
    let show = |done: usize, total: usize| show_progress(&bar, done, total);
    let report = verifying::verify(&database, KINDS, &blueprint()?.contracts, &show)?;
    bar.finish_and_clear();
    if json {
        say_json(&report)?;
    } else {
        for damage in &report.damage {
            say(format_args!("{}: {}", damage.place, damage.detail))?;
        }
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["records", "revisions", "audit rows", "damage"]);
        table.add_row([report.records, report.revisions, report.audit_rows, report.damage.len()]);
        say(table)?;
    }
    if report.damage.is_empty() {
        Ok(())
    } else {
        Err(Failure::Found)
    }
}

/// Shown on a terminal only.
fn progress_bar() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}")?;
    Ok(ProgressBar::new(0).with_style(style))
}

fn show_progress(bar: &ProgressBar, done: usize, total: usize) {
    bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
    bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
}
