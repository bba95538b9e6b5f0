//! The command line. Without a command the service starts.
//!
//! Exit codes of all commands (in `--help`, too): 0 done; 1 done, but something was found or refused (a bad record,
//! damage, a stale document, an administrator or records that exist already, a token that had ended, the last
//! administrator); 2 the command could not run (settings, database, usage).

mod admin;
mod client;
mod data;
mod keys;
mod log;
mod openapi;
mod outcome;
mod reindex;
mod rights;
mod serve;
mod signals;
mod token;

use crate::generate::Recipe;
use crate::settings::Settings;
use clap::{Parser, Subcommand};
use client::ClientCommand;
use outcome::{Failure, Outcome};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use token::TokenCommand;

/// What all commands have in common, at the end of `--help`.
const NOTES: &str = "\
Exit codes:
  0  done
  1  done, but something was found or refused (a bad record, damage, records that exist already)
  2  the command could not run (settings, database, usage)

Databases:
  DATABASE_URL names it (default sqlite://eduaccord.db).
  serve, admin bootstrap, import and generate begin a new registry where there is none.
  Only serve and reindex upgrade the database of an older version.
  Every other command stops with exit code 2 in both cases, and creates and changes nothing.";

/// The registry that education offices use to work together.
#[derive(Debug, Parser)]
#[command(name = "eduaccord", version, about, long_about = None, after_help = NOTES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Answer with JSON instead of a table.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (this is what runs without a command); create or upgrade the database first.
    Serve,
    /// First administrator; creates the database where there is none.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Clients (service accounts): list, create, suspend, resume, networks.
    Client {
        #[command(subcommand)]
        command: ClientCommand,
    },
    /// Tokens: create, list, show, rotate, revoke.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Keys that sign access tokens (JWT): list, rotate.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Import records from files and folders; safe to repeat. Creates the database where there is none.
    Import {
        /// `*.json` (a record or an array), `*.ndjson` (a record a line), or folders of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Fill an empty or new database with invented records, the same ones for the same seed.
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
    /// Check everything against everything: documents, rows, revisions, feed, audit chain. Exit code 1 when something does
    /// not fit.
    Verify {
        /// Also list the living records that rules newer than them would refuse. These are warnings and change no exit
        /// code.
        #[arg(long)]
        rules: bool,
    },
    /// Make what lists and searches rest on again from the documents; upgrade an older database first.
    ///
    /// Without an option the records that an older version left behind are brought up to date, as the service does by
    /// itself after an upgrade. Documents and versions do not change; the audit log tells of it in one row. It may run
    /// beside a service of the same version, and go on where it was ended; a service of an older version must be ended.
    ///
    /// Exit codes: 0 done, or --check found no difference; 1 --check found differences; 2 it could not run.
    Reindex {
        /// Compare all records with what their documents give, and change nothing (also not the schema).
        #[arg(long, conflicts_with = "all")]
        check: bool,
        /// Make the rows of all records again: repairs rows that were damaged.
        #[arg(long)]
        all: bool,
    },
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
        Some(Command::Keys {
            command: KeysCommand::List,
        }) => keys::list(&settings, json),
        Some(Command::Keys {
            command: KeysCommand::Rotate { now },
        }) => keys::rotate(&settings, *now, json),
        Some(Command::Client { command }) => client::run(&settings, command, json),
        Some(Command::Token { command }) => token::run(&settings, command, json),
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
        Some(Command::Verify { rules }) => data::verify(&settings, *rules, json),
        Some(Command::Reindex { check: true, .. }) => reindex::check(&settings, json),
        Some(Command::Reindex { all, .. }) => reindex::reindex(&settings, *all, json),
        Some(Command::Openapi { check, write }) => openapi::openapi(*check, *write),
    }
}
