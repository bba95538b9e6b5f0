//! The published document: its quality, and what follows from it for every operation.

mod document;
mod languages;
mod matrix;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![matrix, document, languages]
}
