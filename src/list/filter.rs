//! Filters: what each is called, what its values look like, and what it asks of a row.

use crate::auth::Caller;
use crate::auth::access::Viewer;
use crate::db::schema::records;
use crate::db::{Condition, Sql};
use crate::values::Finding;
use chrono::{DateTime, Utc};
use diesel::sql_types::Text;
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// One value of a form that this list alone has.
    Own(&'static OwnForm),
}

/// A form of values that one list alone has.
#[derive(Debug)]
pub struct OwnForm {
    /// The schema of the parameter.
    pub schema: fn() -> Value,
    /// Checks a value, and gives it as it is stored. The first argument is the name of the parameter.
    pub read: fn(&'static str, &str) -> Result<String, Box<Finding>>,
}

impl PartialEq for OwnForm {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for OwnForm {}

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
    /// What must all hold for one set of values.
    pub conditions: fn(&FilterValues<'_>) -> Vec<Condition>,
}

impl FilterSpec {
    /// A filter with its conditions.
    pub const fn new(
        name: &'static str,
        form: FilterForm,
        conditions: fn(&FilterValues<'_>) -> Vec<Condition>,
    ) -> Self {
        Self {
            name,
            form,
            description: "",
            conditions,
        }
    }

    /// With its description.
    pub const fn describe(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// By the values of a column.
    pub const fn column<C: Column>(name: &'static str, form: FilterForm, _column: C) -> Self {
        Self::new(name, form, |asked| vec![asked.is_any(C::default())])
    }

    /// By the one value of a column.
    pub const fn equals<C: Column>(name: &'static str, form: FilterForm, _column: C) -> Self {
        Self::new(name, form, |asked| vec![asked.equals(C::default())])
    }

    /// By the codes that a record holds under the name of the filter.
    pub const fn codes(name: &'static str, form: FilterForm) -> Self {
        Self::new(name, form, |asked| asked.in_codes())
    }

    /// By a date that lies on or after a day. A date of low precision is a range of days: its last day is looked at
    /// ("possibly"), or its first where certainty is asked for. Without the date nothing matches.
    pub const fn on_or_after<F: Column, L: Column>(name: &'static str, _first: F, _last: L) -> Self {
        Self::new(name, FilterForm::Day, |asked| {
            asked.on_or_after(F::default(), L::default())
        })
    }

    /// By a date that lies on or before a day: its first day is looked at, or its last where certainty is asked for.
    pub const fn on_or_before<F: Column, L: Column>(name: &'static str, _first: F, _last: L) -> Self {
        Self::new(name, FilterForm::Day, |asked| {
            asked.on_or_before(F::default(), L::default())
        })
    }
}

/// A column of texts, as `diesel::table!` declares it.
pub trait Column: Sql<Text> + Copy + Default {}

impl<C: Sql<Text> + Copy + Default> Column for C {}

/// Filters that all lists have.
pub const COMMON_FILTERS: &[FilterSpec] = &[
    FilterSpec::new("tag", FilterForm::Words, |asked| asked.in_tags()).describe("Records with this tag."),
    FilterSpec::column("owner", FilterForm::Ids("off"), records::owner_office_id)
        .describe("Records that this office owns."),
    FilterSpec::new("q", FilterForm::Text, |asked| asked.in_texts())
        .describe("Words that must all occur somewhere in the record's texts, in any language, case or Unicode form; parts of words count."),
];

/// The filters of a request: for each parameter the sets that must all match, any value of a set being enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(pub BTreeMap<&'static str, Vec<Vec<String>>>);

impl Filters {
    /// The sets of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Vec<String>> {
        self.0.get(name).into_iter().flatten()
    }

    /// The value of a parameter that takes one.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.all(name).flatten().next().map(String::as_str)
    }

    /// Is any of these asked for?
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(name))
    }
}

/// What conditions may depend on beside the values of their own filter.
#[derive(Debug, Clone, Copy)]
pub struct FilterContext<'a> {
    /// All filters of the request.
    pub filters: &'a Filters,
    /// `date_match=certain`: dates of low precision must match as a whole, not possibly.
    pub certain_dates: bool,
    /// From whose place the request looks.
    pub viewer: Viewer<'a>,
    /// The instant of the request.
    pub now: DateTime<Utc>,
}

impl<'a> FilterContext<'a> {
    /// Of a list of something else than records.
    pub fn of(filters: &'a Filters, caller: &'a Caller, now: DateTime<Utc>) -> Self {
        Self {
            filters,
            certain_dates: false,
            viewer: caller.viewer(),
            now,
        }
    }

    /// What must hold for all that these filters are asked for.
    pub fn conditions<'s>(self, filters: impl IntoIterator<Item = &'s FilterSpec>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for filter in filters {
            for values in self.filters.all(filter.name) {
                conditions.extend((filter.conditions)(&FilterValues {
                    name: filter.name,
                    values,
                    context: self,
                }));
            }
        }
        conditions
    }
}

/// One set of values of a filter, any of which is enough.
#[derive(Debug, Clone, Copy)]
pub struct FilterValues<'a> {
    /// Name of the parameter.
    pub name: &'static str,
    /// The values, checked against the form.
    pub values: &'a [String],
    /// The rest of the request.
    pub context: FilterContext<'a>,
}

impl FilterValues<'_> {
    /// The value of a filter that takes one.
    pub fn value(&self) -> String {
        self.values.first().cloned().unwrap_or_default()
    }

    /// The value of a filter for whole numbers.
    pub fn number(&self) -> i64 {
        self.value().parse().unwrap_or_default()
    }

    /// The value of a flag.
    pub fn flag(&self) -> bool {
        self.values.first().is_some_and(|value| value == "true")
    }
}
