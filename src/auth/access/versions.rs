//! Sight of past versions of a record.
//!
//! A version is seen by the registry and by today's owner (all of them), by the owner's units where its audience
//! includes them, and else by those who could see it when it was written: everyone, or the offices that *that* version
//! named by a member that gives sight, with today's units, parents and survivors. All of them must see the head too,
//! which is decided before this is asked.

use super::sql::is_related;
use super::{Audience, CHUNK, SightRow, Standing, Viewer};
use crate::auth::switches::{Guard, is_on};
use crate::db::Conn;
use crate::db::schema::sight_spans;
use crate::error::{Error, Result};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// Which versions of one record a viewer may see, given that it sees the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionSight {
    standing: Standing,
    /// First and last version of each span in which an office related to the viewer was named.
    spans: Vec<(i64, i64)>,
    guard: Guard,
}

impl VersionSight {
    /// True if the viewer may see the version with this number and audience.
    pub fn sees(&self, version: i64, audience: Audience) -> bool {
        let standing = match self.standing {
            near @ (Standing::Owner | Standing::UnitOfOwner) => near,
            _ if self.names(version) => Standing::Partner,
            _ => Standing::Other,
        };
        standing.sees(audience) || !is_on(self.guard)
    }

    /// True if the viewer may see the head, which has this audience.
    pub fn sees_head(&self, audience: Audience) -> bool {
        self.standing.sees(audience) || !is_on(self.guard)
    }

    /// How the viewer stands to the record of today.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    fn names(&self, version: i64) -> bool {
        self.spans
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&version))
    }
}

impl Viewer<'_> {
    /// The sight of the versions of one record.
    pub fn version_sight(self, conn: &mut Conn, guard: Guard, row: SightRow<'_>) -> Result<VersionSight> {
        let mut sights = self.version_sights(conn, guard, &[row])?;
        sights
            .pop()
            .ok_or_else(|| Error::internal("a record without a standing"))
    }

    /// The sight of the versions of each of these records, in their order; at most four statements for 500 of them.
    /// `guard` names the rule that this is.
    pub fn version_sights(self, conn: &mut Conn, guard: Guard, rows: &[SightRow<'_>]) -> Result<Vec<VersionSight>> {
        let standings = self.standing_many(conn, rows)?;
        let far: Vec<&str> = rows
            .iter()
            .zip(&standings)
            .filter(|(_, standing)| **standing < Standing::UnitOfOwner)
            .map(|(row, _)| row.id)
            .collect();
        let mut spans: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
        if let Self::Office(office) = self {
            for chunk in far.chunks(CHUNK) {
                let found: Vec<(String, i64, i64)> = sight_spans::table
                    .filter(sight_spans::record_id.eq_any(chunk))
                    .filter(is_related(sight_spans::office_id, office))
                    .select((
                        sight_spans::record_id,
                        sight_spans::first_version,
                        sight_spans::last_version,
                    ))
                    .load(conn)?;
                for (record, first, last) in found {
                    spans.entry(record).or_default().push((first, last));
                }
            }
        }
        Ok(rows
            .iter()
            .zip(standings)
            .map(|(row, standing)| VersionSight {
                standing,
                spans: spans.get(row.id).cloned().unwrap_or_default(),
                guard,
            })
            .collect())
    }
}
