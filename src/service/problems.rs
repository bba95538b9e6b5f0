//! The pages that problems point to: cause, example, fix.

use crate::error::{Code, Error, Result};
use crate::http::page::{answer_page, escape, render_page};
use crate::http::{Answer, OpenCall};
use serde_json::json;

/// `GET /problems/{code}`.
pub(super) async fn get_problem(call: OpenCall) -> Result<Answer> {
    let code = Code::from_text(&call.request.path("code")).ok_or_else(|| {
        Error::new(
            Code::NotFound,
            "There is no problem with this code; /problems lists all.",
        )
    })?;
    let facts = code.facts();
    let example = json!({
        "type": format!("/problems/{}", facts.code),
        "title": facts.title,
        "status": facts.status,
        "detail": facts.cause,
        "instance": "/api/v1/…",
        "code": facts.code,
        "request_id": "req_…",
        "errors": [],
    });
    let example = serde_json::to_string_pretty(&example).map_err(Error::internal)?;
    Ok(answer_page(render_page(
        facts.title,
        &format!(
            "<p><code>{}</code> · status {}</p><h2>Cause</h2><p>{}</p><h2>Example</h2><pre>{}</pre><h2>Fix</h2><p>{}</p><p><a href=\"/problems\">All problems</a></p>",
            facts.code,
            facts.status,
            escape(facts.cause),
            escape(&example),
            escape(facts.fix)
        ),
    )))
}

/// `GET /problems`.
pub(super) async fn list_problems(_call: OpenCall) -> Result<Answer> {
    let rows: String = Code::ALL
        .iter()
        .map(|code| {
            let facts = code.facts();
            format!(
                "<tr><td>{}</td><td><a href=\"/problems/{1}\"><code>{1}</code></a></td><td>{2}</td></tr>",
                facts.status,
                facts.code,
                escape(facts.title)
            )
        })
        .collect();
    Ok(answer_page(render_page(
        "Problems",
        &format!("<table><tr><th>Status</th><th>Code</th><th>Title</th></tr>{rows}</table>"),
    )))
}
