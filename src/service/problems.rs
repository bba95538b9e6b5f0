//! The pages of codes: what problems point to (cause, example, fix), and what each `errors[].code` means.

use crate::error::{Code, Error, Result};
use crate::http::negotiation::choose_language;
use crate::http::page::{Page, escape, render_page};
use crate::http::{Answer, OpenCall};
use crate::texts::{self, Language, pages};
use crate::values::FindingCode;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;

/// The media types of these pages; the first is the default.
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

impl ProblemType {
    fn of(code: Code, language: Language) -> Self {
        let (facts, texts) = (code.facts(), code.texts(language));
        Self {
            code: facts.code,
            status: facts.status,
            title: texts.title,
            cause: texts.cause,
            fix: texts.fix,
        }
    }
}

impl FindingType {
    fn of(code: FindingCode, language: Language) -> Self {
        let texts = code.texts(language);
        Self {
            code: code.as_str(),
            meaning: texts.meaning,
            fix: texts.fix,
        }
    }
}

/// The list, and the page of each code, in every language; made at the first request for one.
static PAGES: LazyLock<serde_json::Result<Vec<Pages>>> =
    LazyLock::new(|| Language::ALL.iter().map(|language| Pages::make(*language)).collect());

struct Pages {
    language: Language,
    list: Page,
    codes: BTreeMap<&'static str, Page>,
}

impl Pages {
    fn make(language: Language) -> serde_json::Result<Self> {
        let list = ProblemList {
            problems: Code::ALL.iter().map(|code| ProblemType::of(*code, language)).collect(),
            findings: FindingCode::ALL
                .iter()
                .map(|code| FindingType::of(*code, language))
                .collect(),
        };
        let problems = Code::ALL.iter().map(|code| code.as_str());
        let findings = FindingCode::ALL.iter().map(|code| code.as_str());
        let codes = problems.chain(findings).map(|code| make_code(code, language));
        Ok(Self {
            language,
            codes: codes.collect::<serde_json::Result<_>>()?,
            list: make_page(language, render_list(language, &list), &list)?,
        })
    }

    /// In the language that the request asks for.
    fn get(call: &OpenCall) -> Result<&'static Self> {
        let language = choose_language(call.request.list_header("Accept-Language").as_deref());
        let pages = PAGES.as_ref().map_err(Error::internal)?;
        let found = pages.iter().find(|pages| pages.language == language);
        found.ok_or_else(|| Error::internal("there are no pages in this language"))
    }
}

fn make_code(text: &'static str, language: Language) -> serde_json::Result<(&'static str, Page)> {
    let page = ProblemPage {
        problem: Code::from_text(text).map(|code| ProblemType::of(code, language)),
        finding: FindingCode::from_text(text).map(|code| FindingType::of(code, language)),
    };
    Ok((text, make_page(language, render_code(language, text, &page), &page)?))
}

fn make_page(language: Language, html: String, value: &impl Serialize) -> serde_json::Result<Page> {
    let page = Page::new(FORMS.into_iter().zip([html, serde_json::to_string(value)?]));
    Ok(page.translated(language))
}

/// `GET /problems/{code}`.
pub(super) async fn get_problem(call: OpenCall) -> Result<Answer> {
    let page = Pages::get(&call)?.codes.get(call.request.path("code").as_str());
    let page = page.ok_or_else(|| Error::new(Code::NotFound, texts::requests::no_problem_page()))?;
    Ok(page.answer(call.request.list_header("Accept").as_deref()))
}

/// `GET /problems`.
pub(super) async fn list_problems(call: OpenCall) -> Result<Answer> {
    Ok(Pages::get(&call)?
        .list
        .answer(call.request.list_header("Accept").as_deref()))
}

fn render_code(language: Language, text: &str, page: &ProblemPage) -> String {
    let mut body = page
        .problem
        .as_ref()
        .map(|problem| render_problem(language, problem))
        .unwrap_or_default();
    body.extend(page.finding.as_ref().map(|finding| render_finding(language, finding)));
    body.push_str(&format!(
        "<p><a href=\"/problems\">{}</a></p>",
        pages::all_problems().render(language)
    ));
    render_page(
        language,
        page.problem.as_ref().map_or(text, |problem| problem.title),
        &body,
    )
}

fn render_problem(language: Language, problem: &ProblemType) -> String {
    let example = json!({
        "type": format!("/problems/{}", problem.code),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.cause,
        "instance": "/api/v1/…",
        "code": problem.code,
        "request_id": "req_…",
        "errors": [],
    });
    let [cause, shown, fix] = [pages::cause(), pages::example(), pages::fix()].map(|text| text.render(language));
    format!(
        "<p><code>{}</code> · {}</p><h2>{cause}</h2><p>{}</p><h2>{shown}</h2><pre>{}</pre><h2>{fix}</h2><p>{}</p>",
        problem.code,
        problem.status,
        escape(problem.cause),
        escape(&format!("{example:#}")),
        escape(problem.fix)
    )
}

fn render_finding(language: Language, finding: &FindingType) -> String {
    format!(
        "<h2>{} (<code>errors[].code</code>)</h2><p><code>{}</code>: {}</p><p>{}</p>",
        pages::as_place().render(language),
        finding.code,
        escape(finding.meaning),
        escape(finding.fix)
    )
}

fn render_list(language: Language, list: &ProblemList) -> String {
    let problems: String = list
        .problems
        .iter()
        .map(|problem| {
            format!(
                "<tr><td>{}</td><td><a href=\"/problems/{1}\"><code>{1}</code></a></td><td>{2}</td></tr>",
                problem.status,
                problem.code,
                escape(problem.title)
            )
        })
        .collect();
    let findings: String = list
        .findings
        .iter()
        .map(|finding| {
            format!(
                "<tr><td><a href=\"/problems/{0}\"><code>{0}</code></a></td><td>{1}</td></tr>",
                finding.code,
                escape(finding.meaning)
            )
        })
        .collect();
    let [status, code, title] = [pages::status(), pages::code(), pages::title()].map(|text| text.render(language));
    let [places, meaning] = [pages::codes_of_places(), pages::meaning()].map(|text| text.render(language));
    let body = format!(
        "<table><tr><th>{status}</th><th>{code}</th><th>{title}</th></tr>{problems}</table><h2>{places}</h2><table><tr><th><code>errors[].code</code></th><th>{meaning}</th></tr>{findings}</table>"
    );
    render_page(language, &pages::problems().render(language), &body)
}
