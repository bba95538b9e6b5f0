//! The real program: what its commands print, and with which exit code they end.

mod clients;
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
        starting, stopping, tokens, clients, generating, importing, verifying, missing, logging
    ]
}
