//! Revisions: the list, one of them, and what differs between two.

use crate::auth::access::sql::visible_version;
use crate::auth::access::{Audience, Standing};
use crate::auth::{Guard, Reading};
use crate::db::schema::{records, revisions};
use crate::db::{Lane, StoredVersion};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::kind::Kind;
use crate::documents::read::address::{read_address, resolve_address};
use crate::documents::read::current::{VisibleRecord, find_seen};
use crate::documents::read::render::{RecordView, Renderer};
use crate::error::{Error, Result};
use crate::http::tag::body_tag;
use crate::http::{Answer, Call};
use crate::json::diff::Change;
use crate::json::digest::digest_of;
use crate::json::patch::diff_as_patch;
use crate::list::DerivedPage;
use crate::list::answer::CursorKey;
use crate::list::cursor::Position;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use utoipa::ToSchema;

/// One version of a record.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = revisions)]
pub struct Revision {
    version: i64,
    #[schema(format = DateTime)]
    at: String,
    /// How it came about: a write, or the name of an action.
    operation: String,
    /// The office that made it; null for the registry itself.
    office_id: Option<String>,
    /// sha256 over the document as you get it; empty for a deletion.
    digest: String,
    /// Why, where an action asked for it.
    reason: Option<String>,
    #[serde(skip)]
    record_id: String,
    #[serde(skip)]
    audience: Audience,
}

/// What differs between two versions, without the members that the service keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct Diff {
    from: i64,
    to: i64,
    changes: Vec<Change>,
    /// A merge patch from the one to the other.
    #[schema(value_type = Object)]
    patch: Value,
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    row: Revision,
    #[serde(skip)]
    key: String,
}

impl CursorKey for Listed {
    fn place(&self) -> (&str, &str) {
        (&self.key, &self.row.record_id)
    }
}

/// `GET /{kind}/{id}/revisions`: newest first.
pub async fn list_revisions<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let address = read_address::<K>(&call.request.path("id"))?;
    let asked = DerivedPage::read(&call.request)?;
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            let seen = find_seen(reading.conn, reading.caller, K::NAME, &id)?;
            let mut rows = select_revisions(reading, &seen, asked.rows(), asked.position())?;
            let page = asked.cut(&mut rows)?;
            if seen.head.audience.is_restricted() || rows.iter().any(|listed| listed.row.audience.is_restricted()) {
                reading.record_read(&id);
            }
            let contract = contracts.of::<K>()?;
            if contract.suppresses() {
                let standing = seen.standing(reading.conn, reading.caller)?;
                hide_digests(reading, &contract, (&seen, standing), &mut rows)?;
            }
            asked.answer(&rows, &page)
        })
        .await
}

/// The digests of what the caller gets of these versions: the digest of the whole document would let a withheld figure
/// be found by trying. Empty for a deletion.
fn hide_digests(
    reading: &mut Reading<'_>,
    contract: &Contract,
    (seen, standing): (&VisibleRecord, Standing),
    rows: &mut [Listed],
) -> Result<()> {
    if contract.suppression_for(standing).is_none() {
        return Ok(());
    }
    let renderer = Renderer {
        contract,
        language: None,
    };
    let versions: Vec<i64> = rows.iter().map(|listed| listed.row.version).collect();
    let stored: Vec<(i64, StoredVersion)> = revisions::table
        .filter(revisions::record_id.eq(&seen.head.id))
        .filter(revisions::version.eq_any(versions))
        .select((revisions::version, StoredVersion::as_select()))
        .load(reading.conn)?;
    let mut stored: HashMap<i64, StoredVersion> = stored.into_iter().collect();
    for listed in rows {
        let version = stored.remove(&listed.row.version);
        listed.row.digest = match version.and_then(StoredVersion::into_document) {
            None => String::new(),
            Some(document) => {
                let row = (seen.head.sight_row_with(listed.row.audience), standing);
                let view = renderer.suppress_for(reading, row, document, Some(&seen.head.document))?;
                digest_of(&view.text)
            }
        };
    }
    Ok(())
}

fn select_revisions(
    reading: &mut Reading<'_>,
    seen: &VisibleRecord,
    rows: i64,
    position: Option<&Position>,
) -> Result<Vec<Listed>> {
    let mut query = revisions::table
        .inner_join(records::table.on(records::id.eq(revisions::record_id)))
        .filter(revisions::record_id.eq(&seen.head.id))
        .select(Revision::as_select())
        .limit(rows)
        .into_boxed::<crate::db::Backend>();
    if let Some(office) = reading.caller.viewer().limited_by(Guard::VisibleRevisions) {
        seen.require_sight_of_past(reading.conn, reading.caller)?;
        let is_head = revisions::version.eq(seen.head.version);
        let is_visible = visible_version(revisions::audience, revisions::version, office);
        query = query.filter(is_head.or(is_visible));
    }
    let backwards = position.is_some_and(|position| position.backwards);
    if let Some(at) = position.and_then(|position| position.key.parse::<i64>().ok()) {
        query = if backwards {
            query.filter(revisions::version.gt(at))
        } else {
            query.filter(revisions::version.lt(at))
        };
    }
    query = if backwards {
        query.order(revisions::version.asc())
    } else {
        query.order(revisions::version.desc())
    };
    let found: Vec<Revision> = query.load(reading.conn)?;
    Ok(found
        .into_iter()
        .map(|row| Listed {
            key: row.version.to_string(),
            row,
        })
        .collect())
}

/// `GET /{kind}/{id}/revisions/{version}`: the document as it was; 404 for a deletion, which has none.
pub async fn get_revision<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let address = read_address::<K>(&call.request.path("id"))?;
    let version = read_version(&call.request.path("version"))?;
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            let seen = find_seen(reading.conn, reading.caller, K::NAME, &id)?;
            let view = load_version::<K>(reading, &contracts, &seen, version)?;
            let tag = view.tag(version);
            Ok(Answer::json(200, view.text).header("ETag", tag))
        })
        .await
}

/// `GET /{kind}/{id}/diff?from=&to=`: what differs, as changes with pointers and as a merge patch.
pub async fn diff_record<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let address = read_address::<K>(&call.request.path("id"))?;
    let from = call.request.query.number("from", 0, 1, i64::MAX)?;
    let to = call.request.query.number("to", 0, 1, i64::MAX)?;
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            let seen = find_seen(reading.conn, reading.caller, K::NAME, &id)?;
            let to = if to == 0 { seen.head.version } else { to };
            let from = if from == 0 { (to - 1).max(1) } else { from };
            let contract = contracts.of::<K>()?;
            let mut form = |version| -> Result<Value> {
                let view = load_version::<K>(reading, &contracts, &seen, version)?;
                let document: Value = serde_json::from_str(&view.text).map_err(Error::internal)?;
                Ok(contract.writable_form(&document))
            };
            let (before, after) = (form(from)?, form(to)?);
            let diff = Diff {
                from,
                to,
                changes: contract.walk.changes(&before, &after),
                patch: diff_as_patch(&before, &after),
            };
            let body = serde_json::to_string(&diff).map_err(Error::internal)?;
            let tag = body_tag(None, &body);
            Ok(Answer::json(200, body).header("ETag", tag))
        })
        .await
}

/// One version as this caller gets it, in today's format; what others than the owner may not read is withheld by the rule of
/// today's record and of that version both.
fn load_version<K: Kind>(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    seen: &VisibleRecord,
    version: i64,
) -> Result<RecordView> {
    let head = &seen.head;
    let found = seen.find_version(reading.conn, reading.caller, version)?;
    let (audience, document) = found.ok_or_else(|| Error::record_not_found().concerning(&head.id))?;
    let contract = contracts.of::<K>()?;
    let renderer = Renderer {
        contract: &contract,
        language: None,
    };
    renderer.suppress(reading, head.sight_row_with(audience), document, Some(&head.document))
}

fn read_version(text: &str) -> Result<i64> {
    text.parse()
        .ok()
        .filter(|version| *version > 0)
        .ok_or_else(Error::record_not_found)
}
