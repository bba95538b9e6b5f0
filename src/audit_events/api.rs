//! The handlers.

use super::event::AuditEvent;
use super::event::show_events;
use super::list::{AUDIT_EVENTS, OFFICE};
use super::store::{count_events, find_event, select_events};
use crate::auth::Reading;
use crate::auth::scope::AuditRead;
use crate::db::Lane;
use crate::documents::read::address::find_external;
use crate::error::{Error, Result};
use crate::http::query::invalid_parameter;
use crate::http::tag::body_tag;
use crate::http::{Answer, Call, Query};
use crate::list::answer::answer_items;
use crate::list::{ListRequest, read_plain_list_request};
use crate::texts;
use crate::values::FindingCode;
use crate::values::id::ExternalReference;

/// `GET /audit-events`.
pub async fn list_audit_events(call: Call<AuditRead>) -> Result<Answer> {
    let list = read_plain_list_request(&call.request.query, &AUDIT_EVENTS)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    call.auth.request_audit().flush().await?;
    call.auth
        .read(Lane::Slow, move |reading| list_events(reading, &list, &path, &query))
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

fn list_events(reading: &mut Reading<'_>, list: &ListRequest, path: &str, query: &Query) -> Result<Answer> {
    let list = resolve_office(reading, list.clone())?;
    let rows = select_events(reading, &list, list.limit + 1)?;
    let total = match list.include_total {
        true => Some(count_events(reading, &list)?),
        false => None,
    };
    let items = show_events(reading, rows)?.into_iter().map(AuditEvent::into_item);
    answer_items(path, query, &list, items.collect(), total)
}

/// The office of the filter by its id, where the caller named it by an id of its own.
fn resolve_office(reading: &mut Reading<'_>, mut list: ListRequest) -> Result<ListRequest> {
    let Some(external) = list.filters.one(OFFICE).and_then(ExternalReference::parse) else {
        return Ok(list);
    };
    let id = find_external(reading.conn, reading.caller, "office", &external)?.ok_or_else(|| {
        let detail = texts::requests::no_own_office(&external);
        invalid_parameter(OFFICE, FindingCode::UnknownReference, detail)
    })?;
    list.filters.0.insert(OFFICE, vec![vec![id]]);
    Ok(list)
}
