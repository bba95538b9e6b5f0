//! The matrix for people: which caller gets what, operation by operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::run::{Found, Outcome};
use super::stage::Stage;

/// Writes `target/authorisation/grid-{backend}.md` and `.csv`.
pub(super) fn write(backend: &str, found: &Found, stage: &Stage<'_>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/authorisation");
    std::fs::create_dir_all(&folder).expect("a folder for the grid");
    let mut groups: Vec<String> = Vec::new();
    for (principal, _) in &stage.principals {
        if !groups.contains(&principal.group) {
            groups.push(principal.group.clone());
        }
    }
    std::fs::write(folder.join(format!("faults-{backend}.txt")), found.faults().join("\n")).expect("a file");
    std::fs::write(folder.join(format!("grid-{backend}.csv")), table(found)).expect("the grid is written");
    std::fs::write(folder.join(format!("grid-{backend}.md")), pages(found, &groups)).expect("the grid is written");
}

fn table(found: &Found) -> String {
    let mut text = String::from("operation,caller,relation,place,effect,as expected\n");
    for cell in &found.outcomes {
        let right = cell.faults.is_empty();
        let Outcome {
            operation,
            principal,
            relation,
            place,
            expected,
            ..
        } = cell;
        let _ = writeln!(
            text,
            "{operation},\"{principal}\",{relation},{place},{expected},{right}"
        );
    }
    text
}

type Effects<'a> = BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, BTreeSet<String>>>;

fn pages(found: &Found, groups: &[String]) -> String {
    let mut operations: Vec<&str> = Vec::new();
    let mut effects: BTreeMap<&str, Effects<'_>> = BTreeMap::new();
    for cell in &found.outcomes {
        if !operations.contains(&cell.operation.as_str()) {
            operations.push(&cell.operation);
        }
        let mark = if cell.faults.is_empty() { "" } else { " **red**" };
        let row = (cell.place, cell.relation.as_str());
        let page = effects.entry(&cell.operation).or_default().entry(row).or_default();
        page.entry(&cell.group)
            .or_default()
            .insert(format!("{}{mark}", cell.expected));
    }
    let mut text = String::from("# Who may do what, as tried\n");
    for operation in operations {
        let _ = write!(
            text,
            "\n## {operation}\n\n| place | record | {} |\n",
            groups.join(" | ")
        );
        let _ = writeln!(text, "|---|---|{}", "---|".repeat(groups.len()));
        for ((place, relation), by_group) in &effects[operation] {
            let cells: Vec<String> = groups
                .iter()
                .map(|group| {
                    let words = by_group.get(group.as_str());
                    words
                        .map(|words| words.iter().cloned().collect::<Vec<_>>().join(" / "))
                        .unwrap_or_default()
                })
                .collect();
            let _ = writeln!(text, "| {place} | {relation} | {} |", cells.join(" | "));
        }
    }
    text
}
