//! HTML pages for people: problems and guides. They load nothing and run nothing.

use crate::http::Answer;
use crate::http::tag::body_tag;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em}\
    pre{background:#f4f4f4;padding:1em;overflow:auto}code{background:#f4f4f4}pre code{background:none}\
    table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2em 1em .2em 0}";

/// A whole page; `title` is plain text, `body` is HTML that follows the heading.
pub fn render_page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body><nav><a href=\"/guide\">Guides</a> · <a href=\"/docs\">API</a> · <a href=\"/problems\">Problems</a></nav><h1>{title}</h1>{body}</body></html>"
    )
}

/// 200 with a page that anybody may keep for five minutes.
pub fn answer_page(html: String) -> Answer {
    let tag = body_tag(None, &html);
    Answer::text("text/html; charset=utf-8", html)
        .header("ETag", tag)
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'",
        )
        .header("Cache-Control", "public, max-age=300")
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
