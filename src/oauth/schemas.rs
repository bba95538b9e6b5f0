//! Components of the API document. Names of members are those of the standards.

use serde_json::{Map, Value, json};

/// All of them, by name.
pub fn schemas() -> Map<String, Value> {
    let url = || json!({"type": "string", "format": "uri"});
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let schemas = json!({
        "TokenRequest": form("Asks for an access token. Send the id and the secret here or by HTTP Basic, not both.", &["grant_type"], json!({
            "grant_type": {"type": "string", "const": "client_credentials"},
            "client_id": {"type": "string", "description": "The client's id."},
            "client_secret": {"type": "string", "description": "One of its tokens."},
            "scope": {"type": "string", "description": "Space-separated; all that the client holds when it is left out."},
        }), json!({
            "grant_type": "client_credentials", "client_id": "cli_01jdc8y5k2e9fr7x3v0m6n4q8t", "client_secret": "eda_live_…", "scope": "offices:read",
        })),
        "TokenForm": form("Names a token by showing it.", &["token"], json!({
            "token": {"type": "string", "description": "A secret or an access token."},
            "token_type_hint": {"type": "string", "description": "Not needed; ignored."},
        }), json!({"token": "eda_live_…"})),
        "AccessToken": answer("An access token (RFC 6749, section 5.1).", json!({
            "access_token": {"type": "string", "description": "The token (JWT): send it as `Authorization: Bearer`."},
            "token_type": {"type": "string", "const": "Bearer"},
            "expires_in": {"type": "integer", "description": "Seconds."},
            "scope": {"type": "string", "description": "What it allows."},
        })),
        "Introspection": {
            "description": "What is known of a token (RFC 7662). Only `active` is there when it does not count, or is not for you to know.",
            "oneOf": [reference("IntrospectedSecret"), reference("IntrospectedAccessToken"), reference("NothingIntrospected")],
        },
        "IntrospectedSecret": answer("A secret that counts.", introspected(json!({}))),
        "IntrospectedAccessToken": answer("An access token that counts.", introspected(json!({
            "iat": {"type": "integer", "description": "When it was made, in seconds since 1970."},
            "iss": {"type": "string", "description": "Who made it."},
            "aud": {"type": "string", "description": "Whom it is for."},
            "jti": {"type": "string", "description": "Its own id."},
        }))),
        "NothingIntrospected": answer("No token, or none that is for you to know.", json!({
            "active": {"type": "boolean", "const": false},
        })),
        "SigningKeys": answer("A set of public keys (RFC 7517).", json!({
            "keys": {"type": "array", "items": {"$ref": "#/components/schemas/SigningKey"}},
        })),
        "SigningKey": answer("A public key for ES256.", json!({
            "kid": {"type": "string", "description": "Its thumbprint (RFC 7638)."},
            "kty": {"type": "string", "const": "EC"},
            "crv": {"type": "string", "const": "P-256"},
            "x": {"type": "string"},
            "y": {"type": "string"},
            "alg": {"type": "string", "const": "ES256"},
            "use": {"type": "string", "const": "sig"},
        })),
        "ServerMetadata": answer("Metadata of the authorization server (RFC 8414).", json!({
            "issuer": url(), "token_endpoint": url(), "jwks_uri": url(), "introspection_endpoint": url(), "revocation_endpoint": url(),
            "scopes_supported": texts(), "response_types_supported": texts(), "grant_types_supported": texts(),
            "token_endpoint_auth_methods_supported": texts(), "introspection_endpoint_auth_methods_supported": texts(),
            "revocation_endpoint_auth_methods_supported": texts(), "service_documentation": url(),
        })),
        "ResourceMetadata": answer("Metadata of the protected resource (RFC 9728).", json!({
            "resource": url(), "authorization_servers": {"type": "array", "items": url()}, "jwks_uri": url(), "scopes_supported": texts(),
            "bearer_methods_supported": texts(), "resource_name": {"type": "string"}, "resource_documentation": url(),
        })),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// A form: fields that are not known are ignored (RFC 6749 §3.2).
fn form(description: &str, required: &[&str], properties: Value, example: Value) -> Value {
    json!({
        "type": "object", "description": description, "required": required, "properties": properties,
        "additionalProperties": true, "examples": [example],
    })
}

/// What is told of every token that counts, and what is added for one form of it.
fn introspected(added: Value) -> Value {
    let mut properties = json!({
        "active": {"type": "boolean", "const": true},
        "token_type": {"type": "string", "const": "Bearer"},
        "scope": {"type": "string", "description": "What it allows."},
        "client_id": {"type": "string"},
        "sub": {"type": "string", "description": "The client."},
        "office_id": {"type": ["string", "null"], "description": "The office acted for; null for the registry itself."},
        "tid": {"type": ["string", "null"], "description": "The secret's own id."},
        "exp": {"type": "integer", "description": "When it ends, in seconds since 1970."},
    });
    if let (Some(properties), Value::Object(added)) = (properties.as_object_mut(), added) {
        properties.extend(added);
    }
    properties
}

fn reference(component: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{component}")})
}

/// An answer writes every member.
fn answer(description: &str, properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    json!({
        "type": "object", "description": description, "required": required, "properties": properties,
        "additionalProperties": false,
    })
}
