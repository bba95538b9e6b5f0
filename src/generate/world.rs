//! What is made so far: what later records refer to.

use super::random::Random;
use super::words::{Language, REGIONS, Region, TAGS};
use serde_json::{Map, Value, json};

/// Offices of a group.
pub(super) const GROUP: usize = 20;

/// An office that was made.
#[derive(Debug, Clone)]
pub(super) struct MadeOffice {
    /// Its id.
    pub(super) id: String,
    /// Number of its region.
    pub(super) region: usize,
    /// Number of the office at the top of its tree: itself where it stands alone.
    pub(super) head: usize,
}

/// A policy that was made.
#[derive(Debug, Clone)]
pub(super) struct MadePolicy {
    /// Its id.
    pub(super) id: String,
    /// Keys of its nodes.
    pub(super) nodes: Vec<String>,
}

/// Everything that was made so far. Only what others refer to is kept, so that a large registry fits.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Records that were there before.
    pub(super) before: usize,
    /// Offices, by number.
    pub(super) offices: Vec<MadeOffice>,
    /// Numbers of the offices that stand alone.
    pub(super) heads: Vec<usize>,
    /// Policies, by number.
    pub(super) policies: Vec<MadePolicy>,
    /// Ids of MOUs.
    pub(super) mous: Vec<String>,
}

impl World {
    /// The id of an office.
    pub(super) fn office(&self, number: usize) -> &str {
        self.offices.get(number).map_or("", |office| office.id.as_str())
    }

    /// The region of an office.
    pub(super) fn region(&self, number: usize) -> Region {
        let region = self.offices.get(number).map_or(0, |office| office.region);
        REGIONS.get(region).copied().unwrap_or_default()
    }

    /// Any office that stands alone.
    pub(super) fn head(&self, random: &mut Random) -> usize {
        random.pick(&self.heads)
    }

    /// Any office of the tree below this one, itself included.
    pub(super) fn unit_of(&self, head: usize, random: &mut Random) -> usize {
        let tree: Vec<usize> = (head..self.offices.len())
            .take(GROUP)
            .filter(|number| self.offices.get(*number).is_some_and(|office| office.head == head))
            .collect();
        random.pick(&tree)
    }
}

/// The languages that a record of a region is written in: its own first.
pub(super) fn languages_of(region: Region, random: &mut Random) -> Vec<Language> {
    let mut languages = vec![region.language()];
    for (language, percent) in [
        (Language::English, 80),
        (Language::Korean, 25),
        (Language::Mongolian, 25),
    ] {
        if random.chance(percent) && !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// The members that all kinds have. Most records are public, as most of those in real registries are.
pub(super) fn common_members(owner: Option<&str>, language: Language, random: &mut Random) -> Map<String, Value> {
    let visibility = match random.below(100) {
        0..88 => "public",
        88..96 => "partners",
        _ => "private",
    };
    let mut members = object(json!({
        "original_language": language.tag(),
        "visibility": visibility,
        "tags": random.several(TAGS, 0, 3),
    }));
    if let Some(owner) = owner {
        members.set("owner_office_id", Value::from(owner));
    }
    if random.chance(30) {
        let year = random.between(2015, 2024);
        members.set(
            "sources",
            json!({"report": {"title": format!("Annual report {year}"), "published_on": year.to_string()}}),
        );
    }
    members
}

/// Members of a document that is being made.
pub(super) trait SetMember {
    /// Puts a member in.
    fn set(&mut self, name: &str, value: impl Into<Value>);
}

impl SetMember for Map<String, Value> {
    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.insert(name.to_owned(), value.into());
    }
}

/// The members of an object; none of anything else.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A date in this year, as precise as sources often are: the day, the month, or the year alone.
pub(super) fn date(year: usize, random: &mut Random) -> String {
    let (month, day) = (random.between(1, 12), random.between(1, 28));
    match random.below(10) {
        0..5 => format!("{year}-{month:02}-{day:02}"),
        5..8 => format!("{year}-{month:02}"),
        _ => year.to_string(),
    }
}

/// A number of things, with what the source says about its exactness.
pub(super) fn count(most: usize, random: &mut Random) -> Value {
    let value = random.between(1, most);
    match random.below(20) {
        0 => json!({"value": null, "qualifier": "unknown"}),
        1 => json!({"value": value, "qualifier": "more_than"}),
        2 => json!({"value": value, "qualifier": "approx"}),
        3 => json!({"value": value, "qualifier": "at_least"}),
        _ => json!({"value": value, "qualifier": "exact"}),
    }
}
