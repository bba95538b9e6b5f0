//! `eduaccord keys`.

use super::outcome::{Failure, Outcome, say, say_json};
use crate::app::open_existing_database;
use crate::auth::keys::PUBLISHED_FOR;
use crate::auth::keys::store::{Rotation, StoredKey, can_open, ensure_keys, list_keys, rotate_keys};
use crate::auth::sealing::MasterKey;
use crate::clock;
use crate::db::Database;
use crate::settings::Settings;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde_json::json;
use std::sync::Arc;

/// Lists all signing keys, the newest first, and whether the master key of this process opens them.
pub(super) fn list(settings: &Settings, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let master = load_master(settings, &database)?;
    let keys = database.read_blocking(list_keys)?;
    let opens = |key: &StoredKey| master.as_ref().is_some_and(|master| can_open(master, key));
    if json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "kid": key.kid, "state": key.state, "opens": opens(key), "created_at": key.created_at,
                    "activated_at": key.activated_at, "retiring_at": key.retiring_at, "retired_at": key.retired_at,
                })
            })
            .collect();
        return say_json(&keys);
    }
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    table.set_header(["kid", "state", "opens", "published", "signs since", "signed until"]);
    for key in &keys {
        let opens = match (key.sealed_private.is_some(), opens(key)) {
            (false, _) => "erased",
            (true, true) => "yes",
            (true, false) => "NO",
        };
        table.add_row([
            key.kid.as_str(),
            &key.state,
            opens,
            &key.created_at,
            key.activated_at.as_deref().unwrap_or("-"),
            key.retiring_at.as_deref().unwrap_or("-"),
        ]);
    }
    say(table)
}

/// Lets the next key sign. Exit code 1 when caches may not know it yet and `now` is not given.
pub(super) fn rotate(settings: &Settings, now: bool, json: bool) -> Outcome {
    let database = open_existing_database(settings)?;
    let Some(master) = load_master(settings, &database)? else {
        return Err(Failure::Broken(
            "there is no master key: set EDUACCORD_MASTER_KEY_FILE (openssl rand -base64 32 makes one)".to_owned(),
        ));
    };
    ensure_keys(&database, &master)?;
    match rotate_keys(&database, &master, now)? {
        Rotation::Done { active } if json => say_json(&json!({"rotated": true, "active": active})),
        Rotation::Done { active } => say(format_args!(
            "The key {active} signs from now on. Tokens of the key before it stay good until they end; nothing has to be restarted."
        )),
        Rotation::TooEarly { at } => {
            let at = clock::format_instant(at);
            if json {
                say_json(&json!({"rotated": false, "not_before": at}))?;
            } else {
                say(format_args!(
                    "Not yet: the next key is published for less than {} seconds, so caches of the JWKS may not know it. Rotate after {at}, or --now.",
                    PUBLISHED_FOR.num_seconds()
                ))?;
            }
            Err(Failure::Found)
        }
    }
}

fn load_master(settings: &Settings, database: &Database) -> Result<Option<Arc<MasterKey>>, Failure> {
    MasterKey::load(&settings.master_key, database.url())
        .map(|master| master.map(Arc::new))
        .map_err(Failure::Broken)
}
