//! MOUs in the database: index columns, and what needs other records to decide.

use super::rules;
use crate::auth::{Caller, Guard};
use crate::db::Conn;
use crate::db::schema::{mou_index, office_ancestors, record_links};
use crate::documents::kind::{Indexed, RoleLink, WriteOptions};
use crate::documents::office_aliases::{find_merged, seen_among};
use crate::error::{Code, Error, Result};
use crate::list::columns::{DateColumns, PeriodColumns, text_key};
use crate::list::index_row::index_table;
use crate::mous::document::{Mou, Mous};
use crate::mous::rules::signatory_ids;
use crate::texts;
use crate::values::{Finding, FindingCode};
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

index_table!(mou_index, MouIndex);

impl Indexed for Mous {
    type Index = MouIndex;

    /// The index columns of a document.
    fn index(mou: &Mou) -> MouIndex {
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

    fn role_links(document: &Mou) -> Vec<RoleLink> {
        document
            .parties
            .iter()
            .flat_map(|(office, party)| {
                party.roles.iter().map(|role| RoleLink {
                    relation: PARTIES,
                    target_id: office.clone(),
                    role: role.as_str().to_owned(),
                })
            })
            .collect()
    }

    fn codes(document: &Mou) -> Vec<(&'static str, String)> {
        document
            .purposes
            .iter()
            .map(|purpose| ("purpose", purpose.as_str().to_owned()))
            .collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        caller: &Caller,
        old: Option<&Mou>,
        new: &Mou,
        options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        let new_signatories = old.is_none_or(|old| rules::signatory_ids(old) != rules::signatory_ids(new));
        let looks_new = new_signatories || old.is_none_or(|old| Self::index(old) != Self::index(new));
        if looks_new && !options.confirm_distinct {
            check_duplicates(conn, caller, new)?;
        }
        if !new_signatories {
            return Ok(Vec::new());
        }
        check_signatories(conn, new)
    }
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
    let own = Mous::index(mou);
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
