//! Reading records for an answer: one, or a page of them, as the caller gets them.

use crate::auth::Reading;
use crate::db::{Lane, StoredDocument};
use crate::documents::contract::Contracts;
use crate::documents::kind::Kind;
use crate::documents::read::current::find_living;
use crate::documents::read::filter::resolve_filters;
use crate::documents::read::render::{RecordView, Renderer, load_expanded};
use crate::error::{Code, Error, Result};
use crate::http::{Answer, Query};
use crate::list::answer::{CursorKey, PageRoom, answer_page, arrange_page};
use crate::list::{ExpandSpec, ListRequest, PageRequest, Row};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A row of a page with its record as the caller gets it.
struct ShownRow {
    row: Row,
    text: Box<RawValue>,
}

impl CursorKey for ShownRow {
    fn place(&self) -> (&str, &str) {
        (&self.row.key, &self.row.sight.id)
    }
}

/// How much work a list is.
pub fn lane_of(list: &ListRequest) -> Lane {
    if list.include_total || list.filters.has_any(&["q"]) || !list.expand.is_empty() {
        Lane::Slow
    } else {
        Lane::Quick
    }
}

/// One page.
pub fn select_list<K: Kind>(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    list: &ListRequest,
    path: &str,
    query: &Query,
) -> Result<Answer> {
    let filters = resolve_filters(reading, list, K::LIST)?;
    let request = PageRequest {
        caller: reading.caller,
        filters: &filters,
        certain_dates: list.certain_dates,
        sort: &list.sort,
        position: list.position.as_ref(),
        rows: list.limit + 1,
    };
    let mut rows = K::select_page(reading.conn, &request)?;
    let wanted = usize::try_from(list.limit).map_err(Error::internal)?;
    let mut has_extra = rows.len() > wanted;
    rows.truncate(wanted);
    // A first cut by what is stored: what goes out is about as long, and what has no room need not be made.
    has_extra |= PageRoom::keep(&mut rows, |row| row.document.stored_text().len());
    let total = if list.include_total {
        Some(K::count(reading.conn, &request)?)
    } else {
        None
    };
    let contract = contracts.of::<K>()?;
    let renderer = Renderer {
        contract: &contract,
        language: list.language.as_deref(),
    };
    let documents: Vec<StoredDocument> = rows.iter_mut().map(|row| std::mem::take(&mut row.document)).collect();
    let records = rows.iter().map(|row| row.sight.row()).zip(documents).collect();
    let views = renderer.render_many(reading, records)?.into_iter().zip(rows);
    let mut shown = views
        .map(|(view, row)| view.into_embedded(row.version).map(|text| ShownRow { row, text }))
        .collect::<Result<Vec<_>>>()?;
    has_extra |= PageRoom::keep(&mut shown, |row| row.text.get().len());
    let (position, bound) = (list.position.as_ref(), &list.fingerprint);
    let mut page = arrange_page(&mut shown, has_extra, list.limit, position, bound)?;
    page.total = total;
    let (ids, items): (Vec<String>, Vec<_>) = shown.into_iter().map(|row| (row.row.sight.id, row.text)).unzip();
    let expanded = load_expanded(reading, contracts, &ids, &list.expand, list.language.as_deref())?;
    answer_page(path, query, &items, &page, expanded.as_ref())
}

/// One living record.
pub fn select_record<K: Kind>(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    id: &str,
    expand: &[&ExpandSpec],
    language: Option<&str>,
) -> Result<Answer> {
    let mut head = find_living(reading.conn, reading.caller, K::NAME, id)?.head;
    let contract = contracts.of::<K>()?;
    let renderer = Renderer {
        contract: &contract,
        language,
    };
    let document = std::mem::take(&mut head.document);
    let view = renderer.render(reading, head.sight_row(), document)?;
    let expanded = load_expanded(reading, contracts, &[head.id], expand, language)?;
    let view = embed(view, expanded)?;
    let tag = view.tag(head.version);
    Ok(Answer::json(200, view.text).header("ETag", tag))
}

/// From a record that was merged into another to that one, with the same query: 308 (RFC 9110 §15.4.9). Every other error
/// stays one.
pub fn lead_on<K: Kind>(error: Error, query: &Query) -> Result<Answer> {
    let survivor = match error.members().get("merged_into").and_then(Value::as_str) {
        Some(survivor) if error.code() == Code::RecordMerged => survivor,
        _ => return Err(error),
    };
    let asked = query.without(&[]).finish();
    let mark = if asked.is_empty() { "" } else { "?" };
    let location = format!("/api/v1/{}/{survivor}{mark}{asked}", K::PLURAL);
    Ok(Answer {
        status: 308,
        headers: vec![("Location".to_owned(), location)],
        body: String::new(),
        secret_of: None,
    })
}

/// Puts embedded records under `expanded`, at the end of the document's text.
fn embed(view: RecordView, expanded: Option<BTreeMap<String, Box<RawValue>>>) -> Result<RecordView> {
    let Some(expanded) = expanded else {
        return Ok(view);
    };
    let map = serde_json::to_string(&expanded).map_err(Error::internal)?;
    let open = view
        .text
        .strip_suffix('}')
        .ok_or_else(|| Error::internal("a stored document is no object"))?;
    Ok(RecordView {
        text: format!("{open},\"expanded\":{map}}}"),
        is_plain: false,
    })
}
