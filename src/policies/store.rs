//! Policies in the database: index columns, and what needs other records to decide.

use crate::auth::Caller;
use crate::db::Conn;
use crate::db::schema::policy_index;
use crate::documents::kind::{Indexed, WriteOptions};
use crate::documents::write::items::{ItemMap, ItemReference, check_items};
use crate::error::Result;
use crate::list::columns::{DateColumns, PeriodColumns, text_key};
use crate::list::index_row::index_table;
use crate::offices::Offices;
use crate::policies::document::{Policies, Policy};
use crate::policies::node::PolicyLink;
use crate::values::keyed_map::KeyedMap;
use crate::values::{Finding, join_pointer};
use diesel::prelude::*;

/// The members that name offices which answer for something.
pub(super) const RESPONSIBILITIES: &[&str] = &["responsibilities", "nodes.responsibilities"];

/// The index columns of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = policy_index, treat_none_as_null = true)]
pub struct PolicyIndex {
    /// Record id.
    pub id: String,
    /// Folded title in the original language, or any.
    pub title_key: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the stage.
    pub stage: String,
    /// First day of the announcement, after all days where missing.
    pub announced_key_ascending: String,
    /// First day of the announcement, before all days where missing.
    pub announced_key_descending: String,
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

index_table!(policy_index, PolicyIndex);

impl Indexed for Policies {
    type Index = PolicyIndex;

    /// The index columns of a document.
    fn index(policy: &Policy) -> PolicyIndex {
        let announced = DateColumns::of(policy.announced_on.as_ref());
        let period = PeriodColumns::of(policy.period.as_ref());
        PolicyIndex {
            id: policy.id.to_string(),
            title_key: text_key(&policy.titles, policy.original_language.as_deref()),
            kind: policy.kind.as_str().to_owned(),
            stage: policy.stage.as_str().to_owned(),
            announced_key_ascending: announced.ascending,
            announced_key_descending: announced.descending,
            period_open: period.open,
            period_from_first: period.from_first,
            period_from_last: period.from_last,
            period_to_first: period.to_first,
            period_to_last: period.to_last,
        }
    }

    fn codes(document: &Policy) -> Vec<(&'static str, String)> {
        document.levels.keys().map(|level| ("level", level.clone())).collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        caller: &Caller,
        old: Option<&Policy>,
        new: &Policy,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        check_targets(conn, caller, old, new)
    }
}

/// What a link names inside another record must be there when the link is made: a node of another policy, a
/// recommendation or an evaluation of an office.
pub(super) fn check_targets(
    conn: &mut Conn,
    caller: &Caller,
    old: Option<&Policy>,
    new: &Policy,
) -> Result<Vec<Finding>> {
    let known = old.map(item_references).unwrap_or_default();
    let added: Vec<ItemReference> = item_references(new)
        .into_iter()
        .filter(|reference| reference.record_id != new.id.as_ref())
        .filter(|reference| !known.iter().any(|before| before.means_the_same(reference)))
        .collect();
    check_items(conn, caller, &added)
}

/// The nodes of a policy.
const NODES: ItemMap = ItemMap::of::<Policies>("nodes");
/// What evaluators recommended to an office.
const RECOMMENDATIONS: ItemMap = ItemMap::of::<Offices>("recommendations");
/// How an office was evaluated.
const EVALUATIONS: ItemMap = ItemMap::of::<Offices>("evaluations");

fn item_references(policy: &Policy) -> Vec<ItemReference> {
    let mut found = references_of("/links", &policy.links);
    for (key, node) in policy.nodes.iter() {
        let base = join_pointer(&join_pointer("/nodes", key), "links");
        found.extend(references_of(&base, &node.links));
    }
    found
}

fn references_of(base: &str, links: &KeyedMap<PolicyLink>) -> Vec<ItemReference> {
    let mut found = Vec::new();
    for (key, link) in links.iter() {
        let at = join_pointer(base, key);
        let policy = ("policy_id", link.policy_id.as_ref().map(AsRef::as_ref));
        let office = ("office_id", link.office_id.as_ref().map(AsRef::as_ref));
        found.extend(
            [
                (policy, NODES, ("node", link.node.as_ref())),
                (
                    office,
                    RECOMMENDATIONS,
                    ("recommendation", link.recommendation.as_ref()),
                ),
                (office, EVALUATIONS, ("evaluation", link.evaluation.as_ref())),
            ]
            .into_iter()
            .filter_map(|(record, map, item)| ItemReference::of(&at, record, map, item)),
        );
    }
    found
}
