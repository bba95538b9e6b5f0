//! Derives the schemas of reading, creating, replacing and patching a document from the one Rust type that it has.
//!
//! The raw schema (what utoipa makes of the type) says which members must be named on create. From `Office` come:
//!
//! | schema | members | required | nested objects |
//! |---|---|---|---|
//! | `Office` | all | all: answers write every member | as they are, all required too |
//! | `OfficeCreate` | without those the server keeps | raw, without the owner | `…Input`: required as raw |
//! | `OfficeReplace` | all; kept ones `readOnly` | every writable one: nothing is wiped by leaving it out | `…Input` |
//! | `OfficePatch` | all, nullable; kept ones `readOnly` | none | `…Patch`: the same, items of maps nullable |
//!
//! What need not be named may also be null: absent and null are the same. The Rust types are stricter (a collection is
//! never null), so a body is brought into the form of answers (`SchemaWalk::complete`) before it is deserialised.
//!
//! In the three schemas for writing a reference to a record is an `OfficeReference` (`PolicyReference` …), which also takes
//! the caller's own `ext:{system}:{key}`. Components without members of their own (codes, dates) are shared by all;
//! `LangMap` has a `LangMapPatch`, because a patch removes one language by null.

mod nullable;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use nullable::nullable;
use schema::{COMPONENTS, component, local, reach, reference_schema, references, require_all, required, without_kept};

/// One kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'a> {
    /// The component of its raw schema, such as `Office`.
    pub schema: &'static str,
    /// All top-level members that callers never write (`id`, `version`, …). `owner_office_id` is not among them.
    pub server_kept: &'a [&'static str],
}

/// Written on create by a registry administrator only, and never changed by a document.
const OWNER: &str = "owner_office_id";

/// Components of ids of records, and what they are in schemas for writing.
const REFERENCES: &[(&str, &str)] = &[
    ("OfficeId", "OfficeReference"),
    ("PolicyId", "PolicyReference"),
    ("MouId", "MouReference"),
    ("ProgramId", "ProgramReference"),
];

/// Adds the schemas for writing of all kinds to `schemas` (the raw `components.schemas`), and makes the raw ones read
/// schemas. Adds nothing that is not referred to, and gives the same for the same input.
///
/// # Errors
/// A kind without component, a reference to nothing, or a component that already has the name of a derived one.
pub fn derive_documents(schemas: &mut Map<String, Value>, kinds: &[Kind<'_>]) -> Result<(), String> {
    let raw = schemas.clone();
    let mut deriver = Deriver {
        raw: &raw,
        derived: Map::new(),
    };
    let mut read = BTreeSet::new();
    for kind in kinds {
        deriver.derive_kind(kind)?;
        reach(&raw, kind.schema, &mut read)?;
    }
    for name in read {
        if let Some(schema) = schemas.get_mut(&name) {
            require_all(schema);
        }
    }
    for (name, schema) in deriver.derived {
        if schemas.contains_key(&name) {
            return Err(format!(
                "there is a schema component {name} already; the name is taken by a derived one"
            ));
        }
        schemas.insert(name, schema);
    }
    Ok(())
}

/// What a derived schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Create,
    Replace,
    Patch,
}

impl Form {
    /// What the name of a nested twin ends with; create and replace share theirs.
    fn suffix(self) -> &'static str {
        match self {
            Self::Create | Self::Replace => "Input",
            Self::Patch => "Patch",
        }
    }
}

struct Deriver<'a> {
    raw: &'a Map<String, Value>,
    derived: Map<String, Value>,
}

impl Deriver<'_> {
    fn derive_kind(&mut self, kind: &Kind<'_>) -> Result<(), String> {
        let raw = component(self.raw, kind.schema)?;
        for (form, suffix, purpose) in [
            (Form::Create, "Create", "To create one. Empty members may be left out."),
            (
                Form::Replace,
                "Replace",
                "To replace one: every writable member must be named, empty ones as null.",
            ),
            (
                Form::Patch,
                "Patch",
                "To change one (JSON merge patch, RFC 7396): what is left out stays, null removes.",
            ),
        ] {
            let mut schema = self
                .document(raw, kind, form)
                .map_err(|error| format!("{}: {error}", kind.schema))?;
            schema.insert("description".to_owned(), purpose.into());
            self.derived
                .insert(format!("{}{suffix}", kind.schema), Value::Object(schema));
        }
        Ok(())
    }

    /// A whole document, with what the server keeps set apart.
    fn document(&mut self, raw: &Value, kind: &Kind<'_>, form: Form) -> Result<Map<String, Value>, String> {
        let properties = raw
            .get("properties")
            .and_then(Value::as_object)
            .ok_or("is not an object with members")?;
        let mandatory = required(raw);
        let is_kept = |name: &str| kind.server_kept.contains(&name);
        let mut members = Map::new();
        let mut named = Vec::new();
        for (name, schema) in properties {
            let kept = is_kept(name);
            if kept && form == Form::Create {
                continue;
            }
            // Kept members come back as they were read, so they keep the form for reading.
            let mut member = if kept {
                schema.clone()
            } else {
                self.transform(schema, form)?
            };
            let must = mandatory.contains(name.as_str()) && name != OWNER;
            if form == Form::Patch || !(must || kept) {
                member = nullable(member);
            }
            let read_only = kept || (name == OWNER && form != Form::Create);
            if let Some(member) = member.as_object_mut().filter(|_| read_only) {
                member.insert("readOnly".to_owned(), true.into());
            }
            let writable = !read_only && name != OWNER;
            if (form == Form::Replace && writable) || (form == Form::Create && must) {
                named.push(Value::from(name.as_str()));
            }
            members.insert(name.clone(), member);
        }
        let mut schema = raw.as_object().cloned().unwrap_or_default();
        schema.insert("properties".to_owned(), Value::Object(members));
        schema.remove("required");
        if !named.is_empty() {
            schema.insert("required".to_owned(), Value::Array(named));
        }
        if form == Form::Create {
            without_kept(&mut schema, kind.server_kept);
        }
        Ok(schema)
    }

    /// A schema below a document, for writing.
    fn transform(&mut self, schema: &Value, form: Form) -> Result<Value, String> {
        let Value::Object(keywords) = schema else {
            return Ok(schema.clone());
        };
        let mandatory = required(schema);
        let is_object = keywords.contains_key("properties");
        let mut transformed = Map::new();
        for (keyword, value) in keywords {
            let new = match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) => self.refer(target, form)?.into(),
                ("properties", Value::Object(members)) => {
                    let mut new = Map::new();
                    for (name, member) in members {
                        let member = self.transform(member, form)?;
                        let must = form != Form::Patch && mandatory.contains(name.as_str());
                        new.insert(name.clone(), if must { member } else { nullable(member) });
                    }
                    Value::Object(new)
                }
                ("additionalProperties", Value::Object(_)) => {
                    let item = self.transform(value, form)?;
                    if form == Form::Patch { nullable(item) } else { item }
                }
                // A patch replaces an array as a whole, so its items are given as on create.
                ("items", _) => self.transform(value, Form::Create)?,
                ("propertyNames", _) => self.transform(value, form)?,
                ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => branches
                    .iter()
                    .map(|branch| self.transform(branch, form))
                    .collect::<Result<_, _>>()?,
                // Neither says anything about a patch, which names some members only and removes others; the patched
                // document is checked. A default would even claim that leaving out is setting.
                ("required", _) if is_object && form == Form::Patch => continue,
                ("minProperties" | "maxProperties" | "default", _) if form == Form::Patch => {
                    continue;
                }
                _ => value.clone(),
            };
            transformed.insert(keyword.clone(), new);
        }
        Ok(Value::Object(transformed))
    }

    /// The reference to use instead of one to a raw component; makes what it refers to.
    fn refer(&mut self, target: &str, form: Form) -> Result<String, String> {
        let name = local(target)?;
        let raw = component(self.raw, name)?;
        let reference = REFERENCES.iter().find(|(id, _)| *id == name);
        let twin = match reference {
            Some((_, twin)) => (*twin).to_owned(),
            None if self.differs(name, form, &mut BTreeSet::new())? => {
                format!("{name}{}", form.suffix())
            }
            None => return Ok(target.to_owned()),
        };
        if !self.derived.contains_key(&twin) {
            // Taken before it is made, so that recursive schemas end.
            self.derived.insert(twin.clone(), Value::Null);
            let schema = match reference {
                Some(_) => reference_schema(raw),
                None => self.transform(raw, form)?,
            };
            self.derived.insert(twin.clone(), schema);
        }
        Ok(format!("{COMPONENTS}{twin}"))
    }

    /// Whether a component needs a twin: it has members, or refers to something that has one.
    fn differs(&self, name: &str, form: Form, seen: &mut BTreeSet<String>) -> Result<bool, String> {
        if REFERENCES.iter().any(|(id, _)| *id == name) {
            return Ok(true);
        }
        if !seen.insert(name.to_owned()) {
            return Ok(false);
        }
        let schema = component(self.raw, name)?;
        let has_items = schema.get("additionalProperties").is_some_and(Value::is_object);
        if schema.get("properties").is_some() || (has_items && form == Form::Patch) {
            return Ok(true);
        }
        for target in references(schema) {
            if self.differs(local(target)?, form, seen)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
