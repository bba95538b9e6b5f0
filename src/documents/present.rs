//! Documents on their way out: what a caller may not read is withheld, flat texts of one language are added, embedded
//! records are found. Without any of these the stored text goes out as it stands.

use crate::auth::access::find_standing;
use crate::auth::{Caller, Guard, Reading, is_on};
use crate::db::schema::{record_links, records};
use crate::documents::contract::{Contract, Contracts};
use crate::documents::merged::find_merged;
use crate::error::{Error, Result};
use crate::http::tag::{body_tag, version_tag};
use crate::list::answer::raw;
use crate::list::spec::ExpandSpec;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// How a caller gets documents of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Presenter<'a> {
    /// The kind.
    pub contract: &'a Contract,
    /// The language of flat texts.
    pub language: Option<&'a str>,
}

/// A record on its way to a caller.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Record id.
    pub id: &'a str,
    /// The office that owns it.
    pub owner_office_id: &'a str,
    /// Is it, or the version that is shown, not for everybody? Then it is logged that it was shown.
    pub is_restricted: bool,
}

/// How documents of a kind are withheld: the version, the current one.
pub type Withholding = fn(&Value, &Value) -> Value;

impl Presenter<'_> {
    /// The entity tag of a presented body: of the version alone where every caller gets the stored text as it stands.
    pub fn tag(&self, version: i64, body: &str) -> String {
        if self.language.is_none() && !self.contract.withholds() {
            version_tag(version)
        } else {
            body_tag(Some(version), body)
        }
    }

    /// The current document as this caller gets it.
    pub fn present(&self, reading: &mut Reading<'_>, shown: Shown<'_>, text: String) -> Result<String> {
        let text = self.withhold(reading, shown, text, None)?;
        self.add_language(text)
    }

    /// A version without what this caller may not read; `current` is the head's text where the version is another.
    pub fn withhold(
        &self,
        reading: &mut Reading<'_>,
        shown: Shown<'_>,
        text: String,
        current: Option<&str>,
    ) -> Result<String> {
        if shown.is_restricted {
            reading.disclose(shown.id);
        }
        if !self.contract.withholds() {
            return Ok(text);
        }
        let standing = find_standing(reading.conn, reading.caller, shown.id, shown.owner_office_id)?;
        let Some(withhold) = self.contract.withholding_from(standing) else {
            return Ok(text);
        };
        let version: Value = serde_json::from_str(&text).map_err(Error::internal)?;
        let current: Option<Value> = current.map(serde_json::from_str).transpose().map_err(Error::internal)?;
        let shown = withhold(&version, current.as_ref().unwrap_or(&version));
        if shown == version {
            Ok(text)
        } else {
            serde_json::to_string(&shown).map_err(Error::internal)
        }
    }

    /// Adds the flat texts that `lang` asks for.
    pub fn add_language(&self, text: String) -> Result<String> {
        let Some(language) = self.language else {
            return Ok(text);
        };
        let mut document: Value = serde_json::from_str(&text).map_err(Error::internal)?;
        let original = document
            .get("original_language")
            .and_then(Value::as_str)
            .map(str::to_owned);
        self.contract
            .walk
            .add_language_members(&mut document, language, original.as_deref());
        serde_json::to_string(&document).map_err(Error::internal)
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
    let missing: Vec<&String> = targets.iter().filter(|id| !expanded.contains_key(*id)).collect();
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
    load_visible(reading, ids, kinds)?
        .into_iter()
        .map(|(id, kind, owner, text, is_restricted)| {
            let presenter = Presenter {
                contract: contracts.by_name(&kind)?,
                language,
            };
            let shown = Shown {
                id: &id,
                owner_office_id: &owner,
                is_restricted,
            };
            let text = presenter.present(reading, shown, text)?;
            Ok((id, raw(text)?))
        })
        .collect()
}

type Visible = (String, String, String, String, bool);

fn load_visible(reading: &mut Reading<'_>, ids: &[String], kinds: &[&str]) -> Result<Vec<Visible>> {
    let caller: &Caller = reading.caller;
    let mut query = records::table
        .filter(records::id.eq_any(ids))
        .filter(records::kind.eq_any(kinds))
        .filter(records::deleted_at.is_null())
        .select((
            records::id,
            records::kind,
            records::owner_office_id,
            records::document,
            records::audience.ne("everyone"),
        ))
        .into_boxed::<crate::db::Backend>();
    if let Some(office) = caller.office_id.as_deref()
        && is_on(Guard::VisibleInExpansions)
    {
        query = query.filter(crate::visible_to!(office));
    }
    Ok(query.load(reading.conn)?)
}
