//! `eduaccord token`.

use super::{Failure, Outcome, say, say_json};
use crate::app::open_database;
use crate::auth::manage::{self, NewClient, NewToken};
use crate::settings::Settings;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde_json::json;

/// Makes a client and its token.
pub(super) fn create(
    settings: &Settings,
    name: &str,
    office: Option<&str>,
    scopes: &[String],
    days: i64,
    json: bool,
) -> Outcome {
    let database = open_database(settings)?;
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let token = manage::create_client_with_token(
        &database,
        NewClient {
            name,
            office_id: office,
            scopes: &scopes,
        },
        days,
    )?;
    print_new(settings, &token, json)
}

/// Prints a token just made, with a curl line that is ready to use.
pub(super) fn print_new(settings: &Settings, token: &NewToken, json: bool) -> Outcome {
    if json {
        return say_json(token);
    }
    let base = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", settings.listen));
    say(format_args!(
        "Token {} (valid until {}). The secret is shown once:\n\n  {}\n\nTry it:\n\n  curl -H 'Authorization: Bearer {}' {base}/api/v1/me",
        token.token_id, token.expires_at, token.token, token.token
    ))
}

/// Lists all tokens.
pub(super) fn list(settings: &Settings, json: bool) -> Outcome {
    let database = open_database(settings)?;
    let tokens = manage::list_tokens(&database)?;
    if json {
        return say_json(&tokens);
    }
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    table.set_header([
        "id",
        "name",
        "client",
        "office",
        "status",
        "ends with",
        "expires",
        "last used",
    ]);
    for token in &tokens {
        table.add_row([
            token.id.as_str(),
            &token.name,
            &token.client,
            token.office_id.as_deref().unwrap_or("(registry)"),
            token.status,
            &token.last_four,
            &token.expires_at,
            token.last_used_at.as_deref().unwrap_or("never"),
        ]);
    }
    say(table)
}

/// Ends a token. Exit code 1 when it had ended before.
pub(super) fn revoke(settings: &Settings, token: &str, reason: &str, json: bool) -> Outcome {
    let database = open_database(settings)?;
    let ended = manage::revoke_token(&database, token, reason)?;
    if json {
        say_json(&json!({"revoked": ended}))?;
    } else if ended {
        say("Revoked. The very next request with it is refused.")?;
    } else {
        say("It was revoked before.")?;
    }
    if ended { Ok(()) } else { Err(Failure::Found) }
}
