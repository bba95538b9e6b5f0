//! Bodies that are no documents: checked against the published schema of their component, then typed.

use crate::error::{Error, Result};
use crate::http::call::Request;
use crate::http::endpoint::Endpoint;
use crate::schema::validator::Validator;
use crate::schema::walk::normalise_text;
use crate::values::Finding;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;

/// The validators of the bodies of some operations, by component. Compiled once per process.
#[derive(Debug, Default)]
pub struct Bodies(HashMap<String, Validator>);

impl Bodies {
    /// For the bodies that these operations take.
    ///
    /// # Errors
    /// A component is missing in the API document, or is no schema.
    pub fn compile(document: &Value, endpoints: &[Endpoint]) -> Result<Self> {
        endpoints
            .iter()
            .filter_map(|endpoint| endpoint.body.as_ref().filter(|body| body.is_typed))
            .map(|body| {
                let validator = Validator::new(document, &body.component).map_err(Error::internal)?;
                Ok((body.component.clone(), validator))
            })
            .collect::<Result<HashMap<_, _>>>()
            .map(Self)
    }
}

impl Request {
    /// The body as the type of its component. Everything that is wrong with it is told at once (422).
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T> {
        self.typed_with(|_| Vec::new())
    }

    /// The same, where `check` knows more of the members than the schema can say. It is given whatever was sent.
    pub fn typed_with<T: DeserializeOwned>(&self, check: impl Fn(&Value) -> Vec<Finding>) -> Result<T> {
        let mut body = self.json()?;
        let mut findings = Vec::new();
        normalise_text(&mut body, &mut findings);
        Error::check(findings)?;
        let component = self.operation.body.as_ref().map_or("", |body| &body.component);
        let bodies = self.shared::<Bodies>()?;
        let validator = bodies
            .0
            .get(component)
            .ok_or_else(|| Error::internal(format!("the body {component} has no validator")))?;
        let mut findings = validator.findings(&body);
        let found: Vec<Option<String>> = findings.iter().map(|finding| finding.pointer.clone()).collect();
        findings.extend(check(&body).into_iter().filter(|more| !found.contains(&more.pointer)));
        Error::check(findings)?;
        serde_json::from_value(body).map_err(Error::internal)
    }
}
