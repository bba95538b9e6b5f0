//! The plain facts of a world: offices in a tree, records with their versions, and who calls. No service in it.

use std::collections::{BTreeMap, BTreeSet};

/// The four kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Office,
    Policy,
    Mou,
    Program,
}

impl Kind {
    pub(super) const ALL: [Kind; 4] = [Kind::Office, Kind::Policy, Kind::Mou, Kind::Program];

    /// As the feed names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Kind::Office => "office",
            Kind::Policy => "policy",
            Kind::Mou => "mou",
            Kind::Program => "program",
        }
    }

    /// As paths and scopes name it.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Kind::Office => "offices",
            Kind::Policy => "policies",
            Kind::Mou => "mous",
            Kind::Program => "programs",
        }
    }
}

/// What one version of a record says of who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// `public`, `partners`, `private`.
    pub(super) visibility: &'static str,
    /// `draft`, `recorded`, `proposed` …; empty where the kind has none that matters.
    pub(super) stage: &'static str,
    /// The offices that it names by members which the owner alone writes, the owner left out.
    pub(super) named: BTreeSet<String>,
}

/// One record.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) key: String,
    /// How it stands to the office `a`, for the grid: the key without the kind.
    pub(super) relation: String,
    pub(super) kind: Kind,
    pub(super) owner: String,
    pub(super) versions: Vec<Version>,
    pub(super) deleted: bool,
    /// Offices that have a part in it.
    pub(super) parts: BTreeSet<String>,
    /// A version that somebody else than the owner wrote to bring an office in, by its number.
    pub(super) intrusion: Option<Intrusion>,
    /// Keys of the records that it refers to.
    pub(super) refers_to: Vec<String>,
    /// The document of an office of the tree.
    pub(super) is_house: bool,
}

impl Record {
    pub(super) fn current(&self) -> &Version {
        self.versions.last().expect("a record has a version")
    }

    /// A word that stands in this version of this record and nowhere else.
    pub(super) fn marker(&self, version: usize) -> String {
        format!("zq.{}.{version}.zq", self.key)
    }
}

/// A version by which an office is named in a member that others than the owner write: it gives no sight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Intrusion {
    pub(super) version: usize,
    /// The office whose client writes it.
    pub(super) writer: &'static str,
    /// The office that is brought in.
    pub(super) named: &'static str,
}

/// A world.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    /// Every office with the one above it.
    pub(super) parents: BTreeMap<String, Option<String>>,
    pub(super) records: Vec<Record>,
    /// Every office that was merged, with the one that it is. None is merged twice.
    pub(super) merged: BTreeMap<String, String>,
}

impl World {
    /// Adds an office, which owns its own record.
    pub(super) fn office(&mut self, key: &str, parent: Option<&str>, visibility: &'static str, deleted: bool) {
        self.parents.insert(key.to_owned(), parent.map(str::to_owned));
        self.records.push(Record {
            key: key.to_owned(),
            relation: format!("office {key}"),
            kind: Kind::Office,
            owner: key.to_owned(),
            versions: vec![version(visibility, "", parent.as_slice())],
            deleted,
            parts: BTreeSet::new(),
            intrusion: None,
            refers_to: Vec::new(),
            is_house: true,
        });
    }

    /// Merges one office into another: its record ends, and all else of it is the other's.
    pub(super) fn merge(&mut self, key: &str, survivor: &str) {
        self.merged.insert(key.to_owned(), survivor.to_owned());
        for record in self.records.iter_mut().filter(|record| record.key == key) {
            record.deleted = true;
        }
    }

    /// What an office has become: itself, unless it was merged.
    pub(super) fn become_of<'a>(&'a self, key: &'a str) -> &'a str {
        self.merged.get(key).map_or(key, String::as_str)
    }

    /// The record that this one has become.
    pub(super) fn meant_by(&self, record: &Record) -> &Record {
        self.record(self.become_of(&record.key))
    }

    pub(super) fn record(&self, key: &str) -> &Record {
        self.records
            .iter()
            .find(|record| record.key == key)
            .unwrap_or_else(|| panic!("the world has no record {key}"))
    }
}

/// A version that says this.
pub(super) fn version(visibility: &'static str, stage: &'static str, named: &[&str]) -> Version {
    Version {
        visibility,
        stage,
        named: named.iter().map(|office| (*office).to_owned()).collect(),
    }
}

/// The state of what a caller presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Missing,
    Malformed,
    BadChecksum,
    Unknown,
    Expired,
    Revoked,
    Suspended,
    /// Valid, but not where the request comes from.
    Elsewhere,
    /// Of another issuer, for a subject that was never linked to a client.
    Unlinked,
    /// Its link was cut.
    Cut,
    /// Made before its office was merged into another.
    Outdated,
    /// A subject of this name is linked, but as another issuer vouches for it.
    LinkedElsewhere,
    Valid,
}

/// What a caller presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// The secret of its client.
    Secret,
    /// An access token made from that secret.
    AccessToken,
    /// A token of another issuer for a subject that is linked to the client.
    ForeignToken,
}

/// A caller.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    pub(super) name: String,
    /// For the grid: single scopes are one group.
    pub(super) group: String,
    pub(super) token: Token,
    /// None: the registry itself.
    pub(super) office: Option<String>,
    pub(super) scopes: BTreeSet<String>,
    pub(super) shows: Shows,
    /// Its client may call from the network of the tests, and from nowhere else.
    pub(super) is_bound: bool,
}

/// What a caller asks of one operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask<'a> {
    /// The record that is named; none when it never existed.
    pub(super) record: Option<&'a Record>,
    /// The version that is named beside it, from 1.
    pub(super) versions: Vec<usize>,
    /// Does the caller's office know the record by the id that is named?
    pub(super) is_known: bool,
    /// A filter names a record by an id of the caller's own.
    pub(super) filters_by_own_id: bool,
    /// A cursor that was made for another list.
    pub(super) has_foreign_cursor: bool,
    /// A part that is changed: the office that it is of. None: a member that is the owner's.
    pub(super) part: Option<&'a str>,
    /// Who shall own the new record, where that is said.
    pub(super) owner: Option<&'a str>,
    /// The offices that a new record is about, all of them; empty where it is about none.
    pub(super) about: Vec<&'a str>,
    /// Records that the body refers to anew; none for one that never existed.
    pub(super) refers_to: Vec<Option<&'a Record>>,
    /// The office that shall own the record from now on.
    pub(super) receiver: Option<&'a str>,
    /// The action is for the registry alone.
    pub(super) is_for_registry: bool,
    /// A record that the new one seems to be.
    pub(super) resembles: Option<&'a Record>,
    pub(super) condition: Condition,
    /// The body does not keep its schema.
    pub(super) is_invalid: bool,
}

/// `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Condition {
    #[default]
    Any,
    Stale,
    /// Left out where it is required.
    Missing,
}
