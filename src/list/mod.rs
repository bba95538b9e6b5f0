//! The one way to list.
//!
//! A slice says what its list can be asked for ([`spec`]) and puts its query together from the pieces in [`select`].
//! Reading the query ([`request`]), cursors ([`cursor`]), index columns that several kinds have ([`columns`]), totals,
//! links, embedding and answering ([`answer`]) are the same for all; reads without filters page by [`page`].

pub mod answer;
pub mod columns;
pub mod cursor;
pub mod named_offices;
pub mod page;
pub mod request;
pub mod select;
pub mod spec;

pub use page::DerivedPage;
pub use request::{ListRequest, read_list_request, read_plain_list_request};
pub use spec::{ExpandSpec, FilterForm, FilterSpec, Filters, ListSpec, Page, PageRequest, Row};
