//! One answer against what the oracle said of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cells::Cell;
use super::documents::WITHHELD;
use super::facts::Principal;
use super::oracle::{Verdict, may_refer, owns};
use super::stage::Stage;
use crate::support::client::Reply;

/// Everything that is wrong with an answer.
pub(super) fn check(
    stage: &Stage<'_>,
    principal: &Principal,
    cell: &Cell<'_>,
    verdict: Verdict,
    reply: &Reply,
    markers: &BTreeSet<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let code = code_of(cell, reply, verdict);
    if (reply.status, code.as_str()) != (verdict.status, verdict.code) {
        faults.push(format!("{} {code}, not {}", reply.status, verdict.word()));
    }
    let headers: String = reply
        .headers
        .values()
        .map(|value| format!("{}\n", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    for place in [&reply.text, &headers] {
        for marker in found_markers(place) {
            if !markers.contains(&marker) && cell.sends.as_ref() != Some(&marker) {
                faults.push(format!("shows {marker}"));
            }
        }
    }
    faults.extend(check_survivor(stage, cell, verdict, reply, &headers));
    if reply.status < 400 && faults.is_empty() {
        faults.extend(check_content(stage, principal, cell, reply));
    }
    let sensitive = stage.world.record("programsensitive");
    if reply.text.contains(WITHHELD) && !owns(&stage.world, principal, sensitive) {
        let body: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        if shows_withheld(&body) {
            faults.push("shows a count that is withheld".to_owned());
        }
    }
    faults
}

/// Where a merged record has gone is told to those whom its id leads there, and to nobody else.
fn check_survivor(
    stage: &Stage<'_>,
    cell: &Cell<'_>,
    verdict: Verdict,
    reply: &Reply,
    headers: &str,
) -> Option<String> {
    let survivor = &stage.ids[stage.world.become_of(&cell.ask.record?.key)];
    let tells = match (verdict.status, verdict.code) {
        (308, _) => reply.header("location").unwrap_or_default().contains(survivor),
        (_, "record-merged") if cell.method == "HEAD" => true,
        (_, "record-merged") => reply.json()["merged_into"] == survivor.as_str(),
        (_, "record-deleted") if stage.world.merged.contains_key(&cell.ask.record?.key) => {
            !reply.text.contains(survivor) && !headers.contains(survivor)
        }
        _ => true,
    };
    (!tells).then(|| format!("tells wrongly that it has become {survivor}: {}", reply.text))
}

/// The code of a problem. HEAD has no body to tell it.
fn code_of(cell: &Cell<'_>, reply: &Reply, verdict: Verdict) -> String {
    if reply.status < 400 {
        return String::new();
    }
    if cell.method == "HEAD" {
        return verdict.code.to_owned();
    }
    reply.json()["code"].as_str().unwrap_or_default().to_owned()
}

fn check_content(stage: &Stage<'_>, principal: &Principal, cell: &Cell<'_>, reply: &Reply) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(word) = cell.shows.as_ref().filter(|word| !reply.text.contains(*word)) {
        faults.push(format!("does not show {word}"));
    }
    if reply.text.contains("\"expanded\":") {
        faults.extend(check_expanded(stage, principal, &reply.json()["expanded"]));
    }
    if let Some(expected) = &cell.lists {
        let page = reply.json();
        let ids: BTreeSet<&str> = page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| item["id"].as_str())
            .collect();
        let wanted: BTreeSet<&str> = expected.iter().map(|key| stage.ids[key].as_str()).collect();
        if ids != wanted {
            let name = |id: &&&str| {
                stage
                    .ids
                    .iter()
                    .find(|(_, known)| known == *id)
                    .map(|(key, _)| key.clone())
            };
            let more: Vec<_> = ids.difference(&wanted).map(|id| name(&id)).collect();
            let less: Vec<_> = wanted.difference(&ids).map(|id| name(&id)).collect();
            faults.push(format!("lists {more:?} too many and lacks {less:?}"));
        }
        if page["page"]["total"] != wanted.len() {
            faults.push(format!("counts {} and not {}", page["page"]["total"], wanted.len()));
        }
    }
    faults
}

/// Under an id is embedded what it means, where the caller sees what it meant and means.
fn check_expanded(stage: &Stage<'_>, principal: &Principal, expanded: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (id, embedded) in expanded.as_object().into_iter().flatten() {
        let named = stage.world.records.iter().find(|record| stage.ids[&record.key] == *id);
        let meant = named.filter(|record| may_refer(&stage.world, principal, record));
        let meant = meant.map(|record| stage.ids[&stage.world.meant_by(record).key].as_str());
        if embedded["id"].as_str() != meant {
            faults.push(format!("embeds {} for {id}, not {meant:?}", embedded["id"]));
        }
    }
    faults
}

/// The words of versions that stand in a text.
pub(super) fn found_markers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find("zq.") {
        let word = &rest[at..];
        match word[3..].find(".zq") {
            Some(end) if end < 40 => {
                found.insert(word[..end + 6].to_owned());
                rest = &word[end + 6..];
            }
            _ => rest = &word[3..],
        }
    }
    found
}

/// Does the part whose count is below five tell it?
fn shows_withheld(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            let told = name == WITHHELD && !member["count"].is_null() && member["count"]["qualifier"] != "withheld";
            told || shows_withheld(member)
        }),
        Value::Array(items) => items.iter().any(shows_withheld),
        _ => false,
    }
}

/// An answer without what differs between any two; `connection: close` depends on how much of a body had arrived.
pub(super) fn masked(reply: &Reply, references: &[String]) -> String {
    let request_id = reply.header("x-request-id").unwrap_or_default().to_owned();
    let mask = |text: &str| {
        let known = text.replace(&request_id, "<request>");
        references
            .iter()
            .fold(known, |text, reference| text.replace(reference, "<reference>"))
    };
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "connection")
        .map(|(name, value)| format!("{name}: {}", mask(&String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    headers.sort();
    format!("{} {} {}", reply.status, mask(&reply.text), headers.join("; "))
}
