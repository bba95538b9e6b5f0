//! The pages of codes: what problems point to (cause, example, fix), and what each `errors[].code` means.

use crate::error::{Code, CodeFacts, Error, Result};
use crate::http::page::{Page, escape, render_page};
use crate::http::{Answer, OpenCall};
use crate::values::FindingCode;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;

/// The forms of these pages; the first is for whoever asks for nothing in particular.
pub(super) const FORMS: [&str; 2] = ["text/html", "application/json"];

/// A kind of failure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProblemType {
    /// The problem's `code`.
    code: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened, in a few words.
    title: &'static str,
    /// When this happens.
    cause: &'static str,
    /// What to do.
    fix: &'static str,
}

/// What can be wrong with one place of a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingType {
    /// The code in `errors[].code`.
    code: &'static str,
    /// What is wrong.
    meaning: &'static str,
    /// What to do.
    fix: &'static str,
}

/// Every code of problems, and every code of one wrong place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProblemList {
    /// What `code` of a problem can be.
    problems: Vec<ProblemType>,
    /// What `errors[].code` can be.
    findings: Vec<FindingType>,
}

/// What a code stands for: a problem, one wrong place, or both.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProblemPage {
    /// The problem; null where only places have this code.
    #[schema(required)]
    problem: Option<ProblemType>,
    /// The wrong place; null where only problems have this code.
    #[schema(required)]
    finding: Option<FindingType>,
}

impl From<&CodeFacts> for ProblemType {
    fn from(facts: &CodeFacts) -> Self {
        Self {
            code: facts.code,
            status: facts.status,
            title: facts.title,
            cause: facts.cause,
            fix: facts.fix,
        }
    }
}

impl From<FindingCode> for FindingType {
    fn from(code: FindingCode) -> Self {
        Self {
            code: code.as_str(),
            meaning: code.meaning(),
            fix: code.fix(),
        }
    }
}

/// The list, and the page of each code; made at the first request for one.
static PAGES: LazyLock<serde_json::Result<Pages>> = LazyLock::new(Pages::make);

struct Pages {
    list: Page,
    codes: BTreeMap<&'static str, Page>,
}

impl Pages {
    fn make() -> serde_json::Result<Self> {
        let list = ProblemList {
            problems: Code::ALL.iter().map(|code| code.facts().into()).collect(),
            findings: FindingCode::ALL.iter().copied().map(FindingType::from).collect(),
        };
        let problems = Code::ALL.iter().map(|code| code.as_str());
        let findings = FindingCode::ALL.iter().map(|code| code.as_str());
        Ok(Self {
            list: make_page(render_list(), &list)?,
            codes: problems
                .chain(findings)
                .map(make_code)
                .collect::<serde_json::Result<_>>()?,
        })
    }

    fn get() -> Result<&'static Self> {
        PAGES.as_ref().map_err(Error::internal)
    }
}

fn make_code(text: &'static str) -> serde_json::Result<(&'static str, Page)> {
    let (facts, finding) = (Code::from_text(text).map(Code::facts), FindingCode::from_text(text));
    let page = ProblemPage {
        problem: facts.map(ProblemType::from),
        finding: finding.map(FindingType::from),
    };
    Ok((text, make_page(render_code(text, facts, finding), &page)?))
}

fn make_page(html: String, value: &impl Serialize) -> serde_json::Result<Page> {
    Ok(Page::new(FORMS.into_iter().zip([html, serde_json::to_string(value)?])))
}

/// `GET /problems/{code}`.
pub(super) async fn get_problem(call: OpenCall) -> Result<Answer> {
    let page = Pages::get()?.codes.get(call.request.path("code").as_str());
    let page = page.ok_or_else(|| {
        let detail = "There is no problem with this code; /problems lists all.";
        Error::new(Code::NotFound, detail)
    })?;
    Ok(page.answer(call.request.header("Accept")))
}

/// `GET /problems`.
pub(super) async fn list_problems(call: OpenCall) -> Result<Answer> {
    Ok(Pages::get()?.list.answer(call.request.header("Accept")))
}

fn render_code(text: &str, facts: Option<&CodeFacts>, finding: Option<FindingCode>) -> String {
    let mut body = facts.map(render_problem).unwrap_or_default();
    body.extend(finding.map(render_finding));
    body.push_str("<p><a href=\"/problems\">All problems</a></p>");
    render_page(facts.map_or(text, |facts| facts.title), &body)
}

fn render_problem(facts: &CodeFacts) -> String {
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
    format!(
        "<p><code>{}</code> · status {}</p><h2>Cause</h2><p>{}</p><h2>Example</h2><pre>{}</pre><h2>Fix</h2><p>{}</p>",
        facts.code,
        facts.status,
        escape(facts.cause),
        escape(&format!("{example:#}")),
        escape(facts.fix)
    )
}

fn render_finding(code: FindingCode) -> String {
    format!(
        "<h2>As <code>errors[].code</code></h2><p><code>{code}</code>: {}</p><p>{}</p>",
        escape(code.meaning()),
        escape(code.fix())
    )
}

fn render_list() -> String {
    let problems: String = Code::ALL
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
    let findings: String = FindingCode::ALL
        .iter()
        .map(|code| {
            format!(
                "<tr><td><a href=\"/problems/{code}\"><code>{code}</code></a></td><td>{}</td></tr>",
                escape(code.meaning())
            )
        })
        .collect();
    let body = format!(
        "<table><tr><th>Status</th><th>Code</th><th>Title</th></tr>{problems}</table><h2>Codes of one wrong place</h2><table><tr><th><code>errors[].code</code></th><th>Meaning</th></tr>{findings}</table>"
    );
    render_page("Problems", &body)
}
