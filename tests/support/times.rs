//! How long the cases of a run took.

use std::sync::Mutex;
use std::time::Duration;

/// How many are named.
const NAMED: usize = 20;
/// In runs of fewer cases none are.
const FEWEST: usize = 100;

/// What the cases took so far.
#[derive(Default)]
pub(super) struct Times(Mutex<Vec<(Duration, String)>>);

impl Times {
    pub(super) fn note(&self, name: &str, took: Duration) {
        self.0.lock().expect("no panic here").push((took, name.to_owned()));
    }

    /// The slowest cases, one line each; nothing after a run of few.
    pub(super) fn slowest(&self) -> Vec<String> {
        let mut times = self.0.lock().expect("no panic here").clone();
        if times.len() < FEWEST {
            return Vec::new();
        }
        times.sort();
        let shown = times.iter().rev().take(NAMED);
        shown
            .map(|(took, name)| format!("{:8.1} s  {name}", took.as_secs_f64()))
            .collect()
    }
}
