//! The same schema place by place, to say what is wrong with a value.
//!
//! Asked for all errors, the library makes every one of them, each with a copy of the value around it: the errors of a
//! few thousand wrong keys are gigabytes. So a value that is not valid is gone through along its schema: each place is
//! checked alone, with all that stands below it left out, and the way ends when enough was found. What is found is what
//! the library finds in the whole (`tests` holds the two together).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::compiling::{COMPONENTS, compile};
use super::report::Report;
use crate::json::pointer::Pointer;
use crate::values::finding::Finding;

/// Index into [`Places::all`].
type PlaceId = usize;

/// All places of one schema, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Places {
    all: Vec<Place>,
}

/// One place of a schema.
#[derive(Debug, Default)]
struct Place {
    /// What the schema says of the value here, and nothing of what is below; none where it says nothing.
    own: Option<Own>,
    /// Other places whose schemas hold for the same value: what it refers to, the parts of `allOf`.
    same: Vec<PlaceId>,
    /// The same for a value that is not null: the one form of a choice beside null.
    unless_null: Vec<PlaceId>,
    /// The members that it names.
    members: BTreeMap<String, PlaceId>,
    /// Members that it does not name.
    rest: Option<PlaceId>,
    /// Items of an array.
    items: Option<PlaceId>,
}

#[derive(Debug)]
struct Own {
    compiled: jsonschema::Validator,
    /// What was compiled.
    schema: Value,
}

impl Places {
    /// Takes a schema apart, and everything that it refers to. `components` are those prepared for compiling.
    pub(super) fn new(components: &Map<String, Value>, component: &str) -> Result<Self, String> {
        let mut maker = Maker {
            components,
            places: Self::default(),
            named: BTreeMap::new(),
        };
        maker.component(component)?;
        Ok(maker.places)
    }

    /// What is wrong with the value and is wanted, in the order of the walk. Ends when there are more than `most`.
    pub(super) fn find(&self, value: &Value, most: usize, wants: &mut dyn FnMut(&Finding) -> bool) -> Vec<Finding> {
        let mut walk = Walk {
            places: self,
            pointer: Pointer::default(),
            found: Vec::new(),
            most,
            wants,
        };
        walk.visit(BTreeSet::from([0]), value);
        walk.found
    }

    /// With all places whose schemas hold for the same value.
    fn together(&self, from: BTreeSet<PlaceId>, is_null: bool) -> Vec<&Place> {
        let mut reached = from;
        let mut open: Vec<PlaceId> = reached.iter().copied().collect();
        let mut together = Vec::new();
        while let Some(place) = open.pop().and_then(|id| self.all.get(id)) {
            let unless_null = place.unless_null.iter().filter(|_| !is_null);
            open.extend(place.same.iter().chain(unless_null).filter(|id| reached.insert(**id)));
            together.push(place);
        }
        together
    }
}

/// One value on its way through the places.
struct Walk<'a, 'w> {
    places: &'a Places,
    pointer: Pointer,
    found: Vec<Finding>,
    most: usize,
    wants: &'w mut dyn FnMut(&Finding) -> bool,
}

impl Walk<'_, '_> {
    fn is_done(&self) -> bool {
        self.found.len() > self.most
    }

    fn visit(&mut self, from: BTreeSet<PlaceId>, value: &Value) {
        let together = self.places.together(from, value.is_null());
        let mut report = Report::new(self.pointer.as_str());
        for own in together.iter().filter_map(|place| place.own.as_ref()) {
            for error in own.compiled.iter_errors(value) {
                report.add(&own.schema, &error);
            }
        }
        for draft in report.finish() {
            if self.is_done() {
                return;
            }
            if (self.wants)(draft.finding()) {
                self.found.push(draft.complete());
            }
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let below = |place: &&Place| place.members.get(name).copied().or(place.rest);
                    let below: BTreeSet<PlaceId> = together.iter().filter_map(below).collect();
                    let here = self.pointer.push(name);
                    self.descend(below, member);
                    self.pointer.back_to(here);
                }
            }
            Value::Array(items) => {
                let below: BTreeSet<PlaceId> = together.iter().filter_map(|place| place.items).collect();
                for (index, item) in items.iter().enumerate() {
                    let here = self.pointer.push_index(index);
                    self.descend(below.clone(), item);
                    self.pointer.back_to(here);
                }
            }
            _ => {}
        }
    }

    fn descend(&mut self, below: BTreeSet<PlaceId>, value: &Value) {
        if !below.is_empty() && !self.is_done() {
            self.visit(below, value);
        }
    }
}

/// Takes a schema apart.
struct Maker<'a> {
    components: &'a Map<String, Value>,
    places: Places,
    /// Entered before they are taken apart, so that recursion ends.
    named: BTreeMap<String, PlaceId>,
}

impl Maker<'_> {
    fn component(&mut self, name: &str) -> Result<PlaceId, String> {
        if let Some(id) = self.named.get(name) {
            return Ok(*id);
        }
        let id = self.add();
        self.named.insert(name.to_owned(), id);
        let schema = self.schema_of(name)?;
        self.fill(id, schema)?;
        Ok(id)
    }

    fn schema_of(&self, name: &str) -> Result<Value, String> {
        let schema = self.components.get(name).cloned();
        schema.ok_or_else(|| format!("there is no schema component {name}"))
    }

    fn inline(&mut self, schema: Value) -> Result<PlaceId, String> {
        let id = self.add();
        self.fill(id, schema)?;
        Ok(id)
    }

    fn add(&mut self) -> PlaceId {
        self.places.all.push(Place::default());
        self.places.all.len() - 1
    }

    fn fill(&mut self, id: PlaceId, mut schema: Value) -> Result<(), String> {
        let mut place = Place::default();
        if let Some(keywords) = schema.as_object_mut() {
            self.take_same(keywords, &mut place)?;
            self.take_members(keywords, &mut place)?;
            if keywords.get("items").is_some_and(Value::is_object) {
                place.items = keywords.remove("items").map(|items| self.inline(items)).transpose()?;
            }
        }
        if says_something(&schema) {
            // What is left of references stands in keywords that are not taken apart: choices of several forms.
            self.replace_references(&mut schema, 0)?;
            place.own = Some(Own {
                compiled: compile(&schema).map_err(|error| error.to_string())?,
                schema,
            });
        }
        if let Some(slot) = self.places.all.get_mut(id) {
            *slot = place;
        }
        Ok(())
    }

    /// References, `allOf`, and choices between null and one form.
    fn take_same(&mut self, keywords: &mut Map<String, Value>, place: &mut Place) -> Result<(), String> {
        if let Some(Value::String(target)) = keywords.remove("$ref") {
            let name = target.strip_prefix(COMPONENTS).unwrap_or(&target);
            place.same.push(self.component(name)?);
        }
        if let Some(Value::Array(parts)) = keywords.remove("allOf") {
            for part in parts {
                place.same.push(self.inline(part)?);
            }
        }
        for choice in ["oneOf", "anyOf"] {
            let Some(Value::Array(forms)) = keywords.get(choice) else {
                continue;
            };
            let others: Vec<&Value> = forms.iter().filter(|form| !is_null(form)).collect();
            let [only] = others.as_slice() else {
                continue;
            };
            let (only, takes_null) = ((*only).clone(), forms.len() > 1);
            let form = self.inline(only)?;
            keywords.remove(choice);
            if takes_null {
                place.unless_null.push(form);
            } else {
                place.same.push(form);
            }
        }
        Ok(())
    }

    /// What is said of members; their names stay.
    fn take_members(&mut self, keywords: &mut Map<String, Value>, place: &mut Place) -> Result<(), String> {
        if let Some(Value::Object(members)) = keywords.get_mut("properties") {
            for (name, member) in members.iter_mut() {
                let schema = std::mem::replace(member, Value::Bool(true));
                place.members.insert(name.clone(), self.inline(schema)?);
            }
        }
        if keywords.get("additionalProperties").is_some_and(Value::is_object) {
            let rest = keywords.remove("additionalProperties");
            place.rest = rest.map(|rest| self.inline(rest)).transpose()?;
        }
        Ok(())
    }

    /// Puts components in the place of references to them. Nothing that is not taken apart is recursive.
    fn replace_references(&self, schema: &mut Value, depth: usize) -> Result<(), String> {
        if depth > 32 {
            return Err("a choice of several forms refers to itself".to_owned());
        }
        match schema {
            Value::Object(keywords) => {
                if let Some(Value::String(target)) = keywords.remove("$ref") {
                    let name = target.strip_prefix(COMPONENTS).unwrap_or(&target);
                    if let Value::Object(meant) = self.schema_of(name)? {
                        keywords.extend(meant);
                    }
                    return self.replace_references(schema, depth + 1);
                }
                for value in keywords.values_mut() {
                    self.replace_references(value, depth + 1)?;
                }
            }
            Value::Array(parts) => {
                for part in parts {
                    self.replace_references(part, depth + 1)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// Whether a value could be wrong by this schema: most places that only refer to another have nothing but a description.
fn says_something(schema: &Value) -> bool {
    const SAYS_NOTHING: &[&str] = &[
        "description",
        "title",
        "example",
        "examples",
        "default",
        "readOnly",
        "deprecated",
    ];
    match schema {
        Value::Object(keywords) => keywords.keys().any(|keyword| !SAYS_NOTHING.contains(&keyword.as_str())),
        other => *other != Value::Bool(true),
    }
}
