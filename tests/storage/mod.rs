//! What storing promises: one writer for many, outages that pass, and damage that is found.

mod damage;
mod migrations;
mod outage;
mod releases;
mod tampering;
mod upgrade;
mod writer;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    let modules = [
        writer::cases,
        outage::cases,
        damage::cases,
        migrations::cases,
        releases::cases,
        upgrade::cases,
    ];
    modules.iter().flat_map(|cases| cases()).collect()
}
