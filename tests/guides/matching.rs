//! Whether a real answer is the one that a text shows, up to what differs from run to run.

use std::collections::BTreeMap;

use serde_json::Value;

/// What stands for what: an id, a secret or a position as the text shows it, and the real one.
pub(super) type Names = BTreeMap<String, String>;

const LEFT_OUT: &str = "…";

/// JSON with `…` for what is left out: members of an object, items of a list, a value, a part of a text.
pub(super) fn read_shown(text: &str) -> Result<Value, String> {
    let mut json = String::new();
    // For each open bracket: it, and whether a key comes next.
    let mut open: Vec<(char, bool)> = Vec::new();
    let mut in_string = false;
    let mut before = ' ';
    for character in text.chars() {
        if in_string {
            in_string = character != '"' || before == '\\';
            json.push(character);
        } else {
            match character {
                '"' => in_string = true,
                '{' | '[' => open.push((character, character == '{')),
                '}' | ']' => {
                    open.pop();
                }
                ',' | ':' => {
                    if let Some((bracket, expects_key)) = open.last_mut() {
                        *expects_key = *bracket == '{' && character == ',';
                    }
                }
                _ => {}
            }
            match (character, open.last()) {
                ('…', Some((_, true))) => json.push_str("\"…\": \"…\""),
                ('…', _) => json.push_str("\"…\""),
                _ => json.push(character),
            }
        }
        before = character;
    }
    serde_json::from_str(&json).map_err(|error| format!("the shown answer is not JSON: {error}\n{json}"))
}

/// Compares; an error names the place and both sides.
pub(super) fn compare(shown: &Value, real: &Value, place: &str, names: &mut Names) -> Result<(), String> {
    let differs = || Err(format!("at {place}/: shown {shown}, real {real}"));
    match (shown, real) {
        (Value::String(text), _) if text == LEFT_OUT => Ok(()),
        (Value::Object(shown_members), Value::Object(members)) => {
            for (name, value) in shown_members.iter().filter(|(name, _)| *name != LEFT_OUT) {
                match members.get(name) {
                    Some(member) => compare(value, member, &format!("{place}/{name}"), names)?,
                    None => return Err(format!("at {place}/{name}: it is not in the real answer {real}")),
                }
            }
            let more = members.keys().find(|name| !shown_members.contains_key(*name));
            match more {
                Some(name) if !shown_members.contains_key(LEFT_OUT) => Err(format!(
                    "at {place}/: the real answer has {name:?} too, and no … says so"
                )),
                _ => Ok(()),
            }
        }
        (Value::Array(shown_items), Value::Array(items)) => {
            let told: Vec<&Value> = shown_items.iter().filter(|item| *item != LEFT_OUT).collect();
            if told.len() > items.len() || (told.len() == shown_items.len() && told.len() != items.len()) {
                return differs();
            }
            let from_end = shown_items.first().is_some_and(|item| item == LEFT_OUT);
            let skipped = if from_end { items.len() - told.len() } else { 0 };
            for (at, (one, other)) in told.iter().zip(&items[skipped..]).enumerate() {
                compare(one, other, &format!("{place}/{at}"), names)?;
            }
            Ok(())
        }
        (Value::String(one), Value::String(other)) if same_text(one, other, names) => Ok(()),
        _ if shown == real => Ok(()),
        _ => differs(),
    }
}

/// Each line that is shown stands in the real text, in this order; borders and the width of columns do not matter.
pub(super) fn compare_lines(shown: &str, real: &str, names: &mut Names) -> Result<(), String> {
    let mut lines = real.lines();
    for line in shown
        .lines()
        .filter(|line| !line.trim().is_empty() && line.trim() != LEFT_OUT)
    {
        if !lines.any(|other| same_words(line, other, names)) {
            return Err(format!("no line {line:?} (in this order) in:\n{real}"));
        }
    }
    Ok(())
}

fn same_words(shown: &str, real: &str, names: &mut Names) -> bool {
    let mut found = names.clone();
    let (one, other): (Vec<&str>, Vec<&str>) = (shown.split_whitespace().collect(), real.split_whitespace().collect());
    let is_same = one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| same_text(one, other, &mut found));
    if is_same {
        *names = found;
    }
    is_same
}

/// Equal, or both an id of one kind, or both an instant, or equal but for what `…` leaves out. Ids, and words in which
/// something is left out, stand for the real ones from then on.
fn same_text(shown: &str, real: &str, names: &mut Names) -> bool {
    if shown == real || shown == LEFT_OUT || (is_instant(shown) && is_instant(real)) {
        return true;
    }
    let is_secret = [shown, real]
        .iter()
        .all(|text| text.starts_with("eda_live_") && !text.contains(' '));
    let is_id = is_secret || (id_prefix(shown).is_some() && id_prefix(shown) == id_prefix(real));
    let has_gap = shown.split_once(LEFT_OUT).is_some_and(|(start, end)| {
        real.len() >= start.len() + end.len() && real.starts_with(start) && real.ends_with(end)
    });
    if !is_id && !has_gap {
        return false;
    }
    if shown.contains(' ') {
        return true;
    }
    names.entry(shown.to_owned()).or_insert_with(|| real.to_owned()) == real
}

/// `off` of `off_` and 26 characters.
fn id_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_once('_')?;
    let is_id = prefix.len() == 3 && rest.len() == 26 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(prefix)
}

/// `2026-11-22T03:59:31`, with or without a fraction and `Z`.
fn is_instant(text: &str) -> bool {
    let shape: String = text
        .chars()
        .take(19)
        .map(|character| if character.is_ascii_digit() { '0' } else { character })
        .collect();
    shape == "0000-00-00T00:00:00"
}
