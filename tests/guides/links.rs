//! Links between the texts, to pages of the service, and the operations that they name.

use std::path::Path;

use eduaccord::guide::anchor_of;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::support::TestApp;

/// Links of a text that lead nowhere. `path` is the text's own path below the repository.
pub(super) fn broken_links(documents: &[(String, String)], path: &str, text: &str, app: &TestApp) -> Vec<String> {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let leads_somewhere = |link: &str| {
        if link.starts_with("https://") {
            return true;
        }
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        if file.starts_with('/') {
            let page = app.anonymous().unchecked().get(file);
            let has_anchor = anchor.is_empty() || page.text.contains(&format!("id=\"{anchor}\""));
            return matches!(page.status, 200 | 301 | 302 | 307 | 308) && has_anchor;
        }
        // Guides are served too, where there is nothing but guides.
        if path != "README.md" && file.contains('/') {
            return false;
        }
        let target = if file.is_empty() {
            path.to_owned()
        } else {
            folder.join(file).display().to_string()
        };
        match documents.iter().find(|(path, _)| *path == target) {
            Some((_, text)) => anchor.is_empty() || anchors(text).iter().any(|known| known == anchor),
            None => anchor.is_empty() && Path::new(env!("CARGO_MANIFEST_DIR")).join(target).exists(),
        }
    };
    let links = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links
        .filter(|link| !leads_somewhere(link))
        .map(|link| format!("{path}: {link}"))
        .collect()
}

fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor_of(&heading))),
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            _ => {}
        }
    }
    anchors
}

/// Operations such as `POST /clients/{id}/tokens` that a text names and the document lacks.
pub(super) fn unknown_operations(document: &Value, path: &str, text: &str) -> Vec<String> {
    let is_known = |named: &str| {
        let Some((method, target)) = named.split_once(' ') else {
            return true;
        };
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) || !target.starts_with('/') {
            return true;
        }
        let target = target.split([' ', '?']).next().unwrap_or_default();
        // `{kind}` stands for each of the four kinds.
        let target = target.replace("{kind}", "mous");
        [target.clone(), format!("/api/v1{target}")]
            .iter()
            .any(|target| !document["paths"][target][method.to_lowercase()].is_null())
    };
    let codes = Parser::new(text).filter_map(|event| match event {
        Event::Code(code) => Some(code.into_string()),
        _ => None,
    });
    codes
        .filter(|code| !is_known(code))
        .map(|code| format!("{path}: {code}"))
        .collect()
}
