//! From the ids that callers send to records: ids, and `ext:` references to their own.

use crate::auth::{Caller, Reading};
use crate::bounds::MAX_FINDINGS;
use crate::db::Conn;
use crate::documents::external;
use crate::documents::kind::Kind;
use crate::error::{Code, Error, Result};
use crate::texts;
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode};
use std::collections::HashMap;

/// The ids of the `ext:` references of a body: (prefix, text) → id.
pub type Resolved = HashMap<(String, String), String>;

/// An id of a path: of this kind, or an `ext:` reference of the caller.
#[derive(Debug, Clone)]
pub enum Address {
    /// The record's id.
    Id(String),
    /// The caller's own id for it.
    External(ExternalReference),
}

/// Reads the id of a path; 400 when it is of another kind.
pub fn read_address<K: Kind>(text: &str) -> Result<Address> {
    if is_id(K::PREFIX, text) {
        return Ok(Address::Id(text.to_owned()));
    }
    if let Some(external) = ExternalReference::parse(text) {
        return Ok(Address::External(external));
    }
    Err(Error::new(
        Code::InvalidId,
        texts::documents::not_id_of_kind(text, K::PLURAL, K::PREFIX),
    ))
}

/// The record id that an address means.
pub fn resolve_address(reading: &mut Reading<'_>, kind: &str, address: &Address) -> Result<String> {
    match address {
        Address::Id(id) => Ok(id.clone()),
        Address::External(external) => {
            find_external(reading.conn, reading.caller, kind, external)?.ok_or_else(Error::record_not_found)
        }
    }
}

/// The record that the caller's office knows by this key.
pub fn find_external(
    conn: &mut Conn,
    caller: &Caller,
    kind: &str,
    external: &ExternalReference,
) -> Result<Option<String>> {
    external::find(conn, caller.office_id.as_deref(), kind, external)
}

/// The ids of the `ext:` references of a body. Unknown ones are reported with their pointers.
pub fn resolve_external(
    conn: &mut Conn,
    caller: &Caller,
    references: &[(String, String, ExternalReference)],
) -> Result<(Resolved, Vec<Finding>)> {
    let mut resolved = Resolved::new();
    let mut findings = Vec::new();
    for (pointer, prefix, external) in references {
        // Each costs a statement, and no answer tells more of them.
        if findings.len() > MAX_FINDINGS {
            break;
        }
        let text = format!("ext:{}:{}", external.system, external.key);
        let key = (prefix.clone(), text);
        if resolved.contains_key(&key) {
            continue;
        }
        let kind = kind_of_prefix(prefix);
        match find_external(conn, caller, kind, external)? {
            Some(id) => {
                resolved.insert(key, id);
            }
            None => findings.push(unknown_reference(pointer, &key.1)),
        }
    }
    Ok((resolved, findings))
}

/// The kind whose ids have this prefix.
pub fn kind_of_prefix(prefix: &str) -> &'static str {
    match prefix {
        "off" => "office",
        "pol" => "policy",
        "mou" => "mou",
        "prg" => "program",
        _ => "",
    }
}

/// A reference to something that does not exist, or not for this caller; the answer does not say which.
pub fn unknown_reference(pointer: &str, target: &str) -> Finding {
    Finding::at(
        pointer,
        FindingCode::UnknownReference,
        texts::documents::no_record_to_refer_to(target),
    )
}
