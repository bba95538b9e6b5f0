//! Offices: groups of twenty, each with the tree of one education office and two bodies that stand alone.

use super::random::Random;
use super::words::{Language, PEOPLE, REGIONS, TOPICS, Words, plain, texts};
use super::world::{GROUP, MadeOffice, SetMember, World, common_members, date, languages_of};
use serde_json::{Map, Value, json};

/// What stands at each place of a group: kind, its name after the name of the region, and how many places before it the
/// office stands of which it is a unit (0: it stands alone).
const PLACES: &[(&str, Words, usize)] = &[
    (
        "education_office",
        Words("교육청", "боловсролын газар", "Office of Education"),
        0,
    ),
    (
        "ngo",
        Words(
            "아동청소년재단",
            "хүүхэд залуучуудын сан",
            "Children and Youth Foundation",
        ),
        0,
    ),
    (
        "university",
        Words("교육대학교", "багшийн их сургууль", "University of Education"),
        0,
    ),
    (
        "bureau",
        Words("교육정책국", "бодлогын газар", "Education Policy Bureau"),
        3,
    ),
    (
        "bureau",
        Words(
            "평생진로교육국",
            "насан туршийн боловсролын газар",
            "Lifelong and Career Education Bureau",
        ),
        4,
    ),
    (
        "bureau",
        Words("교육행정국", "захиргааны газар", "Education Administration Bureau"),
        5,
    ),
    (
        "department",
        Words(
            "교육과정정책과",
            "сургалтын хөтөлбөрийн хэлтэс",
            "Curriculum Policy Department",
        ),
        3,
    ),
    (
        "department",
        Words(
            "국제교류과",
            "гадаад харилцааны хэлтэс",
            "International Exchange Department",
        ),
        3,
    ),
    (
        "department",
        Words(
            "정보화담당관",
            "мэдээллийн технологийн хэлтэс",
            "Information Department",
        ),
        3,
    ),
    (
        "support_office",
        Words(
            "동부교육지원청",
            "зүүн дүүргийн боловсролын хэлтэс",
            "Eastern Support Office",
        ),
        9,
    ),
    (
        "support_office",
        Words(
            "서부교육지원청",
            "баруун дүүргийн боловсролын хэлтэс",
            "Western Support Office",
        ),
        10,
    ),
    (
        "support_office",
        Words(
            "남부교육지원청",
            "өмнөд дүүргийн боловсролын хэлтэс",
            "Southern Support Office",
        ),
        11,
    ),
    (
        "school",
        Words("중앙초등학교", "төв бага сургууль", "Central Elementary School"),
        3,
    ),
    (
        "school",
        Words("제일중학교", "нэгдүгээр дунд сургууль", "First Middle School"),
        3,
    ),
    (
        "school",
        Words("미래고등학교", "ирээдүй ахлах сургууль", "Future High School"),
        3,
    ),
    (
        "shared_school",
        Words("공유학교", "хамтын сургууль", "Shared School"),
        6,
    ),
    (
        "online_school",
        Words("온라인학교", "цахим сургууль", "Online School"),
        16,
    ),
    (
        "kindergarten",
        Words("햇살유치원", "нарны туяа цэцэрлэг", "Sunshine Kindergarten"),
        7,
    ),
    (
        "training_institute",
        Words("교육연수원", "багш мэргэжил дээшлүүлэх төв", "Training Institute"),
        18,
    ),
    (
        "research_institute",
        Words(
            "교육연구정보원",
            "боловсролын судалгааны хүрээлэн",
            "Education Research Institute",
        ),
        19,
    ),
];

/// One office.
pub(super) fn make(world: &mut World, random: &mut Random, number: usize, id: &str) -> Map<String, Value> {
    let (group, place) = (number / GROUP, number % GROUP);
    let (kind, words, above) = PLACES.get(place).copied().unwrap_or_default();
    let region_number = group % REGIONS.len();
    let region = REGIONS.get(region_number).copied().unwrap_or_default();
    let parent = (above > 0).then(|| number - above);
    let head = parent.map_or(number, |_| number - place);
    let languages = languages_of(region, random);
    let owner = parent.map(|_| world.office(head).to_owned());
    let round = group / REGIONS.len() + 1;

    let mut office = common_members(owner.as_deref(), region.language(), random);
    let name = |language: Language| name_of(region.names, words, round, language);
    office.set("names", texts(&languages, name));
    office.set("kind", json!(kind));
    office.set("parent_id", json!(parent.map(|parent| world.office(parent))));
    office.set("country", json!(region.country()));
    office.set("subdivision", json!(region.code));
    office.set("time_zone", json!(region.zone));
    if random.chance(60) {
        office.set("city", json!(region.names.2));
    }
    // Also those that are added to a registry that was filled with the same seed have a number of their own.
    let own_number = format!("{:06}", world.before + number);
    office.set("identifiers", json!({"generated": own_number}));
    office.set("aliases", aliases(region.language(), region.names, words, random));
    office.set("posts", posts(kind, &languages, random));
    if parent.is_none() {
        office.set("website", json!(format!("https://office-{number}.example.org/")));
        office.set(
            "contacts",
            json!({"general": {"function": "general", "email": format!("office-{number}@example.org")}}),
        );
        let relations = relations(world, random);
        office.set("relations", relations);
    }
    let founded = random.between(1946, 2014);
    office.set(
        "valid",
        match random.below(10) {
            0 => json!({"from": date(founded, random), "to": date(random.between(2016, 2024), random)}),
            1..4 => Value::Null,
            _ => json!({"from": date(founded, random), "open": true}),
        },
    );

    if parent.is_none() {
        world.heads.push(number);
    }
    world.offices.push(MadeOffice {
        id: id.to_owned(),
        region: region_number,
        head,
    });
    office
}

fn name_of(region: Words, words: Words, round: usize, language: Language) -> String {
    let (region, words) = (region.in_language(language), words.in_language(language));
    match (language, round) {
        (Language::Korean, 1) => format!("{region}{words}"),
        (Language::Korean, _) => format!("{region} 제{round}{words}"),
        (_, 1) => format!("{region} {words}"),
        (_, _) => format!("{region} {words} {round}"),
    }
}

fn aliases(language: Language, region: Words, words: Words, random: &mut Random) -> Value {
    let mut aliases = Map::new();
    if random.chance(50) {
        let initials: String = format!("{} {}", region.2, words.2)
            .split(' ')
            .filter_map(|word| word.chars().next().filter(|letter| letter.is_uppercase()))
            .collect();
        aliases.set("short", json!({"text": initials, "language": "en", "kind": "short"}));
    }
    if random.chance(20) {
        let text = format!("{} {}", words.in_language(language), region.in_language(language));
        let former = json!({"text": text, "language": language.tag(), "kind": "former"});
        aliases.set("former", former);
    }
    Value::Object(aliases)
}

/// The head of the body, and often the one before.
fn posts(kind: &str, languages: &[Language], random: &mut Random) -> Value {
    let post = match kind {
        "education_office" => "superintendent",
        "bureau" => "director_general",
        "department" => "director",
        "school" | "shared_school" | "online_school" | "kindergarten" => "principal",
        "university" => "president",
        _ => "head",
    };
    let mut posts = Map::new();
    let since = random.between(2018, 2022);
    if random.chance(80) {
        let holder = plain(languages, random.pick(PEOPLE));
        let term = random.between(1, 3);
        posts.set(
            "current",
            json!({"post": post, "holder": holder, "valid": {"from": date(since, random), "open": true}, "term": term}),
        );
    }
    if random.chance(40) {
        let holder = plain(languages, random.pick(PEOPLE));
        let valid = json!({"from": (since - 4).to_string(), "to": since.to_string()});
        posts.set("former", json!({"post": post, "holder": holder, "valid": valid}));
    }
    Value::Object(posts)
}

/// Ties without a memorandum: to offices that stand alone, and to places.
fn relations(world: &World, random: &mut Random) -> Value {
    let mut relations = Map::new();
    if !world.heads.is_empty() && random.chance(50) {
        let partner = world.head(random);
        let purposes = [random.pick(TOPICS).0];
        let tie =
            json!({"office_id": world.office(partner), "purposes": purposes, "valid": {"from": date(2009, random)}});
        relations.set("partner", tie);
    }
    if random.chance(40) {
        let place = random.pick(REGIONS);
        let label = plain(&[Language::English, Language::Korean], place.names);
        let tie = json!({"place": {"label": label, "country": place.country(), "subdivision": place.code}});
        relations.set("city", tie);
    }
    Value::Object(relations)
}
