//! Matrices over the whole API, generated from the document that the service publishes: an operation that is added is
//! tested by all of them without a line here.
//!
//! Each matrix is a function from a document to the faults that it finds; it must find none with the document as
//! published, and some with a document (or an expectation) that was doctored, which proves that it can turn red.

mod access;
mod bodies;
mod effects;
mod headers;
mod hostile;
mod ids;
mod methods;
mod operations;
mod parameters;
mod problems;
mod stage;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        operations, methods, access, parameters, headers, bodies, hostile, ids, effects, problems
    ]
}

/// Fails the test with every fault, one a line.
#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Fails the test unless a fault was found that contains these words: a matrix that was fed something wrong.
#[track_caller]
fn turns_red(faults: &[String], words: &str) {
    assert!(
        faults.iter().any(|fault| fault.contains(words)),
        "no fault with {words:?} was found, but:\n{}",
        faults.join("\n")
    );
}
