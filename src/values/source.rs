//! Where a statement comes from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PartialDate;

/// A publication or document that a record rests on. Items of the record name it by its key in `sources`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its title, in its own language.
    #[schema(min_length = 1, max_length = 20_000)]
    pub title: Option<String>,
    /// Who published it.
    #[schema(min_length = 1, max_length = 20_000)]
    pub publisher: Option<String>,
    /// Where it can be read.
    #[schema(format = "uri", max_length = 2_000)]
    pub url: Option<String>,
    /// When it was published.
    pub published_on: Option<PartialDate>,
    /// The words of the source where its wording matters ("on the 24th", "over 10 countries").
    #[schema(min_length = 1, max_length = 20_000)]
    pub as_written: Option<String>,
}
