//! Random small worlds: what each caller reads, lists and is told by the feed there is what the oracle says.

use std::collections::BTreeSet;

use super::facts::{Kind, Principal, Record, Shows, Token, World, version};
use super::feed;
use super::oracle::{leads_on, listed, sees, sees_version};
use super::stage::Stage;
use crate::api::feed::now;
use crate::support::answers::ids;
use crate::support::random::Random;
use crate::support::{TestApp, make, sample};

/// How many there are in an exhaustive run.
const WORLDS: usize = 10;
const RECORDS: usize = 40;

fn world(seed: u64) -> World {
    let mut random = Random(seed);
    let mut world = World::default();
    let names: Vec<String> = (0..9).map(|number| format!("w{seed}o{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let parent = (number > 0 && random.below(3) > 0).then(|| names[random.below(number)].clone());
        let visibility = random.of(&["public", "public", "partners", "private"]);
        world.office(name, parent.as_deref(), visibility, false);
    }
    // The office that every memorandum of the bodies names.
    world.office("v", None, "public", false);
    for number in 0..RECORDS {
        let kind = random.of(&Kind::ALL);
        let owner = names[random.below(names.len())].clone();
        let stage = match kind {
            Kind::Mou => random.of(&["recorded", "recorded", "draft", "proposed"]),
            Kind::Policy => random.of(&["", "", "draft"]),
            Kind::Office | Kind::Program => "",
        };
        let versions = (0..1 + random.below(3)).map(|_| {
            let named: BTreeSet<&str> = (0..random.below(3))
                .map(|_| names[random.below(names.len())].as_str())
                .filter(|name| *name != owner)
                .collect();
            let named: Vec<&str> = named.into_iter().collect();
            let visibility = random.of(&["public", "partners", "partners", "private"]);
            version(visibility, stage, &named)
        });
        let versions = versions.collect();
        world.records.push(Record {
            key: format!("w{seed}r{number}"),
            relation: String::new(),
            kind,
            owner,
            versions,
            deleted: random.below(8) == 0,
            parts: BTreeSet::new(),
            intrusion: None,
            refers_to: Vec::new(),
            is_house: false,
        });
    }
    for _ in 0..2 {
        let (merged, survivor) = (&names[random.below(names.len())], &names[random.below(names.len())]);
        let is_free =
            |name: &String| world.become_of(name) == name && !world.merged.values().any(|other| other == name);
        let (mut above, mut is_below) = (world.parents[survivor].as_deref(), false);
        while let Some(office) = above.map(|office| world.become_of(office)) {
            is_below |= office == merged;
            above = world.parents[office].as_deref();
        }
        if merged != survivor && is_free(merged) && is_free(survivor) && !is_below {
            world.merge(merged, survivor);
        }
    }
    world
}

pub(super) fn what_is_read_and_listed_in_random_worlds_is_what_the_oracle_says(app: &TestApp) {
    let mut decisions = 0;
    let worlds = sample::rounds(WORLDS);
    // The names of offices hold the number of the world.
    for seed in (0..worlds as u64).map(|number| sample::seed() % 1_000_000 + number) {
        let world = world(seed);
        let scopes: BTreeSet<String> = make::every_scope().into_iter().map(str::to_owned).collect();
        let offices = world.parents.keys().filter(|key| *key != "v").cloned();
        let principals = offices.map(Some).chain([None]).map(|office| Principal {
            name: office.clone().unwrap_or_else(|| "registry".to_owned()),
            group: String::new(),
            token: Token::Valid,
            office,
            scopes: scopes.clone(),
            shows: Shows::Secret,
            is_bound: false,
        });
        let start = now(&app.admin_beside());
        let stage = Stage::new(app, None, world.clone(), principals.collect());
        for followed in feed::run(&stage, &start) {
            assert_eq!(
                followed.faults, [""; 0],
                "the feed of {} in world {seed}",
                followed.principal
            );
        }
        for (principal, client) in &stage.principals {
            for kind in Kind::ALL {
                let path = format!("/api/v1/{}", kind.plural());
                let page = client.get(&format!("{path}?limit=200")).expect(200).json();
                let found: BTreeSet<String> = ids(&page).into_iter().collect();
                let expected = listed(&world, principal, kind);
                for record in world.records.iter().filter(|record| record.kind == kind) {
                    let id = &stage.ids[&record.key];
                    let context = format!("{} and {record:?} in world {seed}", principal.name);
                    assert_eq!(found.contains(id), expected.contains(&record.key), "{context}: list");
                    let status = match (sees(&world, principal, record), record.deleted) {
                        (false, _) => 404,
                        (true, true) if leads_on(&world, principal, record).is_some() => 308,
                        (true, true) => 410,
                        (true, false) => 200,
                    };
                    assert_eq!(client.get(&format!("{path}/{id}")).status, status, "{context}");
                    for version in 1..=record.versions.len() {
                        let seen = sees_version(&world, principal, record, version);
                        let status = client.get(&format!("{path}/{id}/revisions/{version}")).status;
                        assert_eq!(status, if seen { 200 } else { 404 }, "{context}: version {version}");
                    }
                    decisions += 2 + record.versions.len();
                }
            }
        }
    }
    assert!(decisions >= 500 * worlds, "{decisions} decisions are too few");
    println!("authorisation in random worlds: {decisions} decisions");
}
