//! The components of these operations.

use crate::accounts::rules::{
    DEFAULT_GRACE_SECONDS, DEFAULT_LIFE_DAYS, LONGEST_GRACE_SECONDS, LONGEST_LIFE_DAYS, LONGEST_NAME, MOST_NETWORKS,
};
use crate::accounts::view::Status;
use crate::auth::scope::{Role, Scope};
use crate::openapi::service_schemas::closed_object;
use serde_json::{Map, Value, json};

/// All of them, by name.
pub fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    schemas.extend(answers());
    schemas.extend(bodies());
    schemas
}

fn text() -> Value {
    json!({"type": "string"})
}

fn nullable_text() -> Value {
    json!({"type": ["string", "null"]})
}

fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn nullable_instant() -> Value {
    json!({"type": ["string", "null"], "format": "date-time"})
}

fn scopes() -> Value {
    let names: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    json!({"type": "array", "items": {"type": "string", "enum": names}})
}

fn role_names() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.as_str()).collect()
}

fn page_of(component: &str) -> Value {
    json!({
        "type": "object",
        "description": "One page of a list.",
        "required": ["items", "page"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": format!("#/components/schemas/{component}")}},
            "page": {"$ref": "#/components/schemas/PageInfo"},
        },
        "additionalProperties": false,
    })
}

fn token_members() -> Map<String, Value> {
    let members = json!({
        "id": text(),
        "version": {"type": "integer"},
        "name": text(),
        "client_id": text(),
        "client_name": text(),
        "office_id": {"type": ["string", "null"], "description": "The office that its client acts for; null for the registry itself."},
        "status": {"type": "string", "enum": Status::WORDS, "description": "Computed. `rotating`: another token has taken its place, and it goes on until `expires_at`. `suspended`: its client is. `office_deleted`: the office of its client is gone."},
        "scopes": scopes(),
        "last_four": {"type": "string", "description": "The last characters of the secret."},
        "created_at": instant(),
        "created_by_token": {"type": ["string", "null"], "description": "The token that made it; null for the host."},
        "expires_at": instant(),
        "expires_in_days": {"type": ["integer", "null"], "description": "Whole days until then; null where it no longer counts."},
        "revoked_at": nullable_instant(),
        "revoked_reason": nullable_text(),
        "rotated_from": {"type": ["string", "null"], "description": "The token whose place it took."},
        "replaced_by": {"type": ["string", "null"], "description": "The token that took its place."},
        "last_used_at": {"type": ["string", "null"], "format": "date-time", "description": "To half a minute."},
        "last_used_network": {"type": ["string", "null"], "description": "The network that the last request came from: 24 bits of an IPv4 address, 48 of an IPv6 one."},
        "unused_since_days": {"type": "integer", "description": "Whole days since the last use, or since it was made."},
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn answers() -> Map<String, Value> {
    let token = token_members();
    let mut minted = token.clone();
    minted.insert(
        "secret".to_owned(),
        json!({"type": ["string", "null"], "description": "The secret, shown this once. null in a dry run."}),
    );
    let schemas = json!({
        "Client": closed_object("A service account: what tokens belong to.", json!({
            "id": text(),
            "version": {"type": "integer"},
            "name": text(),
            "office_id": {"type": ["string", "null"], "description": "The office that it acts for, with its units; null for the registry itself."},
            "scopes": scopes(),
            "role": {"type": ["string", "null"], "enum": role_names().into_iter().map(Value::from).chain([Value::Null]).collect::<Vec<_>>(), "description": "The role that stands for exactly these scopes."},
            "networks": {"type": "array", "items": text(), "description": "From where it may call; empty for anywhere."},
            "state": {"type": "string", "enum": ["active", "suspended"], "description": "What was decided."},
            "status": {"type": "string", "enum": ["active", "suspended", "office_deleted"], "description": "What follows from it: a client whose office was deleted may do nothing."},
            "created_at": instant(),
            "created_by_token": {"type": ["string", "null"], "description": "The token that made it; null for the host."},
            "living_tokens": {"type": "integer", "description": "Its tokens that are neither revoked nor expired."},
        })),
        "ClientPage": page_of("Client"),
        "Token": closed_object("A token, without its secret.", Value::Object(token)),
        "TokenPage": page_of("Token"),
        "TokenWithSecret": closed_object("A token just made, with its secret: keep it now.", Value::Object(minted)),
        "EndedToken": closed_object("A token that ended, and what it had made.", json!({
            "token": {"$ref": "#/components/schemas/Token"},
            "created": {"type": "array", "items": {"$ref": "#/components/schemas/CreatedByToken"}, "description": "Clients and tokens that it made, identities that it linked, and what those made in turn, as they are now. A link that this request took away is among them as `cut`, one that was taken away before is not."},
            "hidden": {"type": "integer", "description": "How much more it made that you do not manage: nothing was done to it."},
            "ended": {"type": "integer", "description": "How many tokens, clients and links of identities this request ended; 0 when all had ended before."},
        })),
        "CreatedByToken": closed_object("One thing that a token made.", json!({
            "kind": {"type": "string", "enum": ["client", "token", "identity"]},
            "id": text(),
            "name": text(),
            "office_id": nullable_text(),
            "status": text(),
            "created_at": instant(),
            "created_by_token": nullable_text(),
        })),
        "TokenUsage": closed_object("What a token did, by operation and hour; the latest first.", json!({
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/UsageHour"}},
            "page": {"$ref": "#/components/schemas/PageInfo"},
            "totals": {"$ref": "#/components/schemas/UsageTotals"},
        })),
        "UsageHour": closed_object("One operation in one hour.", json!({
            "operation": {"type": "string", "description": "`operationId`."},
            "hour": {"type": "string", "description": "The hour, by the instant at which it began."},
            "requests": {"type": "integer"},
            "refused": {"type": "integer"},
            "last_at": instant(),
            "last_network": text(),
        })),
        "UsageTotals": closed_object("All that a token did.", json!({
            "requests": {"type": "integer"},
            "refused": {"type": "integer"},
            "last_at": nullable_instant(),
        })),
        "Rights": closed_object("What tokens can be allowed.", json!({
            "scopes": {"type": "array", "items": {"$ref": "#/components/schemas/ScopeMeaning"}},
            "roles": {"type": "array", "items": {"$ref": "#/components/schemas/RoleMeaning"}},
        })),
        "ScopeMeaning": closed_object("One right.", json!({"scope": text(), "meaning": text()})),
        "RoleMeaning": closed_object("A name for scopes.", json!({"role": text(), "meaning": text(), "scopes": scopes()})),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// An object of which only some members must be given.
fn body(description: &str, required: &[&str], properties: Value, example: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
        "additionalProperties": false,
        "examples": [example],
    })
}

fn bodies() -> Map<String, Value> {
    let name = json!({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME});
    let nullable_name = json!({"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_NAME});
    let networks = json!({"type": ["array", "null"], "maxItems": MOST_NETWORKS, "items": {"type": "string", "maxLength": 64}, "description": "`10.0.0.0/8`, `2001:db8::/32` or single addresses. Empty: anywhere."});
    let reason = json!({"type": ["string", "null"], "maxLength": 1_000, "description": "Kept with the token."});
    let cascade = json!({"type": ["boolean", "null"], "description": "Ends the clients and tokens that it made and cuts the identities that it linked, too, with all that came of those."});
    let days = json!({"type": ["integer", "null"], "minimum": 1, "maximum": LONGEST_LIFE_DAYS, "description": format!("{DEFAULT_LIFE_DAYS} when neither this nor `expires_at` is given.")});
    let until = json!({"type": ["string", "null"], "format": "date-time", "description": format!("At most {LONGEST_LIFE_DAYS} days from now.")});
    let schemas = json!({
        "NewClient": body(
            "A client to be made. `scopes` or `role`, not both.",
            &["name"],
            json!({
                "name": name,
                "office_id": {"type": ["string", "null"], "description": "The office that it acts for: one that you act for, yours when none is named. For the registry's own callers: null makes a client of the registry itself."},
                "scopes": {"type": ["array", "null"], "items": scopes().get("items").cloned(), "description": "Scopes that you hold yourself."},
                "role": {"type": ["string", "null"], "enum": role_names().into_iter().map(Value::from).chain([Value::Null]).collect::<Vec<_>>(), "description": "A name for scopes; `GET /api/v1/rights` tells which."},
                "networks": networks,
            }),
            json!({"name": "Front-end of the office", "role": "viewer", "networks": ["192.0.2.0/24"]}),
        ),
        "ClientEdit": body(
            "A merge patch (RFC 7396).",
            &[],
            json!({
                "name": name,
                "office_id": {"type": ["string", "null"], "description": "Only by the registry's own callers; null makes it a client of the registry itself."},
                "scopes": scopes(),
                "networks": networks,
                "state": {"type": "string", "enum": ["active", "suspended"]},
            }),
            json!({"name": "Front-end, second edition"}),
        ),
        "NewToken": body(
            "A token to be made.",
            &[],
            json!({"name": nullable_name, "expires_in_days": days, "expires_at": until}),
            json!({"name": "Front-end 2026", "expires_in_days": 90}),
        ),
        "TokenEdit": body(
            "A merge patch (RFC 7396).",
            &[],
            json!({
                "name": name,
                "expires_at": {"type": "string", "format": "date-time", "description": "Earlier than it is now, and not in the past."},
            }),
            json!({"name": "Front-end, old"}),
        ),
        "Rotation": body(
            "How a token is rotated.",
            &[],
            json!({
                "grace_seconds": {"type": ["integer", "null"], "minimum": 0, "maximum": LONGEST_GRACE_SECONDS, "description": format!("How long the old secret goes on, at most to its own end; {DEFAULT_GRACE_SECONDS} (a day) when not given.")},
                "expires_in_days": days,
                "expires_at": until,
            }),
            json!({"grace_seconds": 3_600, "expires_in_days": 90}),
        ),
        "Revocation": body(
            "Why a token ends, and how far that goes.",
            &[],
            json!({"reason": reason, "cascade": cascade}),
            json!({"reason": "The partner has left", "cascade": false}),
        ),
        "PastedRevocation": body(
            "A token to be ended, by its id or by the secret itself as it was found.",
            &["token"],
            json!({
                "token": {"type": "string", "maxLength": 200, "description": "`tok_…` or `eda_live_…`. Not kept, not logged."},
                "reason": reason,
                "cascade": cascade,
            }),
            json!({"token": "tok_00000000000000000000000000", "reason": "Found in a public repository", "cascade": true}),
        ),
        "OwnRevocation": body(
            "Why the token ends.",
            &[],
            json!({"reason": reason}),
            json!({"reason": "No longer needed"}),
        ),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}
