//! Heads: the current version of a record, as far as the caller may see it; and the way from any id to one.

use crate::auth::access::versions::VersionSight;
use crate::auth::access::{Audience, SightRow, Standing, rules};
use crate::auth::{Caller, Guard, Reading};
use crate::db::schema::{records, revisions};
use crate::db::{Conn, StoredDocument, StoredVersion};
use crate::documents::derivation::{DERIVATION_OF_SIGHT, reindexing};
use crate::documents::external;
use crate::documents::kind::Kind;
use crate::documents::office_aliases;
use crate::documents::write::body::Resolved;
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use crate::values::id::{ExternalReference, is_id};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// The head of a record.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct CurrentRecord {
    /// Record id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Current version.
    pub version: i64,
    /// The office that owns it.
    pub owner_office_id: String,
    /// Who may see it.
    pub audience: Audience,
    /// When it was deleted.
    pub deleted_at: Option<String>,
    /// The document as it is stored.
    #[diesel(embed)]
    pub document: StoredDocument,
    /// The derivation that made its rows.
    pub derivation: i32,
}

impl CurrentRecord {
    /// What a decision about sight needs of it.
    pub fn sight_row(&self) -> SightRow<'_> {
        SightRow {
            id: &self.id,
            owner_office_id: &self.owner_office_id,
            audience: self.audience,
        }
    }

    /// The same for a version of the record, shown beside the head: restricted where either is.
    pub fn sight_row_with(&self, version: Audience) -> SightRow<'_> {
        SightRow {
            audience: self.audience.max(version),
            ..self.sight_row()
        }
    }
}

/// As much of a head as a decision about sight needs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct SightHead {
    /// Record id.
    pub id: String,
    /// The office that owns it.
    pub owner_office_id: String,
    /// Who may see it.
    pub audience: Audience,
    /// When it was deleted.
    pub deleted_at: Option<String>,
}

impl SightHead {
    /// What a decision about sight needs of it.
    pub fn sight_row(&self) -> SightRow<'_> {
        SightRow {
            id: &self.id,
            owner_office_id: &self.owner_office_id,
            audience: self.audience,
        }
    }
}

/// The heads of these records, at most 500, that there are.
pub fn load_sight(conn: &mut Conn, ids: &[&str]) -> Result<Vec<SightHead>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(records::table
        .filter(records::id.eq_any(ids))
        .select(SightHead::as_select())
        .load(conn)?)
}

/// A head together with what the caller is to it.
#[derive(Debug, Clone)]
pub struct VisibleRecord {
    /// The head.
    pub head: CurrentRecord,
    /// How the caller stands to the record; only found out where it matters.
    pub standing: Option<Standing>,
}

impl VisibleRecord {
    /// The standing, found out if need be.
    pub fn standing(&self, conn: &mut Conn, caller: &Caller) -> Result<Standing> {
        match self.standing {
            Some(standing) => Ok(standing),
            None => caller.viewer().standing(conn, self.head.sight_row()),
        }
    }

    /// Which versions of the record the caller may see.
    ///
    /// # Errors
    /// See [`Self::require_sight_of_past`].
    fn version_sight(&self, conn: &mut Conn, caller: &Caller) -> Result<VersionSight> {
        self.require_sight_of_past(conn, caller)?;
        caller
            .viewer()
            .version_sight(conn, Guard::VisibleRevisions, self.head.sight_row())
    }

    /// No statement for a record whose rows are of today.
    ///
    /// # Errors
    /// 503 `reindexing` where what the caller sees of past versions follows from whom they named, and that is not yet
    /// known.
    pub fn require_sight_of_past(&self, conn: &mut Conn, caller: &Caller) -> Result<()> {
        if self.head.derivation >= DERIVATION_OF_SIGHT || self.standing(conn, caller)? >= Standing::UnitOfOwner {
            return Ok(());
        }
        Err(reindexing())
    }

    /// The stored document of a version that the caller may see, and who else may; none for a deletion, for a version
    /// that never was, and for one that is hidden from the caller.
    pub fn find_version(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        version: i64,
    ) -> Result<Option<(Audience, StoredDocument)>> {
        let row: Option<(Audience, StoredVersion)> = revisions::table
            .find((&self.head.id, version))
            .select((revisions::audience, StoredVersion::as_select()))
            .first(conn)
            .optional()?;
        let found = row.and_then(|(audience, stored)| Some((audience, stored.into_document()?)));
        match found {
            Some((audience, document)) if self.sees_version(conn, caller, version, audience)? => {
                Ok(Some((audience, document)))
            }
            _ => Ok(None),
        }
    }

    /// True if the caller may see the version with this number and audience. Who sees the head sees its version.
    pub fn sees_version(&self, conn: &mut Conn, caller: &Caller, version: i64, audience: Audience) -> Result<bool> {
        Ok(audience == Audience::Everyone
            || version == self.head.version
            || self.version_sight(conn, caller)?.sees(version, audience))
    }
}

/// The head of a record that the caller may see, living or deleted; 404 otherwise, the same for hidden and absent.
pub fn find_seen(conn: &mut Conn, caller: &Caller, kind: &str, id: &str) -> Result<VisibleRecord> {
    let head: Option<CurrentRecord> = records::table
        .find(id)
        .select(CurrentRecord::as_select())
        .first(conn)
        .optional()?;
    let Some(head) = head.filter(|head| head.kind == kind) else {
        return Err(Error::record_not_found().concerning(id));
    };
    let viewer = caller.viewer();
    if viewer.is_registry() || !head.audience.is_restricted() {
        return Ok(VisibleRecord {
            head,
            standing: viewer.is_registry().then_some(Standing::Owner),
        });
    }
    let standing = viewer.standing(conn, head.sight_row())?;
    if rules::may_read(standing, head.audience) {
        Ok(VisibleRecord {
            head,
            standing: Some(standing),
        })
    } else if rules::hides_like_absent() {
        Err(Error::record_not_found().concerning(id))
    } else {
        Err(Error::new(Code::NotYourPart, "Your office may not see this record."))
    }
}

/// The same, living only: 410 for a deleted record, 409 for one that was merged into another.
pub fn find_living(conn: &mut Conn, caller: &Caller, kind: &str, id: &str) -> Result<VisibleRecord> {
    let seen = find_seen(conn, caller, kind, id)?;
    match &seen.head.deleted_at {
        None => Ok(seen),
        Some(at) => match office_aliases::find_survivor(conn, caller, id)? {
            Some(_) if !rules::is_merged_over() => Ok(seen),
            Some(survivor) => Err(office_aliases::refuse_merged(&survivor)),
            None => Err(gone(at)),
        },
    }
}

/// The 410 of a deleted record.
pub fn gone(deleted_at: &str) -> Error {
    Error::new(Code::RecordDeleted, format!("The record was deleted at {deleted_at}."))
        .with_member("deleted_at", deleted_at)
}

/// An id of a path: of this kind, or an `ext:` reference of the caller.
#[derive(Debug, Clone)]
pub enum Address {
    /// The record's id.
    Id(String),
    /// The caller's own id for it.
    External(ExternalReference),
}

/// Reads the id of a path; 400 when it is of another kind.
pub fn read_address<K: Kind>(text: &str) -> Result<Address> {
    if is_id(K::PREFIX, text) {
        return Ok(Address::Id(text.to_owned()));
    }
    if let Some(external) = ExternalReference::parse(text) {
        return Ok(Address::External(external));
    }
    Err(Error::new(
        Code::InvalidId,
        format!(
            "'{text}' is not the id of one of the {}: {}_ and 26 characters, or ext:{{system}}:{{key}}.",
            K::PLURAL,
            K::PREFIX
        ),
    ))
}

/// The record id that an address means.
pub fn resolve_address(reading: &mut Reading<'_>, kind: &str, address: &Address) -> Result<String> {
    match address {
        Address::Id(id) => Ok(id.clone()),
        Address::External(external) => {
            find_external(reading.conn, reading.caller, kind, external)?.ok_or_else(Error::record_not_found)
        }
    }
}

/// The record that the caller's office knows by this key.
pub fn find_external(
    conn: &mut Conn,
    caller: &Caller,
    kind: &str,
    external: &ExternalReference,
) -> Result<Option<String>> {
    external::find(conn, caller.office_id.as_deref(), kind, external)
}

/// What the `ext:` references of a body stand for. Those that stand for nothing are reported with their pointers.
pub fn resolve_external(
    conn: &mut Conn,
    caller: &Caller,
    references: &[(String, String, ExternalReference)],
) -> Result<(Resolved, Vec<Finding>)> {
    let mut resolved = Resolved::new();
    let mut findings = Vec::new();
    for (pointer, prefix, external) in references {
        let text = format!("ext:{}:{}", external.system, external.key);
        let key = (prefix.clone(), text);
        if resolved.contains_key(&key) {
            continue;
        }
        let kind = kind_of_prefix(prefix);
        match find_external(conn, caller, kind, external)? {
            Some(id) => {
                resolved.insert(key, id);
            }
            None => findings.push(unknown_reference(pointer, &key.1)),
        }
    }
    Ok((resolved, findings))
}

/// The kind whose ids have this prefix.
pub fn kind_of_prefix(prefix: &str) -> &'static str {
    match prefix {
        "off" => "office",
        "pol" => "policy",
        "mou" => "mou",
        "prg" => "program",
        _ => "",
    }
}

/// A reference to something that does not exist, or not for this caller; which of the two is not told.
pub fn unknown_reference(pointer: &str, target: &str) -> Finding {
    Finding::at(
        pointer,
        "unknown-reference",
        format!("There is no record '{target}' that you may refer to."),
    )
}
