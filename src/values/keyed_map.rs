//! Maps of items that have an identity: keyed by a name that the writer chose, or by the id of an office.
//!
//! In the generated document the derive of utoipa always makes a component for a generic member
//! (`KeyedMap200_MouDocument`). [`inline_maps`] puts such components where they are referred to, so that the
//! published schema shows the map itself: `{type: object, additionalProperties: {$ref}, propertyNames, maxProperties}`.

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::__dev::ComposeSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{ObjectBuilder, Ref, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::OfficeId;
use super::text::MAX_TEXT;

/// What the key of an item looks like.
pub const ITEM_KEY_PATTERN: &str = "^[a-z][a-z0-9_-]{0,62}$";

/// The beginnings of the component names that [`inline_maps`] takes away.
const MAP_NAMES: [&str; 2] = ["KeyedMap", "OfficeMap"];

/// Declares one map type and its schema. `$names` is the schema of its keys, as JSON.
macro_rules! keyed_map {
    ($(#[$doc:meta])+ $name:ident, $names:expr) => {
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name<T, const MAX: usize = 200>(pub BTreeMap<String, T>);

        impl<T, const MAX: usize> $name<T, MAX> {
            /// Most items that it may have.
            pub const MAX_ITEMS: usize = MAX;
        }

        impl<T, const MAX: usize> Default for $name<T, MAX> {
            fn default() -> Self {
                Self(BTreeMap::new())
            }
        }

        impl<T, const MAX: usize> Deref for $name<T, MAX> {
            type Target = BTreeMap<String, T>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T, const MAX: usize> DerefMut for $name<T, MAX> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl<T, const MAX: usize> IntoIterator for $name<T, MAX> {
            type Item = (String, T);
            type IntoIter = btree_map::IntoIter<String, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a, T, const MAX: usize> IntoIterator for &'a $name<T, MAX> {
            type Item = (&'a String, &'a T);
            type IntoIter = btree_map::Iter<'a, String, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }

        impl<K: Into<String>, T, const MAX: usize> FromIterator<(K, T)> for $name<T, MAX> {
            fn from_iter<I: IntoIterator<Item = (K, T)>>(items: I) -> Self {
                Self(items.into_iter().map(|(key, item)| (key.into(), item)).collect())
            }
        }

        // The derive asks for this trait of every generic member. It lives in a hidden module of utoipa;
        // should a later version move it, a member can name its schema by `schema_with` instead.
        impl<T: ToSchema, const MAX: usize> ComposeSchema for $name<T, MAX> {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                map_schema::<T>(MAX, $names)
            }
        }

        impl<T: ToSchema, const MAX: usize> ToSchema for $name<T, MAX> {
            /// Carries the limit, because maps of the same items with other limits are other schemas.
            fn name() -> Cow<'static, str> {
                Cow::Owned(format!(concat!(stringify!($name), "{}"), MAX))
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                collect_item_schema::<T>(schemas);
            }
        }
    };
}

keyed_map! {
    /// Items by a key that the writer chose (`^[a-z][a-z0-9_-]{0,62}$`) and that is never reused for another item.
    KeyedMap, json!({"type": "string", "pattern": ITEM_KEY_PATTERN})
}

keyed_map! {
    /// Items by the id of an office. In a request the key may also be `ext:{system}:{key}`.
    OfficeMap, json!({"$ref": Ref::from_schema_name(OfficeId::name()).ref_location})
}

/// The schema of a map with items of type `T`.
fn map_schema<T: ToSchema>(max: usize, names: Value) -> RefOr<Schema> {
    let items = if T::name() == "String" {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX_TEXT))
            .into()
    } else if is_plain::<T>() {
        T::schema()
    } else {
        Ref::from_schema_name(T::name()).into()
    };
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(items))
        .max_properties(Some(max))
        // `property_names` of utoipa takes no reference; extensions are written as ordinary members.
        .extensions(Some(Extensions::from_iter([("propertyNames", names)])))
        .into()
}

/// Adds the component of the items and those that it refers to.
fn collect_item_schema<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    if !is_plain::<T>() {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
    schemas.push((OfficeId::name().into_owned(), OfficeId::schema()));
}

/// Whether the items are of a type of the language (text, numbers, booleans), which has no component.
fn is_plain<T: ToSchema>() -> bool {
    T::name().chars().next().is_none_or(|first| first.is_ascii_lowercase()) || T::name() == "String"
}

/// Replaces every reference to a map component in an OpenAPI document by the map itself, and takes those
/// components out. A description beside the reference stays with the map.
pub fn inline_maps(document: &mut Value) {
    let Some(components) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let maps: Map<String, Value> = components
        .iter()
        .filter(|(name, _)| is_map_component(name))
        .map(|(name, schema)| (format!("#/components/schemas/{name}"), schema.clone()))
        .collect();
    components.retain(|name, _| !is_map_component(name));
    replace_references(document, &maps);
}

/// Whether the component was made for a map: `KeyedMap` or `OfficeMap`, the limit, `_`, the items.
fn is_map_component(name: &str) -> bool {
    MAP_NAMES.iter().any(|map| {
        name.strip_prefix(map)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    })
}

/// Walks the document; maps inside maps are replaced too, because the replacement is walked after it is put in.
fn replace_references(value: &mut Value, maps: &Map<String, Value>) {
    if let Value::Object(members) = value {
        let target = members.get("$ref").and_then(Value::as_str);
        if let Some(Value::Object(map)) = target.and_then(|target| maps.get(target)) {
            members.remove("$ref");
            for (keyword, meaning) in map {
                members.entry(keyword).or_insert_with(|| meaning.clone());
            }
        }
        for member in members.values_mut() {
            replace_references(member, maps);
        }
    } else if let Value::Array(items) = value {
        for item in items {
            replace_references(item, maps);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use utoipa::OpenApi;

    use super::*;
    use crate::values::Place;

    /// A document with every sort of map.
    #[derive(Serialize, Deserialize, ToSchema)]
    struct Sample {
        /// Where it takes place.
        places: KeyedMap<Place, 50>,
        #[serde(default)]
        identifiers: KeyedMap<String>,
        groups: OfficeMap<Group>,
    }

    /// An item that holds a map itself.
    #[derive(Serialize, Deserialize, ToSchema)]
    struct Group {
        places: KeyedMap<Place>,
    }

    #[derive(OpenApi)]
    #[openapi(components(schemas(Sample)))]
    struct Api;

    #[test]
    fn maps_are_inlined_with_their_limits_and_keys() {
        let mut document = serde_json::to_value(Api::openapi()).unwrap();
        inline_maps(&mut document);
        let properties = document.pointer("/components/schemas/Sample/properties").unwrap();
        let named = json!({"type": "string", "pattern": ITEM_KEY_PATTERN});
        assert_eq!(
            properties,
            &json!({
                "places": {
                    "type": "object",
                    "description": "Where it takes place.",
                    "additionalProperties": {"$ref": "#/components/schemas/Place"},
                    "propertyNames": named,
                    "maxProperties": 50
                },
                "identifiers": {
                    "type": "object",
                    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": MAX_TEXT},
                    "propertyNames": named,
                    "maxProperties": 200
                },
                "groups": {
                    "type": "object",
                    "additionalProperties": {"$ref": "#/components/schemas/Group"},
                    "propertyNames": {"$ref": "#/components/schemas/OfficeId"},
                    "maxProperties": 200
                }
            })
        );
        let components = document.pointer("/components/schemas").unwrap().as_object().unwrap();
        assert!(components.keys().all(|name| !name.contains("Map") || name == "LangMap"));
        assert!(components.contains_key("Place") && components.contains_key("OfficeId"));
        assert_eq!(
            document.pointer("/components/schemas/Group/properties/places/maxProperties"),
            Some(&json!(200))
        );
    }

    #[test]
    fn a_map_is_a_plain_object_on_the_wire() {
        let map: KeyedMap<u8> = serde_json::from_value(json!({"b": 2, "a": 1})).unwrap();
        assert_eq!(map.get("a"), Some(&1));
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":1,"b":2}"#);
        assert_eq!(map.into_iter().count(), 2);
    }
}
