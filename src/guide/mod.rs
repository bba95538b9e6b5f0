//! The guides, written in Markdown in this folder and compiled in: as pages for people, and as they are.
//!
//! A new guide is a file here and a line in [`GUIDES`]. `tests/guides` runs every command in it against a fresh service
//! and compares the answers that it shows.

use std::sync::LazyLock;

use actix_web::http::Method;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use serde_json::json;

use crate::error::{Code, Error, Result};
use crate::http::endpoint::SERVICE as TAG;
use crate::http::page::{Page, render_page};
use crate::http::{Answer, Endpoint, OpenCall, Parameter};
use crate::texts::{self, Language};

const FORMS: [&str; 2] = ["text/html", "text/markdown"];

/// One guide.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// The last segment of its path, and the file's name.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// For whom it is, in one sentence.
    pub summary: &'static str,
    /// The text; its first line is the heading.
    pub markdown: &'static str,
}

/// All guides, in the order in which the index names them.
pub const GUIDES: &[Guide] = &[
    Guide {
        name: "api",
        title: "Rules of the API",
        summary: "What holds for every operation, and what will not change.",
        markdown: include_str!("api.md"),
    },
    Guide {
        name: "integrators",
        title: "Guide for integrators",
        summary: "Connecting another system: own ids, nightly pushes, the change feed, retries.",
        markdown: include_str!("integrators.md"),
    },
    Guide {
        name: "admins",
        title: "Guide for admins",
        summary: "Clients, tokens, rotation, a leaked token, the audit log.",
        markdown: include_str!("admins.md"),
    },
    Guide {
        name: "operators",
        title: "Guide for operators",
        summary: "Deployment, upgrade, downgrade, backup, keys, monitoring.",
        markdown: include_str!("operators.md"),
    },
    Guide {
        name: "changing",
        title: "How it is built and changed",
        summary: "The structure of the source, how a request flows, recipes for changes, tests.",
        markdown: include_str!("changing.md"),
    },
    Guide {
        name: "glossary",
        title: "Glossary",
        summary: "The words of this service and what they mean.",
        markdown: include_str!("glossary.md"),
    },
];

/// A text in both forms.
fn make_page(title: &str, text: &str) -> Page {
    let markdown = link_to_pages(text);
    let html = render_page(Language::English, title, &render_markdown(&markdown));
    Page::new(FORMS.into_iter().zip([html, markdown]))
}

/// The pages of the guides, in the order of [`GUIDES`]; rendered at the first request for one.
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let guides = GUIDES.iter();
    guides.map(|guide| make_page(guide.title, guide.markdown)).collect()
});

/// The page that lists them.
static INDEX: LazyLock<Page> = LazyLock::new(|| {
    let lines: String = GUIDES
        .iter()
        .map(|guide| format!("- [{}]({}.md): {}\n", guide.title, guide.name, guide.summary))
        .collect();
    make_page("Guides", &format!("# Guides\n\n{lines}"))
});

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::open(Method::GET, "/guide", "listGuides", list_guides)
            .tagged()
            .describe(TAG, "List the guides", "A page with every guide.")
            .answers_with(200, "A page for people, or Markdown, as `Accept` asks.", FORMS),
        Endpoint::open(Method::GET, "/guide/{page}", "getGuide", get_guide)
            .tagged()
            .describe(TAG, "Read a guide", "One guide, as it stands in the repository but for its links to other guides, which lead to their pages.")
            .parameter(Parameter::path(
                "page",
                json!({"type": "string", "examples": ["api"]}),
                "The guide's name.",
            ))
            .answers_with(200, "A page for people, or Markdown, as `Accept` asks.", FORMS),
    ]
}

async fn list_guides(call: OpenCall) -> Result<Answer> {
    Ok(INDEX.answer(call.request.list_header("Accept").as_deref()))
}

async fn get_guide(call: OpenCall) -> Result<Answer> {
    let name = call.request.path("page");
    let (_, page) = GUIDES
        .iter()
        .zip(PAGES.iter())
        .find(|(guide, _)| guide.name == name)
        .ok_or_else(|| Error::new(Code::NotFound, texts::requests::no_such_guide()))?;
    Ok(page.answer(call.request.list_header("Accept").as_deref()))
}

/// Links between the files of guides as links between their pages: `admins.md#rotation` is `/guide/admins#rotation`.
fn link_to_pages(markdown: &str) -> String {
    GUIDES.iter().fold(markdown.to_owned(), |text, guide| {
        text.replace(&format!("]({}.md", guide.name), &format!("](/guide/{}", guide.name))
    })
}

/// Markdown as HTML: headings get anchors. The first heading is left out, as the page has it as its
/// title, and so is raw HTML (comments to the tests).
fn render_markdown(markdown: &str) -> String {
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut heading: Option<(usize, String)> = None;
    let mut is_title = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => is_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => is_title = false,
            _ if is_title => {}
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(event);
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((at, text)) = heading.take()
                    && let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(at)
                {
                    *id = Some(CowStr::from(anchor_of(&text)));
                }
                events.push(event);
            }
            event => {
                if let (Some((_, text)), Event::Text(part) | Event::Code(part)) = (&mut heading, &event) {
                    text.push_str(part);
                }
                events.push(event);
            }
        }
    }
    let mut body = String::new();
    html::push_html(&mut body, events.into_iter());
    body
}

/// The anchor of a heading, as repositories make it: `A leaked token` is `a-leaked-token`.
pub fn anchor_of(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_a_page() {
        let markdown = link_to_pages(
            "# Title\n\n## A leaked `token`, now\n\n<!-- hidden -->\nSee [it](admins.md#x), [out](https://a.example/b.md) & <b>this</b>.\n\n|a|b|\n|-|-|\n|1|2|\n",
        );
        let html = render_markdown(&markdown);
        assert!(
            !html.contains("Title") && !html.contains("hidden") && !html.contains("<b>"),
            "{html}"
        );
        for part in [
            "<h2 id=\"a-leaked-token-now\">",
            "href=\"/guide/admins#x\"",
            "href=\"https://a.example/b.md\"",
            "&amp; this",
            "<td>1</td>",
        ] {
            assert!(html.contains(part), "no {part} in {html}");
        }
    }

    #[test]
    fn every_guide_begins_with_its_title() {
        for guide in GUIDES {
            assert_eq!(
                guide.markdown.lines().next(),
                Some(format!("# {}", guide.title).as_str())
            );
        }
    }
}
