//! What all versions of a record say of sight, taken in one after the other: one version is held at a time.

use crate::auth::access::Audience;
use crate::documents::contract::Contract;
use crate::documents::write::sight::{OPEN_END, Span, lost_sight, sight_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The relation of the owner, who sees the record in another way.
const OWNER: &str = "owner_office_id";

/// One version, as far as sight follows from it.
#[derive(Debug, Clone, Copy)]
pub struct PastVersion<'a> {
    /// Its number, from 1.
    pub version: i64,
    /// Its number in the feed.
    pub seq: i64,
    /// Who could see it.
    pub audience: Audience,
    /// Its document in today's format; none for a deletion, which names whom the version before it named.
    pub document: Option<&'a Value>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct SightHistory {
    /// Offices that are named, and since which version.
    open: BTreeMap<String, i64>,
    spans: BTreeSet<Span>,
    losses: BTreeSet<(i64, String)>,
    /// Audience and owner of the version before.
    before: Option<(Audience, String)>,
    seqs: Vec<i64>,
    /// Changes up to this number were seen, where the record was for partners, by every office that it named.
    old_sight_until: i64,
    /// The offices that were named so, and whether the last such version would give them sight today.
    named_once: BTreeMap<String, bool>,
}

impl SightHistory {
    /// Of a record whose changes up to this number were seen by every office that it named.
    pub fn with_old_sight(old_sight_until: i64) -> Self {
        Self {
            old_sight_until,
            ..Self::default()
        }
    }

    /// Takes the next version in.
    pub fn push(&mut self, contract: &Contract, past: PastVersion<'_>) {
        self.seqs.push(past.seq);
        let Some(document) = past.document else { return };
        let references = contract.walk.references(document);
        let named = sight_of(contract.sight, &references);
        let owner = document.get(OWNER).and_then(Value::as_str);
        let owner = owner.unwrap_or_default();
        if past.seq <= self.old_sight_until && past.audience == Audience::Partners {
            let offices = references
                .iter()
                .filter(|reference| reference.prefix == "off" && reference.relation != OWNER);
            for reference in offices {
                let gives_sight = named.contains(reference.target.as_str());
                self.named_once.insert(reference.target.clone(), gives_sight);
            }
        }
        let older: BTreeSet<&str> = self.open.keys().map(String::as_str).collect();
        if let Some((audience, old_owner)) = &self.before {
            let lost = lost_sight(*audience, &older, &named);
            let lost_owner = (old_owner != owner).then(|| old_owner.clone());
            let lost = lost.into_iter().chain(lost_owner);
            self.losses.extend(lost.map(|office| (past.seq, office)));
        }
        let ended: Vec<String> = older.difference(&named).map(|office| (*office).to_owned()).collect();
        for office in ended {
            if let Some(first) = self.open.remove(&office) {
                self.spans.insert((office, first, past.version - 1));
            }
        }
        for office in named {
            self.open.entry(office.to_owned()).or_insert(past.version);
        }
        self.before = Some((past.audience, owner.to_owned()));
    }

    /// The sequence numbers of all versions.
    pub fn seqs(&self) -> &[i64] {
        &self.seqs
    }

    /// The rows of `change_losses`, (sequence number, office): the offices that a version no longer gives sight to, where
    /// sight depended on that, and the owner before a transfer.
    pub fn losses(&self) -> &BTreeSet<(i64, String)> {
        &self.losses
    }

    /// The offices that saw the record as programs before the rule of today let them, and that the rule takes it from:
    /// named last by a member that does not give sight. Where one that does named them last, the feed tells by the spans.
    pub fn lost_by_upgrade(&self) -> BTreeSet<&str> {
        let last_owner = self.before.as_ref().map(|(_, owner)| owner.as_str());
        self.named_once
            .iter()
            .filter(|(office, gives_sight)| !**gives_sight && Some(office.as_str()) != last_owner)
            .map(|(office, _)| office.as_str())
            .collect()
    }

    /// The spans of sight.
    pub fn spans(&self) -> BTreeSet<Span> {
        let open = self.open.iter();
        let open = open.map(|(office, first)| (office.clone(), *first, OPEN_END));
        self.spans.iter().cloned().chain(open).collect()
    }
}
