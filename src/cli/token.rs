//! `eduaccord token`.

use super::client::{new_client, own_records};
use super::outcome::{Failure, Outcome, on_database, print_open, say, say_json};
use super::rights::Rights;
use crate::accounts::ending::{Ended, Ending, end_token};
use crate::accounts::host::{self, NewToken};
use crate::accounts::rows::{TokenName, find_token};
use crate::accounts::rules::Life;
use crate::accounts::select::{TOKENS, select_tokens};
use crate::accounts::view::{TokenView, show_one_token, show_tokens};
use crate::accounts::{Overrides, on_host, read_on_host};
use crate::app::open_existing_database;
use crate::auth::Caller;
use crate::clock;
use crate::http::Query;
use crate::list::read_plain_list_request;
use crate::settings::Settings;
use clap::Subcommand;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde_json::json;

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token, and a client for it unless one is named; print the secret once.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// The client that gets it (id). Without one a client of this name is made.
        #[arg(long, conflicts_with_all = ["office", "scopes", "role", "networks"])]
        client: Option<String>,
        /// The office that the new client acts for (id); without one it acts for the registry.
        #[arg(long)]
        office: Option<String>,
        #[command(flatten)]
        rights: Rights,
        /// Networks that the new client may call from, separated by commas.
        #[arg(long, value_delimiter = ',')]
        networks: Vec<String>,
        /// Days that the token lives, at most 366.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// List all tokens, also those that no longer count.
    List {
        /// Only those that were not used for so many days.
        #[arg(long)]
        unused_days: Option<u32>,
    },
    /// Show one token.
    Show {
        /// The token's id, or the secret itself.
        token: String,
    },
    /// Give its client a new secret in the place of a token; print it once.
    Rotate {
        /// The token's id.
        token: String,
        /// Seconds that the old secret goes on, at most a week.
        #[arg(long, default_value_t = 86_400)]
        grace: i64,
        /// Days that the new token lives, at most 366.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// End a token: its very next request is refused.
    Revoke {
        /// The token's id, or the secret itself.
        token: String,
        /// Why.
        #[arg(long, default_value = "revoked on the host")]
        reason: String,
        /// End the clients and tokens that it made, too.
        #[arg(long)]
        cascade: bool,
        /// Also the last administrator's.
        #[arg(long)]
        force: bool,
    },
}

/// Does it.
pub(super) fn run(settings: &Settings, command: &TokenCommand, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    match command {
        TokenCommand::Create {
            name,
            client: Some(client),
            days,
            ..
        } => {
            let (client, name, life) = (client.clone(), name.clone(), Life::Days(*days));
            let made = host::create_token_of(&database, client, name, life, print_new(settings, json));
            on_database(made)?;
            say("")
        }
        TokenCommand::Create {
            name,
            office,
            rights,
            networks,
            days,
            ..
        } => {
            let new = new_client(name, office.as_deref(), rights, networks)?;
            host::create_client_with_token(
                &database,
                own_records()?,
                new,
                Life::Days(*days),
                print_new(settings, json),
            )?;
            say("")
        }
        TokenCommand::List { unused_days } => list(&database, *unused_days, json),
        TokenCommand::Show { token } => show(&database, token, json),
        TokenCommand::Rotate { token, grace, days } => {
            let (id, grace, life) = (token.clone(), *grace, Life::Days(*days));
            let made = host::rotate_token(&database, id, grace, life, print_new(settings, json));
            on_database(made)?;
            say("")
        }
        TokenCommand::Revoke {
            token,
            reason,
            cascade,
            force,
        } => {
            let ending = Ending {
                token: TokenName::read(token),
                reason: Some(reason.clone()),
                cascade: *cascade,
            };
            let overrides = Overrides {
                force: *force,
                ..Overrides::default()
            };
            let ended = on_host(&database, move |writing| end_token(writing, ending, overrides));
            print_ended(&on_database(ended)?, json)
        }
    }
}

/// Prints a token with a command to try it, while it is made (see [`host::Show`]). The end of the line is left to the
/// caller: it comes when the token is valid.
pub(super) fn print_new(settings: &Settings, json: bool) -> impl host::Show {
    let base = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", settings.listen));
    move |token: &NewToken| {
        let text = if json {
            serde_json::to_string_pretty(token)?
        } else {
            format!(
                "Token {} (valid until {}). The secret is shown once:\n\n  {}\n\nTry it:\n\n  curl -H 'Authorization: Bearer {}' {base}/api/v1/me",
                token.token_id, token.expires_at, token.token, token.token
            )
        };
        print_open(text)
    }
}

/// Lists tokens.
fn list(database: &crate::db::Database, unused_days: Option<u32>, json: bool) -> Outcome {
    let query = unused_days.map_or_else(Query::default, |days| Query::parse(&format!("unused_for_days={days}")));
    let mut list = read_plain_list_request(&query, &TOKENS)?;
    list.limit = i64::MAX;
    let now = clock::now();
    let tokens = read_on_host(database, |reading| {
        let (rows, _) = select_tokens(reading, &list, &list.filters, now)?;
        show_tokens(reading.conn, rows, now)
    })?;
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
        "from",
    ]);
    for token in &tokens {
        table.add_row([
            token.id.as_str(),
            &token.name,
            &token.client_name,
            token.office_id.as_deref().unwrap_or("(registry)"),
            token.status,
            &token.last_four,
            short(&token.expires_at),
            token.last_used_at.as_deref().map_or("never", short),
            token.last_used_network.as_deref().unwrap_or(""),
        ]);
    }
    say(table)
}

/// An instant to the second, for tables.
fn short(instant: &str) -> &str {
    instant.get(..19).unwrap_or(instant)
}

/// Shows all that is known of a token.
fn show(database: &crate::db::Database, token: &str, json: bool) -> Outcome {
    let name = TokenName::read(token);
    let now = clock::now();
    let caller = Caller::command_line(now);
    let view = on_database(database.read_blocking(|conn| {
        let (token, client) = find_token(conn, &caller, &name)?;
        show_one_token(conn, token, client, now)
    }))?;
    if json { say_json(&view) } else { say(describe(&view)) }
}

fn describe(token: &TokenView) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    let members = json!(token);
    for (name, value) in members.as_object().into_iter().flatten() {
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            serde_json::Value::Array(items) => {
                let items: Vec<&str> = items.iter().filter_map(|item| item.as_str()).collect();
                items.join(" ")
            }
            other => other.to_string(),
        };
        table.add_row([name.replace('_', " "), text]);
    }
    table
}

/// Tells what was ended. Exit code 1 when all had ended before.
fn print_ended(ended: &Ended, json: bool) -> Outcome {
    let did = ended.ended > 0;
    if json {
        say_json(&json!({"revoked": did, "ended": ended.ended, "token": ended.token, "created": ended.created}))?;
    } else if did {
        say("Revoked. The very next request with it is refused.")?;
    } else {
        say("It was revoked before.")?;
    }
    if !json && !ended.created.is_empty() {
        say("It made (--cascade ends these, too):")?;
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["kind", "id", "name", "office", "status", "made"]);
        for made in &ended.created {
            table.add_row([
                made.kind,
                &made.id,
                &made.name,
                made.office_id.as_deref().unwrap_or("(registry)"),
                made.status,
                short(&made.created_at),
            ]);
        }
        say(table)?;
    }
    if did { Ok(()) } else { Err(Failure::Found) }
}
