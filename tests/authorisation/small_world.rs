//! The small world of the matrix: one record for every way in which an office can stand to it, and every caller.

use std::collections::BTreeSet;

use super::facts::{Intrusion, Kind, Principal, Record, Shows, Token, Version, World, version};

/// Offices with callers of their own, and how each stands to office `a`, which owns most records.
const HOUSES: [(&str, Option<&str>, &str); 10] = [
    ("p", None, "parent of the owner"),
    ("a", Some("p"), "owner"),
    ("aa", Some("a"), "unit of the owner"),
    ("bp", None, "parent of a party"),
    ("b", Some("bp"), "party"),
    ("bb", Some("b"), "unit of a party"),
    ("f", None, "former party"),
    ("u", None, "unrelated office"),
    ("d", None, "deleted office"),
    ("m", None, "office merged into a party"),
];

/// Their facts.
pub(super) fn world() -> World {
    let mut world = World::default();
    for (key, parent, _) in HOUSES {
        world.office(key, parent, "public", key == "d");
    }
    world.office("v", None, "public", false);
    world.office("mm", Some("m"), "public", false);
    world.office("hm", None, "private", false);
    world.office("h", None, "private", false);
    for kind in Kind::ALL {
        add_targets(&mut world, kind);
    }
    add_referrers(&mut world);
    add_merged(&mut world);
    add_intrusions(&mut world);
    world
}

/// Records into which somebody else than the owner wrote the unrelated office: it sees them as it did before.
fn add_intrusions(world: &mut World) {
    let (open, narrow) = (version("public", "", &["b"]), version("partners", "", &["b"]));
    let judged = [
        ("judged", vec![open.clone(), open.clone(), narrow.clone()], 2),
        ("judgedopen", vec![narrow.clone(), open.clone(), open], 3),
    ];
    for (relation, versions, number) in judged {
        add(world, Kind::Office, relation, "a", versions, &["b"], &[]);
        intrude(world, "u", number);
    }
    add(world, Kind::Program, "hosted", "a", vec![narrow; 3], &["b"], &[]);
    intrude(world, "b", 3);
}

fn intrude(world: &mut World, writer: &'static str, version: usize) {
    let record = world.records.last_mut().expect("a record was just added");
    record.intrusion = Some(Intrusion {
        version,
        writer,
        named: "u",
    });
}

/// Records of and with an office that was merged, and offices that were merged into one that is seen, or hidden.
fn add_merged(world: &mut World) {
    let twice = |visibility, stage, named: &[&str]| vec![version(visibility, stage, named); 2];
    for (relation, owner, visibility, named) in [
        ("ofmerged", "m", "private", "v"),
        ("ofmergedunit", "mm", "private", "v"),
        ("withmerged", "u", "partners", "m"),
    ] {
        let versions = twice(visibility, "recorded", &[named]);
        add(world, Kind::Mou, relation, owner, versions, &[], &[]);
    }
    world.merge("m", "b");
    world.merge("hm", "v");
    for (relation, visibility, survivor) in [
        ("merged", "public", "public"),
        ("mergedhidden", "private", "public"),
        ("mergedaway", "public", "private"),
    ] {
        let versions = twice(visibility, "", &["b"]);
        add(world, Kind::Office, relation, "a", versions, &["b"], &[]);
        world.merge(&format!("office{relation}"), &format!("office{survivor}"));
    }
}

/// One record of a kind for every relation.
fn add_targets(world: &mut World, kind: Kind) {
    let stage = if kind == Kind::Mou { "recorded" } else { "" };
    let plain = |visibility| version(visibility, stage, &["b"]);
    let twice = |one: Version| vec![one.clone(), one];
    let own = [
        ("public", twice(plain("public"))),
        ("partners", twice(plain("partners"))),
        ("private", twice(plain("private"))),
        ("gone", twice(plain("public"))),
        ("gonehidden", twice(plain("private"))),
        ("narrowed", vec![plain("public"), plain("private")]),
        ("widened", vec![plain("private"), plain("public")]),
        ("left", vec![version("partners", stage, &["b", "f"]), plain("partners")]),
    ];
    for (relation, versions) in own {
        add(world, kind, relation, "a", versions, &["b"], &[]);
    }
    if matches!(kind, Kind::Mou | Kind::Policy) {
        let draft = version("public", "draft", &["b"]);
        add(world, kind, "draft", "a", twice(draft.clone()), &["b"], &[]);
        add(world, kind, "foreigndraft", "u", twice(draft), &[], &[]);
    }
    if kind == Kind::Mou {
        add(
            world,
            kind,
            "proposed",
            "a",
            twice(version("public", "proposed", &["b"])),
            &["b"],
            &[],
        );
        add(
            world,
            kind,
            "concluded",
            "a",
            twice(version("partners", "concluded", &["b"])),
            &["b"],
            &[],
        );
    }
    add(
        world,
        kind,
        "foreignprivate",
        "u",
        twice(version("private", stage, &["v"])),
        &[],
        &[],
    );
    if kind != Kind::Mou {
        return;
    }
    for (relation, visibility) in [("foreignpublic", "public"), ("foreignpartners", "partners")] {
        add(
            world,
            kind,
            relation,
            "u",
            twice(version(visibility, stage, &["v"])),
            &[],
            &[],
        );
    }
    for (relation, owner) in [("ofunit", "aa"), ("ofparent", "p")] {
        add(world, kind, relation, owner, twice(plain("private")), &[], &[]);
    }
}

/// Records that refer to others, hidden and seen.
fn add_referrers(world: &mut World) {
    let once = |visibility, stage, named: &[&str]| vec![version(visibility, stage, named)];
    for (kind, stage) in [(Kind::Policy, ""), (Kind::Mou, "recorded")] {
        add(world, kind, "seen", "a", once("public", stage, &["b"]), &["b"], &[]);
        add(world, kind, "hidden", "a", once("private", stage, &["b"]), &["b"], &[]);
    }
    add(
        world,
        Kind::Office,
        "expander",
        "u",
        once("public", "", &["h", "hm", "b"]),
        &[],
        &[],
    );
    add(
        world,
        Kind::Policy,
        "expander",
        "u",
        once("public", "", &["h"]),
        &[],
        &["policyhidden", "policyseen"],
    );
    add(
        world,
        Kind::Mou,
        "expander",
        "u",
        once("public", "recorded", &["h"]),
        &[],
        &["mouhidden"],
    );
    let all = ["mouhidden", "mouseen", "policyhidden", "policyseen"];
    add(
        world,
        Kind::Program,
        "expander",
        "u",
        once("public", "", &["h"]),
        &[],
        &all,
    );
    add(
        world,
        Kind::Mou,
        "ofparty",
        "b",
        once("public", "recorded", &["a"]),
        &[],
        &[],
    );
    add(
        world,
        Kind::Program,
        "referrer",
        "a",
        once("private", "", &[]),
        &[],
        &["mouofparty"],
    );
    let sensitive = version("public", "", &["b"]);
    add(
        world,
        Kind::Program,
        "sensitive",
        "a",
        vec![sensitive.clone(), sensitive],
        &["b"],
        &[],
    );
}

fn add(
    world: &mut World,
    kind: Kind,
    relation: &str,
    owner: &str,
    versions: Vec<Version>,
    parts: &[&str],
    refers_to: &[&str],
) {
    world.records.push(Record {
        key: format!("{}{relation}", kind.name()),
        relation: relation.to_owned(),
        kind,
        owner: owner.to_owned(),
        versions,
        deleted: relation.starts_with("gone"),
        parts: parts.iter().map(|office| (*office).to_owned()).collect(),
        intrusion: None,
        refers_to: refers_to.iter().map(|key| (*key).to_owned()).collect(),
        is_house: false,
    });
}

/// Every caller. `scopes` are all there are.
pub(super) fn principals(scopes: &[&str]) -> Vec<Principal> {
    let all: BTreeSet<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = |name: &str, group: &str, token, office: Option<&str>, scopes: BTreeSet<String>| Principal {
        name: name.to_owned(),
        group: group.to_owned(),
        token,
        office: office.map(str::to_owned),
        scopes,
        shows: Shows::Secret,
        is_bound: false,
    };
    let mut principals = Vec::new();
    for (name, token) in [
        ("no token", Token::Missing),
        ("malformed token", Token::Malformed),
        ("bad checksum", Token::BadChecksum),
        ("unknown token", Token::Unknown),
        ("expired token", Token::Expired),
        ("revoked token", Token::Revoked),
        ("suspended client", Token::Suspended),
        ("from elsewhere", Token::Elsewhere),
    ] {
        principals.push(new(name, name, token, Some("a"), all.clone()));
    }
    for (key, _, name) in HOUSES {
        principals.push(new(name, name, Token::Valid, Some(key), all.clone()));
    }
    let reads = all.iter().filter(|scope| scope.ends_with(":read")).cloned().collect();
    principals.push(new("registry reader", "registry reader", Token::Valid, None, reads));
    principals.push(new("registry admin", "registry admin", Token::Valid, None, all.clone()));
    for (name, office) in [("owner", Some("a")), ("registry", None)] {
        let name = format!("{name}, from one network");
        let mut bound = new(&name, &name, Token::Valid, office, all.clone());
        bound.is_bound = true;
        principals.push(bound);
    }
    for name in ["owner", "party", "unrelated office", "registry admin", "deleted office"] {
        let found = principals.iter().find(|principal| principal.name == name);
        let found = found.expect("a caller of this name").clone();
        for (shows, what) in [
            (Shows::AccessToken, "access token"),
            (Shows::ForeignToken, "subject of another issuer"),
        ] {
            let mut other = found.clone();
            other.name = format!("{name}, {what}");
            other.group.clone_from(&other.name);
            other.shows = shows;
            principals.push(other);
        }
    }
    for (name, token, shows) in [
        ("access token of a revoked one", Token::Revoked, Shows::AccessToken),
        (
            "access token of a suspended client",
            Token::Suspended,
            Shows::AccessToken,
        ),
        ("access token from elsewhere", Token::Elsewhere, Shows::AccessToken),
        ("access token from before a merger", Token::Outdated, Shows::AccessToken),
        ("unlinked subject", Token::Unlinked, Shows::ForeignToken),
        ("subject whose link was cut", Token::Cut, Shows::ForeignToken),
        ("subject linked elsewhere", Token::LinkedElsewhere, Shows::ForeignToken),
        ("subject of a suspended client", Token::Suspended, Shows::ForeignToken),
        ("subject from elsewhere", Token::Elsewhere, Shows::ForeignToken),
    ] {
        let office = if token == Token::Outdated { "m" } else { "a" };
        let mut other = new(name, name, token, Some(office), all.clone());
        other.shows = shows;
        principals.push(other);
    }
    for scope in scopes {
        let only = BTreeSet::from([(*scope).to_owned()]);
        let mut others = all.clone();
        others.remove(*scope);
        principals.push(new(
            &format!("only {scope}"),
            "owner, one scope",
            Token::Valid,
            Some("a"),
            only,
        ));
        let name = format!("all but {scope}");
        principals.push(new(&name, "owner, all but one scope", Token::Valid, Some("a"), others));
    }
    principals
}

/// Does this caller only stand for its token or its scopes? Then few records are enough.
pub(super) fn is_about_token(principal: &Principal) -> bool {
    let sample = ["owner, ", "deleted office"];
    let is_sampled = sample.iter().any(|group| principal.group.starts_with(group));
    principal.token != Token::Valid || principal.shows != Shows::Secret || is_sampled
}
