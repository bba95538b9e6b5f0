//! The one way to list.
//!
//! A slice declares what its list can be asked for ([`spec`], [`filter`]), with the columns and [`conditions`] that answer
//! it, and the table of its index columns ([`index_row`]). Reading the parameters ([`request`]), the query ([`select`]),
//! cursors ([`cursor`]), index columns that several kinds have ([`columns`]), totals, links, embedding and answering
//! ([`answer`]) are the same for all; reads without filters page by [`page`].

pub mod answer;
pub mod columns;
pub mod conditions;
pub mod cursor;
pub mod filter;
pub mod index_row;
pub mod named_offices;
pub mod page;
pub mod request;
pub mod select;
pub mod spec;

pub use filter::{FilterForm, FilterSpec, FilterValues, Filters};
pub use page::DerivedPage;
pub use request::{ListRequest, read_list_request, read_plain_list_request};
pub use spec::{ExpandSpec, ListSpec, Page, PageRequest, Row, SortSpec};
