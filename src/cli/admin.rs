//! `eduaccord admin`.

use super::outcome::{Failure, Outcome, say};
use super::token::print_new;
use crate::accounts::host;
use crate::app::open_or_create_database;
use crate::settings::Settings;
use chrono::TimeDelta;

/// Makes a registry administrator. Exit code 1 when a usable one exists and `force` is not given.
pub(super) fn bootstrap(settings: &Settings, days: i64, force: bool, json: bool) -> Outcome {
    if !(1..=host::LONGEST_LIFE_DAYS).contains(&days) {
        return Err(Failure::Broken(format!(
            "a token lives 1 to {} days",
            host::LONGEST_LIFE_DAYS
        )));
    }
    let database = open_or_create_database(settings)?;
    match host::bootstrap(&database, TimeDelta::days(days), force, print_new(settings, json))? {
        Some(_) => say(""),
        None => {
            say("A usable administrator token exists already; --force makes another.")?;
            Err(Failure::Found)
        }
    }
}
