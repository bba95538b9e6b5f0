//! The command line. Without a command the service starts.
//!
//! Exit codes of all commands: 0 done; 1 done, but something was found or refused (a bad record, damage, a stale
//! document, an administrator or records that exist already); 2 the command could not run (settings, database, usage).

mod admin;
mod data;
mod keys;
mod log;
mod openapi;
mod serve;
mod token;

use crate::settings::Settings;
use crate::sync::generate::Recipe;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// The registry that education offices use to work together.
#[derive(Debug, Parser)]
#[command(name = "eduaccord", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Answer with JSON instead of a table.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (this is what runs without a command).
    Serve,
    /// First administrator.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Tokens: create, list, revoke.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Keys that sign access tokens (JWT): list, rotate.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Import records from files and folders; safe to repeat.
    Import {
        /// `*.json` (a record or an array), `*.ndjson` (a record a line), or folders of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Fill an empty database with invented records, the same ones for the same seed.
    Generate {
        /// Offices.
        #[arg(long, default_value_t = 1_000)]
        offices: usize,
        /// MOUs.
        #[arg(long, default_value_t = 5_000)]
        mous: usize,
        /// Programs.
        #[arg(long, default_value_t = 5_000)]
        programs: usize,
        /// Policies.
        #[arg(long, default_value_t = 100)]
        policies: usize,
        /// Another seed makes other documents.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Also beside records that are there already.
        #[arg(long)]
        add: bool,
    },
    /// Check everything against everything: documents, rows, revisions, feed, audit chain.
    Verify,
    /// Print the API document, or compare it with `openapi/openapi.json`.
    Openapi {
        /// Fail when `openapi/openapi.json` is not what this build serves.
        #[arg(long, conflicts_with = "write")]
        check: bool,
        /// Write `openapi/openapi.json`.
        #[arg(long)]
        write: bool,
    },
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make a registry administrator with every scope, and print its token once.
    Bootstrap {
        /// Also when a usable administrator exists.
        #[arg(long)]
        force: bool,
        /// Days that the token lives.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a client and a token for it, and print the token once.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// The office that it acts for (id); without one it acts for the registry.
        #[arg(long)]
        office: Option<String>,
        /// Scopes, separated by commas.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// Days that the token lives, at most 366.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// List all tokens, also those that no longer count.
    List,
    /// End a token: its very next request is refused.
    Revoke {
        /// The token's id, or the secret itself.
        token: String,
        /// Why.
        #[arg(long, default_value = "revoked on the host")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// List all keys, also those that are retired.
    List,
    /// Let the next key sign, and publish another next one. Tokens that are out stay good.
    Rotate {
        /// Also when caches of the published keys may not know the next one yet (five minutes).
        #[arg(long)]
        now: bool,
    },
}

/// How a command ended, other than well.
enum Failure {
    /// It could not run.
    Broken(String),
    /// It ran, and found or refused something; what is to be said was said.
    Found,
}

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.to_string())
    }
}

type Outcome = Result<(), Failure>;

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = Settings::from_environment()
        .map_err(Failure::Broken)
        .and_then(|settings| {
            log::start_log(&settings.log_filter);
            dispatch(&arguments, settings)
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Found) => ExitCode::from(1),
        Err(Failure::Broken(reason)) => {
            // Nothing can be done about a closed standard error.
            let _ignored = writeln!(std::io::stderr(), "eduaccord: {}", log::mask_secrets(&reason));
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: &Arguments, settings: Settings) -> Outcome {
    let json = arguments.json;
    match &arguments.command {
        None | Some(Command::Serve) => serve::serve(settings),
        Some(Command::Admin {
            command: AdminCommand::Bootstrap { force, days },
        }) => admin::bootstrap(&settings, *days, *force, json),
        Some(Command::Token { command }) => match command {
            TokenCommand::Create {
                name,
                office,
                scopes,
                days,
            } => token::create(&settings, name, office.as_deref(), scopes, *days, json),
            TokenCommand::List => token::list(&settings, json),
            TokenCommand::Revoke { token, reason } => token::revoke(&settings, token, reason, json),
        },
        Some(Command::Keys {
            command: KeysCommand::List,
        }) => keys::list(&settings, json),
        Some(Command::Keys {
            command: KeysCommand::Rotate { now },
        }) => keys::rotate(&settings, *now, json),
        Some(Command::Import { paths }) => data::import(&settings, paths, json),
        Some(Command::Generate {
            offices,
            mous,
            programs,
            policies,
            seed,
            add,
        }) => {
            let recipe = Recipe {
                offices: *offices,
                mous: *mous,
                programs: *programs,
                policies: *policies,
                seed: *seed,
                add: *add,
            };
            data::generate(&settings, &recipe, json)
        }
        Some(Command::Verify) => data::verify(&settings, json),
        Some(Command::Openapi { check, write }) => openapi::openapi(*check, *write),
    }
}

/// Prints one line to standard output.
fn say(text: impl std::fmt::Display) -> Outcome {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// Prints a value as JSON.
fn say_json(value: &impl serde::Serialize) -> Outcome {
    say(serde_json::to_string_pretty(value)?)
}
