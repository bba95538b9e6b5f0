//! The real program: what its commands print, and with which exit code they end.

mod clients;
mod files;
mod first_token;
mod generating;
mod importing;
mod logging;
mod missing;
mod starting;
mod stopping;
mod tokens;
mod verifying;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        starting,
        first_token,
        stopping,
        files,
        tokens,
        clients,
        generating,
        importing,
        verifying,
        missing,
        logging
    ]
}
