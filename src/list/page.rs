//! Pages of derived reads: lists in one fixed order that ask for nothing but `limit` and `cursor`, such as the revisions
//! of a record. A list with filters or several orders has a [`ListSpec`](crate::list::ListSpec).

use crate::error::{Error, Result};
use crate::http::{Answer, Query, Request};
use crate::list::answer::{CursorKey, PageInfo, answer_page, cut_page, raw_json};
use crate::list::cursor::{Position, fingerprint};
use crate::list::spec::{DEFAULT_LIMIT, MAX_LIMIT};
use serde::Serialize;

/// Which page of a derived list is asked for.
#[derive(Debug, Clone)]
pub struct DerivedPage {
    limit: i64,
    position: Option<Position>,
    bound: String,
    path: String,
    query: Query,
}

impl DerivedPage {
    /// Reads `limit` and `cursor`.
    ///
    /// # Errors
    /// 400 for a limit out of bounds and for a cursor of another list.
    pub fn read(request: &Request) -> Result<Self> {
        let path = request.path_text().to_owned();
        let limit = request.query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)?;
        let bound = fingerprint(&path);
        let cursor = request.query.one("cursor")?;
        Ok(Self {
            limit,
            position: cursor.map(|text| Position::decode(text, &bound)).transpose()?,
            bound,
            path,
            query: request.query.clone(),
        })
    }

    /// How many rows to select: one more than the page tells whether there is another.
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// After (or, backwards, before) which row.
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// Cuts the extra row off, as [`cut_page`] does.
    pub fn cut<T: CursorKey>(&self, rows: &mut Vec<T>) -> Result<PageInfo> {
        cut_page(rows, self.limit, self.position.as_ref(), &self.bound)
    }

    /// The answer with these items, which [`Self::cut`] has cut.
    pub fn answer<T: Serialize>(&self, items: &[T], page: &PageInfo) -> Result<Answer> {
        let texts = items
            .iter()
            .map(|item| serde_json::to_string(item).map_err(Error::internal).and_then(raw_json))
            .collect::<Result<Vec<_>>>()?;
        answer_page(&self.path, &self.query, &texts, page, None)
    }
}
