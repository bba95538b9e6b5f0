//! Rust source as words, as far as the rules need it.

/// The text without its line comments, so that prose may name what code may not. A `//` inside a string hides the
/// rest of its line too, which only ever makes a rule milder.
pub(super) fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The identifiers of some code, and its `::`, `{`, `}` and `,`: enough to follow paths and groups of imports.
pub(super) fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_identifier = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = if is_identifier(first) {
            rest.find(|letter| !is_identifier(letter)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        if is_identifier(first) || matches!(word, "::" | "{" | "}" | ",") {
            words.push(word);
        }
        rest = after;
    }
    words
}

/// Every path that starts at `crate`, without that first segment; a group of imports gives one path for each member.
/// `crate::{a, b::{c, d}}` is `[a]`, `[b, c]`, `[b, d]`.
pub(super) fn crate_paths(code: &str) -> Vec<Vec<String>> {
    paths(code)
        .into_iter()
        .filter(|path| path.first().is_some_and(|first| first == "crate"))
        .map(|path| path.into_iter().skip(1).collect())
        .collect()
}

/// Every path of two segments or more, and every group of imports member by member, as it is written.
pub(super) fn paths(code: &str) -> Vec<Vec<String>> {
    let words = words(code);
    let mut paths = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_start = at.checked_sub(1).and_then(|before| words.get(before)) != Some(&"::");
        if is_start && words.get(at + 1) == Some(&"::") {
            let mut rest = words.iter().copied().skip(at + 2).peekable();
            follow(&mut rest, vec![(*word).to_owned()], &mut paths);
        }
    }
    paths
}

/// Reads one path, or one group of them, that continues `start`.
fn follow<'a>(
    words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
    mut start: Vec<String>,
    paths: &mut Vec<Vec<String>>,
) {
    loop {
        match words.next() {
            Some("{") => {
                // The members of the group, up to its closing brace.
                loop {
                    match words.peek() {
                        None => return,
                        Some(&"}") => {
                            words.next();
                            return;
                        }
                        Some(&",") => {
                            words.next();
                        }
                        Some(_) => {
                            follow(words, start.clone(), paths);
                            // What follows a member's path, such as `as Name`.
                            while !matches!(words.peek(), None | Some(&"}") | Some(&",")) {
                                words.next();
                            }
                        }
                    }
                }
            }
            Some(word) if !matches!(word, "}" | "," | "::") => {
                start.push(word.to_owned());
                if words.peek() == Some(&"::") {
                    words.next();
                } else {
                    paths.push(start);
                    return;
                }
            }
            _ => {
                // A path that ends in a sign, such as `crate::mous::*`.
                paths.push(start);
                return;
            }
        }
    }
}

/// The asynchronous functions with more than `longest` lines inside their braces. rustfmt puts a function's closing brace alone on a line, at the indentation of
/// the line on which the function began.
pub(super) fn long_functions(text: &str, longest: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("async fn ") else {
            continue;
        };
        if before.contains("//") {
            continue;
        }
        let indentation = &line[..line.len() - line.trim_start().len()];
        let close = format!("{indentation}}}");
        let below = lines.get(at..).unwrap_or_default();
        let opens = below.iter().position(|line| line.ends_with('{'));
        let closes = below.iter().position(|line| *line == close);
        if let (Some(opens), Some(closes)) = (opens, closes) {
            let length = closes.saturating_sub(opens + 1);
            if length > longest {
                let name = after.split(['(', '<']).next().unwrap_or(after);
                long.push(format!("{name} has {length} lines"));
            }
        }
    }
    long
}
