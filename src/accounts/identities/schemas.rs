//! Components of the API document.

use crate::openapi::service_schemas::closed_object;
use serde_json::{Map, Value, json};

/// All of them, by name.
pub fn schemas() -> Map<String, Value> {
    let issuer = || json!({"type": "string", "description": "As tokens have it in `iss`."});
    let subject =
        || json!({"type": "string", "minLength": 1, "maxLength": 255, "description": "As tokens have it in `sub`."});
    let schemas = json!({
        "IdentityLink": {
            "type": "object",
            "description": "A subject of an external issuer, to be linked to a client.",
            "required": ["issuer", "subject"],
            "properties": {"issuer": issuer(), "subject": subject()},
            "additionalProperties": false,
            "examples": [{"issuer": "https://sso.example/realms/offices", "subject": "f3a1c2d4-0b5e-4a77-9c1d-2e3f4a5b6c7d"}],
        },
        "Identity": {
            "type": "object",
            "description": "A subject of an external issuer that stands for a client.",
            "required": ["id", "client_id", "issuer", "subject", "created_at", "created_by_token", "last_used_at"],
            "properties": {
                "id": {"type": "string"},
                "client_id": {"type": "string"},
                "issuer": issuer(),
                "subject": subject(),
                "created_at": {"type": "string", "format": "date-time"},
                "created_by_token": {"type": ["string", "null"], "description": "The token with which it was linked."},
                "last_used_at": {"type": ["string", "null"], "format": "date-time", "description": "When a token of it was last used."},
            },
            "additionalProperties": false,
        },
        "IdentityPage": closed_object("One page of the linked subjects of a client.", json!({
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Identity"}},
            "page": {"$ref": "#/components/schemas/PageInfo"},
        })),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}
