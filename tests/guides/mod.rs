//! The README and the guides: every command in them is run against a fresh service, every answer that they show is
//! compared with the real one up to ids, secrets and times, and every link leads somewhere.

mod blocks;
mod links;
mod matching;
mod session;

use std::path::Path;

use eduaccord::guide::GUIDES;
use eduaccord::settings::VARIABLES;

use crate::support::{Case, TestApp, World, cases};

use blocks::{Block, read_blocks};
use session::Session;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_command_runs_and_answers_as_shown,
        what_is_not_run_is_counted,
        every_link_leads_somewhere,
        every_operation_that_is_named_is_there,
        guides_are_served_in_both_forms,
        a_changed_answer_turns_red,
        the_readme_is_short_and_lists_every_variable,
    ]
}

/// Blocks that cannot be run here, each with its reason beside it. A new one is a decision: raise the number.
const NOT_RUN: usize = 9;

/// The README and all guides: the path below the repository, and the text.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guides = GUIDES.iter().map(|guide| format!("src/guide/{}.md", guide.name));
    std::iter::once("README.md".to_owned())
        .chain(guides)
        .map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).expect("a guide");
            (path, text)
        })
        .collect()
}

fn every_command_runs_and_answers_as_shown(world: &World) {
    if !session::has_curl() {
        return;
    }
    for (path, text) in documents() {
        let database = world.empty_database();
        let app = TestApp::start(&database, |_| ());
        let mut session = Session::new(world, &database, &app);
        if path != "README.md" {
            session
                .run("cargo run -- import tests/data")
                .expect("the records are loaded");
        }
        for block in read_blocks(&text).iter().filter(|block| block.not_run.is_none()) {
            if let Err(fault) = session.run_block(block) {
                panic!("{path}, line {}: {fault}", block.line);
            }
        }
    }
}

fn what_is_not_run_is_counted() {
    let not_run = |(path, text): &(String, String)| -> Vec<String> {
        let blocks = read_blocks(text);
        let reasons = blocks.iter().filter_map(|block| block.not_run.as_ref());
        reasons.map(|reason| format!("{path}: {reason}")).collect()
    };
    let all: Vec<String> = documents().iter().flat_map(not_run).collect();
    assert!(
        all.iter().all(|reason| !reason.trim_end().ends_with(':')),
        "a reason is missing: {all:#?}"
    );
    assert_eq!(all.len(), NOT_RUN, "{all:#?}");
}

fn every_link_leads_somewhere(app: &TestApp) {
    let documents = documents();
    let faults: Vec<String> = documents
        .iter()
        .flat_map(|(path, text)| links::broken_links(&documents, path, text, app))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let wrong = "[a](nowhere.md) [b](api.md#no-such-heading) [c](/no-such-page) [d](api.md) [e](/guide/api#no-such-heading) [f](/guide/api#limits)";
    let faults = links::broken_links(&documents, "src/guide/admins.md", wrong, app);
    assert_eq!(faults.len(), 4, "{faults:#?}");
}

fn every_operation_that_is_named_is_there(app: &TestApp) {
    let document = app.anonymous().get(crate::support::contract::PATH).expect(200).json();
    let faults: Vec<String> = documents()
        .iter()
        .flat_map(|(path, text)| links::unknown_operations(&document, path, text))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let wrong = "`GET /clients/{id}` `GET /clients/{id}/nothing` `PUT /healthz`";
    assert_eq!(links::unknown_operations(&document, "x", wrong).len(), 2);
}

fn guides_are_served_in_both_forms(app: &TestApp) {
    let anyone = app.anonymous();
    let index = anyone.get("/guide").expect(200);
    let list = anyone.header("accept", "text/markdown").get("/guide").expect(200);
    assert_eq!(
        links::broken_links(&[], "/guide", &list.text, app),
        Vec::<String>::new()
    );
    for guide in GUIDES {
        let path = format!("/guide/{}", guide.name);
        assert!(
            index.text.contains(&format!("href=\"{path}\"")),
            "the index lacks {path}"
        );
        let page = anyone.get(&path).expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(
            page.header("content-security-policy")
                .is_some_and(|policy| policy.contains("default-src 'none'"))
        );
        assert!(page.text.contains(&format!("<h1>{}</h1>", guide.title)), "{path}");
        let markdown = anyone.header("accept", "text/markdown").get(&path).expect(200);
        assert_eq!(markdown.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert_eq!(markdown.text.lines().next(), guide.markdown.lines().next());
        assert_eq!(
            links::broken_links(&[], &path, &markdown.text, app),
            Vec::<String>::new()
        );
        for reply in [&page, &markdown] {
            assert!(
                reply
                    .header("vary")
                    .is_some_and(|vary| vary.split(',').any(|name| name.trim() == "Accept")),
                "{path}"
            );
        }
        assert_ne!(page.etag(), markdown.etag());
        anyone.header("if-none-match", page.etag()).get(&path).expect(304);
    }
    anyone.get("/guide/nothing").expect(404).problem("not-found");
}

fn a_changed_answer_turns_red(world: &World) {
    if !session::has_curl() {
        return;
    }
    let database = world.empty_database();
    let app = TestApp::start(&database, |_| ());
    let run = |markdown: &str| {
        let blocks = read_blocks(markdown);
        let mut session = Session::new(world, &database, &app);
        blocks.iter().try_for_each(|block: &Block| session.run_block(block))
    };
    let right = "```sh\neda \"$API/offices\"\n```\n```json\n{\"items\": [], …}\n```\n";
    run(right).expect("as it is");
    for (wrong, part) in [
        (right.replace("[]", "[1]"), "/items"),
        (right.replace(", …", ""), "/"),
        (right.replace("items", "itens"), "itens"),
        (right.replace("/offices", "/offixes"), "404"),
        ("```sh\neda \"$API/offixes\"\n```\n".to_owned(), "404"),
        ("```sh\nfalse\n```\n".to_owned(), "exit"),
        ("```json\n{}\n```\n".to_owned(), "no command"),
        ("```sh\neda \"$API/offices/off_…\"\n```\n".to_owned(), "…"),
    ] {
        let fault = run(&wrong).expect_err(&wrong);
        assert!(fault.contains(part), "{fault} lacks {part:?}: {wrong}");
    }
}

fn the_readme_is_short_and_lists_every_variable() {
    let (_, readme) = documents().swap_remove(0);
    assert!(readme.lines().count() <= 150, "longer texts are guides");
    for variable in VARIABLES {
        let default = match variable.default {
            "" => "(empty)".to_owned(),
            described if described.contains('`') => described.to_owned(),
            default => format!("`{default}`"),
        };
        let row = format!("| `{}` | {default} | {} |", variable.name, variable.meaning);
        assert!(readme.contains(&row), "the README lacks: {row}");
    }
}
