//! Rules of a policy's tree: levels exist, parents exist and stand higher, and nothing is its own ancestor.

use crate::texts;
use crate::values::FindingCode;
use std::collections::BTreeSet;

use crate::documents::common::{check_key, check_not_empty};
use crate::policies::document::Policy;
use crate::policies::node::PolicyNode;
use crate::values::finding::{Finding, join_pointer};

/// Everything that is wrong with `levels` and with the places of `nodes` in them.
pub(super) fn check_tree(document: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, level) in document.levels.iter() {
        let at = join_pointer(&join_pointer("/levels", key), "labels");
        findings.extend(check_not_empty(&at, &level.labels));
    }
    let cyclic = nodes_in_cycles(document);
    for (key, node) in document.nodes.iter() {
        let base = join_pointer("/nodes", key);
        findings.extend(check_key(
            &join_pointer(&base, "level"),
            Some(&node.level),
            "levels",
            &document.levels,
        ));
        let at = join_pointer(&base, "parent");
        // A list of up to 2,000 keys would bury the answer, so the allowed ones are not told.
        findings.extend(
            check_key(&at, node.parent.as_deref(), "nodes", &document.nodes)
                .map(|finding| finding.near_keys("nodes", node.parent.as_deref().unwrap_or_default())),
        );
        if cyclic.contains(key.as_str()) {
            findings.push(Finding::at(
                at,
                FindingCode::Cycle,
                texts::policies::node_own_ancestor(),
            ));
        } else {
            findings.extend(check_level_order(&at, node, document));
        }
    }
    findings
}

/// A parent's level stands before its child's.
fn check_level_order(at: &str, node: &PolicyNode, document: &Policy) -> Option<Finding> {
    let parent = document.nodes.get(node.parent.as_deref()?)?;
    let above = document.levels.get(&parent.level)?;
    let below = document.levels.get(&node.level)?;
    (above.order >= below.order).then(|| {
        Finding::at(
            at,
            FindingCode::LevelOrder,
            texts::policies::level_order(&parent.level, above.order, &node.level, below.order),
        )
        .with_param("parent_level", parent.level.clone())
        .with_param("level", node.level.clone())
    })
}

/// Keys of the nodes that reach themselves by their parents. Every node is walked once.
fn nodes_in_cycles(document: &Policy) -> BTreeSet<&str> {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    let mut cyclic: BTreeSet<&str> = BTreeSet::new();
    for key in document.nodes.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut on_path: BTreeSet<&str> = BTreeSet::new();
        let mut next = Some(key.as_str());
        while let Some(current) = next {
            if settled.contains(current) {
                break;
            }
            if !on_path.insert(current) {
                cyclic.extend(path.iter().skip_while(|step| **step != current));
                break;
            }
            path.push(current);
            next = document.nodes.get(current).and_then(|node| node.parent.as_deref());
        }
        settled.extend(path);
    }
    cyclic
}
