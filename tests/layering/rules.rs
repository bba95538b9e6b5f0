//! The rules themselves.

use super::words::{code, crate_paths, long_functions, words};

/// Files are split by what they are about well before this.
const LONGEST_FILE: usize = 500;

/// Lines inside the braces of a handler: it reads the request, calls one thing and answers.
const LONGEST_HANDLER: usize = 15;

/// The rooms of the source from the ground up: none names one that stands after it. `lib.rs` lists them all.
const ROOMS: &[&str] = &[
    "bounds",
    "texts",
    "values",
    "clock",
    "json",
    "schema",
    "error",
    "db",
    "audit",
    "auth",
    "http",
    "list",
    "openapi",
    "documents",
    "accounts",
    "offices",
    "policies",
    "mous",
    "programs",
    "feed",
    "import",
    "verify",
    "reindex",
    "oauth",
    "audit_events",
    "transfers",
    "service",
    "guide",
    "generate",
    "settings",
    "app",
    "cli",
    "main",
];

/// The vertical slices: a slice sees of another only what its mod hands out.
const SLICES: &[&str] = &["accounts", "offices", "policies", "mous", "programs"];

/// What no slice hands out whole.
const INSIDE_A_SLICE: &[&str] = &["store", "api", "rules", "document"];

/// Where guards may be asked: the room that decides, and the check of tokens.
const GUARD_ROOMS: &[&str] = &[
    "auth/access/",
    "auth/authority.rs",
    "auth/refusals.rs",
    "auth/limits.rs",
    "auth/token_cache.rs",
    "auth/switches.rs",
];

/// Whose `now` a pure rule must be given and may not ask for. The types themselves it may name.
const CLOCKS: &[&str] = &["Utc", "Local", "SystemTime", "Instant", "clock"];

/// Where the columns of documents are named: they are written, or selected together with their format.
const READS_DOCUMENTS: &[&str] = &[
    "documents/write/store.rs",
    "documents/actions/redact/mod.rs",
    "documents/actions/redact/past.rs",
    "list/select.rs",
];

/// Where words without a translation are told: by libraries, or to the operator on the host.
const UNTRANSLATED: &[&str] = &[
    "texts/",
    "cli/",
    "import/",
    "db/migrate.rs",
    "db/opening.rs",
    "accounts/host.rs",
    "documents/actions/redact/mod.rs",
    "schema/validator/report.rs",
];

/// One rule of the house plan.
pub(super) struct Rule {
    /// The rule in words, for the message.
    pub(super) says: &'static str,
    /// What in this file breaks it; `path` is below `src`.
    pub(super) check: fn(path: &str, text: &str) -> Vec<String>,
    /// Files that break it, with their paths.
    pub(super) bad: fn() -> Vec<(&'static str, String)>,
}

/// All rules; the length of files comes first.
pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "a file has 500 lines at most",
        check: |_, text| {
            let lines = text.lines().count();
            objection_if(lines > LONGEST_FILE, || format!("{lines} lines"))
        },
        bad: || vec![("http/mod.rs", "//\n".repeat(LONGEST_FILE + 1))],
    },
    Rule {
        says: "values, rules and documents are pure: no database, no web, no clock",
        check: |path, text| {
            let pure =
                part(path) == "values" || in_slice(path) && (is_layer(path, "rules") || is_layer(path, "document"));
            when(pure, || {
                let text = without_tests(text);
                let mut said = named(text, &["diesel", "actix_web"]);
                said.extend(asks_for_the_time(text));
                said
            })
        },
        bad: || {
            snippets(&[
                ("mous/rules.rs", "use diesel::prelude::*;"),
                ("mous/rules/terms.rs", "use actix_web::HttpResponse;"),
                ("offices/document.rs", "let now = chrono::Utc::now();"),
                ("policies/document/nodes.rs", "let began = std::time::Instant::now();"),
                ("values/period.rs", "let today = crate::clock::latest_today();"),
            ])
        },
    },
    Rule {
        says: "what callers read is declared in `texts`, in every language",
        check: |path, text| {
            let may = UNTRANSLATED.iter().any(|place| path.starts_with(place)) || path.ends_with("tests.rs");
            when(!may, || named(without_tests(text), &["untranslated"]))
        },
        bad: || {
            snippets(&[
                ("mous/rules.rs", "let detail = texts::untranslated(\"It is wrong.\");"),
                ("http/call.rs", "use crate::texts::untranslated;"),
            ])
        },
    },
    Rule {
        says: "a store knows no HTTP",
        check: |path, text| when(is_layer(path, "store"), || named(text, &["actix_web", "actix"])),
        bad: || {
            snippets(&[
                ("mous/store.rs", "use actix_web::web;"),
                ("documents/store/write.rs", "fn a(_: actix_web::HttpRequest) {}"),
            ])
        },
    },
    Rule {
        says: "an api knows no SQL",
        check: |path, text| when(is_layer(path, "api"), || named(text, &["diesel"])),
        bad: || {
            snippets(&[
                ("mous/api.rs", "use diesel::prelude::*;"),
                ("offices/api/merge.rs", "diesel::sql_query(\"SELECT 1\")"),
            ])
        },
    },
    Rule {
        says: "a room names none above it",
        check: |path, text| {
            let Some(own) = ROOMS.iter().position(|room| *room == part(path)) else {
                return objection_if(part(path) != "lib", || "is in no room of the list".to_owned());
            };
            // Tests may build the whole.
            when(!is_test(path), || {
                crate_paths(&code(without_tests(text)))
                    .into_iter()
                    .filter(|path| rank(path).is_some_and(|rank| rank > own))
                    .map(|path| format!("names crate::{}", path.join("::")))
                    .collect()
            })
        },
        bad: || {
            snippets(&[
                ("documents/write/store.rs", "use crate::mous::Mou;"),
                ("error.rs", "use crate::{values::Finding, db};"),
                ("json/diff.rs", "fn walk(_: &crate::schema::walk::SchemaWalk) {}"),
                ("feed/changes.rs", "crate::cli::say(1)"),
                ("leftovers/mod.rs", "// nothing"),
            ])
        },
    },
    Rule {
        says: "guards decide in auth/access and where tokens are checked",
        check: |path, text| {
            when(!GUARD_ROOMS.iter().any(|room| path.starts_with(room)), || {
                named(text, &["is_on"])
            })
        },
        bad: || {
            snippets(&[
                ("documents/write.rs", "if is_on(Guard::OwnerToDelete) {}"),
                ("accounts/rows.rs", "use crate::auth::switches::is_on;"),
            ])
        },
    },
    Rule {
        says: "only db/ tells the databases apart",
        check: |path, text| {
            when(part(path) != "db", || {
                let code = code(text);
                let words = words(&code);
                words
                    .windows(3)
                    .filter(|three| matches!(three, ["Conn", "::", "Sqlite" | "Postgres"]))
                    .map(|three| format!("names {}", three.concat()))
                    .collect()
            })
        },
        bad: || {
            snippets(&[
                ("mous/store.rs", "match connection { Conn::Sqlite(inner) => 1 }"),
                ("verify/chain.rs", "if let db::Conn::Postgres(_) = connection {}"),
            ])
        },
    },
    Rule {
        says: "a slice sees of another only what its mod hands out",
        check: |path, text| {
            when(in_slice(path), || {
                crate_paths(&code(text))
                    .into_iter()
                    .filter(|found| reaches_inside_another(part(path), found))
                    .map(|found| format!("names crate::{}", found.join("::")))
                    .collect()
            })
        },
        bad: || {
            snippets(&[
                ("programs/store.rs", "use crate::mous::store::find;"),
                ("programs/api.rs", "use crate::{http, mous::{store, Mou}};"),
                ("programs/mod.rs", "crate::policies::trace::of(id)"),
            ])
        },
    },
    Rule {
        says: "a stored document is read with its format, by db::stored",
        check: |path, text| {
            when(!READS_DOCUMENTS.contains(&path), || {
                let code = code(text);
                words(&code)
                    .windows(3)
                    .filter(|three| matches!(three, ["records" | "revisions", "::", "document"]))
                    .map(|three| format!("names {}", three.concat()))
                    .collect()
            })
        },
        bad: || {
            snippets(&[
                (
                    "documents/read/current.rs",
                    "query.select((records::id, records::document))",
                ),
                ("feed/changes.rs", ".select(revisions::document)"),
            ])
        },
    },
    Rule {
        says: "a handler has 15 lines at most",
        check: |path, text| when(is_layer(path, "api"), || long_functions(text, LONGEST_HANDLER)),
        bad: || {
            let long = "    let _ = 1;\n".repeat(LONGEST_HANDLER + 1);
            vec![
                ("mous/api.rs", format!("pub async fn list_mous() {{\n{long}}}\n")),
                (
                    "mous/api/actions.rs",
                    format!("async fn act(\n    id: Id,\n) -> Answer {{\n{long}}}\n"),
                ),
            ]
        },
    },
];

/// What no rule may object to.
pub(super) fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "mous/rules.rs",
            "// diesel and Utc stay out\nuse crate::values::Period;",
        ),
        ("mous/rules.rs", "use crate::mous::document::Mou;"),
        (
            "values/locale.rs",
            "use chrono::{DateTime, Utc}; fn day(_: DateTime<Utc>) {}",
        ),
        (
            "documents/write/store.rs",
            "use crate::db::schema::offices; use diesel::prelude::*;",
        ),
        ("documents/kind.rs", "let now = chrono::Utc::now();"),
        ("documents/upgrade/tests.rs", "use crate::app::KINDS;"),
        (
            "db/writer.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests { use crate::app::KINDS; }",
        ),
        (
            "db/connection.rs",
            "match self { Conn::Sqlite(_) => 1, Conn::Postgres(_) => 2 }",
        ),
        (
            "offices/store.rs",
            "use crate::{db, accounts::{Client, Stage::Draft, signed_on}};",
        ),
        ("programs/store.rs", "use crate::mous::part_of;"),
        ("verify/history.rs", "use crate::mous::store::find;"),
        ("app.rs", "use crate::{mous, offices};"),
        ("lib.rs", "pub mod mous;"),
        ("mous/api.rs", "use actix_web::web;\nasync fn a() {\n    1\n}\n"),
    ]
}

/// The top-level part of the source that a path belongs to: its first folder, or the file's name without `.rs`.
fn part(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// Where the room that a path below `crate` leads to stands in the list; none for macros and modules of the root.
fn rank(path: &[String]) -> Option<usize> {
    ROOMS
        .iter()
        .position(|room| path.first().is_some_and(|first| first == room))
}

/// Whether a file is built for unit tests alone.
pub(super) fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs") || path.ends_with("_test.rs") || path.ends_with("arbitrary.rs")
}

/// The text up to its unit tests.
pub(super) fn without_tests(text: &str) -> &str {
    text.split("\nmod tests {").next().unwrap_or(text)
}

fn is_slice(part: &str) -> bool {
    SLICES.contains(&part)
}

fn in_slice(path: &str) -> bool {
    is_slice(part(path))
}

/// Whether a file is this layer of its part: `mous/api.rs`, `mous/api_actions.rs` or below `mous/api/`.
fn is_layer(path: &str, layer: &str) -> bool {
    path.split('/').skip(1).any(|segment| {
        let name = segment.strip_suffix(".rs").unwrap_or(segment);
        name == layer || name.strip_prefix(layer).is_some_and(|rest| rest.starts_with('_'))
    })
}

/// Whether a path below `crate` goes into a part of a slice other than `own` that its mod does not hand out.
fn reaches_inside_another(own: &str, path: &[String]) -> bool {
    match path {
        [slice, inside, rest @ ..] if is_slice(slice) && slice != own => {
            let through_a_module = !rest.is_empty() && inside.starts_with(char::is_lowercase);
            through_a_module || INSIDE_A_SLICE.contains(&inside.as_str())
        }
        _ => false,
    }
}

/// Which of these words the code of a file uses.
fn named(text: &str, forbidden: &[&str]) -> Vec<String> {
    let code = code(text);
    let words = words(&code);
    forbidden
        .iter()
        .filter(|word| words.contains(word))
        .map(|word| format!("names {word}"))
        .collect()
}

/// Where the code of a file reads a clock: `Utc::now`, `clock::latest_today`.
fn asks_for_the_time(text: &str) -> Vec<String> {
    let code = code(text);
    words(&code)
        .windows(3)
        .filter(|three| match three {
            [clock, "::", call] => CLOCKS.contains(clock) && (*call == "now" || call.contains("today")),
            _ => false,
        })
        .map(|three| format!("calls {}", three.concat()))
        .collect()
}

fn when(applies: bool, objections: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if applies { objections() } else { Vec::new() }
}

fn objection_if(broken: bool, objection: impl FnOnce() -> String) -> Vec<String> {
    when(broken, || vec![objection()])
}

fn snippets(of: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    of.iter().map(|(path, text)| (*path, (*text).to_owned())).collect()
}
