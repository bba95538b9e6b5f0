//! Programs: who takes part, under which MOUs and policies, for whom, where, and the sessions with their counts.

use super::random::Random;
use super::words::{Language, REGIONS, TOPICS, Words, plain, texts};
use super::world::{SetMember, World, common_members, count, date, languages_of, object};
use serde_json::{Map, Value, json};

/// Kinds of programs and what they are called.
const KINDS: &[(&str, Words)] = &[
    ("training", Words("연수", "сургалт", "training")),
    ("exchange", Words("교류", "солилцоо", "exchange")),
    ("project", Words("프로젝트", "төсөл", "project")),
    ("workshop", Words("워크숍", "семинар", "workshop")),
    ("meeting", Words("협의회", "уулзалт", "meeting")),
    ("conference", Words("포럼", "форум", "forum")),
    ("class", Words("강좌", "хичээл", "class")),
];

/// The last year in which a generated session was held: a session that was held lies in the past of every clock.
const LAST_HELD: usize = 2024;

/// One program.
pub(super) fn make(world: &mut World, random: &mut Random, number: usize, _id: &str) -> Map<String, Value> {
    let head = world.head(random);
    let region = world.region(head);
    let languages = languages_of(region, random);
    let (_, topic) = random.pick(TOPICS);
    let (kind, words) = random.pick(KINDS);
    let year = random.between(2009, 2027);
    let last = year + random.pick(&[0, 0, 0, 1, 3]);

    let mut program = common_members(Some(world.office(head)), region.language(), random);
    program.set(
        "titles",
        texts(&languages, |language| {
            let (topic, words) = (topic.in_language(language), words.in_language(language));
            match language {
                Language::Korean => format!("{year} {topic} {words}"),
                Language::Mongolian => format!("{topic}: {words}, {year}"),
                Language::English => format!("{year} {words} on {topic}"),
            }
        }),
    );
    program.set("kind", json!(kind));
    program.set("stage", stage(year, last, random));
    program.set("objective", plain(&languages, topic));
    program.set(
        "period",
        match random.below(10) {
            0 => Value::Null,
            1 => json!({"from": year.to_string(), "open": true}),
            _ => json!({"from": year.to_string(), "to": last.to_string()}),
        },
    );
    if random.chance(60) {
        program.set(
            "recurrence",
            json!(random.pick(&["once", "yearly", "half_yearly", "monthly"])),
        );
    }
    let offices = offices(world, head, random);
    let sensitive = random.chance(4);
    program.set("sensitive", json!(sensitive));
    program.set("mou_ids", mou_ids(world, random));
    program.set("policy_nodes", policy_nodes(world, random));
    program.set("target_groups", target_groups(sensitive, random));
    program.set("places", json!({"venue": place(random)}));
    let many = if number % 100 == 99 { 40 } else { 4 };
    program.set("sessions", sessions(&offices, year, last, many, &languages, random));
    program.set("offices", Value::Object(offices));
    if random.chance(10)
        && let Some(policy) = world.policies.get(random.below(world.policies.len()))
    {
        let recognition =
            json!({"policy_id": policy.id, "kind": random.pick(&["class", "experience"]), "state": "approved"});
        program.set("recognitions", json!({"scheme": recognition}));
    }
    if random.chance(20) {
        let text = plain(
            &languages,
            Words(
                "공동 연수 정례화",
                "хамтарсан сургалтыг тогтмолжуулах",
                "joint training every year",
            ),
        );
        let state = random.pick(&["open", "in_progress", "fulfilled"]);
        program.set(
            "commitments",
            json!({"next": {"text": text, "owner_office_ids": [world.office(head)], "progress": {"state": state}}}),
        );
    }
    program
}

fn stage(year: usize, last: usize, random: &mut Random) -> Value {
    match random.below(20) {
        0 => Value::Null,
        1 => json!("cancelled"),
        2 => json!("paused"),
        _ if year > LAST_HELD => json!("planned"),
        _ if last <= LAST_HELD => json!("completed"),
        _ => json!("active"),
    }
}

/// The owner leads; one to three others send, receive or support.
fn offices(world: &World, head: usize, random: &mut Random) -> Map<String, Value> {
    let mut offices = Map::new();
    offices.insert(world.office(head).to_owned(), json!({"roles": ["lead", "organizer"]}));
    for role in ["host", "sender", "participant"].into_iter().take(random.between(1, 3)) {
        let other = world.head(random);
        let other = world.unit_of(other, random);
        offices
            .entry(world.office(other).to_owned())
            .or_insert_with(|| json!({"roles": [role]}));
    }
    offices
}

fn mou_ids(world: &World, random: &mut Random) -> Value {
    let wanted = random.pick(&[0, 0, 1, 1, 1, 2, 3]);
    let places: Vec<usize> = (0..wanted).map(|_| random.below(world.mous.len())).collect();
    let mut ids: Vec<&String> = places.iter().filter_map(|place| world.mous.get(*place)).collect();
    ids.sort();
    ids.dedup();
    json!(ids)
}

fn policy_nodes(world: &World, random: &mut Random) -> Value {
    let mut nodes = Map::new();
    for key in ["first", "second"].into_iter().take(random.pick(&[0, 1, 1, 2])) {
        if let Some(policy) = world.policies.get(random.below(world.policies.len())) {
            let node = policy
                .nodes
                .get(random.below(policy.nodes.len()))
                .filter(|_| random.chance(80));
            nodes.insert(key.to_owned(), json!({"policy_id": policy.id, "node": node}));
        }
    }
    Value::Object(nodes)
}

fn target_groups(sensitive: bool, random: &mut Random) -> Value {
    if sensitive {
        let ages =
            json!({"sex": "female", "age_from": 12, "age_to": 18, "roles": ["pupil"], "school_levels": ["secondary"]});
        return json!({"pupils": ages});
    }
    match random.below(4) {
        0 => {
            json!({"pupils": {"age_from": random.between(6, 12), "age_to": random.between(13, 18), "roles": ["pupil"]}})
        }
        1 => json!({"teachers": {"roles": ["teacher", "it_teacher"], "age_from": 22}}),
        2 => json!({"heads": {"roles": ["administrator"], "school_levels": ["general", "kindergarten"]}}),
        _ => json!({}),
    }
}

fn place(random: &mut Random) -> Value {
    let region = random.pick(REGIONS);
    let label = plain(&[Language::English, region.language()], region.names);
    json!({"label": label, "country": region.country(), "subdivision": region.code})
}

/// Sessions in the years of the program: those that lie in the past were held (or not), the others are planned.
fn sessions(
    offices: &Map<String, Value>,
    year: usize,
    last: usize,
    most: usize,
    languages: &[Language],
    random: &mut Random,
) -> Value {
    let mut sessions = Map::new();
    for number in 1..=random.between(usize::from(most > 4) * most, most) {
        let year = random.between(year, last);
        let held = year <= LAST_HELD && random.chance(90);
        let when = json!({"from": date(year, random)});
        let mode = random.pick(&[Some("onsite"), Some("onsite"), Some("online"), Some("hybrid"), None]);
        let label = texts(languages, |language| match language {
            Language::Korean => format!("{year}년 제{number}차"),
            Language::Mongolian => format!("{year} оны {number}-р удаа"),
            Language::English => format!("No. {number}, {year}"),
        });
        let mut session = object(json!({"label": label, "mode": mode}));
        if held {
            session.set("state", json!("held"));
            session.set("actual", when);
            session.set("participation", participation(offices, random));
        } else {
            session.set("state", json!(random.pick(&["planned", "postponed", "cancelled"])));
            session.set("planned", when);
        }
        if mode != Some("online") && random.chance(50) {
            session.set("places", json!({"venue": place(random)}));
        }
        sessions.insert(format!("s{number}"), Value::Object(session));
    }
    Value::Object(sessions)
}

fn participation(offices: &Map<String, Value>, random: &mut Random) -> Value {
    let from = offices.keys().nth(random.below(offices.len()));
    let mut rows = Map::new();
    for role in random.several(&["teacher", "it_teacher", "administrator", "specialist", "pupil"], 1, 3) {
        let row = json!({"role": role, "unit": "person", "count": count(60, random), "from_office_id": from});
        rows.insert(role.to_owned(), row);
    }
    if random.chance(10) {
        rows.set("schools", json!({"unit": "school", "count": count(15, random)}));
    }
    Value::Object(rows)
}
