//! Repeats by `Idempotency-Key` of requests that answer a record: it is shown again to those who may see it now.
//!
//! Between a request and its repeat rights may change: the client comes to act for another office, the record gets
//! another owner, or is narrowed, or ends. So a repeat is a read of the version that was answered: 404 for callers from whom
//! the record or that version is hidden now, 410 where it has ended since, without what is withheld from them now, and
//! recorded in the audit log.

use crate::auth::access::Audience;
use crate::auth::{Reading, Recorded, Writing};
use crate::db::schema::revisions;
use crate::db::{StoredDocument, StoredVersion};
use crate::documents::contract::Contract;
use crate::documents::kind::Kind;
use crate::documents::read::current::{find_living, find_seen};
use crate::documents::read::render::Renderer;
use crate::error::{Error, Result};
use crate::http::Answer;
use crate::http::idempotency::{self, Key, StoredAnswer};
use diesel::{OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Deserialize;

/// What a kept answer shows.
#[derive(Deserialize)]
struct Answered {
    id: String,
    version: i64,
}

/// Runs `work`, which answers a record of this kind, unless this key was answered before; see the module.
pub fn run_once<K: Kind>(
    key: Option<&Key>,
    writing: &mut Writing<'_, '_>,
    contract: &Contract,
    work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<Answer>>,
) -> Result<Recorded<Answer>> {
    let replay_answer =
        |writing: &mut Writing<'_, '_>, stored| replay_answer::<K>(&mut writing.as_reading(), contract, stored);
    idempotency::run_once(key, writing, replay_answer, work)
}

fn replay_answer<K: Kind>(reading: &mut Reading<'_>, contract: &Contract, stored: StoredAnswer) -> Result<Answer> {
    let StoredAnswer { mut answer, at } = stored;
    let Answered { id, version } = serde_json::from_str(&answer.body).map_err(Error::internal)?;
    let seen = find_seen(reading.conn, reading.caller, K::NAME, &id)?;
    // What was answered of a record that had ended already may be answered of it again.
    if seen.head.deleted_at.as_ref().is_some_and(|ended| *ended >= at) {
        find_living(reading.conn, reading.caller, K::NAME, &id)?;
    }
    let (audience, stored): (Audience, StoredVersion) = revisions::table
        .find((&id, version))
        .select((revisions::audience, StoredVersion::as_select()))
        .first(reading.conn)
        .optional()?
        .ok_or_else(|| Error::internal("an answer of a version that never was"))?;
    if !seen.sees_version(reading.conn, reading.caller, version, audience)? {
        return Err(Error::record_not_found().concerning(&id));
    }
    let renderer = Renderer {
        contract,
        language: None,
    };
    let row = seen.head.sight_row_with(audience);
    // What was answered is the version itself, or what the caller was shown of it. It is in the format of that version.
    let format = stored.into_document().map_or(K::FORMAT, |document| document.format());
    let document = StoredDocument::new(answer.body.clone(), format);
    let view = renderer.suppress(reading, row, document, Some(&seen.head.document))?;
    if view.text != answer.body {
        answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("ETag"));
        answer = answer.header("ETag", view.tag(version));
        answer.body = view.text;
    }
    Ok(answer)
}
