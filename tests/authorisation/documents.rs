//! Bodies: the document of a record of the facts, the change to its next version, and what callers send.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::facts::{Intrusion, Kind, Record};

/// Ids by key, of what has been made.
pub(super) type Ids = BTreeMap<String, String>;

/// The key of the session's part whose count is below five, and withheld from all but the owner.
pub(super) const WITHHELD: &str = "withheldcell";

fn texts(kind: Kind, text: &str) -> (&'static str, Value) {
    let name = if kind == Kind::Office { "names" } else { "titles" };
    (name, json!({ "en": text }))
}

/// The first version of a record, as the registry creates it.
pub(super) fn creation(record: &Record, ids: &Ids) -> Value {
    let first = &record.versions[0];
    let mut body = minimal(record.kind, &record.marker(1), &ids[&record.owner], ids);
    body["owner_office_id"] = json!(ids[&record.owner]);
    body["visibility"] = json!(first.visibility);
    if first.stage == "draft" {
        body["stage"] = json!("draft");
    }
    for office in &first.named {
        name_office(&mut body, record, office, &ids[office]);
    }
    for (number, key) in record.refers_to.iter().enumerate() {
        refer(&mut body, record.kind, number, &ids[key]);
    }
    if record.relation == "sensitive" {
        body["sensitive"] = json!(true);
        body["sessions"] = json!({ "first": { "state": "held", "participation": {
            WITHHELD: { "role": "it_teacher", "unit": "person", "count": { "value": 3, "qualifier": "exact" } },
            "many": { "role": "it_teacher", "unit": "person", "count": { "value": 300, "qualifier": "exact" } },
        }}});
    }
    body
}

/// The least that a record of a kind needs.
pub(super) fn minimal(kind: Kind, text: &str, owner: &str, ids: &Ids) -> Value {
    let (name, value) = texts(kind, text);
    let mut body = match kind {
        Kind::Office => json!({ "kind": "school", "country": "KR" }),
        Kind::Policy => json!({
            "kind": "medium_term_plan",
            "stage": "published",
            "levels": { "task": { "labels": { "en": "Task" }, "order": 1 } },
            "nodes": { "n1": { "level": "task", "labels": { "en": "Node" } } },
        }),
        Kind::Mou => json!({ "kind": "mou", "stage": "recorded", "parties": { owner: { "roles": ["signatory"] } } }),
        Kind::Program => json!({ "kind": "training", "offices": { owner: { "roles": ["organizer"] } } }),
    };
    // A memorandum takes two; this one is nobody's relative.
    if kind == Kind::Mou {
        body["parties"][&ids["v"]] = json!({ "roles": ["signatory"] });
    }
    body[name] = value;
    body
}

fn name_office(body: &mut Value, record: &Record, office: &str, id: &str) {
    let has_part = record.parts.contains(office);
    match record.kind {
        Kind::Office => {
            if has_part {
                body["evaluations"] = json!({ "e1": { "evaluator_id": id } });
            }
            body["relations"][format!("r-{office}")] = json!({ "office_id": id });
        }
        Kind::Policy if has_part => body["nodes"]["n1"]["responsibilities"] = json!({ id: { "roles": ["lead"] } }),
        Kind::Policy => body["responsibilities"][id] = json!({ "roles": ["support"] }),
        Kind::Mou => {
            let role = if office == "f" { "witness" } else { "signatory" };
            body["parties"][id] = json!({ "roles": [role] });
        }
        Kind::Program => {
            let role = if has_part { "host" } else { "participant" };
            body["offices"][id] = json!({ "roles": [role] });
        }
    }
}

/// Adds a reference to the record with this id, of the kind that its prefix says.
pub(super) fn refer(body: &mut Value, kind: Kind, number: usize, target: &str) {
    let key = format!("k{number}");
    let is_policy = target.starts_with("pol_") || target.contains(":policy");
    match kind {
        Kind::Office => body["relations"][key] = json!({ "office_id": target }),
        Kind::Policy => body["links"][key] = json!({ "kind": "based_on", "policy_id": target }),
        Kind::Mou => body["parent_mou_id"] = json!(target),
        Kind::Program if target.starts_with("prg_") || target.contains(":program") => {
            body["commitments"][key] = json!({ "text": { "en": "Agreed" }, "realised_by": target });
        }
        Kind::Program if is_policy => body["policy_nodes"][key] = json!({ "policy_id": target }),
        Kind::Program => {
            let mut mous = body["mou_ids"].as_array().cloned().unwrap_or_default();
            mous.push(json!(target));
            body["mou_ids"] = Value::Array(mous);
        }
    }
}

/// The change from a version of a record to the next, numbered from 1.
pub(super) fn next_version(record: &Record, version: usize, ids: &Ids) -> Value {
    let (name, value) = texts(record.kind, &record.marker(version));
    let now = &record.versions[version - 1];
    let mut patch = json!({ "visibility": now.visibility, "tags": ["second"] });
    patch[name] = value;
    let before = &record.versions[version - 2].named;
    for office in now.named.difference(before) {
        name_office(&mut patch, record, office, &ids[office]);
    }
    for office in before.difference(&now.named) {
        let id = ids[office].as_str();
        match record.kind {
            Kind::Office => patch["relations"][format!("r-{office}")] = Value::Null,
            Kind::Policy => patch["responsibilities"][id] = Value::Null,
            Kind::Mou => patch["parties"][id] = Value::Null,
            Kind::Program => patch["offices"][id] = Value::Null,
        }
    }
    if record.intrusion.is_some_and(|intrusion| intrusion.version < version) {
        // The marker of the intrusion stands in its own version only.
        match record.kind {
            Kind::Office => patch["evaluations"]["e2"] = json!({ "findings": null }),
            _ => patch["sessions"]["intrusion"] = json!({ "label": null }),
        }
    }
    patch
}

/// What somebody else than the owner writes to bring an office in: an evaluator its own evaluation, a host a session.
pub(super) fn intrude(record: &Record, intrusion: Intrusion, ids: &Ids) -> Value {
    let text = json!({ "en": record.marker(intrusion.version) });
    let named = &ids[intrusion.named];
    match record.kind {
        Kind::Office => json!({ "evaluations": { "e2": { "evaluator_id": named, "findings": text } } }),
        _ => json!({ "sessions": { "intrusion": {
            "state": "planned",
            "label": text,
            "agenda": { "talk": { "title": { "en": "Talk" }, "presenter_office_id": named } },
            "participation": { "row": {
                "role": "it_teacher", "unit": "person", "from_office_id": named,
                "count": { "value": 300, "qualifier": "exact" },
            } },
        } } }),
    }
}

/// A change that is the owner's alone.
pub(super) fn owners_change() -> Value {
    json!({ "tags": ["changed"] })
}

/// A change of the part that office `b` has in records of this kind.
pub(super) fn change_of_part(kind: Kind, ids: &Ids) -> Value {
    match kind {
        Kind::Office => json!({ "evaluations": { "e1": { "findings": { "en": "Changed" } } } }),
        Kind::Policy => json!({ "nodes": { "n1": { "progress": { "state": "on_track" } } } }),
        Kind::Mou => json!({ "parties": { &ids["b"]: { "local_ref": "changed" } } }),
        Kind::Program => json!({ "sessions": { "another": { "state": "planned" } } }),
    }
}

/// What a caller sends back of a whole record after a change that is the owner's alone: nothing of it is a marker.
pub(super) fn whole(kind: Kind, stored: &Value) -> Value {
    let mut members: Map<String, Value> = stored.as_object().expect("a document").clone();
    for kept in ["id", "version", "created_at", "updated_at"] {
        members.remove(kept);
    }
    let (name, value) = texts(kind, "Changed");
    members.insert(name.to_owned(), value);
    members.insert("tags".to_owned(), json!(["changed"]));
    Value::Object(members)
}
