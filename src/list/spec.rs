//! What a list can be asked for: filters, sorts, expansions; and the request that came of a query.

use crate::auth::Caller;
use crate::auth::access::SightColumns;
use crate::db::schema::records;
use crate::db::{StoredDocument, TextSql};
use crate::error::{Error, Result};
use crate::list::cursor::Position;
use crate::list::filter::{Column, FilterSpec, Filters};
use diesel::Queryable;

/// The page size when none is asked for.
pub const DEFAULT_LIMIT: i64 = 50;
/// The largest page. More is refused, never cut.
pub const MAX_LIMIT: i64 = 200;

/// One sort key.
#[derive(Debug, Clone, Copy)]
pub struct SortSpec {
    /// Its name.
    pub name: &'static str,
    /// True for a column of `records`, false for one of the list's own table.
    pub is_of_records: bool,
    /// True where the list goes down by it when no order is asked for.
    pub is_newest_first: bool,
    ascending: fn() -> TextSql,
    descending: fn() -> TextSql,
}

impl SortSpec {
    /// When the record was created.
    pub const CREATED_AT: Self = Self {
        is_of_records: true,
        ..Self::new("created_at", records::created_at)
    };
    /// When the record was last changed.
    pub const UPDATED_AT: Self = Self {
        is_of_records: true,
        ..Self::new("updated_at", records::updated_at)
    };

    /// By a column, in both directions.
    pub const fn new<C: Column>(name: &'static str, column: C) -> Self {
        Self::both(name, column, column)
    }

    /// From the newest to the oldest, unless the request says otherwise.
    pub const fn newest_first(self) -> Self {
        Self {
            is_newest_first: true,
            ..self
        }
    }

    /// By a column for each direction.
    pub const fn both<A: Column, D: Column>(name: &'static str, _ascending: A, _descending: D) -> Self {
        Self {
            name,
            is_of_records: false,
            is_newest_first: false,
            ascending: || TextSql::of(A::default()),
            descending: || TextSql::of(D::default()),
        }
    }

    /// The column for a direction.
    pub fn column(&self, descending: bool) -> TextSql {
        if descending {
            (self.descending)()
        } else {
            (self.ascending)()
        }
    }
}

/// One name that `expand` takes.
#[derive(Debug, Clone, Copy)]
pub struct ExpandSpec {
    /// The name.
    pub name: &'static str,
    /// The members whose references are embedded, as `record_links.relation` names them.
    pub relations: &'static [&'static str],
}

impl ExpandSpec {
    /// A name and the members that it embeds.
    pub const fn new(name: &'static str, relations: &'static [&'static str]) -> Self {
        Self { name, relations }
    }
}

/// Everything that a list can be asked for.
#[derive(Debug)]
pub struct ListSpec {
    /// Filters, beside those that all lists have.
    pub filters: &'static [FilterSpec],
    /// Sort keys; the first is the default. Each is an indexed column.
    pub sorts: &'static [SortSpec],
    /// Names that `expand` takes.
    pub expands: &'static [ExpandSpec],
}

impl ListSpec {
    /// What tells one list from another: a cursor of one is no cursor of the other.
    pub fn shape(&self) -> Vec<&'static str> {
        let filters = self.filters.iter().map(|filter| filter.name);
        filters.chain(self.sort_names()).collect()
    }

    /// The names of the sort keys.
    pub fn sort_names(&self) -> impl Iterator<Item = &'static str> {
        self.sorts.iter().map(|sort| sort.name)
    }

    /// The sort key of an order.
    pub fn sort(&self, order: &Sort) -> Result<&SortSpec> {
        let found = self.sorts.iter().find(|sort| sort.name == order.key);
        found.ok_or_else(|| Error::internal(format!("no list is sorted by {}", order.key)))
    }
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// One of the list's sort keys.
    pub key: &'static str,
    /// From the last to the first.
    pub descending: bool,
}

/// What a slice needs to select one page.
#[derive(Debug)]
pub struct PageRequest<'a> {
    /// The authenticated caller.
    pub caller: &'a Caller,
    /// What must match.
    pub filters: &'a Filters,
    /// `date_match=certain`: dates of low precision must match as a whole, not possibly.
    pub certain_dates: bool,
    /// The order.
    pub sort: &'a Sort,
    /// After (or, backwards, before) which row.
    pub position: Option<&'a Position>,
    /// How many rows; one more than the page tells whether there is another.
    pub rows: i64,
}

impl PageRequest<'_> {
    /// Is the page selected against the order that is asked for (a previous page)?
    pub fn is_backwards(&self) -> bool {
        self.position.is_some_and(|position| position.backwards)
    }

    /// Must the database go downwards?
    pub fn goes_down(&self) -> bool {
        self.sort.descending != self.is_backwards()
    }
}

/// One row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    /// The columns that decide who sees it, its id among them.
    pub sight: SightColumns,
    /// Its version.
    pub version: i64,
    /// The document as it is stored.
    pub document: StoredDocument,
    /// The value of the sort key.
    pub key: String,
}

/// Rows in the order in which the database gave them.
pub type Page = Vec<Row>;
