//! What a list can be asked for: filters, sorts, expansions; and the request that came of a query.

use crate::auth::Caller;
use crate::auth::access::{Audience, SightRow};
use crate::db::StoredDocument;
use crate::list::columns::Span;
use crate::list::cursor::Position;
use std::collections::BTreeMap;

/// The page size when none is asked for.
pub const DEFAULT_LIMIT: i64 = 50;
/// The largest page. More is refused, never cut.
pub const MAX_LIMIT: i64 = 200;

/// What the values of a filter look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterForm {
    /// Codes of a published list: any of several, separated by commas.
    Codes(&'static str),
    /// Words of a closed list that is no list of codes: any of several.
    OneOf(&'static [&'static str]),
    /// Country codes (ISO 3166-1 alpha-2): any of several.
    Countries,
    /// Subdivision codes (ISO 3166-2): any of several.
    Subdivisions,
    /// Record ids with this prefix, or `ext:{system}:{key}`: any of several.
    Ids(&'static str),
    /// Words: any of several.
    Words,
    /// Text as it stands, commas and all.
    Text,
    /// A full civil date.
    Day,
    /// A whole number.
    Number,
    /// A calendar year, 1000 to 9999.
    Year,
    /// `true` or `false`.
    Flag,
}

impl FilterForm {
    /// May the parameter be repeated, so that all must match?
    pub fn repeats(self) -> bool {
        matches!(self, Self::Ids(_) | Self::Words | Self::Codes(_) | Self::Countries)
    }
}

/// One filter.
#[derive(Debug, Clone, Copy)]
pub struct FilterSpec {
    /// Name of the parameter.
    pub name: &'static str,
    /// What its values look like.
    pub form: FilterForm,
    /// For the API document.
    pub description: &'static str,
}

impl FilterSpec {
    /// A filter.
    pub const fn new(name: &'static str, form: FilterForm, description: &'static str) -> Self {
        Self {
            name,
            form,
            description,
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
    pub sorts: &'static [&'static str],
    /// Names that `expand` takes.
    pub expands: &'static [ExpandSpec],
}

impl ListSpec {
    /// What tells one list from another: a cursor of one is no cursor of the other.
    pub fn shape(&self) -> Vec<&'static str> {
        let filters = self.filters.iter().map(|filter| filter.name);
        filters.chain(self.sorts.iter().copied()).collect()
    }
}

/// Filters that all lists have.
pub const COMMON_FILTERS: &[FilterSpec] = &[
    FilterSpec {
        name: "tag",
        form: FilterForm::Words,
        description: "Records with this tag.",
    },
    FilterSpec {
        name: "owner",
        form: FilterForm::Ids("off"),
        description: "Records that this office owns.",
    },
    FilterSpec {
        name: "q",
        form: FilterForm::Text,
        description: "Words that must all occur somewhere in the record's texts, in any language, case or Unicode form; parts of words count.",
    },
];

/// The filters of a request: for each parameter the sets that must all match, any value of a set being enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(pub BTreeMap<&'static str, Vec<Vec<String>>>);

impl Filters {
    /// The sets of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Vec<String>> {
        self.0.get(name).into_iter().flatten()
    }

    /// The value of a parameter that is given once.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first()?.first().map(String::as_str)
    }

    /// The days asked for with a parameter for the first day, one for the last, and one for a whole year; each that
    /// is given narrows the others.
    pub fn spans(&self, from: &str, to: &str, year: &str) -> Vec<Span> {
        let days = Span {
            from: self.one(from).map(str::to_owned),
            to: self.one(to).map(str::to_owned),
        };
        let mut spans: Vec<Span> = self.one(year).map(Span::year).into_iter().collect();
        if days != Span::default() {
            spans.push(days);
        }
        spans
    }

    /// The one day asked for with a parameter, as days to be shared with.
    pub fn day(&self, name: &str) -> Vec<Span> {
        self.one(name).map(Span::day).into_iter().collect()
    }

    /// The value of a flag.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.one(name).map(|value| value == "true")
    }

    /// Is any of these asked for?
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(name))
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
    /// Who asks.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Record id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// The document as it is stored.
    pub document: StoredDocument,
    /// The office that owns it.
    pub owner_office_id: String,
    /// Who may see it.
    pub audience: Audience,
    /// The value of the sort key.
    pub key: String,
}

impl Row {
    /// What a decision about sight needs of it.
    pub fn sight_row(&self) -> SightRow<'_> {
        SightRow {
            id: &self.id,
            owner_office_id: &self.owner_office_id,
            audience: self.audience,
        }
    }
}

/// Rows in the order in which the database gave them.
pub type Page = Vec<Row>;
