//! The rows that follow from a document: links, tags, codes, unique values, search text, index columns.
//!
//! They are computed from the document alone, for the old and the new version; a write then touches only what differs.
//! `verify` computes them again and compares.

use crate::db::Conn;
use crate::db::schema::{record_codes, record_keys, record_links, record_tags, search_text};
use crate::documents::common::Document;
use crate::documents::kind::Kind;
use crate::documents::schema_walk::Reference;
use crate::error::Result;
use crate::values::text::fold;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// A row of `record_links`: relation, target, role, whether it gives sight.
pub type Link = (String, String, String, bool);

/// All rows that follow from one document.
#[derive(Debug, PartialEq)]
pub struct Rows<I> {
    /// Every reference, and again with each role.
    pub links: BTreeSet<Link>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// (list, code).
    pub codes: BTreeSet<(String, String)>,
    /// (name, value) of values that only one record may have.
    pub keys: BTreeSet<(String, String)>,
    /// Folded text.
    pub search: String,
    /// Index columns.
    pub index: I,
}

/// Computes the rows of a document from its references and itself.
pub fn derive_rows<K: Kind>(references: &[Reference], document: &K::Document) -> Rows<K::Index> {
    let link = |relation: &str, target: String, role: String| {
        (relation.to_owned(), target, role, K::SIGHT.contains(&relation))
    };
    let mut links: BTreeSet<Link> = references
        .iter()
        .map(|reference| link(&reference.relation, reference.target.clone(), String::new()))
        .collect();
    links.extend(
        K::role_links(document)
            .into_iter()
            .map(|role_link| link(role_link.relation, role_link.target_id, role_link.role)),
    );
    let mut texts: Vec<String> = K::search_texts(document).iter().map(|text| fold(text)).collect();
    texts.sort_unstable();
    texts.dedup();
    Rows {
        links,
        tags: document.common().tags.clone(),
        codes: K::codes(document)
            .into_iter()
            .map(|(name, code)| (name.to_owned(), code))
            .collect(),
        keys: K::unique_keys(document)
            .into_iter()
            .map(|key| (key.name.to_owned(), key.value))
            .collect(),
        search: texts.join("\n"),
        index: K::index(document),
    }
}

/// Writes what differs between the rows of the old and the new version.
pub fn write_rows<K: Kind>(
    conn: &mut Conn,
    id: &str,
    old: Option<&Rows<K::Index>>,
    new: &Rows<K::Index>,
) -> Result<()> {
    let nothing = BTreeSet::new();
    write_links(conn, id, old.map_or(&nothing, |rows| &rows.links), &new.links)?;
    write_tags(conn, id, old.map_or(&BTreeSet::new(), |rows| &rows.tags), &new.tags)?;
    write_pairs(
        conn,
        id,
        old.map_or(&BTreeSet::new(), |rows| &rows.codes),
        &new.codes,
        Pairs::Codes,
    )?;
    write_pairs(
        conn,
        id,
        old.map_or(&BTreeSet::new(), |rows| &rows.keys),
        &new.keys,
        Pairs::Keys,
    )?;
    match old {
        None => {
            diesel::insert_into(search_text::table)
                .values((search_text::record_id.eq(id), search_text::folded.eq(&new.search)))
                .execute(conn)?;
            K::insert_index(conn, &new.index)
        }
        Some(old) => {
            if old.search != new.search {
                diesel::update(search_text::table.find(id))
                    .set(search_text::folded.eq(&new.search))
                    .execute(conn)?;
            }
            if old.index == new.index {
                Ok(())
            } else {
                K::update_index(conn, &new.index)
            }
        }
    }
}

/// Takes the rows of a deleted record away. Its links stay: they tell who may see the tombstone.
pub fn delete_rows<K: Kind>(conn: &mut Conn, id: &str) -> Result<()> {
    diesel::delete(record_tags::table.filter(record_tags::record_id.eq(id))).execute(conn)?;
    diesel::delete(record_codes::table.filter(record_codes::record_id.eq(id))).execute(conn)?;
    diesel::delete(record_keys::table.filter(record_keys::record_id.eq(id))).execute(conn)?;
    diesel::delete(search_text::table.find(id)).execute(conn)?;
    K::delete_index(conn, id)
}

/// The stored rows of a record, for verification.
pub fn load_rows<K: Kind>(conn: &mut Conn, id: &str) -> Result<Option<Rows<K::Index>>> {
    let Some(index) = K::load_index(conn, id)? else {
        return Ok(None);
    };
    let links: Vec<Link> = record_links::table
        .filter(record_links::record_id.eq(id))
        .select((
            record_links::relation,
            record_links::target_id,
            record_links::role,
            record_links::gives_sight,
        ))
        .load(conn)?;
    let tags: Vec<String> = record_tags::table
        .filter(record_tags::record_id.eq(id))
        .select(record_tags::tag)
        .load(conn)?;
    let codes: Vec<(String, String)> = record_codes::table
        .filter(record_codes::record_id.eq(id))
        .select((record_codes::name, record_codes::code))
        .load(conn)?;
    let keys: Vec<(String, String)> = record_keys::table
        .filter(record_keys::record_id.eq(id))
        .select((record_keys::name, record_keys::value))
        .load(conn)?;
    let search: Vec<String> = search_text::table
        .filter(search_text::record_id.eq(id))
        .select(search_text::folded)
        .load(conn)?;
    Ok(Some(Rows {
        links: links.into_iter().collect(),
        tags: tags.into_iter().collect(),
        codes: codes.into_iter().collect(),
        keys: keys.into_iter().collect(),
        search: search.into_iter().next().unwrap_or_default(),
        index,
    }))
}

fn write_links(conn: &mut Conn, id: &str, old: &BTreeSet<Link>, new: &BTreeSet<Link>) -> Result<()> {
    for (relation, target, role, _) in old.difference(new) {
        diesel::delete(record_links::table.find((id, relation, target, role))).execute(conn)?;
    }
    for (relation, target, role, gives_sight) in new.difference(old) {
        diesel::insert_into(record_links::table)
            .values((
                record_links::record_id.eq(id),
                record_links::relation.eq(relation),
                record_links::target_id.eq(target),
                record_links::role.eq(role),
                record_links::gives_sight.eq(gives_sight),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn write_tags(conn: &mut Conn, id: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<()> {
    for tag in old.difference(new) {
        diesel::delete(record_tags::table.find((id, tag))).execute(conn)?;
    }
    for tag in new.difference(old) {
        diesel::insert_into(record_tags::table)
            .values((record_tags::record_id.eq(id), record_tags::tag.eq(tag)))
            .execute(conn)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Pairs {
    Codes,
    Keys,
}

fn write_pairs(
    conn: &mut Conn,
    id: &str,
    old: &BTreeSet<(String, String)>,
    new: &BTreeSet<(String, String)>,
    pairs: Pairs,
) -> Result<()> {
    for (name, value) in old.difference(new) {
        match pairs {
            Pairs::Codes => diesel::delete(record_codes::table.find((id, name, value))).execute(conn)?,
            Pairs::Keys => {
                diesel::delete(record_keys::table.filter(record_keys::name.eq(name).and(record_keys::value.eq(value))))
                    .execute(conn)?
            }
        };
    }
    for (name, value) in new.difference(old) {
        match pairs {
            Pairs::Codes => diesel::insert_into(record_codes::table)
                .values((
                    record_codes::record_id.eq(id),
                    record_codes::name.eq(name),
                    record_codes::code.eq(value),
                ))
                .execute(conn)?,
            Pairs::Keys => diesel::insert_into(record_keys::table)
                .values((
                    record_keys::name.eq(name),
                    record_keys::value.eq(value),
                    record_keys::record_id.eq(id),
                ))
                .execute(conn)?,
        };
    }
    Ok(())
}
