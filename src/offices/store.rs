//! Offices in the database: index columns, the list, the tree.

use crate::db::schema::{office_ancestors, office_index, record_keys, records};
use crate::db::{Backend, Conn, Transaction};
use crate::error::Result;
use crate::list::{Page, PageRequest};
use crate::offices::document::Office;
use crate::values::Finding;
use crate::values::text::fold;
use crate::{filter_column, load_page, start_list};
use diesel::prelude::*;

/// The index columns of an office.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = office_index, treat_none_as_null = true)]
pub struct OfficeIndex {
    /// Record id.
    pub id: String,
    /// Folded name in the original language, or any.
    pub name_key: String,
    /// Code of the kind.
    pub kind: String,
    /// ISO 3166-1.
    pub country: Option<String>,
    /// ISO 3166-2.
    pub subdivision: Option<String>,
    /// The office above.
    pub parent_id: Option<String>,
    /// `true` when it has no end.
    pub valid_open: String,
    /// First day on which it may have begun.
    pub valid_from_first: Option<String>,
    /// Last day on which it may have begun.
    pub valid_from_last: Option<String>,
    /// First day on which it may have ended.
    pub valid_to_first: Option<String>,
    /// Last day on which it may have ended.
    pub valid_to_last: Option<String>,
}

/// The index columns of a document.
pub(super) fn index(office: &Office) -> OfficeIndex {
    let valid = office.valid.as_ref();
    let from = valid.and_then(|valid| valid.from.as_ref());
    let to = valid.and_then(|valid| valid.to.as_ref());
    let name = office.names.get_for(None, office.original_language.as_deref());
    OfficeIndex {
        id: office.id.to_string(),
        name_key: fold(name.map_or("", |(_, text)| text)),
        kind: office.kind.as_str().to_owned(),
        country: office.country.clone(),
        subdivision: office.subdivision.clone(),
        parent_id: office.parent_id.as_ref().map(ToString::to_string),
        valid_open: valid.is_some_and(|valid| valid.open).to_string(),
        valid_from_first: from.map(|date| date.first_day().to_string()),
        valid_from_last: from.map(|date| date.last_day().to_string()),
        valid_to_first: to.map(|date| date.first_day().to_string()),
        valid_to_last: to.map(|date| date.last_day().to_string()),
    }
}

type Query = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Filter<
        diesel::dsl::InnerJoin<office_index::table, records::table>,
        diesel::dsl::IsNull<records::deleted_at>,
    >,
    Backend,
>;

fn filtered(request: &PageRequest<'_>) -> Query {
    let filters = request.filters;
    let mut query = start_list!(office_index, request);
    query = filter_column!(query, filters, "kind", office_index::kind);
    for values in filters.all("country") {
        query = query.filter(office_index::country.eq_any(some(values)));
    }
    for values in filters.all("subdivision") {
        query = query.filter(office_index::subdivision.eq_any(some(values)));
    }
    for values in filters.all("parent") {
        query = query.filter(office_index::parent_id.eq_any(some(values)));
    }
    for values in filters.all("within") {
        query = query.filter(
            office_index::id.eq_any(
                office_ancestors::table
                    .filter(office_ancestors::ancestor_id.eq_any(values.clone()))
                    .select(office_ancestors::office_id),
            ),
        );
    }
    for values in filters.all("identifier") {
        query = query.filter(
            office_index::id.eq_any(
                record_keys::table
                    .filter(record_keys::name.eq("office-identifier"))
                    .filter(record_keys::value.eq_any(values.clone()))
                    .select(record_keys::record_id),
            ),
        );
    }
    match filters.one("valid_on") {
        Some(day) => valid_on(query, day.to_owned(), request.certain_dates),
        None => query,
    }
}

/// An office whose begin or end is not known may have been valid on a day; certain it is only where both are known.
fn valid_on(query: Query, day: String, certain: bool) -> Query {
    let day = Some(day);
    if certain {
        query.filter(office_index::valid_from_last.le(day.clone())).filter(
            office_index::valid_open
                .eq("true")
                .or(office_index::valid_to_first.ge(day).assume_not_null()),
        )
    } else {
        query
            .filter(
                office_index::valid_from_first
                    .is_null()
                    .or(office_index::valid_from_first.le(day.clone()).assume_not_null()),
            )
            .filter(
                office_index::valid_to_last
                    .is_null()
                    .or(office_index::valid_to_last.ge(day).assume_not_null()),
            )
    }
}

fn some(values: &[String]) -> Vec<Option<String>> {
    values.iter().cloned().map(Some).collect()
}

/// One page.
pub(super) fn select_page(conn: &mut Conn, request: &PageRequest<'_>) -> Result<Page> {
    let query = filtered(request);
    match request.sort.key {
        "created_at" => load_page!(conn, query, request, records::created_at),
        "updated_at" => load_page!(conn, query, request, records::updated_at),
        _ => load_page!(conn, query, request, office_index::name_key),
    }
}

/// How many match.
pub(super) fn count(conn: &mut Conn, request: &PageRequest<'_>) -> Result<i64> {
    Ok(filtered(request).count().get_result(conn)?)
}

/// The tree has no cycles: the new parent must not be the office itself or one below it.
pub(super) fn check_tree(conn: &mut Conn, office: &Office) -> Result<Vec<Finding>> {
    let Some(parent) = &office.parent_id else {
        return Ok(Vec::new());
    };
    let below: i64 = office_ancestors::table
        .filter(office_ancestors::office_id.eq(parent.as_str()))
        .filter(office_ancestors::ancestor_id.eq(office.id.as_str()))
        .count()
        .get_result(conn)?;
    Ok(if below > 0 {
        vec![Finding::at(
            "/parent_id",
            "cycle",
            "This office is above the one that shall be its parent.",
        )]
    } else {
        Vec::new()
    })
}

/// Keeps the closed tree true when an office is created, moved or deleted.
pub(super) fn write_ancestors(
    transaction: &mut Transaction<'_>,
    old: Option<&Office>,
    new: Option<&Office>,
) -> Result<()> {
    let conn = &mut *transaction.conn;
    match (old, new) {
        (None, Some(new)) => insert_ancestors(conn, new.id.as_str(), new.parent_id.as_ref().map(AsRef::as_ref)),
        (Some(old), None) => {
            diesel::delete(office_ancestors::table.filter(office_ancestors::office_id.eq(old.id.as_str())))
                .execute(conn)?;
            Ok(())
        }
        (Some(old), Some(new)) if old.parent_id != new.parent_id => {
            let moved: Vec<String> = office_ancestors::table
                .filter(office_ancestors::ancestor_id.eq(new.id.as_str()))
                .order(office_ancestors::depth.asc())
                .select(office_ancestors::office_id)
                .load(conn)?;
            diesel::delete(office_ancestors::table.filter(office_ancestors::office_id.eq_any(&moved))).execute(conn)?;
            for id in moved {
                let parent: Option<String> = if id == new.id.as_str() {
                    new.parent_id.as_ref().map(ToString::to_string)
                } else {
                    office_index::table
                        .find(&id)
                        .select(office_index::parent_id)
                        .first(conn)?
                };
                insert_ancestors(conn, &id, parent.as_deref())?;
            }
            transaction.state.epoch += 1;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn insert_ancestors(conn: &mut Conn, id: &str, parent: Option<&str>) -> Result<()> {
    let mut above = vec![(id.to_owned(), 0)];
    if let Some(parent) = parent {
        let rows: Vec<(String, i64)> = office_ancestors::table
            .filter(office_ancestors::office_id.eq(parent))
            .select((office_ancestors::ancestor_id, office_ancestors::depth))
            .load(conn)?;
        above.extend(rows.into_iter().map(|(ancestor, depth)| (ancestor, depth + 1)));
    }
    for (ancestor, depth) in above {
        diesel::insert_into(office_ancestors::table)
            .values((
                office_ancestors::office_id.eq(id),
                office_ancestors::ancestor_id.eq(ancestor),
                office_ancestors::depth.eq(depth),
            ))
            .execute(conn)?;
    }
    Ok(())
}
