//! The reviewed table `policy.md` as data.

use std::collections::BTreeSet;

/// What an operation acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// Records of a kind, as far as they are seen.
    List,
    /// The change feed.
    Feed,
    /// One record.
    One,
    /// One record and a version of it.
    Version,
    /// The record that the caller's office knows by an id of its own, else a new one.
    Push,
    /// A record that is made for an owner.
    New,
    /// An id that the caller's office gave to a record.
    OwnId,
    /// One record, on which an action is taken.
    Action,
    /// What only the registry sees and does.
    Registry,
    /// The caller.
    Caller,
    /// A token, a secret, or the client behind it.
    Token,
    /// The same, to change it.
    Manage,
    /// Nothing that belongs to anybody.
    Nothing,
}

/// What a tombstone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deleted {
    /// 410.
    Gone,
    /// As before.
    Stays,
    /// It is not shown, or there is nothing to delete.
    LeftOut,
}

/// What a token must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Needs {
    /// No token.
    Nothing,
    /// A valid token.
    Token,
    /// A valid token with this scope.
    Scope(String),
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) operation: String,
    pub(super) needs: Needs,
    pub(super) on: On,
    /// `sees`, `owner`, `part`, `knows`, `anyone`.
    pub(super) allowed: BTreeSet<String>,
    /// Whoever sees it and may not: 403, not 404.
    pub(super) forbids: bool,
    pub(super) deleted: Deleted,
    /// The status of what is allowed.
    pub(super) answer: u16,
    /// Every place in which a record is named.
    pub(super) places: BTreeSet<String>,
}

/// All rows.
pub(super) fn read() -> Vec<Row> {
    include_str!("policy.md")
        .lines()
        .skip_while(|line| *line != "## Operations")
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .map(read_row)
        .collect()
}

fn read_row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [operation, scope, on, allowed, otherwise, deleted, answer, places] = cells[..] else {
        panic!("policy.md: not eight cells: {line}");
    };
    Row {
        operation: operation.to_owned(),
        needs: match scope {
            "no token" => Needs::Nothing,
            // Which scope it is depends on the record; the cells of these operations know.
            "any token" | "a read" | "a write" => Needs::Token,
            scope => Needs::Scope(scope.to_owned()),
        },
        on: match on {
            "list" => On::List,
            "feed" => On::Feed,
            "one" => On::One,
            "version" => On::Version,
            "push" => On::Push,
            "new" => On::New,
            "own id" => On::OwnId,
            "action" => On::Action,
            "registry" => On::Registry,
            "self" => On::Caller,
            "token" | "secret" | "account" | "offer" => On::Token,
            "manage" => On::Manage,
            "nothing" => On::Nothing,
            other => panic!("policy.md: {operation} is on {other:?}"),
        },
        allowed: words(
            allowed,
            &["sees", "owner", "part", "knows", "manages", "anyone", "registry"],
        ),
        forbids: match otherwise {
            "forbidden" => true,
            "hidden" | "filtered" | "-" => false,
            other => panic!("policy.md: {operation} is otherwise {other:?}"),
        },
        deleted: match deleted {
            "gone" => Deleted::Gone,
            "stays" => Deleted::Stays,
            "left out" | "-" => Deleted::LeftOut,
            other => panic!("policy.md: {operation} on a deleted one: {other:?}"),
        },
        answer: answer.parse().expect("a status"),
        places: words(
            places,
            &[
                "path",
                "ext path",
                "body",
                "ext body",
                "filter",
                "ext filter",
                "cursor",
                "expand",
                "if-match",
                "idempotency key",
                "own id",
                "feed",
                "-",
            ],
        ),
    }
}

/// The words between commas, each one of those known.
fn words(text: &str, known: &[&str]) -> BTreeSet<String> {
    text.split(',')
        .map(str::trim)
        .inspect(|word| assert!(known.contains(word), "policy.md: the word {word:?} is not known"))
        .filter(|word| *word != "-")
        .map(str::to_owned)
        .collect()
}
