//! From rows to the body of a page, with `Link`.

use crate::bounds::MAX_PAGE;
use crate::error::{Error, Result};
use crate::http::tag::body_tag;
use crate::http::{Answer, Query};
use crate::list::ListRequest;
use crate::list::cursor::Position;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Where a page stands in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageInfo {
    /// The page size that was asked for.
    pub limit: i64,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
    /// Cursor of the previous page.
    pub prev_cursor: Option<String>,
    /// Is there a next page?
    pub has_more: bool,
    /// With `include_total`: how many records match.
    pub total: Option<i64>,
}

/// An item that has a place in an order.
pub trait CursorKey {
    /// Its sort key and its id.
    fn place(&self) -> (&str, &str);
}

/// What is shown of a row, with its place in the order.
pub struct Item<T> {
    /// As the answer has it.
    pub view: T,
    /// Its sort key.
    pub key: String,
    /// Its id.
    pub id: String,
}

impl<T> CursorKey for Item<T> {
    fn place(&self) -> (&str, &str) {
        (&self.key, &self.id)
    }
}

/// The room of a page: [`MAX_PAGE`] bytes of items, and the first item whatever its size, or nothing would come behind it.
#[derive(Debug, Default)]
pub struct PageRoom {
    used: usize,
}

impl PageRoom {
    /// Whether an item of this size still has room; then it takes it.
    pub fn takes(&mut self, size: usize) -> bool {
        let with_it = self.used.saturating_add(size);
        let has_room = self.used == 0 || with_it <= MAX_PAGE;
        if has_room {
            self.used = with_it;
        }
        has_room
    }

    /// Keeps the first items that have room; whether any are left out.
    pub fn keep<T>(items: &mut Vec<T>, size: impl Fn(&T) -> usize) -> bool {
        let mut room = Self::default();
        let fitting = items.iter().take_while(|item| room.takes(size(item))).count();
        let leaves_out = fitting < items.len();
        items.truncate(fitting);
        leaves_out
    }
}

/// The answer of a list of something else than records. `items` as [`cut_page`] takes them.
pub fn answer_items<T: Serialize>(
    path: &str,
    query: &Query,
    list: &ListRequest,
    mut items: Vec<Item<T>>,
    total: Option<i64>,
) -> Result<Answer> {
    let mut page = cut_page(&mut items, list.limit, list.position.as_ref(), &list.fingerprint)?;
    page.total = total;
    let texts = items
        .iter()
        .map(|item| {
            serde_json::to_string(&item.view)
                .map_err(Error::internal)
                .and_then(raw_json)
        })
        .collect::<Result<Vec<_>>>()?;
    answer_page(path, query, &texts, &page, None)
}

/// Cuts the extra row off, puts the rows into the order that was asked for, and makes the cursors.
///
/// `rows` has up to one more than `limit`, in the order of the database, which is reversed for a previous page.
pub fn cut_page<T: CursorKey>(
    rows: &mut Vec<T>,
    limit: i64,
    position: Option<&Position>,
    fingerprint: &str,
) -> Result<PageInfo> {
    let wanted = usize::try_from(limit).map_err(Error::internal)?;
    let extra = rows.len() > wanted;
    rows.truncate(wanted);
    arrange_page(rows, extra, limit, position, fingerprint)
}

/// The same of rows that were cut already; `extra` tells whether more come behind them, in the order of the database.
pub fn arrange_page<T: CursorKey>(
    rows: &mut [T],
    extra: bool,
    limit: i64,
    position: Option<&Position>,
    fingerprint: &str,
) -> Result<PageInfo> {
    let backwards = position.is_some_and(|position| position.backwards);
    if backwards {
        rows.reverse();
    }
    let cursor = |row: Option<&T>, back: bool| {
        row.map(|row| {
            let (key, id) = row.place();
            Position::new(fingerprint, key, id, back).encode()
        })
        .transpose()
    };
    let has_more = if backwards { position.is_some() } else { extra };
    let has_previous = if backwards { extra } else { position.is_some() };
    Ok(PageInfo {
        limit,
        next_cursor: if has_more { cursor(rows.last(), false)? } else { None },
        prev_cursor: if has_previous {
            cursor(rows.first(), true)?
        } else {
            None
        },
        has_more: has_more && !rows.is_empty(),
        total: None,
    })
}

/// Embedded records by id.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what answer_page is given")]
pub struct Expanded(BTreeMap<String, serde_json::Map<String, serde_json::Value>>);

#[derive(Serialize)]
struct Body<'a> {
    items: &'a [Box<RawValue>],
    page: &'a PageInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    expanded: Option<&'a BTreeMap<String, Box<RawValue>>>,
}

/// The answer of a list: items, page, what was embedded, `Link`, and a tag over all of it.
pub fn answer_page(
    path: &str,
    query: &Query,
    items: &[Box<RawValue>],
    page: &PageInfo,
    expanded: Option<&BTreeMap<String, Box<RawValue>>>,
) -> Result<Answer> {
    let body = serde_json::to_string(&Body { items, page, expanded }).map_err(Error::internal)?;
    let tag = body_tag(None, &body);
    let mut answer = Answer::json(200, body).header("ETag", tag);
    let links: Vec<String> = [("next", &page.next_cursor), ("prev", &page.prev_cursor)]
        .into_iter()
        .filter_map(|(relation, cursor)| {
            let cursor = cursor.as_ref()?;
            let rest = query.without(&["cursor"]).append_pair("cursor", cursor).finish();
            Some(format!("<{path}?{rest}>; rel=\"{relation}\""))
        })
        .collect();
    if !links.is_empty() {
        answer = answer.header("Link", links.join(", "));
    }
    Ok(answer)
}

/// Stored JSON text as it stands, without parsing it into a tree.
pub fn raw_json(text: String) -> Result<Box<RawValue>> {
    RawValue::from_string(text).map_err(Error::internal)
}
