//! What the kernel compiles once at start for every kind: the walk over its schema and its validators.

use crate::auth::access::{Standing, rules};
use crate::auth::{Caller, Scope, ScopeMarker};
use crate::documents::format::UpgradeStep;
use crate::documents::kind::{COMMON_SERVER_KEPT, Kind};
use crate::error::{Error, Result};
use crate::openapi::document::ADDED;
use crate::schema::validator::Validator;
use crate::schema::walk::{SchemaWalk, normalise_text};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How documents of a kind are withheld: the version, the current one.
pub type Suppression = fn(&Value, &Value) -> Value;

/// What is compiled at start of the body of one action.
#[derive(Debug)]
pub struct ActionContract {
    /// Checks it.
    pub body: Validator,
    /// Finds its references.
    pub walk: Arc<SchemaWalk>,
}

/// One kind, ready to be read and checked.
#[derive(Debug)]
pub struct Contract {
    /// `office`.
    pub name: &'static str,
    /// `offices`.
    pub plural: &'static str,
    /// `off`.
    pub prefix: &'static str,
    /// All members that the service keeps.
    pub server_kept: Vec<&'static str>,
    /// Members that a caller may write.
    pub writable: Vec<String>,
    /// Members that answers to changes may have beside; they are ignored when they are sent back.
    pub added: Vec<&'static str>,
    /// Relations by which a named office gets sight.
    pub sight: &'static [&'static str],
    /// The format in which documents are written today.
    pub format: i64,
    /// What brings documents of earlier formats into it.
    pub upgrades: &'static [UpgradeStep],
    /// The scope to read it.
    pub read_scope: Option<Scope>,
    /// The scope to write it.
    pub write_scope: Option<Scope>,
    /// The way through a document along its schema.
    pub walk: Arc<SchemaWalk>,
    /// Checks a whole document without the members that the service keeps.
    pub create: Validator,
    /// Checks a merge patch.
    pub patch: Validator,
    /// Checks a whole document as it is read, every member of it.
    pub read: Validator,
    /// What is known of the bodies of actions, by their names.
    pub actions: BTreeMap<&'static str, ActionContract>,
    /// Hides what those who do not own a record may not read; none where nothing is ever hidden.
    suppress: Option<Suppression>,
}

impl Contract {
    /// Compiles the contract of a kind from the API document: the published schema is the validator.
    pub fn compile<K: Kind>(document: &Value, actions: BTreeMap<&'static str, ActionContract>) -> Result<Self> {
        let mut components = document
            .pointer("/components/schemas")
            .cloned()
            .ok_or_else(|| Error::internal("the API document has no schemas"))?;
        if let Some(members) = components
            .pointer_mut(&format!("/{}/properties", K::SCHEMA))
            .and_then(Value::as_object_mut)
        {
            members.retain(|_, member| member.get(ADDED).is_none());
        }
        let server_kept: Vec<&'static str> = COMMON_SERVER_KEPT.iter().chain(K::SERVER_KEPT).copied().collect();
        let writable = components
            .get(K::SCHEMA)
            .and_then(|schema| schema.get("properties"))
            .and_then(Value::as_object)
            .map(|members| {
                members
                    .keys()
                    .filter(|name| !server_kept.contains(&name.as_str()))
                    .cloned()
                    .collect()
            })
            .unwrap_or_default();
        Ok(Self {
            name: K::NAME,
            plural: K::PLURAL,
            prefix: K::PREFIX,
            added: K::ADDED.iter().map(|(name, _)| *name).collect(),
            sight: K::SIGHT,
            format: K::FORMAT,
            upgrades: K::UPGRADES,
            read_scope: <K::Read as ScopeMarker>::SCOPE,
            write_scope: <K::Write as ScopeMarker>::SCOPE,
            server_kept,
            writable,
            walk: Arc::new(SchemaWalk::new(&components, K::SCHEMA).map_err(Error::internal)?),
            create: Validator::new(document, &format!("{}Create", K::SCHEMA)).map_err(Error::internal)?,
            patch: Validator::new(document, &format!("{}Patch", K::SCHEMA)).map_err(Error::internal)?,
            read: Validator::new(document, K::SCHEMA).map_err(Error::internal)?,
            actions,
            suppress: if K::SUPPRESSES { Some(K::suppress) } else { None },
        })
    }

    /// Is anything of this kind ever withheld from anybody?
    pub fn suppresses(&self) -> bool {
        self.suppress.is_some()
    }

    /// How documents are withheld from callers of this standing; none where they read all of it.
    pub fn suppression_for(&self, standing: Standing) -> Option<Suppression> {
        self.suppress.filter(|_| rules::is_suppressed(standing))
    }

    /// A document's members that callers write, as they stand.
    pub fn writable_members(&self, document: &Value) -> Value {
        let mut members = document.as_object().cloned().unwrap_or_default();
        members.retain(|name, _| self.writable.contains(name));
        Value::Object(members)
    }

    /// The same in normal form, texts also: what is compared and merged. A text that was stored before its normal form
    /// was asked for is no change when it is sent back in that form.
    pub fn writable_form(&self, document: &Value) -> Value {
        let mut members = self.writable_members(document);
        normalise_text(&mut members, &mut Vec::new());
        self.walk.strip(&members)
    }
}

/// The contracts of all kinds, by name.
#[derive(Debug, Clone, Default)]
pub struct Contracts(HashMap<&'static str, Arc<Contract>>);

impl Contracts {
    /// Adds one kind.
    pub fn add(&mut self, contract: Contract) {
        self.0.insert(contract.name, Arc::new(contract));
    }

    /// The contract of the kind with this name.
    pub fn by_name(&self, name: &str) -> Result<&Contract> {
        self.0
            .get(name)
            .map(|contract| &**contract)
            .ok_or_else(|| Error::internal(format!("the kind {name} is not registered")))
    }

    /// The same, to keep.
    pub fn shared(&self, name: &str) -> Result<Arc<Contract>> {
        self.0
            .get(name)
            .cloned()
            .ok_or_else(|| Error::internal(format!("the kind {name} is not registered")))
    }

    /// The names of all kinds, in order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.0.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// The names of the kinds that this caller's scopes let it read.
    pub fn readable_names(&self, caller: &Caller) -> Vec<&'static str> {
        let mut names = self.names();
        names.retain(|name| {
            let scope = self.0.get(name).and_then(|contract| contract.read_scope);
            rules::may_read_kind(caller.scopes, scope)
        });
        names
    }

    /// The contract of `K`.
    pub fn of<K: Kind>(&self) -> Result<Arc<Contract>> {
        self.shared(K::NAME)
    }
}
