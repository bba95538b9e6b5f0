//! Every line that is logged while the matrix runs, at the level of debugging: none may hold a word of a record or a
//! secret, whoever asked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use log::{LevelFilter, Log, Metadata, Record};

struct Lines {
    count: AtomicUsize,
    bad: Mutex<Vec<String>>,
}

static LINES: Lines = Lines {
    count: AtomicUsize::new(0),
    bad: Mutex::new(Vec::new()),
};

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // What the tests' own HTTP client tells is no line of the service.
        !metadata.target().starts_with("ureq")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let line = format!("{} {}", record.target(), record.args());
        if line.contains("zq.") || line.contains("eda_live_") {
            self.bad.lock().expect("no panic").push(line);
        }
    }

    fn flush(&self) {}
}

/// Looks at every line from now on.
pub(super) fn watch() {
    // Another case of this module may have done so already; nothing else in the test program logs.
    let _ignored = log::set_logger(&LINES);
    log::set_max_level(LevelFilter::Debug);
}

/// How many lines were seen, and those that hold what they must not.
pub(super) fn seen() -> (usize, Vec<String>) {
    let bad = LINES.bad.lock().expect("no panic").clone();
    (LINES.count.load(Ordering::Relaxed), bad)
}
