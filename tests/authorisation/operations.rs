//! The operations of the published document, and what each does with a record.

use serde_json::Value;

use super::facts::Kind;

/// What an operation does, read from its method and path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    List,
    Create,
    Get,
    Replace,
    Update,
    Delete,
    ListRevisions,
    GetRevision,
    Diff,
    Restore,
    Act,
    ListOwnIds,
    SetOwnId,
    RemoveOwnId,
    GetByOwnId,
    PutByOwnId,
    PatchByOwnId,
    Feed,
    /// About tokens, or about offers of records: tried by themselves.
    OfTokens,
    /// About what only the registry has to do with; asked of one that never existed.
    OfRegistry,
    /// It names no record.
    Plain,
}

impl Form {
    /// The record is named as `{system}/{key}`.
    pub(super) fn is_by_own_id(self) -> bool {
        matches!(self, Form::GetByOwnId | Form::PutByOwnId | Form::PatchByOwnId)
    }

    /// It takes `If-Match`.
    pub(super) fn takes_condition(self) -> bool {
        matches!(
            self,
            Form::Replace | Form::Update | Form::Delete | Form::Restore | Form::Act
        ) || self.is_push()
    }

    /// It changes the record of an own id, or makes it.
    pub(super) fn is_push(self) -> bool {
        matches!(self, Form::PutByOwnId | Form::PatchByOwnId)
    }

    /// It may change a part of a record alone.
    pub(super) fn merges(self) -> bool {
        matches!(self, Form::Update | Form::PatchByOwnId)
    }
}

/// One operation.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) form: Form,
    /// The kind of record; none for operations that are about no kind.
    pub(super) kind: Option<Kind>,
    pub(super) takes_dry_run: bool,
    /// The names of what can be embedded.
    pub(super) expands: Vec<String>,
}

/// Every operation of the document.
pub(super) fn read(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if let Some(operation) = item.get(method.to_lowercase()) {
                operations.push(read_one(method, path, operation));
            }
        }
    }
    operations
}

fn read_one(method: &str, path: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array();
    let parameter = |name: &str| parameters?.iter().find(|parameter| parameter["name"] == name);
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| path.strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next()) == Some(kind.plural()));
    let tail = kind
        .and_then(|kind| path.strip_prefix(&format!("/api/v1/{}", kind.plural())))
        .unwrap_or(path);
    let expands = parameter("expand").map(|expand| &expand["schema"]["items"]["enum"]);
    Operation {
        id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        form: form(method, tail),
        kind,
        takes_dry_run: parameter("dry_run").is_some(),
        expands: expands
            .and_then(Value::as_array)
            .map(|names| {
                names
                    .iter()
                    .filter_map(|name| Some(name.as_str()?.to_owned()))
                    .collect()
            })
            .unwrap_or_default(),
    }
}

/// An operation on records that is not known here needs cells of its own; the test says so.
fn form(method: &str, tail: &str) -> Form {
    match (method, tail) {
        ("GET", "") => Form::List,
        ("POST", "") => Form::Create,
        ("GET", "/{id}") => Form::Get,
        ("PUT", "/{id}") => Form::Replace,
        ("PATCH", "/{id}") => Form::Update,
        ("DELETE", "/{id}") => Form::Delete,
        ("GET", "/{id}/revisions") => Form::ListRevisions,
        ("GET", "/{id}/revisions/{version}") => Form::GetRevision,
        ("GET", "/{id}/diff") => Form::Diff,
        ("POST", "/{id}/restore") => Form::Restore,
        ("POST", "/{id}/actions") => Form::Act,
        ("GET", "/{id}/external-ids") => Form::ListOwnIds,
        ("PUT", "/{id}/external-ids/{system}/{key}") => Form::SetOwnId,
        ("DELETE", "/{id}/external-ids/{system}/{key}") => Form::RemoveOwnId,
        ("GET", "/by-external/{system}/{key}") => Form::GetByOwnId,
        ("PUT", "/by-external/{system}/{key}") => Form::PutByOwnId,
        ("PATCH", "/by-external/{system}/{key}") => Form::PatchByOwnId,
        ("GET", "/api/v1/changes") => Form::Feed,
        ("POST", "/oauth/token" | "/oauth/introspect" | "/oauth/revoke") => Form::OfTokens,
        (_, "/api/v1/clients/{id}/identities" | "/api/v1/identities/{id}") => Form::OfRegistry,
        _ if ["/api/v1/clients", "/api/v1/tokens", "/api/v1/transfers"]
            .iter()
            .any(|path| tail.starts_with(path)) =>
        {
            Form::OfTokens
        }
        _ => Form::Plain,
    }
}
