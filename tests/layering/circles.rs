//! Circles between files: two files that name each other, or several in a ring, can only be understood together.
//!
//! An arrow leads from a file to the file in which a name that it uses is defined; a name that a `mod.rs` hands on with
//! `pub use` counts as the file's that defines it. Unit tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{code, paths};

type Path = Vec<String>;

/// The files of a source tree by the path of their module.
struct Tree {
    files: BTreeMap<Path, String>,
    /// `pub use`: the path under which a name is handed on, and where it leads.
    handed_on: BTreeMap<Path, Path>,
}

/// All circles, each as the sorted list of its files.
pub(super) fn circles(files: &[(String, String)]) -> Vec<Vec<String>> {
    let files: Vec<(&str, String)> = files
        .iter()
        .filter(|(path, _)| !matches!(path.as_str(), "lib.rs" | "main.rs") && !super::rules::is_test(path))
        .map(|(path, text)| (path.as_str(), code(super::rules::without_tests(text))))
        .collect();
    let mut tree = Tree {
        files: files
            .iter()
            .map(|(path, _)| (module(path), (*path).to_owned()))
            .collect(),
        handed_on: BTreeMap::new(),
    };
    let mut uses = BTreeMap::new();
    for (path, text) in &files {
        let own = module(path);
        let mut kept = String::new();
        for statement in text.split_inclusive(';') {
            match handing_on(statement) {
                None => kept.push_str(statement),
                Some((before, names)) => {
                    kept.push_str(before);
                    let names: Vec<Path> = paths(names)
                        .iter()
                        .filter_map(|name| tree.absolute(&own, name))
                        .collect();
                    for name in names {
                        let mut at = own.clone();
                        at.extend(name.last().cloned());
                        tree.handed_on.insert(at, name);
                    }
                }
            }
        }
        uses.insert((*path).to_owned(), (own, kept));
    }
    let arrows: BTreeMap<String, BTreeSet<String>> = uses
        .iter()
        .map(|(path, (own, text))| {
            let targets = paths(text)
                .iter()
                .filter_map(|name| tree.absolute(own, name))
                .filter_map(|name| tree.file_of(name))
                .filter(|target| target != path)
                .collect();
            (path.clone(), targets)
        })
        .collect();
    rings(&arrows)
}

/// What breaks the rule.
pub(super) fn objections(circles: &[Vec<String>]) -> Vec<String> {
    let names = circles.iter().map(|circle| circle.join(", "));
    names
        .map(|names| format!("these files name each other in a circle: {names}"))
        .collect()
}

/// The text before a `pub use`, and the names that it hands on.
fn handing_on(statement: &str) -> Option<(&str, &str)> {
    let (before, rest) = statement.rsplit_once("pub")?;
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('(') {
        Some(inner) => inner.split_once(')')?.1.trim_start(),
        None => rest,
    };
    rest.strip_prefix("use ").map(|names| (before, names))
}

fn module(path: &str) -> Path {
    let mut segments: Path = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if segments.last().is_some_and(|last| last == "mod") {
        segments.pop();
    }
    segments
}

impl Tree {
    /// A path as it is written in a module, from the root of the crate; none if it leads out of the crate.
    fn absolute(&self, own: &Path, path: &Path) -> Option<Path> {
        let first = path.first()?;
        let up = path.iter().take_while(|segment| *segment == "super").count();
        let (start, rest) = match first.as_str() {
            "crate" => (&[][..], path.get(1..)?),
            "self" => (own.as_slice(), path.get(1..)?),
            "super" => (own.get(..own.len().checked_sub(up)?)?, path.get(up..)?),
            _ => {
                let mut child = own.clone();
                child.push(first.clone());
                self.files.get(&child)?;
                (own.as_slice(), path.as_slice())
            }
        };
        Some([start, rest].concat())
    }

    /// The file that defines what an absolute path names.
    fn file_of(&self, mut path: Path) -> Option<String> {
        // A name may be handed on more than once.
        for _ in 0..5 {
            let Some((length, to)) = prefixes(&path).find_map(|(length, start)| {
                let to = self.handed_on.get(start)?;
                Some((length, to.clone()))
            }) else {
                break;
            };
            path = [to.as_slice(), path.get(length..)?].concat();
        }
        prefixes(&path).find_map(|(_, start)| self.files.get(start).cloned())
    }
}

/// The beginnings of a path with their lengths, the longest first.
fn prefixes(path: &[String]) -> impl Iterator<Item = (usize, &[String])> {
    (1..=path.len())
        .rev()
        .filter_map(|length| Some((length, path.get(..length)?)))
}

/// Files that reach each other: small graphs, so each file's reach is simply walked.
fn rings(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = arrows
        .keys()
        .map(|start| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
            while let Some(file) = next.pop() {
                for target in arrows.get(file).into_iter().flatten() {
                    if seen.insert(target) {
                        next.push(target);
                    }
                }
            }
            (start, seen)
        })
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (file, reached) in &reach {
        if reached.contains(file) {
            let ring = reached
                .iter()
                .filter(|other| reach.get(*other).is_some_and(|back| back.contains(file)))
                .map(|other| (*other).clone())
                .collect();
            found.insert(ring);
        }
    }
    found.into_iter().collect()
}
