//! What must come, worked out from the policy and the facts alone. It shares no code with the service, and a test holds
//! it to that.

use std::collections::BTreeSet;

use super::facts::{Ask, Condition, Kind, Principal, Record, Shows, Token, Version, World};
use super::policy::{Deleted, Needs, On, Row};

/// What must be answered: a status, and the code of its problem (empty below 400).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) status: u16,
    pub(super) code: &'static str,
}

const fn refuse(status: u16, code: &'static str) -> Verdict {
    Verdict { status, code }
}

const HIDDEN: Verdict = refuse(404, "record-not-found");
const CREATED: Verdict = refuse(201, "");
const OFFERED: Verdict = refuse(202, "");
const FORBIDDEN: Verdict = refuse(403, "not-your-part");

impl Verdict {
    /// For the grid.
    pub(super) fn word(self) -> String {
        match self.code {
            "" => format!("{} ok", self.status),
            code => format!("{} {code}", self.status),
        }
    }

    /// Is the record, or that there is one, hidden?
    pub(super) fn hides(self) -> bool {
        self == HIDDEN
    }
}

/// How a caller stands to a record, from far to near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Other,
    Party,
    Unit,
    Owner,
    Registry,
}

/// The verdict on one request.
pub(super) fn judge(world: &World, row: &Row, caller: &Principal, ask: &Ask<'_>) -> Verdict {
    if let Some(refusal) = judge_token(world, row, caller) {
        return refusal;
    }
    let allowed = Verdict {
        status: row.answer,
        code: "",
    };
    match row.on {
        On::List if ask.filters_by_own_id && !ask.is_known => refuse(400, "invalid-parameter"),
        On::List if ask.has_foreign_cursor => refuse(400, "invalid-cursor"),
        On::Feed if !Kind::ALL.iter().any(|kind| reads(caller, *kind)) => refuse(403, "missing-scope"),
        On::Manage if caller.shows == Shows::AccessToken => refuse(403, "secret-required"),
        On::Nothing | On::Manage | On::Caller | On::List | On::Feed | On::Token => allowed,
        On::New => judge_creation(world, caller, ask).unwrap_or(allowed),
        On::Registry if caller.office.is_some() => refuse(403, "registry-only"),
        On::Registry if row.answer != 200 && caller.shows == Shows::AccessToken => refuse(403, "secret-required"),
        On::Registry if !ask.is_known => HIDDEN,
        On::Registry => allowed,
        On::OwnId if ask.is_known => allowed,
        On::OwnId => HIDDEN,
        // `If-Match` where there is nothing that could match.
        On::Push if !ask.is_known && ask.condition != Condition::Missing => refuse(412, "version-conflict"),
        On::Push if !ask.is_known => judge_creation(world, caller, ask).unwrap_or(CREATED),
        On::Action if ask.is_for_registry && !caller.scopes.contains("admin") => refuse(403, "missing-scope"),
        On::Action if ask.is_for_registry && caller.office.is_some() => refuse(403, "registry-only"),
        On::One | On::Version | On::Push | On::Action => judge_record(world, row, caller, ask).unwrap_or(allowed),
    }
}

fn judge_token(world: &World, row: &Row, caller: &Principal) -> Option<Verdict> {
    if row.needs == Needs::Nothing {
        return None;
    }
    match caller.token {
        Token::Missing => return Some(refuse(401, "token-required")),
        Token::Malformed | Token::BadChecksum | Token::Unknown => return Some(refuse(401, "invalid-token")),
        Token::Expired => return Some(refuse(401, "token-expired")),
        Token::Revoked | Token::Suspended => return Some(refuse(401, "token-revoked")),
        Token::Unlinked | Token::Cut | Token::LinkedElsewhere => return Some(refuse(401, "identity-not-linked")),
        Token::Outdated => return Some(refuse(401, "rights-changed")),
        Token::Elsewhere | Token::Valid => {}
    }
    if caller
        .office
        .as_ref()
        .is_some_and(|office| world.record(world.become_of(office)).deleted)
    {
        return Some(refuse(401, "token-revoked"));
    }
    if caller.token == Token::Elsewhere {
        return Some(refuse(403, "network-not-allowed"));
    }
    match &row.needs {
        Needs::Scope(scope) if !caller.scopes.contains(scope) => Some(refuse(403, "missing-scope")),
        _ => None,
    }
}

fn judge_creation(world: &World, caller: &Principal, ask: &Ask<'_>) -> Option<Verdict> {
    if ask.is_invalid {
        return Some(refuse(422, "invalid-document"));
    }
    if let (Some(office), Some(owner)) = (&caller.office, ask.owner)
        && !is_within(world, owner, office)
    {
        return Some(FORBIDDEN);
    }
    // What offices do together is recorded by those who act for one of them.
    if !ask.about.is_empty() && !ask.about.iter().any(|office| acts_for_caller(world, caller, office)) {
        return Some(FORBIDDEN);
    }
    if refuses_references(world, caller, ask) {
        return Some(refuse(422, "invalid-document"));
    }
    let twin = ask.resembles.filter(|twin| !twin.deleted && sees(world, caller, twin));
    twin.map(|_| refuse(409, "possible-duplicate"))
}

fn judge_record(world: &World, row: &Row, caller: &Principal, ask: &Ask<'_>) -> Option<Verdict> {
    let writes = row.forbids;
    if writes && ask.condition == Condition::Missing {
        return Some(refuse(428, "precondition-required"));
    }
    let Some(record) = ask.record.filter(|record| sees(world, caller, record)) else {
        return Some(HIDDEN);
    };
    if record.deleted && row.deleted == Deleted::Gone {
        return Some(judge_gone(world, row, caller, record));
    }
    let owns = standing(world, caller, record) >= Standing::Owner;
    let deletes = row.answer == 204;
    if writes && (deletes || row.on == On::Action) && !owns {
        return Some(FORBIDDEN);
    }
    let has_version =
        |version: &usize| *version <= record.versions.len() && sees_version(world, caller, record, *version);
    if row.on == On::Version && !ask.versions.iter().all(has_version) {
        return Some(HIDDEN);
    }
    if !writes {
        return None;
    }
    if ask.is_invalid {
        return Some(refuse(422, "invalid-document"));
    }
    if ask.condition == Condition::Stale {
        return Some(refuse(412, "version-conflict"));
    }
    if deletes {
        let referrers = world
            .records
            .iter()
            .filter(|other| !other.deleted && refers(other, record));
        return (referrers.count() > 0).then_some(refuse(409, "referenced"));
    }
    let writes_its_part = |part: &str| {
        row.allowed.contains("part") && record.parts.contains(part) && acts_for_caller(world, caller, part)
    };
    if !owns && !ask.part.is_some_and(writes_its_part) {
        return Some(FORBIDDEN);
    }
    if refuses_references(world, caller, ask) {
        return Some(refuse(422, "invalid-document"));
    }
    // Others are asked first.
    ask.receiver
        .is_some_and(|receiver| !acts_for_caller(world, caller, receiver))
        .then_some(OFFERED)
}

/// What became of a record is told to those who see that: reading leads there.
fn judge_gone(world: &World, row: &Row, caller: &Principal, record: &Record) -> Verdict {
    let reads = matches!(&row.needs, Needs::Scope(scope) if scope.ends_with(":read"));
    match leads_on(world, caller, record) {
        None => refuse(410, "record-deleted"),
        Some(_) if reads => refuse(308, ""),
        Some(_) => refuse(409, "record-merged"),
    }
}

/// Where the id of a merged record leads this caller, who sees that record: to one that it sees, too.
pub(super) fn leads_on<'a>(world: &'a World, caller: &Principal, record: &Record) -> Option<&'a Record> {
    let meant = world.meant_by(record);
    (meant.key != record.key && !meant.deleted && sees(world, caller, meant)).then_some(meant)
}

/// Does one record refer to another, in any member?
fn refers(one: &Record, other: &Record) -> bool {
    one.key != other.key
        && (one.refers_to.contains(&other.key)
            || (other.is_house && (one.owner == other.key || one.current().named.contains(&other.key))))
}

fn refuses_references(world: &World, caller: &Principal, ask: &Ask<'_>) -> bool {
    ask.refers_to
        .iter()
        .any(|target| target.is_none_or(|record| !may_refer(world, caller, record)))
}

/// A document may name a living record that its author sees, and a merged one whose survivor they see, too.
pub(super) fn may_refer(world: &World, caller: &Principal, record: &Record) -> bool {
    sees(world, caller, record) && (!record.deleted || leads_on(world, caller, record).is_some())
}

/// Is this office the other one, or somewhere below it? A merged one is what it has become.
fn is_within(world: &World, office: &str, above: &str) -> bool {
    let above = world.become_of(above);
    let mut at = Some(office);
    while let Some(office) = at.map(|office| world.become_of(office)) {
        if office == above {
            return true;
        }
        at = world.parents.get(office).and_then(Option::as_deref);
    }
    false
}

/// Does the caller act for this office?
pub(super) fn acts_for_caller(world: &World, caller: &Principal, office: &str) -> bool {
    caller.office.as_ref().is_none_or(|own| is_within(world, office, own))
}

fn standing(world: &World, caller: &Principal, record: &Record) -> Standing {
    standing_by(world, caller, record, record.current())
}

/// The same, where a version tells whom the record names. Who owns it is as of today.
fn standing_by(world: &World, caller: &Principal, record: &Record, version: &Version) -> Standing {
    let Some(own) = caller.office.as_deref() else {
        return Standing::Registry;
    };
    let related = |named: &String| is_within(world, named, own) || is_within(world, own, named);
    if is_within(world, &record.owner, own) {
        Standing::Owner
    } else if is_within(world, own, &record.owner) {
        Standing::Unit
    } else if version.named.iter().any(related) {
        Standing::Party
    } else {
        Standing::Other
    }
}

fn admits(kind: Kind, version: &Version, standing: Standing) -> bool {
    let nearest = match (kind, version.stage, version.visibility) {
        (Kind::Mou | Kind::Policy, "draft", _) => Standing::Owner,
        (Kind::Mou, "proposed" | "negotiating" | "agreed" | "declined" | "withdrawn", _) => Standing::Party,
        (_, _, "public") => Standing::Other,
        (_, _, "partners") => Standing::Party,
        (_, _, "private") => Standing::Unit,
        other => panic!("no rule for {other:?}"),
    };
    standing >= nearest
}

/// Do the caller's scopes let it read this kind?
pub(super) fn reads(caller: &Principal, kind: Kind) -> bool {
    caller.scopes.contains(&format!("{}:read", kind.plural()))
}

/// Does the caller see the record, or its tombstone?
pub(super) fn sees(world: &World, caller: &Principal, record: &Record) -> bool {
    admits(record.kind, record.current(), standing(world, caller, record))
}

/// Does the caller see this version of it, from 1? Who is named by that version counts, not by today's.
pub(super) fn sees_version(world: &World, caller: &Principal, record: &Record, version: usize) -> bool {
    let version = &record.versions[version - 1];
    sees(world, caller, record) && admits(record.kind, version, standing_by(world, caller, record, version))
}

/// The living records of a kind that a list shows the caller.
pub(super) fn listed(world: &World, caller: &Principal, kind: Kind) -> BTreeSet<String> {
    world
        .records
        .iter()
        .filter(|record| record.kind == kind && !record.deleted && sees(world, caller, record))
        .map(|record| record.key.clone())
        .collect()
}

/// Does the caller own it, so that nothing of it is withheld?
pub(super) fn owns(world: &World, caller: &Principal, record: &Record) -> bool {
    standing(world, caller, record) >= Standing::Owner
}

/// May the caller have known once that there is such a record: by some version, and who was named then?
pub(super) fn may_have_seen(world: &World, caller: &Principal, record: &Record) -> bool {
    let mut versions = record.versions.iter();
    versions.any(|version| admits(record.kind, version, standing_by(world, caller, record, version)))
}
