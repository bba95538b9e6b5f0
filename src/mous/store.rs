//! MOUs in the database: index columns, the list, and what needs other records to decide.

use crate::auth::{Caller, Guard};
use crate::db::Conn;
use crate::db::schema::{mou_index, office_ancestors, office_index, record_links};
use crate::documents::kind::Kind;
use crate::documents::office_aliases::{find_merged, seen_among};
use crate::error::{Code, Error, Result};
use crate::list::columns::{DateColumns, PeriodColumns, text_key};
use crate::list::named_offices::NAMED;
use crate::list::{Page, PageRequest};
use crate::mous::document::{Mou, Mous};
use crate::mous::rules::signatory_ids;
use crate::texts;
use crate::values::{Finding, FindingCode};
use crate::{
    filter_codes, filter_column, filter_dates, filter_links, filter_named_offices, filter_nullable_column, list_query,
    load_page, load_page_by_head, start_list,
};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The relation under which parties are linked.
pub(super) const PARTIES: &str = "parties";

/// The index columns of an MOU.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = mou_index, treat_none_as_null = true)]
pub struct MouIndex {
    /// Record id.
    pub id: String,
    /// Folded title in the original language, or any.
    pub title_key: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the stage.
    pub stage: String,
    /// Code of the confirmation.
    pub confirmation: Option<String>,
    /// First day of signing, after all days where missing.
    pub signed_key_ascending: String,
    /// First day of signing, before all days where missing.
    pub signed_key_descending: String,
    /// First day on which it may have been signed.
    pub signed_first: Option<String>,
    /// Last day on which it may have been signed.
    pub signed_last: Option<String>,
    /// `true` when it has no end.
    pub effective_open: String,
    /// First day on which it may have begun.
    pub effective_from_first: Option<String>,
    /// Last day on which it may have begun.
    pub effective_from_last: Option<String>,
    /// First day on which it may end.
    pub effective_to_first: Option<String>,
    /// Last day on which it may end.
    pub effective_to_last: Option<String>,
}

/// The index columns of a document.
pub(super) fn index(mou: &Mou) -> MouIndex {
    let effective = PeriodColumns::of(mou.terms.effective.as_ref());
    let signed = DateColumns::of(mou.signed_on.as_ref());
    MouIndex {
        id: mou.id.to_string(),
        title_key: text_key(&mou.titles, mou.original_language.as_deref()),
        kind: mou.kind.as_str().to_owned(),
        stage: mou.stage.as_str().to_owned(),
        confirmation: mou.confirmation.map(|confirmation| confirmation.as_str().to_owned()),
        signed_key_ascending: signed.ascending,
        signed_key_descending: signed.descending,
        signed_first: signed.first,
        signed_last: signed.last,
        effective_open: effective.open,
        effective_from_first: effective.from_first,
        effective_from_last: effective.from_last,
        effective_to_first: effective.to_first,
        effective_to_last: effective.to_last,
    }
}

type Query = list_query!(mou_index);

fn filtered(request: &PageRequest<'_>) -> Query {
    let filters = request.filters;
    let mut query = start_list!(mou_index, request);
    query = filter_column!(query, filters, "kind", mou_index::kind);
    query = filter_column!(query, filters, "stage", mou_index::stage);
    query = filter_codes!(query, filters, "purpose");
    query = filter_nullable_column!(query, filters, "confirmation", mou_index::confirmation);
    query = filter_parties(query, request);
    query = filter_dates!(
        query,
        request,
        "signed_gte",
        "signed_lte",
        mou_index::signed_first,
        mou_index::signed_last
    );
    query = filter_dates!(
        query,
        request,
        "effective_from_gte",
        "effective_from_lte",
        mou_index::effective_from_first,
        mou_index::effective_from_last
    );
    query = filter_dates!(
        query,
        request,
        "effective_to_gte",
        "effective_to_lte",
        mou_index::effective_to_first,
        mou_index::effective_to_last
    );
    match filters.flag("signed_missing") {
        Some(true) => query.filter(mou_index::signed_first.is_null()),
        Some(false) => query.filter(mou_index::signed_first.is_not_null()),
        None => query,
    }
}

/// `party` names parties that must be there; `partner_country` and `partner_kind` look at the others.
fn filter_parties(query: Query, request: &PageRequest<'_>) -> Query {
    let filters = request.filters;
    let mut query = filter_links!(query, filters, "party", "party_role", [PARTIES]);
    let named: Vec<String> = filters.all("party").flatten().cloned().collect();
    let is_partner = || NAMED.field(record_links::target_id).ne_all(named.clone());
    for countries in filters.all("partner_country") {
        let countries: Vec<Option<String>> = countries.iter().cloned().map(Some).collect();
        let is_there = is_partner().and(office_index::country.eq_any(countries));
        query = filter_named_offices!(query, request, mou_index::id, PARTIES, is_there);
    }
    for kinds in filters.all("partner_kind") {
        let is_such = is_partner().and(office_index::kind.eq_any(kinds.clone()));
        query = filter_named_offices!(query, request, mou_index::id, PARTIES, is_such);
    }
    query
}

/// One page.
pub(super) fn select_page(conn: &mut Conn, request: &PageRequest<'_>) -> Result<Page> {
    let query = filtered(request);
    match (request.sort.key, request.sort.descending) {
        ("created_at", _) => load_page_by_head!(conn, query, request, Mous::NAME, records::created_at),
        ("updated_at", _) => load_page_by_head!(conn, query, request, Mous::NAME, records::updated_at),
        ("signed_on", false) => load_page!(conn, query, request, mou_index::signed_key_ascending),
        ("signed_on", true) => load_page!(conn, query, request, mou_index::signed_key_descending),
        _ => load_page!(conn, query, request, mou_index::title_key),
    }
}

/// How many match.
pub(super) fn count(conn: &mut Conn, request: &PageRequest<'_>) -> Result<i64> {
    Ok(filtered(request).count().get_result(conn)?)
}

/// An office and its own unit cannot be the only two signatories: that would be an office agreeing with itself.
pub(super) fn check_signatories(conn: &mut Conn, mou: &Mou) -> Result<Vec<Finding>> {
    let signatories = signatory_ids(mou);
    let [one, other] = signatories.as_slice() else {
        return Ok(Vec::new());
    };
    let related: i64 = office_ancestors::table
        .filter(
            office_ancestors::office_id
                .eq(one)
                .and(office_ancestors::ancestor_id.eq(other))
                .or(office_ancestors::office_id
                    .eq(other)
                    .and(office_ancestors::ancestor_id.eq(one))),
        )
        .count()
        .get_result(conn)?;
    Ok(if related > 0 {
        vec![Finding::at(
            "/parties",
            FindingCode::SameHouse,
            texts::mous::signatories_of_one_house(),
        )]
    } else {
        Vec::new()
    })
}

/// Same signatories, kind, day and title as a record that the caller sees: 409, unless it says that it is another one.
/// A hidden one is told of to nobody, or guesses at its title would be answered.
pub(super) fn check_duplicates(conn: &mut Conn, caller: &Caller, mou: &Mou) -> Result<()> {
    let own = index(mou);
    let signatories = signatory_ids(mou);
    // Not ordered by the database: PostgreSQL would rather walk all ids in order than look the title up.
    let mut candidates: Vec<String> = mou_index::table
        .filter(mou_index::title_key.eq(&own.title_key))
        .filter(mou_index::kind.eq(&own.kind))
        .filter(mou_index::signed_key_ascending.eq(&own.signed_key_ascending))
        .filter(mou_index::id.ne(&own.id))
        .limit(100)
        .select(mou_index::id)
        .load(conn)?;
    candidates.sort_unstable();
    let mut same = Vec::new();
    for candidate in &candidates {
        let others: Vec<String> = record_links::table
            .filter(record_links::record_id.eq(candidate))
            .filter(record_links::relation.eq(PARTIES))
            .filter(record_links::role.eq("signatory"))
            .select(record_links::target_id)
            .load(conn)?;
        if means_the_same(conn, caller, &signatories, &others)? {
            same.push(candidate.as_str());
        }
    }
    match seen_among(conn, caller, Guard::VisibleDuplicates, &same)?.pop_first() {
        None => Ok(()),
        Some(existing) => {
            Err(Error::new(Code::PossibleDuplicate, texts::mous::same_mou_exists())
                .with_member("existing_id", existing))
        }
    }
}

/// Are these the same offices, by whichever of its ids each is named?
fn means_the_same(conn: &mut Conn, caller: &Caller, one: &[String], other: &[String]) -> Result<bool> {
    if one.len() == other.len() && one.iter().all(|id| other.contains(id)) {
        return Ok(true);
    }
    let merged: BTreeMap<String, String> = find_merged(
        conn,
        caller,
        &one.iter().chain(other).map(String::as_str).collect::<Vec<_>>(),
    )?
    .into_iter()
    .collect();
    let meant = |ids: &[String]| -> BTreeSet<String> {
        let survivors = ids.iter().map(|id| merged.get(id).unwrap_or(id));
        survivors.cloned().collect()
    };
    Ok(meant(one) == meant(other))
}
