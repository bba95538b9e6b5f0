//! `Idempotency-Key`: a repeated request has one effect and gets the first answer again.
//!
//! The stored answer stands in the same transaction as the effect, and one writer runs all transactions in turn. So a
//! crash never leaves a key half used, and a second request with the same key waits for the first and is then answered
//! from the store; there is no state "in progress".
//!
//! Rights may have changed since. So the resource renders the stored answer again, as a read of today would show it, or
//! refuses it.
//!
//! An answer that shows a secret is not stored: only that there was one, and of which token. Its repeat is 409.

use crate::auth::access::rules;
use crate::auth::{Recorded, Writing};
use crate::clock;
use crate::db::Backend;
use crate::db::schema::idempotency;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::call::Request;
use crate::texts;
use chrono::TimeDelta;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use sha2::{Digest, Sha256};

/// How long an answer is kept.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(72);

/// The status that marks an answer which showed a secret; in place of its body the id of the token is kept.
const SHOWN_SECRET: i64 = 409;

/// A key that came with a request.
#[derive(Debug, Clone)]
pub struct Key {
    operation: String,
    key: String,
    body_hash: String,
}

/// An answer that was given before.
#[derive(Debug)]
pub struct StoredAnswer {
    /// What was answered then.
    pub answer: Answer,
    /// When (UTC, microseconds).
    pub at: String,
}

/// Reads the header; bare or in quotes.
pub fn read_key(request: &Request) -> Result<Option<Key>> {
    let Some(text) = request.header("Idempotency-Key") else {
        return Ok(None);
    };
    let key = text.trim().trim_matches('"');
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return Err(Error::new(Code::InvalidHeader, texts::requests::idempotency_key_form()));
    }
    // The query is part of what was asked for: a dry run and the real thing are different requests.
    let mut hasher = Sha256::new();
    hasher.update(request.query.without(&[]).finish().as_bytes());
    hasher.update(b"\n");
    hasher.update(&request.body);
    Ok(Some(Key {
        operation: format!("{} {}", request.operation.id, request.path_text()),
        key: key.to_owned(),
        body_hash: crate::json::digest::hex(&hasher.finalize()),
    }))
}

/// The same for operations of which only some methods are repeated by key: POST.
pub fn read_key_of_action(request: &Request) -> Result<Option<Key>> {
    if request.is_post() { read_key(request) } else { Ok(None) }
}

/// Runs `work` unless this key was answered before; then that answer comes again, marked, as `show_again` lets this caller
/// have it today.
pub fn run_once(
    key: Option<&Key>,
    writing: &mut Writing<'_, '_>,
    replay_answer: impl FnOnce(&mut Writing<'_, '_>, StoredAnswer) -> Result<Answer>,
    work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<Answer>>,
) -> Result<Recorded<Answer>> {
    let Some(key) = key else {
        return work(writing);
    };
    if let Some(stored) = find(key, writing)? {
        let answer = replay_answer(writing, stored)?;
        return Ok(Recorded::unchanged(answer.header("Idempotent-Replayed", "true")));
    }
    let recorded = work(writing)?;
    recorded.try_map(|answer| {
        store(key, writing, &answer)?;
        Ok(answer)
    })
}

fn find(key: &Key, writing: &mut Writing<'_, '_>) -> Result<Option<StoredAnswer>> {
    let mut query = idempotency::table
        .filter(idempotency::operation.eq(&key.operation))
        .filter(idempotency::idempotency_key.eq(&key.key))
        .select((
            idempotency::body_hash,
            idempotency::status,
            idempotency::headers,
            idempotency::body,
            idempotency::created_at,
        ))
        .into_boxed::<Backend>();
    if rules::is_replay_of_client() {
        query = query.filter(idempotency::client_id.eq(&writing.caller.client_id));
    }
    let row: Option<(String, i64, String, String, String)> = query.first(writing.transaction.conn).optional()?;
    let Some((body_hash, status, headers, body, created_at)) = row else {
        return Ok(None);
    };
    let oldest = clock::format_instant(writing.transaction.now - KEPT_FOR);
    if created_at < oldest {
        diesel::delete(idempotency::table.find((&writing.caller.client_id, &key.operation, &key.key)))
            .execute(writing.transaction.conn)?;
        return Ok(None);
    }
    if body_hash != key.body_hash {
        return Err(Error::new(
            Code::IdempotencyKeyReused,
            texts::requests::idempotency_key_reused(),
        ));
    }
    if status == SHOWN_SECRET {
        return Err(
            Error::new(Code::SecretAlreadyShown, texts::requests::secret_shown_before(&body))
                .with_member("token_id", body),
        );
    }
    let headers: Vec<(String, String)> = serde_json::from_str(&headers).map_err(Error::internal)?;
    let answer = Answer {
        status: u16::try_from(status).map_err(Error::internal)?,
        headers,
        body,
        secret_of: None,
    };
    Ok(Some(StoredAnswer { answer, at: created_at }))
}

fn store(key: &Key, writing: &mut Writing<'_, '_>, answer: &Answer) -> Result<()> {
    let headers = serde_json::to_string(&answer.headers).map_err(Error::internal)?;
    let (status, headers, body) = match &answer.secret_of {
        Some(token) => (SHOWN_SECRET, "[]".to_owned(), token),
        None => (i64::from(answer.status), headers, &answer.body),
    };
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::client_id.eq(&writing.caller.client_id),
            idempotency::operation.eq(&key.operation),
            idempotency::idempotency_key.eq(&key.key),
            idempotency::body_hash.eq(&key.body_hash),
            idempotency::status.eq(status),
            idempotency::headers.eq(headers),
            idempotency::body.eq(body),
            idempotency::created_at.eq(clock::format_instant(writing.transaction.now)),
        ))
        .execute(writing.transaction.conn)?;
    Ok(())
}
