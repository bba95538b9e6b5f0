//! The house plan, kept true: which part of the source may name which, and how long things may get.
//!
//! Each rule is a function from a file's path (below `src`, with `/`) and text to what breaks it; each is shown a bad
//! snippet here and must object. The rules read words, not syntax: comments are left out, and code is expected to be
//! laid out by rustfmt.

mod circles;
mod rules;
mod words;

use std::path::{Path, PathBuf};

use eduaccord::values::FindingCode;
use eduaccord::values::format::FORMATS;

use crate::support::{Case, cases};
use rules::{RULES, Rule};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_finding_code_is_given_somewhere,
        the_source_keeps_the_house_plan,
        no_files_name_each_other_in_a_circle,
        circles_are_found,
        no_test_file_is_too_long,
        every_rule_objects_to_a_bad_snippet,
        every_rule_accepts_a_good_snippet,
    ]
}

/// Every Rust file below a folder of the crate, as its path below that folder and its text.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the source") {
            let path = entry.expect("an entry of the source").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).expect("it was found below");
                let text = std::fs::read_to_string(&path).expect("source is UTF-8");
                files.push((below.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    files
}

/// All that these rules say about these files, one line each.
fn objections(rules: &[Rule], folder: &str, files: &[(String, String)]) -> String {
    let mut said = Vec::new();
    for (path, text) in files {
        for rule in rules {
            said.extend(
                (rule.check)(path, text)
                    .into_iter()
                    .map(|objection| format!("{folder}/{path}: {objection} ({})", rule.says)),
            );
        }
    }
    said.join("\n")
}

fn the_source_keeps_the_house_plan() {
    let files = rust_files("src");
    assert!(files.iter().any(|(path, _)| path == "lib.rs"), "no source was found");
    let said = objections(RULES, "src", &files);
    assert!(said.is_empty(), "\n{said}");
}

fn no_files_name_each_other_in_a_circle() {
    let said = circles::objections(&circles::circles(&rust_files("src")));
    assert!(said.is_empty(), "\n{}", said.join("\n"));
}

/// A ring of three over a handed-on name, `super` and a child; beside it files that name each other one way only.
fn circles_are_found() {
    let files = [
        ("a/mod.rs", "mod one;\npub use one::One;\nmod two;"),
        ("a/one.rs", "use super::two::{Two, help};\npub struct One;"),
        ("a/two.rs", "fn two() { crate::b::three() }"),
        (
            "b.rs",
            "use crate::{a::One, c};\n#[cfg(test)]\nmod tests { use crate::d::D; }",
        ),
        ("c.rs", "pub struct C;"),
        ("d.rs", "use crate::b::three;"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(circles::circles(&files), [["a/one.rs", "a/two.rs", "b.rs"]]);
}

fn no_test_file_is_too_long() {
    let said = objections(&RULES[..1], "tests", &rust_files("tests"));
    assert!(said.is_empty(), "\n{said}");
}

/// A rule that cannot fail proves nothing.
fn every_rule_objects_to_a_bad_snippet() {
    for rule in RULES {
        for (path, text) in (rule.bad)() {
            let said = (rule.check)(path, &text);
            assert!(!said.is_empty(), "no objection to {path}: {} ({text})", rule.says);
        }
    }
}

/// What each rule must not object to: the same words where they belong, in comments, or as parts of other words.
fn every_rule_accepts_a_good_snippet() {
    for (path, text) in rules::good() {
        for rule in RULES {
            assert_eq!((rule.check)(path, text), Vec::<String>::new(), "{path}: {}", rule.says);
        }
    }
}

/// A code that nothing gives is a promise to callers that is never kept. Codes of formats are made from their names.
fn every_finding_code_is_given_somewhere() {
    let sources = rust_files("src");
    let is_given = |code: FindingCode| {
        let name = format!("FindingCode::{code:?}");
        let is_named = |text: &str| {
            text.split(|other: char| !other.is_alphanumeric() && other != ':')
                .any(|word| word == name)
        };
        let of_format = FORMATS
            .iter()
            .any(|(format, _, _)| code == format!("invalid-{format}").as_str());
        of_format
            || sources
                .iter()
                .any(|(path, text)| !rules::is_test(path) && is_named(text))
    };
    let never: Vec<FindingCode> = FindingCode::ALL
        .iter()
        .copied()
        .filter(|code| !is_given(*code))
        .collect();
    assert!(never.is_empty(), "nothing gives {never:?}");
}
