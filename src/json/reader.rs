//! The strict JSON reader: the only way a request body becomes a JSON tree.
//!
//! RFC 8259 leaves open what a reader does with repeated members, depth and unpaired surrogates, and readers differ
//! there; two systems that read one body differently is how data is lost between them. So all of it is refused here,
//! with the place (I-JSON, RFC 7493, asks the same of senders). Only the grammar itself is left to `serde_json`.
//! `lines` is the same reading for another result: on which line each place stands.

pub mod lines;
mod notes;
mod surrogates;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use self::notes::LineNotes;
use self::surrogates::mask_lone_surrogates;
use super::pointer::Pointer;
use crate::bounds::{MAX_DEPTH, MAX_FINDINGS, MAX_MEMBERS, MAX_NAME, MAX_VALUES};

/// What a body may cost to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Objects and arrays within one another, the outermost counted as 1. At most 127, which `serde_json` itself allows.
    pub max_depth: usize,
    /// Members of one object, and items of one array.
    pub max_members: usize,
    /// Members and items of the whole text.
    pub max_values: usize,
    /// Characters of the name of a member.
    pub max_name: usize,
}

impl Limits {
    /// Those of every body.
    pub const OF_BODIES: Self = Self {
        max_depth: MAX_DEPTH,
        max_members: MAX_MEMBERS,
        max_values: MAX_VALUES,
        max_name: MAX_NAME,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::OF_BODIES
    }
}

/// Why a body is not JSON that this service takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonFault {
    /// Not JSON (RFC 8259), also a byte order mark before it or anything behind it. Line and column count from 1, the column in bytes.
    Malformed {
        /// What the reader met, for people.
        detail: String,
        /// Line of the fault.
        line: usize,
        /// Byte in the line.
        column: usize,
    },
    /// The bytes are not UTF-8.
    NotUtf8,
    /// More levels than [`Limits::max_depth`].
    TooDeep {
        /// The first object or array that is one level too deep.
        pointer: String,
    },
    /// An object names a member twice.
    DuplicateMember {
        /// The member.
        pointer: String,
    },
    /// More members or items than [`Limits`] allow, or a longer name. It ends the reading, like a malformed text.
    TooLarge {
        /// The object or array.
        pointer: String,
        /// What there is too much of.
        excess: Excess,
        /// The limit.
        limit: usize,
    },
    /// A string or member name holds U+0000 (which PostgreSQL cannot store) or half of a surrogate pair (which is no text).
    ForbiddenText {
        /// The string, or the member with that name.
        pointer: String,
    },
}

/// What a text has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Members of one object, or items of one array.
    Members,
    /// Members and items in all.
    Values,
    /// Characters of the name of a member.
    Name,
}

/// Reads one JSON text. Numbers stay what `serde_json` makes of them; the schema says which are wanted.
///
/// # Errors
/// Every fault up to [`MAX_FINDINGS`], in the order of the text. A text that is malformed or too large ends the reading, so
/// that fault is the last.
pub fn parse_strict(bytes: &[u8], limits: Limits) -> Result<Value, Vec<JsonFault>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![JsonFault::NotUtf8]);
    };
    if text.starts_with('\u{feff}') {
        return Err(vec![JsonFault::Malformed {
            detail: "a byte order mark stands before the JSON text".to_owned(),
            line: 1,
            column: 1,
        }]);
    }
    let text = mask_lone_surrogates(text);
    let reading = Reading::new(limits, None);
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let result = reading
        .root()
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    let mut faults = reading.faults.into_inner();
    faults.extend(reading.stopped_by.into_inner());
    match result {
        Ok(value) if faults.is_empty() => Ok(value),
        Ok(_) => Err(faults),
        // The reader has ended itself.
        Err(_) if matches!(faults.last(), Some(JsonFault::TooLarge { .. })) => Err(faults),
        Err(error) => {
            faults.push(malformed(&error));
            Err(faults)
        }
    }
}

/// The reader's own error, without the place that it repeats in its text.
fn malformed(error: &serde_json::Error) -> JsonFault {
    let text = error.to_string();
    let detail = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(detail, _)| detail);
    JsonFault::Malformed {
        detail: detail.to_owned(),
        line: error.line(),
        column: error.column(),
    }
}

/// What is common to all places of one body.
struct Reading {
    limits: Limits,
    /// The place being read.
    pointer: RefCell<Pointer>,
    faults: RefCell<Vec<JsonFault>>,
    /// Members and items so far.
    values: Cell<usize>,
    /// The fault that ended the reading.
    stopped_by: RefCell<Option<JsonFault>>,
    /// Present where the lines of places are wanted.
    lines: Option<LineNotes>,
}

impl Reading {
    fn new(limits: Limits, lines: Option<LineNotes>) -> Self {
        Self {
            limits,
            pointer: RefCell::default(),
            faults: RefCell::default(),
            values: Cell::new(0),
            stopped_by: RefCell::default(),
            lines,
        }
    }

    fn root(&self) -> Place<'_> {
        Place {
            reading: self,
            depth: 0,
        }
    }

    /// Notes the line of the place being read.
    fn note_line(&self) {
        if let Some(lines) = &self.lines {
            lines.note(&self.pointer.borrow());
        }
    }

    /// Reports a fault at the place being read.
    fn report(&self, fault: impl FnOnce(String) -> JsonFault) {
        let mut faults = self.faults.borrow_mut();
        if faults.len() < MAX_FINDINGS {
            faults.push(fault(self.pointer.borrow().as_str().to_owned()));
        }
    }

    /// One more member or item of the object or array being read, which has `before` of them.
    fn count<E: serde::de::Error>(&self, before: usize) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        if before >= self.limits.max_members {
            return Err(self.stop(Excess::Members, self.limits.max_members));
        }
        if self.values.get() > self.limits.max_values {
            return Err(self.stop(Excess::Values, self.limits.max_values));
        }
        Ok(())
    }

    /// A name cannot have more characters than bytes; most are done by their length.
    fn check_name<E: serde::de::Error>(&self, name: &str) -> Result<(), E> {
        let most = self.limits.max_name;
        if name.len() > most && name.chars().count() > most {
            return Err(self.stop(Excess::Name, most));
        }
        Ok(())
    }

    /// Ends the reading at the place being read.
    fn stop<E: serde::de::Error>(&self, excess: Excess, limit: usize) -> E {
        *self.stopped_by.borrow_mut() = Some(JsonFault::TooLarge {
            pointer: self.pointer.borrow().as_str().to_owned(),
            excess,
            limit,
        });
        E::custom("too large")
    }

    fn check_text(&self, text: &str) {
        if text.contains('\0') {
            self.report(|pointer| JsonFault::ForbiddenText { pointer });
        }
    }
}

/// One place of the tree while it is read: makes the value and reports the faults there.
#[derive(Clone, Copy)]
struct Place<'a> {
    reading: &'a Reading,
    /// Objects and arrays around this place.
    depth: usize,
}

impl Place<'_> {
    /// Whether an object or array may begin here.
    fn may_nest(&self) -> bool {
        let allowed = self.depth < self.reading.limits.max_depth;
        if !allowed {
            self.reading.report(|pointer| JsonFault::TooDeep { pointer });
        }
        allowed
    }

    fn inner(&self) -> Self {
        Place {
            reading: self.reading,
            depth: self.depth + 1,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.reading.note_line();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        self.reading.check_text(value);
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        if !self.may_nest() {
            // `IgnoredAny` is read in a loop, not by recursion: no depth can exhaust the stack.
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut array = Vec::new();
        loop {
            let here = self.reading.pointer.borrow_mut().push_index(array.len());
            let item = items.next_element_seed(self.inner())?;
            self.reading.pointer.borrow_mut().back_to(here);
            match item {
                Some(item) => {
                    self.reading.count(array.len())?;
                    array.push(item);
                }
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        if !self.may_nest() {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut object = Map::new();
        let mut repeated = BTreeSet::new();
        let mut count = 0;
        while let Some(name) = members.next_key::<String>()? {
            self.reading.count(count)?;
            self.reading.check_name(&name)?;
            count += 1;
            let here = self.reading.pointer.borrow_mut().push(&name);
            self.reading.note_line();
            self.reading.check_text(&name);
            if object.contains_key(&name) && repeated.insert(name.clone()) {
                self.reading.report(|pointer| JsonFault::DuplicateMember { pointer });
            }
            let value = members.next_value_seed(self.inner())?;
            self.reading.pointer.borrow_mut().back_to(here);
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests;
