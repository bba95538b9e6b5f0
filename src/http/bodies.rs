//! Bodies that are no documents: checked against the published schema of their component, then typed.

use crate::error::{Error, Result};
use crate::http::call::Request;
use crate::http::endpoint::Endpoint;
use crate::schema::validator::Validator;
use crate::schema::walk::normalise_text;
use crate::values::Finding;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

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

impl Bodies {
    fn read<T: DeserializeOwned>(
        &self,
        component: &str,
        mut body: Value,
        check: &dyn Fn(&Value) -> Vec<Finding>,
    ) -> Result<T> {
        let mut findings = Vec::new();
        normalise_text(&mut body, &mut findings);
        Error::check(findings)?;
        let validator = self
            .0
            .get(component)
            .ok_or_else(|| Error::internal(format!("the body {component} has no validator")))?;
        let mut findings = validator.findings(&body);
        let found: BTreeSet<Option<String>> = findings.iter().map(|finding| finding.pointer.clone()).collect();
        findings.extend(check(&body).into_iter().filter(|more| !found.contains(&more.pointer)));
        Error::check(findings)?;
        serde_json::from_value(body).map_err(Error::internal)
    }
}

impl Request {
    /// The body as the type of its component. Everything that is wrong with it is told at once (422).
    pub async fn typed<T: DeserializeOwned + Send + 'static>(&self) -> Result<T> {
        self.typed_with(|_| Vec::new()).await
    }

    /// The same, where `check` knows more of the members than the schema can say. It is given whatever was sent.
    pub async fn typed_with<T: DeserializeOwned + Send + 'static>(
        &self,
        check: impl Fn(&Value) -> Vec<Finding> + Send + 'static,
    ) -> Result<T> {
        let (bodies, operation) = (self.share::<Bodies>()?, self.operation.clone());
        let read = move |body| {
            let component = operation.body.as_ref().map_or("", |body| &body.component);
            bodies.read(component, body, &check)
        };
        self.work_on_json(read).await
    }
}
