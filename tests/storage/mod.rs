//! What storing promises: one writer for many, outages that pass, and damage that is found.

mod damage;
mod migrations;
mod outage;
mod releases;
mod tampering;
mod upgrade;
mod writer;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![writer, outage, damage, migrations, releases, upgrade]
}
