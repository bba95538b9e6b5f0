//! What all four kinds of document share: the common members, who may see a record, and the checks
//! that every kind needs.
//!
//! A kind is declared with `document!`, which puts the common members in front of the kind's own.
//! So the four schemas cannot drift apart, and the kernel reads the common members without knowing the kind.

use crate::texts;
use crate::values::FindingCode;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::values::codes::Visibility;
use crate::values::finding::{Finding, join_pointer};
use crate::values::keyed_map::KeyedMap;
use crate::values::lang_map::LangMap;
use crate::values::source::Source;

/// Most tags that one record carries.
pub const MAX_TAGS: usize = 200;

/// Most languages that one set of languages names.
pub const MAX_LANGUAGES: usize = 50;

/// The common members of any record, as the kernel reads them.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// Typed id of the record.
    pub id: &'a str,
    /// Version, counted from 1.
    pub version: i64,
    /// Instant of creation (RFC 3339, UTC).
    pub created_at: &'a str,
    /// Instant of the last version (RFC 3339, UTC).
    pub updated_at: &'a str,
    /// The office that owns the record.
    pub owner_office_id: &'a str,
    /// Language that the texts were first written in (BCP 47), where known.
    pub original_language: Option<&'a str>,
    /// Who may see the record once it is past its drafts.
    pub visibility: Visibility,
    /// Free words that the writer put on the record.
    pub tags: &'a BTreeSet<String>,
    /// Where the statements of the record come from, by key.
    pub sources: &'a KeyedMap<Source>,
}

/// A document of one of the four kinds.
pub trait Document: Serialize + DeserializeOwned + ToSchema + std::fmt::Debug + Clone + Send + Sync + 'static {
    /// The common members.
    fn common(&self) -> Common<'_>;

    /// Sets what the service keeps of every version. Instants are RFC 3339, UTC.
    fn stamp(&mut self, version: i64, created_at: &str, updated_at: &str);
}

/// An item of a map that may name where it comes from, by a key of the record's `sources`.
pub trait Sourced {
    /// The key that the item names, if any.
    fn source_key(&self) -> Option<&str>;
}

/// Implements [`Sourced`] for structs with a member `source: Option<String>`.
macro_rules! sourced {
    ($($item:ty),+ $(,)?) => {$(
        impl $crate::documents::common::Sourced for $item {
            fn source_key(&self) -> Option<&str> {
                self.source.as_deref()
            }
        }
    )+};
}
pub(crate) use sourced;

/// Declares a document struct: the common members, then the kind's own.
///
/// ```text
/// document! {
///     /// What an office is.
///     pub struct Office(OfficeId) {
///         /// Its names.
///         pub names: LangMap,
///     }
/// }
/// ```
macro_rules! document {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident($id:ident) { $($own:tt)* }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Typed id. Given by the service, never changed, never reused.
            pub id: $id,
            /// Counted from 1, one more with every change. Kept by the service.
            #[schema(minimum = 1)]
            pub version: i64,
            /// Instant of creation (UTC, microseconds). Kept by the service.
            #[schema(format = "date-time")]
            pub created_at: String,
            /// Instant of the last change (UTC, microseconds). Kept by the service.
            #[schema(format = "date-time")]
            pub updated_at: String,
            /// The office that owns the record. It is the office of the token; only a registry admin names it, at creation.
            pub owner_office_id: $crate::values::id::OfficeId,
            /// Language that the texts were first written in (BCP 47); null when not known.
            #[schema(format = "language")]
            pub original_language: Option<String>,
            /// Who may see the record once it is no draft.
            #[serde(default)]
            pub visibility: $crate::values::codes::Visibility,
            /// Free words to find the record by, 1 to 100 characters each.
            #[serde(default)]
            #[schema(schema_with = $crate::documents::common::tags_schema)]
            pub tags: ::std::collections::BTreeSet<String>,
            /// Where the statements of the record come from, by a key that items name in `source`.
            #[serde(default)]
            pub sources: $crate::values::keyed_map::KeyedMap<$crate::values::source::Source>,
            $($own)*
        }

        impl $crate::documents::common::Document for $name {
            fn common(&self) -> $crate::documents::common::Common<'_> {
                $crate::documents::common::Common {
                    id: self.id.as_ref(),
                    version: self.version,
                    created_at: &self.created_at,
                    updated_at: &self.updated_at,
                    owner_office_id: self.owner_office_id.as_ref(),
                    original_language: self.original_language.as_deref(),
                    visibility: self.visibility,
                    tags: &self.tags,
                    sources: &self.sources,
                }
            }

            fn stamp(&mut self, version: i64, created_at: &str, updated_at: &str) {
                self.version = version;
                created_at.clone_into(&mut self.created_at);
                updated_at.clone_into(&mut self.updated_at);
            }
        }
    };
}
pub(crate) use document;

/// Schema of `tags`: a set of short words.
pub fn tags_schema() -> RefOr<Schema> {
    ArrayBuilder::new()
        .description(Some("Free words to find the record by, 1 to 100 characters each."))
        .items(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(100)),
        )
        .unique_items(true)
        .max_items(Some(MAX_TAGS))
        .into()
}

/// Schema of a set of languages (BCP 47).
pub fn languages_schema() -> RefOr<Schema> {
    ArrayBuilder::new()
        .description(Some("Languages (BCP 47)."))
        .items(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::Custom("language".to_owned()))),
        )
        .unique_items(true)
        .max_items(Some(MAX_LANGUAGES))
        .into()
}

/// Reports every item of `items` (a map at the pointer `base`) that names a source which the record does not list.
/// Code `unknown-source`; the keys that exist are in `allowed`.
pub fn check_source_keys<'a, T, I>(base: &str, items: I, sources: &KeyedMap<Source>) -> Vec<Finding>
where
    T: Sourced + 'a,
    I: IntoIterator<Item = (&'a String, &'a T)>,
{
    items
        .into_iter()
        .filter_map(|(key, item)| check_source_key(&join_pointer(base, key), item.source_key(), sources))
        .collect()
}

/// The same for one item at the pointer `item`.
pub fn check_source_key(item: &str, source: Option<&str>, sources: &KeyedMap<Source>) -> Option<Finding> {
    let named = source.filter(|key| !sources.contains_key(*key))?;
    Some(
        Finding::at(
            join_pointer(item, "source"),
            FindingCode::UnknownSource,
            texts::documents::source_unknown(named),
        )
        .among_keys("sources", Vec::new(), named),
    )
}

/// Reports a language map that must say something but is empty. Code `empty`.
pub fn check_not_empty(pointer: &str, text: &LangMap) -> Option<Finding> {
    text.is_empty()
        .then(|| Finding::at(pointer, FindingCode::Empty, texts::documents::language_needed()))
}

/// Reports a key that must exist in another map at the top of the same record. Code `unknown-key`; `allowed` has the keys.
pub fn check_key<T>(
    pointer: &str,
    key: Option<&str>,
    map_name: &'static str,
    map: &BTreeMap<String, T>,
) -> Option<Finding> {
    let key = key.filter(|key| !map.contains_key(*key))?;
    let detail = texts::documents::map_has_no_key(map_name, key);
    Some(Finding::at(pointer, FindingCode::UnknownKey, detail).among_keys(map_name, Vec::new(), key))
}

/// All texts of a language map, for search.
pub fn texts(map: &LangMap) -> impl Iterator<Item = String> + '_ {
    map.values().cloned()
}
