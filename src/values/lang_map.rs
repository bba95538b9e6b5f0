//! Text in several languages.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::text::MAX_TEXT;

/// Text that people read, by language (BCP 47): `{"ko": "…", "mn": "…", "en": "…"}`. Empty = not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LangMap(pub BTreeMap<String, String>);

impl LangMap {
    /// Languages that one text may have.
    pub const MAX_LANGUAGES: usize = 50;

    /// The text to show and the language served, by fallback: the language asked for, that language without
    /// region and script, the record's original language, then any (English before the first by tag).
    /// `None` only when there is no text at all.
    pub fn get_for(&self, asked: Option<&str>, original: Option<&str>) -> Option<(&str, &str)> {
        let found = asked
            .and_then(|tag| self.look_up(tag))
            .or_else(|| original.and_then(|tag| self.look_up(tag)))
            .or_else(|| self.look_up("en"))
            .or_else(|| self.0.iter().next());
        found.map(|(language, text)| (language.as_str(), text.as_str()))
    }

    /// RFC 4647 lookup: the tag itself, then shorter forms of it, then any entry with the same base language.
    /// Case does not matter.
    fn look_up(&self, tag: &str) -> Option<(&String, &String)> {
        let mut range = tag;
        loop {
            if let Some(entry) = self.0.iter().find(|(language, _)| language.eq_ignore_ascii_case(range)) {
                return Some(entry);
            }
            match range.rfind('-').and_then(|end| range.get(..end)) {
                Some(shorter) => range = shorter,
                None => break,
            }
        }
        self.0
            .iter()
            .find(|(language, _)| base_language(language).eq_ignore_ascii_case(range))
    }
}

/// The tag up to the first `-`.
fn base_language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl Deref for LangMap {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for LangMap {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for LangMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(
            entries
                .into_iter()
                .map(|(language, text)| (language.into(), text.into()))
                .collect(),
        )
    }
}

impl PartialSchema for LangMap {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property_names(Some(
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::Custom("language".to_owned())))
                    .build(),
            ))
            .additional_properties(Some(
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some(MAX_TEXT)),
            ))
            .max_properties(Some(Self::MAX_LANGUAGES))
            .description(Some(
                "Text by language (BCP 47 tags such as `ko`, `mn`, `en`). Empty where nothing is stated.",
            ))
            .examples([serde_json::json!({"ko": "교류 협력", "mn": "Солилцоо, хамтын ажиллагаа", "en": "Exchange and cooperation"})])
            .into()
    }
}

impl ToSchema for LangMap {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn falls_back_from_asked_to_base_to_original_to_any() {
        let titles = LangMap::from_iter([("ko", "계획"), ("mn", "төлөвлөгөө"), ("zh-Hant", "計畫")]);
        assert_eq!(titles.get_for(Some("mn"), None), Some(("mn", "төлөвлөгөө")));
        assert_eq!(titles.get_for(Some("ko-KR"), None), Some(("ko", "계획")));
        assert_eq!(titles.get_for(Some("KO"), None), Some(("ko", "계획")));
        assert_eq!(titles.get_for(Some("zh-TW"), None), Some(("zh-Hant", "計畫")));
        assert_eq!(titles.get_for(Some("fr"), Some("mn")), Some(("mn", "төлөвлөгөө")));
        assert_eq!(titles.get_for(Some("fr"), None), Some(("ko", "계획")));
        let with_english = LangMap::from_iter([("de", "Plan"), ("en", "plan")]);
        assert_eq!(with_english.get_for(Some("fr"), None), Some(("en", "plan")));
        assert_eq!(LangMap::default().get_for(Some("en"), Some("en")), None);
    }

    proptest! {
        #[test]
        fn any_text_at_all_is_better_than_none(asked: String, original: String, language in "[a-z]{2}(-[A-Z]{2})?") {
            let texts = LangMap::from_iter([(language.as_str(), "text")]);
            prop_assert_eq!(texts.get_for(Some(&asked), Some(&original)), Some((language.as_str(), "text")));
        }
    }
}
