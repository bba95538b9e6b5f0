//! The real program: what its commands print, and with which exit code they end.

mod clients;
mod generating;
mod importing;
mod logging;
mod missing;
mod starting;
mod tokens;
mod verifying;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        starting::cases,
        tokens::cases,
        clients::cases,
        generating::cases,
        importing::cases,
        verifying::cases,
        missing::cases,
        logging::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}
