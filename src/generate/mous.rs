//! MOUs: two to four parties, dates as precise as sources often are, terms, promises and what came of them.

use super::random::Random;
use super::words::{Language, PEOPLE, TOPICS, Words, plain, texts};
use super::world::{SetMember, World, common_members, count, date, languages_of, object};
use serde_json::{Map, Value, json};

/// One MOU.
pub(super) fn make(world: &mut World, random: &mut Random, number: usize, id: &str) -> Map<String, Value> {
    let parties = parties(world, random);
    let owner = parties.first().copied().unwrap_or_default();
    let region = world.region(owner);
    let languages = languages_of(region, random);
    let topics = random.several(TOPICS, 1, 3);
    let (_, topic) = topics.first().copied().unwrap_or_default();
    let year = random.between(2000, 2024);
    let is_draft = random.chance(8);

    let mut mou = common_members(Some(world.office(owner)), region.language(), random);
    mou.set("titles", texts(&languages, |language| title(topic, number, language)));
    mou.set(
        "kind",
        json!(random.pick(&["mou", "mou", "mou", "agreement", "arrangement", "letter_of_intent"])),
    );
    mou.set("stage", json!(if is_draft { "draft" } else { "recorded" }));
    let purposes: Vec<&str> = topics.iter().map(|(code, _)| *code).collect();
    mou.set("purposes", json!(purposes));
    let tags: Vec<&str> = languages.iter().map(|language| language.tag()).collect();
    mou.set("authentic_languages", json!(tags));
    let signed = (!is_draft).then_some(year);
    mou.set("parties", named_parties(world, &parties, signed, &languages, random));
    mou.set("terms", terms(world, &parties, topic, year, &languages, random));
    if random.chance(10) && !world.mous.is_empty() {
        mou.set(
            "predecessor_id",
            json!(
                random
                    .pick(&places_of(&world.mous))
                    .and_then(|place| world.mous.get(place))
            ),
        );
    }
    if !is_draft && random.chance(30) {
        mou.set(
            "contributions",
            contributions(world, &parties, year, &languages, random),
        );
    }
    if random.chance(30) {
        let text = plain(
            &languages,
            Words(
                "실무 협의회 정례 개최",
                "ажлын хэсгийн уулзалтыг тогтмол хийх",
                "regular meetings at working level",
            ),
        );
        mou.set("commitments",
            json!({"meetings": {"text": text, "owner_office_ids": [world.office(owner)], "due": (year + 1).to_string()}}),
        );
    }
    world.mous.push(id.to_owned());
    mou
}

/// Places of a list, to pick one from or none where it is empty.
fn places_of(ids: &[String]) -> Vec<Option<usize>> {
    (0..ids.len()).map(Some).collect()
}

/// Each has a number in its title: the same parties may well agree on the same matter again.
fn title(topic: Words, number: usize, language: Language) -> String {
    let topic = topic.in_language(language);
    let number = number + 1;
    match language {
        Language::Korean => format!("{topic} 업무협약 제{number}호"),
        Language::Mongolian => format!("{topic}: харилцан ойлголцлын санамж бичиг № {number}"),
        Language::English => format!("Memorandum of understanding on {topic}, no. {number}"),
    }
}

/// Two to four different offices. The first two stand alone, so that none is the unit of the other; later ones may be
/// units.
fn parties(world: &World, random: &mut Random) -> Vec<usize> {
    let mut parties = random.several(&world.heads, 2, 2);
    for _ in 0..random.pick(&[0, 0, 0, 0, 1, 1, 2]) {
        let head = world.head(random);
        let other = world.unit_of(head, random);
        if !parties.contains(&other) {
            parties.push(other);
        }
    }
    parties
}

fn named_parties(
    world: &World,
    parties: &[usize],
    signed: Option<usize>,
    languages: &[Language],
    random: &mut Random,
) -> Value {
    let day = signed.filter(|_| random.chance(85)).map(|year| date(year, random));
    let mut named = Map::new();
    for (place, party) in parties.iter().enumerate() {
        let role = if place < 2 {
            "signatory"
        } else {
            random.pick(&["signatory", "beneficiary", "implementer", "witness"])
        };
        // Of some only one party's day is known: then there is no signing date of the whole.
        let day = day.clone().filter(|_| role == "signatory" && random.chance(92));
        let mut item = object(json!({"roles": [role], "signed_on": day}));
        if random.chance(30) {
            item.set(
                "signatories",
                json!({"head": {"name": plain(languages, random.pick(PEOPLE)), "post": "head"}}),
            );
        }
        if random.chance(20) {
            item.set(
                "local_ref",
                json!(format!("{}-{:04}", random.between(2000, 2024), random.between(1, 9999))),
            );
        }
        named.set(world.office(*party), item);
    }
    Value::Object(named)
}

fn terms(
    world: &World,
    parties: &[usize],
    topic: Words,
    year: usize,
    languages: &[Language],
    random: &mut Random,
) -> Value {
    let from = date(year, random);
    let end = date(year + random.between(1, 5), random);
    let (term_type, effective, renewal) = match random.below(10) {
        0..3 => ("fixed", json!({"from": from, "to": end}), None),
        3..5 => ("auto_renew", json!({"from": from, "to": end}), Some(12)),
        5 => ("evergreen", json!({"from": from, "open": true}), None),
        6 => ("until_completion", json!({"from": from}), None),
        7 => ("unknown", json!({"from": from}), None),
        _ => ("unknown", Value::Null, None),
    };
    let mut terms = object(json!({
        "summary": texts(languages, |language| summary(topic, language)),
        "term_type": term_type,
        "effective": effective,
        "renewal_months": renewal,
        "notice_days": renewal.map(|_| 90),
    }));
    let (one, other) = (parties.first().copied(), parties.get(1).copied());
    if let (Some(one), Some(other)) = (one, other)
        && random.chance(50)
    {
        let activity = plain(languages, topic);
        let mut condition =
            object(json!({"activity": activity, "quantity": count(30, random), "per": "year", "roles": ["teacher"]}));
        if random.chance(50) {
            condition.set("direction", json!("mutual"));
        } else {
            condition.set("direction", json!("one_way"));
            condition.set("from_office_id", json!(world.office(one)));
            condition.set("to_office_id", json!(world.office(other)));
        }
        terms.set("conditions", json!({"yearly": condition}));
    }
    if let Some(one) = one
        && random.chance(20)
    {
        let amount = format!("{}000000", random.between(1, 90));
        let promise = json!({"kind": "money", "amount": {"amount": amount, "currency": "KRW"}, "from_office_id": world.office(one)});
        terms.set("promised", json!({"budget": promise}));
    }
    Value::Object(terms)
}

fn summary(topic: Words, language: Language) -> String {
    let topic = topic.in_language(language);
    match language {
        Language::Korean => format!("양 기관은 {topic} 분야에서 경험과 자료를 나누고 해마다 성과를 함께 살핀다."),
        Language::Mongolian => {
            format!("Талууд {topic} чиглэлээр туршлага, мэдээллээ хуваалцаж, үр дүнг жил бүр хамтран хэлэлцэнэ.")
        }
        Language::English => {
            format!("The parties share experience and material on {topic} and look at the results together every year.")
        }
    }
}

fn contributions(world: &World, parties: &[usize], year: usize, languages: &[Language], random: &mut Random) -> Value {
    let what = Words("교육용 컴퓨터", "сургалтын компьютер", "computers for teaching");
    let from = parties.first().map(|party| world.office(*party));
    let to = parties.get(1).map(|party| world.office(*party));
    let kind = random.pick(&["in_kind", "service"]);
    json!({"delivery": {
        "kind": kind,
        "what": plain(languages, what),
        "quantity": count(120, random),
        "from_office_id": from,
        "to_office_id": to,
        "on": date(year.min(2024), random),
    }})
}
