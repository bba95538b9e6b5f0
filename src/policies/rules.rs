//! Rules of the policy document: pure functions over the whole document.
//!
//! Rules about single values (a period's order, a count's qualifier) belong to the value types; here is what takes
//! several members to decide.

use crate::documents::kind::Rules;
use crate::texts;
use crate::values::FindingCode;
use chrono::NaiveDate;

use crate::auth::access::Audience;
use crate::documents::common::{check_key, check_not_empty, check_source_key, check_source_keys, texts};
use crate::policies::document::{Policies, Policy};
use crate::policies::link_rules::check_links;
use crate::policies::node::{PolicyNode, PolicyResponsibility};
use crate::policies::tree::check_tree;
use crate::values::codes::{Measure, PolicyStage};
use crate::values::finding::{Finding, join_pointer};
use crate::values::keyed_map::OfficeMap;

/// Members that the service keeps, beyond the four that every kind has: none.
pub const SERVER_KEPT: &[&str] = &[];

impl Rules for Policies {
    /// Everything that is wrong with the document. `today` is the day of the owner office.
    fn check(document: &Policy, today: NaiveDate) -> Vec<Finding> {
        let mut findings: Vec<Finding> = check_not_empty("/titles", &document.titles).into_iter().collect();
        findings.extend(check_tree(document));
        check_declared(document, &mut findings);
        check_responsibilities("/responsibilities", &document.responsibilities, document, &mut findings);
        check_links("/links", &document.links, document, &mut findings);
        let sources = &document.sources;
        findings.extend(check_source_keys("/legal_basis", document.legal_basis.iter(), sources));
        findings.extend(check_source_keys("/principles", document.principles.iter(), sources));
        findings.extend(check_source_keys("/nodes", document.nodes.iter(), sources));
        for (key, node) in document.nodes.iter() {
            check_node(&join_pointer("/nodes", key), node, document, today, &mut findings);
        }
        findings
    }

    /// What may not change from one version to the next: a policy that others could read does not go back to being a draft,
    /// because that would take it away from them without a trace; it is withdrawn instead. `old` is null at creation.
    fn check_change(old: Option<&Policy>, new: &Policy, _acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let Some(old) = old else {
            return Vec::new();
        };
        let allowed: &[PolicyStage] = match old.stage {
            PolicyStage::Draft | PolicyStage::Consultation => PolicyStage::ALL,
            PolicyStage::Published | PolicyStage::Withdrawn => &[PolicyStage::Published, PolicyStage::Withdrawn],
        };
        if allowed.contains(&new.stage) {
            return Vec::new();
        }
        let detail = texts::policies::stage_goes_not_back(old.stage, new.stage);
        vec![
            Finding::at("/stage", FindingCode::StageTransition, detail)
                .with_allowed(allowed.iter().map(|stage| stage.as_str()), new.stage.as_str()),
        ]
    }

    /// Who may see the record: a draft its owner only, everything else as its visibility says.
    fn audience(document: &Policy) -> Audience {
        match document.stage {
            PolicyStage::Draft => Audience::Owner,
            _ => Audience::of_visibility(document.visibility),
        }
    }

    /// Whether somebody who is not the owner may change the member at `path`: an office named in a node's
    /// `responsibilities` that node's `progress`, and nothing else. `document` is the version before the change,
    /// so that no office can make itself responsible.
    fn part_of(path: &[&str], document: &Policy, acts_for: &dyn Fn(&str) -> bool) -> bool {
        let ["nodes", key, "progress", ..] = path else {
            return false;
        };
        document
            .nodes
            .get(*key)
            .is_some_and(|node| node.responsibilities.keys().any(|office| acts_for(office.as_str())))
    }

    /// The texts that `q` searches, as written.
    fn search_texts(document: &Policy) -> Vec<String> {
        let mut found: Vec<String> = texts(&document.titles)
            .chain(texts(&document.summary))
            .chain(document.tags.iter().cloned())
            .collect();
        for node in document.nodes.values() {
            found.extend(texts(&node.labels).chain(texts(&node.text)));
        }
        for basis in document.legal_basis.values() {
            found.extend(texts(&basis.label).chain(basis.citation.clone()));
        }
        for principle in document.principles.values() {
            found.extend(texts(&principle.label).chain(texts(&principle.text)));
        }
        for declaration in document.declared.values() {
            found.extend(texts(&declaration.label));
        }
        found
    }

    fn derive(_document: &mut Policy) {}
}

/// Fills derived members: a policy has none.
pub const fn derive(_document: &mut Policy) {}

/// Declarations count a level's nodes or something of the code list, under a node that is listed.
fn check_declared(document: &Policy, findings: &mut Vec<Finding>) {
    for (key, declaration) in document.declared.iter() {
        let base = join_pointer("/declared", key);
        let what = declaration.what.as_str();
        if !document.levels.contains_key(what) && what.parse::<Measure>().is_err() {
            let measures = Measure::ALL.iter().map(|measure| measure.as_str()).collect();
            findings.push(
                Finding::at(
                    join_pointer(&base, "what"),
                    FindingCode::UnknownKey,
                    texts::policies::neither_level_nor_measure(what),
                )
                .among_keys("levels", measures, what),
            );
        }
        findings.extend(check_key(
            &join_pointer(&base, "under"),
            declaration.under.as_deref(),
            "nodes",
            &document.nodes,
        ));
        findings.extend(check_source_key(
            &base,
            declaration.source.as_deref(),
            &document.sources,
        ));
    }
}

/// What a node carries besides its place in the tree.
fn check_node(base: &str, node: &PolicyNode, document: &Policy, today: NaiveDate, findings: &mut Vec<Finding>) {
    findings.extend(check_not_empty(&join_pointer(base, "labels"), &node.labels));
    check_responsibilities(
        &join_pointer(base, "responsibilities"),
        &node.responsibilities,
        document,
        findings,
    );
    check_links(&join_pointer(base, "links"), &node.links, document, findings);
    if let Some(progress) = &node.progress {
        let at = join_pointer(base, "progress");
        findings.extend(check_source_key(&at, progress.source.as_deref(), &document.sources));
        if progress.on.as_ref().is_some_and(|on| on.first_day() > today) {
            findings.push(Finding::at(
                join_pointer(&at, "on"),
                FindingCode::InFuture,
                texts::policies::progress_has_come(),
            ));
        }
    }
}

fn check_responsibilities(
    base: &str,
    responsibilities: &OfficeMap<PolicyResponsibility>,
    document: &Policy,
    findings: &mut Vec<Finding>,
) {
    for (office, responsibility) in responsibilities.iter() {
        let at = join_pointer(base, office.as_str());
        if responsibility.roles.is_empty() {
            findings.push(Finding::at(
                join_pointer(&at, "roles"),
                FindingCode::Empty,
                texts::programs::role_needed(),
            ));
        }
        findings.extend(check_source_key(
            &at,
            responsibility.source.as_deref(),
            &document.sources,
        ));
    }
}
