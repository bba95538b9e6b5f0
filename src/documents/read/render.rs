//! Documents on their way out: what a caller may not read is withheld, flat texts of one language are added, embedded
//! records are found. Without any of these the stored text goes out as it stands.

use crate::auth::access::{SightColumns, SightRow, Standing, visible_to};
use crate::auth::{Guard, Reading};
use crate::db::StoredDocument;
use crate::db::schema::{record_links, records};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::office_aliases::find_merged;
use crate::error::{Error, Result};
use crate::http::tag::{body_tag, version_tag};
use crate::list::answer::raw_json;
use crate::list::spec::ExpandSpec;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// How a caller gets documents of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Renderer<'a> {
    /// The kind.
    pub contract: &'a Contract,
    /// The language of flat texts.
    pub language: Option<&'a str>,
}

/// A document as a caller gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// The JSON text.
    pub text: String,
    /// Is this the stored text as it stands? Otherwise something of this answer makes its bytes differ: the format,
    /// the language, what is withheld from the caller.
    pub is_plain: bool,
}

impl RecordView {
    /// The entity tag: of the version alone where the stored text goes out as it stands.
    pub fn tag(&self, version: i64) -> String {
        if self.is_plain {
            version_tag(version)
        } else {
            body_tag(Some(version), &self.text)
        }
    }
}

impl RecordView {
    /// The text with the tag as the member `etag`: a record beside others has no header of its own.
    pub fn into_embedded(self, version: i64) -> Result<Box<RawValue>> {
        let tag = serde_json::to_string(&self.tag(version)).map_err(Error::internal)?;
        let open = self
            .text
            .strip_suffix('}')
            .ok_or_else(|| Error::internal("a stored document is no object"))?;
        raw_json(format!("{open},\"etag\":{tag}}}"))
    }
}

impl Renderer<'_> {
    /// The current document as this caller gets it.
    pub fn render(&self, reading: &mut Reading<'_>, row: SightRow<'_>, document: StoredDocument) -> Result<RecordView> {
        let view = self.suppress(reading, row, document, None)?;
        self.add_language(view)
    }

    /// The current documents of several records as this caller gets them, in their order. How the caller stands to them
    /// is asked for all at once, and only where that matters.
    pub fn render_many(
        &self,
        reading: &mut Reading<'_>,
        records: Vec<(SightRow<'_>, StoredDocument)>,
    ) -> Result<Vec<RecordView>> {
        let rows: Vec<SightRow<'_>> = records.iter().map(|(row, _)| *row).collect();
        let standings = self.standings(reading, &rows)?;
        records
            .into_iter()
            .zip(standings)
            .map(|((row, document), standing)| {
                let view = self.suppress_for(reading, (row, standing), document, None)?;
                self.add_language(view)
            })
            .collect()
    }

    /// How the caller stands to these records, as far as that changes what it gets of them.
    fn standings(&self, reading: &mut Reading<'_>, rows: &[SightRow<'_>]) -> Result<Vec<Standing>> {
        if self.contract.suppresses() {
            reading.caller.viewer().standing_many(reading.conn, rows)
        } else {
            Ok(vec![Standing::Owner; rows.len()])
        }
    }

    /// A version in today's format, without what this caller may not read; `current` is the head's document where the
    /// version is another.
    pub fn suppress(
        &self,
        reading: &mut Reading<'_>,
        row: SightRow<'_>,
        document: StoredDocument,
        current: Option<&StoredDocument>,
    ) -> Result<RecordView> {
        let standing = self.standings(reading, &[row])?;
        let standing = standing.first().copied().unwrap_or(Standing::Other);
        self.suppress_for(reading, (row, standing), document, current)
    }

    /// The same, where it is known how the caller stands to the record.
    pub fn suppress_for(
        &self,
        reading: &mut Reading<'_>,
        (row, standing): (SightRow<'_>, Standing),
        document: StoredDocument,
        current: Option<&StoredDocument>,
    ) -> Result<RecordView> {
        if row.audience.is_restricted() {
            reading.record_read(row.id);
        }
        let plain = RecordView {
            is_plain: self.contract.is_current(&document),
            text: self.contract.current_text(document)?,
        };
        let Some(suppress) = self.contract.suppression_for(standing) else {
            return Ok(plain);
        };
        let version: Value = serde_json::from_str(&plain.text).map_err(Error::internal)?;
        let current = current.map(|head| self.contract.current_value(head)).transpose()?;
        let shown = suppress(&version, current.as_ref().unwrap_or(&version));
        if shown == version {
            return Ok(plain);
        }
        Ok(RecordView {
            text: serde_json::to_string(&shown).map_err(Error::internal)?,
            is_plain: false,
        })
    }

    /// Adds the flat texts that `lang` asks for.
    pub fn add_language(&self, view: RecordView) -> Result<RecordView> {
        let Some(language) = self.language else {
            return Ok(view);
        };
        let mut document: Value = serde_json::from_str(&view.text).map_err(Error::internal)?;
        let original = document
            .get("original_language")
            .and_then(Value::as_str)
            .map(str::to_owned);
        self.contract
            .walk
            .add_language_members(&mut document, language, original.as_deref());
        Ok(RecordView {
            text: serde_json::to_string(&document).map_err(Error::internal)?,
            is_plain: false,
        })
    }
}

/// Loads what `expand` asks for: every record that the given ones refer to by these members, that the caller sees and
/// whose kind its scopes let it read. What it may not read is left out like what it does not see.
pub fn load_expanded(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    ids: &[String],
    expand: &[&ExpandSpec],
    language: Option<&str>,
) -> Result<Option<BTreeMap<String, Box<RawValue>>>> {
    if expand.is_empty() {
        return Ok(None);
    }
    let relations: Vec<&str> = expand.iter().flat_map(|spec| spec.relations).copied().collect();
    let mut targets: Vec<String> = record_links::table
        .filter(record_links::record_id.eq_any(ids))
        .filter(record_links::relation.eq_any(relations))
        .select(record_links::target_id)
        .distinct()
        .load(reading.conn)?;
    targets.sort_unstable();
    let kinds = contracts.readable_names(reading.caller);
    let mut expanded = BTreeMap::new();
    for chunk in targets.chunks(500) {
        expanded.extend(present_visible(reading, contracts, chunk, &kinds, language)?);
    }
    embed_survivors(reading, contracts, (&targets, &kinds), language, &mut expanded)?;
    Ok(Some(expanded))
}

/// Under the id of an office that was merged, the one that it has become, where the caller sees the tombstone, too.
fn embed_survivors(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    (targets, kinds): (&[String], &[&str]),
    language: Option<&str>,
    expanded: &mut BTreeMap<String, Box<RawValue>>,
) -> Result<()> {
    let missing: Vec<&str> = targets
        .iter()
        .filter(|id| !expanded.contains_key(*id))
        .map(String::as_str)
        .collect();
    let merged = find_merged(reading.conn, reading.caller, &missing)?;
    let survivors: BTreeSet<String> = merged.iter().map(|(_, survivor)| survivor.clone()).collect();
    let survivors: Vec<String> = survivors.into_iter().collect();
    for chunk in survivors.chunks(500) {
        for (id, text) in present_visible(reading, contracts, chunk, kinds, language)? {
            for (merged, _) in merged.iter().filter(|(_, survivor)| *survivor == id) {
                expanded.insert(merged.clone(), text.clone());
            }
        }
    }
    Ok(())
}

/// Those of these records that the caller may read, as it gets them.
fn present_visible(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    ids: &[String],
    kinds: &[&str],
    language: Option<&str>,
) -> Result<Vec<(String, Box<RawValue>)>> {
    let mut view = Vec::new();
    let mut of_kinds: BTreeMap<String, Vec<Visible>> = BTreeMap::new();
    for found in load_visible(reading, ids, kinds)? {
        of_kinds.entry(found.kind.clone()).or_default().push(found);
    }
    for (kind, found) in &mut of_kinds {
        let renderer = Renderer {
            contract: contracts.by_name(kind)?,
            language,
        };
        let documents: Vec<StoredDocument> = found.iter_mut().map(|row| std::mem::take(&mut row.document)).collect();
        let records = found.iter().map(|row| row.sight.row()).zip(documents).collect();
        for (row, record) in found.iter().zip(renderer.render_many(reading, records)?) {
            view.push((row.sight.id.clone(), record.into_embedded(row.version)?));
        }
    }
    Ok(view)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = records)]
struct Visible {
    #[diesel(embed)]
    sight: SightColumns,
    kind: String,
    version: i64,
    #[diesel(embed)]
    document: StoredDocument,
}

fn load_visible(reading: &mut Reading<'_>, ids: &[String], kinds: &[&str]) -> Result<Vec<Visible>> {
    let mut query = records::table
        .filter(records::id.eq_any(ids))
        .filter(records::kind.eq_any(kinds))
        .filter(records::deleted_at.is_null())
        .select(Visible::as_select())
        .into_boxed::<crate::db::Backend>();
    if let Some(office) = reading.caller.viewer().limited_by(Guard::VisibleInExpansions) {
        query = query.filter(visible_to(office));
    }
    Ok(query.load(reading.conn)?)
}
