//! `eduaccord reindex`.

use super::data::{progress_bar, show_progress};
use super::outcome::{Failure, Outcome, say, say_json};
use crate::app::{KINDS, blueprint, open_existing_database, open_upgraded_database};
use crate::auth::Actor;
use crate::documents::write::reindex::Note;
use crate::reindex::{self as reindexing, BATCH, Control, Scope};
use crate::settings::Settings;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;

/// Makes the rows of records again: of those that are behind, or of all.
pub(super) fn reindex(settings: &Settings, all: bool, json: bool) -> Outcome {
    let database = open_upgraded_database(settings)?;
    let bar = progress_bar()?;
    let control = Control {
        progress: &|done, total| show_progress(&bar, done, total),
        tell: &|_| (),
        is_ending: &|| false,
        batch: BATCH,
        actor: Actor::command_line(),
    };
    let scope = if all { Scope::All } else { Scope::Older };
    let done = reindexing::reindex(&database, KINDS, &blueprint()?.contracts, scope, &control)?;
    bar.finish_and_clear();
    let summary = done.ok_or_else(|| Failure::Broken("it was ended before it was done".to_owned()))?;
    if json {
        return say_json(&summary);
    }
    say_notes(&summary.notes)?;
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    table.set_header(["derivation", "reindexed", "changed", "notes"]);
    table.add_row([
        summary.derivation.to_string(),
        summary.records.to_string(),
        summary.changed.to_string(),
        summary.notes.len().to_string(),
    ]);
    say(table)
}

/// Compares and changes nothing. Exit code 1 when something differs.
pub(super) fn check(settings: &Settings, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let bar = progress_bar()?;
    let show = |done: usize, total: usize| show_progress(&bar, done, total);
    let found = reindexing::compare(&database, KINDS, &blueprint()?.contracts, &show)?;
    bar.finish_and_clear();
    if json {
        say_json(&found)?;
    } else {
        say_notes(&found.differences)?;
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["records", "not yet reindexed", "differences"]);
        table.add_row([found.records, found.older, found.differences.len()]);
        say(table)?;
    }
    if found.differences.is_empty() {
        Ok(())
    } else {
        Err(Failure::Found)
    }
}

fn say_notes<'a>(notes: impl IntoIterator<Item = &'a Note>) -> Outcome {
    for note in notes {
        say(format_args!("{}: {}", note.record_id, note.text))?;
    }
    Ok(())
}
