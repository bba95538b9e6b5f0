//! Components of the service itself: problems, pages, the feed, revisions.

use serde_json::{Map, Value, json};

/// All of them, by name.
pub fn service_schemas() -> Map<String, Value> {
    let text = || json!({"type": "string"});
    let nullable_text = || json!({"type": ["string", "null"]});
    let instant = || json!({"type": "string", "format": "date-time"});
    // Readers of documents want a type, so any value is written out.
    let any = |description: &str| json!({"type": ["array", "boolean", "null", "number", "object", "string"], "description": description});
    let object = |description: &str, properties: Value| closed_object(description, properties);
    let schemas = json!({
        "Problem": {
            "type": "object",
            "description": "A failure (RFC 9457). `type` is a page with cause, example and fix; `code` never changes. Some codes add members of their own.",
            "required": ["type", "title", "status", "detail", "instance", "code", "request_id", "errors"],
            "properties": {
                "type": {"type": "string", "format": "uri-reference", "description": "The page of this code."},
                "title": text(),
                "status": {"type": "integer"},
                "detail": {"type": "string", "description": "What was wrong this time and what to do."},
                "instance": {"type": "string", "description": "The path that was called."},
                "code": {"type": "string", "description": "The stable code."},
                "request_id": {"type": "string", "description": "As in the header X-Request-Id and in the service's log."},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}, "description": "Every place that is wrong, all at once."},
            },
            "additionalProperties": true,
        },
        "ProblemError": {
            "type": "object",
            "description": "One thing that is wrong, at one place: `pointer` (RFC 6901, into the body) or `parameter`.",
            "required": ["code", "detail", "params"],
            "properties": {
                "pointer": text(),
                "parameter": text(),
                "code": {"type": "string", "description": "Stable; listed at `/problems` with its meaning."},
                "detail": text(),
                "allowed": {"type": "array", "items": {"type": "string"}, "description": "The accepted values, where there is a closed list."},
                "suggestion": {"type": "string", "description": "The accepted value nearest to what was sent."},
                "params": {"type": "object", "additionalProperties": true, "description": "The figures of the rule."},
            },
            "additionalProperties": false,
        },
        "PageInfo": object("Where a page stands in its list.", json!({
            "limit": {"type": "integer"},
            "next_cursor": nullable_text(),
            "prev_cursor": nullable_text(),
            "has_more": {"type": "boolean"},
            "total": {"type": ["integer", "null"], "description": "With `include_total`: how many records match."},
        })),
        "Expanded": {
            "type": "object",
            "description": "Embedded records by id.",
            "additionalProperties": {"type": "object"},
        },
        "Restore": {
            "type": "object",
            "description": "Which revision is to be restored.",
            "required": ["revision"],
            "properties": {"revision": {"type": "integer", "minimum": 1}},
            "additionalProperties": false,
            "examples": [{"revision": 1}],
        },
        "Revision": object("One version of a record.", json!({
            "version": {"type": "integer"},
            "at": instant(),
            "operation": {"type": "string", "enum": ["create", "update", "restore", "transfer", "redact", "merge_into", "delete"]},
            "office_id": {"type": ["string", "null"], "description": "The office that made it; null for the registry itself."},
            "digest": {"type": "string", "description": "sha256 over the document as you get it; empty for a deletion."},
            "reason": {"type": ["string", "null"], "description": "Why, where an action asked for it."},
        })),
        "RevisionPage": {
            "type": "object",
            "description": "One page of revisions, newest first.",
            "required": ["items", "page"],
            "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Revision"}},
                "page": {"$ref": "#/components/schemas/PageInfo"},
            },
            "additionalProperties": false,
        },
        "ExternalId": object("An id that your office gave to a record.", json!({
            "system": {"type": "string", "description": "Your system."},
            "key": {"type": "string", "description": "The record's key in it."},
        })),
        "ExternalIdPage": {
            "type": "object",
            "description": "One page of your own ids of a record.",
            "required": ["items", "page"],
            "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/ExternalId"}},
                "page": {"$ref": "#/components/schemas/PageInfo"},
            },
            "additionalProperties": false,
        },
        "Diff": object("What differs between two versions, without the members that the service keeps.", json!({
            "from": {"type": "integer"},
            "to": {"type": "integer"},
            "changes": {"type": "array", "items": {"$ref": "#/components/schemas/DiffChange"}},
            "patch": {"type": "object", "additionalProperties": true, "description": "A merge patch from the one to the other."},
        })),
        "DiffChange": object("One place that differs; null where there was or is nothing.", json!({
            "pointer": text(),
            "from": any("The value before."),
            "to": any("The value after."),
        })),
        "Change": object("One change, in the order of commits.", json!({
            "seq": {"type": "integer"},
            "kind": text(),
            "id": text(),
            "op": {"type": "string", "enum": ["upsert", "delete", "hidden"], "description": "`hidden`: you could see the record and may no longer."},
            "version": {"type": "integer"},
            "at": instant(),
            "by_office_id": nullable_text(),
            "merged_into": {"type": ["string", "null"], "description": "With `delete`: the record that this one, a duplicate, was merged into."},
            "record": {"type": ["object", "null"], "description": "The record at that version; null for `delete` and `hidden`."},
        })),
        "ChangePage": object("A part of the feed.", json!({
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
            "next": {"type": "string", "description": "Send as `since` next time. Always there, also when there is nothing new."},
            "has_more": {"type": "boolean"},
        })),
        "AuditEvent": object("One event of the audit log. Of clients of other offices an office learns neither name, token, address nor request.", json!({
            "seq": {"type": "integer", "description": "The place in the chain."},
            "at": {"type": "string", "format": "date-time", "description": "When it was recorded."},
            "client": {"$ref": "#/components/schemas/AuditClient"},
            "token_id": nullable_text(),
            "office_id": {"type": ["string", "null"], "description": "The office acted for; null for the registry itself."},
            "operation": {"type": "string", "description": "An `operationId`, or for changes `{kind}.{what}`."},
            "target_id": {"type": ["string", "null"], "description": "What it was done to: a record, client or token. Of a refusal the id that was asked for, whether or not there is such a record."},
            "version": {"type": ["integer", "null"], "description": "Which version came of it."},
            "outcome": {"type": "string", "enum": ["done", "refused", "read"]},
            "code": {"type": ["string", "null"], "description": "The problem's code, where it was refused."},
            "occurrences": {"type": "integer", "description": "How many times, where several are told by one event."},
            "period": {"type": ["string", "null"], "format": "date-time", "description": "The beginning of the minute (refusals) or hour (reads) that the event sums up."},
            "disclosed": {"type": "array", "items": {"type": "string"}, "description": "The records that were shown of those that not everybody may see."},
            "address": {"type": ["string", "null"], "description": "From where."},
            "request_id": {"type": ["string", "null"], "description": "As in the answer and in the service's log."},
            "hash": {"type": "string", "description": "The hash over this event and the hash of the one before."},
        })),
        "AuditClient": object("Who did it.", json!({
            "id": {"type": "string", "description": "A client; `cli` for commands on the host."},
            "name": nullable_text(),
        })),
        "AuditEventPage": {
            "type": "object",
            "description": "One page of the audit log.",
            "required": ["items", "page"],
            "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/AuditEvent"}},
                "page": {"$ref": "#/components/schemas/PageInfo"},
            },
            "additionalProperties": false,
        },
        "Me": object("Who the token belongs to and what it may do.", json!({
            "client_id": text(),
            "client_name": text(),
            "token_id": nullable_text(),
            "office_id": {"type": ["string", "null"], "description": "The office acted for; null for the registry itself."},
            "scopes": {"type": "array", "items": {"type": "string"}},
            "expires_at": instant(),
            "expires_in_days": {"type": "integer", "description": "Whole days until then."},
            "networks": {"type": "array", "items": {"type": "string"}, "description": "From where the client may call; empty for anywhere."},
            "address": {"type": "string", "description": "The address that this request came from, as networks are checked against it."},
            "server_time": instant(),
            "clock_skew_seconds": {"type": ["integer", "null"], "description": "How far the request's `Date` header is ahead of the server's clock; null without one."},
            "quota": {
                "type": ["object", "null"],
                "description": "How many requests are left; null where none are counted.",
                "required": ["limit", "remaining", "reset_seconds"],
                "properties": {
                    "limit": {"type": "integer"},
                    "remaining": {"type": "integer"},
                    "reset_seconds": {"type": "integer"},
                },
                "additionalProperties": false,
            },
        })),
        "CodeLists": {
            "type": "object",
            "description": "All lists of codes by name.",
            "additionalProperties": {"$ref": "#/components/schemas/CodeList"},
        },
        "CodeList": object("One list of codes.", json!({
            "description": text(),
            "codes": {"type": "array", "items": {"$ref": "#/components/schemas/CodeEntry"}},
        })),
        "CodeEntry": object("One code with its labels.", json!({
            "code": text(),
            "broader": {"type": ["string", "null"], "description": "The wider code that it belongs to."},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        })),
        "Health": object("The process runs.", json!({"status": {"type": "string", "const": "ok"}})),
        "Readiness": object("The service can answer.", json!({
            "status": {"type": "string", "const": "ready"},
            "database": {"type": "string", "enum": ["sqlite", "postgres"]},
        })),
        "Version": object("What runs here.", json!({"name": text(), "version": text(), "api": text()})),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// An object that has exactly these members, all of them always.
pub fn closed_object(description: &str, properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default();
    json!({
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}
