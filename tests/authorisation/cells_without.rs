//! The cells of operations whose path names no record: lists, creations, and what is about nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cells::{Cell, SAMPLE_OF_RECORDS, id_of, is_rare, key_of, rehearsed, relation_of, targets};
use super::documents::{creation, minimal, refer};
use super::facts::{Ask, Condition, Kind, Principal, Record, World};
use super::operations::{Form, Operation};
use super::oracle::{listed, sees};
use super::small_world::is_about_token;
use super::stage::{COUNTRY_ABROAD, OFFICE_ABROAD, OWN_SYSTEM, SYSTEM_OF_A, Stage, own_key};

/// A cell that names no record yet.
pub(super) fn plain<'a>(operation: &Operation, relation: &str, place: &'static str) -> Cell<'a> {
    Cell {
        relation: relation.to_owned(),
        place,
        ask: Ask::default(),
        method: operation.method.clone(),
        path: operation
            .path
            .replace("{code}", "not-found")
            .replace("{page}", "admins")
            .replace("{seq}", "999999999"),
        headers: Vec::new(),
        body: None,
        group: format!("{relation} {place}"),
        references: Vec::new(),
        shows: None,
        sends: None,
        lists: None,
    }
}

/// All cells of a list.
pub(super) fn of_list<'a>(stage: &'a Stage<'_>, operation: &Operation, principal: &Principal) -> Vec<Cell<'a>> {
    let kind = operation.kind.expect("a kind");
    let seen = listed(&stage.world, principal, kind);
    let keep = |matches: &dyn Fn(&Record) -> bool| {
        let kept = seen.iter().filter(|key| matches(stage.world.record(key)));
        Some(kept.cloned().collect::<BTreeSet<String>>())
    };
    let list = |relation: &str, place, parameters: &[(&str, &str)], lists| {
        let mut cell = plain(operation, relation, place);
        cell.lists = lists;
        for (name, value) in [("limit", "200"), ("include_total", "true")].iter().chain(parameters) {
            cell = cell.with_query(name, value);
        }
        cell
    };
    let mut cells = vec![list("all", "-", &[], keep(&|_| true))];
    if is_about_token(principal) {
        let expand = operation.expands.join(",");
        cells.push(list("expanded", "expand", &[("expand", &expand)], keep(&|_| true)));
        return cells;
    }
    let same = |one: &str, other: &str| stage.world.become_of(one) == stage.world.become_of(other);
    for owner in ["a", "aa", "b", "u", "h", "d", "m"] {
        let kept = keep(&|record| same(&record.owner, owner));
        cells.push(list(
            &format!("owner {owner}"),
            "filter",
            &[("owner", &stage.ids[owner])],
            kept,
        ));
    }
    for (filter, target) in filters(kind) {
        let kept = keep(&|record| names(&stage.world, record, target));
        cells.push(list(
            &format!("{filter} {target}"),
            "filter",
            &[(filter, &stage.ids[*target])],
            kept,
        ));
    }
    if kind == Kind::Program {
        // What is hidden of an office is not found out by the records that name it.
        let is_seen = sees(&stage.world, principal, stage.world.record(OFFICE_ABROAD));
        let kept = keep(&|record| is_seen && names(&stage.world, record, OFFICE_ABROAD));
        let country = [("office_country", COUNTRY_ABROAD)];
        cells.push(list("by the country of h", "filter", &country, kept));
    }
    for (system, target) in [
        (OWN_SYSTEM, "officepublic"),
        (OWN_SYSTEM, "officeprivate"),
        (OWN_SYSTEM, "absent"),
        (SYSTEM_OF_A, "officepublic"),
    ] {
        let reference = format!("ext:{system}:{}", own_key(target));
        let mut cell = list(
            &format!("{system} {target}"),
            "ext filter",
            &[("owner", &reference)],
            keep(&|_| false),
        );
        cell.ask.filters_by_own_id = true;
        cell.ask.is_known = target != "absent" && (system == OWN_SYSTEM || principal.office.as_deref() == Some("a"));
        cells.push(cell);
    }
    let searched = stage.world.records.iter().filter(|record| record.kind == kind);
    for target in searched.filter(|_| !is_rare(kind, principal)) {
        // What stood in a version that was wider or narrower is not found by its words either.
        let first = if ["narrowed", "widened"].contains(&target.relation.as_str()) {
            1
        } else {
            target.versions.len()
        };
        for version in first..=target.versions.len() {
            let is_now = version == target.versions.len();
            let kept = keep(&|record| is_now && record.key == target.key);
            cells.push(list(&target.relation, "-", &[("q", &target.marker(version))], kept));
        }
    }
    let expand = operation.expands.join(",");
    cells.push(list("expanded", "expand", &[("expand", &expand)], keep(&|_| true)));
    cells.extend(cursors(stage, operation));
    cells
}

/// Filters that name a record other than the owner.
fn filters(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Office => &[("parent", "p"), ("parent", "h")],
        Kind::Policy => &[("responsible_office", "b"), ("responsible_office", "h")],
        Kind::Mou => &[("party", "b"), ("party", "f"), ("party", "h"), ("party", "m")],
        Kind::Program => &[
            ("office", "b"),
            ("office", "h"),
            ("mou", "mouhidden"),
            ("mou", "mouseen"),
            ("policy", "policyhidden"),
        ],
    }
}

/// Does a record name another, in a member that a filter of its kind looks at?
fn names(world: &World, record: &Record, target: &str) -> bool {
    let is_target = |office: &String| world.become_of(office) == world.become_of(target);
    let named = || {
        let takes_part = matches!(record.kind, Kind::Mou | Kind::Program) && is_target(&record.owner);
        takes_part || record.current().named.iter().any(is_target)
    };
    (record.kind != Kind::Office || record.is_house) && named() || record.refers_to.iter().any(|key| key == target)
}

/// A position of the owner's list, used by another, and for another list.
fn cursors<'a>(stage: &'a Stage<'_>, operation: &Operation) -> Vec<Cell<'a>> {
    let path = format!("{}?limit=2", operation.path);
    let owner = stage.principals.iter().find(|(principal, _)| principal.name == "owner");
    let (_, owner) = owner.expect("an owner");
    let page = owner.get(&path).expect(200).json();
    let Some(cursor) = page["page"]["next_cursor"].as_str() else {
        panic!("{path} has one page");
    };
    let at = |name: &str| {
        let cell = plain(operation, name, "cursor").with_query("limit", "2");
        cell.with_query("cursor", cursor)
    };
    let mut other = at("cursor of another list").with_query("sort", "-created_at");
    other.ask.has_foreign_cursor = true;
    vec![at("cursor of the owner"), other]
}

/// All cells of a creation.
pub(super) fn of_creation<'a>(stage: &'a Stage<'_>, operation: &Operation, principal: &Principal) -> Vec<Cell<'a>> {
    let kind = operation.kind.expect("a kind");
    let own = principal.office.as_deref().unwrap_or("u");
    let least = minimal(kind, "Changed", &stage.ids[own], &stage.ids);
    let create = |relation: &str, place, body: Value| {
        let mut cell = plain(operation, relation, place);
        cell.body = Some(body);
        rehearsed(operation, cell)
    };
    let for_owner = |id: &str| {
        let mut body = least.clone();
        body["owner_office_id"] = json!(id);
        body
    };
    let mut owned = least.clone();
    if principal.office.is_none() && kind != Kind::Office {
        owned = for_owner(&stage.ids["u"]);
    }
    let mut cells = vec![create("in its own name", "-", owned.clone())];
    let mut invalid = owned.clone();
    invalid["tags"] = json!({ "wrong": 5 });
    let mut cell = create("invalid", "body", invalid);
    cell.ask.is_invalid = true;
    cells.push(cell);
    if is_about_token(principal) {
        return cells;
    }
    let absent = id_of(stage, Kind::Office, None);
    let mut cell = create("owner absent", "body", for_owner(&absent));
    cell.ask.owner = Some("absent");
    cell.ask.refers_to = vec![None];
    (cell.group, cell.references) = ("owner".to_owned(), vec![absent]);
    cells.push(cell);
    if matches!(kind, Kind::Mou | Kind::Program) {
        let mut body = minimal(kind, "Changed", &stage.ids["a"], &stage.ids);
        body["owner_office_id"] = json!(stage.ids[own]);
        let mut cell = create("about others", "body", body);
        cell.ask.about = if kind == Kind::Mou { vec!["a", "v"] } else { vec!["a"] };
        cells.push(cell);
    }
    for owner in ["a", "aa", "b", "u", "h", "d", "m"] {
        let mut cell = create(&format!("owner {owner}"), "body", for_owner(&stage.ids[owner]));
        cell.ask.owner = Some(owner);
        cell.ask.refers_to = vec![Some(stage.world.record(owner))];
        (cell.group, cell.references) = ("owner".to_owned(), vec![stage.ids[owner].clone()]);
        cells.push(cell);
    }
    for record in stage
        .world
        .records
        .iter()
        .filter(|record| record.kind == Kind::Mou && kind == Kind::Mou)
    {
        if SAMPLE_OF_RECORDS.contains(&record.relation.as_str()) {
            let mut cell = create(
                &format!("twin of {}", record.relation),
                "body",
                twin(stage, record, own),
            );
            cell.ask.resembles = Some(record);
            let named = record.versions[0].named.iter().map(String::as_str);
            cell.ask.about = named.chain([record.owner.as_str(), "v"]).collect();
            cell.sends = Some(record.marker(record.versions.len()));
            cells.push(cell);
        }
    }
    for of_kind in referred_kinds(kind) {
        for target in targets(stage, *of_kind) {
            let key = key_of(*of_kind, target);
            for (place, reference) in [
                ("body", id_of(stage, *of_kind, target)),
                ("ext body", format!("ext:{OWN_SYSTEM}:{key}")),
            ] {
                if place == "ext body" && !SAMPLE_OF_RECORDS.contains(&relation_of(target).as_str()) {
                    continue;
                }
                let mut body = owned.clone();
                refer(&mut body, kind, 0, &reference);
                let mut cell = create(&relation_of(target), place, body);
                cell.ask.refers_to = vec![match target {
                    Some(record) if place == "ext body" => Some(stage.world.meant_by(record)),
                    _ => target,
                }];
                cell.group = format!("{} {place}", of_kind.name());
                cell.references = vec![id_of(stage, *of_kind, target), key.clone()];
                cells.push(cell);
            }
        }
    }
    cells
}

/// A memorandum that seems to be this one: the same signatories, kind, day and title.
fn twin(stage: &Stage<'_>, record: &Record, own: &str) -> Value {
    let mut body = creation(record, &stage.ids);
    body["titles"]["en"] = json!(record.marker(record.versions.len()));
    body["owner_office_id"] = json!(stage.ids[own]);
    body["visibility"] = json!("private");
    body
}

fn referred_kinds(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Office => &[Kind::Office],
        Kind::Policy => &[Kind::Policy],
        Kind::Mou => &[Kind::Mou],
        Kind::Program => &[Kind::Mou, Kind::Policy, Kind::Program],
    }
}

/// A push under an own id that means nothing yet, without a condition: it creates.
pub(super) fn of_push<'a>(stage: &'a Stage<'_>, operation: &Operation, principal: &Principal) -> Vec<Cell<'a>> {
    let kind = operation.kind.expect("a kind");
    let own = principal.office.as_deref().unwrap_or("u");
    let mut body = minimal(kind, "Changed", &stage.ids[own], &stage.ids);
    if principal.office.is_none() {
        body["owner_office_id"] = json!(stage.ids["u"]);
    }
    let mut cells = Vec::new();
    // The second is known to the office `a` alone.
    for (relation, system, key) in [
        ("new", "another", own_key("new")),
        (
            "known to the owner",
            SYSTEM_OF_A,
            own_key(&format!("{}private", kind.name())),
        ),
    ] {
        let knows = system == SYSTEM_OF_A && principal.office.as_deref() == Some("a");
        if knows {
            continue;
        }
        let mut cell = plain(operation, relation, "own id");
        cell.path = operation.path.replace("{system}", system).replace("{key}", &key);
        cell.ask.condition = Condition::Missing;
        cell.body = Some(body.clone());
        cells.push(rehearsed(operation, cell));
    }
    cells
}

/// The cells of an operation that names no record at all.
pub(super) fn of_nothing<'a>(operation: &Operation) -> Vec<Cell<'a>> {
    assert!(
        operation.form != Form::Plain || !operation.path.contains("{id}"),
        "{}: the matrix has no cells for {} {} yet; add them",
        operation.id,
        operation.method,
        operation.path
    );
    vec![plain(operation, "-", "-")]
}

/// The cell of an operation of the registry's own, on something that never existed.
pub(super) fn of_registry<'a>(operation: &Operation) -> Vec<Cell<'a>> {
    let mut cell = plain(operation, "absent", "-");
    let prefix = if operation.path.contains("/clients/") {
        "cli"
    } else {
        "idn"
    };
    cell.path = operation.path.replace("{id}", &format!("{prefix}_{}", "0".repeat(26)));
    if operation.method == "POST" {
        cell.body = Some(json!({ "issuer": "https://issuer.example", "subject": "somebody" }));
    }
    vec![rehearsed(operation, cell)]
}
