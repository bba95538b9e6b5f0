//! Pages for people (problems and guides), and the same for programs. They load nothing and run nothing.

use crate::http::Answer;
use crate::http::negotiation::choose_media_type;
use crate::http::tag::body_tag;
use crate::texts::{Language, pages};

/// Nothing is loaded and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em}\
    pre{background:#f4f4f4;padding:1em;overflow:auto}code{background:#f4f4f4}pre code{background:none}\
    table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2em 1em .2em 0}";

/// A whole page; `title` is plain text, `body` is HTML that follows the heading.
pub fn render_page(language: Language, title: &str, body: &str) -> String {
    let title = escape(title);
    let [guides, api, problems] = [pages::guides(), pages::api(), pages::problems()].map(|text| text.render(language));
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body><nav><a href=\"/guide\">{guides}</a> · <a href=\"/docs\">{api}</a> · <a href=\"/problems\">{problems}</a></nav><h1>{title}</h1>{body}</body></html>",
        language.tag()
    )
}

/// One content in several forms that anybody may keep for five minutes. Made once: a request copies one of them.
#[derive(Debug)]
pub struct Page {
    media_types: Vec<&'static str>,
    language: Language,
    /// Is there the same in other languages?
    is_translated: bool,
    /// The body of each form and its entity tag.
    forms: Vec<(String, String)>,
}

impl Page {
    /// The forms by media type; the first is for a caller that asks for nothing in particular.
    pub fn new(forms: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let (media_types, bodies): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        let with_tag = |body: String| {
            let tag = body_tag(None, &body);
            (body, tag)
        };
        Self {
            media_types,
            language: Language::default(),
            is_translated: false,
            forms: bodies.into_iter().map(with_tag).collect(),
        }
    }

    /// One of the languages in which there is the same.
    #[must_use]
    pub fn translated(mut self, language: Language) -> Self {
        (self.language, self.is_translated) = (language, true);
        self
    }

    /// 200 with the form that `Accept` prefers.
    pub fn answer(&self, accept: Option<&str>) -> Answer {
        let chosen = choose_media_type(accept, &self.media_types);
        let mut forms = self.media_types.iter().zip(&self.forms);
        let (body, tag) = forms
            .find_map(|(media_type, form)| (*media_type == chosen).then(|| form.clone()))
            .unwrap_or_default();
        let answer = match chosen {
            "application/json" => Answer::json(200, body),
            text => Answer::text(&format!("{text}; charset=utf-8"), body),
        };
        let answer = answer
            .header("ETag", tag)
            .header("Cache-Control", "public, max-age=300")
            .header("Content-Language", self.language.tag())
            .header(
                "Vary",
                if self.is_translated {
                    "Accept, Accept-Language"
                } else {
                    "Accept"
                },
            );
        match chosen {
            "text/html" => answer.header("Content-Security-Policy", POLICY),
            _ => answer,
        }
    }
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
