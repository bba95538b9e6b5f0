//! Rules of a policy's links: each has exactly one target, and a policy refers to its own nodes only.

use crate::documents::common::{check_key, check_source_keys};
use crate::policies::document::Policy;
use crate::policies::node::PolicyLink;
use crate::texts::{self, Message};
use crate::values::FindingCode;
use crate::values::finding::{Finding, join_pointer};
use crate::values::keyed_map::KeyedMap;

/// Everything that is wrong with the links of a map at the pointer `base`. Whether the other policy, its node or the
/// office's recommendation exists takes other records to decide and is the kernel's to check.
pub(super) fn check_links(base: &str, links: &KeyedMap<PolicyLink>, document: &Policy, findings: &mut Vec<Finding>) {
    for (key, link) in links.iter() {
        let at = join_pointer(base, key);
        findings.extend(check_link_target(&at, link));
        if link.policy_id.as_ref() == Some(&document.id) {
            findings.extend(check_own_target(&at, link, document));
        }
    }
    findings.extend(check_source_keys(base, links.iter(), &document.sources));
}

/// A link has exactly one target: a policy or its node, or one evaluation or recommendation of an office.
fn check_link_target(at: &str, link: &PolicyLink) -> Option<Finding> {
    let finding =
        |member: &str, code: FindingCode, detail: Message| Some(Finding::at(join_pointer(at, member), code, detail));
    match (&link.policy_id, &link.office_id) {
        (Some(_), Some(_)) => finding(
            "office_id",
            FindingCode::ExactlyOne,
            texts::policies::link_policy_or_office(),
        ),
        (None, None) => finding(
            "policy_id",
            FindingCode::ExactlyOne,
            texts::policies::link_needs_target(),
        ),
        (Some(_), None) if link.recommendation.is_some() => finding(
            "recommendation",
            FindingCode::NotApplicable,
            texts::policies::recommendation_of_office(),
        ),
        (Some(_), None) if link.evaluation.is_some() => finding(
            "evaluation",
            FindingCode::NotApplicable,
            texts::policies::evaluation_of_office(),
        ),
        (None, Some(_)) if link.node.is_some() => {
            finding("node", FindingCode::NotApplicable, texts::policies::node_of_policy())
        }
        (None, Some(_)) if link.recommendation.is_some() == link.evaluation.is_some() => finding(
            "recommendation",
            FindingCode::ExactlyOne,
            texts::policies::one_item_of_office(),
        ),
        _ => None,
    }
}

/// A policy refers to its own nodes only, never to itself as a whole.
fn check_own_target(at: &str, link: &PolicyLink, document: &Policy) -> Option<Finding> {
    if link.node.is_none() {
        return Some(Finding::at(
            join_pointer(at, "policy_id"),
            FindingCode::SelfReference,
            texts::policies::own_reference(),
        ));
    }
    check_key(
        &join_pointer(at, "node"),
        link.node.as_deref(),
        "nodes",
        &document.nodes,
    )
}
