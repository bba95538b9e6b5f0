//! What offices that do not own a program may read of small counts.
//!
//! Where a program is `sensitive`, or is for people under 18, a count that may be under [`SMALLEST_SHOWN`] is answered as
//! `withheld`. Where that hides one count of a session and all others of the same unit are exact, the next smallest is
//! hidden too: a published total would otherwise reveal the first by subtraction (complementary cell suppression).
//!
//! The functions work on JSON, because a record leaves by many paths (answers, revisions, diffs, the body of a 412, feed,
//! export), some of which never have the typed document. A diff is made of two withheld sides, never withheld afterwards.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Counts below this are withheld.
pub const SMALLEST_SHOWN: i64 = 5;

/// Age at which people are no longer minors, in completed years.
pub const AGE_OF_MAJORITY: i64 = 18;

/// Codes of `participation_role` that are minors by what they mean.
const MINOR_ROLES: [&str; 2] = ["child", "pupil"];

/// Codes of `school_level` whose students are minors.
const MINOR_LEVELS: [&str; 7] = [
    "kindergarten",
    "general",
    "elementary",
    "secondary",
    "middle",
    "high",
    "special",
];

/// Whether small counts of the program document are withheld from offices that do not own it.
pub fn is_protected(document: &Value) -> bool {
    let sensitive = document.get("sensitive").and_then(Value::as_bool) == Some(true);
    sensitive || members(document, "target_groups").any(|(_, group)| is_for_minors(group))
}

/// The program document as offices that do not own it may read it. Unchanged unless it [`is_protected`].
#[must_use]
pub fn suppress(document: &Value) -> Value {
    if is_protected(document) {
        suppress_counts(document)
    } else {
        document.clone()
    }
}

/// The program document with small counts withheld, protected or not: for an old revision of a record that is protected
/// today, and the other way round.
#[must_use]
pub fn suppress_counts(document: &Value) -> Value {
    let mut answer = document.clone();
    if let Some(sessions) = answer.get_mut("sessions").and_then(Value::as_object_mut) {
        for session in sessions.values_mut() {
            if let Some(rows) = session.get_mut("participation").and_then(Value::as_object_mut) {
                suppress_rows(rows);
            }
        }
    }
    answer
}

/// Puts back the counts that the writer never saw: where `sent` repeats a `withheld` that `shown` has in the place of a
/// figure of `version`, that figure stays. So an organizer may send back what it read without wiping it.
pub fn keep_suppressed(sent: &mut Value, version: &Value, shown: &Value) {
    let Some(sessions) = sent.get_mut("sessions").and_then(Value::as_object_mut) else {
        return;
    };
    for (session_key, session) in sessions {
        let Some(rows) = session.get_mut("participation").and_then(Value::as_object_mut) else {
            continue;
        };
        for (key, row) in rows {
            let path = ["sessions", session_key, "participation", key, "count"];
            let kept = find(version, &path);
            if let (Some(count), Some(kept)) = (row.get_mut("count"), kept)
                && is_withheld(count)
                && find(shown, &path).is_some_and(is_withheld)
            {
                *count = kept.clone();
            }
        }
    }
}

/// A group is for minors when its youngest age is below 18, when only its oldest is given and is below 18,
/// or when no age is given and it is made of pupils or children.
fn is_for_minors(group: &Value) -> bool {
    let age = |member: &str| group.get(member).and_then(Value::as_i64);
    match (age("age_from"), age("age_to")) {
        (Some(from), _) => from < AGE_OF_MAJORITY,
        (None, Some(to)) => to < AGE_OF_MAJORITY,
        (None, None) => {
            names_any(group, "roles", &MINOR_ROLES)
                || (names_any(group, "roles", &["student"]) && names_any(group, "school_levels", &MINOR_LEVELS))
        }
    }
}

fn names_any(group: &Value, member: &str, codes: &[&str]) -> bool {
    group
        .get(member)
        .and_then(Value::as_array)
        .is_some_and(|named| named.iter().filter_map(Value::as_str).any(|code| codes.contains(&code)))
}

/// Withholds the small counts of one session, then a second one of each unit where that is needed.
fn suppress_rows(rows: &mut Map<String, Value>) {
    for row in rows.values_mut() {
        if let Some(count) = row.get_mut("count")
            && may_be_small(count)
        {
            *count = withheld();
        }
    }
    let mut units: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, row) in rows.iter() {
        units.entry(unit_of(row)).or_default().push(key.clone());
    }
    for keys in units.into_values() {
        let of_unit: Vec<(&String, &Value)> = keys.iter().filter_map(|key| rows.get_key_value(key)).collect();
        if let Some(key) = second_to_withhold(&of_unit)
            && let Some(count) = rows.get_mut(&key).and_then(|row| row.get_mut("count"))
        {
            *count = withheld();
        }
    }
}

/// The key of the row that must be withheld beside the only withheld one of a unit, if any: the smallest, ties by key.
/// With an inexact row among the others no subtraction gives the hidden figure.
fn second_to_withhold(of_unit: &[(&String, &Value)]) -> Option<String> {
    let hidden = of_unit
        .iter()
        .filter(|(_, row)| row.get("count").is_some_and(is_withheld))
        .count();
    if hidden != 1 {
        return None;
    }
    let others: Option<Vec<(i64, &String)>> = of_unit
        .iter()
        .filter(|(_, row)| !row.get("count").is_some_and(is_withheld))
        .map(|(key, row)| exact_value(row.get("count")?).map(|value| (value, *key)))
        .collect();
    others?.into_iter().min().map(|(_, key)| key.clone())
}

/// Whether a count may stand for fewer than [`SMALLEST_SHOWN`], as its qualifier reads.
fn may_be_small(count: &Value) -> bool {
    let Some(value) = count.get("value").and_then(Value::as_i64) else {
        return false;
    };
    match count.get("qualifier").and_then(Value::as_str) {
        Some("less_than") => value <= SMALLEST_SHOWN,
        Some("more_than") => value.saturating_add(1) < SMALLEST_SHOWN,
        _ => value < SMALLEST_SHOWN,
    }
}

fn withheld() -> Value {
    json!({"value": null, "qualifier": "withheld"})
}

fn is_withheld(count: &Value) -> bool {
    count.get("qualifier").and_then(Value::as_str) == Some("withheld")
}

fn exact_value(count: &Value) -> Option<i64> {
    (count.get("qualifier").and_then(Value::as_str) == Some("exact"))
        .then(|| count.get("value").and_then(Value::as_i64))
        .flatten()
}

fn unit_of(row: &Value) -> String {
    row.get("unit").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn members<'a>(document: &'a Value, member: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document.get(member).and_then(Value::as_object).into_iter().flatten()
}

fn find<'a>(document: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(document, |value, segment| value.get(segment))
}
