//! The flat members of `?lang=`: beside `names`, `titles` or `labels` an answer then has `name`, `title` or `label`, and
//! `language`, the tag of the text served. They are never stored; a body that brings them back is freed of them.

use serde_json::{Map, Value};

use super::{NodeId, NodeKind, SchemaWalk};
use crate::values::lang_map::LangMap;

/// The members that get a flat twin.
const FLAT: &[(&str, &str)] = &[("names", "name"), ("titles", "title"), ("labels", "label")];

/// The member that says which language the flat text is in.
const LANGUAGE: &str = "language";

/// The component of texts in several languages.
const LANG_MAP: &str = "LangMap";

/// What is done to an object with texts: the object, the member with the texts, the names of the flat members.
type Edit<'a> = dyn FnMut(&mut Map<String, Value>, &str, &[&str]) + 'a;

impl SchemaWalk {
    /// Removes the flat members, wherever an answer could have added them, so that what was read can be sent back.
    /// Members of the same name that the schema itself declares stay.
    pub fn drop_language_members(&self, value: &mut Value) {
        self.edit_objects(self.root, value, &mut |members, _, flat| {
            for name in flat {
                members.remove(*name);
            }
        });
    }

    /// Adds the flat members: the text by the fallback of [`LangMap::get_for`] (asked, its base, `original_language`,
    /// any) and the language served; both null where there is no text at all.
    pub fn add_language_members(&self, value: &mut Value, lang: &str, original_language: Option<&str>) {
        self.edit_objects(self.root, value, &mut |members, texts, flat| {
            let texts: LangMap = members
                .get(texts)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter_map(|(language, text)| Some((language.as_str(), text.as_str()?)))
                .collect();
            let served = texts.get_for(Some(lang), original_language);
            for name in flat {
                let value = served.map(|(language, text)| match *name {
                    LANGUAGE => language,
                    _ => text,
                });
                members.insert((*name).to_owned(), value.map_or(Value::Null, Value::from));
            }
        });
    }

    /// Calls `edit` for every object with texts.
    fn edit_objects(&self, id: NodeId, value: &mut Value, edit: &mut Edit<'_>) {
        match (&self.node(id).kind, value) {
            (NodeKind::Object { members }, Value::Object(values)) => {
                for (name, value) in values.iter_mut() {
                    if let Some(member) = members.get(name) {
                        self.edit_objects(member.node, value, edit);
                    }
                }
                for (texts, flat) in FLAT {
                    let has_texts = members
                        .get(*texts)
                        .is_some_and(|member| self.node(member.node).component.as_deref() == Some(LANG_MAP));
                    if has_texts && !members.contains_key(*flat) {
                        let both: &[&str] = &[flat, LANGUAGE];
                        let text_only: &[&str] = &[flat];
                        let declared = members.contains_key(LANGUAGE);
                        edit(values, texts, if declared { text_only } else { both });
                    }
                }
            }
            (NodeKind::Map { item, .. }, Value::Object(values)) => {
                for value in values.values_mut() {
                    self.edit_objects(*item, value, edit);
                }
            }
            (NodeKind::Array { item }, Value::Array(values)) => {
                for value in values {
                    self.edit_objects(*item, value, edit);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::fixture::{document, walk};

    #[test]
    fn adds_the_text_of_the_language_asked_for() {
        let mut value = json!({
            "names": {"ko": "이름", "mn": "нэр"},
            "posts": {"head": {"titles": {"mn": "дарга"}, "language": "own"}, "none": {"titles": {}}},
            "parties": {"off_1": {"labels": {"ko": "가"}, "label": "own"}}
        });
        walk().add_language_members(&mut value, "ko-KR", Some("mn"));
        assert_eq!(
            value,
            json!({
                "names": {"ko": "이름", "mn": "нэр"}, "name": "이름", "language": "ko",
                "posts": {
                    "head": {"titles": {"mn": "дарга"}, "title": "дарга", "language": "own"},
                    "none": {"titles": {}, "title": null}
                },
                "parties": {"off_1": {"labels": {"ko": "가"}, "label": "own"}}
            })
        );
    }

    #[test]
    fn says_null_where_there_is_no_text() {
        let mut value = json!({"names": {}});
        walk().add_language_members(&mut value, "en", None);
        assert_eq!(value, json!({"names": {}, "name": null, "language": null}));
    }

    proptest! {
        #[test]
        fn what_was_added_is_dropped_again(value in document(), lang in "ko|mn|de-AT", original in "ko|en") {
            let mut shown = value.clone();
            walk().add_language_members(&mut shown, &lang, Some(&original));
            walk().drop_language_members(&mut shown);
            prop_assert_eq!(shown, value);
        }
    }
}
