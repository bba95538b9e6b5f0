//! Normal form, Unicode form, rules of single values, and what a PUT would wipe by leaving it out.

use crate::texts;
use crate::values::FindingCode;
use serde_json::{Map, Value};

use super::{NodeId, NodeKind, SchemaWalk};
use crate::json::pointer::Pointer;
use crate::values::finding::Finding;
use crate::values::text::{MAX_TEXT, to_nfc};

/// A rule of a schema component: what is wrong with one value of it, with pointers relative to the value.
pub type ValueCheck<'a> = (&'a str, fn(&Value) -> Vec<Finding>);

impl SchemaWalk {
    /// The normal form, in which versions are stored, compared, merged and hashed: members that are null or empty are
    /// left out, from the inside out; items of maps that are null are left out, empty ones stay (their key says
    /// something); arrays of plain values are sorted, each value once. A normal form is its own normal form.
    pub fn strip(&self, value: &Value) -> Value {
        self.strip_at(Some(self.root), value)
    }

    fn strip_at(&self, id: Option<NodeId>, value: &Value) -> Value {
        let kind = id.map_or(&NodeKind::Leaf, |id| &self.node(id).kind);
        match (kind, value) {
            (NodeKind::Object { members }, Value::Object(values)) => {
                let stripped = values.iter().filter_map(|(name, value)| {
                    let value = self.strip_at(members.get(name).map(|member| member.node), value);
                    (!is_empty(&value)).then(|| (name.clone(), value))
                });
                Value::Object(stripped.collect::<Map<_, _>>())
            }
            (NodeKind::Map { item, .. }, Value::Object(values)) => {
                let stripped = values
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(key, value)| (key.clone(), self.strip_at(Some(*item), value)));
                Value::Object(stripped.collect::<Map<_, _>>())
            }
            (NodeKind::Array { item }, Value::Array(values)) => {
                let values = values.iter().map(|value| self.strip_at(Some(*item), value)).collect();
                Value::Array(sorted(values))
            }
            _ => value.clone(),
        }
    }

    /// Applies the rules of single values at every place of their component (`values::check::VALUE_CHECKS`).
    pub fn check_values(&self, value: &Value, checks: &[ValueCheck<'_>]) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.walk(value, &mut |visit| {
            let Some(component) = visit.component.filter(|_| !visit.value.is_null()) else {
                return;
            };
            for (_, check) in checks.iter().filter(|(name, _)| *name == component) {
                findings.extend(check(visit.value).into_iter().map(|finding| {
                    let inner = finding.pointer.as_deref().unwrap_or_default();
                    let pointer = Some(format!("{}{inner}", visit.pointer));
                    Finding { pointer, ..finding }
                }));
            }
        });
        findings
    }

    /// What a PUT would wipe only because the caller did not know or forgot it: members with a value in `current` that
    /// the body does not name, where the object around them is in both. Null, `{}` or `[]` in the body wipe on purpose;
    /// so does leaving out an item of a map. `kept` are the top-level members that callers need not send.
    pub fn would_wipe(&self, current: &Value, body: &Value, kept: &[&str]) -> Vec<Finding> {
        let mut current = self.strip(current);
        if let Some(members) = current.as_object_mut() {
            members.retain(|name, _| !kept.contains(&name.as_str()));
        }
        let mut comparison = Wiping {
            walk: self,
            pointer: Pointer::default(),
            findings: Vec::new(),
        };
        comparison.compare(self.root, &current, body);
        comparison.findings
    }
}

struct Wiping<'a> {
    walk: &'a SchemaWalk,
    pointer: Pointer,
    findings: Vec<Finding>,
}

impl Wiping<'_> {
    fn compare(&mut self, id: NodeId, current: &Value, body: &Value) {
        let (Value::Object(old), Value::Object(new)) = (current, body) else {
            return;
        };
        let kind = &self.walk.node(id).kind;
        for (name, before) in old {
            let here = self.pointer.push(name);
            match (kind, new.get(name)) {
                (NodeKind::Object { members }, Some(after)) => {
                    if let Some(member) = members.get(name) {
                        self.compare(member.node, before, after);
                    }
                }
                (NodeKind::Map { item, .. }, Some(after)) => self.compare(*item, before, after),
                (NodeKind::Object { .. }, None) => self.findings.push(Finding::at(
                    self.pointer.as_str(),
                    FindingCode::Required,
                    texts::schema::missing_here(),
                )),
                _ => {}
            }
            self.pointer.back_to(here);
        }
    }
}

/// Brings every text into Unicode Normalization Form C, and reports texts of more than [`MAX_TEXT`] characters as
/// `too-long`. The same text must be the same bytes, or search, merge and digest would see differences that no reader sees.
/// Member names stay: the schema allows only ASCII ones.
pub fn normalise_text(value: &mut Value, findings: &mut Vec<Finding>) {
    normalise_at(value, &mut Pointer::default(), findings);
}

fn normalise_at(value: &mut Value, pointer: &mut Pointer, findings: &mut Vec<Finding>) {
    match value {
        Value::String(text) => {
            if !text.is_ascii() {
                *text = to_nfc(text);
            }
            // A text cannot have more characters than bytes; most are done here.
            let length = if text.len() > MAX_TEXT { text.chars().count() } else { 0 };
            if length > MAX_TEXT {
                findings.push(
                    Finding::at(
                        pointer.as_str(),
                        FindingCode::TooLong,
                        texts::schema::too_many_characters(length, MAX_TEXT),
                    )
                    .with_param("limit", MAX_TEXT)
                    .with_param("found", length),
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let here = pointer.push_index(index);
                normalise_at(item, pointer, findings);
                pointer.back_to(here);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let here = pointer.push(name);
                normalise_at(member, pointer, findings);
                pointer.back_to(here);
            }
        }
        _ => {}
    }
}

/// Whether a member with this value is the same as an absent one.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Plain values in a fixed order, each once: numbers by size, then texts by code point. Other arrays stay as they are.
fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    if values.iter().any(|value| value.is_object() || value.is_array()) {
        return values;
    }
    values.sort_by(|left, right| {
        let numbers = left.as_i64().zip(right.as_i64());
        let texts = left.as_str().zip(right.as_str());
        match (numbers, texts) {
            (Some((left, right)), _) => left.cmp(&right),
            (_, Some((left, right))) => left.cmp(right),
            _ => rank(left)
                .cmp(&rank(right))
                .then_with(|| left.to_string().cmp(&right.to_string())),
        }
    });
    values.dedup();
    values
}

/// Integers before other numbers, so that the order stays total, then the other types.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Number(number) if number.is_i64() => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests;
