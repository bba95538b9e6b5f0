//! The cells of one operation and one caller: what is sent, and what it means to the oracle.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::documents::{change_of_part, owners_change};
use super::facts::{Ask, Condition, Kind, Principal, Record, Shows, Token};
use super::operations::{Form, Operation};
use super::small_world::is_about_token;
use super::stage::{OWN_SYSTEM, SYSTEM_OF_A, Stage, own_key};

/// One request and its meaning.
#[derive(Debug, Clone)]
pub(super) struct Cell<'a> {
    /// How the record stands to the office `a`.
    pub(super) relation: String,
    /// Where the reference travels.
    pub(super) place: &'static str,
    pub(super) ask: Ask<'a>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// Cells of one group must be answered alike where the record is hidden and where there is none.
    pub(super) group: String,
    /// What stands for the record, masked before answers are compared.
    pub(super) references: Vec<String>,
    /// A word that an answer which allows must show.
    pub(super) shows: Option<String>,
    /// A word that the caller sends itself.
    pub(super) sends: Option<String>,
    /// The keys of the records that a list must show: exactly these, and their number as total.
    pub(super) lists: Option<BTreeSet<String>>,
}

impl Cell<'_> {
    /// Another query parameter.
    pub(super) fn with_query(mut self, name: &str, value: &str) -> Self {
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(&pair);
        self
    }
}

/// Does this caller meet but a few records of this kind?
pub(super) fn is_rare(kind: Kind, principal: &Principal) -> bool {
    kind != Kind::Mou && !SAMPLE_OF_CALLERS.contains(&principal.name.as_str())
}

/// The records that are also named in rarer ways, and the callers who do.
pub(super) const SAMPLE_OF_RECORDS: &[&str] = &[
    "absent",
    "public",
    "private",
    "widened",
    "gone",
    "left",
    "merged",
    "mergedhidden",
    "mergedaway",
];
const SAMPLE_OF_CALLERS: &[&str] = &[
    "owner",
    "unit of the owner",
    "party",
    "unrelated office",
    "registry admin",
];

/// Whether a token counts does not depend on the record; that it is asked first shows on one that is absent.
fn sample_for_tokens(principal: &Principal) -> &'static [&'static str] {
    if principal.shows != Shows::Secret {
        &["absent", "public", "private"]
    } else if principal.token == Token::Valid {
        &["public"]
    } else {
        &["absent", "public"]
    }
}

/// A record that is named, or one that never existed.
type Target<'a> = Option<&'a Record>;

/// All cells that name one record in the path.
pub(super) fn on_records<'a>(stage: &'a Stage<'_>, operation: &Operation, principal: &Principal) -> Vec<Cell<'a>> {
    let kind = operation.kind.expect("a kind");
    let few = is_about_token(principal);
    let mut cells = Vec::new();
    for target in targets(stage, kind) {
        let relation = relation_of(target);
        if few && !sample_for_tokens(principal).contains(&relation.as_str()) {
            continue;
        }
        // Standing is the kernel's: the rarer callers meet every record of one kind, and a sample of the others.
        if !few && is_rare(kind, principal) && !["absent", "public", "private"].contains(&relation.as_str()) {
            continue;
        }
        let of_interest = !few && SAMPLE_OF_RECORDS.contains(&relation.as_str());
        let looked_at = of_interest && SAMPLE_OF_CALLERS.contains(&principal.name.as_str());
        for one in on_record(stage, operation, of_interest, principal, target) {
            if operation.method == "GET" && looked_at {
                let mut head = one.clone();
                head.method = "HEAD".to_owned();
                head.group.push_str(" HEAD");
                head.shows = None;
                cells.push(head);
            }
            if operation.form.takes_condition() && looked_at && one.place != "ext path" {
                cells.extend(faulty(operation, &one));
            }
            if operation.form == Form::Get && !few && one.place == "path" {
                let embeds = ["absent", "public", "private", "expander"].contains(&relation.as_str());
                cells.extend(embeds.then(|| expanded(operation, &one)));
            }
            if operation.form == Form::ListRevisions && looked_at && one.place == "path" {
                cells.extend(
                    target
                        .filter(|record| record.versions.len() > 1)
                        .map(|_| continued(stage, &one)),
                );
            }
            if operation.form == Form::Act && looked_at && one.place == "path" {
                cells.extend(transfers(stage, principal, target, &one));
            }
            let has_part = target.is_none_or(|record| record.parts.contains("b"));
            if operation.form.merges() && !few && has_part && one.place != "ext path" {
                let mut part = one.clone();
                part.ask.part = Some("b");
                part.body = Some(change_of_part(kind, &stage.ids));
                part.group.push_str(" part");
                part.place = "body";
                cells.push(part);
            }
            cells.push(one);
        }
    }
    cells
}

/// The same with everything embedded that can be.
fn expanded<'a>(operation: &Operation, cell: &Cell<'a>) -> Cell<'a> {
    let mut other = cell.clone().with_query("expand", &operation.expands.join(","));
    other.place = "expand";
    other.group.push_str(" expand");
    other
}

/// The same from a position that the owner was given.
fn continued<'a>(stage: &Stage<'_>, cell: &Cell<'a>) -> Cell<'a> {
    let mut other = cell.clone().with_query("limit", "1");
    let page = stage.admin.get(&other.path);
    other.place = "cursor";
    other.group.push_str(" cursor");
    match page.status {
        200 => {
            let cursor = page.json()["page"]["next_cursor"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            other.with_query("cursor", &cursor)
        }
        _ => other,
    }
}

/// Absent first, so that what is hidden can be compared with it.
pub(super) fn targets<'a>(stage: &'a Stage<'_>, kind: Kind) -> Vec<Target<'a>> {
    let records = stage.world.records.iter();
    let of_kind = records.filter(|record| record.kind == kind && !record.is_house);
    std::iter::once(None).chain(of_kind.map(Some)).collect()
}

pub(super) fn relation_of(target: Target<'_>) -> String {
    target.map_or_else(|| "absent".to_owned(), |record| record.relation.clone())
}

/// The id of a record of this kind, or one like it that no record has.
pub(super) fn id_of(stage: &Stage<'_>, kind: Kind, target: Target<'_>) -> String {
    match target {
        Some(record) => stage.ids[&record.key].clone(),
        None => {
            let some = &stage.ids[&format!("{}public", kind.name())];
            format!("{}zzzzzz", &some[..some.len() - 6])
        }
    }
}

/// The key by which offices know it.
pub(super) fn key_of(kind: Kind, target: Target<'_>) -> String {
    own_key(&target.map_or_else(|| format!("{}absent", kind.name()), |record| record.key.clone()))
}

/// The plain request for one record, by its id and by an own id.
fn on_record<'a>(
    stage: &'a Stage<'_>,
    operation: &Operation,
    by_own_id_too: bool,
    principal: &Principal,
    target: Target<'a>,
) -> Vec<Cell<'a>> {
    let kind = operation.kind.expect("a kind");
    let (id, key) = (id_of(stage, kind, target), key_of(kind, target));
    let by_own_id = format!("ext:{OWN_SYSTEM}:{key}");
    let mut addresses = vec![("path", id.clone())];
    if operation.form.is_by_own_id() {
        addresses = vec![("own id", key.clone())];
    } else if by_own_id_too {
        addresses.push(("ext path", by_own_id));
    }
    let mut systems = vec![OWN_SYSTEM];
    if operation.form == Form::RemoveOwnId {
        systems.push(SYSTEM_OF_A);
    }
    let mut cells = Vec::new();
    for (place, address) in addresses {
        let is_merged = target.is_some_and(|record| stage.world.merged.contains_key(&record.key));
        let relation = relation_of(target);
        // Own ids of a merged record mean what that has become.
        let target = match target {
            Some(record) if place != "path" => Some(stage.world.meant_by(record)),
            _ => target,
        };
        let leads_on = is_merged && place == "path";
        for system in &systems {
            for version in versions(operation.form, target) {
                let system = if operation.form == Form::SetOwnId {
                    "new"
                } else {
                    system
                };
                let mut path = operation.path.replace("{id}", &address).replace("{system}", system);
                path = path.replace("{key}", &key).replace("{version}", &version.to_string());
                let is_given = target.is_some() && !leads_on;
                let is_known = is_given && (system != SYSTEM_OF_A || principal.office.as_deref() == Some("a"));
                let mut cell = Cell {
                    relation: relation.clone(),
                    place,
                    ask: Ask {
                        record: target,
                        versions: if operation.form == Form::Diff {
                            vec![1, 2]
                        } else {
                            vec![version]
                        },
                        is_known,
                        ..Ask::default()
                    },
                    method: operation.method.clone(),
                    path,
                    headers: Vec::new(),
                    body: body(stage, operation.form, kind, target),
                    group: format!("{place} {system} {version}"),
                    references: vec![id.clone(), key.clone()],
                    shows: shows(operation.form, target, version).filter(|_| !leads_on || operation.form != Form::Get),
                    sends: None,
                    lists: None,
                };
                if operation.form.takes_condition() {
                    cell.headers.push(("if-match", "*".to_owned()));
                }
                if operation.form == Form::Diff {
                    cell = cell.with_query("from", "1").with_query("to", "2");
                }
                cells.push(rehearsed(operation, cell));
            }
        }
    }
    // What is restored unchanged changes nothing, whoever asks.
    cells.retain(|_| operation.form != Form::Restore || target.is_none_or(|record| record.versions.len() > 1));
    cells
}

/// Nothing is kept of what a cell does.
pub(super) fn rehearsed<'a>(operation: &Operation, cell: Cell<'a>) -> Cell<'a> {
    if operation.takes_dry_run {
        cell.with_query("dry_run", "true")
    } else {
        cell
    }
}

fn versions(form: Form, target: Target<'_>) -> Vec<usize> {
    match form {
        Form::GetRevision => (1..=target.map_or(2, |record| record.versions.len().max(2))).collect(),
        _ => vec![1],
    }
}

fn body(stage: &Stage<'_>, form: Form, kind: Kind, target: Target<'_>) -> Option<Value> {
    let whole = || {
        let key = target.map_or_else(|| format!("{}public", kind.name()), |record| record.key.clone());
        stage.wholes[&key].clone()
    };
    match form {
        Form::Replace | Form::PutByOwnId => Some(whole()),
        Form::Update | Form::PatchByOwnId => Some(owners_change()),
        Form::Restore => Some(json!({ "revision": 1 })),
        Form::Act => {
            let owner = target.map_or("a", |record| record.owner.as_str());
            Some(transfer(&stage.ids[owner]))
        }
        _ => None,
    }
}

fn transfer(to: &str) -> Value {
    json!({ "action": "transfer", "to_office_id": to, "reason": "Another one takes over." })
}

/// The record given to others than its owner, and an action that is the registry's.
fn transfers<'a>(stage: &'a Stage<'_>, principal: &Principal, target: Target<'a>, cell: &Cell<'a>) -> Vec<Cell<'a>> {
    let variant = |name: &str, body: Value| {
        let mut other = cell.clone();
        other.relation = format!("{} {name}", cell.relation);
        other.group = format!("{} {name}", cell.group);
        (other.place, other.body) = ("body", Some(body));
        other
    };
    let redaction = json!({ "action": "redact", "pointer": "/visibility", "reason": "Personal." });
    let mut redact = variant("redacted", redaction);
    redact.ask.is_for_registry = true;
    // What the registry may redact of it is not asked here.
    let mut cells = Vec::new();
    let is_registry = principal.office.is_none();
    if target.is_none() || !is_registry {
        cells.push(redact);
    }
    if target.is_none() {
        return cells;
    }
    for receiver in ["b", "aa", "u", "h", "d", "m"] {
        let mut other = variant(&format!("to {receiver}"), transfer(&stage.ids[receiver]));
        other.ask.receiver = Some(receiver);
        other.ask.refers_to = vec![Some(stage.world.record(receiver))];
        cells.push(other);
    }
    let mut other = variant("to nobody", transfer(&id_of(stage, Kind::Office, None)));
    other.ask.refers_to = vec![None];
    cells.push(other);
    cells
}

fn shows(form: Form, target: Target<'_>, version: usize) -> Option<String> {
    let record = target?;
    match form {
        Form::Get | Form::GetByOwnId => Some(record.marker(record.versions.len())),
        Form::GetRevision if version <= record.versions.len() => Some(record.marker(version)),
        _ => None,
    }
}

/// The same request with something wrong: no condition, an old one, a body that keeps no schema.
fn faulty<'a>(operation: &Operation, cell: &Cell<'a>) -> Vec<Cell<'a>> {
    let variant = |name: &str, change: &dyn Fn(&mut Cell<'a>)| {
        let mut other = cell.clone();
        other.group.push_str(name);
        change(&mut other);
        other
    };
    let mut cells = Vec::new();
    if !operation.form.is_push() {
        cells.push(variant(" no condition", &|cell| {
            cell.ask.condition = Condition::Missing;
            cell.headers.clear();
            cell.place = "if-match";
        }));
    }
    cells.push(variant(" old condition", &|cell| {
        cell.ask.condition = Condition::Stale;
        cell.headers = vec![("if-match", "\"v1\"".to_owned())];
        cell.place = "if-match";
    }));
    if matches!(operation.form, Form::Replace | Form::Update) {
        cells.push(variant(" invalid", &|cell| {
            cell.ask.is_invalid = true;
            cell.place = "body";
            if let Some(body) = cell.body.as_mut() {
                body["tags"] = json!({ "wrong": 5 });
            }
        }));
    }
    cells
}
