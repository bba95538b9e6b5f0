//! Makes the tree of a [`SchemaWalk`] from the component schemas of the OpenAPI document (3.1, JSON Schema 2020-12).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Member, Node, NodeId, NodeKind, SchemaWalk};

/// What a reference to a component begins with.
const COMPONENTS: &str = "#/components/schemas/";

impl SchemaWalk {
    /// Compiles the schema of `root` from the object under `components.schemas`.
    ///
    /// # Errors
    /// The component and what of it is not understood: a reference to nothing, or a choice between several object forms
    /// (documents have none, and a walk could not know which one a value is).
    pub fn new(components: &Value, root: &str) -> Result<Self, String> {
        let mut compiler = Compiler {
            components,
            nodes: Vec::new(),
            named: BTreeMap::new(),
        };
        let root = compiler.component(root)?;
        Ok(Self {
            nodes: compiler.nodes,
            root,
        })
    }
}

struct Compiler<'a> {
    components: &'a Value,
    nodes: Vec<Node>,
    /// Components that have a node, entered before they are compiled, so that recursion ends.
    named: BTreeMap<String, NodeId>,
}

impl<'a> Compiler<'a> {
    fn component(&mut self, name: &str) -> Result<NodeId, String> {
        if let Some(id) = self.named.get(name) {
            return Ok(*id);
        }
        let schema = self
            .components
            .get(name)
            .ok_or_else(|| format!("there is no schema component {name}"))?;
        let id = self.add(Some(name));
        self.named.insert(name.to_owned(), id);
        let kind = self
            .kind(schema, self.written_form(name).unwrap_or(schema))
            .map_err(|error| format!("schema component {name}: {error}"))?;
        if let Some(node) = self.nodes.get_mut(id) {
            node.kind = kind;
        }
        Ok(id)
    }

    fn add(&mut self, component: Option<&str>) -> NodeId {
        self.nodes.push(Node {
            component: component.map(str::to_owned),
            kind: NodeKind::Leaf,
        });
        self.nodes.len() - 1
    }

    /// The node of an inline schema, or of the component that it stands for.
    fn node(&mut self, schema: &'a Value) -> Result<NodeId, String> {
        if let Some(name) = reference(schema)? {
            return self.component(name);
        }
        if let Some(only) = only_branch(schema)? {
            return self.node(only);
        }
        let kind = self.kind(schema, schema)?;
        let id = self.add(None);
        if let Some(node) = self.nodes.get_mut(id) {
            node.kind = kind;
        }
        Ok(id)
    }

    /// The schema that says which members of a component must be named on create; the read schema requires all. Its
    /// names are those that `openapi::derive` gives.
    fn written_form(&self, name: &str) -> Option<&'a Value> {
        ["Create", "Input"]
            .iter()
            .find_map(|suffix| self.components.get(format!("{name}{suffix}")))
    }

    fn kind(&mut self, schema: &'a Value, written: &'a Value) -> Result<NodeKind, String> {
        // A component that is only another name of something: keeps its own name, takes the other's form.
        if let Some(name) = reference(schema)? {
            let id = self.component(name)?;
            return Ok(self.kind_of(id));
        }
        if let Some(only) = only_branch(schema)? {
            let id = self.node(only)?;
            return Ok(self.kind_of(id));
        }
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            return self.object(properties, written);
        }
        if let Some(items) = schema.get("items").filter(|items| items.is_object()) {
            return Ok(NodeKind::Array {
                item: self.node(items)?,
            });
        }
        let Some(items) = schema.get("additionalProperties").filter(|items| items.is_object()) else {
            return Ok(NodeKind::Leaf);
        };
        let key = match schema.get("propertyNames") {
            Some(names) => reference(names)?,
            None => None,
        };
        Ok(NodeKind::Map {
            item: self.node(items)?,
            key: key.map(str::to_owned),
        })
    }

    fn object(&mut self, properties: &'a Map<String, Value>, written: &'a Value) -> Result<NodeKind, String> {
        let required = written.get("required").and_then(Value::as_array);
        let mut members = BTreeMap::new();
        for (name, schema) in properties {
            let node = self.node(schema).map_err(|error| format!("member {name}: {error}"))?;
            let member = Member {
                node,
                nullable: accepts_null(schema),
                mandatory: required.is_some_and(|names| names.iter().any(|required| required == name)),
            };
            members.insert(name.clone(), member);
        }
        Ok(NodeKind::Object { members })
    }

    fn kind_of(&self, id: NodeId) -> NodeKind {
        self.nodes.get(id).map_or(NodeKind::Leaf, |node| node.kind.clone())
    }
}

/// The component that a schema refers to.
fn reference(schema: &Value) -> Result<Option<&str>, String> {
    let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
        return Ok(None);
    };
    target
        .strip_prefix(COMPONENTS)
        .map(Some)
        .ok_or_else(|| format!("{target} is not a schema component of this document"))
}

/// The one form behind `oneOf`/`anyOf` with null, or behind `allOf`. Choices between plain values need no walk.
fn only_branch(schema: &Value) -> Result<Option<&Value>, String> {
    for keyword in ["oneOf", "anyOf", "allOf"] {
        let Some(branches) = schema.get(keyword).and_then(Value::as_array) else {
            continue;
        };
        let mut forms = branches
            .iter()
            .filter(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
        return match (forms.next(), forms.next()) {
            (form, None) => Ok(form),
            _ if branches.iter().all(is_scalar) => Ok(None),
            _ => Err(format!("{keyword} with more than one form")),
        };
    }
    Ok(None)
}

/// Whether a schema says that null is allowed here.
fn accepts_null(schema: &Value) -> bool {
    let is_null = |name: &Value| name.as_str() == Some("null");
    let by_type = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_null),
        Some(name) => is_null(name),
        None => false,
    };
    let by_choice = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|choice| schema.get(*choice)?.as_array())
        .flatten()
        .any(accepts_null);
    by_type || by_choice
}

/// Whether an inline schema allows neither objects nor arrays nor references.
fn is_scalar(schema: &Value) -> bool {
    let plain = |name: &Value| {
        matches!(
            name.as_str(),
            Some("string" | "integer" | "number" | "boolean" | "null")
        )
    };
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().all(plain),
        Some(name) => plain(name),
        None => schema.get("enum").is_some() || schema.get("const").is_some(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn says_what_it_cannot_walk() {
        let components = json!({
            "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {"type": "object", "properties": {"c": {"oneOf": [{"type": "object"}, {"type": "string"}]}}},
            "C": {"type": "object", "properties": {"d": {"$ref": "other.json"}}},
            "D": {"items": {"$ref": "#/components/schemas/Missing"}}
        });
        let error = |root: &str| SchemaWalk::new(&components, root).unwrap_err();
        assert_eq!(
            error("A"),
            "schema component A: member b: schema component B: member c: oneOf with more than one form"
        );
        assert_eq!(
            error("C"),
            "schema component C: member d: other.json is not a schema component of this document"
        );
        assert_eq!(error("D"), "schema component D: there is no schema component Missing");
        assert_eq!(error("E"), "there is no schema component E");
    }

    #[test]
    fn sees_through_all_ways_to_refer() {
        let to = json!({"$ref": "#/components/schemas/Id"});
        let components = json!({
            "Id": {"type": "string"},
            "Ids": {"type": "array", "items": to},
            "A": {"type": "object", "properties": {
                "plain": to,
                "one": {"oneOf": [{"type": "null"}, to]},
                "any": {"anyOf": [to, {"type": "null"}]},
                "all": {"allOf": [to], "description": "with text"},
                "list": {"$ref": "#/components/schemas/Ids"},
                "choice": {"oneOf": [{"type": "string"}, {"type": "integer"}]}
            }}
        });
        let walk = SchemaWalk::new(&components, "A").unwrap();
        let value = json!({"plain": "1", "one": "2", "any": "3", "all": "4", "list": ["5"], "choice": "6"});
        let mut found = Vec::new();
        walk.walk(&value, &mut |visit| {
            if visit.component == Some("Id") {
                found.push(visit.value.clone());
            }
        });
        found.sort_by_key(ToString::to_string);
        assert_eq!(Value::Array(found), json!(["1", "2", "3", "4", "5"]));
    }
}
