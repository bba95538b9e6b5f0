//! The handlers.

use super::event::show_events;
use super::request::{AuditRequest, OfficeFilter, read_audit_request};
use super::store::{count_events, find_event, select_events};
use crate::auth::Reading;
use crate::auth::scope::AuditRead;
use crate::db::Lane;
use crate::documents::read::address::find_external;
use crate::error::{Error, Result};
use crate::http::query::invalid_parameter;
use crate::http::tag::body_tag;
use crate::http::{Answer, Call, Query};
use crate::list::answer::{answer_page, cut_page, raw_json};
use crate::texts;
use crate::values::FindingCode;

/// `GET /audit-events`.
pub async fn list_audit_events(call: Call<AuditRead>) -> Result<Answer> {
    let request = read_audit_request(&call.request.query)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    call.auth.request_audit().flush().await?;
    call.auth
        .read(Lane::Slow, move |reading| list_events(reading, &request, &path, &query))
        .await
}

/// `GET /audit-events/{seq}`.
pub async fn get_audit_event(call: Call<AuditRead>) -> Result<Answer> {
    let seq: i64 = call
        .request
        .path("seq")
        .parse()
        .map_err(|_| Error::record_not_found())?;
    call.auth.request_audit().flush().await?;
    call.auth
        .read(Lane::Slow, move |reading| {
            let row = find_event(reading, seq)?.ok_or_else(Error::record_not_found)?;
            let event = show_events(reading, vec![row])?;
            let body = serde_json::to_string(&event.first()).map_err(Error::internal)?;
            let tag = body_tag(None, &body);
            Ok(Answer::json(200, body).header("ETag", tag))
        })
        .await
}

fn list_events(reading: &mut Reading<'_>, request: &AuditRequest, path: &str, query: &Query) -> Result<Answer> {
    let office = find_office(reading, request)?;
    let rows = select_events(reading, request, office.as_deref(), request.limit + 1)?;
    let mut events = show_events(reading, rows)?;
    let mut page = cut_page(
        &mut events,
        request.limit,
        request.position.as_ref(),
        &request.fingerprint,
    )?;
    if request.include_total {
        page.total = Some(count_events(reading, request, office.as_deref())?);
    }
    let items = events
        .iter()
        .map(|event| serde_json::to_string(event).map_err(Error::internal).and_then(raw_json))
        .collect::<Result<Vec<_>>>()?;
    answer_page(path, query, &items, &page, None)
}

fn find_office(reading: &mut Reading<'_>, request: &AuditRequest) -> Result<Option<String>> {
    match &request.filters.office {
        None => Ok(None),
        Some(OfficeFilter::Id(id)) => Ok(Some(id.clone())),
        Some(OfficeFilter::External(external)) => {
            let id = find_external(reading.conn, reading.caller, "office", external)?;
            let detail = texts::requests::no_own_office(external);
            id.map(Some)
                .ok_or_else(|| invalid_parameter("office", FindingCode::UnknownReference, detail))
        }
    }
}
