//! What is wrong with a document, and what of that a write must answer for.
//!
//! A rule may be newer than a stored document. It binds what a write changes: a finding is accepted where
//! - the stored document has the same one (pointer, code, text), and
//! - the write changes nothing at, above or below its place, and
//! - nothing that the write changes takes part in it: the finding is still there when every changed member is taken out.
//!
//! Everything else is refused: what the write brings about, and what it touches. So an end before its beginning may stay
//! while the name is changed, and not when another beginning is written. `verify --rules` lists what was accepted.
//!
//! Documents have types. What the type of a kind refuses (a code that is gone, a member that is gone) cannot be carried
//! through a write by this; it needs an upgrade step ([`upgrade`](crate::documents::upgrade)), and is refused with its findings
//! until there is one.

use crate::clock;
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::json::diff::Change;
use crate::json::nulls::drop_nulls;
use crate::values::Finding;
use crate::values::check::VALUE_CHECKS;
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

/// Changed members × bytes of the document up to which members are taken out one by one, where they cannot be taken out
/// all at once. Beyond that nothing is accepted.
const MOST_WORK: usize = 4 << 20;

/// The document that a write replaces, as far as what is wrong with it excuses the same in the new one.
pub struct Replaced<'a> {
    contract: &'a Contract,
    new: Value,
    changes: Vec<Change>,
    /// The pointers of the changes.
    changed: BTreeSet<String>,
    before: KnownFindings,
    /// Worked out when a finding needs it: a document that was right before excuses nothing and never pays for this.
    without_changes: OnceCell<KnownFindings>,
    find_without: fn(&Contract, &Value, &[Change]) -> Vec<Finding>,
}

impl<'a> Replaced<'a> {
    /// `old` is the stored document in today's format, `sent` the members that take the place of its own, `new` the same
    /// with the members that the service keeps.
    pub fn new<K: Kind>(contract: &'a Contract, old: &Value, sent: &Value, new: Value) -> Self {
        let changes = contract.walk.changes(
            &without_owner(contract.writable_form(old)),
            &contract.writable_form(sent),
        );
        Self {
            contract,
            new,
            changed: changes.iter().map(|change| change.pointer.clone()).collect(),
            changes,
            before: KnownFindings::of(findings_of::<K>(contract, old)),
            without_changes: OnceCell::new(),
            find_without: findings_without::<K>,
        }
    }

    /// True if the finding was there before and the write has no part in it.
    pub fn excuses(&self, finding: &Finding) -> bool {
        let place = finding.pointer.as_deref().unwrap_or_default();
        let without = || KnownFindings::of((self.find_without)(self.contract, &self.new, &self.changes));
        self.before.contains(finding)
            && !touches(&self.changed, place)
            && self.without_changes.get_or_init(without).contains(finding)
    }
}

/// Findings by their place: of a document with thousands, each of thousands is looked up.
struct KnownFindings(HashMap<Option<String>, Vec<Finding>>);

impl KnownFindings {
    fn of(findings: Vec<Finding>) -> Self {
        let mut by_place: HashMap<_, Vec<Finding>> = HashMap::new();
        for finding in findings {
            by_place.entry(finding.pointer.clone()).or_default().push(finding);
        }
        Self(by_place)
    }

    /// Is there the same thing at the same place?
    fn contains(&self, finding: &Finding) -> bool {
        let here = self.0.get(&finding.pointer);
        here.is_some_and(|here| {
            let is_same = |known: &Finding| (known.code, &known.detail) == (finding.code, &finding.detail);
            here.iter().any(is_same)
        })
    }
}

/// Is any of these places the place, around it or within it?
fn touches(places: &BTreeSet<String>, place: &str) -> bool {
    let around = std::iter::successors(Some(place), |inner| inner.rsplit_once('/').map(|(outer, _)| outer));
    let within = format!("{place}/");
    let mut after = places.range(within.clone()..);
    around.into_iter().any(|outer| places.contains(outer)) || after.next().is_some_and(|next| next.starts_with(&within))
}

/// What is wrong with the document without its changed members. Where one of them cannot be taken out, because the type
/// of the kind needs it, rules across members are left out: it may take part in any of them.
fn findings_without<K: Kind>(contract: &Contract, document: &Value, changes: &[Change]) -> Vec<Finding> {
    let added: Vec<&Change> = changes.iter().filter(|change| change.to.is_some()).collect();
    let has_type = |value: &Value| serde_json::from_value::<K::Document>(value.clone()).is_ok();
    let mut rest = contract.walk.complete(document);
    let mut all_out = rest.clone();
    for change in &added {
        take_out(&mut all_out, &change.path);
    }
    let all_out = contract.walk.complete(&all_out);
    if has_type(&all_out) {
        return findings_of::<K>(contract, &all_out);
    }
    if added.len().saturating_mul(rest.to_string().len()) > MOST_WORK {
        return Vec::new();
    }
    for change in added {
        let mut tried = rest.clone();
        take_out(&mut tried, &change.path);
        let tried = contract.walk.complete(&tried);
        if has_type(&tried) {
            rest = tried;
        }
    }
    let mut written = written_members(contract, &rest);
    drop_nulls(&mut written);
    findings_of_members(contract, &written)
}

fn take_out(document: &mut Value, path: &[String]) {
    let Some((name, above)) = path.split_last() else {
        return;
    };
    let parent = above.iter().try_fold(document, |value, name| value.get_mut(name));
    if let Some(members) = parent.and_then(Value::as_object_mut) {
        members.remove(name);
    }
}

/// Everything that is wrong with a whole document by the rules of today, in the order of pointers: what its schema says
/// of the members that callers write, what the rules of values say, and what the kind says where the document has its
/// type.
pub fn findings_of<K: Kind>(contract: &Contract, document: &Value) -> Vec<Finding> {
    let mut written = written_members(contract, document);
    drop_nulls(&mut written);
    let mut findings = findings_of_members(contract, &written);
    if let Ok(typed) = serde_json::from_value::<K::Document>(document.clone()) {
        findings.extend(K::check(&typed, clock::latest_today()));
    }
    findings.sort_by(|one, other| (&one.pointer, one.code).cmp(&(&other.pointer, other.code)));
    findings.dedup();
    findings
}

/// The members of a document that a write sends.
fn written_members(contract: &Contract, document: &Value) -> Value {
    without_owner(contract.writable_members(document))
}

/// Who owns a record is changed by an action, and no part of what a write sends.
fn without_owner(mut written: Value) -> Value {
    if let Some(members) = written.as_object_mut() {
        members.remove("owner_office_id");
    }
    written
}

/// What the schema and the rules of values say of members as they are sent.
fn findings_of_members(contract: &Contract, written: &Value) -> Vec<Finding> {
    let mut findings = contract.create.all_findings(written);
    findings.extend(contract.walk.check_values(written, VALUE_CHECKS));
    findings
}

#[cfg(test)]
mod tests;
