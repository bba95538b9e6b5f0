//! Policies: a hierarchy of two or three levels, its nodes, and who answers for them.

use super::random::Random;
use super::words::{Language, TOPICS, Words, plain, texts};
use super::world::{MadePolicy, SetMember, World, common_members, count, date, languages_of, object};
use serde_json::{Map, Value, json};

/// Levels of a hierarchy, from the top: code and words.
type Levels = &'static [(&'static str, Words)];

/// A kind of policy, what it is called, and its levels.
const KINDS: &[(&str, Words, Levels)] = &[
    (
        "medium_term_plan",
        Words(
            "중기 교육 발전 계획",
            "дунд хугацааны хөтөлбөр",
            "Medium-term education plan",
        ),
        PLAN,
    ),
    (
        "annual_plan",
        Words("주요 업무 계획", "жилийн төлөвлөгөө", "Annual plan"),
        STRATEGIES,
    ),
    (
        "recognition_scheme",
        Words("학교 밖 교육 인정 계획", "хүлээн зөвшөөрөх журам", "Recognition scheme"),
        AREAS,
    ),
    (
        "strategy",
        Words("교육 전략", "боловсролын стратеги", "Education strategy"),
        STRATEGIES,
    ),
    (
        "action_plan",
        Words("공약 실행 계획", "үйл ажиллагааны төлөвлөгөө", "Action plan"),
        PLAN,
    ),
];
const PLAN: Levels = &[
    ("vision", Words("비전", "алсын хараа", "Vision")),
    ("promise", Words("약속", "амлалт", "Promise")),
    ("task", Words("과제", "зорилт", "Task")),
];
const STRATEGIES: Levels = &[
    ("strategy", Words("전략", "стратеги", "Strategy")),
    ("task", Words("과제", "зорилт", "Task")),
];
const AREAS: Levels = &[
    ("area", Words("영역", "чиглэл", "Area")),
    ("type", Words("유형", "төрөл", "Type")),
];

/// One policy.
pub(super) fn make(world: &mut World, random: &mut Random, _number: usize, id: &str) -> Map<String, Value> {
    let head = world.head(random);
    let region = world.region(head);
    let languages = languages_of(region, random);
    let year = random.between(2010, 2024);
    let place = random.below(KINDS.len());
    let Some((kind, words, levels)) = KINDS.get(place).copied() else {
        return Map::new();
    };
    let stage = random.pick(&[
        "published",
        "published",
        "published",
        "published",
        "consultation",
        "draft",
        "withdrawn",
    ]);

    let mut policy = common_members(Some(world.office(head)), region.language(), random);
    policy.set(
        "titles",
        texts(&languages, |language| {
            let (region, words) = (region.names.in_language(language), words.in_language(language));
            match language {
                Language::Korean => format!("{year} {region} {words}"),
                Language::Mongolian => format!("{region}: {words}, {year}"),
                Language::English => format!("{words} of {region}, {year}"),
            }
        }),
    );
    policy.set("kind", json!(kind));
    policy.set("stage", json!(stage));
    if random.chance(85) {
        let last = year + random.between(0, 4);
        policy.set("period", json!({"from": year.to_string(), "to": last.to_string()}));
    }
    if stage != "draft" && random.chance(80) {
        policy.set("announced_on", json!(date(year - 1, random)));
    }
    let named: Map<String, Value> = levels
        .iter()
        .enumerate()
        .map(|(order, (code, words))| {
            let level = json!({"labels": plain(&languages, *words), "order": order + 1});
            ((*code).to_owned(), level)
        })
        .collect();
    policy.set("levels", Value::Object(named));
    if let Some((lowest, _)) = levels.last() {
        policy.set(
            "declared",
            json!({"listed": {"what": lowest, "count": count(60, random)}}),
        );
    }
    let units: Vec<usize> = (0..4).map(|_| world.unit_of(head, random)).collect();
    let units: Vec<&str> = units.iter().map(|unit| world.office(*unit)).collect();
    policy.set("responsibilities", json!({world.office(head): {"roles": ["lead"]}}));
    let nodes = nodes(levels, &units, &languages, random);
    if random.chance(50)
        && let Some(other) = world.policies.get(random.below(world.policies.len()))
    {
        let link = random.pick(&["based_on", "supplements", "implements", "supersedes"]);
        policy.set("links", json!({"earlier": {"kind": link, "policy_id": other.id}}));
    }
    world.policies.push(MadePolicy {
        id: id.to_owned(),
        nodes: nodes.keys().cloned().collect(),
    });
    policy.set("nodes", Value::Object(nodes));
    policy
}

/// A tree: a few nodes at the top, and under each a few of the next level. Some plans are much larger than others.
fn nodes(levels: Levels, units: &[&str], languages: &[Language], random: &mut Random) -> Map<String, Value> {
    let width = if random.chance(5) { 8 } else { 4 };
    let mut nodes = Map::new();
    let mut parents: Vec<Option<String>> = vec![None];
    for (level, _) in levels {
        let mut next = Vec::new();
        for parent in &parents {
            for order in 1..=random.between(1, width) {
                let key = match parent {
                    Some(parent) => format!("{parent}-{order}"),
                    None => format!("n{order}"),
                };
                nodes.insert(
                    key.clone(),
                    node(level, parent.as_deref(), order, units, languages, random),
                );
                next.push(Some(key));
            }
        }
        parents = next;
    }
    nodes
}

fn node(
    level: &str,
    parent: Option<&str>,
    order: usize,
    units: &[&str],
    languages: &[Language],
    random: &mut Random,
) -> Value {
    let (_, topic) = random.pick(TOPICS);
    let labels = texts(languages, |language| {
        let topic = topic.in_language(language);
        match language {
            Language::Korean => format!("{topic} 강화"),
            Language::Mongolian => format!("{topic} бэхжүүлэх"),
            Language::English => format!("Strengthening {topic}"),
        }
    });
    let mut node = object(json!({"level": level, "parent": parent, "order": order, "labels": labels}));
    if random.chance(60) {
        let roles = [random.pick(&["lead", "support", "selected_by"])];
        node.set("responsibilities", json!({random.pick(units): {"roles": roles}}));
    }
    if random.chance(40) {
        let state = random.pick(&["not_started", "on_track", "partial", "completed"]);
        node.set("progress", json!({"state": state, "on": date(2024, random)}));
    }
    if random.chance(20) {
        node.set("pilot", json!(random.chance(50)));
    }
    Value::Object(node)
}
