//! `eduaccord client`.

use super::outcome::{Outcome, on_database, say, say_json};
use super::rights::Rights;
use crate::accounts::clients::{ClientEdit, NewClient, create_client, update_client};
use crate::accounts::first_client::OwnRecords;
use crate::accounts::rules::read_networks;
use crate::accounts::select::{CLIENTS, select_clients};
use crate::accounts::view::{ClientView, show_clients};
use crate::accounts::{Overrides, on_host, read_on_host};
use crate::app::{KINDS, blueprint, open_existing_database};
use crate::clock;
use crate::error::{Code, Error, Result};
use crate::http::Query;
use crate::list::read_plain_list_request;
use crate::settings::Settings;
use clap::Subcommand;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;

/// What can be done with clients.
#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// List all clients.
    List,
    /// Make a client; `token create --client` makes a token of it.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// The office that it acts for (id); without one it acts for the registry.
        #[arg(long)]
        office: Option<String>,
        #[command(flatten)]
        rights: Rights,
        /// Networks that it may call from, separated by commas; without any it may from everywhere.
        #[arg(long, value_delimiter = ',')]
        networks: Vec<String>,
    },
    /// Suspend a client: none of its tokens counts from the next request on.
    Suspend {
        /// The client's id.
        client: String,
        /// Also the last administrator.
        #[arg(long)]
        force: bool,
    },
    /// Make a suspended client active again.
    Resume {
        /// The client's id.
        client: String,
    },
    /// Bind a client to networks; without any it may call from everywhere.
    SetNetworks {
        /// The client's id.
        client: String,
        /// `10.0.0.0/8`, `2001:db8::/32` or single addresses.
        networks: Vec<String>,
    },
}

/// Does it.
pub(super) fn run(settings: &Settings, command: &ClientCommand, json: bool) -> Outcome {
    match command {
        ClientCommand::List => list(settings, json),
        ClientCommand::Create {
            name,
            office,
            rights,
            networks,
        } => {
            let new = new_client(name, office.as_deref(), rights, networks)?;
            let database = open_existing_database(settings)?;
            let own_records = own_records()?;
            let made = on_host(&database, move |writing| create_client(writing, &own_records, new));
            show(&on_database(made)?, json)
        }
        ClientCommand::Suspend { client, force } => {
            let edit = ClientEdit {
                is_active: Some(false),
                ..ClientEdit::default()
            };
            change(settings, client, edit, *force, json)
        }
        ClientCommand::Resume { client } => {
            let edit = ClientEdit {
                is_active: Some(true),
                ..ClientEdit::default()
            };
            change(settings, client, edit, false, json)
        }
        ClientCommand::SetNetworks { client, networks } => {
            let networks = read_networks("/networks", networks).map_err(invalid)?;
            let edit = ClientEdit {
                networks: Some(networks),
                ..ClientEdit::default()
            };
            change(settings, client, edit, false, json)
        }
    }
}

/// What hands an office the record of it with its first client.
pub(super) fn own_records() -> Result<OwnRecords> {
    OwnRecords::new(KINDS, &blueprint()?.contracts)
}

/// A client as the arguments describe it.
pub(super) fn new_client(name: &str, office: Option<&str>, rights: &Rights, networks: &[String]) -> Result<NewClient> {
    Ok(NewClient {
        name: name.to_owned(),
        office_id: office.map(str::to_owned),
        scopes: rights.read()?,
        networks: read_networks("/networks", networks).map_err(invalid)?,
    })
}

/// Findings about arguments.
pub(super) fn invalid(findings: Vec<crate::values::Finding>) -> Error {
    Error::with_findings(Code::InvalidDocument, findings)
}

fn change(settings: &Settings, client: &str, edit: ClientEdit, force: bool, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let id = client.to_owned();
    let overrides = Overrides {
        confirm_fence: true,
        force,
    };
    let changed = on_host(&database, move |writing| {
        update_client(writing, &id, None, edit, overrides, None)
    });
    show(&on_database(changed)?, json)
}

fn show(client: &ClientView, json: bool) -> Outcome {
    if json {
        return say_json(client);
    }
    say(table(std::slice::from_ref(client)))
}

fn list(settings: &Settings, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let mut list = read_plain_list_request(&Query::default(), &CLIENTS)?;
    list.limit = i64::MAX;
    let now = clock::now();
    let clients = read_on_host(&database, |reading| {
        let (rows, _) = select_clients(reading, &list, &list.filters)?;
        show_clients(reading.conn, rows, now)
    })?;
    if json {
        return say_json(&clients);
    }
    say(table(&clients))
}

fn table(clients: &[ClientView]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    table.set_header(["id", "name", "office", "rights", "networks", "status", "living tokens"]);
    for client in clients {
        let rights = client.role.map_or_else(|| client.scopes.join(" "), str::to_owned);
        let networks = if client.networks.is_empty() {
            "(any)".to_owned()
        } else {
            client.networks.join(" ")
        };
        table.add_row([
            client.id.as_str(),
            &client.name,
            client.office_id.as_deref().unwrap_or("(registry)"),
            &rights,
            &networks,
            client.status,
            &client.living_tokens.to_string(),
        ]);
    }
    table
}
