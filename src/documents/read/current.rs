//! The current version of a record, as far as the caller may see it.

use crate::auth::access::versions::VersionSight;
use crate::auth::access::{Audience, SightRow, Standing, rules};
use crate::auth::{Caller, Guard};
use crate::db::schema::{records, revisions};
use crate::db::{Conn, StoredDocument, StoredVersion};
use crate::documents::derivation::{DERIVATION_OF_SIGHT, reindexing};
use crate::documents::office_aliases;
use crate::error::{Code, Error, Result};
use crate::texts;
use diesel::{OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// The current version of a record: its row of `records`.
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

/// The head of a record that is known to be there, whoever sees it.
pub fn load_head(conn: &mut Conn, id: &str) -> Result<CurrentRecord> {
    let head = records::table.find(id).select(CurrentRecord::as_select());
    Ok(head.first(conn)?)
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
        Err(Error::new(Code::NotYourPart, texts::access::not_your_record()))
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
    Error::new(Code::RecordDeleted, texts::documents::deleted_at(deleted_at)).with_member("deleted_at", deleted_at)
}
