//! The change feed: everything that changed since the last visit, in commit order, nothing skipped.
//!
//! Sequence numbers are given out under the state row's lock and become visible with their commit, so a reader never
//! sees a later number before an earlier one. A caller gets what it may see today of what it could see then: a change
//! made while the record was a draft stays with the owner; a record that it can no longer see comes as `hidden`. And it
//! gets the kinds that its scopes let it read: a position only counts changes, it does not remember which were shown, so
//! a client that gets another scope begins anew.

use crate::auth::access::sql::{is_related, visible_version};
use crate::auth::access::versions::VersionSight;
use crate::auth::access::{Audience, SightColumns, SightRow};
use crate::auth::refusals::missing_scopes;
use crate::auth::scope::ChangesRead;
use crate::auth::{Caller, Guard, Reading};
use crate::bounds::MAX_VALUES_OF_FILTER;
use crate::clock;
use crate::db::schema::{change_losses, changes, records, registry_state, revisions};
use crate::db::{Backend, Conn, Lane, StoredDocument, StoredVersion};
use crate::documents::contract::Contracts;
use crate::documents::derivation::Completeness;
use crate::documents::endpoints::limit;
use crate::documents::office_aliases::find_survivors;
use crate::documents::read::render::Renderer;
use crate::documents::write::sight_losses::HIDDEN;
use crate::error::{Code, Error, Result};
use crate::http::endpoint::Tag;
use crate::http::query::invalid_parameter;
use crate::http::stopping::StopSwitch;
use crate::http::{Answer, Call, Endpoint, Parameter};
use crate::list::answer::PageRoom;
use crate::list::spec::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::texts;
use crate::values::{Finding, FindingCode};
use actix_web::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use diesel::dsl::exists;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    SelectableHelper,
};
use futures_util::future::select;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use utoipa::ToSchema;

const TAG: Tag = Tag {
    name: "Feed",
    description: "What changed, once and in order.",
};

/// A position that was given out longer ago is refused: the client must read the lists again.
const OLDEST_POSITION: TimeDelta = TimeDelta::days(180);
/// The longest wait for something new, in seconds.
const LONGEST_WAIT: i64 = 30;

/// The feed's operation. `kinds` are the names that `kinds=` takes.
pub fn endpoints(kinds: &[&'static str]) -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/changes", "listChanges", list_changes)
            .describe(
                TAG,
                "List changes",
                "Every change that you may see, once and in the order of commits. Start with `since=begin` (everything) or `since=now`, then send `next` as `since`, for ever. `hidden` tells that you may no longer see a record. Only kinds whose scope to read you hold, beside `changes:read`, are told: `mous:read` for MOUs, and so on. A position does not remember what was not shown: after a scope was added, read from `since=begin`.",
            )
            .parameters([
                Parameter::query("since", json!({"type": "string", "default": "begin"}), "`begin`, `now`, or `next` of the last answer."),
                Parameter::query(
                    "kinds",
                    json!({"type": "array", "items": {"type": "string", "enum": kinds}}),
                    "Only these kinds, each of which needs its scope to read. Comma-separated.",
                ),
                limit(),
                Parameter::query(
                    "wait",
                    json!({"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0}),
                    "Seconds to wait for something new before an empty answer.",
                ),
                Parameter::query(
                    "exclude_own",
                    json!({"type": "boolean", "default": false}),
                    "Leaves out what your own client changed, so that two systems do not echo each other.",
                ),
            ])
            .answers::<ChangePage>(200, "A part of the feed.")
            .problems(&[Code::InvalidParameter, Code::CursorExpired, Code::Reindexing]),
    ]
}

#[derive(Debug, Clone)]
struct FeedRequest {
    since: Since,
    kinds: Vec<String>,
    limit: i64,
    exclude_own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Now,
    After(i64),
}

/// One change, in the order of commits.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
struct Item {
    seq: i64,
    kind: String,
    id: String,
    /// `hidden`: you could see the record and may no longer.
    #[schema(value_type = ChangeOperation)]
    op: &'static str,
    version: i64,
    #[schema(format = DateTime)]
    at: String,
    by_office_id: Option<String>,
    /// With `delete`: the record that this one, a duplicate, was merged into.
    merged_into: Option<String>,
    /// The record at that version; null for `delete` and `hidden`.
    #[schema(value_type = Option<Object>)]
    record: Option<Box<RawValue>>,
}

/// What happened to a record, as you see it.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the words of Item::op")]
enum ChangeOperation {
    Upsert,
    Delete,
    Hidden,
}

/// A part of the feed.
#[derive(Serialize, ToSchema)]
struct ChangePage {
    items: Vec<Item>,
    /// Send as `since` next time. Always there, also when there is nothing new.
    next: String,
    has_more: bool,
}

async fn list_changes(call: Call<ChangesRead>) -> Result<Answer> {
    let mut request = read_feed_request(&call)?;
    let wait = call.request.query.number("wait", 0, 0, LONGEST_WAIT)?;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(u64::try_from(wait).unwrap_or(0));
    let contracts = call.request.share::<Contracts>()?;
    let rows = call.request.share::<Completeness>()?;
    let mut commits = call.auth.subscribe();
    let switch = call.request.share::<StopSwitch>()?;
    loop {
        let (contracts, asked, rows) = (contracts.clone(), request.clone(), rows.clone());
        let (body, reached) = call
            .auth
            .read(Lane::Slow, move |reading| {
                // Who sees a change follows from links; one that was left out now would never come again.
                rows.require(reading.conn)?;
                select_changes(reading, &contracts, &asked)
            })
            .await?;
        // `now` is when the request came, not when its waiting ends: what comes in between is reported.
        request.since = Since::After(reached);
        if !body.items.is_empty() || tokio::time::Instant::now() >= deadline || switch.is_stopping() {
            return Answer::of(&body);
        }
        // Commits of this process wake at once; those of another instance are found within a second.
        let pause = deadline.min(tokio::time::Instant::now() + Duration::from_secs(1));
        let _woken = tokio::time::timeout_at(pause, select(pin!(commits.changed()), pin!(switch.stopped()))).await;
    }
}

fn read_feed_request(call: &Call<ChangesRead>) -> Result<FeedRequest> {
    let query = &call.request.query;
    let contracts = call.request.share::<Contracts>()?;
    let kinds: Vec<String> = query
        .one("kinds")?
        .map(|text| text.split(',').map(|kind| kind.trim().to_owned()).collect())
        .unwrap_or_default();
    if kinds.len() > MAX_VALUES_OF_FILTER {
        let detail = texts::requests::at_most_values(MAX_VALUES_OF_FILTER);
        return Err(invalid_parameter("kinds", FindingCode::TooMany, detail));
    }
    let known = contracts.names();
    let unknown: Vec<Finding> = kinds
        .iter()
        .filter(|kind| !known.contains(&kind.as_str()))
        .map(|kind| {
            Finding::parameter("kinds", FindingCode::UnknownCode, texts::requests::no_kind(kind))
                .with_allowed(known.iter().copied(), kind)
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Error::with_findings(Code::InvalidParameter, unknown));
    }
    Ok(FeedRequest {
        since: read_since(query.one("since")?)?,
        kinds,
        limit: query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)?,
        exclude_own: query.flag("exclude_own")?,
    })
}

fn read_since(text: Option<&str>) -> Result<Since> {
    let damaged = || {
        invalid_parameter(
            "since",
            FindingCode::InvalidPosition,
            texts::requests::feed_position_form(),
        )
    };
    let text = match text {
        None | Some("begin") => return Ok(Since::After(0)),
        Some("now") => return Ok(Since::Now),
        Some(text) => text,
    };
    let decoded = URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(damaged)?;
    let (seq, given_out) = decoded
        .strip_prefix("1.")
        .and_then(|rest| rest.split_once('.'))
        .ok_or_else(damaged)?;
    let seq: i64 = seq.parse().ok().filter(|seq| *seq >= 0).ok_or_else(damaged)?;
    let given_out = given_out
        .parse()
        .ok()
        .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
        .ok_or_else(damaged)?;
    if clock::now() - given_out > OLDEST_POSITION {
        return Err(Error::new(Code::CursorExpired, texts::requests::feed_position_old()));
    }
    Ok(Since::After(seq))
}

fn write_position(seq: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("1.{seq}.{}", clock::now().timestamp()))
}

#[derive(Debug, Clone, diesel::Queryable)]
struct Row {
    seq: i64,
    kind: String,
    version: i64,
    operation: String,
    at: String,
    office_id: Option<String>,
    audience: Audience,
    head: SightColumns,
    head_document: StoredDocument,
}

/// A part of the feed, and how far it reaches.
fn select_changes(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    request: &FeedRequest,
) -> Result<(ChangePage, i64)> {
    // Up to where this view of the database reaches: the position moves there even when nothing of it may be seen.
    let horizon: i64 = registry_state::table
        .find(1)
        .select(registry_state::change_seq)
        .first(reading.conn)?;
    let after = match request.since {
        Since::Now => horizon,
        Since::After(seq) if seq <= horizon => seq,
        Since::After(_) => return Err(ahead()),
    };
    let kinds = admit_kinds(contracts, reading.caller, &request.kinds)?;
    let mut rows = select_rows(reading.conn, reading.caller, (request, &kinds), after, horizon)?;
    let wanted = usize::try_from(request.limit).map_err(Error::internal)?;
    let has_more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = match rows.last() {
        Some(last) if has_more => last.seq,
        _ => horizon,
    };
    let (items, cut_after) = make_items(reading, contracts, rows)?;
    let (next, has_more) = cut_after.map_or((next, has_more), |seq| (seq, true));
    let body = ChangePage {
        items,
        next: write_position(next),
        has_more,
    };
    Ok((body, next))
}

/// A position that this registry never gave out: going on from there would skip all changes until it is reached.
fn ahead() -> Error {
    Error::new(Code::CursorExpired, texts::requests::feed_position_ahead())
}

/// The kinds to report: those asked for, or all that the caller's scopes let it read. 403 where it may read none, or not
/// one that it asks for.
fn admit_kinds(contracts: &Contracts, caller: &Caller, asked: &[String]) -> Result<Vec<String>> {
    let readable = contracts.readable_names(caller);
    let asks = |name: &&str| asked.is_empty() || asked.iter().any(|kind| kind == name);
    let (told, refused): (Vec<&str>, Vec<&str>) = contracts
        .names()
        .into_iter()
        .filter(asks)
        .partition(|name| readable.contains(name));
    if told.is_empty() || !(asked.is_empty() || refused.is_empty()) {
        let mut missing = Vec::new();
        for name in refused {
            missing.extend(contracts.by_name(name)?.read_scope);
        }
        return Err(missing_scopes(caller, &missing));
    }
    Ok(told.into_iter().map(str::to_owned).collect())
}

fn select_rows(
    conn: &mut Conn,
    caller: &Caller,
    (request, kinds): (&FeedRequest, &[String]),
    after: i64,
    horizon: i64,
) -> Result<Vec<Row>> {
    let mut query = changes::table
        .inner_join(records::table.on(records::id.eq(changes::record_id)))
        .filter(changes::seq.gt(after))
        .filter(changes::seq.le(horizon))
        .select((
            changes::seq,
            changes::kind,
            changes::version,
            changes::operation,
            changes::at,
            changes::office_id,
            changes::audience,
            SightColumns::as_select(),
            StoredDocument::as_select(),
        ))
        .order(changes::seq.asc())
        .limit(request.limit + 1)
        .into_boxed::<Backend>();
    query = query.filter(changes::kind.eq_any(kinds.to_vec()));
    if request.exclude_own {
        query = query.filter(changes::client_id.ne(caller.client_id.clone()));
    }
    query = match caller.viewer().limited_by(Guard::VisibleChanges) {
        None => query.filter(changes::operation.ne(HIDDEN)),
        // What it could see at that change, what it could see just before, and where it was just taken out.
        Some(office) => query.filter(
            changes::operation
                .ne(HIDDEN)
                .and(visible_version(changes::audience, changes::version, office).or(
                    changes::previous_audience.is_not_null().and(visible_version(
                        changes::previous_audience.assume_not_null(),
                        changes::version - 1_i64,
                        office,
                    )),
                ))
                .or(exists(
                    change_losses::table
                        .filter(change_losses::seq.eq(changes::seq))
                        .filter(is_related(change_losses::office_id, office)),
                )),
        ),
    };
    Ok(query.load(conn)?)
}

/// The documents of these versions, by record and version; none for deletions.
fn load_documents(conn: &mut Conn, rows: &[Row]) -> Result<HashMap<(String, i64), Option<StoredDocument>>> {
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let found: Vec<(String, i64, StoredVersion)> = revisions::table
        .filter(revisions::seq.eq_any(seqs))
        .select((revisions::record_id, revisions::version, StoredVersion::as_select()))
        .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(id, version, stored)| ((id, version), stored.into_document()))
        .collect())
}

/// The rows as this caller gets them. What they need of the database is asked for all at once. Where the records are longer
/// than a page may be, the first of the rows, and the position after them.
fn make_items(reading: &mut Reading<'_>, contracts: &Contracts, rows: Vec<Row>) -> Result<(Vec<Item>, Option<i64>)> {
    let mut documents = load_documents(reading.conn, &rows)?;
    let sight_rows: Vec<SightRow<'_>> = rows.iter().map(|row| row.head.row()).collect();
    let viewer = reading.caller.viewer();
    let sights = viewer.version_sights(reading.conn, Guard::ContentsOfChanges, &sight_rows)?;
    let ended: Vec<&str> = rows
        .iter()
        .filter(|row| row.operation == "delete")
        .map(|row| row.head.id.as_str())
        .collect();
    let survivors = find_survivors(reading.conn, reading.caller, &ended)?;
    let mut items = Vec::with_capacity(rows.len());
    let (mut room, mut told) = (PageRoom::default(), None);
    for (row, sight) in rows.into_iter().zip(sights) {
        let seq = row.seq;
        let document = documents.remove(&(row.head.id.clone(), row.version)).flatten();
        let survivor = survivors.get(&row.head.id).cloned();
        let item = make_item(reading, contracts, row, &sight, (document, survivor))?;
        let record = item.as_ref().and_then(|item| item.record.as_ref());
        if !room.takes(record.map_or(0, |record| record.get().len())) {
            return Ok((items, told));
        }
        items.extend(item);
        told = Some(seq);
    }
    Ok((items, None))
}

/// One row as this caller gets it; none where it reports a loss of sight that the caller has regained since.
fn make_item(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    row: Row,
    sight: &VersionSight,
    (document, survivor): (Option<StoredDocument>, Option<String>),
) -> Result<Option<Item>> {
    let sees_head = sight.sees_head(row.head.audience);
    let is_visible = sees_head && sight.sees(row.version, row.audience);
    let op = match (is_visible, row.operation.as_str()) {
        (_, HIDDEN) if sees_head => return Ok(None),
        (false, _) | (_, HIDDEN) => "hidden",
        (true, "delete") => "delete",
        (true, _) => "upsert",
    };
    let record = match document.filter(|_| op == "upsert") {
        None => None,
        Some(document) => {
            let renderer = Renderer {
                contract: contracts.by_name(&row.kind)?,
                language: None,
            };
            let shown = SightRow {
                audience: row.head.audience.max(row.audience),
                ..row.head.row()
            };
            let standing = sight.standing();
            let view = renderer.suppress_for(reading, (shown, standing), document, Some(&row.head_document))?;
            Some(view.into_embedded(row.version)?)
        }
    };
    Ok(Some(Item {
        seq: row.seq,
        kind: row.kind,
        id: row.head.id,
        op,
        version: row.version,
        at: row.at,
        by_office_id: row.office_id,
        merged_into: survivor.filter(|_| op == "delete"),
        record,
    }))
}
