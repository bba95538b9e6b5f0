//! Whose part of a record a change is: what its owner may not do either, what others may.

use crate::auth::Caller;
use crate::auth::access::{offices_acted_for, rules};
use crate::db::Conn;
use crate::documents::common::Document;
use crate::documents::kind::Kind;
use crate::documents::write::prepared::PreparedDocument;
use crate::error::{Code, Error, Result};
use crate::json::diff::Change;
use crate::texts;
use crate::values::{Finding, FindingCode};
use std::collections::{BTreeMap, HashSet};

/// The 403 of members that the caller may not change.
pub fn not_your_part(pointers: Vec<String>) -> Error {
    let findings = pointers
        .into_iter()
        .map(|pointer| Finding::at(pointer, FindingCode::NotYourPart, texts::documents::not_your_member()))
        .collect();
    Error::with_findings(Code::NotYourPart, findings)
}

pub(super) fn refuse_beyond_owner<K: Kind>(
    old: Option<&K::Document>,
    new: &K::Document,
    acts_for: &dyn Fn(&str) -> bool,
) -> Result<()> {
    let pointers = K::beyond_owner(old, new, acts_for);
    if pointers.is_empty() {
        Ok(())
    } else {
        Err(not_your_part(pointers))
    }
}

/// The offices that a caller acts for, among those of the documents at hand.
pub(super) enum Acting {
    All,
    These(HashSet<String>),
}

impl Acting {
    pub(super) fn accepts(&self, office: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(offices) => offices.contains(office),
        }
    }
}

pub(super) fn acting_offices<K: Kind>(
    conn: &mut Conn,
    caller: &Caller,
    drafts: &[&PreparedDocument<K>],
) -> Result<Acting> {
    let Some(office) = caller.office_id.as_deref() else {
        return Ok(Acting::All);
    };
    let mut candidates: Vec<String> = drafts.iter().flat_map(|draft| draft.offices()).collect();
    // A record that is an office itself is one of those at hand.
    candidates.extend(drafts.iter().map(|draft| draft.document.common().id.to_owned()));
    candidates.sort_unstable();
    candidates.dedup();
    let mut offices: HashSet<String> = offices_acted_for(conn, office, &candidates)?.into_iter().collect();
    offices.insert(office.to_owned());
    Ok(Acting::These(offices))
}

/// A caller who is not the owner may change its own part only. An added item is judged by the new document, a removed
/// one by the old, a changed one by both: or somebody could take an item over by putting its own office into it.
pub(super) fn check_parts<K: Kind>(
    changes: &[Change],
    (old, new): (&K::Document, &K::Document),
    acting: &Acting,
) -> Result<()> {
    let accepts = |office: &str| acting.accepts(office);
    let foreign: Vec<String> = changes
        .iter()
        .filter(|item| {
            let path: Vec<&str> = item.path.iter().map(String::as_str).collect();
            let by_old = item.from.is_none() || K::part_of(&path, old, &accepts);
            let by_new = item.to.is_none() || K::part_of(&path, new, &accepts);
            // A member that was empty inside an item that was there is still a member of the old item.
            let fills_member = item.from.is_none() && path.len() > 2 && !K::part_of(&path, old, &accepts);
            !(by_old && by_new) || fills_member
        })
        .map(|item| item.pointer.clone())
        .collect();
    if rules::may_change(foreign.len()) {
        Ok(())
    } else {
        Err(not_your_part(foreign))
    }
}

/// Who adds a name to those that a record is about, or takes their own out, must act for one of those named then; see
/// [`ABOUT`](crate::documents::kind::Shape::ABOUT). A change that leaves the names as they are is not asked: the record
/// may have been made by the registry, or its owner may be another by now.
pub(super) fn check_names<K: Kind>(
    old: Option<&PreparedDocument<K>>,
    new: &PreparedDocument<K>,
    acting: &Acting,
) -> Result<()> {
    let before = old.map(names_of).unwrap_or_default();
    let after = names_of(new);
    let added = after.iter().find(|(office, _)| !before.contains_key(*office));
    let own_taken_out = before
        .iter()
        .find(|(office, _)| !after.contains_key(*office) && acting.accepts(office));
    let Some((_, pointer)) = added.or(own_taken_out) else {
        return Ok(());
    };
    if after.is_empty() || rules::may_name(after.keys().any(|office| acting.accepts(office))) {
        return Ok(());
    }
    let finding = Finding::at(
        *pointer,
        FindingCode::NotYourPart,
        texts::documents::name_your_own_too(),
    );
    Err(Error::with_findings(Code::NotYourPart, vec![finding]))
}

/// The offices that a record is about, with their places.
fn names_of<K: Kind>(draft: &PreparedDocument<K>) -> BTreeMap<&str, &str> {
    let Some(member) = K::ABOUT else {
        return BTreeMap::new();
    };
    draft
        .references
        .iter()
        .filter(|reference| reference.relation == member)
        .map(|reference| (reference.target.as_str(), reference.pointer.as_str()))
        .collect()
}
