//! The format of documents: a number, and the steps from one to the next. See [`upgrade`](crate::documents::upgrade).

use serde_json::Value;

/// What brings documents of one format into the next one.
#[derive(Debug, Clone, Copy)]
pub struct UpgradeStep {
    /// What changed, for readers of the code.
    pub what: &'static str,
    /// Adds, renames or moves; none where completing the document is all that is needed.
    pub change: Option<fn(&mut Value)>,
}

/// The format of documents that have gone through all these steps.
pub const fn format_after(mut steps: &[UpgradeStep]) -> i64 {
    let mut format = 1;
    while let [_, rest @ ..] = steps {
        steps = rest;
        format += 1;
    }
    format
}
