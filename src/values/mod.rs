//! The values that every document is made of: pure types and checks, without clock, database or HTTP.
//! (One exception: [`id::new_id`] reads the clock, because the first half of an id is its time.)
//!
//! | file | what it holds |
//! |---|---|
//! | [`finding`] | what is wrong at one place: the items of `errors` in a problem |
//! | [`id`] | ids of records and other things, and the callers' own `ext:{system}:{key}` |
//! | [`partial_date`], [`period`] | days, months and years as written, and spans between them |
//! | [`count`] | numbers with their certainty, and how they add up |
//! | [`lang_map`] | text in several languages |
//! | [`keyed_map`] | maps of items that have an identity, with their schema |
//! | [`money`], [`source`], [`place`] | small structures that all documents share |
//! | [`text`] | normal form of text, and its folded form for search and sorting |
//! | [`codes`] | every code list that the service publishes at `GET /codes` |
//! | [`geo`], [`locale`] | countries and subdivisions; languages, time zones, currencies |
//! | [`format`](mod@format) | the `format` names that the published schema uses, with their checks |
//! | [`check`] | rules between the members of one value, by schema component |
//!
//! The published JSON Schema checks the shape of each value before it is deserialised into these types,
//! so most of them keep text as it is; [`PartialDate`] alone parses, because everything needs its days.

pub mod check;
pub mod codes;
pub mod count;
pub mod finding;
pub mod format;
pub mod geo;
pub mod id;
pub mod keyed_map;
pub mod lang_map;
pub mod locale;
pub mod money;
pub mod partial_date;
pub mod period;
pub mod place;
pub mod source;
pub mod text;

pub use crate::texts::codes::FindingCode;
pub use codes::{Code, CodeList, Labels, code_lists};
pub use count::Count;
pub use finding::{Finding, join_pointer};
pub use id::{ExternalReference, MouId, OfficeId, PolicyId, ProgramId};
pub use keyed_map::{KeyedMap, OfficeMap};
pub use lang_map::LangMap;
pub use money::Money;
pub use partial_date::PartialDate;
pub use period::Period;
pub use place::Place;
pub use source::Source;
