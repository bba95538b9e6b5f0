//! Walks a document along its own schema, so that everything the four kinds share is written once: finding references,
//! the normal form, cross-field rules of values, what a PUT would wipe, the flat texts of `?lang=`.
//!
//! Built from the **read** schema (`Office`, not `OfficeCreate`): written bodies have the same members at the same
//! places, and only the read schema names the components that the rules are keyed by (`Period`, not `PeriodInput`).
//! A walk never fails: members that the schema does not know, and values of another type than it says, are left alone.
//!
//! | file | what it gives |
//! |---|---|
//! | `compile` | the tree of the schema |
//! | `references` | references to records, and their replacement |
//! | `normal` | normal form, Unicode form, rules of values, what a PUT would wipe |
//! | `complete` | the form of answers, with every member |
//! | `language` | the flat members of `?lang=` |

mod compile;
mod complete;
#[cfg(test)]
mod fixture;
mod language;
mod normal;
mod references;

use std::collections::BTreeMap;

use serde_json::Value;

pub use normal::{ValueCheck, normalise_text};
pub use references::Reference;

use crate::json::diff::{Change, changed_shaped};
use crate::json::merge::{Merge, three_way_shaped};
use crate::json::pointer::Pointer;
use crate::json::shape::Shape;

/// The schema of one kind of document, compiled once at start.
#[derive(Debug, Clone)]
pub struct SchemaWalk {
    nodes: Vec<Node>,
    root: NodeId,
}

/// Index into [`SchemaWalk::nodes`]: recursive schemas refer back.
type NodeId = usize;

#[derive(Debug, Clone)]
struct Node {
    /// The schema component that this place refers to.
    component: Option<String>,
    kind: NodeKind,
}

#[derive(Debug, Clone)]
enum NodeKind {
    /// Members by name, as the schema lists them.
    Object { members: BTreeMap<String, Member> },
    /// Items by a key that the writer chose; `key` is the component of the key where it is an id.
    Map { item: NodeId, key: Option<String> },
    /// An array, whose order means nothing.
    Array { item: NodeId },
    /// Anything else, also objects of which the schema says nothing.
    Leaf,
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
struct Member {
    node: NodeId,
    /// Whether it may be null.
    nullable: bool,
    /// Whether it must be named on create. What need not has a default.
    mandatory: bool,
}

/// One step down into a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathSegment<'a> {
    /// A member that the schema names.
    Member(&'a str),
    /// An item of a map, by its key.
    Key(&'a str),
    /// An item of an array.
    Index(usize),
}

/// One place of a document, as a walk passes it.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// JSON pointer of the place; of a key, the pointer of its item.
    pub pointer: &'a str,
    /// The way to the place.
    pub path: &'a [PathSegment<'a>],
    /// The schema component that the place refers to.
    pub component: Option<&'a str>,
    /// The value; of a key, the key as a string.
    pub value: &'a Value,
    /// Whether this is the key of a map item. Only keys that refer to a component are visited.
    pub is_key: bool,
}

impl SchemaWalk {
    /// Visits every place that the document has and the schema knows, parents before children, in the order of names.
    pub fn walk(&self, value: &Value, visit: &mut dyn FnMut(Visit<'_>)) {
        let mut walker = Walker {
            walk: self,
            pointer: Pointer::default(),
            path: Vec::new(),
            visit,
        };
        walker.descend(self.root, value);
    }

    /// The knowledge of this schema for `diff` and `merge`.
    pub fn shape(&self) -> impl Shape {
        Cursor {
            walk: self,
            node: Some(self.root),
            fills: false,
        }
    }

    /// The changes between two normal forms (see [`changed_shaped`]).
    pub fn changes(&self, from: &Value, to: &Value) -> Vec<Change> {
        changed_shaped(self.shape(), from, to)
    }

    /// The three-way merge of normal forms (see [`three_way_shaped`]).
    pub fn three_way(&self, base: &Value, current: &Value, yours: &Value) -> Merge {
        three_way_shaped(self.shape(), base, current, yours)
    }

    /// The node of an id. Ids come from the same compilation, so that the leaf is never really taken.
    fn node(&self, id: NodeId) -> &Node {
        const NOWHERE: &Node = &Node {
            component: None,
            kind: NodeKind::Leaf,
        };
        self.nodes.get(id).unwrap_or(NOWHERE)
    }
}

struct Walker<'a, 'f> {
    walk: &'a SchemaWalk,
    pointer: Pointer,
    path: Vec<PathSegment<'a>>,
    visit: &'f mut dyn FnMut(Visit<'_>),
}

impl<'a> Walker<'a, '_> {
    fn descend(&mut self, id: NodeId, value: &'a Value) {
        let node = self.walk.node(id);
        self.visit(node.component.as_deref(), value, false);
        match (&node.kind, value) {
            (NodeKind::Object { members }, Value::Object(values)) => {
                for (name, value) in values {
                    if let Some(member) = members.get(name) {
                        self.step(PathSegment::Member(name), member.node, value);
                    }
                }
            }
            (NodeKind::Map { item, key }, Value::Object(values)) => {
                for (name, value) in values {
                    if key.is_some() {
                        let here = self.pointer.push(name);
                        self.path.push(PathSegment::Key(name));
                        self.visit(key.as_deref(), &Value::from(name.as_str()), true);
                        self.path.pop();
                        self.pointer.back_to(here);
                    }
                    self.step(PathSegment::Key(name), *item, value);
                }
            }
            (NodeKind::Array { item }, Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.step(PathSegment::Index(index), *item, value);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, segment: PathSegment<'a>, node: NodeId, value: &'a Value) {
        let here = match segment {
            PathSegment::Member(name) | PathSegment::Key(name) => self.pointer.push(name),
            PathSegment::Index(index) => self.pointer.push_index(index),
        };
        self.path.push(segment);
        self.descend(node, value);
        self.path.pop();
        self.pointer.back_to(here);
    }

    fn visit(&mut self, component: Option<&str>, value: &Value, is_key: bool) {
        (self.visit)(Visit {
            pointer: self.pointer.as_str(),
            path: &self.path,
            component,
            value,
            is_key,
        });
    }
}

/// A place of the schema, for diff and merge.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    walk: &'a SchemaWalk,
    node: Option<NodeId>,
    fills: bool,
}

impl Shape for Cursor<'_> {
    fn child(self, name: &str) -> Self {
        let kind = self.node.map(|id| &self.walk.node(id).kind);
        let (node, is_member) = match kind {
            Some(NodeKind::Object { members }) => (members.get(name).map(|member| member.node), true),
            Some(NodeKind::Map { item, .. }) => (Some(*item), false),
            _ => (None, false),
        };
        let nests =
            node.is_some_and(|id| matches!(self.walk.node(id).kind, NodeKind::Object { .. } | NodeKind::Map { .. }));
        Self {
            node,
            fills: is_member && nests,
            ..self
        }
    }

    fn fills(self) -> bool {
        self.fills
    }
}

#[cfg(test)]
mod tests;
