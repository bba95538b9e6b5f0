//! `eduaccord openapi`.

use super::outcome::{Failure, Outcome, say};
use crate::app::blueprint;
use std::path::Path;

const COMMITTED: &str = "openapi/openapi.json";

/// Prints the API document, writes the committed copy, or compares with it. Exit code 1 when the copy is stale.
pub(super) fn openapi(check: bool, write: bool) -> Outcome {
    let text = serde_json::to_string_pretty(&blueprint()?.document)? + "\n";
    if write {
        std::fs::create_dir_all("openapi")?;
        std::fs::write(COMMITTED, &text)?;
        return say(format_args!("{COMMITTED} is written."));
    }
    if !check {
        return say(text.trim_end());
    }
    let committed = std::fs::read_to_string(Path::new(COMMITTED)).unwrap_or_default();
    if committed == text {
        return say(format_args!("{COMMITTED} is what this build serves."));
    }
    say(format_args!("{COMMITTED} is stale; run: cargo run -- openapi --write"))?;
    Err(Failure::Found)
}
