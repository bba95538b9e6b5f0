//! Programs in the database: index columns, and what needs other records to decide.

use crate::auth::Caller;
use crate::db::Conn;
use crate::db::schema::program_index;
use crate::documents::kind::{Indexed, RoleLink, WriteOptions};
use crate::documents::write::items::{ItemMap, ItemReference, check_items};
use crate::error::Result;
use crate::list::columns::{DateColumns, PeriodColumns, flag, text_key};
use crate::list::index_row::index_table;
use crate::policies::Policies;
use crate::programs::document::{Program, Programs};
use crate::values::text::sort_key;
use crate::values::{Finding, Place, join_pointer};
use diesel::prelude::*;

/// The relation of the offices that take part.
pub(super) const OFFICES: &str = "offices";
/// The relation of the MOUs under which it is done.
pub(super) const MOUS: &str = "mou_ids";
const CARRIED_OUT: &str = "policy_nodes.policy_id";
const RECOGNISED_UNDER: &str = "recognitions.policy_id";
/// The relations of the policies that a program carries out or is recognised under.
pub(super) const POLICIES: &[&str] = &[CARRIED_OUT, RECOGNISED_UNDER];

/// The oldest age that a group can name.
const OLDEST: i64 = 130;

/// The index columns of a program.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = program_index, treat_none_as_null = true)]
pub struct ProgramIndex {
    /// Record id.
    pub id: String,
    /// Folded title in the original language, or any.
    pub title_key: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the stage.
    pub stage: Option<String>,
    /// `true` when its small counts need protection.
    pub sensitive: String,
    /// First day of the period, after all days where missing.
    pub starts_key_ascending: String,
    /// First day of the period, before all days where missing.
    pub starts_key_descending: String,
    /// `true` when its period has no end.
    pub period_open: String,
    /// First day on which its period may have begun.
    pub period_from_first: Option<String>,
    /// Last day on which its period may have begun.
    pub period_from_last: Option<String>,
    /// First day on which its period may end.
    pub period_to_first: Option<String>,
    /// Last day on which its period may end.
    pub period_to_last: Option<String>,
}

index_table!(program_index, ProgramIndex);

impl Indexed for Programs {
    type Index = ProgramIndex;

    /// The index columns of a document.
    fn index(program: &Program) -> ProgramIndex {
        let starts = DateColumns::of(program.period.as_ref().and_then(|period| period.from.as_ref()));
        let period = PeriodColumns::of(program.period.as_ref());
        ProgramIndex {
            id: program.id.to_string(),
            title_key: text_key(&program.titles, program.original_language.as_deref()),
            kind: program.kind.as_str().to_owned(),
            stage: program.stage.map(|stage| stage.as_str().to_owned()),
            sensitive: flag(program.sensitive),
            starts_key_ascending: starts.ascending,
            starts_key_descending: starts.descending,
            period_open: period.open,
            period_from_first: period.from_first,
            period_from_last: period.from_last,
            period_to_first: period.to_first,
            period_to_last: period.to_last,
        }
    }

    fn role_links(document: &Program) -> Vec<RoleLink> {
        role_links(document)
    }

    fn codes(document: &Program) -> Vec<(&'static str, String)> {
        codes(document)
    }

    fn check_in_transaction(
        conn: &mut Conn,
        caller: &Caller,
        old: Option<&Program>,
        new: &Program,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        check_targets(conn, caller, old, new)
    }
}

/// Offices with their roles; policies with the keys of their nodes.
pub(super) fn role_links(program: &Program) -> Vec<RoleLink> {
    let offices = program.offices.iter().flat_map(|(office, part)| {
        part.roles.iter().map(|role| RoleLink {
            relation: OFFICES,
            target_id: office.clone(),
            role: role.as_str().to_owned(),
        })
    });
    let nodes = node_references(program).into_iter().map(|(relation, node)| RoleLink {
        relation,
        target_id: node.record_id,
        role: node.item,
    });
    offices.chain(nodes).collect()
}

/// Modes of the sessions, places, whom it is for, what it is recognised as.
pub(super) fn codes(program: &Program) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for session in program.sessions.values() {
        found.extend(session.mode.map(|mode| ("mode", mode.as_str().to_owned())));
        found.extend(session.places.values().flat_map(place_words));
    }
    found.extend(program.places.values().flat_map(place_words));
    for group in program.target_groups.values() {
        found.extend(group.sex.map(|sex| ("target_sex", sex.as_str().to_owned())));
        if group.age_from.is_some() || group.age_to.is_some() {
            let (from, to) = (group.age_from.unwrap_or(0), group.age_to.unwrap_or(OLDEST));
            found.push(("target_ages", format!("{from:03}-{to:03}")));
        }
    }
    let recognised = program.recognitions.values();
    found.extend(recognised.filter_map(|recognition| Some(("recognised_as", recognition.kind?.as_str().to_owned()))));
    found
}

/// What a place can be asked for by, folded and cut as sort keys are, which an index can keep: its codes, its names and
/// city, and every word of these.
fn place_words(place: &Place) -> Vec<(&'static str, String)> {
    let names = place.label.values().chain(&place.city).map(|name| sort_key(name));
    let mut words: Vec<String> = [&place.country, &place.subdivision]
        .into_iter()
        .flatten()
        .map(|code| sort_key(code))
        .collect();
    for name in names {
        words.extend(name.split(' ').map(str::to_owned));
        words.push(name);
    }
    words.into_iter().map(|word| ("place", word)).collect()
}

/// The nodes of policies that a program carries out or is recognised under must be there when they are named.
pub(super) fn check_targets(
    conn: &mut Conn,
    caller: &Caller,
    old: Option<&Program>,
    new: &Program,
) -> Result<Vec<Finding>> {
    let known = old.map(node_references).unwrap_or_default();
    let added: Vec<ItemReference> = node_references(new)
        .into_iter()
        .map(|(_, reference)| reference)
        .filter(|reference| !known.iter().any(|(_, before)| before.means_the_same(reference)))
        .collect();
    check_items(conn, caller, &added)
}

/// The nodes of a policy.
const NODES: ItemMap = ItemMap::of::<Policies>("nodes");

fn node_references(program: &Program) -> Vec<(&'static str, ItemReference)> {
    let mut found = Vec::new();
    for (key, item) in program.policy_nodes.iter() {
        let at = join_pointer("/policy_nodes", key);
        let policy = ("policy_id", Some(item.policy_id.as_ref()));
        let reference = ItemReference::of(&at, policy, NODES, ("node", item.node.as_ref()));
        found.extend(reference.map(|reference| (CARRIED_OUT, reference)));
    }
    for (key, item) in program.recognitions.iter() {
        let at = join_pointer("/recognitions", key);
        let policy = ("policy_id", Some(item.policy_id.as_ref()));
        let reference = ItemReference::of(&at, policy, NODES, ("node", item.node.as_ref()));
        found.extend(reference.map(|reference| (RECOGNISED_UNDER, reference)));
    }
    found
}
