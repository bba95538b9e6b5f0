//! The published document: its quality, and what follows from it for every operation.

mod document;
mod matrix;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    let modules = [matrix::cases, document::cases];
    modules.iter().flat_map(|cases| cases()).collect()
}
