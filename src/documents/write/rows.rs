//! The rows that follow from a document: links, tags, codes, unique values, search text, index columns.
//!
//! They are computed from the document alone, for the old and the new version; a write then touches only what differs.
//! Where the rows are of an older [`derivation`](crate::documents::derivation) the write compares with those that are
//! stored, and so brings them up to date. `verify` computes them again and compares.

use crate::db::Conn;
use crate::db::schema::{record_codes, record_keys, record_links, record_tags, search_text};
use crate::documents::common::Document;
use crate::documents::kind::Kind;
use crate::error::Result;
use crate::list::index_row::IndexRow;
use crate::schema::walk::Reference;
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

/// The rows that a record has before a write: what its old version gives, or what is stored.
#[derive(Debug, Clone, Copy)]
pub struct RowsBefore<'a, I> {
    links: &'a BTreeSet<Link>,
    tags: &'a BTreeSet<String>,
    codes: &'a BTreeSet<(String, String)>,
    keys: &'a BTreeSet<(String, String)>,
    search: Option<&'a str>,
    index: Option<&'a I>,
}

impl<'a, I> RowsBefore<'a, I> {
    /// Rows that were derived by today's derivation, which are those that are stored.
    pub fn derived(rows: &'a Rows<I>) -> Self {
        Self {
            links: &rows.links,
            tags: &rows.tags,
            codes: &rows.codes,
            keys: &rows.keys,
            search: Some(&rows.search),
            index: Some(&rows.index),
        }
    }

    /// Rows as they are stored, whatever made them.
    pub fn stored(rows: &'a StoredRows<I>) -> Self {
        Self {
            links: &rows.links,
            tags: &rows.tags,
            codes: &rows.codes,
            keys: &rows.keys,
            search: rows.search.as_deref(),
            index: rows.index.as_ref(),
        }
    }
}

/// Writes the rows of a new record.
pub fn insert_rows<K: Kind>(conn: &mut Conn, id: &str, new: &Rows<K::Index>) -> Result<()> {
    write_rows::<K>(conn, id, &RowsBefore::stored(&StoredRows::default()), new)
}

/// Writes what differs between the rows before and the new ones.
pub fn write_rows<K: Kind>(
    conn: &mut Conn,
    id: &str,
    old: &RowsBefore<'_, K::Index>,
    new: &Rows<K::Index>,
) -> Result<()> {
    write_links(conn, id, old.links, &new.links)?;
    write_tags(conn, id, old.tags, &new.tags)?;
    write_pairs(conn, id, old.codes, &new.codes, Pairs::Codes)?;
    write_pairs(conn, id, old.keys, &new.keys, Pairs::Keys)?;
    match old.search {
        Some(text) if text == new.search => {}
        Some(_) => {
            diesel::update(search_text::table.find(id))
                .set(search_text::folded.eq(&new.search))
                .execute(conn)?;
        }
        None => {
            diesel::insert_into(search_text::table)
                .values((search_text::record_id.eq(id), search_text::folded.eq(&new.search)))
                .execute(conn)?;
        }
    }
    match old.index {
        Some(index) if *index == new.index => Ok(()),
        Some(_) => new.index.update(conn),
        None => new.index.insert(conn),
    }
}

/// Writes the links alone, of a deleted record.
pub fn write_links(conn: &mut Conn, id: &str, old: &BTreeSet<Link>, new: &BTreeSet<Link>) -> Result<()> {
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

/// Takes the rows of a deleted record away. Its links stay: they decide who may see the tombstone.
pub fn delete_rows<K: Kind>(conn: &mut Conn, id: &str) -> Result<()> {
    diesel::delete(record_tags::table.filter(record_tags::record_id.eq(id))).execute(conn)?;
    diesel::delete(record_codes::table.filter(record_codes::record_id.eq(id))).execute(conn)?;
    diesel::delete(record_keys::table.filter(record_keys::record_id.eq(id))).execute(conn)?;
    diesel::delete(search_text::table.find(id)).execute(conn)?;
    K::Index::delete(conn, id)
}

/// The rows of a record as they are stored, by whatever derivation. Some may be missing where rows were damaged.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRows<I> {
    /// As in [`Rows`].
    pub links: BTreeSet<Link>,
    /// As in [`Rows`].
    pub tags: BTreeSet<String>,
    /// As in [`Rows`].
    pub codes: BTreeSet<(String, String)>,
    /// As in [`Rows`].
    pub keys: BTreeSet<(String, String)>,
    /// Folded text, if there is a row.
    pub search: Option<String>,
    /// Index columns, if there is a row.
    pub index: Option<I>,
}

impl<I> Default for StoredRows<I> {
    fn default() -> Self {
        Self {
            links: BTreeSet::new(),
            tags: BTreeSet::new(),
            codes: BTreeSet::new(),
            keys: BTreeSet::new(),
            search: None,
            index: None,
        }
    }
}

impl<I> StoredRows<I> {
    /// Are there rows beside the links, which outlive a record?
    pub fn has_more_than_links(&self) -> bool {
        !(self.tags.is_empty() && self.codes.is_empty() && self.keys.is_empty())
            || self.search.is_some()
            || self.index.is_some()
    }
}

/// The stored rows of a record.
pub fn load_rows<K: Kind>(conn: &mut Conn, id: &str) -> Result<StoredRows<K::Index>> {
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
    Ok(StoredRows {
        links: links.into_iter().collect(),
        tags: tags.into_iter().collect(),
        codes: codes.into_iter().collect(),
        keys: keys.into_iter().collect(),
        search: search.into_iter().next(),
        index: K::Index::load(conn, id)?,
    })
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
            // The value may be another record's, to which this one lost it (see `reindex`).
            Pairs::Keys => diesel::delete(
                record_keys::table
                    .filter(record_keys::name.eq(name).and(record_keys::value.eq(value)))
                    .filter(record_keys::record_id.eq(id)),
            )
            .execute(conn)?,
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
